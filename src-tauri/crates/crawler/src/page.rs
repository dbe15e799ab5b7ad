//! The visible text in the pieces that rules look at: lines, their labels, sentences, and what stands between
//! separators.

use std::sync::OnceLock;

use regex::Regex;

/// Lines that are looked at; long adverts have about two hundred.
const MOST_LINES: usize = 3_000;
/// Bytes of a line that rules see at once.
const LONGEST_LINE: usize = 1_200;

/// A visible text, cut up once.
pub(crate) struct Page<'t> {
    pub text: &'t str,
    pub lines: Vec<Line<'t>>,
}

/// One line.
pub(crate) struct Line<'t> {
    pub text: &'t str,
    /// What stands before a colon or a dash, in lower case without ornaments; empty when nothing does.
    pub label: String,
    /// What stands behind the label, or the whole line.
    pub value: &'t str,
}

/// Compiles an expression once per place of use.
macro_rules! expression {
    ($text:expr) => {{
        static COMPILED: std::sync::OnceLock<regex::Regex> = std::sync::OnceLock::new();
        crate::page::compiled(&COMPILED, || $text.to_owned())
    }};
}
pub(crate) use expression;

/// The expression of a cell, compiled when it is first asked for.
pub(crate) fn compiled(cell: &'static OnceLock<Regex>, text: impl FnOnce() -> String) -> &'static Regex {
    cell.get_or_init(|| Regex::new(&text()).expect("an expression compiled by the tests"))
}

impl<'t> Page<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, lines: text.lines().flat_map(chunks).take(MOST_LINES).map(Line::new).collect() }
    }

    /// Lines whose label matches; the expression sees the label in lower case.
    pub(crate) fn labelled(&self, label: &Regex) -> impl Iterator<Item = &Line<'t>> {
        self.lines.iter().filter(|line| !line.label.is_empty() && label.is_match(&line.label))
    }

    /// All sentences, in order.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = &'t str> {
        self.lines.iter().flat_map(|line| sentences(line.text))
    }
}

impl<'t> Line<'t> {
    fn new(text: &'t str) -> Self {
        static LABEL: OnceLock<Regex> = OnceLock::new();
        let label = LABEL.get_or_init(|| {
            Regex::new(r"^[^\p{L}]{0,8}(\p{L}[^:➡?=–—]{0,38}?)\s?(?:\(s\))?\s?(?::\s|:$|➡|\?\s|=\s|–\s|—\s|\s-\s)\s?(.*)$")
                .expect("an expression compiled by the tests")
        });
        match label.captures(text) {
            Some(found) => Self {
                text,
                label: found.get(1).map_or("", |m| m.as_str()).trim().to_lowercase(),
                value: found.get(2).map_or("", |m| m.as_str()).trim(),
            },
            None => Self { text, label: String::new(), value: text },
        }
    }
}

/// A long line in pieces, cut behind a sentence or a word: rules that look around an amount look at all of its line,
/// and a page in one line must not cost its square.
fn chunks(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut cut = rest.len().min(LONGEST_LINE);
        while !rest.is_char_boundary(cut) {
            cut -= 1;
        }
        if cut < rest.len() {
            let room = &rest[..cut];
            let end =
                room.rfind(". ").filter(|at| *at > cut / 2).map(|at| at + 1).or_else(|| room.rfind(' '));
            cut = end.filter(|at| *at > 0).unwrap_or(cut);
        }
        let (piece, more) = rest.split_at(cut);
        rest = more.trim_start();
        Some(piece)
    })
}

/// Sentences of a line: cut behind `.`, `!` or `?` when a new one begins. Abbreviations ("Rs. 5", "B.E. or")
/// do not end one.
pub(crate) fn sentences(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, mark) in line.match_indices(". ").chain(line.match_indices("! ")) {
        found.push((at, mark.starts_with('!')));
    }
    found.sort_unstable();
    let mut out = Vec::new();
    for (at, shout) in found {
        let before = line[from..at].rsplit([' ', '/', '(']).next().unwrap_or("");
        let next = line[at + 2..].chars().next();
        let short = before.chars().count() <= 2 && !before.bytes().all(|b| b.is_ascii_digit())
            || before.contains('.');
        let abbreviation = short
            || matches!(
                before,
                "Pvt" | "Advt" | "Prof" | "min" | "Min" | "adv" | "approx" | "incl" | "Ltd" | "Reg"
            );
        // Some write without capitals; then only a real word ends a sentence.
        let plain = before.chars().count() > 3 && before.chars().all(char::is_alphabetic);
        let begins = next.is_some_and(|c| c.is_uppercase() || c.is_numeric() || !c.is_ascii() || plain);
        if begins && (shout || !abbreviation) {
            out.push(line[from..=at].trim());
            from = at + 2;
        }
    }
    out.push(line[from..].trim());
    out.retain(|s| !s.is_empty());
    out
}

/// What stands between the separators of a terse line: `|`, `•`, `·`, `♦`, `✦`, `;`, and dashes with spaces.
pub(crate) fn segments(line: &str) -> impl Iterator<Item = &str> {
    let mut out = Vec::new();
    let mut from = 0;
    for mark in expression!(r"\s?[|•·♦✦▪●■;]\s?|\s[–—-]\s").find_iter(line) {
        // "3 – 5 years" is one piece.
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let range =
            digit(line[..mark.start()].chars().next_back()) && digit(line[mark.end()..].chars().next());
        if !(range && mark.as_str().contains(['–', '—', '-'])) {
            out.push(line[from..mark.start()].trim());
            from = mark.end();
        }
    }
    out.push(line[from..].trim());
    out.into_iter().filter(|s| !s.is_empty())
}

/// At most the first `most` bytes.
pub(crate) fn first(text: &str, most: usize) -> &str {
    let mut at = text.len().min(most);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    &text[..at]
}

/// At most the last `most` bytes.
pub(crate) fn last(text: &str, most: usize) -> &str {
    let mut at = text.len().saturating_sub(most);
    while !text.is_char_boundary(at) {
        at += 1;
    }
    &text[at..]
}

/// A number in digits or words up to thirty-six.
pub(crate) fn number(text: &str) -> Option<f64> {
    const WORDS: &[&str] = &[
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let lower = text.trim().to_lowercase();
    match lower.as_str() {
        "eighteen" => return Some(18.0),
        "twenty-four" => return Some(24.0),
        "a" | "an" => return Some(1.0),
        _ => {}
    }
    let word = WORDS.iter().position(|w| *w == lower);
    word.map(|n| n as f64).or_else(|| lower.replace(',', "").parse().ok())
}

/// A number as [`number`] reads it, for use in expressions.
pub(crate) const NUMBER: &str = r"(?:\d{1,3}(?:\.\d+)?|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|twenty-four)";
