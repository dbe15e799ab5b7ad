//! A commit's change as text: files, hunks, lines.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    Added,
    Deleted,
    Modified,
    Renamed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum LineKind {
    Context,
    Added,
    Removed,
}

/// One line of a hunk, without its line end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DiffLine {
    pub kind: LineKind,
    /// Line number before the change, from 1; null for added lines.
    pub old: Option<u32>,
    /// Line number after the change, from 1; null for removed lines.
    pub new: Option<u32>,
    pub text: String,
}

/// Neighbouring changes with three lines of context, as in a unified diff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Hunk {
    pub old_start: u32,
    pub old_count: u32,
    pub new_start: u32,
    pub new_count: u32,
    pub lines: Vec<DiffLine>,
}

/// What a commit did to one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileDiff {
    /// Path after the change (before it, for deleted files).
    pub path: String,
    /// Path before, when renamed.
    pub old_path: Option<String>,
    pub change: ChangeKind,
    /// Language by name and content (`"python"`), or null.
    pub language: Option<String>,
    pub added: u32,
    pub removed: u32,
    /// Why no text is shown and no review is made (binary, too large, submodule), or null.
    pub omitted: Option<String>,
    pub hunks: Vec<Hunk>,
}

/// A commit in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Commit {
    /// Full hexadecimal id.
    pub sha: String,
    /// First line of the message.
    pub subject: String,
    /// The rest of the message.
    pub body: String,
    pub author_name: String,
    pub author_email: String,
    /// Addresses of the `Co-authored-by` lines, after .mailmap, lower case.
    pub co_authors: Vec<String>,
    /// Author time, seconds since 1970 UTC.
    #[ts(type = "number")]
    pub time: i64,
    /// Number of parents: 0 for a root, 2 or more for a merge.
    pub parents: u32,
    /// Authored or co-authored by one of the user's e-mails; never a merge, nor an import that the user
    /// has not called their own.
    pub mine: bool,
}

/// How much a commit changed against its first parent; binary and very large files count as files only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChangeSize {
    pub files: u32,
    /// Lines.
    pub added: u32,
    pub removed: u32,
}

/// A commit with its change against its first parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CommitDetail {
    pub commit: Commit,
    pub files: Vec<FileDiff>,
}
