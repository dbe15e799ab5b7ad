//! The second reader of a Word document: a scan over the raw text of the body that knows paragraphs, words and
//! numbered lists, as a small script does. Text boxes are left out, and no XML library has a part in it.

use crate::line::{Line, Mark, bullet};

/// Characters of an entity between `&` and `;`.
const LONGEST_ENTITY: usize = 10;

/// Lines of the body.
pub(super) fn read(xml: &[u8]) -> Vec<Line> {
    let xml = String::from_utf8_lossy(xml);
    let mut lines: Vec<Line> = Vec::new();
    let mut line = Line::default();
    let mut rest: &str = &xml;
    let mut boxes = 0_usize;
    while let Some(open) = rest.find('<') {
        let Some(close) = rest[open..].find('>').map(|at| at + open) else { break };
        let tag = &rest[open + 1..close];
        rest = &rest[close + 1..];
        let name = tag.trim_end_matches('/').split_whitespace().next().unwrap_or_default();
        match name {
            "w:txbxContent" | "mc:Fallback" if !tag.ends_with('/') => boxes += 1,
            "/w:txbxContent" | "/mc:Fallback" => boxes = boxes.saturating_sub(1),
            _ if boxes > 0 => {}
            "w:t" if !tag.ends_with('/') => {
                let end = rest.find('<').unwrap_or(rest.len());
                decode(&rest[..end], &mut line.text);
                rest = &rest[end..];
            }
            "w:tab" if !line.text.is_empty() => line.text.push('\t'),
            // Inside the tab stops of a paragraph no text has begun.
            "w:noBreakHyphen" => line.text.push('-'),
            "w:br" | "w:cr" => finish(&mut lines, &mut line),
            "w:numPr" => line.mark = Mark::Bullet,
            "w:pStyle" => line.gap = ["Heading", "Title"].iter().any(|style| tag.contains(style)),
            "/w:tc" => line.text.push('\t'),
            "/w:p" if rest.starts_with("</w:tc>") => line.text.push(' '),
            "/w:p" | "/w:tr" => finish(&mut lines, &mut line),
            _ => {}
        }
    }
    finish(&mut lines, &mut line);
    lines
}

fn finish(lines: &mut Vec<Line>, line: &mut Line) {
    let mut done = std::mem::take(line);
    let empty = done.text.trim().is_empty();
    if empty {
        // An empty paragraph is room above the next one.
        line.gap = true;
        return;
    }
    done.text = done.text.trim().to_owned();
    if let (Mark::Plain, Some(text)) = (done.mark, bullet(&done.text)) {
        (done.mark, done.text) = (Mark::Bullet, text.to_owned());
    }
    lines.push(done);
}

/// Adds a text with its entities undone; entities of a document's own are dropped.
fn decode(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(end) = rest.find(';').filter(|end| *end <= LONGEST_ENTITY) else { continue };
        let number = |digits: &str, base| u32::from_str_radix(digits, base).ok().and_then(char::from_u32);
        let c = match &rest[..end] {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            other => match (other.strip_prefix("#x"), other.strip_prefix('#')) {
                (Some(hex), _) => number(hex, 16),
                (None, Some(decimal)) => number(decimal, 10),
                _ => None,
            },
        };
        out.extend(c);
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
}
