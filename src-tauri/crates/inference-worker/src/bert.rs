//! The forward pass of BERT, for texts of different length in one pass without padding.
//!
//! candle's own `bert` pads every text of a batch to the longest, adds a mask, and applies `erf` and
//! softmax a number at a time on one thread. Here the tokens of all texts are the rows of one matrix, attention is taken text by
//! text, and what lies between two products is one pass over the rows on all threads. A test holds the
//! two equal.

use std::f32::consts::{FRAC_1_SQRT_2, LOG2_E};

use candle_core::{CpuStorage, InplaceOp1, InplaceOp2, Layout, Result, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{Config, HiddenAct};
use rayon::prelude::*;

/// A loaded model.
pub struct Bert {
    /// `[words, hidden]`.
    words: Tensor,
    /// `[positions, hidden]`, with the vector of the first token type added: there is only one here.
    positions: Tensor,
    norm: AddNorm,
    layers: Vec<Layer>,
    heads: usize,
}

struct Layer {
    /// Query, key and value in one product.
    qkv: Linear,
    attention_out: Linear,
    attention_norm: AddNorm,
    intermediate: Linear,
    out: Linear,
    out_norm: AddNorm,
}

struct Linear {
    /// `[inputs, outputs]`, transposed as a view.
    weight: Tensor,
    bias: Vec<f32>,
}

impl Bert {
    /// Reads the weights under the names that the reference implementation gives them.
    pub fn load(weights: VarBuilder, config: &Config) -> Result<Self> {
        if config.hidden_act != HiddenAct::Gelu {
            candle_core::bail!("this model's activation is {:?}; only gelu is known here", config.hidden_act);
        }
        let (hidden, heads) = (config.hidden_size, config.num_attention_heads);
        if heads == 0 || !hidden.is_multiple_of(heads) {
            candle_core::bail!("{hidden} numbers do not divide into {heads} heads");
        }
        let weights = if weights.contains_tensor("bert.embeddings.word_embeddings.weight") {
            weights.pp("bert")
        } else {
            weights
        };
        let epsilon = config.layer_norm_eps as f32;
        let norm = |at: VarBuilder| AddNorm::load(&at, hidden, epsilon);
        let table = |name: &str, rows| weights.pp("embeddings").pp(name).get((rows, hidden), "weight");
        let types = table("token_type_embeddings", config.type_vocab_size)?;
        let positions = table("position_embeddings", config.max_position_embeddings)?;
        let layer = |index: usize| -> Result<Layer> {
            let at = weights.pp("encoder").pp("layer").pp(index);
            let attention = at.pp("attention");
            let parts = ["query", "key", "value"].map(|name| attention.pp("self").pp(name));
            Ok(Layer {
                qkv: Linear::load(&parts, hidden, hidden)?,
                attention_out: Linear::load(&[attention.pp("output").pp("dense")], hidden, hidden)?,
                attention_norm: norm(attention.pp("output").pp("LayerNorm"))?,
                intermediate: Linear::load(
                    &[at.pp("intermediate").pp("dense")],
                    hidden,
                    config.intermediate_size,
                )?,
                out: Linear::load(&[at.pp("output").pp("dense")], config.intermediate_size, hidden)?,
                out_norm: norm(at.pp("output").pp("LayerNorm"))?,
            })
        };
        Ok(Self {
            words: table("word_embeddings", config.vocab_size)?,
            positions: positions.broadcast_add(&types.narrow(0, 0, 1)?)?,
            norm: norm(weights.pp("embeddings").pp("LayerNorm"))?,
            layers: (0..config.num_hidden_layers).map(layer).collect::<Result<_>>()?,
            heads,
        })
    }

    /// The last layer's rows, `[tokens of all texts, hidden]`, in the order of the texts. None may be empty.
    pub fn forward(&self, texts: &[&[u32]]) -> Result<Tensor> {
        let device = self.words.device();
        let ids: Vec<u32> = texts.concat();
        let positions: Vec<u32> = texts.iter().flat_map(|ids| 0..ids.len() as u32).collect();
        let rows = |table: &Tensor, of: Vec<u32>| table.index_select(&Tensor::new(of, device)?, 0);
        let mut x = rows(&self.words, ids)?;
        x.inplace_op2(&rows(&self.positions, positions)?, &self.norm)?;
        let lengths: Vec<usize> = texts.iter().map(|ids| ids.len()).collect();
        for layer in &self.layers {
            let attended = self.attention(&layer.qkv.forward(&x)?, &lengths)?;
            let y = layer.attention_out.product(&attended)?;
            y.inplace_op2(&x, &layer.attention_norm.after(&layer.attention_out.bias))?;
            let inner = layer.intermediate.product(&y)?;
            inner.inplace_op1(&BiasGelu(&layer.intermediate.bias))?;
            x = layer.out.product(&inner)?;
            x.inplace_op2(&y, &layer.out_norm.after(&layer.out.bias))?;
        }
        Ok(x)
    }

    /// Attention of each text to itself. `qkv` is `[tokens, 3 * hidden]`.
    fn attention(&self, qkv: &Tensor, lengths: &[usize]) -> Result<Tensor> {
        let hidden = qkv.dim(1)? / 3;
        let head = hidden / self.heads;
        let scale = 1.0 / (head as f32).sqrt();
        let mut start = 0;
        let mut texts = Vec::with_capacity(lengths.len());
        for &length in lengths {
            let rows = qkv.narrow(0, start, length)?.reshape((length, 3, self.heads, head))?;
            // Views `[heads, length, head]` into the product: nothing is copied.
            let part = |index: usize| rows.narrow(1, index, 1)?.squeeze(1)?.transpose(0, 1);
            let scores = part(0)?.matmul(&part(1)?.transpose(1, 2)?)?;
            scores.inplace_op1(&Softmax { width: length, scale })?;
            let mixed = scores.matmul(&part(2)?)?;
            texts.push(mixed.transpose(0, 1)?.reshape((length, hidden))?);
            start += length;
        }
        Tensor::cat(&texts, 0)
    }
}

impl Linear {
    /// One product for several weights that are applied to the same rows.
    fn load(parts: &[VarBuilder], inputs: usize, outputs: usize) -> Result<Self> {
        let weights =
            parts.iter().map(|part| part.get((outputs, inputs), "weight")).collect::<Result<Vec<_>>>()?;
        let mut bias = Vec::with_capacity(parts.len() * outputs);
        for part in parts {
            bias.extend(part.get(outputs, "bias")?.to_vec1::<f32>()?);
        }
        Ok(Self { weight: Tensor::cat(&weights, 0)?.t()?, bias })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let y = self.product(x)?;
        y.inplace_op1(&Bias(&self.bias))?;
        Ok(y)
    }

    /// Without the bias, which the next pass over the rows adds.
    fn product(&self, x: &Tensor) -> Result<Tensor> {
        x.matmul(&self.weight)
    }
}

/// Numbers that one task of the thread pool works on: fewer cost more to hand over than to compute.
const PIECE: usize = 16_384;

/// What is done to whole rows, each for itself. `change` must be inlined: it is compiled once for each kind of
/// processor, and the plain build knows SSE2 only.
trait Rows: Sync {
    /// `from` is the first number's place in the matrix.
    fn change(&self, from: usize, values: &mut [f32]);
}

/// A run of rows for the processor that is there.
struct Run<'a, R> {
    of: &'a R,
    from: usize,
    values: &'a mut [f32],
}

