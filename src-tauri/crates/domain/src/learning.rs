//! What a student repeats and what they stopped doing, by the findings in their own commits.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Category, Source};

/// Habits over all reviewed commits of the user, and how they went on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Learning {
    /// Commits of the user, reviewed or not.
    pub commits: u32,
    /// Of these, reviewed.
    pub reviewed: u32,
    /// Months (UTC) with a reviewed commit, oldest first.
    pub months: Vec<LearningMonth>,
    /// Those that go on first, the most frequent of them at the top.
    pub habits: Vec<Habit>,
}

/// What reviews found in the user's commits of one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LearningMonth {
    /// `2026-03`, by author date (UTC).
    pub month: String,
    /// Reviewed commits.
    pub reviewed: u32,
    /// Categories in which something was found.
    pub found: Vec<CategoryCount>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CategoryCount {
    pub category: Category,
    pub findings: u32,
}

/// One kind of problem that the user's commits had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Habit {
    /// Rule id, or `model/<category>`.
    pub rule: String,
    pub source: Source,
    pub category: Category,
    /// What is wrong, in one sentence, as the newest finding says it.
    pub message: String,
    /// What there is to learn from it.
    pub lesson: String,
    pub findings: u32,
    /// Commits with such a finding.
    pub commits: u32,
    pub first: Seen,
    pub last: Seen,
    pub trend: Trend,
    /// Newest first, at most two.
    pub examples: Vec<Example>,
}

/// How a habit goes on. Only reviewed commits count that touch files of its kind and in which it could have been found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Trend {
    /// In at least two commits, and again lately.
    Repeats,
    /// In at most half as many of the last ten commits as of the ten before.
    Stopping,
    /// In none of the last ten commits, after at least two.
    Stopped,
    /// In one commit only.
    Once,
}

/// A commit in which something was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Seen {
    #[ts(type = "number")]
    pub repository_id: i64,
    pub repository: String,
    pub sha: String,
    /// Author time, seconds since 1970 UTC.
    #[ts(type = "number")]
    pub time: i64,
}

/// A line of the user, and what it became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Example {
    pub at: Seen,
    pub path: String,
    /// In the commit of `at`, from 1.
    pub line: u32,
    /// The line as the commit wrote it, without indentation, secrets masked.
    pub before: String,
    /// What stands there instead; empty when the line was taken away, null when neither the user nor a fix says.
    pub after: Option<String>,
    /// The user's own later commit that changed the line; null when `after` is the proposed fix.
    pub changed_in: Option<String>,
}
