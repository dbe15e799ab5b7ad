//! What an applicant tracking system gets out of a résumé file: the text by two independent readers, the fields that
//! a section parser finds in it, and what breaks and why. Nothing is written and nothing leaves the machine.
//!
//! Files may be hostile: sizes are checked before a library sees them, and libraries work behind a wall
//! (`guard.rs`, which also says what the wall does not hold).

mod compare;
mod contact;
mod dates;
mod docx;
mod entry;
mod expected;
mod fields;
mod findings;
mod guard;
mod heading;
mod line;
mod linkedin;
mod pdf;
mod problem;
mod profile;
mod school;
mod section;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use compare::{FieldCheck, compare};
pub use expected::expected;
pub use fields::{Dates, Entry, Fields, Found, School};
pub use linkedin::{Unread, linkedin};
pub use problem::{Kind, Problem};
pub use profile::profile;

use line::{Line, text_of};
use section::parse;

/// Bytes of a file that is read.
pub const MOST_BYTES: usize = 20 << 20;

/// Lines that are read; thirty full pages have fewer.
const MOST_LINES: usize = 4000;

/// What a file is by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Pdf,
    Docx,
    Unknown,
}

/// Which program read a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// PDF: lines as they stand on the page, a column after the other.
    ByPlace,
    /// PDF: another decoder (pdf-extract), lines in the order of the file.
    ByOrder,
    /// DOCX: paragraphs with their styles, lists and tables.
    ByStyle,
    /// DOCX: the words of the body and nothing else.
    PlainWords,
}

/// A text with the fields found in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub reader: Reader,
    /// In reading order, a line each.
    pub text: String,
    pub fields: Fields,
}

/// Everything about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadBack {
    pub format: Format,
    /// 0 where the format has no fixed pages.
    pub pages: usize,
    /// The better one first; empty when nothing could be read.
    pub readings: Vec<Reading>,
    /// Fields in which the second reading differs from the first.
    pub differences: Vec<FieldCheck>,
    pub problems: Vec<Problem>,
}

/// Reads a résumé. Never fails: what keeps it from being read is a problem among the others.
pub fn read_back(file: &[u8]) -> ReadBack {
    let format = format(file);
    let mut back =
        ReadBack { format, pages: 0, readings: Vec::new(), differences: Vec::new(), problems: Vec::new() };
    if file.is_empty() {
        back.problems.push(Problem::new(Kind::Empty, ""));
        return back;
    }
    if file.len() > MOST_BYTES {
        back.problems.push(Problem::new(Kind::TooLarge, ""));
        return back;
    }
    let lines = match format {
        Format::Pdf => {
            let pdf = pdf::read(file);
            (back.pages, back.problems) = (pdf.pages, pdf.problems);
            let second = pdf.by_order.map(|lines| (Reader::ByOrder, lines));
            vec![(Reader::ByPlace, pdf.by_place)].into_iter().chain(second).collect()
        }
        Format::Docx => {
            let docx = docx::read(file);
            back.problems = docx.problems;
            vec![(Reader::ByStyle, docx.by_style), (Reader::PlainWords, docx.plain)]
        }
        Format::Unknown => {
            back.problems.push(Problem::new(Kind::UnknownFormat, ""));
            return back;
        }
    };
    read_lines(&mut back, lines);
    back
}

fn read_lines(back: &mut ReadBack, readings: Vec<(Reader, Vec<Line>)>) {
    for (reader, mut lines) in readings.into_iter().filter(|(_, lines)| !lines.is_empty()) {
        lines.truncate(MOST_LINES);
        let parsed = parse(&lines);
        if back.readings.is_empty() {
            back.problems.extend(findings::problems(&lines, &parsed, back.pages));
        } else {
            let known: Vec<Kind> = back.problems.iter().map(|problem| problem.kind).collect();
            back.problems.extend(findings::signs(&lines).into_iter().filter(|p| !known.contains(&p.kind)));
        }
        back.readings.push(Reading { reader, text: text_of(&lines), fields: parsed.fields });
    }
    if let [first, second] = back.readings.as_slice() {
        back.differences =
            compare(&first.fields, &second.fields).into_iter().filter(|check| !check.ok).collect();
        if !back.differences.is_empty() {
            let fields: Vec<&str> = back.differences.iter().map(|d| d.field.as_str()).take(8).collect();
            back.problems.push(Problem::new(Kind::ReadersDiffer, &fields.join(", ")));
        }
    }
}

/// What a file is by its content.
pub fn format(file: &[u8]) -> Format {
    /// Some programs write a few bytes before the mark of a PDF.
    const HEAD: usize = 1024;
    let head = &file[..file.len().min(HEAD)];
    if head.windows(5).any(|w| w == b"%PDF-") {
        Format::Pdf
    } else if docx::is_docx(file) {
        Format::Docx
    } else {
        Format::Unknown
    }
}
