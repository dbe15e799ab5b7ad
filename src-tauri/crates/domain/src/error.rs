//! The error that crosses the door. Inside the house errors are `anyhow` with context.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a caller can tell apart. A code exists only where the UI or an exit status branches on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The arguments do not have the command's shape.
    BadRequest,
    /// The thing named does not exist (any more).
    NotFound,
    /// A model file is absent, truncated or altered; the models page mends it.
    ModelMissing,
    /// Signing in to GitHub comes first; the account page does it.
    SignedOut,
    /// The user stopped it. Not a failure.
    Cancelled,
    /// Anything else; the message says what to do.
    Failed,
}

/// A failure as the user reads it: what happened, why, what to do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    pub code: ErrorCode,
    pub message: String,
}

impl ApiError {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(ErrorCode::NotFound, format!("This {what} does not exist any more. Reload the page."))
    }
}
