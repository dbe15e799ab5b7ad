//! PDF and SVG: the sheet is handed to the Typst template as data and compiled in memory.

use internflow_domain::EngineError;
use serde_json::{Value, json};
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use typst_svg::SvgOptions;

use crate::sheet::Sheet;
use crate::world::Shop;

/// Settings of size and air in the template, from generous to tight.
const DENSITIES: usize = 3;

/// Compilations after which Typst forgets cached work that nothing used.
const CACHE_AGE: usize = 10;

/// Sets the sheet at the first density that fits one page; what fits none is set generously.
pub fn typeset(shop: &Shop, sheet: &Sheet) -> Result<PagedDocument, EngineError> {
    let generous = compile(shop, sheet, 0)?;
    // The tightest setting saves less than a whole page: three pages never become one.
    if generous.pages().len() == 2 {
        for density in 1..DENSITIES {
            let tighter = compile(shop, sheet, density)?;
            if tighter.pages().len() == 1 {
                return Ok(tighter);
            }
        }
    }
    Ok(generous)
}

/// A tagged PDF, PDF/UA-1 where that is possible: it is not when a letter has no glyph in any bundled
/// face ([`unprintable`]); then the rest of the file is still as good as it can be.
pub fn pdf(document: &PagedDocument) -> Result<Vec<u8>, EngineError> {
    let accessible = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|e| failed(&format!("the PDF standard was refused: {}", e.message())))?;
    let bytes = typst_pdf::pdf(document, &options(accessible))
        .or_else(|_| typst_pdf::pdf(document, &options(PdfStandards::default())))
        .map_err(|errors| failed(&listed(&errors)));
    comemo::evict(CACHE_AGE);
    bytes
}

/// One SVG a page.
pub fn svg(document: &PagedDocument) -> Vec<String> {
    let options = SvgOptions { render_bleed: false, pretty: false };
    let pages = document.pages().iter().map(|page| typst_svg::svg(page, &options)).collect();
    comemo::evict(CACHE_AGE);
    pages
}

fn options(standards: PdfStandards) -> PdfOptions {
    PdfOptions { creator: Smart::Custom(Some("InternFlow".to_owned())), standards, ..PdfOptions::default() }
}

fn compile(shop: &Shop, sheet: &Sheet, density: usize) -> Result<PagedDocument, EngineError> {
    let mut data = json!(sheet);
    printable(shop, &mut data);
    data["density"] = json!(density);
    let compiled = typst::compile::<PagedDocument>(&shop.world(data.to_string().into_bytes()));
    comemo::evict(CACHE_AGE);
    compiled.output.map_err(|errors| failed(&listed(&errors)))
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
