//! Résumé bullets and the facts that prove them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something code has counted, and from which commits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Fact {
    /// What is said, in words a bullet may use ("12 commits", "FastAPI in requirements.txt").
    pub text: String,
    /// How it was found ("git blame of HEAD, 41 files").
    pub method: String,
}

/// One line of a résumé with its proof.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Bullet {
    #[ts(type = "number")]
    pub id: i64,
    #[ts(type = "number")]
    pub repository_id: i64,
    pub repository: String,
    pub text: String,
    /// True when the model's words passed the gate; false for the plain sentence built from facts.
    pub by_model: bool,
    /// Why the model's words were refused, or null.
    pub gate: Option<String>,
    pub facts: Vec<Fact>,
    /// Full ids of the commits behind it, newest first.
    pub commits: Vec<String>,
    /// The user keeps it out of the résumé.
    pub hidden: bool,
    /// The user changed the words by hand: they are asserted, not proven.
    pub edited: bool,
    /// Its repository is private: only bullets with safe words leave the app, and its name never does.
    pub private: bool,
    /// The words name nothing of the repository.
    pub safe: bool,
    /// Stays before the others of its repository and is never proposed to be left out.
    pub pinned: bool,
    /// Other words, until the user decides on them.
    pub rewording: Option<Rewording>,
}

impl Bullet {
    /// It may stand in a document.
    pub fn goes_out(&self) -> bool {
        !self.hidden && (self.safe || !self.private)
    }
}

/// How bullets speak.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// What was built, in everyday words.
    #[default]
    Plain,
    /// With the names of its parts.
    Technical,
    /// What is there now comes first.
    Impact,
}

/// Whose English bullets are written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Usage {
    British,
    American,
    /// British spelling, with large numbers in lakhs.
    #[default]
    Indian,
}

/// Other words for a bullet and what they stand on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Rewording {
    pub text: String,
    /// As [`Bullet::by_model`].
    pub by_model: bool,
    /// As [`Bullet::gate`].
    pub gate: Option<String>,
    pub facts: Vec<Fact>,
    pub commits: Vec<String>,
    /// As [`Bullet::safe`].
    pub safe: bool,
}

/// What a user does to bullets and can undo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BulletStep {
    Hide,
    Show,
    Edit,
    Pin,
    Unpin,
    Move,
    /// Taking other words.
    Reword,
}

/// What undo and redo would do now; null where there is nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BulletSteps {
    pub undo: Option<BulletStep>,
    pub redo: Option<BulletStep>,
}
