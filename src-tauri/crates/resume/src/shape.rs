//! The shape of the fields of JSON Resume that InternFlow reads, as data: one table serves the check of
//! a file that comes in and the tidying of one that goes out.

/// What a field must hold. Fields that no table names may hold anything.
pub enum Shape {
    Text,
    Texts,
    Object(&'static [(&'static str, Shape)]),
    Objects(&'static [(&'static str, Shape)]),
}

impl Shape {
    /// In the words of an error message.
    pub fn wanted(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Texts => "a list of texts",
            Self::Object(_) => "an object",
            Self::Objects(_) => "a list of objects",
        }
    }
}

use Shape::{Object, Objects, Text, Texts};

pub static PROFILE: Shape = Object(&[
    ("basics", Object(BASICS)),
    ("education", Objects(EDUCATION)),
    ("work", Objects(WORK)),
    ("projects", Objects(PROJECT)),
    ("skills", Objects(&[("name", Text), ("keywords", Texts)])),
]);

const BASICS: &[(&str, Shape)] = &[
    ("name", Text),
    ("label", Text),
    ("email", Text),
    ("phone", Text),
    ("url", Text),
    ("summary", Text),
    ("location", Object(&[("city", Text), ("region", Text), ("countryCode", Text)])),
    ("profiles", Objects(&[("network", Text), ("username", Text), ("url", Text)])),
];

const EDUCATION: &[(&str, Shape)] = &[
    ("institution", Text),
    ("area", Text),
    ("studyType", Text),
    ("startDate", Text),
    ("endDate", Text),
    ("score", Text),
    ("courses", Texts),
];

const WORK: &[(&str, Shape)] = &[
    ("name", Text),
    ("position", Text),
    ("location", Text),
    ("url", Text),
    ("startDate", Text),
    ("endDate", Text),
    ("summary", Text),
    ("highlights", Texts),
];

const PROJECT: &[(&str, Shape)] = &[
    ("name", Text),
    ("description", Text),
    ("url", Text),
    ("startDate", Text),
    ("endDate", Text),
    ("highlights", Texts),
    ("keywords", Texts),
];
