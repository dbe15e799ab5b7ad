//! From glyphs to lines: rows by their baselines, words by the gaps between glyphs, columns by the edges that many
//! lines share.

use std::collections::HashMap;

use super::paint::Glyph;
use crate::line::{Line, Mark, bullet};

/// Share of the size by which baselines of one row may differ.
const BASELINE: f32 = 0.4;

/// Share of the size from which a gap is a space.
const SPACE: f32 = 0.17;

/// Share of the size from which a gap parts a row: a date at the right edge, a second column.
const WIDE: f32 = 1.3;

/// Of the usual distance between lines, from which there is room above.
const ROOM: f32 = 1.18;

/// A piece of a row without wide gaps.
#[derive(Debug, Clone, Default)]
struct Piece {
    text: String,
    x: f32,
    end: f32,
    y: f32,
    size: f32,
    bold: usize,
    first_word: f32,
}

/// Pieces that stand on one baseline and are read as one line.
struct Row {
    pieces: Vec<Piece>,
    side: Side,
}

/// The column of a row.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Whole,
    Left,
    Right,
}

impl Side {
    const ALL: [Self; 3] = [Self::Whole, Self::Left, Self::Right];
}

/// Lines of a file.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub lines: Vec<Line>,
    /// Somewhere lines stand beside lines.
    pub columns: bool,
    /// The first row of a table.
    pub table: Option<String>,
}

/// Points between the baselines of two pages, so that all pages make one long one.
const PAGE: f32 = 20_000.0;

/// Lines as they stand on the pages: from the top, a column after the other.
pub(super) fn by_place(pages: &[Vec<Glyph>]) -> Layout {
    let mut all = Vec::new();
    let mut columns = false;
    for (number, glyphs) in pages.iter().enumerate() {
        let mut sorted: Vec<&Glyph> = glyphs.iter().collect();
        sorted.sort_by(|a, b| b.y.total_cmp(&a.y));
        let mut rows: Vec<Vec<&Glyph>> = Vec::new();
        for glyph in sorted {
            match rows.last_mut() {
                Some(row) if row[0].y - glyph.y <= BASELINE * row[0].size.max(glyph.size) => row.push(glyph),
                _ => rows.push(vec![glyph]),
            }
        }
        rows.iter_mut().for_each(|row| row.sort_by(|a, b| a.x.total_cmp(&b.x)));
        let rows = set(&rows, number);
        match gutter(&rows) {
            Some(gutter) => {
                columns = true;
                all.extend(in_columns(rows, gutter));
            }
            None => all.extend(rows),
        }
    }
    let table = all.windows(3).find(|rows| rows.iter().all(|row| row.pieces.len() > 2));
    let table = table.map(|rows| joined(&rows[0].pieces).replace('\t', " | "));
    Layout { lines: lines(&all), columns, table }
}

/// Lines in the order in which the file paints them.
pub(super) fn by_order(pages: &[Vec<Glyph>]) -> Layout {
    let mut all = Vec::new();
    for (number, glyphs) in pages.iter().enumerate() {
        let mut rows: Vec<Vec<&Glyph>> = Vec::new();
        for glyph in glyphs {
            match rows.last_mut() {
                Some(row) if continues(row, glyph) => row.push(glyph),
                _ => rows.push(vec![glyph]),
            }
        }
        all.extend(set(&rows, number));
    }
    Layout { lines: lines(&all), ..Layout::default() }
}

fn set(rows: &[Vec<&Glyph>], page: usize) -> Vec<Row> {
    let below = PAGE * page as f32;
    let mut set: Vec<Row> = rows.iter().map(|row| Row { pieces: pieces(row), side: Side::Whole }).collect();
    set.retain(|row| !row.pieces.is_empty());
    set.iter_mut().flat_map(|row| &mut row.pieces).for_each(|piece| piece.y -= below);
    set
}

/// On the same baseline and not far back to the left.
fn continues(row: &[&Glyph], glyph: &Glyph) -> bool {
    let Some(last) = row.last() else { return false };
    let size = last.size.max(glyph.size);
    (last.y - glyph.y).abs() <= BASELINE * size && glyph.x > last.x - 0.5 * size
}

