//! `package.json`, by a scanner that forgives comments, trailing commas and a missing end.

use super::Found;
use crate::technology::Ecosystem;

const TABLES: &[&str] = &["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];

/// The keys of the dependency objects directly under the root object.
pub(super) fn package(text: &str) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    // The key of each open object, arrays and the root included.
    let mut open: Vec<&str> = Vec::new();
    let (mut at, mut key) = (0, "");
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let end = string_end(bytes, at + 1);
                let name = &text[at + 1..end];
                let after = text[(end + 1).min(text.len())..].trim_start_matches([' ', '\t', '\r', '\n']);
                if after.starts_with(':') {
                    key = name;
                    if open.len() == 2 && TABLES.contains(&open[1]) {
                        found.push(Found::package(Ecosystem::Npm, at + 1, name));
                    }
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
    found
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
