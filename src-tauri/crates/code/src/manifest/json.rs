//! `package.json`, by a scanner that forgives comments, trailing commas and a missing end.

use super::Found;
use crate::technology::Ecosystem;

/// Objects and arrays around a value that is looked at.
const DEEPEST: usize = 8;

const TABLES: &[&str] = &["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];

/// The keys of the dependency objects directly under the root object.
pub(super) fn package(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    scan(text, |open, _, at, name, is_key| {
        if is_key && open.len() == 2 && TABLES.contains(&open[1]) {
            found.push(Found::package(Ecosystem::Npm, at, name));
        }
    });
    found
}

/// The strings that are values: the keys that lead to each, where its text begins, and the text as it is
/// written, escapes included. Arrays and the root have empty keys. What lies deeper than [`DEEPEST`] is left
/// out: nothing is declared there, and the keys of each of its strings would be copied.
pub(super) fn values(text: &str) -> Vec<(Vec<&str>, usize, &str)> {
    let mut found = Vec::new();
    scan(text, |open, key, at, value, is_key| {
        if !is_key && open.len() <= DEEPEST {
            found.push((open.iter().copied().chain([key]).collect(), at, value));
        }
    });
    found
}

/// Visits each string: the keys of the open objects, the key it is the value of, where it begins, its text,
/// and whether it is a key itself.
fn scan<'t>(text: &'t str, mut visit: impl FnMut(&[&'t str], &'t str, usize, &'t str, bool)) {
    let bytes = text.as_bytes();
    // The key of each open object, arrays and the root included.
    let mut open: Vec<&str> = Vec::new();
    let (mut at, mut key) = (0, "");
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let end = string_end(bytes, at + 1);
                let name = &text[at + 1..end];
                let after = text[(end + 1).min(text.len())..].trim_start_matches([' ', '\t', '\r', '\n']);
                let is_key = after.starts_with(':');
                visit(&open, key, at + 1, name, is_key);
                if is_key {
                    key = name;
                }
                at = end;
            }
            b'{' | b'[' => {
                open.push(if *byte == b'{' { key } else { "" });
                key = "";
            }
            b'}' | b']' => {
                open.pop();
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at += text[at..].find('\n').unwrap_or(text.len() - at) - 1
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at += text[at..].find("*/").map_or(text.len() - at, |end| end + 1);
            }
            _ => {}
        }
        at += 1;
    }
}

/// Where a string ends: its closing quote, or the end of the line if it has none.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'"' | b'\n' => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
