//! Findings: what a review says about one place of one commit.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How bad a finding is. Ordered: `Info < Minor < Major < Critical`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    Minor,
    Major,
    Critical,
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Critical => "critical",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Info, Self::Minor, Self::Major, Self::Critical].into_iter().find(|s| s.as_str() == text)
    }
}

/// Where a finding comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// A deterministic rule of the `code` room.
    Rule,
    /// The text model, after its quote was matched against the added lines.
    Model,
}

/// A stage that a review can do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    Rules,
    /// One-edit variants that fit better than what was written.
    Likelihood,
    /// What the model names when it is told to look.
    Questions,
    /// Code from elsewhere in the repository in the model's prompts.
    Retrieval,
}

/// The kind of problem a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    Security,
    Correctness,
    Concurrency,
    Resources,
    Performance,
    Tests,
    Maintainability,
}

impl Category {
    pub const ALL: [Self; 7] = [
        Self::Security,
        Self::Correctness,
        Self::Concurrency,
        Self::Resources,
        Self::Performance,
        Self::Tests,
        Self::Maintainability,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Correctness => "correctness",
            Self::Concurrency => "concurrency",
            Self::Resources => "resources",
            Self::Performance => "performance",
            Self::Tests => "tests",
            Self::Maintainability => "maintainability",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == text)
    }
}

/// A problem at lines that the commit added. `quote` is text of `line` as the commit wrote it
/// (secrets masked), so a finding can always be checked against the diff.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// Full hexadecimal commit id.
    pub commit: String,
    /// Path in the repository, `/`-separated, non-UTF-8 bytes replaced.
    pub path: String,
    /// First line in the new version of the file, from 1.
    pub line: u32,
    /// Last line, inclusive.
    pub end_line: u32,
    pub severity: Severity,
    pub category: Category,
    pub source: Source,
    /// Rule id as `language/name`, `likelihood/<kind of edit>` or `model/<category>`.
    pub rule: String,
    /// One sentence: what is wrong.
    pub message: String,
    /// Two or three sentences a student can learn from.
    pub why: String,
    pub quote: String,
    /// Unified diff against the file as the commit left it, or null. Applies with `git apply`.
    pub fix: Option<String>,
    /// 0 to 1.
    pub confidence: f32,
}

impl Finding {
    /// Identity of a finding within one review: the same problem at the same place is one finding.
    pub fn fingerprint(&self) -> String {
        format!("{}:{}:{}:{}", self.commit, self.path, self.line, self.rule)
    }
}

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum FindingState {
    Open,
    /// A later commit took it away.
    Fixed,
    /// It was fixed, and a later commit brought it back.
    Reopened,
    /// The user said that it is no problem.
    Dismissed,
}

/// Lines of a file at HEAD.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Place {
    pub path: String,
    /// From 1.
    pub line: u32,
    /// Inclusive.
    pub end_line: u32,
}

/// A finding as it is stored, with what the user decided about it and what later commits made of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct StoredFinding {
    #[ts(type = "number")]
    pub id: i64,
    #[serde(flatten)]
    pub finding: Finding,
    /// The user said that this is not a problem; null otherwise.
    pub dismissed: Option<String>,
    /// Commit in which the user dismissed another finding of the same rule and line, and this one with it.
    pub twin_in: Option<String>,
    /// Address of the comment that the user made of it on GitHub, or null.
    pub posted: Option<String>,
    pub state: FindingState,
    /// Commit that fixed it or brought it back; null while it is open.
    pub state_in: Option<String>,
    /// Where it is at HEAD; null when it is not there.
    pub now: Option<Place>,
    /// Its commit is in the history of HEAD.
    pub on_branch: bool,
    /// An earlier commit in which the same problem was found; null when this is the first.
    pub first_in: Option<String>,
    /// Times the user dismissed its rule in this repository, when that has made the rule quiet; null otherwise.
    pub quiet: Option<u32>,
    /// It is among what the user wants to see.
    pub shown: bool,
}

impl StoredFinding {
    /// Neither fixed nor dismissed.
    pub fn is_open(&self) -> bool {
        matches!(self.state, FindingState::Open | FindingState::Reopened)
    }
}

/// How much of what reviews find is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Strictness {
    /// All of it.
    Strict,
    /// What is at least minor and more likely right than wrong.
    #[default]
    Balanced,
    /// Of that, what is major or critical.
    Serious,
}

impl Strictness {
    /// Confidence from which a finding is more likely right than wrong.
    const SURE: f32 = 0.5;
    /// Confidence from which a finding of a quiet rule is shown all the same, as one that is critical always is.
    const SURE_THOUGH_QUIET: f32 = 0.95;

    /// A finding that is this bad and this sure is shown; `quiet` when the user keeps dismissing its rule.
    pub fn admits(self, severity: Severity, confidence: f32, quiet: bool) -> bool {
        let quiet = quiet && severity < Severity::Critical;
        let least = if quiet { Self::SURE_THOUGH_QUIET } else { Self::SURE };
        match self {
            Self::Strict => true,
            Self::Balanced => severity >= Severity::Minor && confidence >= least,
            Self::Serious => severity >= Severity::Major && confidence >= least,
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "strict" => Some(Self::Strict),
            "balanced" => Some(Self::Balanced),
            "serious" => Some(Self::Serious),
            _ => None,
        }
    }
}

/// A rule whose findings the user keeps dismissing in a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QuietRule {
    pub rule: String,
    pub dismissals: u32,
}

/// The findings of a repository, each problem once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FindingList {
    /// Those asked for, the worst first; not more than can be read.
    pub findings: Vec<StoredFinding>,
    /// Open at HEAD, shown or not.
    pub open: u32,
    pub fixed: u32,
    pub dismissed: u32,
    pub quiet: Vec<QuietRule>,
}

/// A file, or part of one, that a review or the index left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Skipped {
    pub path: String,
    pub reason: String,
}

/// What a review of one commit did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ReviewSummary {
    /// Paths that rules (and, unless `rules_only`, the model) looked at.
    pub reviewed: Vec<String>,
    pub skipped: Vec<Skipped>,
    /// Model candidates whose quote matches no added line.
    pub dropped_anchor: u32,
    /// Model candidates that did not survive judgement.
    pub dropped_judged: u32,
    /// Model file that reviewed, or null when only rules ran.
    pub model: Option<String>,
    /// Milliseconds from start to the first finding; null when there is none.
    #[ts(type = "number | null")]
    pub first_finding_ms: Option<i64>,
    /// Milliseconds the whole review took.
    #[ts(type = "number")]
    pub took_ms: i64,
}

/// A review of one commit as the UI shows it, also while it runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Review {
    #[ts(type = "number")]
    pub repository_id: i64,
    pub sha: String,
    /// The task that makes the review, with state, stage and progress.
    pub task: crate::Task,
    pub summary: Option<ReviewSummary>,
    pub findings: Vec<StoredFinding>,
}
