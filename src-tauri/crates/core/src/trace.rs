//! One id from a click to the frame that a worker gets for it: each line of the logs that was written on the way
//! has it.

use std::hash::{BuildHasher, RandomState};

use internflow_store::activity::{self, Claimed};
use tracing::Instrument;

/// Runs what the user asked for by this name, under an id of its own.
pub fn asked<F: Future>(name: &str, work: F) -> impl Future<Output = F::Output> + use<F> {
    // Random enough to tell the commands of a few days apart.
    let id = format!("{:08x}", RandomState::new().hash_one(name) as u32);
    let span = tracing::info_span!("command", id, command = name);
    activity::asked_by(Some(id), work).instrument(span)
}

/// Runs a task of the queue, under the id of the command that asked for it.
pub(crate) async fn task<T>(claimed: &Claimed, work: impl Future<Output = T>) -> T {
    let asked_by = claimed.asked_by.clone();
    let id = asked_by.as_deref().unwrap_or_default();
    let span = tracing::info_span!("task", id, task = claimed.id, kind = claimed.kind);
    activity::asked_by(asked_by, work).instrument(span).await
}