/// Words and gaps of a row, from the left.
fn pieces(row: &[&Glyph]) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    let mut last: Option<&Glyph> = None;
    for glyph in row {
        let gap = last.map_or(0.0, |last| glyph.x - last.end);
        let blank = glyph.text.trim().is_empty();
        let printed_twice = last.is_some_and(|last| {
            !blank
                && last.text == glyph.text
                && (last.x - glyph.x).abs() < 0.1 * glyph.size
                && last.y == glyph.y
        });
        // Some programs print a letter twice to make it bold.
        if printed_twice {
            continue;
        }
        let new = all.is_empty() || gap > WIDE * glyph.size;
        if new && !blank {
            all.push(Piece { x: glyph.x, y: glyph.y, size: glyph.size, ..Piece::default() });
        }
        if let Some(piece) = all.last_mut() {
            let space = blank || gap > SPACE * glyph.size;
            if space && !new && !piece.text.is_empty() && !piece.text.ends_with(' ') {
                if piece.first_word == 0.0 {
                    piece.first_word = piece.end - piece.x;
                }
                piece.bold += usize::from(piece.bold == piece.text.len());
                piece.text.push(' ');
            }
            if !blank {
                if glyph.bold && piece.bold == piece.text.len() {
                    piece.bold += glyph.text.len();
                }
                // The bullet before a text may be larger and hang elsewhere.
                if bullet(&piece.text).is_some_and(str::is_empty) {
                    (piece.y, piece.size) = (glyph.y, glyph.size);
                }
                piece.text.push_str(&glyph.text);
                piece.end = piece.end.max(glyph.end);
                piece.size = piece.size.max(glyph.size);
            }
        }
        if !(blank && all.is_empty()) {
            last = Some(glyph);
        }
    }
    for piece in &mut all {
        piece.text.truncate(piece.text.trim_end().len());
        piece.bold = piece.bold.min(piece.text.len());
        if piece.first_word == 0.0 {
            piece.first_word = piece.end - piece.x;
        }
    }
    all.retain(|piece| !piece.text.is_empty());
    all
}

/// The left edge of a second column, where there is one: many lines begin there, close below each other, and
/// hardly any line runs across it. Dates at the right edge share no left edge, or stand far apart.
fn gutter(rows: &[Row]) -> Option<f32> {
    const FEWEST: usize = 6;
    /// Edges that are tried; lines share a few.
    const MOST_EDGES: usize = 60;
    let left = rows.iter().filter_map(|r| r.pieces.first()).map(|p| p.x).fold(f32::MAX, f32::min);
    let right = rows.iter().filter_map(|r| r.pieces.last()).map(|p| p.end).fold(0.0, f32::max);
    let edges = rows.iter().flat_map(|r| &r.pieces).map(|p| p.x);
    let mut tried: Vec<f32> = Vec::new();
    for edge in edges.filter(|x| *x > left + 0.2 * (right - left)) {
        if tried.iter().any(|t| (t - edge).abs() <= 3.0) {
            continue;
        }
        if tried.len() == MOST_EDGES {
            break;
        }
        tried.push(edge);
        let at_edge: Vec<&Piece> =
            rows.iter().flat_map(|r| &r.pieces).filter(|p| (p.x - edge).abs() <= 3.0).collect();
        let (Some(top), Some(bottom)) = (at_edge.first(), at_edge.last()) else { continue };
        let close = at_edge.windows(2).filter(|w| w[0].y - w[1].y < 2.0 * w[0].size).count();
        let beside =
            || rows.iter().filter(|r| r.pieces[0].y <= top.y + 1.0 && r.pieces[0].y >= bottom.y - 1.0);
        let across = beside().filter(|r| r.pieces.iter().any(|p| p.x < edge - 4.0 && p.end > edge)).count();
        let lefts = beside().filter(|r| r.pieces[0].end <= edge).count();
        let aligned = beside().filter(|r| r.pieces[0].end <= edge && r.pieces.len() > 1).count();
        // A list of labels with their values is read row by row and no column.
        let table = aligned * 10 >= at_edge.len() * 8 && at_edge.len() < 12;
        if at_edge.len() >= FEWEST
            && close >= 3
            && close * 4 >= at_edge.len()
            && across * 5 <= beside().count()
            && lefts >= 4
            && !table
        {
            return Some(edge);
        }
    }
    None
}

