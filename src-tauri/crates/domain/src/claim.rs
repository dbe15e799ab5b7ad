//! Claims: what somebody built in a repository, each with its proof.

use serde::{Deserialize, Serialize};

/// Everything that can be claimed of one person's work in a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    pub repository: String,
    /// How lines were counted, with how many files.
    pub method: String,
    pub claims: Vec<Claim>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClaimKind {
    /// Something a server answers.
    Endpoint,
    /// A subcommand of a program.
    Command,
    Screen,
    /// A class or table that data is stored in or checked by.
    Model,
    Test,
    Benchmark,
    /// A job of continuous integration.
    Job,
    /// A service of a Compose file, or an image.
    Service,
    /// A change of a database's schema.
    Migration,
    Fix,
    /// Something that became better, with its numbers.
    Speedup,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub kind: ClaimKind,
    /// Its name, or the subject of its commit.
    pub what: String,
    /// What it is made with, or its numbers; may be empty.
    pub detail: String,
    /// Where it is at HEAD; null for what only a message says.
    pub lines: Option<ClaimLines>,
    /// How it was found.
    pub method: String,
    /// Full ids of the commits behind it.
    pub commits: Vec<String>,
}

/// Lines of a file, from 1, inclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimLines {
    pub path: String,
    pub start_line: u32,
    pub end_line: u32,
}
