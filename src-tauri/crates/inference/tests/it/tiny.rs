//! A Qwen2 model of one small layer with random weights and a byte-level tokenizer, written as a GGUF
//! file by hand: this crate knows nothing of candle.

use std::path::Path;

const HIDDEN: usize = 32;
const FEED: usize = 64;
const KV: usize = 16;
const SPECIALS: [&str; 6] =
    ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"];

// Types of values and tensors in GGUF.
const U32: u32 = 4;
const I32: u32 = 5;
const F32: u32 = 6;
const STRING: u32 = 8;
const ARRAY: u32 = 9;
const TENSOR_F32: u32 = 0;
const ALIGNMENT: usize = 32;

/// Writes the model.
pub fn write(path: &Path) {
    let tokens: Vec<String> =
        (0..=255).map(|b| byte_to_char(b).to_string()).chain(SPECIALS.map(String::from)).collect();
    let types: Vec<i32> = (0..tokens.len()).map(|id| if id < 256 { 1 } else { 3 }).collect();
    let mut metadata = Metadata::default();
    metadata.string("general.architecture", "qwen2");
    for (key, value) in [
        ("qwen2.attention.head_count", 2),
        ("qwen2.attention.head_count_kv", 1),
        ("qwen2.embedding_length", HIDDEN as u32),
        ("qwen2.context_length", 100_000),
        ("qwen2.block_count", 1),
        ("tokenizer.ggml.eos_token_id", 258),
    ] {
        metadata.head(key, U32);
        metadata.bytes.extend(value.to_le_bytes());
    }
    metadata.head("qwen2.attention.layer_norm_rms_epsilon", F32);
    metadata.bytes.extend(1e-6f32.to_le_bytes());
    metadata.string("tokenizer.ggml.model", "gpt2");
    metadata.string("tokenizer.ggml.pre", "qwen2");
    metadata.array("tokenizer.ggml.merges", STRING, 0);
    metadata.array("tokenizer.ggml.token_type", I32, types.len());
    metadata.bytes.extend(types.iter().flat_map(|t| t.to_le_bytes()));
    metadata.array("tokenizer.ggml.tokens", STRING, tokens.len());
    tokens.iter().for_each(|token| put_string(&mut metadata.bytes, token));

    let rows = tokens.len();
    let tensors: [(&str, &[usize]); 15] = [
        ("token_embd.weight", &[rows, HIDDEN]),
        ("output.weight", &[rows, HIDDEN]),
        ("output_norm.weight", &[HIDDEN]),
        ("blk.0.attn_q.weight", &[HIDDEN, HIDDEN]),
        ("blk.0.attn_k.weight", &[KV, HIDDEN]),
        ("blk.0.attn_v.weight", &[KV, HIDDEN]),
        ("blk.0.attn_q.bias", &[HIDDEN]),
        ("blk.0.attn_k.bias", &[KV]),
        ("blk.0.attn_v.bias", &[KV]),
        ("blk.0.attn_output.weight", &[HIDDEN, HIDDEN]),
        ("blk.0.attn_norm.weight", &[HIDDEN]),
        ("blk.0.ffn_norm.weight", &[HIDDEN]),
        ("blk.0.ffn_gate.weight", &[FEED, HIDDEN]),
        ("blk.0.ffn_up.weight", &[FEED, HIDDEN]),
        ("blk.0.ffn_down.weight", &[HIDDEN, FEED]),
    ];
    let mut infos = Vec::new();
    let mut data = Vec::new();
    let mut state = 7u64;
    for (name, dims) in tensors {
        put_string(&mut infos, name);
        infos.extend((dims.len() as u32).to_le_bytes());
        // GGUF names the fastest dimension first.
        infos.extend(dims.iter().rev().flat_map(|&dim| (dim as u64).to_le_bytes()));
        infos.extend(TENSOR_F32.to_le_bytes());
        infos.extend((data.len() as u64).to_le_bytes());
        for _ in 0..dims.iter().product::<usize>() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let unit = (state >> 40) as f32 / (1u64 << 24) as f32;
            data.extend((unit - 0.5).to_le_bytes());
        }
        pad(&mut data);
    }

    let mut file = b"GGUF".to_vec();
    file.extend(3u32.to_le_bytes());
    file.extend((tensors.len() as u64).to_le_bytes());
    file.extend(metadata.count.to_le_bytes());
    file.extend(metadata.bytes);
    file.extend(infos);
    pad(&mut file);
    file.extend(data);
    std::fs::write(path, file).unwrap();
}

#[derive(Default)]
struct Metadata {
    count: u64,
    bytes: Vec<u8>,
}

impl Metadata {
    fn head(&mut self, key: &str, kind: u32) {
        self.count += 1;
        put_string(&mut self.bytes, key);
        self.bytes.extend(kind.to_le_bytes());
    }

    fn string(&mut self, key: &str, value: &str) {
        self.head(key, STRING);
        put_string(&mut self.bytes, value);
    }

    fn array(&mut self, key: &str, kind: u32, length: usize) {
        self.head(key, ARRAY);
        self.bytes.extend(kind.to_le_bytes());
        self.bytes.extend((length as u64).to_le_bytes());
    }
}

fn put_string(to: &mut Vec<u8>, text: &str) {
    to.extend((text.len() as u64).to_le_bytes());
    to.extend(text.as_bytes());
}

fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
}

/// The byte-level alphabet: printable Latin-1 stands for itself, the rest for U+0100 and on.
fn byte_to_char(byte: u8) -> char {
    let printable = |b: u8| matches!(b, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    if printable(byte) {
        return char::from(byte);
    }
    char::from_u32(0x100 + (0..byte).filter(|&b| !printable(b)).count() as u32).unwrap()
}
