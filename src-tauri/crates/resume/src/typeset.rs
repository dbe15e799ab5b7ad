//! PDF and SVG: the sheet is handed to a Typst template as data and compiled in memory.

use internflow_domain::{EngineError, Look, Paper};
use serde_json::{Value, json};
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use typst_svg::SvgOptions;

use crate::sheet::Sheet;
use crate::world::Shop;

/// The tightest step of the templates: 0 is roomy, up to 3 less air between lines, from there narrower margins.
pub const TIGHTEST: usize = 5;

/// Compilations after which Typst forgets cached work that nothing used.
const CACHE_AGE: usize = 10;

/// Standards that a PDF follows, the best that can be had first. Letters without a glyph in any bundled face
/// ([`unprintable`]) are against all but the last.
const STANDARDS: [&[PdfStandard]; 3] = [&[PdfStandard::Ua_1, PdfStandard::A_2a], &[PdfStandard::Ua_1], &[]];

/// A document, and how far its spacing and margins were tightened.
#[derive(Debug)]
pub struct Set {
    pub document: PagedDocument,
    pub step: usize,
}

/// Sets the sheet at the first step that fits one page; what fits none is set roomy.
pub fn typeset(shop: &Shop, sheet: &Sheet, look: Look) -> Result<Set, EngineError> {
    let roomy = compile(shop, sheet, look, 0)?;
    // The tightest setting saves less than a whole page: three pages never become one.
    if roomy.pages().len() != 2 {
        return Ok(Set { document: roomy, step: 0 });
    }
    let mut set = Set { document: compile(shop, sheet, look, TIGHTEST)?, step: TIGHTEST };
    if set.document.pages().len() > 1 {
        return Ok(Set { document: roomy, step: 0 });
    }
    let mut too_roomy = 0;
    while set.step - too_roomy > 1 {
        let middle = usize::midpoint(too_roomy, set.step);
        let document = compile(shop, sheet, look, middle)?;
        if document.pages().len() == 1 { set = Set { document, step: middle } } else { too_roomy = middle }
    }
    Ok(set)
}

/// Whether the sheet fits one page at the tightest step.
pub fn fits(shop: &Shop, sheet: &Sheet, look: Look) -> Result<bool, EngineError> {
    Ok(compile(shop, sheet, look, TIGHTEST)?.pages().len() == 1)
}

/// A tagged PDF with its fonts cut down to what it shows: PDF/UA-1 and PDF/A-2a where the text allows it.
pub fn pdf(document: &PagedDocument) -> Result<Vec<u8>, EngineError> {
    let mut refused = String::new();
    for list in STANDARDS {
        let standards = PdfStandards::new(list)
            .map_err(|e| failed(&format!("the PDF standard was refused: {}", e.message())))?;
        let options = PdfOptions {
            creator: Smart::Custom(Some("InternFlow".to_owned())),
            standards,
            ..PdfOptions::default()
        };
        let bytes = typst_pdf::pdf(document, &options);
        comemo::evict(CACHE_AGE);
        match bytes {
            Ok(bytes) => return Ok(bytes),
            Err(errors) => refused = listed(&errors),
        }
    }
    Err(failed(&refused))
}

/// One SVG a page.
pub fn svg(document: &PagedDocument) -> Vec<String> {
    let options = SvgOptions { render_bleed: false, pretty: false };
    let pages = document.pages().iter().map(|page| typst_svg::svg(page, &options)).collect();
    comemo::evict(CACHE_AGE);
    pages
}

fn compile(shop: &Shop, sheet: &Sheet, look: Look, step: usize) -> Result<PagedDocument, EngineError> {
    let mut data = json!(sheet);
    printable(shop, &mut data);
    data["step"] = json!(step);
    data["paper"] = json!(match look.paper {
        Paper::A4 => "a4",
        Paper::Letter => "us-letter",
    });
    let world = shop.world(look.template, data.to_string().into_bytes());
    let compiled = typst::compile::<PagedDocument>(&world);
    comemo::evict(CACHE_AGE);
    compiled.output.map_err(|errors| failed(&listed(&errors)))
}

/// A handout as PDF, from its parts as `handout.typ` reads them.
pub fn handout(shop: &Shop, mut data: Value) -> Result<Vec<u8>, EngineError> {
    printable(shop, &mut data["title"]);
    printable(shop, &mut data["lead"]);
    let world = shop.handout(data.to_string().into_bytes());
    let compiled = typst::compile::<PagedDocument>(&world);
    comemo::evict(CACHE_AGE);
    pdf(&compiled.output.map_err(|errors| failed(&listed(&errors)))?)
}

/// Letters of the sheet that no bundled face prints, each once, in reading order. Emoji do not count:
/// they are left out and nobody misses them.
pub fn unprintable(shop: &Shop, sheet: &Sheet) -> Vec<char> {
    let mut data = json!(sheet);
    printable(shop, &mut data);
    let mut found = Vec::new();
    absent(shop, &data, &mut found);
    found
}

fn absent(shop: &Shop, value: &Value, found: &mut Vec<char>) {
    match value {
        Value::String(text) => {
            for c in text.chars().filter(|c| !shop.prints(*c)) {
                if !found.contains(&c) {
                    found.push(c);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| absent(shop, item, found)),
        Value::Object(fields) => fields.values().for_each(|field| absent(shop, field, found)),
        _ => {}
    }
}

/// Takes emoji and dingbats without a glyph out of every shown text: they would print as bars.
/// Letters stay: a name with a visible defect is better than a name with a hole.
fn printable(shop: &Shop, value: &mut Value) {
    match value {
        Value::String(text) => {
            let pictograph = |c: char| {
                matches!(c, '\u{20E3}' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FBFF}')
                    && !shop.prints(c)
            };
            if text.contains(pictograph) {
                *text = crate::clean::clean(&text.replace(pictograph, ""));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| printable(shop, item)),
        Value::Object(fields) => {
            fields.iter_mut().filter(|(key, _)| *key != "url").for_each(|(_, field)| printable(shop, field));
        }
        _ => {}
    }
}

fn listed(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|e| e.message.as_str()).collect::<Vec<_>>().join("; ")
}

fn failed(reason: &str) -> EngineError {
    EngineError::Failed(format!(
        "The résumé could not be set: {reason}. Shorten or remove the text you added last, or export as Word."
    ))
}

#[cfg(test)]
#[path = "typeset_tests.rs"]
mod tests;
