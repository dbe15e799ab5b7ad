//! Which technologies a sentence names. How a name in prose is read:
//!
//! 1. The longest name at a place wins ("Spring Boot" is not "Spring"), and it must stand alone: no letter,
//!    digit or `_` beside it, no `#` or `++` after it, no `.` that goes on with a letter ("Next.js" has its
//!    own entry, `redis.py` is a file). A version may follow: "Python3", "Java 8".
//! 2. Most names count in any capitals. Written in lower case and joined by `-` or `/` they may be part of
//!    another name or of a path (`mini-redis`, `src/redis`), so then only "redis-backed" and its like count.
//! 3. An ambiguous name (React, Express, Rust) counts only in its exact capitals, and at the start of a
//!    sentence only if the next word is a technical noun ("React components") or a list goes on with another
//!    technology ("React, Redux and …").
//! 4. An ambiguous name of one or two letters (C, R, Go) needs more anywhere: a word like "in", "with" or
//!    "using" before it, a technical noun after it, or a technology beside it in a list ("C/C++").

use std::collections::HashMap;
use std::sync::OnceLock;

use super::{Technology, technologies};

/// The display names of the technologies that a text names, each once, in the order of their first mention.
pub fn technologies_in(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let (mut at, mut listed_until) = (0, None);
    while let Some(first) = text[at..].chars().next() {
        let hit = starts_word(text, at).then(|| {
            let mut hits = candidates(text, at);
            hits.find(|(name, end)| {
                !name.ambiguous || is_meant(&Mention { text, name, start: at, end: *end, listed_until })
            })
        });
        let Some((name, end)) = hit.flatten() else {
            at += first.len_utf8();
            continue;
        };
        if !found.contains(&name.technology.name) {
            found.push(name.technology.name.clone());
        }
        (at, listed_until) = (end, Some(end));
    }
    found
}

/// One way to write a technology.
struct Name {
    text: &'static str,
    technology: &'static Technology,
    ambiguous: bool,
}

/// All names by their first letter in lower case, longest first.
fn names() -> &'static HashMap<u8, Vec<Name>> {
    static NAMES: OnceLock<HashMap<u8, Vec<Name>>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names: HashMap<u8, Vec<Name>> = HashMap::new();
        for technology in technologies() {
            let entry = &technology.entry;
            let plain = entry.aliases.iter().map(|alias| (alias, false));
            let careful = entry.ambiguous_aliases.iter().map(|alias| (alias, true));
            for (text, ambiguous) in [(&entry.name, entry.ambiguous)].into_iter().chain(plain).chain(careful)
            {
                let first = text.as_bytes()[0].to_ascii_lowercase();
                names.entry(first).or_default().push(Name { text, technology, ambiguous });
            }
        }
        names.values_mut().for_each(|same| same.sort_by_key(|name| std::cmp::Reverse(name.text.len())));
        names
    })
}

