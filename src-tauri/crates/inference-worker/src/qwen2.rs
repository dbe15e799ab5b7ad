//! The forward pass of Qwen2 from quantized GGUF weights, with keys and values kept in one buffer a
//! layer.
//!
//! candle's own `quantized_qwen2` copies its whole cache for every token and cannot step back. Here
//! a [`Memory`] is written in place and [`Memory::truncate`] forgets a tail, so that a prompt which
//! shares its beginning with the one before costs only its difference; and a model has as many memories
//! as it has conversations. A test holds the two equal.

use std::fs::File;
use std::sync::Arc;

use candle_core::quantized::gguf_file::Content;
use candle_core::quantized::{QMatMul, QTensor};
use candle_core::{D, DType, Device, Module, Tensor};
use candle_transformers::quantized_nn::RmsNorm;

use crate::control::{Control, Failure};
use crate::shape::Shape;

struct Projection {
    weight: QMatMul,
    bias: Tensor,
}

impl Projection {
    fn forward(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        self.weight.forward(x)?.broadcast_add(&self.bias)
    }
}

struct Layer {
    attention_norm: RmsNorm,
    query: Projection,
    key: Projection,
    value: Projection,
    attention_out: QMatMul,
    feed_norm: RmsNorm,
    gate: QMatMul,
    up: QMatMul,
    down: QMatMul,
}

/// Keys and values of the positions that one conversation has computed.
pub struct Memory {
    /// By layer, `[kv_heads, context, head_dim]`; rows at and beyond the length are leftovers.
    layers: Vec<(Tensor, Tensor)>,
    length: usize,
}

impl Memory {
    /// Positions computed so far.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Forgets all positions from `length` on.
    pub fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }
}

/// A loaded model.
pub struct Qwen2 {
    shape: Shape,
    embeddings: QMatMul,
    layers: Vec<Layer>,
    norm: RmsNorm,
    head: QMatMul,
    /// `[context, head_dim / 2]`.
    cos: Tensor,
    sin: Tensor,
    context: usize,
}

impl Qwen2 {
    /// Reads the weights. `context` bounds prompt and answer together; more than the model was
    /// trained for is cut to that.
    pub fn load(content: &Content, file: &mut File, context: usize) -> Result<Self, Failure> {
        let shape = Shape::read(content)?;
        let context = context.clamp(1, shape.trained_context);
        let device = Device::Cpu;
        let tensor = |file: &mut File, name: &str, dims: &[usize]| -> Result<QTensor, Failure> {
            let found = content
                .tensor(file, name, &device)
                .map_err(|e| Failure::model(format!("The model file lacks tensor {name}: {e}")))?;
            if found.shape().dims() != dims {
                return Err(Failure::model(format!(
                    "Tensor {name} of the model file has shape {:?}, not {dims:?}",
                    found.shape().dims()
                )));
            }
            Ok(found)
        };
        let Shape { hidden, vocabulary, heads, kv_heads, head_dim, .. } = shape;
        let attention = heads * head_dim;
        let kv = kv_heads * head_dim;
        let feed = content
            .tensor_infos
            .get("blk.0.ffn_gate.weight")
            .and_then(|info| info.shape.dims().first().copied())
            .ok_or_else(|| Failure::model("The model file lacks tensor blk.0.ffn_gate.weight"))?;

        // Tied weights are one tensor in memory, too.
        let token_embeddings = Arc::new(tensor(file, "token_embd.weight", &[vocabulary, hidden])?);
        let head = if content.tensor_infos.contains_key("output.weight") {
            QMatMul::from_qtensor(tensor(file, "output.weight", &[vocabulary, hidden])?)?
        } else {
            QMatMul::from_arc(token_embeddings.clone())?
        };
        let mut layers = Vec::with_capacity(shape.layers);
        for index in 0..shape.layers {
            let mut get = |name: &str, dims: &[usize]| tensor(file, &format!("blk.{index}.{name}"), dims);
            let mut projection = |name: &str, rows: usize| -> Result<Projection, Failure> {
                Ok(Projection {
                    weight: QMatMul::from_qtensor(get(&format!("{name}.weight"), &[rows, hidden])?)?,
                    bias: get(&format!("{name}.bias"), &[rows])?.dequantize(&device)?,
                })
            };
            let query = projection("attn_q", attention)?;
            let key = projection("attn_k", kv)?;
            let value = projection("attn_v", kv)?;
            let norm = |weight: QTensor| RmsNorm::from_qtensor(weight, shape.norm_epsilon);
            layers.push(Layer {
                query,
                key,
                value,
                attention_norm: norm(get("attn_norm.weight", &[hidden])?)?,
                attention_out: QMatMul::from_qtensor(get("attn_output.weight", &[hidden, attention])?)?,
                feed_norm: norm(get("ffn_norm.weight", &[hidden])?)?,
                gate: QMatMul::from_qtensor(get("ffn_gate.weight", &[feed, hidden])?)?,
                up: QMatMul::from_qtensor(get("ffn_up.weight", &[feed, hidden])?)?,
                down: QMatMul::from_qtensor(get("ffn_down.weight", &[hidden, feed])?)?,
            });
        }
        let norm = RmsNorm::from_qtensor(tensor(file, "output_norm.weight", &[hidden])?, shape.norm_epsilon)?;
        let (cos, sin) = rotations(head_dim, shape.rope_base, context, &device)?;
        Ok(Self {
            shape,
            embeddings: QMatMul::QTensor(token_embeddings),
            layers,
            norm,
            head,
            cos,
            sin,
            context,
        })
    }