impl<R: Rows> pulp::NullaryFnOnce for Run<'_, R> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.of.change(self.from, self.values);
    }
}

/// Changes all rows, on all threads.
fn each_rows(storage: &mut CpuStorage, layout: &Layout, of: &impl Rows) -> Result<()> {
    let width = layout.dims().last().copied().unwrap_or(1).max(1);
    let (Some((start, end)), CpuStorage::F32(values)) = (layout.contiguous_offsets(), storage) else {
        candle_core::bail!("rows of f32 one after the other are needed");
    };
    let piece = (PIECE / width).max(1) * width;
    let arch = pulp::Arch::new();
    values[start..end]
        .par_chunks_mut(piece)
        .enumerate()
        .for_each(|(index, values)| arch.dispatch(Run { of, from: index * piece, values }));
    Ok(())
}

/// `x + bias`.
struct Bias<'a>(&'a [f32]);

impl Rows for Bias<'_> {
    #[inline(always)]
    fn change(&self, _: usize, values: &mut [f32]) {
        for row in values.chunks_exact_mut(self.0.len()) {
            row.iter_mut().zip(self.0).for_each(|(x, bias)| *x += bias);
        }
    }
}

impl InplaceOp1 for Bias<'_> {
    fn name(&self) -> &'static str {
        "bias"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        each_rows(storage, layout, self)
    }
}

