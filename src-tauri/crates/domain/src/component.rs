//! The parts of the running app, as they are looked after, and what went to other machines.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ComponentState {
    /// It works, or is there for whoever asks.
    Running,
    /// Nothing to do.
    Idle,
    /// It has something to do and may not yet.
    Waiting,
    /// It failed too often and rests, so that it harms nothing else.
    LeftAlone,
    /// It does not answer.
    Broken,
}

impl ComponentState {
    /// Somebody has to know of it.
    pub fn is_trouble(self) -> bool {
        matches!(self, Self::LeftAlone | Self::Broken)
    }
}

/// The last thing that went wrong in a part of the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Trouble {
    pub message: String,
    /// Seconds since 1970 UTC.
    #[ts(type = "number")]
    pub at: i64,
}

/// How long the latest runs of a part took, in seconds, waiting left out. Counted in memory since the app was opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Times {
    /// Runs that were counted.
    pub runs: u32,
    pub p50: f32,
    pub p95: f32,
    pub p99: f32,
}

impl Times {
    /// By nearest rank; `None` without a run.
    pub fn of(seconds: &[f32]) -> Option<Self> {
        let mut sorted = seconds.to_vec();
        sorted.sort_by(f32::total_cmp);
        let rank = |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100).max(1) - 1).copied();
        Some(Self { runs: sorted.len() as u32, p50: rank(50)?, p95: rank(95)?, p99: rank(99)? })
    }
}

/// A part of the app: a process, a lane of the queue, the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Component {
    /// `core`, `text_model`, `embedder`, `database`, or the first kind of task of a lane.
    pub id: String,
    /// In the user's words.
    pub name: String,
    pub state: ComponentState,
    /// What it does now, in words without full stop.
    pub words: String,
    /// Until when it waits or is left alone, seconds since 1970 UTC.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
    /// Tasks or questions that wait for it.
    pub queued: u32,
    /// How long the oldest of them waits, in seconds.
    #[ts(type = "number | null")]
    pub oldest_s: Option<i64>,
    /// When something last went well, seconds since 1970 UTC.
    #[ts(type = "number | null")]
    pub last_success: Option<i64>,
    /// When it begins by itself, seconds since 1970 UTC.
    #[ts(type = "number | null")]
    pub next_run: Option<i64>,
    /// Times it broke off and was begun again, since the app was opened.
    pub restarts: u32,
    pub last_error: Option<Trouble>,
    pub times: Option<Times>,
    pub process_id: Option<u32>,
    /// Bytes that its process has in memory; null where it has none of its own, and outside of Linux.
    #[ts(type = "number | null")]
    pub memory: Option<u64>,
    /// What keeps its process from other files and the network; null where nothing is known.
    pub confined: Option<String>,
}

/// A request that left the machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NetworkCall {
    /// Seconds since 1970 UTC.
    #[ts(type = "number")]
    pub at: i64,
    pub host: String,
    /// What it was for.
    pub reason: String,
    /// Bytes.
    #[ts(type = "number")]
    pub sent: i64,
    /// Bytes.
    #[ts(type = "number")]
    pub received: i64,
    /// The status of the answer, or "no answer".
    pub outcome: String,
}

/// All requests to one host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HostCalls {
    pub host: String,
    pub calls: u32,
    /// Bytes.
    #[ts(type = "number")]
    pub sent: i64,
    /// Bytes.
    #[ts(type = "number")]
    pub received: i64,
    /// Seconds since 1970 UTC.
    #[ts(type = "number")]
    pub last_at: i64,
}

/// The network ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NetworkLedger {
    /// The host that was asked last comes first.
    pub hosts: Vec<HostCalls>,
    /// The newest hundred.
    pub newest: Vec<NetworkCall>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_runs_that_happened() {
        let seconds: Vec<f32> = (1..=200).rev().map(|n| n as f32).collect();
        assert_eq!(
            Times::of(&seconds),
            Some(Times { runs: 200, p50: 100.0, p95: 190.0, p99: 198.0 }),
            "by nearest rank, whatever the order"
        );
        assert_eq!(Times::of(&[4.0]), Some(Times { runs: 1, p50: 4.0, p95: 4.0, p99: 4.0 }));
        assert_eq!(Times::of(&[]), None, "of no run nothing is claimed");
    }
}
