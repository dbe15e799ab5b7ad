//! Adverts of internships and jobs, without I/O: the boards that list them and what to ask of these ([`Board`],
//! [`Crawl`]), how hosts are asked ([`robots`], [`polite`]), what a crawl says of the postings before it
//! ([`freshness`]), which are one opening ([`cluster`]), and what an advert states ([`read`]): each value with the
//! sentence that it came from, and nothing that the advert does not say. Then what it means for a student: how it fits
//! ([`matching`], [`closeness`]), what to show next ([`next`]), what became of an application ([`track`], [`calendar`]),
//! when boards are due ([`schedule`]) and which openings to tell of ([`notify`]), and how advert and résumé spell what is
//! asked for ([`keywords`]).
//!
//! Rules only; no network, no model, no clock, no panic on any input, work bounded by the length of an answer or by
//! [`visible`]'s cap. Precision comes before recall: a student who is told a wrong stipend or deadline is worse off
//! than one who is told "not stated".

mod board;
pub mod calendar;
pub mod catalogue;
pub mod closeness;
pub mod cluster;
mod connector;
mod crawl;
mod dates;
mod eligibility;
pub mod elsewhere;
mod flags;
pub mod freshness;
mod header;
pub mod keywords;
pub mod matching;
pub mod next;
pub mod notify;
mod page;
mod pay;
mod places;
pub mod polite;
mod posting;
pub mod robots;
pub mod schedule;
mod skills;
pub mod track;
mod visible;

use chrono::NaiveDate;
use internflow_domain::JobKind;
use serde::{Deserialize, Serialize};

pub use board::{Board, Connector};
pub use crawl::{Answer, Crawl, Filled, Method, Request, Skipped, Step, saved};
pub use flags::{Flag, FlagKind};
pub use pay::{ForeignPay, Per, Range};
pub use posting::Posting;
pub use visible::{Visible, visible};

use page::Page;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stated<T> {
    pub value: T,
    /// The sentence or line of the visible text that says so, word for word.
    pub from: String,
}

impl<T> Stated<T> {
    pub(crate) fn new(value: T, from: &str) -> Self {
        Self { value, from: from.to_owned() }
    }
}

/// An offer of a job after the internship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ppo {
    /// Promised to all who finish.
    Promised,
    /// May come, depends on performance or need.
    Possible,
}

/// Where the work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    Remote,
    Hybrid,
    Office,
}

/// When the work begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    Immediate,
    Month { year: i32, month: u32 },
}

/// What an advert states. `None` and empty lists mean "not stated", never zero.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Advert {
    pub title: Option<Stated<String>>,
    /// Without its legal form ("Pvt. Ltd.", "GmbH").
    pub company: Option<Stated<String>>,
    pub kind: Option<Stated<JobKind>>,
    /// Months of the internship; weeks count a quarter.
    pub duration_months: Option<Stated<Range>>,
    pub start: Option<Stated<Start>>,
    /// ₹ a month of the internship.
    pub stipend: Option<Stated<Range>>,
    /// Lakh ₹ a year of the job, also of the one after the internship.
    pub salary_lpa: Option<Stated<Range>>,
    /// Pay that is not in ₹; then there is neither stipend nor salary.
    pub foreign_pay: Option<Stated<ForeignPay>>,
    pub unpaid: Option<Stated<bool>>,
    pub ppo: Option<Stated<Ppo>>,
    /// Cities in their present official spelling; a country only where no city is named.
    pub places: Vec<Stated<String>>,
    pub mode: Option<Stated<Mode>>,
    /// Years of graduation.
    pub batches: Vec<Stated<i32>>,
    pub degrees: Vec<Stated<String>>,
    /// Of 10.
    pub cgpa_min: Option<Stated<f64>>,
    /// Per cent of marks.
    pub percent_min: Option<Stated<f64>>,
    pub bond_months: Option<Stated<f64>>,
    pub deadline: Option<Stated<NaiveDate>>,
    pub posted: Option<Stated<NaiveDate>>,
    pub experience_min_years: Option<Stated<f64>>,
    /// Names of the taxonomy in `data/skills.toml`.
    pub skills_required: Vec<Stated<String>>,
    pub skills_optional: Vec<Stated<String>>,
    /// Reasons to look twice.
    pub flags: Vec<Stated<Flag>>,
    /// The advert holds text that a reader does not see. It was not read.
    pub hidden: bool,
}

/// Reads a raw advert: plain text, Markdown or HTML, entities escaped once or twice. `today` completes dates
/// without a year and decides what is stale.
pub fn read(text: &str, today: NaiveDate) -> Advert {
    let Visible { text, hidden } = visible(text);
    let page = Page::new(&text);
    let mut advert = Advert { hidden, ..Advert::default() };
    header::read(&page, &mut advert);
    advert.experience_min_years = eligibility::experience(&page);
    advert.batches = eligibility::batches(&page, today);
    advert.degrees = eligibility::degrees(&page);
    advert.cgpa_min = eligibility::cgpa(&page);
    advert.percent_min = eligibility::percent(&page);
    advert.bond_months = eligibility::bond(&page);
    advert.kind = header::kind(&page, &advert);
    let kind = advert.kind.as_ref().map(|k| k.value);
    let internship = kind == Some(JobKind::Internship);
    advert.deadline = dates::deadline(&page, today);
    advert.posted = dates::posted(&page, today);
    advert.start = dates::start(&page, today);
    if internship {
        advert.duration_months = dates::duration(&page);
        advert.ppo = pay::ppo(&page);
    }
    advert.unpaid = pay::unpaid(&page);
    pay::read(&page, internship, &mut advert);
    advert.places = places::places(&page, &advert);
    advert.mode = places::mode(&page);
    skills::read(&page, &mut advert);
    advert.flags = flags::flags(&page, &advert, today);
    advert
}

#[cfg(test)]
mod tests;