/// `gelu(x + bias)`.
struct BiasGelu<'a>(&'a [f32]);

impl Rows for BiasGelu<'_> {
    #[inline(always)]
    fn change(&self, _: usize, values: &mut [f32]) {
        for row in values.chunks_exact_mut(self.0.len()) {
            for (x, bias) in row.iter_mut().zip(self.0) {
                *x = gelu(*x + bias);
            }
        }
    }
}

impl InplaceOp1 for BiasGelu<'_> {
    fn name(&self) -> &'static str {
        "bias-gelu"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        each_rows(storage, layout, self)
    }
}

/// Numbers that are added or compared side by side: one at a time, each would wait for the one before.
const LANES: usize = 16;

/// `join` of `of` each number, in [`LANES`] sequences at once.
#[inline(always)]
fn fold(values: &[f32], start: f32, of: impl Fn(f32) -> f32, join: impl Fn(f32, f32) -> f32) -> f32 {
    let mut lanes = [start; LANES];
    let (whole, rest) = values.as_chunks::<LANES>();
    for chunk in whole {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane = join(*lane, of(x));
        }
    }
    let rest = rest.iter().fold(start, |so_far, &x| join(so_far, of(x)));
    lanes.into_iter().fold(rest, join)
}

/// The sum of `of` each number.
#[inline(always)]
fn total(values: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    fold(values, 0.0, of, |a, b| a + b)
}

/// Softmax of `scale * x` along each row.
struct Softmax {
    width: usize,
    scale: f32,
}

impl Rows for Softmax {
    #[inline(always)]
    fn change(&self, _: usize, values: &mut [f32]) {
        for row in values.chunks_exact_mut(self.width) {
            let most = fold(row, f32::NEG_INFINITY, |x| x, |a, b| if a > b { a } else { b });
            for x in row.iter_mut() {
                *x = exp((*x - most) * self.scale);
            }
            let share = 1.0 / total(row, |x| x);
            for x in row.iter_mut() {
                *x *= share;
            }
        }
    }
}

impl InplaceOp1 for Softmax {
    fn name(&self) -> &'static str {
        "scaled-softmax"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        each_rows(storage, layout, self)
    }
}

/// `norm(x + bias + residual)`, a layer's end.
struct AddNorm {
    weight: Vec<f32>,
    shift: Vec<f32>,
    epsilon: f32,
}

/// [`AddNorm`] with the residual's rows.
struct AddNormRows<'a> {
    norm: &'a AddNorm,
    residual: &'a [f32],
    bias: &'a [f32],
}

impl Rows for AddNormRows<'_> {
    #[inline(always)]
    fn change(&self, from: usize, values: &mut [f32]) {
        let AddNorm { weight, shift, epsilon } = self.norm;
        let width = weight.len();
        let residual = &self.residual[from..from + values.len()];
        for (row, residual) in values.chunks_exact_mut(width).zip(residual.chunks_exact(width)) {
            for (x, y) in row.iter_mut().zip(residual) {
                *x += y;
            }
            // Empty where nothing is to be added.
            for (x, bias) in row.iter_mut().zip(self.bias) {
                *x += bias;
            }
            let mean = total(row, |x| x) / width as f32;
            for x in row.iter_mut() {
                *x -= mean;
            }
            let spread = total(row, |x| x * x) / width as f32;
            let scale = 1.0 / (spread + epsilon).sqrt();
            for ((x, weight), shift) in row.iter_mut().zip(weight).zip(shift) {
                *x = *x * scale * weight + shift;
            }
        }
    }
}

