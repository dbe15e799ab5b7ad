//! Internships and jobs: the boards that list them, the openings, how they fit, and what became of an application.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A source of openings that the user follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobBoard {
    #[ts(type = "number")]
    pub id: i64,
    /// As people call it: the company where it is known, else what names the board.
    pub name: String,
    /// Which kind of board it is: "greenhouse".
    pub connector: String,
    /// As the user gave it.
    pub address: String,
    /// It is crawled. Off, its openings stay.
    pub on: bool,
    pub circuit: BoardCircuit,
    /// Seconds since 1970 UTC; null before the first crawl.
    #[ts(type = "number | null")]
    pub crawled_at: Option<i64>,
    /// How the last crawl ended; null before the first.
    pub outcome: Option<CrawlOutcome>,
    /// What the last crawl did not read, and why.
    pub skipped: Vec<String>,
    /// Postings that are open.
    pub open: u32,
}

/// Whether a board is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum BoardCircuit {
    /// It is, when its time comes.
    Closed,
    /// It is left alone for a while.
    Open {
        /// Seconds since 1970 UTC.
        #[ts(type = "number")]
        until: i64,
        reason: String,
    },
    /// One crawl tries whether it works again.
    HalfOpen { reason: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum CrawlOutcome {
    /// The whole board was read.
    Complete,
    /// Some of it.
    Partial,
    /// The board says that it is as it was.
    Unchanged,
    Failed,
}

impl CrawlOutcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Complete, Self::Partial, Self::Unchanged, Self::Failed]
            .into_iter()
            .find(|o| o.as_str() == text)
    }
}

/// What an opening calls itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum JobKind {
    Internship,
    NewGraduate,
    Job,
}

/// From and to; either may be open.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct PayRange {
    pub min: Option<f64>,
    pub max: Option<f64>,
}

/// One opening, however many boards and cities list it. What is not stated is null or empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Job {
    /// Of the cluster of postings.
    #[ts(type = "number")]
    pub id: i64,
    pub title: String,
    pub company: Option<String>,
    pub places: Vec<String>,
    pub kind: Option<JobKind>,
    /// "remote", "hybrid" or "office".
    pub mode: Option<String>,
    /// ₹ a month.
    pub stipend: Option<PayRange>,
    /// Lakh ₹ a year.
    pub salary_lpa: Option<PayRange>,
    /// Day that it is of, `2026-11-28`: the earliest that its source or we ourselves know of.
    pub day: String,
    /// Last day to apply.
    pub deadline: Option<String>,
    /// It can be applied to, as far as the last complete crawl knows.
    pub open: bool,
    /// From 0 to 100; null before it was matched.
    pub score: Option<u32>,
    /// Why it fits or does not, in one sentence.
    pub why: String,
    /// What to look at twice, in words.
    pub flags: Vec<String>,
    /// Why the user hid it; null when it is shown.
    pub hidden: Option<String>,
    /// How far the user's application is; null when it is not tracked.
    pub tracked: Option<ApplicationState>,
}

/// Everything about one opening.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct JobDetail {
    pub job: Job,
    /// Where it is listed.
    pub sources: Vec<JobSource>,
    /// What the advert states, a line each, in the order of importance.
    pub facts: Vec<JobFact>,
    /// Flags with the sentence that raised each.
    pub flags: Vec<JobFact>,
    /// What a reader sees of the advert, as text.
    pub text: String,
    /// It holds text that a reader does not see, which was not read.
    pub hidden_text: bool,
    /// Null where nothing is known of the student yet.
    pub fit: Option<JobFit>,
    pub application: Option<Application>,
}

/// A posting of an opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobSource {
    #[ts(type = "number")]
    pub posting_id: i64,
    pub board: String,
    /// Its page for a human.
    pub address: Option<String>,
    pub places: Vec<String>,
    pub open: bool,
}

/// Something stated, with the sentence of the advert that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobFact {
    /// "Stipend".
    pub label: String,
    /// "₹20,000 to ₹25,000 a month".
    pub value: String,
    pub from: String,
}

