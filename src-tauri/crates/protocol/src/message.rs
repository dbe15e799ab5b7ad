//! The messages themselves.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Core to worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Chosen by the core, never used twice for one process.
    pub id: u64,
    /// Milliseconds from arrival until the answer is of no use any more; 0 means no limit.
    /// Relative, because the two processes share no clock.
    pub deadline_ms: u64,
    pub op: Op,
}

/// What the worker is asked to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Op {
    /// Answered by [`Reply::Hello`].
    Hello { version: u32 },
    /// Loads a text model from a GGUF file; answered by [`Reply::Ready`].
    LoadText {
        path: String,
        /// Longest prompt and answer together, in tokens. Memory for keys and values is reserved for it
        /// and taken as it is used.
        context_tokens: u32,
    },
    /// Loads an embedding model from `model.safetensors`, `tokenizer.json` and `config.json`;
    /// answered by [`Reply::Ready`].
    LoadEmbedder { folder: String },
    /// Answers a chat; [`Output::Text`].
    Generate {
        system: String,
        user: String,
        /// JSON schema the answer is forced to follow.
        schema: Option<Value>,
        max_tokens: u32,
        /// 0 is greedy.
        temperature: f32,
        seed: u64,
        /// The text is also told while it is written: [`Reply::Piece`].
        pieces: bool,
    },
    /// Natural-log probability of each continuation after `prefix`; [`Output::Scores`]. In `prefix`
    /// the model's fill-in-the-middle markers are read as markers; in continuations nothing is.
    Score { prefix: String, continuations: Vec<String> },
    /// For each edit how much likelier (nats) the edited text is than `text`, after `prefix`; [`Output::Scores`].
    Contrast {
        prefix: String,
        text: String,
        edits: Vec<Edit>,
        /// `None`: at the first token in which they differ. Costs one reading of the text, however many edits there
        /// are. Otherwise over the edit's whole line and so many after it, which costs a reading of those for each.
        lines: Option<u32>,
    },
    /// One unit vector a text; [`Output::Vectors`].
    Embed { texts: Vec<String> },
    /// Stops the request with this id. Has no answer of its own: the stopped request fails with
    /// [`FailureKind::Cancelled`], or is done if it was faster.
    Cancel { id: u64 },
    /// The worker exits with status 0.
    Shutdown,
}

/// Bytes `start..end` of a text replaced by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub start: usize,
    pub end: usize,
    pub text: String,
}

/// Worker to core.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// The request this belongs to; 0 for heartbeats.
    pub id: u64,
    pub reply: Reply,
}

/// What the worker says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reply {
    Hello {
        version: u32,
        pid: u32,
        /// What keeps the worker from other files, the network and other programs; words for the user.
        confined: String,
    },
    /// The model is loaded.
    Ready {
        /// Floats in a vector for an embedder, tokens in the vocabulary for a text model.
        width: u32,
    },
    /// The text that was written since the last piece; whole characters.
    Piece { text: String },
    /// The request's last answer.
    Done { output: Output },
    /// The request's last answer.
    Failed { kind: FailureKind, message: String },
    /// The process lives. Says nothing about progress.
    Heartbeat,
}

/// The result of a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Output {
    Text {
        text: String,
        /// False when the token limit cut the answer off.
        complete: bool,
        prompt_tokens: u32,
        /// Prompt tokens whose keys and values were still there from the request before.
        reused_tokens: u32,
        output_tokens: u32,
    },
    /// In the order of the continuations, in nats.
    Scores { values: Vec<f32> },
    /// In the order of the texts.
    Vectors { values: Vec<Vec<f32>> },
}

/// Why a request failed, as far as the core acts on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// Stopped by [`Op::Cancel`].
    Cancelled,
    /// The request's deadline passed.
    Deadline,
    /// The model's files are absent, damaged or of a kind that this worker cannot run.
    Model,
    /// The prompt does not fit into the context.
    TooLong,
    /// The request makes no sense for the loaded model (wrong order, impossible schema).
    BadRequest,
    /// A computation failed.
    Internal,
}
