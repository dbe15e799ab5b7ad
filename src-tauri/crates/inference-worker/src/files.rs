//! A look at model files before a parser trusts them. The core has compared checksums; this is for
//! files that changed since, and for the size arithmetic that candle leaves unchecked.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use candle_core::quantized::gguf_file::Content;

use crate::control::Failure;

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
    let size = file.metadata().map_err(|e| damaged(e.to_string()))?.len();
    let mut magic = [0; 4];
    file.read_exact(&mut magic).map_err(|_| damaged(format!("it has {size} bytes")))?;
    if magic != *b"GGUF" {
        return Err(damaged("it does not begin as a GGUF file".into()));
    }
    file.rewind().map_err(|e| damaged(e.to_string()))?;
    let content = Content::read(&mut file).map_err(|e| damaged(e.to_string()))?;
    for (name, info) in &content.tensor_infos {
        let elements = info.shape.dims().iter().try_fold(1usize, |product, &dim| product.checked_mul(dim));
        let end = elements
            .map(|n| n / info.ggml_dtype.block_size())
            .and_then(|blocks| blocks.checked_mul(info.ggml_dtype.type_size()))
            .and_then(|bytes| content.tensor_data_offset.checked_add(info.offset)?.checked_add(bytes as u64));
        if end.is_none_or(|end| end > size) {
            return Err(damaged(format!("tensor {name} does not lie inside its {size} bytes")));
        }
    }
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
