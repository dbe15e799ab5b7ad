//! Rules that the user makes for one repository, in their own words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A rule of the user's own. It is kept in the app; nothing that a repository says makes or changes one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OwnRule {
    /// Never given twice: findings name their rule as `own/<id>`.
    #[ts(type = "number")]
    pub id: i64,
    #[ts(type = "number")]
    pub repository_id: i64,
    /// What holds, as the user says it ("We never use print in src/").
    pub sentence: String,
    /// Folder, file or pattern with `*` and `**` that it is about; empty for the whole repository.
    pub place: String,
    /// Names of the languages it is about; empty for all.
    pub languages: Vec<String>,
    /// What is looked for in added lines.
    pub forbids: Forbidden,
}

/// Text that no added line may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Forbidden {
    /// A word or call as it is written; `print` is not in `printer`.
    pub text: String,
    /// `text` is a regular expression.
    pub regex: bool,
}
