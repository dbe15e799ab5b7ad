//! A résumé for one opening: what its advert asks for and how the student's work answers, what to change for it, the
//! letter that goes with it, and what to know by heart before the interview.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::FitSkill;

/// What an advert asks of a résumé.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Tailoring {
    /// Role as the headline and the file's name say it: the advert's title up to its first stop.
    pub role: String,
    pub company: Option<String>,
    /// Skills it asks for, required ones first.
    pub requirements: Vec<AskedSkill>,
    pub keywords: Vec<Keyword>,
    /// Changes of the résumé for it, the accepted ones among them.
    pub suggestions: Vec<Suggestion>,
    /// Name of the file that was last written of it; null when there is none.
    pub exported: Option<String>,
}

/// A skill that an advert asks for, with the bullets that bear it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AskedSkill {
    pub skill: FitSkill,
    pub bullets: Vec<BulletShown>,
}

/// A bullet by its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BulletShown {
    #[ts(type = "number")]
    pub id: i64,
    pub repository: String,
    pub text: String,
}

/// A skill as a program looks for it: letter by letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Keyword {
    pub skill: String,
    pub required: bool,
    /// Spellings of the advert and of the résumé, and where there is one, the abbreviation or what it stands for.
    pub spellings: Vec<Spelling>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Spelling {
    pub text: String,
    pub in_advert: bool,
    pub in_resume: bool,
}

/// A change of the résumé for one opening. Each is taken or turned down by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Suggestion {
    /// Names it among the others of its opening.
    pub key: String,
    pub change: Change,
    /// For the student.
    pub why: String,
    pub decision: Decision,
}

/// What changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Change {
    /// The line under the name.
    Headline { before: String, after: String },
    /// The bullet stands before those of its project that are not moved.
    First {
        #[ts(type = "number")]
        bullet: i64,
        text: String,
    },
    /// The bullet is left out.
    Without {
        #[ts(type = "number")]
        bullet: i64,
        text: String,
    },
    /// The bullet says it in other words.
    Words {
        #[ts(type = "number")]
        bullet: i64,
        before: String,
        after: String,
    },
    /// A skill is named, or named as the advert does. `before` is empty for one that was not named.
    Skill {
        /// The line of skills that it stands in, by its label.
        line: String,
        before: String,
        after: String,
    },
}

/// What the student said of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    Open,
    Accepted,
    Rejected,
}

/// A letter to go with the résumé.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Letter {
    pub text: String,
    /// The student changed the words: they are theirs, not proven.
    pub edited: bool,
    pub words: u32,
    /// What nothing here proves, sentence by sentence with the reason.
    pub unproven: Vec<String>,
}

/// What to know by heart about each bullet of the résumé.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Defence {
    pub bullets: Vec<DefendedBullet>,
}

/// A bullet with the code behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DefendedBullet {
    pub bullet: BulletShown,
    #[ts(type = "number")]
    pub repository_id: i64,
    /// The commits behind it, newest first, some of them where there are many.
    pub commits: Vec<DefendedCommit>,
    /// All of them.
    pub commit_count: u32,
    /// The most telling lines of them that are still there.
    pub code: Vec<Excerpt>,
    pub questions: Vec<String>,
    /// Where reviews found most fault with these lines; null where nothing is open there.
    pub weakest: Option<WeakSpot>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DefendedCommit {
    pub sha: String,
    pub subject: String,
    /// `2026-11-28`.
    pub day: String,
}

/// Lines of a file at HEAD.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Excerpt {
    pub path: String,
    /// From 1.
    pub line: u32,
    /// Inclusive; of the whole piece, of which `text` may be the beginning.
    pub end_line: u32,
    /// Secrets masked.
    pub text: String,
}

/// An open finding on lines that a bullet stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WeakSpot {
    pub path: String,
    pub line: u32,
    pub message: String,
    pub why: String,
    /// Open findings on these lines, this one among them.
    pub open: u32,
}
