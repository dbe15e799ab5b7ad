//! Fonts of a PDF as far as text needs them: how long a code is, what it says, how wide it is and whether it is bold.

use std::collections::HashMap;

use lopdf::{Dictionary, Document, Object};

use super::cmap::CharMap;

/// Thousandths of the size, where a font states no width.
const USUAL_WIDTH: f32 = 500.0;

/// Widths of the letters from the space to the tilde in the fonts that every reader has and no file needs to bring
/// (ISO 32000-1, 9.6.2.2): Helvetica and Times.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const TIMES: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500,
    500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333,
    389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469,
    500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389,
    278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];

/// Bold letters are about this much wider.
const BOLD: f32 = 1.06;

/// Widths of a font that are read; it has 65,536 glyphs at most.
const MOST_WIDTHS: usize = 1 << 16;

/// A font, ready to decode.
pub(super) struct Font {
    /// Base font without the tag of a subset.
    pub name: String,
    pub bold: bool,
    /// Its codes have no text: neither a map nor a known encoding.
    pub unmapped: bool,
    /// Bytes of a code.
    usual: usize,
    codes: CharMap,
    to_unicode: CharMap,
    simple: Option<Vec<String>>,
    widths: HashMap<u32, f32>,
    other_width: f32,
}

impl Font {
    pub(super) fn read(doc: &Document, dict: &Dictionary) -> Self {
        let name = |key: &[u8]| {
            let name = dict.get_deref(key, doc).and_then(Object::as_name).unwrap_or_default();
            String::from_utf8_lossy(name).into_owned()
        };
        let full = name(b"BaseFont");
        let base = full.split_once('+').map_or(full.as_str(), |(_, base)| base).to_owned();
        let lower = base.to_lowercase();
        let bold = ["bold", "black", "heavy", "semibd", "demi", "medi"].iter().any(|w| lower.contains(w))
            || lower.starts_with("cmbx");
        let to_unicode = stream(doc, dict, b"ToUnicode").map(|s| CharMap::parse(&s)).unwrap_or_default();
        let kind = name(b"Subtype");
        let mut font = Self {
            name: base,
            bold,
            unmapped: false,
            usual: 1,
            codes: CharMap::default(),
            to_unicode,
            simple: None,
            widths: HashMap::new(),
            other_width: USUAL_WIDTH,
        };
        if kind == "Type0" {
            font.read_composite(doc, dict)
        } else {
            font.read_simple(doc, dict, &kind)
        }
        font
    }

    fn read_composite(&mut self, doc: &Document, dict: &Dictionary) {
        self.usual = 2;
        self.unmapped = self.to_unicode.is_empty();
        self.codes = stream(doc, dict, b"Encoding").map(|s| CharMap::parse(&s)).unwrap_or_default();
        let descendants = dict.get_deref(b"DescendantFonts", doc).and_then(Object::as_array);
        let Some(descendant) = descendants
            .ok()
            .and_then(|all| all.first())
            .and_then(|first| doc.dereference(first).ok()?.1.as_dict().ok())
        else {
            return;
        };
        self.other_width =
            descendant.get_deref(b"DW", doc).ok().and_then(|w| w.as_float().ok()).unwrap_or(1000.0);
        if let Ok(list) = descendant.get_deref(b"W", doc).and_then(Object::as_array) {
            self.widths.extend(cid_widths(doc, list));
        }
    }