    /// The memory of a new conversation.
    pub fn memory(&self) -> Result<Memory, Failure> {
        let Shape { kv_heads, head_dim, .. } = self.shape;
        // Zeroed pages cost no memory until they are written.
        let zeros = || Tensor::zeros((kv_heads, self.context, head_dim), DType::F32, &Device::Cpu);
        let layers =
            self.layers.iter().map(|_| Ok((zeros()?, zeros()?))).collect::<candle_core::Result<_>>()?;
        Ok(Memory { layers, length: 0 })
    }

    /// Tokens that fit, prompt and answer together.
    pub fn context(&self) -> usize {
        self.context
    }

    /// Width of a row of logits. May exceed the number of tokens: the weights are padded.
    pub fn vocabulary(&self) -> usize {
        self.shape.vocabulary
    }

    /// Appends `tokens` to `memory` and returns their hidden states, `[tokens, hidden]`, for
    /// [`Qwen2::logits`]. On error the memory is as long as before.
    pub fn forward(&self, memory: &mut Memory, tokens: &[u32], control: &Control) -> Result<Tensor, Failure> {
        let (count, start) = (tokens.len(), memory.length);
        let mask = if count > 1 { Some(causal_mask(count, start)?) } else { None };
        let cos = self.cos.narrow(0, start, count)?;
        let sin = self.sin.narrow(0, start, count)?;
        let mut x = self.embeddings.embedding(&Tensor::new(tokens, &Device::Cpu)?)?;
        for (layer, (keys, values)) in self.layers.iter().zip(&memory.layers) {
            // A whole chunk takes seconds on a slow machine; a cancel must not wait that long.
            control.check()?;
            let attended = layer.attend(
                &layer.attention_norm.forward(&x)?,
                &self.shape,
                (keys, values),
                start,
                (&cos, &sin),
                mask.as_ref(),
            )?;
            x = (x + attended)?;
            control.check()?;
            let normed = layer.feed_norm.forward(&x)?;
            let gated =
                (candle_nn::ops::silu(&layer.gate.forward(&normed)?)? * layer.up.forward(&normed)?)?;
            x = (x + layer.down.forward(&gated)?)?;
        }
        memory.length += count;
        Ok(self.norm.forward(&x)?)
    }

    /// Logits of rows of hidden states, `[rows, vocabulary]` flattened.
    pub fn logits(&self, hidden: &Tensor) -> Result<Vec<f32>, Failure> {
        Ok(self.head.forward(&hidden.contiguous()?)?.flatten_all()?.to_vec1()?)
    }
}

