//! What a résumé says, as an applicant tracking system stores it. The same shape holds what was read from a file
//! and what is known to be in it.

use serde::{Deserialize, Serialize};

/// A value and where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub value: String,
    /// Line of the reading's text, from 1; `None` for what was not read from a file.
    pub line: Option<usize>,
}

impl Found {
    pub(crate) fn new(value: impl Into<String>, line: usize) -> Self {
        Self { value: value.into(), line: Some(line) }
    }

    /// A value that is known and not read.
    pub fn known(value: impl Into<String>) -> Self {
        Self { value: value.into(), line: None }
    }
}

/// A span of time. A single date is both ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dates {
    /// `YYYY` or `YYYY-MM`.
    pub start: String,
    /// `YYYY`, `YYYY-MM` or `present`.
    pub end: String,
    pub line: Option<usize>,
}

/// A school, college or university.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct School {
    pub school: Option<Found>,
    pub degree: Option<Found>,
    pub dates: Option<Dates>,
    /// CGPA or per cent, as written.
    pub score: Option<Found>,
    /// Facts beside the degree: the place, the board.
    pub facts: Vec<Found>,
    /// What stands below: coursework and remarks.
    pub text: Option<Found>,
}

/// A job, a project or a position of responsibility.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    pub title: Option<Found>,
    pub organisation: Option<Found>,
    pub dates: Option<Dates>,
    /// Facts beside the dates: the place of a job, the technologies of a project.
    pub facts: Vec<Found>,
    pub links: Vec<Found>,
    /// Sentences before the bullets.
    pub text: Option<Found>,
    /// In reading order.
    pub bullets: Vec<Found>,
}

/// All fields of a résumé.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields {
    pub name: Option<Found>,
    /// The line under the name.
    pub headline: Option<Found>,
    pub email: Option<Found>,
    pub phone: Option<Found>,
    pub location: Option<Found>,
    /// Web addresses and accounts of the head, as shown.
    pub links: Vec<Found>,
    pub summary: Option<Found>,
    pub education: Vec<School>,
    pub experience: Vec<Entry>,
    pub projects: Vec<Entry>,
    /// Positions of responsibility and volunteering.
    pub responsibility: Vec<Entry>,
    /// Each skill by itself, without the name of its group.
    pub skills: Vec<Found>,
    pub achievements: Vec<Found>,
    pub certifications: Vec<Found>,
    pub publications: Vec<Found>,
    pub languages: Vec<Found>,
    pub interests: Vec<Found>,
}
