//! Tables of SQL and models of Prisma, which have no grammar here and need none.

use super::model;
use crate::Language;
use crate::built::Built;
use crate::built::migration::goes_back;
use crate::syntax::Lines;

/// Tables that a file of SQL creates and keeps, and the models of a Prisma schema.
pub(crate) fn find_tables(path: &str, language: Option<Language>, text: &str, found: &mut Vec<Built>) {
    if path.ends_with(".prisma") {
        prisma(text, found);
    }
    if language == Some(Language::Sql) && !goes_back(path) {
        tables(text, found);
    }
}

fn prisma(text: &str, found: &mut Vec<Built>) {
    let number = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
    let lines: Vec<&str> = text.lines().collect();
    let ends: Vec<usize> = (0..lines.len()).filter(|index| lines[*index].starts_with('}')).collect();
    for (index, line) in lines.iter().enumerate() {
        let Some(name) = line.strip_prefix("model ").and_then(|rest| rest.trim_end().strip_suffix('{'))
        else {
            continue;
        };
        let end = ends.get(ends.partition_point(|end| *end < index)).copied().unwrap_or(index);
        found.push(model(name.trim(), (number(index), number(end)), "Prisma"));
    }
}

/// `CREATE TABLE [IF NOT EXISTS] name (`. Temporary tables and those made from a query are none of the schema's.
fn tables(text: &str, found: &mut Vec<Built>) {
    let code = without_asides(text);
    let lines = Lines::of(text);
    let words = words(&code);
    let ends: Vec<usize> = code.match_indices(';').map(|(at, _)| at).collect();
    let is = |at: usize, word: &str| words.get(at).is_some_and(|(_, own)| own.eq_ignore_ascii_case(word));
    let mut at = 0;
    while at < words.len() {
        let start = at;
        at += 1;
        if !(is(start, "create") && is(start + 1, "table")) {
            continue;
        }
        let mut name = start + 2;
        if is(name, "if") && is(name + 1, "not") && is(name + 2, "exists") {
            name += 3;
        }
        let Some((name_at, written)) = words.get(name) else { continue };
        let after = code.get(name_at + written.len()..).unwrap_or_default();
        if !after.trim_start().starts_with('(') {
            continue;
        }
        let end = ends.get(ends.partition_point(|end| *end < *name_at)).copied();
        let end = end.unwrap_or(text.trim_end().len());
        let from = words[start].0;
        let plain: String = written.chars().filter(|c| !matches!(c, '"' | '`' | '[' | ']')).collect();
        found.push(model(&plain, (lines.at(from), lines.at(end)), "SQL"));
        at = name + 1;
    }
}

/// Words with their places; a name in quotes and a dot in it belong to the word.
fn words(code: &str) -> Vec<(usize, &str)> {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '`' | '[' | ']' | '$');
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in code.char_indices().chain([(code.len(), ' ')]) {
        match (start, inside(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                found.push((from, &code[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// The text with blanks for comments and strings, and for what a migration would do to go back, so that every
/// place stays where it is.
fn without_asides(text: &str) -> String {
    let mut code = text.as_bytes().to_vec();
    let mut at = 0;
    let blank = |code: &mut Vec<u8>, from: usize, to: usize| {
        for byte in code.iter_mut().take(to).skip(from).filter(|byte| !matches!(byte, b'\n' | b'\r')) {
            *byte = b' ';
        }
    };
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        let from = at;
        if rest.starts_with(b"--") {
            let line = text[at..].lines().next().unwrap_or_default();
            let word: String = line.trim_start_matches('-').split_whitespace().collect::<Vec<_>>().join(" ");
            let back = word.eq_ignore_ascii_case("+goose down")
                || word.to_ascii_lowercase().starts_with("migrate:down");
            at = if back { text.len() } else { at + line.len() };
            blank(&mut code, from, at);
        } else if rest.starts_with(b"/*") {
            at = text[at..].find("*/").map_or(text.len(), |end| from + end + 2);
            blank(&mut code, from, at);
        } else if rest.starts_with(b"'") {
            at = text[at + 1..].find('\'').map_or(text.len(), |end| from + end + 2);
            blank(&mut code, from, at);
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    String::from_utf8(code).unwrap_or_default()
}
