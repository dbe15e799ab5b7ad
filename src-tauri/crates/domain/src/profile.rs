//! The user's profile in the JSON Resume format, <https://jsonresume.org/schema> (v1.0.0).
//! Fields that InternFlow does not show are kept in `other`, so that a file read and written again
//! loses nothing.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

/// A whole résumé. Every field may be absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Profile {
    pub basics: Basics,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub education: Vec<Education>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub work: Vec<Work>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<Project>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Skill>,
    #[serde(flatten)]
    #[ts(skip)]
    pub other: Map<String, Value>,
}

impl Profile {
    /// What is studied now, else what was studied last. A beginning without an end goes on.
    pub fn newest_education(&self) -> Option<&Education> {
        let end = |entry: &&Education| match (entry.end_date.trim(), entry.start_date.trim()) {
            ("", start) if !start.is_empty() => "9999".to_owned(),
            (end, _) => end.to_owned(),
        };
        self.education.iter().max_by_key(end)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct Basics {
    pub name: String,
    /// Title under the name ("B.Tech Computer Science, 2027").
    pub label: String,
    pub email: String,
    pub phone: String,
    pub url: String,
    pub summary: String,
    pub location: Location,
    pub profiles: Vec<OnlineProfile>,
    #[serde(flatten)]
    #[ts(skip)]
    pub other: Map<String, Value>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct Location {
    pub city: String,
    pub region: String,
    pub country_code: String,
    #[serde(flatten)]
    #[ts(skip)]
    pub other: Map<String, Value>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct OnlineProfile {
    pub network: String,
    pub username: String,
    pub url: String,
}

/// Dates are `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; empty when not stated.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct Education {
    pub institution: String,
    pub area: String,
    pub study_type: String,
    pub start_date: String,
    pub end_date: String,
    /// CGPA or percentage, as the user writes it.
    pub score: String,
    pub courses: Vec<String>,
    #[serde(flatten)]
    #[ts(skip)]
    pub other: Map<String, Value>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct Work {
    pub name: String,
    pub position: String,
    pub location: String,
    pub url: String,
    pub start_date: String,
    pub end_date: String,
    pub summary: String,
    pub highlights: Vec<String>,
    #[serde(flatten)]
    #[ts(skip)]
    pub other: Map<String, Value>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct Project {
    pub name: String,
    pub description: String,
    pub url: String,
    pub start_date: String,
    pub end_date: String,
    /// Bullets.
    pub highlights: Vec<String>,
    /// Languages and frameworks.
    pub keywords: Vec<String>,
    #[serde(flatten)]
    #[ts(skip)]
    pub other: Map<String, Value>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct Skill {
    pub name: String,
    pub keywords: Vec<String>,
    #[serde(flatten)]
    #[ts(skip)]
    pub other: Map<String, Value>,
}

/// File formats a résumé leaves in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ResumeFormat {
    Pdf,
    Docx,
    Json,
    Md,
    Txt,
    Html,
}

impl ResumeFormat {
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Json => "json",
            Self::Md => "md",
            Self::Txt => "txt",
            Self::Html => "html",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_studied_now_is_newer_than_school() {
        let entry = |name: &str, start: &str, end: &str| Education {
            institution: name.into(),
            start_date: start.into(),
            end_date: end.into(),
            ..Education::default()
        };
        let (school, college) = (entry("KV", "2010-06", "2022-05"), entry("NIT", "2023-08", ""));
        let profile = Profile { education: vec![college, school], ..Profile::default() };
        assert_eq!(
            profile.newest_education().map(|e| e.institution.as_str()),
            Some("NIT"),
            "its end is open"
        );
        assert_eq!(Profile::default().newest_education(), None);
    }
}
