//! The ports: what `core` asks of an engine without knowing which one answers. `app` plugs the
//! real engines in; tests plug in small ones of their own.
//!
//! Dropping a future returned by a port stops the work behind it.

use std::future::Future;
use std::io::{self, Read};
use std::ops::Range;
use std::pin::Pin;
use std::time::Duration;

use async_trait::async_trait;

use crate::{Fit, Handout, HandoutFormat, Look, Profile, ReadBack, ReadProfile, ResumeFormat};

/// Failures of an engine that the caller treats differently.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// Model file absent, truncated or altered.
    #[error("{0}")]
    ModelMissing(String),
    /// The worker process died or hung while it did this; the task may be the cause.
    #[error("{0}")]
    WorkerDied(String),
    /// The worker process died so often that it is left alone for a while. Whatever is asked meanwhile is not the
    /// cause, and may be asked again later.
    #[error("{0}")]
    Resting(String),
    #[error("{0}")]
    Failed(String),
}

/// A question to the text model: chat messages in, text out.
#[derive(Debug, Clone, PartialEq)]
pub struct TextRequest {
    pub system: String,
    pub user: String,
    /// JSON schema that the answer must follow: enforced while decoding, not hoped for.
    pub schema: Option<serde_json::Value>,
    pub max_tokens: u32,
    /// 0 is greedy; otherwise sampled with `seed`.
    pub temperature: f32,
    pub seed: u64,
}

/// What the text model answered, with what it cost.
#[derive(Debug, Clone, PartialEq)]
pub struct TextAnswer {
    pub text: String,
    /// False when `max_tokens` cut the answer off.
    pub complete: bool,
    pub prompt_tokens: u32,
    /// Prompt tokens whose keys and values were still there from the request before.
    pub reused_tokens: u32,
    pub output_tokens: u32,
}

/// A language model that writes text and can be asked how likely a text is.
#[async_trait]
pub trait TextModel: Send + Sync {
    async fn generate(&self, request: TextRequest) -> Result<TextAnswer, EngineError>;

    /// As [`TextModel::generate`]; meanwhile `so_far` is told all that is written until then, as often as more of
    /// it comes. A model that is not heard while it writes tells nothing.
    async fn generate_in_pieces(
        &self,
        request: TextRequest,
        _so_far: &(dyn for<'t> Fn(&'t str) + Send + Sync),
    ) -> Result<TextAnswer, EngineError> {
        self.generate(request).await
    }

    /// Natural-log probability of each continuation after `prefix`, summed over its tokens.
    /// `prefix` may contain the model's own control tokens (fill-in-the-middle).
    async fn score(&self, prefix: String, continuations: Vec<String>) -> Result<Vec<f32>, EngineError>;

    /// For each edit (bytes of `text`, and what takes their place) how much likelier, in nats, the edited text is
    /// than `text`, after `prefix`: over the edit's whole line and `lines` after it, or, where that is `None`, at the
    /// first token in which they differ. The latter is cheap, one reading for all edits, and rough: it does not see
    /// what follows.
    async fn contrast(
        &self,
        prefix: String,
        text: String,
        edits: Vec<(Range<usize>, String)>,
        lines: Option<u32>,
    ) -> Result<Vec<f32>, EngineError>;

    /// Name of the model file, for the record.
    fn name(&self) -> String;
}

/// Turns text into unit vectors.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// One vector of [`Embedder::dimension`] floats a text, of length 1.
    async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EngineError>;
    fn dimension(&self) -> usize;
    /// Changes when the vectors would: part of the key under which they are stored.
    fn version(&self) -> String;
}

/// What the process of an engine does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EngineDoing {
    /// None runs; the next question starts one.
    #[default]
    NotRunning,
    Loading,
    /// Its model is loaded and nobody asks.
    Ready,
    Working,
    /// It died; the next one is not started before a short wait is over.
    Waiting,
    /// It died too often to be started again before a longer rest is over.
    LeftAlone,
}

/// What the process of an engine does, and what it went through since the app was opened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EngineState {
    pub doing: EngineDoing,
    /// It was started once more after a rest, and has not lived long enough to be trusted.
    pub on_trial: bool,
    /// Until it may be started again, where it waits or is left alone.
    pub rests: Option<Duration>,
    /// Questions behind the one it works on.
    pub waiting: u32,
    /// How long the oldest of them waits.
    pub oldest: Option<Duration>,
    pub process_id: Option<u32>,
    /// What keeps it from other files and the network, in its own words ("Landlock ABI 7, seccomp on").
    pub confined: Option<String>,
    /// Starts that followed a death.
    pub restarts: u64,
    /// How long ago it last answered.
    pub answered: Option<Duration>,
    /// Why it last died, could not start or did not answer; and how long ago.
    pub failed: Option<(String, Duration)>,
    /// Seconds of work on each of the latest questions, oldest first.
    pub seconds: Vec<f32>,
    /// The longest time without a sign of life within the last half minute.
    pub silent: Duration,
}

