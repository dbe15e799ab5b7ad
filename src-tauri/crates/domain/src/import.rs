//! What a file says about its owner, and what of it may go into the profile.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::Profile;

/// What a file is by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportSource {
    JsonResume,
    Pdf,
    Docx,
    /// The archive that LinkedIn gives its members of their data.
    Linkedin,
}

/// A profile as it was read from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadProfile {
    pub source: ImportSource,
    pub profile: Profile,
    /// What was read with doubt, a sentence each.
    pub notes: Vec<String>,
}

/// What a file would change in the profile. Nothing is written before the user takes a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ImportProposal {
    pub source: ImportSource,
    /// In the order of a résumé. Empty when the profile says all of it already.
    pub changes: Vec<ProfileChange>,
    pub notes: Vec<String>,
}

/// One field that would change, or one entry that would come in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProfileChange {
    /// JSON pointer into the profile, as `/basics/email`; a last step of `-` is a new entry at the end of a list.
    pub place: String,
    /// The field in plain words: `Education · NIT Trichy · Score`.
    pub label: String,
    /// What stands there now, to be shown; empty for nothing.
    pub old: String,
    /// What the file says, to be shown; a new entry has a line for each of its fields.
    pub new: String,
    /// The value that stands there, or null: when it has changed meanwhile, the change is not taken.
    #[ts(type = "unknown")]
    pub was: Value,
    #[ts(type = "unknown")]
    pub value: Value,
}