/// Rows parted at the gutter: the left column down to the next line that runs across, then the right one.
fn in_columns(rows: Vec<Row>, gutter: f32) -> Vec<Row> {
    let mut ordered = Vec::new();
    let mut right_column: Vec<Row> = Vec::new();
    for row in rows {
        if row.pieces.iter().any(|p| p.x < gutter - 4.0 && p.end > gutter) {
            ordered.append(&mut right_column);
            ordered.push(row);
            continue;
        }
        let (left, right): (Vec<Piece>, Vec<Piece>) =
            row.pieces.into_iter().partition(|p| p.x < gutter - 4.0);
        if !left.is_empty() {
            ordered.push(Row { pieces: left, side: Side::Left });
        }
        if !right.is_empty() {
            right_column.push(Row { pieces: right, side: Side::Right });
        }
    }
    ordered.append(&mut right_column);
    ordered
}

/// Marks what each row is to the one above it.
fn lines(rows: &[Row]) -> Vec<Line> {
    // A heading stands apart; where sections are short, its distances would be the most common ones.
    let one_size = |w: &&[Row]| {
        let (above, below) = (w[0].pieces[0].size, w[1].pieces[0].size);
        (above - below).abs() < 0.06 * below
    };
    let steps = rows.windows(2).filter(one_size).map(|w| w[0].pieces[0].y - w[1].pieces[0].y);
    let steps = steps.filter(|d| *d > 0.0);
    let pitch = most_common(steps);
    let body = most_common(
        rows.iter()
            .flat_map(|r| &r.pieces)
            .flat_map(|p| std::iter::repeat_n(p.size, p.text.len().div_ceil(20))),
    );
    let tight = tightest(rows);
    let columns = Side::ALL.map(|side| Column::of(rows, side));
    // Where other bullets are in use, a dot at the start of a line parts facts that run over its end.
    let separated =
        rows.iter().any(|row| !row.pieces[0].text.starts_with('·') && bullet(&row.pieces[0].text).is_some());
    let marked = rows.iter().any(|row| bullet(&joined(&row.pieces)).is_some());
    let mut all: Vec<Line> = Vec::new();
    // Left edge of the text of the list item above.
    let mut item: Option<f32> = None;
    for (i, row) in rows.iter().enumerate() {
        let first = &row.pieces[0];
        let above = i.checked_sub(1).map(|i| &rows[i]);
        // A bullet may hang a little above the line of its text.
        let step = above.and_then(|above| above.pieces.last()).map_or(f32::MAX, |above| above.y - first.y);
        // On a new page a paragraph goes on or a new one begins: its room above is not seen.
        let new_page = step > PAGE / 2.0;
        let gap = step > ROOM * pitch.max(1.25 * first.size) || step < 0.0;
        let whole = joined(&row.pieces);
        let mut line = Line { gap, size: first.size, quiet: first.size < 0.985 * body, ..Line::default() };
        let same_size = above
            .and_then(|a| a.pieces.last())
            .is_some_and(|a| (a.size - first.size).abs() < 0.02 * first.size);
        let goes_on = if new_page { item.is_some() } else { !gap };
        let bulleted = bullet(&whole).filter(|_| !(separated && whole.starts_with('·')));
        let unmarked = bulleted.is_none() && !marked && columns[row.side as usize].shares_indent(first);
        if let Some(text) = bulleted {
            line.mark = Mark::Bullet;
            // The text may be a piece of its own or follow the bullet.
            let alone = bullet(&first.text).is_some_and(str::is_empty);
            let inside = row.pieces.get(1).filter(|_| alone).map(|second| second.x);
            item = Some(inside.unwrap_or(first.x + 0.5 * first.size));
            line.text = text.to_owned();
        } else {
            let indented = item.is_some_and(|x| first.x >= x - 1.0);
            let edge = above.map_or(first.x, |above| above.pieces[0].x);
            let close = step <= 1.05 * tight * first.size;
            let full = above.is_some_and(|above| columns[above.side as usize].fills(above, first))
                && close
                && first.x >= edge - 1.0;
            let open_ended = all.last().is_some_and(|last| last.text.ends_with(['·', '|', ',']));
            let title = first.size > 1.3 * body;
            if goes_on
                && same_size
                && (indented || full || open_ended || title || separated && whole.starts_with('·'))
                && (item.is_none() || indented)
            {
                line.mark = Mark::Continues;
                if full && first.x > edge + 0.4 * first.size {
                    item = Some(first.x);
                }
            } else if unmarked {
                line.mark = Mark::Bullet;
                item = None;
            } else {
                item = None;
            }
            line.bold = first.bold;
            line.text = whole;
        }
        all.push(line);
    }
    all
}