    fn read_simple(&mut self, doc: &Document, dict: &Dictionary, kind: &str) {
        let descriptor = dict.get_deref(b"FontDescriptor", doc).and_then(Object::as_dict).ok();
        let first = dict.get_deref(b"FirstChar", doc).ok().and_then(|c| c.as_i64().ok()).unwrap_or(0) as u32;
        // The glyphs of a Type 3 font are measured in units of its own.
        let unit = match kind {
            "Type3" => {
                let matrix = dict.get_deref(b"FontMatrix", doc).and_then(Object::as_array).ok();
                matrix.and_then(|m| m.first()?.as_float().ok()).unwrap_or(0.001) * 1000.0
            }
            _ => 1.0,
        };
        let standard = if self.name.starts_with("Times") { Some(TIMES) } else { None };
        let standard = standard.or_else(|| self.name.starts_with("Helvetica").then_some(HELVETICA));
        let factor = if self.bold { BOLD } else { 1.0 };
        self.widths.extend(
            (32..).zip(standard.into_iter().flatten()).map(|(code, w)| (code, f32::from(w) * factor)),
        );
        if let Ok(widths) = dict.get_deref(b"Widths", doc).and_then(Object::as_array) {
            let widths = widths.iter().filter_map(|w| doc.dereference(w).ok()?.1.as_float().ok());
            self.widths.extend((first..).zip(widths.map(|w| w * unit)));
        }
        if let Some(width) = descriptor.and_then(|d| d.get_deref(b"MissingWidth", doc).ok()?.as_float().ok())
        {
            self.other_width = if width > 0.0 { width } else { USUAL_WIDTH };
        }
        let encoding = dict.get_font_encoding(doc).ok();
        let one =
            |code: u8| encoding.as_ref().and_then(|e| e.bytes_to_string(&[code]).ok()).unwrap_or_default();
        let table: Vec<String> = (0..=255).map(one).collect();
        let stated = dict.has(b"Encoding");
        let embedded =
            descriptor.is_some_and(|d| d.has(b"FontFile") || d.has(b"FontFile2") || d.has(b"FontFile3"));
        let says_nothing =
            table.iter().all(|t| t.trim().is_empty() || t.starts_with(char::REPLACEMENT_CHARACTER));
        // An embedded font without a stated encoding has one of its own, which nothing outside it knows.
        self.unmapped =
            self.to_unicode.is_empty() && (says_nothing || !stated && embedded || !stated && kind == "Type3");
        if self.name.starts_with("Courier") {
            self.other_width = 600.0;
        }
        self.simple = Some(table);
    }

    /// The codes of a shown string: text, width in thousandths of the size, and whether it is a one-byte space.
    pub(super) fn decode(&self, bytes: &[u8]) -> Vec<(String, f32, bool)> {
        let mut found = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let (code, length) = self.codes.next(rest, self.usual);
            rest = &rest[length..];
            let text = match (self.to_unicode.get(code), &self.simple) {
                (Some(text), _) => text.to_owned(),
                (None, Some(table)) => table.get(code as usize).cloned().unwrap_or_default(),
                (None, None) => char::REPLACEMENT_CHARACTER.to_string(),
            };
            let width = self.widths.get(&code).copied().unwrap_or(self.other_width);
            found.push((text, width, length == 1 && code == 32));
        }
        found
    }
}

/// Widths of the glyphs of a composite font: `first [w …]` and `first last w`, in any mixture.
pub(super) fn cid_widths(doc: &Document, list: &[Object]) -> Vec<(u32, f32)> {
    let list: Vec<&Object> = list.iter().filter_map(|o| doc.dereference(o).ok()).map(|(_, o)| o).collect();
    let code = |o: &Object| o.as_float().ok().filter(|n| (0.0..=65_535.0).contains(n)).map(|n| n as u32);
    let mut widths = Vec::new();
    let mut rest = list.as_slice();
    while let [first, second, tail @ ..] = rest {
        let Some(first) = code(first).filter(|_| widths.len() <= MOST_WIDTHS) else { break };
        match (second, tail) {
            (Object::Array(each), _) => {
                widths.extend((first..).zip(each.iter().filter_map(|w| w.as_float().ok())));
                rest = tail;
            }
            (last, [width, tail @ ..]) => {
                let (Some(last), Ok(width)) = (code(last), width.as_float()) else { break };
                widths.extend((first..=last).map(|code| (code, width)));
                rest = tail;
            }
            _ => break,
        }
    }
    widths
}

fn stream(doc: &Document, dict: &Dictionary, key: &[u8]) -> Option<Vec<u8>> {
    let stream = dict.get_deref(key, doc).and_then(Object::as_stream).ok()?;
    Some(stream.decompressed_content().unwrap_or_else(|_| stream.content.clone()))
}
