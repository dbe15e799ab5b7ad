//! The first reader of a PDF: carries out the text operators of its pages (ISO 32000-1, 9.4) and notes what is
//! painted where, in the order of painting.

use std::collections::HashMap;
use std::rc::Rc;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::font::Font;

/// Steps that a file is given: operators, characters, sixteen bytes of content each. A full page takes ten thousand.
const MOST_STEPS: usize = 2_000_000;

/// Steps for a font, which may bring a large map.
const FONT: usize = 5000;

/// Forms inside forms.
const DEPTH: usize = 8;

/// A painted character, or a few that share one glyph.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glyph {
    pub text: String,
    /// Points from the left and from the bottom of the page.
    pub x: f32,
    pub y: f32,
    /// Right end.
    pub end: f32,
    /// Points.
    pub size: f32,
    pub bold: bool,
}

/// What the pages hold.
#[derive(Debug, Default)]
pub(super) struct Painted {
    /// Glyphs, page by page.
    pub pages: Vec<Vec<Glyph>>,
    pub images: usize,
    /// Fonts whose text nobody can know, each once.
    pub unmapped: Vec<String>,
    /// Too many operators, or forms that lead back to themselves: the rest was not read.
    pub cut: bool,
}

type Matrix = [f32; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// `a` first, then `b`.
fn times(a: &Matrix, b: &Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

#[derive(Clone)]
struct State {
    at: Matrix,
    font: Option<Rc<Font>>,
    size: f32,
    char_space: f32,
    word_space: f32,
    stretch: f32,
    leading: f32,
    rise: f32,
}

struct Painter<'a> {
    doc: &'a Document,
    fonts: HashMap<ObjectId, Rc<Font>>,
    left: usize,
    glyphs: Vec<Glyph>,
    painted: Painted,
    text: Matrix,
    line: Matrix,
    /// Open marked content: the text that stands in place of its glyphs, if there is one.
    marks: Vec<Option<String>>,
}

/// Paints the pages into a list.
pub(super) fn paint(doc: &Document, pages: &[ObjectId]) -> Painted {
    let mut painter = Painter {
        doc,
        fonts: HashMap::new(),
        left: MOST_STEPS,
        glyphs: Vec::new(),
        painted: Painted::default(),
        text: IDENTITY,
        line: IDENTITY,
        marks: Vec::new(),
    };
    for id in pages {
        let page = doc.get_dictionary(*id).ok();
        let resources = page.and_then(|p| p.get_deref(b"Resources", doc).and_then(Object::as_dict).ok());
        let content = doc.get_page_content(*id).unwrap_or_default();
        painter.marks.clear();
        painter.run(&content, resources.unwrap_or(&Dictionary::new()), IDENTITY, 0);
        let glyphs = std::mem::take(&mut painter.glyphs);
        painter.painted.pages.push(glyphs);
    }
    painter.painted
}

impl Painter<'_> {
    fn run(&mut self, content: &[u8], resources: &Dictionary, at: Matrix, depth: usize) {
        self.step(content.len() / 16);
        let Ok(content) = Content::decode(content) else { return };
        let mut state = State {
            at,
            font: None,
            size: 0.0,
            char_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        let mut saved: Vec<State> = Vec::new();
        for operation in &content.operations {
            if self.left == 0 {
                self.painted.cut = true;
                return;
            }
            self.step(1);
            let operands = operation.operands.as_slice();
            let n = |i: usize| operands.get(i).and_then(|o| o.as_float().ok()).unwrap_or(0.0);
            match operation.operator.as_str() {
                "q" => saved.push(state.clone()),
                "Q" => state = saved.pop().unwrap_or(state),
                "cm" => state.at = times(&[n(0), n(1), n(2), n(3), n(4), n(5)], &state.at),
                "BT" => (self.text, self.line) = (IDENTITY, IDENTITY),
                "Tf" => {
                    state.font = operands.first().and_then(|name| self.font(resources, name));
                    state.size = n(1);
                }
                "Tc" => state.char_space = n(0),
                "Tw" => state.word_space = n(0),
                "Tz" => state.stretch = n(0) / 100.0,
                "TL" => state.leading = n(0),
                "Ts" => state.rise = n(0),
                "Tm" => self.start_line([n(0), n(1), n(2), n(3), n(4), n(5)]),
                "Td" => self.move_line(n(0), n(1)),
                "TD" => {
                    state.leading = -n(1);
                    self.move_line(n(0), n(1));
                }
                "T*" => self.move_line(0.0, -state.leading),
                "Tj" => self.show_all(&state, operands),
                "'" => {
                    self.move_line(0.0, -state.leading);
                    self.show_all(&state, operands);
                }
                "\"" => {
                    (state.word_space, state.char_space) = (n(0), n(1));
                    self.move_line(0.0, -state.leading);
                    self.show_all(&state, operands.get(2..).unwrap_or_default());
                }
                "TJ" => {
                    if let Some(Object::Array(items)) = operands.first() {
                        self.show_all(&state, items);
                    }
                }
                "BMC" => self.marks.push(None),
                "BDC" => {
                    let text = operands.get(1).and_then(|o| self.actual_text(resources, o));
                    self.marks.push(text);
                }
                "EMC" => drop(self.marks.pop()),
                "BI" => self.painted.images += 1,
                "Do" => self.paint_object(&state, resources, operands.first(), depth),
                _ => {}
            }
        }
    }

    fn step(&mut self, steps: usize) {
        self.left = self.left.saturating_sub(steps);
    }

    fn start_line(&mut self, at: Matrix) {
        (self.text, self.line) = (at, at);
    }

    fn move_line(&mut self, x: f32, y: f32) {
        self.start_line(times(&[1.0, 0.0, 0.0, 1.0, x, y], &self.line));
    }

    /// Strings, and numbers that move what follows to the left.
    fn show_all(&mut self, state: &State, items: &[Object]) {
        for item in items {
            match item {
                Object::String(bytes, _) => self.show(state, bytes),
                other => {
                    let back = other.as_float().unwrap_or(0.0) / 1000.0 * state.size * state.stretch;
                    self.text = times(&[1.0, 0.0, 0.0, 1.0, -back, 0.0], &self.text);
                }
            }
        }
    }

    fn show(&mut self, state: &State, bytes: &[u8]) {
        let Some(font) = &state.font else { return };
        if font.unmapped && !self.painted.unmapped.contains(&font.name) {
            self.painted.unmapped.push(font.name.clone());
        }
        self.step(bytes.len());
        if self.left == 0 {
            return;
        }
        for (text, width, space) in font.decode(bytes) {
            let at = times(&[1.0, 0.0, 0.0, 1.0, 0.0, state.rise], &times(&self.text, &state.at));
            let wide = width / 1000.0 * state.size * state.stretch;
            let step = wide + (state.char_space + if space { state.word_space } else { 0.0 }) * state.stretch;
            let scale = at[0].hypot(at[1]);
            let size = (state.size * at[2].hypot(at[3])).abs();
            let text = match self.marks.iter_mut().rev().find_map(Option::as_mut) {
                // The first glyph carries the whole text, the others none.
                Some(actual) => std::mem::take(actual),
                None => text,
            };
            let finite = [at[4], at[5], size, wide].iter().all(|n| n.is_finite());
            if finite && !text.is_empty() {
                self.glyphs.push(Glyph {
                    text,
                    x: at[4],
                    y: at[5],
                    end: at[4] + wide.abs() * scale,
                    size,
                    bold: font.bold,
                });
            } else if let (true, Some(last)) = (finite, self.glyphs.last_mut()) {
                last.end = last.end.max(at[4] + wide.abs() * scale);
            }
            self.text = times(&[1.0, 0.0, 0.0, 1.0, step, 0.0], &self.text);
        }
    }

    fn font(&mut self, resources: &Dictionary, name: &Object) -> Option<Rc<Font>> {
        let fonts = resources.get_deref(b"Font", self.doc).and_then(Object::as_dict).ok()?;
        let entry = fonts.get(name.as_name().ok()?).ok()?;
        let (id, font) = self.doc.dereference(entry).ok()?;
        if let Some(known) = id.and_then(|id| self.fonts.get(&id)) {
            return Some(Rc::clone(known));
        }
        self.step(FONT);
        let read = Rc::new(Font::read(self.doc, font.as_dict().ok()?));
        if let Some(id) = id {
            self.fonts.insert(id, Rc::clone(&read));
        }
        Some(read)
    }

    /// The text that a span states for its glyphs (ISO 32000-1, 14.9.4).
    fn actual_text(&self, resources: &Dictionary, properties: &Object) -> Option<String> {
        let dict = match properties {
            Object::Name(name) => {
                let all = resources.get_deref(b"Properties", self.doc).and_then(Object::as_dict).ok()?;
                all.get_deref(name, self.doc).and_then(Object::as_dict).ok()?
            }
            other => other.as_dict().ok()?,
        };
        lopdf::decode_text_string(dict.get_deref(b"ActualText", self.doc).ok()?).ok()
    }

    fn paint_object(&mut self, state: &State, resources: &Dictionary, name: Option<&Object>, depth: usize) {
        let objects = resources.get_deref(b"XObject", self.doc).and_then(Object::as_dict);
        let (Ok(objects), Some(Ok(name))) = (objects, name.map(Object::as_name)) else { return };
        let Ok(stream) = objects.get_deref(name, self.doc).and_then(Object::as_stream) else { return };
        if stream.dict.get_deref(b"Subtype", self.doc).and_then(Object::as_name).is_ok_and(|s| s == b"Image")
        {
            self.painted.images += 1;
        } else if depth == DEPTH {
            self.painted.cut = true;
        } else {
            self.paint_form(state, resources, stream, depth);
        }
    }

    fn paint_form(&mut self, state: &State, resources: &Dictionary, form: &Stream, depth: usize) {
        let matrix = form.dict.get_deref(b"Matrix", self.doc).and_then(Object::as_array);
        let mut at = IDENTITY;
        for (to, from) in at.iter_mut().zip(matrix.map(Vec::as_slice).unwrap_or_default()) {
            *to = from.as_float().unwrap_or(*to);
        }
        let own = form.dict.get_deref(b"Resources", self.doc).and_then(Object::as_dict);
        let content = form.decompressed_content().unwrap_or_else(|_| form.content.clone());
        let (text, line) = (self.text, self.line);
        self.run(&content, own.unwrap_or(resources), times(&at, &state.at), depth + 1);
        (self.text, self.line) = (text, line);
    }
}
