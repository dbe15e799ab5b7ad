//! `setup.cfg` and `setup.py`. The latter is never run: only the strings given to its requirement arguments
//! are read.

use super::plain::{lines, without_comment};
use super::{Found, requirement};
use crate::technology::Ecosystem;

const ARGUMENTS: &[&str] = &["install_requires", "tests_require", "extras_require"];

pub(super) fn cfg(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let (mut section, mut key) = ("", "");
    for (at, line) in lines(text) {
        let code = without_comment(line);
        let mut value = code;
        if code.trim().is_empty() || code.trim_start().starts_with(';') {
            continue;
        }
        if let Some(name) = code.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            (section, key) = (name.trim(), "");
            continue;
        }
        if !code.starts_with([' ', '\t']) {
            let Some((name, rest)) = code.split_once(['=', ':']) else { continue };
            (key, value) = (name.trim(), rest);
        }
        let listed = (section == "options" && ARGUMENTS.contains(&key))
            || (section == "options.extras_require" && !key.is_empty());
        if let Some((inner, name)) = requirement(value).filter(|_| listed) {
            found.push(Found::package(Ecosystem::Python, at + (code.len() - value.len()) + inner, name));
        }
    }
    found
}

pub(super) fn py(text: &str) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    // Brackets open since a requirement argument began; 0 outside of one.
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'#' => at += text[at..].find('\n').unwrap_or(text.len() - at),
            b'"' | b'\'' => {
                let (start, end, next) = string(bytes, at);
                let after = text[next..].trim_start();
                // The keys of `extras_require` are names of extras, not packages.
                if let Some((inner, name)) =
                    requirement(&text[start..end]).filter(|_| depth > 0 && !after.starts_with(':'))
                {
                    found.push(Found::package(Ecosystem::Python, start + inner, name));
                }
                at = next;
            }
            b'[' | b'{' | b'(' => {
                depth += usize::from(depth > 0);
                at += 1;
            }
            b']' | b'}' | b')' => {
                depth = depth.saturating_sub(1);
                // Only the bracket of the argument itself is left.
                depth = if depth == 1 { 0 } else { depth };
                at += 1;
            }
            _ if byte.is_ascii_alphabetic() || byte == b'_' => {
                let length = bytes[at..]
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
                    .count();
                let value = text[at + length..].trim_start().strip_prefix('=').map(str::trim_start);
                let opens = value.is_some_and(|value| value.starts_with(['[', '{', '(']));
                if depth == 0 && opens && ARGUMENTS.contains(&&text[at..at + length]) {
                    depth = 1;
                }
                at += length;
            }
            _ => at += 1,
        }
    }
    found
}

/// A Python string that opens at a place: where its text starts and ends, and what comes after it.
fn string(bytes: &[u8], at: usize) -> (usize, usize, usize) {
    let quote = bytes[at];
    let triple = bytes[at..].starts_with(&[quote; 3]);
    let close: &[u8] = if triple { &[quote; 3] } else { &[quote] };
    let start = at + close.len();
    let mut end = start;
    while end < bytes.len() {
        if bytes[end..].starts_with(close) {
            return (start, end, end + close.len());
        }
        if bytes[end] == b'\n' && !triple {
            return (start, end, end);
        }
        end += 1 + usize::from(bytes[end] == b'\\');
    }
    (start.min(bytes.len()), bytes.len(), bytes.len())
}
