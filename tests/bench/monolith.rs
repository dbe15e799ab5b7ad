//! The control of `cargo xtask bench isolation`: the same core with the same commands and the same work, in one piece.
//! Both models are in the core's own process, and a forward pass runs where it is asked for, on the runtime that
//! answers the window.
//!
//!   monolith loop|threads --data-dir DIR    with one thread, as an event loop has; or with one for each core
//!
//! What a pass costs is that of the real model; what comes out is not used: texts are cut into tokens of four bytes,
//! and nothing is ever found likelier. It speaks as the browser host does, for the same script.

// A terminal program's answers go to its standard output.
#![allow(clippy::print_stdout)]

use std::convert::Infallible;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use async_trait::async_trait;
use axum::extract::{Path as Named, State};
use axum::http::{StatusCode, header};
use axum::response::sse::{Event as SseEvent, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use candle_core::quantized::gguf_file;
use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config as BertConfig};
use candle_transformers::models::quantized_qwen2::ModelWeights;
use futures::Stream;
use internflow_core::lag::Lag;
use internflow_core::settings::Supply;
use internflow_core::{Config, Core, DataFolder, Engines, api};
use internflow_domain::{Embedder, EngineError, Event, TextAnswer, TextModel, TextRequest};
use internflow_rag::{Caught, LanceIndex, Place};
use internflow_resume::Documents;
use serde_json::Value;

/// Bytes of code that are about a token.
const TOKEN_BYTES: usize = 4;
/// Tokens that are read at once, at most.
const MOST: usize = 2048;
/// Tokens of a text that the embedder reads, and floats of its vector.
const EMBEDDED: usize = 128;
const DIMENSION: usize = 384;
/// Ids below this are words in both models.
const WORDS: u32 = 30_000;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let runtime = match words.first().map(String::as_str) {
        Some("loop") => tokio::runtime::Builder::new_current_thread().enable_all().build()?,
        Some("threads") => tokio::runtime::Builder::new_multi_thread().enable_all().build()?,
        _ => bail!("monolith loop|threads --data-dir DIR"),
    };
    let named = words.iter().position(|word| word == "--data-dir").and_then(|at| words.get(at + 1));
    runtime.block_on(run(Path::new(named.context("--data-dir DIR is missing")?)))
}

async fn run(data: &Path) -> Result<()> {
    internflow_net::install_tls();
    let models =
        PathBuf::from(std::env::var_os("INTERNFLOW_MODELS").context("INTERNFLOW_MODELS is not set")?);
    let engines = Engines {
        text: Arc::new(Text {
            folder: models.join("qwen2.5-coder-1.5b-instruct-q4_k_m"),
            model: Mutex::default(),
        }),
        embedder: Arc::new(Embedding { folder: models.join("all-minilm-l6-v2"), model: Mutex::default() }),
        index: Arc::new(Caught(LanceIndex::new(Place::Folder(data.join("index")), DIMENSION))),
        typesetter: Arc::new(Documents::new()),
        ..Engines::absent()
    };
    let config = Config {
        data_dir: data.to_owned(),
        models_dir: models,
        clock: SystemTime::now,
        resumes: true,
        machine: |_| Vec::new(),
        supply: Supply::default,
        boards_through: std::env::var("INTERNFLOW_BOARDS_THROUGH").ok(),
        boards_unpaced: false,
        github_client_id: None,
    };
    let (core, queue) = Core::start(DataFolder::open(data)?, config, engines).await?;
    let app = Router::new()
        .route("/", get(async || [(header::SET_COOKIE, "monolith=1")]))
        .route("/call/{name}", post(call))
        .route("/events", get(events))
        .route("/lag", get(lag))
        .with_state((core.clone(), Lag::start()));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("InternFlow is at http://{}/?token=none", listener.local_addr()?);
    tokio::select! {
        served = async { axum::serve(listener, app).await } => served?,
        stopped = tokio::signal::ctrl_c() => stopped?,
    }
    queue.stop().await;
    core.close().await;
    Ok(())
}

async fn call(
    State((core, _)): State<(Core, Lag)>,
    Named(name): Named<String>,
    Json(args): Json<Value>,
) -> Response {
    match api::call(&core, &name, args).await {
        Ok(result) => Json(result).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, Json(error)).into_response(),
    }
}

async fn events(
    State((core, _)): State<(Core, Lag)>,
) -> Sse<impl Stream<Item = Result<SseEvent, Infallible>>> {
    Sse::new(futures::stream::unfold(core.subscribe(), |mut events| async {
        let event = events.recv().await.unwrap_or_else(|_| Event::changed("*"));
        Some((Ok(SseEvent::default().json_data(event).unwrap_or_default()), events))
    }))
}

async fn lag(State((_, lag)): State<(Core, Lag)>) -> Json<Vec<f64>> {
    Json(lag.taken().await)
}

