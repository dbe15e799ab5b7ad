//! Claims: what somebody built in a repository, each with its proof.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Fact;

/// Everything that can be claimed of one person's work in a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Ledger {
    pub repository: String,
    /// Commit that was looked at; empty before the first.
    pub sha: String,
    /// Seconds since 1970 UTC.
    #[ts(type = "number")]
    pub made_at: i64,
    /// HEAD has moved, or whose work it is was told anew: what is here is older.
    pub stale: bool,
    /// How lines were counted, with how many files.
    pub method: String,
    /// By kind; those with most behind them first, whenever they were made.
    pub claims: Vec<Claim>,
    pub left_out: Vec<NotCounted>,
}

/// In the order in which kinds are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ClaimKind {
    /// Commits that belong together by their files and symbols.
    Feature,
    /// Something a server answers.
    Endpoint,
    /// A subcommand of a program.
    Command,
    Screen,
    /// A class or table that data is stored in or checked by.
    Model,
    /// A change of a database's schema.
    Migration,
    /// A job of continuous integration.
    Job,
    /// A service of a Compose file, or an image.
    Service,
    Test,
    Benchmark,
    Fix,
    /// Something that became better, with its numbers.
    Speedup,
    /// A dependency that is not needed any more.
    Dependency,
    Language,
    /// A framework, a database or a tool that a manifest names.
    Framework,
    /// How steadily it was worked on.
    Consistency,
    /// A review given on somebody's pull request.
    Review,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Claim {
    pub kind: ClaimKind,
    /// Its name, or the subject of its commit.
    pub what: String,
    /// What it is made with, what it covers, or where; may be empty.
    pub detail: String,
    /// Where it is at HEAD; null for what only commits show.
    pub lines: Option<ClaimLines>,
    /// How it was found.
    pub method: String,
    /// Its numbers, each with the query that computed it.
    pub numbers: Vec<Fact>,
    /// How much is behind it, to compare it with others of its kind: mostly lines.
    pub weight: u32,
    /// Full ids of the commits behind it.
    pub commits: Vec<String>,
    /// Address of what is on GitHub, or null.
    pub url: Option<String>,
}

/// Lines of a file, from 1, inclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClaimLines {
    pub path: String,
    pub start_line: u32,
    pub end_line: u32,
}

/// Something that was not counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NotCounted {
    /// "41 files", "a first commit of 312 files".
    pub what: String,
    pub why: String,
    /// Full ids of the commits that it is about; may be empty.
    pub commits: Vec<String>,
}