impl AddNorm {
    fn load(at: &VarBuilder, hidden: usize, epsilon: f32) -> Result<Self> {
        let numbers = |name| at.get(hidden, name)?.to_vec1::<f32>();
        Ok(Self { weight: numbers("weight")?, shift: numbers("bias")?, epsilon })
    }

    fn after<'a>(&'a self, bias: &'a [f32]) -> AfterBias<'a> {
        AfterBias { norm: self, bias }
    }

    fn apply(
        &self,
        x: &mut CpuStorage,
        l1: &Layout,
        y: &CpuStorage,
        l2: &Layout,
        bias: &[f32],
    ) -> Result<()> {
        let (Some((start, end)), CpuStorage::F32(y)) = (l2.contiguous_offsets(), y) else {
            candle_core::bail!("rows of f32 one after the other are needed");
        };
        each_rows(x, l1, &AddNormRows { norm: self, residual: &y[start..end], bias })
    }
}

impl InplaceOp2 for AddNorm {
    fn name(&self) -> &'static str {
        "add-norm"
    }

    fn cpu_fwd(&self, x: &mut CpuStorage, l1: &Layout, y: &CpuStorage, l2: &Layout) -> Result<()> {
        self.apply(x, l1, y, l2, &[])
    }
}

struct AfterBias<'a> {
    norm: &'a AddNorm,
    bias: &'a [f32],
}

impl InplaceOp2 for AfterBias<'_> {
    fn name(&self) -> &'static str {
        "bias-add-norm"
    }

    fn cpu_fwd(&self, x: &mut CpuStorage, l1: &Layout, y: &CpuStorage, l2: &Layout) -> Result<()> {
        self.norm.apply(x, l1, y, l2, self.bias)
    }
}

/// `x / 2 * (1 + erf(x / √2))`; erf to 1.5e-7 by Abramowitz and Stegun 7.1.26.
#[inline(always)]
fn gelu(x: f32) -> f32 {
    let z = (x * FRAC_1_SQRT_2).abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let polynomial =
        t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_7 + t * (-1.453_152 + t * 1.061_405_4))));
    let erf = 1.0 - polynomial * exp(-z * z);
    0.5 * x * (1.0 + erf.copysign(x))
}

/// e to the power of `x`, to a few units in the last place between -87 and 88, as Cephes' `expf` does it. Without
/// a branch or a call, so that a loop over it becomes vector instructions.
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// Added to a small number, this leaves it rounded to a whole one in the low bits.
    const ROUNDER: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * LOG2_E + ROUNDER;
    let whole = shifted - ROUNDER;
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let tail = 0.166_666_65
        + rest * (4.166_579_6e-2 + rest * (8.333_452e-3 + rest * (1.398_2e-3 + rest * 1.987_569_1e-4)));
    let value = 1.0 + rest + rest * rest * (0.5 + rest * tail);
    value * f32::from_bits(shifted.to_bits().wrapping_add(127) << 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_are_what_they_are_called() {
        for i in -2_000..=2_000 {
            let x = i as f32 / 50.0;
            let expected = f64::from(x).exp();
            let relative = (f64::from(exp(x)) - expected).abs() / expected;
            assert!(relative < 1e-6, "exp({x}) is off by {relative}");
        }
        assert_eq!(exp(-1e9), exp(-87.0), "what is far below is as good as nothing, and a number");
        assert!(exp(f32::NAN).is_nan(), "a model that computes nonsense must not look sane");
        // Values of the normal distribution's table: gelu(x) = x * P(X <= x).
        for (x, expected) in [(0.0, 0.0), (1.0, 0.841_344_7), (-1.0, -0.158_655_3), (3.0, 2.995_950_3)] {
            let found = gelu(x);
            assert!((found - expected).abs() < 1e-6, "gelu({x}) is {found}");
        }
    }
}