/// Token ids that stand for a text.
fn tokens(text: &str, most: usize) -> Vec<u32> {
    let id =
        |bytes: &[u8]| bytes.iter().fold(7_u32, |id, byte| id.wrapping_mul(31) + u32::from(*byte)) % WORDS;
    text.as_bytes().chunks(TOKEN_BYTES).take(most).map(id).collect()
}

fn failed(error: impl std::fmt::Display) -> EngineError {
    EngineError::Failed(error.to_string())
}

/// The text model, loaded with the first question.
struct Text {
    folder: PathBuf,
    model: Mutex<Option<ModelWeights>>,
}

impl Text {
    /// Reads the text and goes on with `more` tokens; how many it has read.
    fn pass(&self, text: &str, more: u32) -> Result<u32> {
        // A panic in an earlier pass leaves a model whose memory is cleared below.
        let mut loaded = self.model.lock().unwrap_or_else(PoisonError::into_inner);
        let model = match &mut *loaded {
            Some(model) => model,
            none => none.insert(self.load()?),
        };
        model.clear_kv_cache();
        let read = tokens(text, MOST);
        model.forward(&Tensor::new(read.as_slice(), &Device::Cpu)?.unsqueeze(0)?, 0)?;
        for written in 0..more as usize {
            model.forward(&Tensor::new(&[[1_u32]], &Device::Cpu)?, read.len() + written)?;
        }
        Ok(read.len() as u32)
    }

    fn load(&self) -> Result<ModelWeights> {
        let mut files = std::fs::read_dir(&self.folder)?.filter_map(|entry| Some(entry.ok()?.path()));
        let file = files.find(|file| file.extension().is_some_and(|extension| extension == "gguf"));
        let mut file = File::open(file.context("the folder of the text model has no .gguf")?)?;
        let content = gguf_file::Content::read(&mut file)?;
        Ok(ModelWeights::from_gguf(content, &mut file, &Device::Cpu)?)
    }
}

#[async_trait]
impl TextModel for Text {
    async fn generate(&self, request: TextRequest) -> Result<TextAnswer, EngineError> {
        let read = self.pass(&format!("{}\n{}", request.system, request.user), request.max_tokens);
        Ok(TextAnswer {
            text: "{}".to_owned(),
            complete: true,
            prompt_tokens: read.map_err(failed)?,
            reused_tokens: 0,
            output_tokens: request.max_tokens,
        })
    }

    async fn score(&self, prefix: String, continuations: Vec<String>) -> Result<Vec<f32>, EngineError> {
        self.pass(&format!("{prefix}{}", continuations.concat()), 0).map_err(failed)?;
        Ok(vec![f32::MIN; continuations.len()])
    }

    async fn contrast(
        &self,
        prefix: String,
        text: String,
        edits: Vec<(Range<usize>, String)>,
        _: Option<u32>,
    ) -> Result<Vec<f32>, EngineError> {
        self.pass(&format!("{prefix}{text}"), 0).map_err(failed)?;
        Ok(vec![f32::MIN; edits.len()])
    }

    fn name(&self) -> String {
        "in one piece".to_owned()
    }
}

/// The embedding model, loaded with the first text.
struct Embedding {
    folder: PathBuf,
    model: Mutex<Option<BertModel>>,
}

impl Embedding {
    fn pass(&self, texts: &[String]) -> Result<Vec<Vec<f32>>> {
        let mut loaded = self.model.lock().unwrap_or_else(PoisonError::into_inner);
        let model = match &mut *loaded {
            Some(model) => model,
            none => none.insert(self.load()?),
        };
        let rows: Vec<u32> = texts
            .iter()
            .flat_map(|text| {
                let mut row = tokens(text, EMBEDDED);
                row.resize(EMBEDDED, 0);
                row
            })
            .collect();
        let ids = Tensor::from_vec(rows, (texts.len(), EMBEDDED), &Device::Cpu)?;
        let means = model.forward(&ids, &ids.zeros_like()?, None)?.mean(1)?.to_vec2::<f32>()?;
        let unit = |vector: Vec<f32>| {
            let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
            vector.into_iter().map(|x| x / length).collect()
        };
        Ok(means.into_iter().map(unit).collect())
    }

    fn load(&self) -> Result<BertModel> {
        let config: BertConfig = serde_json::from_slice(&std::fs::read(self.folder.join("config.json"))?)?;
        let weights = std::fs::read(self.folder.join("model.safetensors"))?;
        let weights = VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu)?;
        Ok(BertModel::load(weights, &config)?)
    }
}

#[async_trait]
impl Embedder for Embedding {
    async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EngineError> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        self.pass(&texts).map_err(failed)
    }

    fn dimension(&self) -> usize {
        DIMENSION
    }

    fn version(&self) -> String {
        // The app's own: with another, everything would be embedded anew at the start.
        "all-minilm-l6-v2".to_owned()
    }
}
