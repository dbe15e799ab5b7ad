//! For tests: a Qwen2 model of two layers with random weights and a byte-level tokenizer, as a GGUF
//! file. Large enough for every code path, small enough to be written in milliseconds.

use std::fs::File;
use std::path::Path;

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};

use crate::sample::Random;
use crate::vocabulary::byte_to_char;

/// Multiples of 256, the block of Q4_K.
const HIDDEN: usize = 256;
const FEED: usize = 512;
const KV: usize = 128;
/// More rows than tokens, as in the real model.
pub const VOCABULARY: usize = 288;

pub const SPECIALS: [&str; 6] =
    ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"];

/// 256 single bytes, one merge (`{"`), then the control tokens.
pub fn tokens() -> Vec<String> {
    let mut tokens: Vec<String> = (0..=255).map(|byte| byte_to_char(byte).to_string()).collect();
    tokens.push("{\"".into());
    tokens.extend(SPECIALS.map(String::from));
    tokens
}

/// Writes the model; with `tied`, the output weights are the embeddings.
pub fn write(path: &Path, dtype: GgmlDType, tied: bool) {
    let mut random = Random::new(42);
    let mut tensors: Vec<(String, QTensor)> = Vec::new();
    let mut add = |name: String, dims: &[usize], dtype: GgmlDType, around: f32, scale: f32| {
        let values: Vec<f32> = (0..dims.iter().product::<usize>())
            .map(|_| around + scale * (random.next_unit() as f32 * 2.0 - 1.0))
            .collect();
        let tensor = Tensor::from_vec(values, dims, &Device::Cpu).unwrap();
        tensors.push((name, QTensor::quantize(&tensor, dtype).unwrap()));
    };
    let weight = 0.15;
    add("token_embd.weight".into(), &[VOCABULARY, HIDDEN], dtype, 0.0, 1.0);
    if !tied {
        add("output.weight".into(), &[VOCABULARY, HIDDEN], dtype, 0.0, weight);
    }
    add("output_norm.weight".into(), &[HIDDEN], GgmlDType::F32, 1.0, 0.2);
    for layer in 0..2 {
        let name = |part: &str| format!("blk.{layer}.{part}");
        for (part, rows) in [("attn_q", HIDDEN), ("attn_k", KV), ("attn_v", KV)] {
            add(name(&format!("{part}.weight")), &[rows, HIDDEN], dtype, 0.0, weight);
            add(name(&format!("{part}.bias")), &[rows], GgmlDType::F32, 0.0, 0.5);
        }
        add(name("attn_output.weight"), &[HIDDEN, HIDDEN], dtype, 0.0, weight);
        add(name("attn_norm.weight"), &[HIDDEN], GgmlDType::F32, 1.0, 0.2);
        add(name("ffn_norm.weight"), &[HIDDEN], GgmlDType::F32, 1.0, 0.2);
        add(name("ffn_gate.weight"), &[FEED, HIDDEN], dtype, 0.0, weight);
        add(name("ffn_up.weight"), &[FEED, HIDDEN], dtype, 0.0, weight);
        add(name("ffn_down.weight"), &[HIDDEN, FEED], dtype, 0.0, weight);
    }

    let tokens = tokens();
    let first_special = tokens.len() - SPECIALS.len();
    let types = (0..tokens.len()).map(|i| Value::I32(if i < first_special { 1 } else { 3 })).collect();
    let metadata: Vec<(&str, Value)> = vec![
        ("general.architecture", Value::String("qwen2".into())),
        ("qwen2.attention.head_count", Value::U32(4)),
        ("qwen2.attention.head_count_kv", Value::U32(2)),
        ("qwen2.embedding_length", Value::U32(HIDDEN as u32)),
        ("qwen2.context_length", Value::U32(2048)),
        ("qwen2.block_count", Value::U32(2)),
        ("qwen2.attention.layer_norm_rms_epsilon", Value::F32(1e-6)),
        ("qwen2.rope.freq_base", Value::F32(1e6)),
        ("tokenizer.ggml.model", Value::String("gpt2".into())),
        ("tokenizer.ggml.pre", Value::String("qwen2".into())),
        ("tokenizer.ggml.merges", Value::Array(vec![Value::String("{ \"".into())])),
        ("tokenizer.ggml.token_type", Value::Array(types)),
        ("tokenizer.ggml.eos_token_id", Value::U32(first_special as u32 + 2)),
        ("tokenizer.ggml.tokens", Value::Array(tokens.into_iter().map(Value::String).collect())),
    ];
    let metadata: Vec<_> = metadata.iter().map(|(key, value)| (*key, value)).collect();
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    gguf_file::write(&mut File::create(path).unwrap(), &metadata, &tensors).unwrap();
}
