//! The embedding model (MiniLM, a BERT): texts to unit vectors.

use std::path::Path;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use internflow_protocol::{FailureKind, Output};
use tokenizers::{Tokenizer, TruncationParams};

use crate::control::{Control, Failure};
use crate::files;

/// Tokens of a text that count; the model was trained on 128 to 256.
const MAX_TOKENS: usize = 256;
/// Padded tokens in one pass: about a quarter of a second on two cores, the longest a cancel waits.
const BATCH_TOKENS: usize = 1024;

/// A loaded embedding model.
pub struct EmbedEngine {
    model: BertModel,
    tokenizer: Tokenizer,
    width: usize,
}

impl EmbedEngine {
    /// Reads `model.safetensors`, `tokenizer.json` and `config.json`.
    pub fn load(folder: &Path) -> Result<Self, Failure> {
        let damaged = |name: &str, why: &dyn std::fmt::Display| {
            let path = folder.join(name);
            Failure::model(format!("{} is damaged: {why}. Download the model again.", path.display()))
        };
        let config: Config = serde_json::from_slice(&files::read(&folder.join("config.json"))?)
            .map_err(|e| damaged("config.json", &e))?;
        let mut tokenizer = Tokenizer::from_bytes(files::read(&folder.join("tokenizer.json"))?)
            .map_err(|e| damaged("tokenizer.json", &e))?;
        let max_length = MAX_TOKENS.min(config.max_position_embeddings);
        tokenizer
            .with_truncation(Some(TruncationParams { max_length, ..Default::default() }))
            .map_err(|e| damaged("tokenizer.json", &e))?;
        tokenizer.with_padding(None);
        // "[SEP]" in a text is a word, not the end of the text.
        tokenizer.set_encode_special_tokens(true);
        let weights = files::read_safetensors(&folder.join("model.safetensors"))?;
        let weights = VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu)
            .map_err(|e| damaged("model.safetensors", &e))?;
        let model = BertModel::load(weights, &config).map_err(|e| damaged("model.safetensors", &e))?;
        Ok(Self { model, tokenizer, width: config.hidden_size })
    }

    /// Floats in a vector.
    pub fn width(&self) -> usize {
        self.width
    }

    /// One vector a text, of length 1; [`Output::Vectors`].
    pub fn embed(&self, texts: &[String], control: &Control) -> Result<Output, Failure> {
        let mut tokens: Vec<(usize, Vec<u32>)> = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().enumerate() {
            control.check()?;
            let encoding = self
                .tokenizer
                .encode_fast(text.as_str(), true)
                .map_err(|e| Failure::new(FailureKind::Internal, format!("A text cannot be tokenized: {e}")))?;
            tokens.push((index, encoding.get_ids().to_vec()));
        }
        // Texts of like length share a pass, so that little padding is computed.
        tokens.sort_by_key(|(_, ids)| ids.len());
        let mut vectors = vec![Vec::new(); texts.len()];
        let mut rest = tokens.as_slice();
        while !rest.is_empty() {
            control.check()?;
            // Sorted, so the last text of a batch is the longest.
            let fits = (1..=rest.len())
                .take_while(|&count| count == 1 || count * rest[count - 1].1.len() <= BATCH_TOKENS)
                .count();
            let (batch, later) = rest.split_at(fits);
            for ((index, _), vector) in batch.iter().zip(self.pass(batch)?) {
                if vector.iter().any(|x| !x.is_finite()) {
                    return Err(Failure::new(FailureKind::Internal, "A vector has parts that are not numbers."));
                }
                vectors[*index] = vector;
            }
            rest = later;
        }
        Ok(Output::Vectors { values: vectors })
    }

    /// Mean over each text's tokens of the model's last layer, scaled to length 1.
    fn pass(&self, batch: &[(usize, Vec<u32>)]) -> Result<Vec<Vec<f32>>, Failure> {
        let longest = batch.iter().map(|(_, ids)| ids.len()).max().unwrap_or(0);
        let padded = |value: fn(u32) -> u32| -> Vec<u32> {
            batch
                .iter()
                .flat_map(|(_, ids)| {
                    ids.iter().map(move |&id| value(id)).chain(std::iter::repeat_n(0, longest - ids.len()))
                })
                .collect()
        };
        let shape = (batch.len(), longest);
        let ids = Tensor::from_vec(padded(|id| id), shape, &Device::Cpu)?;
        let mask = Tensor::from_vec(padded(|_| 1), shape, &Device::Cpu)?;
        let hidden = self.model.forward(&ids, &ids.zeros_like()?, Some(&mask))?;
        let weights = mask.to_dtype(DType::F32)?.unsqueeze(2)?;
        let mean = hidden.broadcast_mul(&weights)?.sum(1)?.broadcast_div(&weights.sum(1)?)?;
        let length = mean.sqr()?.sum_keepdim(1)?.sqrt()?;
        Ok(mean.broadcast_div(&length)?.to_vec2()?)
    }
}