/// How an opening fits what the student's code proves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct JobFit {
    /// From 0 to 100: the sum of the parts.
    pub score: u32,
    /// The whole in one or two sentences.
    pub says: String,
    pub parts: Vec<FitPart>,
    /// Whether the student may apply, rule by rule.
    pub rules: Vec<FitRule>,
    /// Skills the advert asks for, required ones first.
    pub skills: Vec<FitSkill>,
}

/// A part of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FitPart {
    pub name: String,
    /// Below zero where the rest does not matter any more.
    pub points: i32,
    /// Points that it could have.
    pub of: i32,
    /// In words, for the student.
    pub why: String,
}

/// A rule of eligibility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FitRule {
    /// "Year of graduation".
    pub name: String,
    pub verdict: Verdict,
    pub why: String,
    /// The advert's sentence; empty where it states nothing.
    pub from: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Met,
    NotMet,
    /// The advert does not say.
    NotStated,
    /// The advert says, and the student has not told.
    Unknown,
}

/// A skill that an advert asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FitSkill {
    pub name: String,
    pub required: bool,
    pub standing: Standing,
    /// The advert's sentence.
    pub from: String,
    /// What proves it: "412 surviving lines in tracker".
    pub proofs: Vec<SkillProof>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// The student's code shows it.
    Proven,
    /// The student says so.
    Claimed,
    Missing,
}

/// Where a skill shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SkillProof {
    #[ts(type = "number")]
    pub repository_id: i64,
    pub repository: String,
    /// How it was counted.
    pub method: String,
    /// A commit that shows it, newest first; empty where the count has none.
    pub commits: Vec<String>,
}

/// How far an application is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ApplicationState {
    Saved,
    Applied,
    Test,
    Interview,
    Offer,
    Rejected,
    Withdrawn,
}

impl ApplicationState {
    pub const ALL: [Self; 7] = [
        Self::Saved,
        Self::Applied,
        Self::Test,
        Self::Interview,
        Self::Offer,
        Self::Rejected,
        Self::Withdrawn,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Applied => "applied",
            Self::Test => "test",
            Self::Interview => "interview",
            Self::Offer => "offer",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What became of an opening that the user follows up. The app itself never applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Application {
    pub state: ApplicationState,
    /// Oldest first; nothing is ever taken out.
    pub history: Vec<ApplicationStep>,
    pub notes: String,
    /// Last day to apply, `2026-12-15`.
    pub deadline: Option<String>,
    /// Day of the last interview that was fixed.
    pub interview: Option<String>,
    /// What is to be done when, open ones first.
    pub follow_ups: Vec<FollowUp>,
    /// File name of the résumé that was sent; empty when not said.
    pub resume: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApplicationStep {
    /// Seconds since 1970 UTC.
    #[ts(type = "number")]
    pub at: i64,
    pub state: ApplicationState,
}

/// Something to be done for an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FollowUp {
    /// What it is for: "ask", "thanks", "apply".
    pub kind: String,
    /// `2026-12-15`.
    pub on: String,
    pub what: String,
    /// The user did it, or does not want it.
    pub done: bool,
}

/// An opening that is tracked, for the list and the board of applications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TrackedJob {
    pub job: Job,
    pub application: Application,
}

/// A skill that would open more of the user's openings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NextSkill {
    pub name: String,
    /// For the student.
    pub says: String,
    /// Openings of which every required skill would then be there.
    pub opens: Vec<NextSkillJob>,
    /// Openings that require it and would still miss others.
    pub nearer: Vec<NextSkillJob>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NextSkillJob {
    #[ts(type = "number")]
    pub id: i64,
    pub title: String,
    pub company: Option<String>,
}

/// What the student looks for and may apply to. What is empty or null is not known, and no rule is held against it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct JobWishes {
    /// Year of graduation.
    pub batch: Option<i32>,
    /// "B.Tech".
    pub degree: String,
    /// "Computer Science".
    pub branch: String,
    /// Of 10.
    pub cgpa: Option<f64>,
    /// Cities; empty for any.
    pub places: Vec<String>,
    /// Also where it is done from home.
    pub remote: bool,
    /// Unpaid work is shown as it is, but not held to fit.
    pub paid_only: bool,
    /// Companies that are never shown.
    pub hidden_companies: Vec<String>,
}
