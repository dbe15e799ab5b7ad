//! The embedding model (MiniLM, a BERT): texts to unit vectors.

use std::path::Path;

use candle_core::{DType, Device};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::Config;
use internflow_protocol::{FailureKind, Output};
use rayon::prelude::*;
use tokenizers::{Tokenizer, TruncationParams};

use crate::bert::Bert;
use crate::control::{Control, Failure};
use crate::files;

/// Tokens of a text that count; the model was trained on 128 to 256.
const MAX_TOKENS: usize = 256;
/// Tokens in one pass of one thread, which nothing interrupts.
const BATCH_TOKENS: usize = 512;

/// A loaded embedding model.
pub struct EmbedEngine {
    model: Bert,
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
        let model = Bert::load(weights, &config).map_err(|e| damaged("model.safetensors", &e))?;
        Ok(Self { model, tokenizer, width: config.hidden_size })
    }

    /// Floats in a vector.
    pub fn width(&self) -> usize {
        self.width
    }

    /// One vector a text, of length 1; [`Output::Vectors`].
    pub fn embed(&self, texts: &[String], control: &Control) -> Result<Output, Failure> {
        let mut tokens: Vec<Vec<u32>> = Vec::with_capacity(texts.len());
        for text in texts {
            control.check()?;
            let encoding = self.tokenizer.encode_fast(text.as_str(), true).map_err(|e| {
                Failure::new(FailureKind::Internal, format!("A text cannot be tokenized: {e}"))
            })?;
            tokens.push(encoding.get_ids().to_vec());
        }
        // A batch a thread: threads that share a product wait for each other a hundred times a pass.
        let threads = rayon::current_num_threads();
        let share = tokens.iter().map(Vec::len).sum::<usize>().div_ceil(threads);
        let most = share.min(BATCH_TOKENS);
        let mut batches = Vec::new();
        let mut rest = tokens.as_slice();
        while !rest.is_empty() {
            let mut sum = 0;
            let fits = rest.iter().take_while(|ids| {
                sum += ids.len();
                sum <= most
            });
            let (batch, later) = rest.split_at(fits.count().max(1));
            batches.push(batch);
            rest = later;
        }
        let mut vectors = Vec::with_capacity(texts.len());
        for turn in batches.chunks(threads) {
            control.check()?;
            let passes = turn.par_iter().map(|batch| self.pass(batch)).collect::<Result<Vec<_>, _>>()?;
            vectors.extend(passes.into_iter().flatten());
        }
        if vectors.iter().flatten().any(|x: &f32| !x.is_finite()) {
            return Err(Failure::new(FailureKind::Internal, "A vector has parts that are not numbers."));
        }
        Ok(Output::Vectors { values: vectors })
    }

    /// Mean over each text's tokens of the model's last layer, scaled to length 1.
    fn pass(&self, batch: &[Vec<u32>]) -> Result<Vec<Vec<f32>>, Failure> {
        let texts: Vec<&[u32]> = batch.iter().map(Vec::as_slice).collect();
        let hidden = self.model.forward(&texts)?;
        let mut start = 0;
        let mut vectors = Vec::with_capacity(batch.len());
        for ids in batch {
            let mean = hidden.narrow(0, start, ids.len())?.mean(0)?;
            let length = mean.sqr()?.sum_all()?.sqrt()?;
            vectors.push(mean.broadcast_div(&length)?.to_vec1()?);
            start += ids.len();
        }
        Ok(vectors)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use candle_core::Tensor;
    use candle_transformers::models::bert::BertModel;
    use serde_json::json;

    use super::*;
    use crate::sample::Random;

    const WORDS: usize = 40;

    /// A BERT of one layer and sixteen numbers, with a tokenizer of words `w0` to `w39`.
    fn write(folder: &Path) {
        let (hidden, feed, words) = (16, 32, WORDS + 4);
        let mut random = Random::new(5);
        let mut tensors = HashMap::new();
        let mut add = |name: String, dims: &[usize]| {
            let values: Vec<f32> =
                (0..dims.iter().product()).map(|_| random.next_unit() as f32 * 2.0 - 1.0).collect();
            tensors.insert(name, Tensor::from_vec(values, dims, &Device::Cpu).unwrap());
        };
        add("embeddings.word_embeddings.weight".into(), &[words, hidden]);
        add("embeddings.position_embeddings.weight".into(), &[512, hidden]);
        add("embeddings.token_type_embeddings.weight".into(), &[2, hidden]);
        let layer = "encoder.layer.0";
        for (name, rows, columns) in [
            (format!("{layer}.attention.self.query"), hidden, hidden),
            (format!("{layer}.attention.self.key"), hidden, hidden),
            (format!("{layer}.attention.self.value"), hidden, hidden),
            (format!("{layer}.attention.output.dense"), hidden, hidden),
            (format!("{layer}.intermediate.dense"), feed, hidden),
            (format!("{layer}.output.dense"), hidden, feed),
        ] {
            add(format!("{name}.weight"), &[rows, columns]);
            add(format!("{name}.bias"), &[rows]);
        }
        for name in ["embeddings".into(), format!("{layer}.attention.output"), format!("{layer}.output")]
            as [String; 3]
        {
            add(format!("{name}.LayerNorm.weight"), &[hidden]);
            add(format!("{name}.LayerNorm.bias"), &[hidden]);
        }
        candle_core::safetensors::save(&tensors, folder.join("model.safetensors")).unwrap();
        let config = json!({
            "vocab_size": words, "hidden_size": hidden, "num_hidden_layers": 1, "num_attention_heads": 2,
            "intermediate_size": feed, "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
            "max_position_embeddings": 512, "type_vocab_size": 2, "initializer_range": 0.02,
            "layer_norm_eps": 1e-12, "pad_token_id": 0, "model_type": "bert"
        });
        std::fs::write(folder.join("config.json"), config.to_string()).unwrap();
        let names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map(String::from).into_iter();
        let vocabulary: HashMap<String, usize> = names
            .chain((0..WORDS).map(|i| format!("w{i}")))
            .enumerate()
            .map(|(id, word)| (word, id))
            .collect();
        let special = |id: u32, content: &str| {
            json!({"id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false,
                "normalized": false, "special": true})
        };
        let tokenizer = json!({
            "version": "1.0",
            "truncation": {"direction": "Right", "max_length": 8, "strategy": "LongestFirst", "stride": 0},
            "padding": {"strategy": {"Fixed": 64}, "direction": "Right", "pad_to_multiple_of": null,
                "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"},
            "added_tokens": [special(0, "[PAD]"), special(2, "[CLS]"), special(3, "[SEP]")],
            "normalizer": null,
            "pre_tokenizer": {"type": "WhitespaceSplit"},
            "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
            "decoder": null,
            "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"}
        });
        std::fs::write(folder.join("tokenizer.json"), tokenizer.to_string()).unwrap();
    }

    fn text(words: usize, seed: usize) -> String {
        (0..words).map(|i| format!("w{}", (i * 7 + seed) % WORDS)).collect::<Vec<_>>().join(" ")
    }

    fn embed(engine: &EmbedEngine, texts: &[String]) -> Vec<Vec<f32>> {
        match engine.embed(texts, &Control::new(0)).unwrap() {
            Output::Vectors { values } => values,
            other => panic!("not vectors: {other:?}"),
        }
    }

    fn distance(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f32>().sqrt()
    }

    #[test]
    fn a_text_has_one_vector_whatever_company_it_is_in() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path());
        let engine = EmbedEngine::load(folder.path()).unwrap();
        assert_eq!(engine.width(), 16);
        let lengths = [30, 1, 200, 5, 90, 254, 3, 0, 120, 60];
        let texts: Vec<String> = lengths.iter().enumerate().map(|(seed, &n)| text(n, seed)).collect();
        let together = embed(&engine, &texts);
        for (text, vector) in texts.iter().zip(&together) {
            let length: f32 = vector.iter().map(|x| x * x).sum();
            assert!((length - 1.0).abs() < 1e-5, "a vector of squared length {length}");
            let alone = &embed(&engine, std::slice::from_ref(text))[0];
            let moved = distance(alone, vector);
            assert!(moved < 1e-4, "padding or order moved a vector by {moved}");
        }
        assert!(distance(&together[0], &together[4]) > 1e-3, "different texts must not collapse");
        assert!(embed(&engine, &[]).is_empty());
    }

    #[test]
    fn it_computes_what_the_stock_model_computes() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path());
        let engine = EmbedEngine::load(folder.path()).unwrap();
        let config =
            serde_json::from_slice(&std::fs::read(folder.path().join("config.json")).unwrap()).unwrap();
        let weights = std::fs::read(folder.path().join("model.safetensors")).unwrap();
        let weights = VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu).unwrap();
        let stock = BertModel::load(weights, &config).unwrap();
        let texts: Vec<Vec<u32>> =
            [7, 1, 60, 256].iter().map(|&n| (0..n).map(|i| (i * 5 + n) % 44).collect()).collect();
        let rows = engine.model.forward(&texts.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap();
        let mut start = 0;
        for ids in texts {
            let ours = rows.narrow(0, start, ids.len()).unwrap().to_vec2::<f32>().unwrap();
            start += ids.len();
            let ids = Tensor::new(ids, &Device::Cpu).unwrap().unsqueeze(0).unwrap();
            let theirs = stock.forward(&ids, &ids.zeros_like().unwrap(), None).unwrap();
            let theirs = theirs.squeeze(0).unwrap().to_vec2::<f32>().unwrap();
            for (ours, theirs) in ours.iter().zip(&theirs) {
                let moved = distance(ours, theirs);
                assert!(moved < 1e-4, "a token's row differs from the stock model's by {moved}");
            }
        }
    }

    #[test]
    fn long_texts_are_cut_at_256_tokens_whatever_the_file_says() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path());
        let engine = EmbedEngine::load(folder.path()).unwrap();
        // 254 words and the two control tokens; the tokenizer file asks for 8 and pads to 64.
        let vectors = embed(&engine, &[text(254, 1), text(2000, 1), text(250, 1), text(6, 1)]);
        assert!(distance(&vectors[0], &vectors[1]) < 1e-4, "what is beyond the limit counts");
        assert!(distance(&vectors[0], &vectors[2]) > 1e-5, "what is within the limit does not count");
        assert!(distance(&vectors[0], &vectors[3]) > 1e-3);
    }

    #[test]
    fn control_tokens_in_a_text_are_words() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path());
        let engine = EmbedEngine::load(folder.path()).unwrap();
        // WordLevel knows "[SEP]" as a word, so look at a name that only a control token would match.
        let tokens = engine.tokenizer.encode_fast("w1[SEP]w2", true).unwrap();
        assert_eq!(tokens.get_ids(), [2, 1, 3], "one unknown word between the two ends");
    }

    #[test]
    fn damaged_files_are_named() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["config.json", "tokenizer.json", "model.safetensors"] {
            write(folder.path());
            let path = folder.path().join(name);
            let whole = std::fs::read(&path).unwrap();
            for bytes in [&[][..], b"\xff\xff\xff\xff\xff\xff\xff\x7f{}", &whole[..whole.len() / 2]] {
                std::fs::write(&path, bytes).unwrap();
                let Err(failure) = EmbedEngine::load(folder.path()) else { panic!("{name} was loaded") };
                assert_eq!(failure.kind, FailureKind::Model);
                assert!(failure.message.contains(name), "{}", failure.message);
            }
            std::fs::remove_file(&path).unwrap();
            let Err(failure) = EmbedEngine::load(folder.path()) else { panic!("absent {name} was loaded") };
            assert_eq!(failure.kind, FailureKind::Model);
        }
    }
}
