//! What the core announces. Readers fetch again; events carry no state, except the words of a sentence that is
//! still being written, which are stored nowhere.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// Something about `topic` changed: `repositories`, `commits:<repository>`,
    /// `review:<repository>:<sha>`, `findings:<repository>`, `analysis:<repository>`, `own_rules:<repository>`, `tasks`, `components`, `achievements`, `resume`, `models`, `settings`, `account`, `contributions`, `jobs`, `job:<id>`, `boards`, `job_news`, `job_searches`, `tailor:<id>`, `ledger`, `data`; `*` is everything.
    Changed { topic: String },
    /// All of the sentence that a model is writing for `topic`, as far as it has come; not checked yet.
    Piece { topic: String, text: String },
}

impl Event {
    pub fn changed(topic: impl Into<String>) -> Self {
        Self::Changed { topic: topic.into() }
    }
}
