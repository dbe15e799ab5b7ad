//! The first reader of a Word document: paragraphs with their styles, lists, tables and text boxes (ECMA-376, part 1,
//! 17.3). The walk keeps its own stack, so that no nesting is too deep.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::styles::{Styles, attribute, is_on, number, room, value};
use crate::line::{Line, Mark, bullet};

/// What a part of the document holds.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub lines: Vec<Line>,
    pub tables: usize,
    pub in_tables: String,
    /// Text of text boxes; it is among the lines too.
    pub boxed: String,
    pub columns: bool,
    pub pictures: usize,
    /// The XML ends early.
    pub damaged: bool,
}

/// A paragraph that is being read.
#[derive(Debug, Default)]
struct Open {
    line: Line,
    /// Lines before a break inside the paragraph.
    done: Vec<Line>,
    numbered: bool,
    styled_bold: bool,
    size: f32,
    run: Run,
    runs: usize,
    coloured: usize,
}

#[derive(Debug, Default)]
struct Run {
    bold: Option<bool>,
    size: Option<f32>,
    coloured: bool,
}

/// Cells of a row, each with its lines.
type Cells = Vec<Vec<Line>>;

struct Walk<'a> {
    styles: &'a Styles,
    body: Body,
    /// Paragraphs around each other: a text box is inside one.
    open: Vec<Open>,
    /// Rows around each other.
    rows: Vec<Cells>,
    boxes: usize,
    /// Copies for older programs of what was already read.
    fallback: usize,
    in_text: bool,
    in_run: bool,
    gap: bool,
}

/// Reads a document, a header or a footer.
pub(super) fn read(xml: &[u8], styles: &Styles) -> Body {
    let mut walk = Walk {
        styles,
        body: Body::default(),
        open: Vec::new(),
        rows: Vec::new(),
        boxes: 0,
        fallback: 0,
        in_text: false,
        in_run: false,
        gap: false,
    };
    let xml = String::from_utf8_lossy(xml);
    let mut reader = Reader::from_str(&xml);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::Start(tag)) => walk.start(&tag, false),
            Ok(Event::Empty(tag)) => walk.start(&tag, true),
            Ok(Event::End(tag)) => walk.end(tag.local_name().as_ref()),
            Ok(Event::Text(text)) if walk.in_text => walk.text(&text),
            Ok(Event::CData(text)) if walk.in_text => walk.text(&text),
            // Entities that the document declares itself stay unread: they can be bombs.
            Ok(Event::GeneralRef(name)) if walk.in_text => {
                let character = name.resolve_char_ref().ok().flatten();
                let character = character.or_else(|| match &*name {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => None,
                });
                walk.text(&character.map(String::from).unwrap_or_default());
            }
            Ok(_) => {}
            Err(_) => {
                walk.body.damaged = true;
                break;
            }
        }
    }
    while !walk.open.is_empty() {
        walk.body.damaged = true;
        walk.end_paragraph();
    }
    while let Some(cells) = walk.rows.pop() {
        walk.end_row(cells);
    }
    walk.body
}

