//! Looks at the packed parts of a PDF before a library unpacks them: a file of a few kilobytes can unpack to gigabytes.

use std::io::Read;

use flate2::read::ZlibDecoder;

/// Bytes that all parts of a file may unpack to.
const MOST: u64 = 48 << 20;

/// Bytes of parts in packings that this look does not undo; they may grow a thousandfold.
const MOST_UNKNOWN: usize = 512 << 10;

/// Packed parts inside packed parts that are looked into.
const DEPTH: u8 = 3;

/// Bytes before the content of a part in which its description is looked for.
const DESCRIPTION: usize = 4096;

/// Whether everything in the file unpacks to a bearable size.
pub(super) fn bearable(file: &[u8]) -> bool {
    let mut left = MOST;
    let mut unknown = 0;
    let mut from = 0;
    while let Some(at) = find(&file[from..], b"stream") {
        let start = from + at;
        from = start + b"stream".len();
        if file[..start].ends_with(b"end") {
            continue;
        }
        let content = match &file[from..] {
            [b'\r', b'\n', rest @ ..] | [b'\n', rest @ ..] | [b'\r', rest @ ..] => rest,
            _ => continue,
        };
        let before = &file[start.saturating_sub(DESCRIPTION)..start];
        let object = before.windows(4).rposition(|w| w == b" obj").map_or(before, |at| &before[at..]);
        let has = |word: &[u8]| find(object, word).is_some();
        // Other packings than Flate, or names written so that this look would not know them.
        if has(b"LZW") || has(b"#") || has(b"85") && has(b"Flate") {
            unknown += find(content, b"endstream").unwrap_or(content.len());
        }
        if unknown > MOST_UNKNOWN || !unpack(content, &mut left, DEPTH) {
            return false;
        }
    }
    true
}

/// Unpacks for the size alone; false when nothing is left of it.
fn unpack(content: &[u8], left: &mut u64, depth: u8) -> bool {
    let packed = |head: &[u8]| {
        matches!(head, [first, second, ..] if first & 0x0F == 8
            && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0)
    };
    if !packed(content) || depth == 0 {
        return true;
    }
    let mut decoder = ZlibDecoder::new(content);
    let mut chunk = [0; 1 << 14];
    let mut inner = Vec::new();
    let mut first = true;
    // Damaged data end early; what came out until then counts.
    while let Ok(size @ 1..) = decoder.read(&mut chunk) {
        let Some(rest) = left.checked_sub(size as u64) else { return false };
        *left = rest;
        // Only what is packed once more is kept.
        if packed(&chunk[..size]) && first || !inner.is_empty() {
            inner.extend_from_slice(&chunk[..size]);
        }
        first = false;
    }
    unpack(&inner, left, depth - 1)
}

/// Whether a trailer names an encryption (ISO 32000-1, 7.6): a reference or a dictionary follows the word.
pub(super) fn is_encrypted(file: &[u8]) -> bool {
    const WORD: &[u8] = b"/Encrypt";
    let mut rest = file;
    while let Some(at) = find(rest, WORD) {
        rest = &rest[at + WORD.len()..];
        let next = rest.iter().find(|b| !b.is_ascii_whitespace());
        if next.is_some_and(|b| b.is_ascii_digit() || *b == b'<') {
            return true;
        }
    }
    false
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    let first = *word.first()?;
    let mut from = 0;
    while let Some(at) = text[from..].iter().position(|b| *b == first) {
        if text[from + at..].starts_with(word) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}
