//! Code that was looked for, and answers about it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Task;

/// A piece of code that fits a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CodeHit {
    #[ts(type = "number")]
    pub repository_id: i64,
    /// Name of the repository.
    pub repository: String,
    pub path: String,
    /// Function, class or heading; null at top level.
    pub symbol: Option<String>,
    pub language: Option<String>,
    /// From 1.
    pub start_line: u32,
    pub end_line: u32,
    /// The lines, secrets masked.
    pub text: String,
}

/// What a search found, the best first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SearchResult {
    pub hits: Vec<CodeHit>,
    /// Lower-case words that were looked for, to mark them.
    pub terms: Vec<String>,
    /// What the user should know (still indexing, no embedder), or null.
    pub notice: Option<String>,
}

/// A file of a repository as a commit left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileText {
    pub path: String,
    /// Commit the text is of.
    pub sha: String,
    pub language: Option<String>,
    pub text: String,
}

/// Lines that a statement rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Citation {
    pub path: String,
    pub symbol: Option<String>,
    pub start_line: u32,
    pub end_line: u32,
}

/// One sentence of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Statement {
    pub text: String,
    /// Where it can be seen.
    pub at: Citation,
}

/// A question about a repository and its answer, also while it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Answer {
    #[ts(type = "number")]
    pub id: i64,
    #[ts(type = "number")]
    pub repository_id: i64,
    pub question: String,
    /// Commit whose code answers: the one that was indexed when it was asked.
    pub sha: String,
    /// The answer that the question follows; null begins a conversation.
    #[ts(type = "number | null")]
    pub follows: Option<i64>,
    /// The task that writes it, with state, stage and progress.
    pub task: Task,
    /// In the order they were written; more come while the task runs.
    pub statements: Vec<Statement>,
    /// What the user should know (nothing was found, some statements did not hold), or null.
    pub notice: Option<String>,
    /// Null until a model was asked.
    pub model: Option<Writer>,
}

/// The model that writes an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Writer {
    /// Name of the model's file, or as its server calls it.
    pub name: String,
    /// The machine that question and excerpts left for; null when they did not leave this one.
    pub host: Option<String>,
}
