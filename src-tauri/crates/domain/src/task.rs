//! Long work: rows of the task queue.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum TaskState {
    Queued,
    Running,
    Done,
    Failed,
    /// The user stopped it: an outcome, not an error.
    Cancelled,
    /// It killed its worker twice and is not tried again by itself.
    Poisoned,
}

impl TaskState {
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled, Self::Poisoned];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Poisoned => "poisoned",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }

    /// No more will happen to it by itself.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// How far a running task is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Progress {
    /// What happens now, in the user's words ("Asking the model about src/db.py").
    pub stage: String,
    /// Units done and units in all; `total` 0 means unknown.
    pub done: u32,
    pub total: u32,
    /// Estimated seconds left, when it can be estimated.
    pub eta_s: Option<u32>,
}

/// A row of the task queue as the UI shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Task {
    #[ts(type = "number")]
    pub id: i64,
    /// `review`, `bullets`, `ask`, `index`, `analysis`, `model_download`, `sync`, `contributions`, `crawl`, `match`,
    /// `closeness`, `job_news`.
    pub kind: String,
    /// What it works on, for a list ("itsdangerous 672971d").
    pub title: String,
    pub state: TaskState,
    pub progress: Progress,
    /// Why it failed, with what to do; null otherwise.
    pub error: Option<crate::ApiError>,
    pub attempts: u32,
    /// Seconds since 1970 UTC.
    #[ts(type = "number")]
    pub created_at: i64,
}
