//! The sizes of a Qwen2 model, from the metadata of its GGUF file.

use candle_core::quantized::gguf_file::{Content, Value};

use crate::control::Failure;

/// The sizes a GGUF file states.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub layers: usize,
    pub heads: usize,
    /// Heads of keys and values; each serves `heads / kv_heads` query heads.
    pub kv_heads: usize,
    pub head_dim: usize,
    pub hidden: usize,
    pub vocabulary: usize,
    pub norm_epsilon: f64,
    pub rope_base: f32,
    pub trained_context: usize,
}

impl Shape {
    /// Reads the sizes and refuses what this worker cannot run.
    pub fn read(content: &Content) -> Result<Self, Failure> {
        let value = |key: &str| {
            content
                .metadata
                .get(key)
                .ok_or_else(|| Failure::model(format!("The model file does not state {key}")))
        };
        let count = |key: &str| -> Result<usize, Failure> {
            let found =
                value(key)?.to_u64().map_err(|e| Failure::model(format!("{key} of the model file: {e}")))?;
            if found == 0 || found > 1 << 24 {
                return Err(Failure::model(format!("The model file states {key} = {found}")));
            }
            Ok(found as usize)
        };
        let architecture = value("general.architecture")?;
        if !matches!(architecture, Value::String(name) if name == "qwen2") {
            return Err(Failure::model(format!(
                "The model's architecture is {architecture:?}; this version runs qwen2. Choose another model."
            )));
        }
        let heads = count("qwen2.attention.head_count")?;
        let kv_heads = count("qwen2.attention.head_count_kv")?;
        let hidden = count("qwen2.embedding_length")?;
        if !hidden.is_multiple_of(heads * 2) || !heads.is_multiple_of(kv_heads) {
            return Err(Failure::model(format!(
                "{heads} and {kv_heads} heads do not divide {hidden} evenly"
            )));
        }
        let float = |key: &str| value(key)?.to_f32().map_err(|e| Failure::model(format!("{key}: {e}")));
        let vocabulary = content
            .tensor_infos
            .get("token_embd.weight")
            .and_then(|info| info.shape.dims().first().copied())
            .ok_or_else(|| Failure::model("The model file lacks tensor token_embd.weight"))?;
        Ok(Self {
            layers: count("qwen2.block_count")?,
            heads,
            kv_heads,
            head_dim: hidden / heads,
            hidden,
            vocabulary,
            norm_epsilon: f64::from(float("qwen2.attention.layer_norm_rms_epsilon")?),
            rope_base: float("qwen2.rope.freq_base").unwrap_or(10_000.0),
            trained_context: count("qwen2.context_length")?,
        })
    }
}
