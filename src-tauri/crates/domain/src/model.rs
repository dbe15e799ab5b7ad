//! Models: the catalogue, what is on this machine, and what is wrong with it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a model is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ModelRole {
    Text,
    Embedding,
}

/// State of a model's files in the data folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ModelState {
    Missing,
    /// A download was interrupted and will be resumed.
    Partial,
    /// Size is right; the checksum was not compared since the file last changed.
    Unverified,
    /// Size and sha256 are those of the catalogue.
    Ready,
    /// Size or checksum differ: truncated or altered, never loaded.
    Damaged,
}

/// A model of `models/catalog.toml` and its state on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Model {
    pub id: String,
    pub name: String,
    pub role: ModelRole,
    pub licence: String,
    #[ts(type = "number")]
    pub bytes: u64,
    pub state: ModelState,
    /// Folder that holds its files.
    pub folder: String,
}

/// One line of `doctor`: what was looked at, what was found, what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Check {
    pub name: String,
    pub ok: bool,
    pub found: String,
    /// What to do; empty when `ok`.
    pub mend: String,
}