impl Layer {
    /// Attention of `x`, `[tokens, hidden]`, over everything up to and including itself.
    fn attend(
        &self,
        x: &Tensor,
        shape: &Shape,
        (keys, values): (&Tensor, &Tensor),
        start: usize,
        (cos, sin): (&Tensor, &Tensor),
        mask: Option<&Tensor>,
    ) -> candle_core::Result<Tensor> {
        let Shape { heads, kv_heads, head_dim, .. } = *shape;
        let count = x.dim(0)?;
        let split =
            |x: Tensor, heads: usize| x.reshape((1, count, heads, head_dim))?.transpose(1, 2)?.contiguous();
        let query = candle_nn::rotary_emb::rope(&split(self.query.forward(x)?, heads)?, cos, sin)?;
        let key = candle_nn::rotary_emb::rope(&split(self.key.forward(x)?, kv_heads)?, cos, sin)?;
        let value = split(self.value.forward(x)?, kv_heads)?;
        keys.slice_set(&key.squeeze(0)?, 1, start)?;
        values.slice_set(&value.squeeze(0)?, 1, start)?;
        let seen = start + count;
        let keys = keys.narrow(1, 0, seen)?;
        let values = values.narrow(1, 0, seen)?;

        // The query heads that share keys are stacked as rows of one matrix: nothing is repeated.
        let group = heads / kv_heads;
        let query =
            (query * (head_dim as f64).sqrt().recip())?.reshape((kv_heads, group * count, head_dim))?;
        let mut weights = query.matmul(&keys.transpose(1, 2)?)?;
        if let Some(mask) = mask {
            weights = weights.reshape((kv_heads, group, count, seen))?.broadcast_add(mask)?.reshape((
                kv_heads,
                group * count,
                seen,
            ))?;
        }
        let mixed = candle_nn::ops::softmax_last_dim(&weights)?.matmul(&values)?;
        let mixed = mixed.reshape((heads, count, head_dim))?.transpose(0, 1)?.contiguous()?;
        self.attention_out.forward(&mixed.reshape((count, heads * head_dim))?)
    }
}

/// Cosines and sines of the rotary embedding, each `[context, head_dim / 2]`.
fn rotations(
    head_dim: usize,
    base: f32,
    context: usize,
    device: &Device,
) -> candle_core::Result<(Tensor, Tensor)> {
    let speeds: Vec<f32> =
        (0..head_dim).step_by(2).map(|i| 1.0 / base.powf(i as f32 / head_dim as f32)).collect();
    let positions = Tensor::arange(0, context as u32, device)?.to_dtype(DType::F32)?.unsqueeze(1)?;
    let angles = positions.broadcast_mul(&Tensor::new(speeds, device)?.unsqueeze(0)?)?;
    debug_assert_eq!(angles.dim(D::Minus1)?, head_dim / 2);
    Ok((angles.cos()?, angles.sin()?))
}

/// `[count, start + count]`: 0 where a token may look, minus infinity at later tokens.
fn causal_mask(count: usize, start: usize) -> candle_core::Result<Tensor> {
    let seen = start + count;
    let mask: Vec<f32> = (0..count)
        .flat_map(|row| {
            (0..seen).map(move |column| if column > start + row { f32::NEG_INFINITY } else { 0.0 })
        })
        .collect();
    Tensor::from_vec(mask, (count, seen), &Device::Cpu)
}

#[cfg(test)]
mod tests {
    use candle_core::quantized::GgmlDType;
    use candle_transformers::models::quantized_qwen2::ModelWeights;

    use super::*;
    use crate::files::open_gguf;
    use crate::tiny;

    const TOKENS: [u32; 23] =
        [5, 80, 131, 7, 7, 200, 259, 3, 17, 90, 44, 260, 1, 33, 61, 250, 12, 128, 99, 100, 101, 4, 77];

    fn load(path: &std::path::Path) -> (Qwen2, Memory) {
        let (mut file, content) = open_gguf(path).unwrap();
        let model = Qwen2::load(&content, &mut file, 64).unwrap();
        let memory = model.memory().unwrap();
        (model, memory)
    }

    fn last_logits((model, memory): &mut (Qwen2, Memory), tokens: &[u32]) -> Vec<f32> {
        let hidden = model.forward(memory, tokens, &Control::new(0)).unwrap();
        model.logits(&hidden.narrow(0, tokens.len() - 1, 1).unwrap()).unwrap()
    }

