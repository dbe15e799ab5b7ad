//! DOCX: a ZIP of XML parts (ECMA-376). The parts are unpacked only as far as a résumé needs, then read twice.

mod body;
mod plain;
mod styles;

use std::io::{Cursor, Read};
use std::time::Duration;

use zip::ZipArchive;

use crate::contact::{email, phone};
use crate::guard::{Lost, contained};
use crate::line::{Line, text_of};
use crate::problem::{Kind, Problem};

/// How long unpacking and both readers may take together.
const LIMIT: Duration = Duration::from_secs(60);

/// Parts of a file; Word writes about twenty.
const MOST_PARTS: usize = 2000;

/// Bytes that the parts which are read may unpack to together.
const MOST_UNPACKED: u64 = 16 << 20;

/// Headers and footers that are read.
const MOST_MARGINS: usize = 12;

/// What the two readers made of a Word document.
#[derive(Debug, Default)]
pub(crate) struct Docx {
    pub by_style: Vec<Line>,
    pub plain: Vec<Line>,
    pub problems: Vec<Problem>,
}

/// The mark of Microsoft's older container, which also holds protected documents.
const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Whether the content is a Word document, also a damaged or protected one.
pub(crate) fn is_docx(file: &[u8]) -> bool {
    file.starts_with(b"PK\x03\x04") && contains(file, b"word/") || is_protected(file)
}

fn is_protected(file: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".bytes().flat_map(|b| [b, 0]).collect();
    file.starts_with(OLE) && contains(file, &name)
}

fn contains(file: &[u8], word: &[u8]) -> bool {
    file.windows(word.len()).any(|w| w == word)
}

/// Reads a Word document. What keeps it from being read is among the problems.
pub(crate) fn read(file: &[u8]) -> Docx {
    if is_protected(file) {
        return refused(Kind::Encrypted);
    }
    let file = file.to_vec();
    let read = contained(LIMIT, move || match unpack(&file) {
        Ok(parts) => parts_to_lines(&parts),
        Err(kind) => refused(kind),
    });
    read.unwrap_or_else(|lost| {
        refused(match lost {
            Lost::Panicked => Kind::Damaged,
            Lost::TooSlow => Kind::TooSlow,
        })
    })
}

fn refused(kind: Kind) -> Docx {
    Docx { problems: vec![Problem::new(kind, "")], ..Docx::default() }
}

/// The parts that hold text.
#[derive(Default)]
struct Parts {
    document: Vec<u8>,
    styles: Vec<u8>,
    /// Headers and footers.
    margins: Vec<Vec<u8>>,
}

fn unpack(file: &[u8]) -> Result<Parts, Kind> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| Kind::Damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(Kind::Bomb);
    }
    let mut left = MOST_UNPACKED;
    let mut parts = Parts::default();
    let mut names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    names.sort_unstable();
    for name in names {
        let Some(file_name) = name.strip_prefix("word/").and_then(|n| n.strip_suffix(".xml")) else {
            continue;
        };
        let margin = file_name.starts_with("header") || file_name.starts_with("footer");
        if !(margin && parts.margins.len() < MOST_MARGINS || ["document", "styles"].contains(&file_name)) {
            continue;
        }
        let mut bytes = Vec::new();
        // What the directory says about sizes may be a lie: what comes out is counted.
        let part = archive.by_name(&name).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(_) => Kind::Encrypted,
            _ => Kind::Damaged,
        })?;
        part.take(left + 1).read_to_end(&mut bytes).map_err(|_| Kind::Damaged)?;
        left = left.checked_sub(bytes.len() as u64).ok_or(Kind::Bomb)?;
        match file_name {
            "document" => parts.document = bytes,
            "styles" => parts.styles = bytes,
            _ => parts.margins.push(bytes),
        }
    }
    if parts.document.is_empty() { Err(Kind::Damaged) } else { Ok(parts) }
}

fn parts_to_lines(parts: &Parts) -> Docx {
    let styles = styles::read(&parts.styles);
    let body = body::read(&parts.document, &styles);
    let mut margins: Vec<Line> = Vec::new();
    for part in &parts.margins {
        margins.extend(body::read(part, &styles).lines);
    }
    let mut problems = Vec::new();
    if body.damaged {
        problems.push(Problem::new(Kind::Damaged, "The text after the damage is missing."));
    }
    if body.lines.is_empty() && margins.is_empty() {
        let what = if body.pictures > 0 { "The pages are pictures." } else { "The document is empty." };
        problems.push(Problem::new(Kind::NoText, what));
    }
    if body.tables > 0 {
        problems.push(Problem::new(Kind::Table, &first_words(&body.in_tables)));
    }
    if !body.boxed.trim().is_empty() {
        problems.push(Problem::new(Kind::TextBox, &first_words(&body.boxed)));
    }
    if body.columns {
        problems.push(Problem::new(Kind::Columns, ""));
    }
    let edge = text_of(&margins);
    let worded = edge.chars().filter(|c| c.is_alphabetic()).count() > 3;
    if worded {
        problems.push(Problem::new(Kind::HeaderFooter, &first_words(&edge)));
    }
    let plain = plain::read(&parts.document);
    let inside = text_of(&plain);
    let outside = format!("{edge}\n{}", body.boxed);
    let only_outside = |find: fn(&str) -> Option<&str>| {
        find(&outside).filter(|_| !inside.lines().any(|line| find(line).is_some()))
    };
    let lost: Vec<&str> = [only_outside(email), only_outside(phone)].into_iter().flatten().collect();
    if !lost.is_empty() {
        problems.push(Problem::new(Kind::ContactInHeader, &lost.join(", ")));
    }
    Docx { by_style: body.lines, plain, problems }
}

/// Enough of a text to find it again.
fn first_words(text: &str) -> String {
    const WORDS: usize = 12;
    let mut words = text.split_whitespace();
    let shown: Vec<&str> = words.by_ref().take(WORDS).collect();
    let more = if words.next().is_some() { " …" } else { "" };
    shown.join(" ") + more
}
