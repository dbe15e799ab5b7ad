//! The head of a GGUF file, read before anything of it is believed: the engine checks lengths against the size of the
//! file, and leaves the places of tensors unchecked.

use std::io::{Read, Seek, SeekFrom};

use candle_core::quantized::gguf_file::Content;

/// Reads the head. Every tensor lies inside the file afterwards. The error says what is wrong, in words that follow
/// "the file is damaged:".
pub fn read(file: &mut (impl Read + Seek)) -> Result<Content, String> {
    let size = file.seek(SeekFrom::End(0)).map_err(|error| error.to_string())?;
    file.rewind().map_err(|error| error.to_string())?;
    let mut magic = [0; 4];
    file.read_exact(&mut magic).map_err(|_| format!("it has {size} bytes"))?;
    if magic != *b"GGUF" {
        return Err("it does not begin as a GGUF file".to_owned());
    }
    file.rewind().map_err(|error| error.to_string())?;
    let content = Content::read(file).map_err(|error| error.to_string())?;
    for (name, info) in &content.tensor_infos {
        let elements = info.shape.dims().iter().try_fold(1usize, |product, &dim| product.checked_mul(dim));
        let end = elements
            .map(|n| n / info.ggml_dtype.block_size())
            .and_then(|blocks| blocks.checked_mul(info.ggml_dtype.type_size()))
            .and_then(|bytes| content.tensor_data_offset.checked_add(info.offset)?.checked_add(bytes as u64));
        if end.is_none_or(|end| end > size) {
            return Err(format!("tensor {name} does not lie inside its {size} bytes"));
        }
    }
    Ok(content)
}
