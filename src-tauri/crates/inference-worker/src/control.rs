//! Stopping a computation from outside: a flag, a deadline, and the error both end in.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use internflow_protocol::FailureKind;

/// One request's wish to go on. Shared between the thread that reads frames and the one that computes.
#[derive(Debug)]
pub struct Control {
    cancelled: AtomicBool,
    deadline: Option<Instant>,
}

impl Control {
    /// `deadline_ms` counts from now; 0 means none.
    pub fn new(deadline_ms: u64) -> Self {
        let deadline = (deadline_ms > 0)
            .then(|| Instant::now().checked_add(Duration::from_millis(deadline_ms)))
            .flatten();
        Self { cancelled: AtomicBool::new(false), deadline }
    }

    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// To be asked at least every few tens of milliseconds of computation.
    pub fn check(&self) -> Result<(), Failure> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(Failure::new(FailureKind::Cancelled, "The request was cancelled."));
        }
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Failure::new(FailureKind::Deadline, "The request took longer than its deadline."));
        }
        Ok(())
    }
}

/// A failure with the kind that the core acts on.
#[derive(Debug)]
pub struct Failure {
    pub kind: FailureKind,
    pub message: String,
}

impl Failure {
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub fn model(message: impl fmt::Display) -> Self {
        Self::new(FailureKind::Model, message.to_string())
    }
}

impl From<candle_core::Error> for Failure {
    fn from(error: candle_core::Error) -> Self {
        Self::new(FailureKind::Internal, format!("A computation of the model failed: {error}"))
    }
}
