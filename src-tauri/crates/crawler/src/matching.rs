//! How an advert fits a student: first whether they may apply at all, then skill by skill what their code proves, then
//! a score of named parts, each with its sentence. Pure: the same student and advert give the same match.
//!
//! Only what a reader of the advert sees counts. What is hidden in it was dropped before ([`crate::visible`]), and an
//! advert that lists everything says nothing.

mod branches;
mod countries;
mod requirements;
mod rules;
mod score;

use chrono::NaiveDate;
use internflow_domain::{JobKind, Standing, Verdict};
use serde::{Deserialize, Serialize};

pub(crate) use requirements::groups;

use crate::page::Page;
use crate::{Advert, Mode, Posting};

/// A student as adverts ask for them. `None` is "not told"; an empty list of wishes is "any".
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Candidate {
    /// Year of graduation.
    pub batch: Option<i32>,
    /// As written: "B.Tech", "BE (Mechanical)".
    pub degree: Option<String>,
    /// As written: "CSE", "Electronics and Communication".
    pub branch: Option<String>,
    /// Of 10.
    pub cgpa: Option<f64>,
    /// Per cent of marks, the lowest of school and college.
    pub percent: Option<f64>,
    /// Years of paid work.
    pub experience_years: f64,
    /// Where they may work without asking: "India".
    pub country: Option<String>,
    /// Other countries that they hold a permit for.
    pub permits: Vec<String>,
    /// Cities or countries.
    pub places: Vec<String>,
    pub modes: Vec<Mode>,
    pub kinds: Vec<JobKind>,
    /// Work without pay is fine.
    pub unpaid: bool,
    pub proven: Vec<ProvenSkill>,
    /// Skills that they name and nothing proves.
    pub claimed: Vec<String>,
}

/// A skill with what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenSkill {
    pub skill: String,
    pub by: Vec<Proof>,
}

/// A claim of the ledger that proves a skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The claim's id.
    pub claim: String,
    /// How often the code behind it uses the skill.
    pub count: u32,
    pub last: Option<NaiveDate>,
}

/// What a rule is about. The first eight are the employer's conditions, the others the student's wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    Batch,
    Degree,
    Branch,
    Cgpa,
    Percent,
    Experience,
    Permit,
    Deadline,
    Kind,
    Place,
    Mode,
    Pay,
}

impl About {
    /// The student asks for it, not the employer.
    pub fn is_wish(self) -> bool {
        matches!(self, Self::Kind | Self::Place | Self::Mode | Self::Pay)
    }
}

/// One condition or wish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub about: About,
    pub verdict: Verdict,
    /// The advert's own sentence; `None` where it does not say.
    pub from: Option<String>,
    /// For the student.
    pub says: String,
}

/// A skill that the advert names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// A name of the taxonomy.
    pub skill: String,
    /// False where it only helps.
    pub required: bool,
    pub standing: Standing,
    /// What proves it; empty unless it is proven.
    pub by: Vec<Proof>,
    /// The student's skills that show this one ("Express" shows "Node.js"); empty where they have it itself.
    pub through: Vec<String>,
    /// The advert's own sentence.
    pub from: String,
    /// Other skills of which one is enough instead: "Java or Python".
    pub or: Vec<String>,
    /// False for what no work can show, such as teamwork: it is listed and moves nothing.
    pub counts: bool,
}

/// What a part of the score is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    /// Skills that the advert requires.
    Required,
    /// Skills that only help.
    Optional,
    /// How near the advert is to what the student made.
    Closeness,
    /// The employer's conditions.
    Conditions,
    /// What the student wants.
    Wishes,
    /// What is taken off because the rest does not matter then; below zero.
    Limit,
}

/// A part of the score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub kind: PartKind,
    pub points: i32,
    /// The most that it can bring.
    pub most: i32,
    /// For the student.
    pub says: String,
}

/// How an advert fits a student.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// Of all conditions of the employer together.
    pub eligible: Verdict,
    pub rules: Vec<Rule>,
    /// In the order of the advert, required ones first.
    pub requirements: Vec<Requirement>,
    /// From 0 to 100, the sum of the parts. To be shown with `says`, never alone.
    pub score: i32,
    pub parts: Vec<Part>,
    /// The whole in one or two sentences.
    pub says: String,
}

/// Matches a student with an advert that [`crate::read`] read from [`Posting::advert`]. `closeness`, from 0 to 1, is how
/// near the advert is to what the student made ([`crate::closeness`]); `None` where it was not measured.
pub fn matched(
    candidate: &Candidate,
    advert: &Advert,
    posting: &Posting,
    closeness: Option<f64>,
    today: NaiveDate,
) -> Match {
    let text = crate::visible(&posting.advert()).text;
    let rules = rules::rules(candidate, advert, posting, &Page::new(&text), today);
    let requirements = requirements::requirements(candidate, advert);
    score::scored(rules, requirements, closeness)
}

#[cfg(test)]
mod tests;
