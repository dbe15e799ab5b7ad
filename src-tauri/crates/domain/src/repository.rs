//! Repositories and the people in them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ChangeSize, Commit, Remote};

/// A repository the user added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Repository {
    #[ts(type = "number")]
    pub id: i64,
    /// Last part of the path, without `.git`.
    pub name: String,
    /// Absolute path of the repository.
    pub path: String,
    /// Branch that HEAD names, or null when detached or unborn.
    pub branch: Option<String>,
    /// Commits reachable from HEAD at the last look.
    pub commits: u32,
    /// Of these, authored by the user.
    pub mine: u32,
    /// What the user should know (shallow clone, empty), or null.
    pub notice: Option<String>,
    /// A first commit that brought a whole tree at once, or a template's; null when there is none.
    pub import: Option<Import>,
    /// Where it is kept in step with; null for a folder of this machine.
    pub remote: Option<Remote>,
    /// Bullets and exports say nothing by which it is known: no name, no path, no words of its own.
    pub safe_wording: bool,
}

/// A first commit by the user that is more than anybody writes at once. Nobody can tell from outside who
/// wrote it, so that it counts for nobody until the user says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Import {
    pub sha: String,
    pub size: ChangeSize,
    /// The user says that they wrote it.
    pub mine: bool,
}

/// An author of a repository, after .mailmap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Author {
    pub name: String,
    pub email: String,
    pub commits: u32,
    pub mine: bool,
}

/// One page of history, newest first, each commit with what is known about its review.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CommitPage {
    pub commits: Vec<CommitRow>,
    /// Commits that match, over all pages.
    pub total: u32,
}

/// A commit as a row of the history, with the state of its review.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CommitRow {
    #[serde(flatten)]
    pub commit: Commit,
    /// State of the newest review task, or null when never asked for.
    pub review: Option<crate::TaskState>,
    /// Open findings that are shown; 0 when not reviewed.
    pub findings: u32,
    /// Findings that are fixed, dismissed or not shown.
    pub settled: u32,
    /// Null for merges, and until it was counted.
    pub size: Option<ChangeSize>,
}

/// A commit's id as people write it: its first eight digits.
pub fn short(sha: &str) -> &str {
    sha.get(..8).unwrap_or(sha)
}
