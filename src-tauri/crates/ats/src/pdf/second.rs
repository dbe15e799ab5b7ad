//! The second reader of a PDF: pdf-extract decodes the strings with its own notion of fonts, encodings and widths.
//! Of its output only the characters and their places are taken.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Document, Object, ObjectId};
use pdf_extract::{MediaBox, OutputDev, OutputError, Transform, output_doc_page};

use super::font::cid_widths;
use super::paint::Glyph;

/// Characters of a file that are taken.
const MOST: usize = 300_000;

/// Widths of all fonts of a file that are written anew.
const MOST_WIDTHS: usize = 1 << 18;

struct Taker {
    glyphs: Vec<Glyph>,
    left: usize,
}

/// Writes the widths of composite fonts, one by one, in the form that the library reads right: version 0.12 takes
/// the first code of `first last w` for all three, so that letters come to lie on each other.
pub(super) fn spell_out_widths(doc: &mut Document) {
    let mut left = MOST_WIDTHS;
    let spelled: Vec<(ObjectId, Vec<Object>)> = doc
        .objects
        .iter()
        .filter_map(|(id, object)| {
            let list = object.as_dict().ok()?.get_deref(b"W", doc).and_then(Object::as_array).ok()?;
            let mut widths = Vec::new();
            // Many fonts may point to one long list.
            let all = if left == 0 { Vec::new() } else { cid_widths(doc, list) };
            left = left.saturating_sub(all.len());
            for (code, width) in all {
                widths.extend([Object::Integer(code.into()), Object::Array(vec![Object::Real(width)])]);
            }
            Some((*id, widths))
        })
        .collect();
    for (id, widths) in spelled {
        if let Ok(font) = doc.get_dictionary_mut(id) {
            font.set("W", widths);
        }
    }
}

/// Glyphs of each page in the order of painting; a page that the library can't read is `None`.
pub(super) fn read(doc: &Document, pages: usize) -> Vec<Option<Vec<Glyph>>> {
    let mut taker = Taker { glyphs: Vec::new(), left: MOST };
    (1..=pages as u32)
        .map(|page| {
            // The library panics on what it does not know; the other pages are read all the same.
            let read = catch_unwind(AssertUnwindSafe(|| output_doc_page(doc, &mut taker, page)));
            let glyphs = std::mem::take(&mut taker.glyphs);
            matches!(read, Ok(Ok(()))).then_some(glyphs)
        })
        .collect()
}

impl OutputDev for Taker {
    fn begin_page(
        &mut self,
        _: u32,
        _: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        at: &Transform,
        width: f64,
        _: f64,
        size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        self.left = self.left.checked_sub(1).ok_or(std::fmt::Error)?;
        let scale = at.m11.hypot(at.m12);
        let (x, y) = (at.m31 as f32, at.m32 as f32);
        let glyph = Glyph {
            text: text.to_owned(),
            x,
            y,
            end: x + (width * size * scale).abs() as f32,
            size: (size * at.m21.hypot(at.m22)).abs() as f32,
            bold: false,
        };
        if !text.is_empty() && [x, y, glyph.end, glyph.size].iter().all(|n| n.is_finite()) {
            self.glyphs.push(glyph);
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