/// What the rows of a column have in common.
struct Column {
    left: f32,
    right: f32,
    /// Left edges in whole points, and how many rows begin there.
    edges: HashMap<i32, usize>,
}

impl Column {
    fn of(rows: &[Row], side: Side) -> Self {
        /// Points; a page with a few short lines shows nothing of its right edge.
        const NARROWEST: f32 = 380.0;
        let rows = || rows.iter().filter(|row| row.side == side);
        let left = rows().map(|row| row.pieces[0].x).fold(f32::MAX, f32::min);
        let right = rows().filter_map(|row| row.pieces.last()).map(|p| p.end).fold(0.0, f32::max);
        let mut edges = HashMap::new();
        for row in rows() {
            *edges.entry(row.pieces[0].x.round() as i32).or_default() += 1;
        }
        Self { left, right: if side == Side::Whole { right.max(left + NARROWEST) } else { right }, edges }
    }

    /// Whether the first word of the next line had no room in a row. What stands at the right edge behind a gap
    /// fills no line.
    fn fills(&self, row: &Row, next: &Piece) -> bool {
        matches!(row.pieces.as_slice(), [all] if all.end + 0.2 * next.size + next.first_word > self.right)
    }

    /// Some programs draw bullets as circles: then an item of a list is known by its indent, which others share.
    fn shares_indent(&self, first: &Piece) -> bool {
        let indent = (first.x - self.left) / first.size;
        let edge = first.x.round() as i32;
        let rows: usize = (edge - 1..=edge + 1).filter_map(|edge| self.edges.get(&edge)).sum();
        (1.2..6.0).contains(&indent) && rows > 1
    }
}

/// Distance of the lines inside a paragraph, in sizes: that of lines indented below a bullet, where there are some.
fn tightest(rows: &[Row]) -> f32 {
    let below = rows.windows(2).filter_map(|pair| {
        let (above, below) = (&pair[0].pieces[0], &pair[1].pieces[0]);
        let bulleted = bullet(&above.text).is_some() && bullet(&below.text).is_none();
        let step = (above.y - below.y) / below.size;
        (bulleted && below.x > above.x + 0.4 * below.size && (0.8..2.0).contains(&step)).then_some(step)
    });
    let tight = below.fold(f32::MAX, f32::min);
    if tight == f32::MAX { ROOM * 1.5 } else { tight }
}

fn joined(pieces: &[Piece]) -> String {
    pieces.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\t")
}

/// The value that occurs most often, to a fifth of a point; 0 of nothing.
fn most_common(values: impl Iterator<Item = f32>) -> f32 {
    let mut counts: HashMap<i32, usize> = HashMap::new();
    for value in values {
        *counts.entry((value * 5.0).round() as i32).or_default() += 1;
    }
    // Of two that are as common, the smaller.
    let best = counts.into_iter().max_by_key(|(fifths, count)| (*count, std::cmp::Reverse(*fifths)));
    best.map_or(0.0, |(fifths, _)| fifths as f32 / 5.0)
}