    #[track_caller]
    fn assert_close(left: &[f32], right: &[f32], tolerance: f32, why: &str) {
        assert_eq!(left.len(), right.len());
        let worst = left.iter().zip(right).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        let spread = left.iter().fold(0f32, |m, x| m.max(x.abs()));
        assert!(worst <= tolerance * spread, "{why}: differs by {worst} where values reach {spread}");
    }

    #[test]
    fn it_computes_what_the_stock_model_computes() {
        // F32 weights show a wrong formula to the last digit; Q4_K and tied weights are what users run.
        for (dtype, tied, tolerance) in
            [(GgmlDType::F32, false, 1e-4), (GgmlDType::Q4K, false, 2e-3), (GgmlDType::Q4K, true, 2e-3)]
        {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("tiny.gguf");
            tiny::write(&path, dtype, tied);
            let mut ours = load(&path);
            let (mut file, content) = open_gguf(&path).unwrap();
            let mut stock = ModelWeights::from_gguf(content, &mut file, &Device::Cpu).unwrap();

            let prompt = Tensor::new(&TOKENS[..20], &Device::Cpu).unwrap().unsqueeze(0).unwrap();
            let expected = stock.forward(&prompt, 0).unwrap().flatten_all().unwrap().to_vec1().unwrap();
            let found = last_logits(&mut ours, &TOKENS[..20]);
            assert_close(&expected, &found, tolerance, &format!("prompt, {dtype:?}, tied {tied}"));
            for position in 20..23 {
                let token =
                    Tensor::new(&TOKENS[position..=position], &Device::Cpu).unwrap().unsqueeze(0).unwrap();
                let expected =
                    stock.forward(&token, position).unwrap().flatten_all().unwrap().to_vec1().unwrap();
                let found = last_logits(&mut ours, &TOKENS[position..=position]);
                assert_close(&expected, &found, tolerance, &format!("decoding at {position}, {dtype:?}"));
            }
        }
    }

    #[test]
    fn chunks_and_a_step_back_change_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tiny.gguf");
        tiny::write(&path, GgmlDType::F32, false);
        let mut whole = load(&path);
        let expected = last_logits(&mut whole, &TOKENS);

        let mut pieces = load(&path);
        last_logits(&mut pieces, &TOKENS[..9]);
        last_logits(&mut pieces, &TOKENS[9..10]);
        let found = last_logits(&mut pieces, &TOKENS[10..]);
        assert_close(&expected, &found, 1e-4, "a prompt in chunks is the same prompt");

        // Another ending first, then back: leftovers beyond the length must have no effect.
        let mut detour = load(&path);
        last_logits(&mut detour, &TOKENS[..12]);
        last_logits(&mut detour, &[9; 30]);
        detour.1.truncate(12);
        let found = last_logits(&mut detour, &TOKENS[12..]);
        assert_close(&expected, &found, 1e-4, "a reused prefix must not remember the other ending");
        assert_eq!(detour.1.length(), TOKENS.len());
    }

    #[test]
    fn conversations_do_not_hear_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tiny.gguf");
        tiny::write(&path, GgmlDType::F32, false);
        let expected = last_logits(&mut load(&path), &TOKENS);
        let (model, mut first) = load(&path);
        let mut second = model.memory().unwrap();
        model.forward(&mut first, &TOKENS[..9], &Control::new(0)).unwrap();
        model.forward(&mut second, &[9; 30], &Control::new(0)).unwrap();
        let found = last_logits(&mut (model, first), &TOKENS[9..]);
        assert_close(&expected, &found, 1e-4, "what was said in another conversation must not be heard");
    }

    #[test]
    fn a_cancelled_pass_leaves_the_model_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tiny.gguf");
        tiny::write(&path, GgmlDType::F32, false);
        let mut model = load(&path);
        last_logits(&mut model, &TOKENS[..5]);
        let cancelled = Control::new(0);
        cancelled.cancel();
        let (weights, memory) = &mut model;
        assert!(weights.forward(memory, &TOKENS[5..], &cancelled).is_err());
        assert_eq!(memory.length(), 5, "half-written positions must not count");
        let expected = last_logits(&mut load(&path), &TOKENS);
        assert_close(&expected, &last_logits(&mut model, &TOKENS[5..]), 1e-4, "and can go on");
    }
}
