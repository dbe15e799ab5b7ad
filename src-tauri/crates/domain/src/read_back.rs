//! What an applicant tracking system gets out of a résumé file, field by field.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A résumé file, read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReadBack {
    /// Name of the file, or of the format where there is no file.
    pub name: String,
    pub kind: FileKind,
    /// 0 where the format has no fixed pages.
    pub pages: usize,
    /// True when it is known what was meant.
    pub compared: bool,
    /// The better reader first; empty when nothing could be read.
    pub readings: Vec<Reading>,
    /// What breaks, the most serious first.
    pub problems: Vec<ReadProblem>,
}

/// What a file is by its content, whatever its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    Pdf,
    Docx,
    Unknown,
}

/// Which program read a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReaderName {
    /// PDF: lines as they stand on the page.
    ByPlace,
    /// PDF: another decoder, lines in the order of the file.
    ByOrder,
    /// DOCX: paragraphs with their styles and lists.
    ByStyle,
    /// DOCX: the words of the body and nothing else.
    PlainWords,
}

/// What one reader got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Reading {
    pub reader: ReaderName,
    /// In reading order, a line each.
    pub text: String,
    /// In the order of a résumé.
    pub fields: Vec<ReadField>,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReadField {
    /// Its path, as in `experience[0].bullets[1]`.
    pub field: String,
    /// Empty when nothing should be there, and when it is not known what was meant.
    pub meant: String,
    /// Empty when nothing was read.
    pub read: String,
    /// It is as it was meant; where that is not known, both readers agree on it.
    pub ok: bool,
}

/// Something that keeps a system from reading the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReadProblem {
    pub breaks: String,
    pub why: String,
    /// What to do now.
    pub mend: String,
    /// The words, fonts or places that it is about; may be empty.
    pub found: String,
}