impl Walk<'_> {
    fn start(&mut self, tag: &BytesStart<'_>, empty: bool) {
        let name = tag.local_name();
        match name.as_ref() {
            "Fallback" if !empty => self.fallback += 1,
            _ if self.fallback > 0 => {}
            "p" if !empty => self.open.push(Open { size: self.size_of(""), ..Open::default() }),
            "p" => self.gap = true,
            "r" if !empty => {
                self.in_run = true;
                if let Some(open) = self.open.last_mut() {
                    open.run = Run::default();
                }
            }
            "t" => self.in_text = !empty,
            "tab" if self.in_run => self.text("\t"),
            "br" | "cr" if self.in_run => self.break_line(),
            "noBreakHyphen" => self.text("-"),
            "sym" => {
                let code = attribute(tag, "char").and_then(|c| u32::from_str_radix(&c, 16).ok());
                self.text(&code.and_then(char::from_u32).map(String::from).unwrap_or_default());
            }
            "tbl" => self.body.tables += 1,
            "tr" if !empty => self.rows.push(Cells::new()),
            "tc" => {
                if let Some(cells) = self.rows.last_mut() {
                    cells.push(Vec::new());
                }
            }
            "txbxContent" if !empty => self.boxes += 1,
            "cols" => self.body.columns |= attribute(tag, "num").is_some_and(|n| n != "1" && n != "0"),
            "blip" | "pict" => self.body.pictures += 1,
            other => self.look(other, tag),
        }
    }

    /// What a paragraph or a run says about its look.
    fn look(&mut self, name: &str, tag: &BytesStart<'_>) {
        let Some(open) = self.open.last_mut() else { return };
        match name {
            "pStyle" => {
                let style = self.styles.get(&value(tag).unwrap_or_default());
                open.line.heading = style.heading;
                open.line.gap |= style.gap;
                open.numbered |= style.list;
                open.styled_bold = style.bold;
                open.size = style.size.unwrap_or(open.size);
            }
            "numId" => open.numbered = value(tag).is_some_and(|id| id != "0"),
            "spacing" if !self.in_run => open.line.gap |= room(tag),
            "b" if self.in_run => open.run.bold = Some(is_on(tag)),
            "sz" if self.in_run => open.run.size = number(tag),
            "color" if self.in_run => {
                let black = ["auto", "000000"];
                open.run.coloured = value(tag).is_some_and(|c| !black.contains(&c.as_str()));
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "Fallback" => self.fallback = self.fallback.saturating_sub(1),
            _ if self.fallback > 0 => {}
            "t" => self.in_text = false,
            "r" => self.in_run = false,
            "p" => self.end_paragraph(),
            "txbxContent" => self.boxes = self.boxes.saturating_sub(1),
            "tr" => {
                if let Some(cells) = self.rows.pop() {
                    self.end_row(cells);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let Some(open) = self.open.last_mut() else { return };
        let line = &mut open.line;
        let bold = open.run.bold.unwrap_or(open.styled_bold);
        if bold && line.bold == line.text.len() {
            line.bold += text.len();
        }
        line.text.push_str(text);
        line.size = line.size.max(open.run.size.unwrap_or(open.size) / 2.0);
        open.runs += 1;
        open.coloured += usize::from(open.run.coloured);
    }

    fn break_line(&mut self) {
        if let Some(open) = self.open.last_mut() {
            let next = Line { heading: open.line.heading, ..Line::default() };
            open.done.push(std::mem::replace(&mut open.line, next));
        }
    }

    fn end_paragraph(&mut self) {
        let Some(mut open) = self.open.pop() else { return };
        open.done.push(open.line);
        let mut first = true;
        for mut line in open.done {
            let text = line.text.trim();
            if text.is_empty() {
                self.gap = true;
                continue;
            }
            // The bytes before the first word are not counted as bold any more.
            line.bold =
                line.bold.saturating_sub(line.text.len() - line.text.trim_start().len()).min(text.len());
            line.text = text.to_owned();
            line.gap |= std::mem::take(&mut self.gap);
            line.quiet = open.runs > 0 && open.coloured == open.runs && line.heading.is_none();
            if open.numbered && first && line.heading.is_none() {
                line.mark = Mark::Bullet;
            } else if let Some(text) = bullet(&line.text) {
                (line.mark, line.text, line.bold) = (Mark::Bullet, text.to_owned(), 0);
            } else if !first && open.numbered {
                line.mark = Mark::Continues;
            }
            first = false;
            self.keep(line);
        }
    }

    fn keep(&mut self, line: Line) {
        if self.boxes > 0 {
            self.body.boxed.push_str(&line.text);
            self.body.boxed.push('\n');
        }
        match self.rows.last_mut().and_then(|cells| cells.last_mut()) {
            Some(cell) => cell.push(line),
            None => self.body.lines.push(line),
        }
    }

    /// A row of short cells is one line; cells of several lines follow each other.
    fn end_row(&mut self, cells: Cells) {
        let filled: Cells = cells.into_iter().filter(|cell| !cell.is_empty()).collect();
        for line in filled.iter().flatten() {
            self.body.in_tables.push_str(&line.text);
            self.body.in_tables.push(' ');
        }
        if filled.iter().all(|cell| cell.len() == 1) {
            let texts: Vec<&str> = filled.iter().flatten().map(|line| line.text.as_str()).collect();
            let text = texts.join("\t");
            if let Some(first) = filled.first().and_then(|cell| cell.first()) {
                let line = Line { text, ..first.clone() };
                self.keep_row(line);
            }
        } else {
            filled.into_iter().flatten().for_each(|line| self.keep_row(line));
        }
    }

    fn keep_row(&mut self, line: Line) {
        match self.rows.last_mut().and_then(|cells| cells.last_mut()) {
            Some(cell) => cell.push(line),
            None => self.body.lines.push(line),
        }
    }

    fn size_of(&self, style: &str) -> f32 {
        self.styles.get(style).size.unwrap_or_default()
    }
}
