//! How a résumé looks, and what it takes to bring it onto one page.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arrangements of a résumé. All have one column and are read in the order in which they are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Template {
    #[default]
    Classic,
    Compact,
    Academic,
    Modern,
}

impl Template {
    /// In the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Classic, Self::Compact, Self::Academic, Self::Modern];

    pub fn name(self) -> &'static str {
        match self {
            Self::Classic => "Classic",
            Self::Compact => "Compact",
            Self::Academic => "Academic",
            Self::Modern => "Modern",
        }
    }

    /// One line for the list of templates.
    pub fn description(self) -> &'static str {
        match self {
            Self::Classic => "Sans serif with blue headings and room to breathe. Fits most applications.",
            Self::Compact => "Black on white with narrow margins and a small head. Holds the most on a page.",
            Self::Academic => "Serif with a centred head. Education, publications and projects before jobs.",
            Self::Modern => "Green headings in capitals, a large name. Experience and projects come first.",
        }
    }
}

/// Sizes of paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Paper {
    #[default]
    A4,
    /// US Letter.
    Letter,
}

/// Template and paper of a document. Absent fields have their defaults.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Look {
    pub template: Template,
    pub paper: Paper,
}

/// What it takes to bring a résumé onto one page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Fit {
    /// Pages as the document is exported now.
    pub pages: usize,
    /// Room that was taken for it: 0 none, 1 to 3 from the spacing, 4 and 5 from the margins too.
    pub step: usize,
    /// What to leave out for one page, the least valuable first. Empty when there is one page already, and when
    /// no choice of entries is enough. Nothing is left out before the user agrees.
    pub proposal: Vec<Omission>,
}

/// A bullet or a whole entry that may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Omission {
    pub kind: EntryKind,
    /// Which one of its kind, from 0 in the order of the profile.
    pub entry: usize,
    /// Which of the entry's bullets, from 0; null for the whole entry.
    pub bullet: Option<usize>,
    /// Title of the entry.
    pub title: String,
    /// Words of the bullet; empty for a whole entry.
    pub text: String,
    /// Why it counts less than what stays ("older, not proven").
    pub why: String,
}

/// Lists of a profile whose entries may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    Work,
    Project,
    Volunteering,
}

/// Something of the profile that the user left out of the document for room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Omitted {
    #[ts(type = "number")]
    pub id: i64,
    pub kind: EntryKind,
    /// Title of the entry with what tells it from others ("Backend intern, Acme, 2025-05").
    pub entry: String,
    /// Words of the bullet; empty for the whole entry.
    pub text: String,
}
