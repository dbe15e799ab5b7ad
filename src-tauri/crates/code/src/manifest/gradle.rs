//! `build.gradle` and `build.gradle.kts`, by their strings: what stands in a `dependencies` or `plugins` block.

use super::Found;
use crate::technology::Ecosystem;

/// Blocks whose dependencies are managed, or belong to the build instead of the project.
const NOT_USED: &[&str] = &["dependencyManagement", "constraints", "buildscript"];

/// Dependencies as `'group:artifact:version'` or `group: 'g', name: 'a'`, and plugins by their id.
pub(super) fn build(text: &str) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    // The first word of the statement, the last word before here, and the group of the map notation.
    let (mut statement, mut word, mut group) = ("", "", "");
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        if rest.starts_with(b"//") || rest.starts_with(b"/*") {
            let close = if rest[1] == b'/' { "\n" } else { "*/" };
            let length = text[at + 2..].find(close).map_or(rest.len(), |end| end + 2 + close.len());
            if close == "\n" {
                (statement, word, group) = ("", "", "");
            }
            at += length;
            continue;
        }
        match byte {
            b'"' | b'\'' => {
                let end = string_end(bytes, at + 1, byte);
                let value = &text[at + 1..end];
                let is_dependency = open.contains(&"dependencies") && statement != "exclude";
                let is_plugin = open.contains(&"plugins") && statement == "id";
                let used = !open.iter().any(|block| NOT_USED.contains(block));
                let package = match word {
                    "group" => {
                        group = value;
                        None
                    }
                    "name" if is_dependency && !group.is_empty() => Some(format!("{group}:{value}")),
                    _ if is_plugin && word != "version" => Some(format!("{value}:")),
                    _ if is_dependency => coordinates(value),
                    _ => None,
                };
                if let Some(package) = package.filter(|_| used) {
                    found.push(Found::package(Ecosystem::Maven, at + 1, package));
                }
                at = end;
                word = "";
            }
            b'{' => {
                // Deeper than any real file: an attack on the memory, not a manifest.
                if open.len() < 64 {
                    open.push(if statement.is_empty() { word } else { statement });
                }
                (statement, word, group) = ("", "", "");
            }
            b'}' => {
                open.pop();
                (statement, word, group) = ("", "", "");
            }
            b'\n' | b';' => (statement, word, group) = ("", "", if byte == b'\n' { group } else { "" }),
            _ if byte.is_ascii_alphabetic() => {
                let length =
                    rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
                word = &text[at..at + length];
                if statement.is_empty() {
                    statement = word;
                }
                at += length;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// `group:artifact` of `group:artifact[:version…]`.
fn coordinates(value: &str) -> Option<String> {
    let mut parts = value.split(':');
    let (group, artifact) = (parts.next()?, parts.next()?);
    let sound = |part: &str| {
        let mut bytes = part.bytes();
        !part.is_empty()
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
    };
    (sound(group) && sound(artifact)).then(|| format!("{group}:{artifact}"))
}

/// Where a string ends: its closing quote, or the end of the line if it has none.
fn string_end(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return at,
            _ if byte == quote => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
