//! A look at model files before a parser trusts them. The core has compared checksums; this is for
//! files that changed since (see `gguf.rs`).

use std::fs::File;
use std::path::Path;

use candle_core::quantized::gguf_file::Content;

use crate::control::Failure;
use crate::gguf;

/// Largest JSON header of a safetensors file that is believed; real ones are a few hundred kilobytes.
const MAX_SAFETENSORS_HEADER: u64 = 64 << 20;

/// Opens a GGUF file and reads its header. Every tensor lies inside the file afterwards.
pub fn open_gguf(path: &Path) -> Result<(File, Content), Failure> {
    let damaged = |why: String| {
        Failure::model(format!("{} is damaged: {why}. Download the model again.", path.display()))
    };
    let mut file = File::open(path).map_err(|e| {
        Failure::model(format!("{} cannot be opened: {e}. Download the model.", path.display()))
    })?;
    let content = gguf::read(&mut file).map_err(damaged)?;
    Ok((file, content))
}

/// Reads a whole safetensors file after a look at the length of its header.
pub fn read_safetensors(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = read(path)?;
    let header = bytes.first_chunk::<8>().map(|length| u64::from_le_bytes(*length));
    match header {
        Some(length) if length <= MAX_SAFETENSORS_HEADER && length + 8 <= bytes.len() as u64 => Ok(bytes),
        _ => Err(Failure::model(format!(
            "{} is damaged: it does not begin as a safetensors file. Download the model again.",
            path.display()
        ))),
    }
}

/// Reads a file that belongs to a model.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|e| {
        Failure::model(format!("{} cannot be read: {e}. Download the model again.", path.display()))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use candle_core::quantized::GgmlDType;

    use super::*;
    use crate::sample::Random;
    use crate::tiny;

    #[test]
    fn a_changed_head_is_refused_or_read_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("tiny.gguf");
        tiny::write(&path, GgmlDType::Q8_0, true);
        let (_, whole) = open_gguf(&path).expect("a model that nobody changed");
        let bytes = std::fs::read(&path).expect("the file is there");
        let head = usize::try_from(whole.tensor_data_offset).expect("a small file");
        let mut random = Random::new(8);
        let mut below = |most: usize| (random.next_unit() * most as f64) as usize;
        let mut refused = 0;
        for _ in 0..3000 {
            let mut changed = bytes[..head + below(bytes.len() - head)].to_vec();
            for _ in 0..=below(3) {
                let at = below(head);
                // Lengths and counts are what hurts: their highest bytes too.
                changed[at] = [0, 1, 0x7f, 0xff, below(256) as u8][below(5)];
            }
            let Ok(content) = gguf::read(&mut Cursor::new(&changed)) else {
                refused += 1;
                continue;
            };
            let inside = |offset: u64| content.tensor_data_offset + offset <= changed.len() as u64;
            let all = content.tensor_infos.values().all(|info| inside(info.offset));
            assert!(all, "a tensor outside the file is memory of nobody");
        }
        assert!(refused > 1000, "most damage is noticed: {refused}");
    }
}
