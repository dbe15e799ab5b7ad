//! The client side of the inference workers: starts a worker when something is asked of it, watches
//! it, starts it again when it dies, stops it when it is idle. Implements the ports [`TextModel`]
//! and [`Embedder`] of the domain.
//!
//! One task owns one worker; callers send it jobs, which it does one at a time. So there is no lock,
//! and dropping the last handle ends task and process.

mod config;
mod memory;
mod seen;
mod signs;
mod spawn;
mod supervise;
mod supervisor;
mod worker;

use std::ops::Range;
use std::path::PathBuf;
use std::time::Instant;

use async_trait::async_trait;
use internflow_domain::{Embedder, EngineError, TextAnswer, TextModel, TextRequest};
use internflow_protocol::{Edit, Op, Output};

pub use config::{Limits, WorkerConfig};
pub use memory::Need;
pub use seen::WorkerWatch;
use supervisor::{Model, Supervisor};
use tokio::sync::mpsc;

/// A text model in a worker process of its own. Nothing is started before the first question.
pub fn text_model(config: WorkerConfig, file: PathBuf, context_tokens: u32) -> WorkerTextModel {
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
    let load = Op::LoadText { path: file.to_string_lossy().into_owned(), context_tokens };
    let model = Model {
        name: "The text model",
        need: Need::of_text(context_tokens),
        instead: "Reviews by rules alone need no model; questions about code can go to a model on a server of \
                  your own (Settings).",
        load,
        files: vec![file],
    };
    WorkerTextModel { name, supervisor: Supervisor::new(config, model) }
}

/// An embedding model in a worker process of its own. `folder` holds `model.safetensors`,
/// `tokenizer.json` and `config.json`; `version` is what [`Embedder::version`] says.
pub fn embedder(config: WorkerConfig, folder: PathBuf, dimension: usize, version: String) -> WorkerEmbedder {
    let files = ["model.safetensors", "tokenizer.json", "config.json"].map(|name| folder.join(name)).to_vec();
    let model = Model {
        name: "The embedding model",
        need: Need::of_embedder(),
        instead: "Until then the search finds names and words, and no meanings.",
        load: Op::LoadEmbedder { folder: folder.to_string_lossy().into_owned() },
        files,
    };
    WorkerEmbedder { dimension, version, supervisor: Supervisor::new(config, model) }
}

/// See [`text_model`].
#[derive(Debug)]
pub struct WorkerTextModel {
    name: String,
    supervisor: Supervisor,
}

impl WorkerTextModel {
    /// Id of the worker process, or `None` while none runs.
    pub fn process_id(&self) -> Option<u32> {
        self.supervisor.process_id()
    }

    /// The process, to be watched from outside.
    pub fn watch(&self) -> WorkerWatch {
        self.supervisor.watch()
    }
}

#[async_trait]
impl TextModel for WorkerTextModel {
    async fn generate(&self, request: TextRequest) -> Result<TextAnswer, EngineError> {
        let started = Instant::now();
        written(self.supervisor.call(generate(request, false)).await?, started)
    }

    async fn generate_in_pieces(
        &self,
        request: TextRequest,
        so_far: &(dyn for<'t> Fn(&'t str) + Send + Sync),
    ) -> Result<TextAnswer, EngineError> {
        let started = Instant::now();
        let (sender, mut heard) = mpsc::unbounded_channel();
        let call = self.supervisor.call_in_pieces(generate(request, true), Some(sender));
        tokio::pin!(call);
        loop {
            tokio::select! {
                biased;
                Some(text) = heard.recv() => so_far(&text),
                output = &mut call => return written(output?, started),
            }
        }
    }

    async fn score(&self, prefix: String, continuations: Vec<String>) -> Result<Vec<f32>, EngineError> {
        let count = continuations.len();
        let started = Instant::now();
        match self.supervisor.call(Op::Score { prefix, continuations }).await? {
            Output::Scores { values } if values.len() == count => {
                tracing::debug!(count, took_ms = started.elapsed().as_millis(), "scored");
                Ok(values)
            }
            other => Err(unexpected(&other)),
        }
    }

    async fn contrast(
        &self,
        prefix: String,
        text: String,
        edits: Vec<(Range<usize>, String)>,
        lines: Option<u32>,
    ) -> Result<Vec<f32>, EngineError> {
        let count = edits.len();
        let started = Instant::now();
        let edits = edits.into_iter().map(|(at, text)| Edit { start: at.start, end: at.end, text }).collect();
        match self.supervisor.call(Op::Contrast { prefix, text, edits, lines }).await? {
            Output::Scores { values } if values.len() == count => {
                tracing::debug!(count, took_ms = started.elapsed().as_millis(), "contrasted");
                Ok(values)
            }
            other => Err(unexpected(&other)),
        }
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

/// See [`embedder`].
#[derive(Debug)]
pub struct WorkerEmbedder {
    dimension: usize,
    version: String,
    supervisor: Supervisor,
}

impl WorkerEmbedder {
    /// Id of the worker process, or `None` while none runs.
    pub fn process_id(&self) -> Option<u32> {
        self.supervisor.process_id()
    }

    /// The process, to be watched from outside.
    pub fn watch(&self) -> WorkerWatch {
        self.supervisor.watch()
    }
}

#[async_trait]
impl Embedder for WorkerEmbedder {
    async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EngineError> {
        let count = texts.len();
        if count == 0 {
            return Ok(Vec::new());
        }
        match self.supervisor.call(Op::Embed { texts }).await? {
            Output::Vectors { values }
                if values.len() == count && values.iter().all(|v| v.len() == self.dimension) =>
            {
                Ok(values)
            }
            Output::Vectors { values } => Err(EngineError::Failed(format!(
                "The embedding model gave {} vectors of {} numbers where {count} of {} were expected. \
                 Check that models/catalog.toml describes the model that is installed.",
                values.len(),
                values.first().map_or(0, Vec::len),
                self.dimension
            ))),
            other => Err(unexpected(&other)),
        }
    }

    fn dimension(&self) -> usize {
        self.dimension
    }

    fn version(&self) -> String {
        self.version.clone()
    }
}

fn generate(request: TextRequest, pieces: bool) -> Op {
    let TextRequest { system, user, schema, max_tokens, temperature, seed } = request;
    Op::Generate { system, user, schema, max_tokens, temperature, seed, pieces }
}

fn written(output: Output, started: Instant) -> Result<TextAnswer, EngineError> {
    match output {
        Output::Text { text, complete, prompt_tokens, reused_tokens, output_tokens } => {
            // What a slow review spent its time on.
            let took_ms = started.elapsed().as_millis();
            tracing::debug!(prompt_tokens, reused_tokens, output_tokens, took_ms, "written");
            Ok(TextAnswer { text, complete, prompt_tokens, reused_tokens, output_tokens })
        }
        other => Err(unexpected(&other)),
    }
}

fn unexpected(output: &Output) -> EngineError {
    let kind = match output {
        Output::Text { .. } => "a text",
        Output::Scores { .. } => "scores",
        Output::Vectors { .. } => "vectors",
    };
    EngineError::Failed(format!("The model's process answered with {kind} that do not fit the question."))
}