/// The process behind an engine, seen from outside.
pub trait EngineProcess: Send + Sync {
    fn state(&self) -> EngineState;
    /// Done when something happened to it after this call.
    fn changed(&self) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// A row of the vector index. The index is rebuildable: SQLite keeps text and vectors.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorRow {
    /// Id of the chunk in SQLite.
    pub chunk_id: i64,
    pub repository_id: i64,
    pub vector: Vec<f32>,
}

/// Nearest-neighbour search over chunks.
#[async_trait]
pub trait VectorIndex: Send + Sync {
    /// Replaces the rows of these chunks.
    async fn upsert(&self, rows: Vec<VectorRow>) -> Result<(), EngineError>;
    async fn remove_repository(&self, repository_id: i64) -> Result<(), EngineError>;
    /// Removes the rows of these chunks; what is not there is removed.
    async fn remove(&self, chunk_ids: Vec<i64>) -> Result<(), EngineError>;
    /// Chunk ids with cosine distance (0 same, 2 opposite), nearest first; of all repositories when `None`.
    async fn search(
        &self,
        repository_id: Option<i64>,
        vector: Vec<f32>,
        limit: usize,
    ) -> Result<Vec<(i64, f32)>, EngineError>;
    /// Chunk ids of the rows, for the check against SQLite.
    async fn chunk_ids(&self) -> Result<Vec<i64>, EngineError>;
    /// Called when much was written: puts small files together, forgets old versions, and makes what a large
    /// table is searched by. May take minutes.
    async fn settle(&self) -> Result<(), EngineError>;
    /// Moves a damaged index aside and starts an empty one.
    async fn reset(&self) -> Result<(), EngineError>;
}

/// Turns a profile into documents. Pure: equal input gives equal bytes.
pub trait Typesetter: Send + Sync {
    fn export(&self, profile: &Profile, look: Look, format: ResumeFormat) -> Result<Vec<u8>, EngineError>;
    /// One SVG a page.
    fn preview(&self, profile: &Profile, look: Look) -> Result<Vec<String>, EngineError>;
    /// What it takes to bring the profile onto one page. `proven` are the texts of the bullets that have a proof;
    /// they stay longer than others. `pinned` are those that stay in any case.
    fn fit(
        &self,
        profile: &Profile,
        look: Look,
        proven: &[String],
        pinned: &[String],
    ) -> Result<Fit, EngineError>;
    /// What a reader or an applicant tracking system would miss ("no e-mail"), most serious first.
    fn missing(&self, profile: &Profile) -> Vec<String>;
    /// File name without extension, safe on every file system: `First-Last-Role`, and `First-Last-Resume` where the
    /// role is empty.
    fn file_stem(&self, profile: &Profile, role: &str) -> String;
    fn handout(&self, handout: &Handout, format: HandoutFormat) -> Result<Vec<u8>, EngineError>;
}

/// Reads a profile out of a file that the user has: JSON Resume, a résumé as PDF or DOCX, LinkedIn's archive.
pub trait ProfileReader: Send + Sync {
    /// Bytes of the largest file that is read.
    fn most_bytes(&self) -> usize;
    /// Blocking.
    ///
    /// # Errors
    /// Why nothing is read, in words that say what to do now.
    fn read(&self, file: &[u8]) -> Result<ReadProfile, EngineError>;
}

/// Reads a résumé file as an applicant tracking system does. Blocking, and bounded in time and size.
pub trait ResumeReader: Send + Sync {
    /// What comes out of the file, beside `meant` where it is known what was meant. That nothing can be read is an
    /// answer as well.
    ///
    /// # Errors
    /// When `file` itself can't be read.
    fn read_back(&self, file: &mut dyn Read, meant: Option<&Profile>) -> io::Result<ReadBack>;
}

/// One HTTP request of the git protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitRequest {
    pub url: String,
    pub headers: Vec<(String, String)>,
    /// `None` is a GET, otherwise a POST.
    pub body: Option<Vec<u8>>,
}

/// Its answer; any status is one.
pub struct GitAnswer {
    pub status: u16,
    /// Where it came from, after redirects.
    pub url: String,
    pub content_type: String,
    pub body: Box<dyn Read + Send>,
}

/// Carries the git protocol. Blocking: for threads that may wait.
pub trait GitWire: Send + Sync {
    /// # Errors
    /// `NotConnected` when the host can't be reached, `ConnectionReset` when the connection broke; the
    /// text says what to do.
    fn send(&self, request: GitRequest) -> io::Result<GitAnswer>;
}

/// Keeps small secrets. Blocking, and may ask the user to unlock something.
pub trait SecretStore: Send + Sync {
    /// # Errors
    /// Why the store can't be used, in words that say what to do.
    fn get(&self, name: &str) -> Result<Option<String>, EngineError>;
    /// # Errors
    /// As [`SecretStore::get`].
    fn set(&self, name: &str, secret: &str) -> Result<(), EngineError>;
    /// Deleting what is not there is done.
    ///
    /// # Errors
    /// As [`SecretStore::get`].
    fn delete(&self, name: &str) -> Result<(), EngineError>;
}
