//! PDF: checked for its size, brought into a safe form, and read twice.

mod cmap;
mod font;
mod layout;
mod paint;
mod second;
mod tree;
mod unpack;

use std::time::Duration;

use lopdf::Document;

use crate::guard::{Lost, contained};
use crate::line::Line;
use crate::problem::{Kind, Problem};

/// How long both readers may take together; a page takes a few milliseconds.
const LIMIT: Duration = Duration::from_secs(60);

/// What the two readers made of a PDF.
#[derive(Debug, Default)]
pub(crate) struct Pdf {
    pub pages: usize,
    /// Lines as they stand on the page.
    pub by_place: Vec<Line>,
    /// Lines in the order of the file, by the other reader; `None` when it gave up.
    pub by_order: Option<Vec<Line>>,
    pub problems: Vec<Problem>,
}

/// Reads a PDF. What keeps it from being read is among the problems.
pub(crate) fn read(file: &[u8]) -> Pdf {
    if unpack::is_encrypted(file) {
        return refused(Kind::Encrypted);
    }
    if !unpack::bearable(file) {
        return refused(Kind::Bomb);
    }
    let file = file.to_vec();
    contained(LIMIT, move || load(&file)).unwrap_or_else(|lost| {
        refused(match lost {
            Lost::Panicked => Kind::Damaged,
            Lost::TooSlow => Kind::TooSlow,
        })
    })
}

fn refused(kind: Kind) -> Pdf {
    Pdf { problems: vec![Problem::new(kind, "")], ..Pdf::default() }
}

fn load(file: &[u8]) -> Pdf {
    let Ok(mut doc) = Document::load_mem(file) else { return refused(Kind::Damaged) };
    // Written so that the look at the raw file missed it.
    if doc.is_encrypted() || doc.was_encrypted() {
        return refused(Kind::Encrypted);
    }
    let (ids, pages) = tree::flatten(&mut doc);
    if ids.is_empty() {
        return refused(Kind::Damaged);
    }
    let painted = paint::paint(&doc, &ids);
    let place = layout::by_place(&painted.pages);
    second::spell_out_widths(&mut doc);
    // Forms that lead back to themselves would take the other reader down with its whole process.
    let second = if painted.cut { Vec::new() } else { second::read(&doc, ids.len()) };
    let whole: Option<Vec<_>> = second.into_iter().collect();
    let order = whole.filter(|pages| !pages.is_empty()).map(|pages| layout::by_order(&pages).lines);
    let mut problems = Vec::new();
    let letters = painted.pages.iter().map(Vec::len).sum::<usize>();
    if letters == 0 {
        let what =
            if painted.images > 0 { "The pages are pictures." } else { "The pages are drawings or empty." };
        problems.push(Problem::new(Kind::NoText, what));
    }
    if painted.cut {
        problems.push(Problem::new(Kind::Tangled, ""));
    }
    if !painted.unmapped.is_empty() {
        problems.push(Problem::new(Kind::NoCharacterMap, &painted.unmapped.join(", ")));
    }
    if place.columns {
        problems.push(Problem::new(Kind::Columns, ""));
    }
    if let Some(first) = &place.table {
        problems.push(Problem::new(Kind::Table, first));
    }
    Pdf { pages, by_place: place.lines, by_order: order, problems }
}
