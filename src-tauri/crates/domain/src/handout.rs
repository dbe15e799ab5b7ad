//! A document of headings, text and code, to be read on paper beside the résumé.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The document in reading order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Handout {
    pub title: String,
    /// What it is for, in one paragraph.
    pub lead: String,
    pub parts: Vec<HandoutPart>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "of", rename_all = "lowercase")]
pub enum HandoutPart {
    Heading(String),
    /// A paragraph that stands out: what the following parts are about.
    Claim(String),
    Text(String),
    List(Vec<String>),
    /// Lines of a file, under their place ("shop/orders.py:3-9").
    Code {
        place: String,
        text: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum HandoutFormat {
    Pdf,
    Md,
}

impl HandoutFormat {
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Md => "md",
        }
    }
}
