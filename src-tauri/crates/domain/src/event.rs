//! What the core announces. Readers fetch again; events carry no state.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// Something about `topic` changed: `repositories`, `commits:<repository>`,
    /// `review:<repository>:<sha>`, `tasks`, `achievements`, `resume`, `models`, `settings`, `account`, `contributions`; `*` is everything.
    Changed { topic: String },
}

impl Event {
    pub fn changed(topic: impl Into<String>) -> Self {
        Self::Changed { topic: topic.into() }
    }
}