/// The names that stand at a place, with where each ends. A space in a name also matches a hyphen.
fn candidates(text: &str, at: usize) -> impl Iterator<Item = (&'static Name, usize)> {
    let bytes = text.as_bytes();
    let same = bytes.get(at).and_then(|first| names().get(&first.to_ascii_lowercase()));
    same.into_iter().flatten().filter_map(move |name| {
        let written = bytes.get(at..at + name.text.len())?;
        let matches = name.text.bytes().zip(written).all(|(wanted, is)| match wanted {
            b' ' => matches!(is, b' ' | b'\t' | b'\n' | b'-'),
            _ if name.ambiguous => wanted == *is,
            _ => wanted.eq_ignore_ascii_case(is),
        });
        let end = matches.then(|| past_version(text, at + name.text.len(), name))?;
        (ends_word(text, end) && !is_part_of_compound(text, at, end, name)).then_some((name, end))
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn starts_word(text: &str, at: usize) -> bool {
    let mut before = text[..at].chars().rev();
    match before.next() {
        Some('.') => !before.next().is_some_and(is_word),
        Some(c) => !is_word(c) && !matches!(c, '@' | '$' | '#'),
        None => true,
    }
}

/// "Python3" and "HTML5": up to two digits belong to an unambiguous name that does not end in one.
fn past_version(text: &str, end: usize, name: &Name) -> usize {
    let digits = text[end..].bytes().take_while(u8::is_ascii_digit).count();
    let may = !name.ambiguous && name.text.len() > 2 && !name.text.ends_with(|c: char| c.is_ascii_digit());
    if may && digits <= 2 { end + digits } else { end }
}

fn ends_word(text: &str, end: usize) -> bool {
    let rest = &text[end..];
    let mut after = rest.chars();
    match after.next() {
        Some('.') => !after.next().is_some_and(|c| c.is_alphabetic() || c == '_'),
        Some('+') => after.next().is_some_and(char::is_alphanumeric),
        Some(':') => after.next() != Some(':'),
        Some(c) => !is_word(c) && c != '#',
        None => true,
    }
}

/// Words that a hyphen ties to a technology without making another name of it.
const SUFFIXES: &[&str] = &[
    "based",
    "backed",
    "powered",
    "driven",
    "built",
    "written",
    "native",
    "compatible",
    "specific",
    "only",
    "first",
];

/// A name within a longer one: `mini-redis`, `flask-cors`, `src/redis`, `C-style`.
fn is_part_of_compound(text: &str, start: usize, end: usize, name: &Name) -> bool {
    let (before, after) = (&text[..start], &text[end..]);
    let exact = text[start..].starts_with(name.text) && name.text.contains(|c: char| c.is_uppercase());
    let short = name.ambiguous && name.text.len() < 3;
    if before.ends_with('-')
        && (short || !exact)
        && before.len() > 1
        && !before[..before.len() - 1].ends_with(' ')
    {
        return true;
    }
    if let Some(rest) = after.strip_prefix('-') {
        let suffix: String = rest.chars().take_while(|c| is_word(*c)).collect();
        let plain = SUFFIXES.contains(&suffix.to_lowercase().as_str());
        if !suffix.is_empty() && !plain && (name.ambiguous || !exact) {
            return true;
        }
    }
    let path = |beside: Option<char>| beside.is_some_and(|c| !c.is_uppercase() && !c.is_whitespace());
    !exact
        && (before.strip_suffix('/').is_some_and(|rest| path(word_start(rest)))
            || after.strip_prefix('/').is_some_and(|rest| path(rest.chars().next())))
}

/// The first character of the last word.
fn word_start(text: &str) -> Option<char> {
    text.chars().rev().take_while(|c| !c.is_whitespace() && *c != '/').last()
}

/// An ambiguous name where it stands.
struct Mention<'a> {
    text: &'a str,
    name: &'a Name,
    start: usize,
    end: usize,
    /// Where the technology named before it ended.
    listed_until: Option<usize>,
}

/// Words before a name of one or two letters that make it a language.
const BEFORE: &[&str] = &[
    "in",
    "with",
    "using",
    "use",
    "uses",
    "used",
    "and",
    "or",
    "from",
    "to",
    "into",
    "via",
    "of",
    "for",
    "than",
    "plus",
    "both",
    "idiomatic",
    "modern",
    "embedded",
    "concurrent",
    "portable",
    "native",
    "pure",
    "plain",
    "learned",
    "wrote",
    "on",
];

/// Words after an ambiguous name that make it a technology. Singular, for a plural `s` is taken off first.
const NOUNS: &[&str] = &[
    "api",
    "app",
    "application",
    "backend",
    "back-end",
    "binary",
    "binaries",
    "binding",
    "cli",
    "client",
    "code",
    "codebase",
    "compiler",
    "component",
    "crate",
    "dashboard",
    "database",
    "dependency",
    "dependencies",
    "extension",
    "framework",
    "frontend",
    "front-end",
    "hook",
    "interpreter",
    "language",
    "lib",
    "library",
    "libraries",
    "microservice",
    "middleware",
    "migration",
    "module",
    "package",
    "parser",
    "plugin",
    "program",
    "programming",
    "project",
    "router",
    "runtime",
    "script",
    "scripting",
    "server",
    "service",
    "site",
    "spa",
    "syntax",
    "test",
    "toolchain",
    "ui",
    "web",
    "website",
    "worker",
    "workspace",
];

/// Words that do so after one or two letters, but could follow an ordinary word ("Swift development of …").
const NOUNS_AFTER_SHORT: &[&str] = &[
    "bucket",
    "channel",
    "concurrency",
    "developer",
    "development",
    "function",
    "goroutine",
    "implementation",
    "interface",
    "pointer",
    "port",
    "prototype",
    "rewrite",
    "standard",
    "stdlib",
    "struct",
    "template",
    "tool",
    "tooling",
    "version",
];

fn is_meant(mention: &Mention) -> bool {
    let Mention { text, name, start, end, .. } = *mention;
    let next = first_word(&text[end..]).to_lowercase();
    let excluded = |word: &String| match word.strip_suffix('*') {
        Some(start) => next.starts_with(start),
        None => next == *word,
    };
    if name.technology.entry.not_before.iter().any(excluded) {
        return false;
    }
    let singular = next.strip_suffix('s').unwrap_or(&next);
    let settled =
        NOUNS.contains(&singular) || has_suffix(&text[end..]) || is_listed(mention) || is_alone(mention);
    if name.text.len() > 2 {
        return settled || !starts_sentence(&text[..start]);
    }
    settled
        || NOUNS_AFTER_SHORT.contains(&singular)
        || has_word_before(&text[..start])
        || (text[..start].ends_with('(') && text[end..].starts_with([')', ',']))
}

/// "Go-based", after the name.
fn has_suffix(after: &str) -> bool {
    after.strip_prefix('-').is_some_and(|rest| SUFFIXES.contains(&first_word(rest).to_lowercase().as_str()))
}

/// A line of its own, as in a list of skills.
fn is_alone(mention: &Mention) -> bool {
    let before = mention.text[..mention.start].trim_end_matches([' ', '\t', '-', '*', '•']);
    let after = mention.text[mention.end..].trim_start_matches([' ', '\t', '\r']);
    (before.is_empty() || before.ends_with('\n')) && (after.is_empty() || after.starts_with('\n'))
}

/// The word after the spaces, empty when something else than a space comes first.
fn first_word(text: &str) -> &str {
    let text = text.strip_prefix("'s").unwrap_or(text).trim_start_matches([' ', '\t']);
    let end = text.find(|c: char| !is_word(c) && c != '-').unwrap_or(text.len());
    &text[..end]
}

fn starts_sentence(before: &str) -> bool {
    let opened = |c: char| {
        matches!(c, '"' | '\'' | '`' | '“' | '‘' | '*' | '_' | '(' | '[' | '-' | '•' | '–' | ' ' | '\t')
    };
    let rest = before.trim_end_matches(opened);
    let abbreviated = ["e.g.", "i.e.", "vs.", "incl.", "etc."].iter().any(|short| rest.ends_with(short));
    rest.is_empty() || (rest.ends_with(['.', '!', '?', '\n', '\r']) && !abbreviated)
}

/// "in C", "bindings for R", but not "grades A, B and C".
fn has_word_before(before: &str) -> bool {
    let trimmed = before.trim_end_matches([' ', '\t', '\n', '`', '"', '“', '*']);
    if trimmed.len() == before.len() {
        return false;
    }
    let start = trimmed
        .rfind(|c: char| !is_word(c))
        .map_or(0, |at| at + trimmed[at..].chars().next().map_or(1, char::len_utf8));
    let earlier = trimmed[..start].trim_end_matches([' ', ',']);
    let lone = earlier.chars().next_back().filter(|c| c.is_uppercase()).is_some_and(|last| {
        let before_it = earlier[..earlier.len() - last.len_utf8()].chars().next_back();
        !matches!(last, 'C' | 'R') && before_it.is_none_or(|c| !is_word(c) && c != '+')
    });
    BEFORE.contains(&trimmed[start..].to_lowercase().as_str()) && !lone
}

/// Whether another technology stands beside it in a list: "C/C++", "React, Redux", "Python and R".
fn is_listed(mention: &Mention) -> bool {
    let Mention { text, start, end, listed_until, .. } = *mention;
    let joins = |gap: &str| {
        let gap = gap.trim_start_matches(['`', '"', '*', ')']).trim_end_matches(['`', '"', '*', '(']).trim();
        matches!(gap, "," | "/" | "&" | "+" | "and" | "or" | ", and" | ", or" | "with" | "→" | "|" | "·")
    };
    if listed_until.is_some_and(|until| joins(&text[until..start])) {
        return true;
    }
    let rest = &text[end..];
    // A list goes on within a few characters: a comma, a word that joins, spaces and quotes.
    let ends = rest.char_indices().map(|(at, _)| at).take(10).skip(1);
    ends.filter(|at| joins(&rest[..*at])).any(|at| {
        starts_word(text, end + at)
            && candidates(text, end + at).any(|(name, _)| text[end + at..].starts_with(name.text))
    })
}
