//! Runs the rules over one file.

use std::borrow::Cow;
use std::ops::Range;

use regex::Regex;
use tree_sitter::{Node, QueryCursor, QueryMatch, StreamingIterator, Tree};

use super::predicate::{Scene, splice};
use super::{LanguageQuery, Rule, compiled, secret};
use crate::syntax::{self, Lines, text_of};
use crate::{Language, patch, tests_in};

/// Matches that are tracked at one time: far above what rules need on code, and a bound on hostile text.
const MAX_OPEN_MATCHES: u32 = 4_096;
/// Findings of one file. A file with more has one cause, and nobody reads them all.
const MAX_VIOLATIONS: usize = 500;
/// Reported lines longer than this (in bytes) are quoted in part.
const MAX_QUOTE: usize = 400;

/// A file as a commit left it.
#[derive(Debug, Clone, Copy)]
pub struct SourceFile<'a> {
    /// `/`-separated path in the repository.
    pub path: &'a str,
    pub language: Option<Language>,
    pub text: &'a str,
}

/// New text for a range of bytes of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    pub start_byte: usize,
    pub end_byte: usize,
    pub text: String,
}

/// A place where a rule is broken.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    pub rule: &'static Rule,
    /// First line, from 1: always one of the added lines.
    pub line: u32,
    /// Last line, inclusive.
    pub end_line: u32,
    /// Text of `line`, trimmed, secrets masked, at most 400 bytes.
    pub quote: String,
    /// A rewrite that is right and keeps the syntax whole, where there is one.
    pub fix: Option<Replacement>,
}

/// The file with a replacement made; unchanged when the range does not fit the text.
pub fn apply(text: &str, fix: &Replacement) -> String {
    match (text.get(..fix.start_byte), text.get(fix.end_byte..)) {
        (Some(before), Some(after)) if fix.start_byte <= fix.end_byte => {
            format!("{before}{}{after}", fix.text)
        }
        _ => text.to_owned(),
    }
}

/// What a rule found before overlaps are settled.
pub(super) struct Candidate {
    pub(super) rule: usize,
    pub(super) line: u32,
    pub(super) end_line: u32,
    pub(super) bytes: (usize, usize),
    pub(super) fix: Option<Replacement>,
}

/// Reports every rule broken by a node that starts on an added line. `added` are ranges of lines from
/// 1, inclusive. Ordered by line; one violation a line and rule, and where two rules report the same
/// node, only the more severe one.
pub fn check(file: &SourceFile, added: &[(u32, u32)]) -> Vec<Violation> {
    let compiled = compiled();
    let lines = Lines::of(file.text);
    let is_added = |line: u32| added.iter().any(|(first, last)| (*first..=*last).contains(&line));
    let in_tests = tests_in::is_test_path(file.path);
    let mut found = Vec::new();
    for (first, last) in added {
        secret::find(file.text, &lines, *first..=*last, &mut found);
    }
    if let Some(language) = file.language
        && let Some(query) = compiled.query(language)
    {
        by_query(file, language, query, &lines, added, in_tests, &mut found);
    }
    found.retain(|c| is_added(c.line) && (compiled.rules[c.rule].tests || !in_tests));
    settle(&mut found);
    found
        .into_iter()
        .map(|c| Violation {
            rule: &compiled.rules[c.rule],
            line: c.line,
            end_line: c.end_line,
            quote: quote(lines.text(c.line, file.text)),
            fix: c.fix.filter(|fix| {
                let language = file.language.unwrap_or(Language::Text);
                patch::still_parses(language, file.text, &apply(file.text, fix))
            }),
        })
        .collect()
}

/// Keeps one candidate a line and rule, and the more severe of two on the same bytes.
fn settle(found: &mut Vec<Candidate>) {
    let severity = |c: &Candidate| compiled().rules[c.rule].severity;
    found.sort_by(|a, b| (a.bytes, severity(b), a.rule).cmp(&(b.bytes, severity(a), b.rule)));
    found.dedup_by(|later, kept| later.bytes == kept.bytes);
    found.sort_by_key(|c| (c.line, c.rule, c.bytes));
    found.dedup_by_key(|c| (c.line, c.rule));
    found.truncate(MAX_VIOLATIONS);
}

fn quote(line: &str) -> String {
    let masked = secret::mask_secrets(line.trim());
    masked[..masked.floor_char_boundary(MAX_QUOTE)].to_owned()
}

fn by_query(
    file: &SourceFile,
    language: Language,
    rules: &LanguageQuery,
    lines: &Lines,
    added: &[(u32, u32)],
    in_tests: bool,
    found: &mut Vec<Candidate>,
) {
    let wanted: Vec<bool> = compiled()
        .rules
        .iter()
        .zip(compiled().are_for(file.path, file.text))
        .map(|(r, is_for)| {
            is_for
                && (r.tests || !in_tests)
                && (r.requires.is_empty() || r.requires.iter().any(|w| file.text.contains(w)))
        })
        .collect();
    if !rules.rule_of.iter().any(|rule| wanted[*rule]) {
        return;
    }
    let Some(mut tree) = syntax::parse_for_rules(language, file.text) else { return };
    let asides = asides(&tree);
    let plain = without(file.text, &asides);
    let text = plain.as_ref();
    if !asides.is_empty() {
        let Some(again) = syntax::parse_for_rules(language, text) else { return };
        tree = again;
    }
    let mut scene = Scene::new(text, lines);
    let mut cursor = QueryCursor::new();
    cursor.set_match_limit(MAX_OPEN_MATCHES);
    let first = added.iter().map(|(first, _)| *first).min().unwrap_or(1).max(1);
    let last = added.iter().map(|(_, last)| *last).max().unwrap_or(0).min(lines.count());
    cursor.set_byte_range(lines.range(first).start..lines.range(last).end.max(1));
    let mut matches = cursor.matches(&rules.query, tree.root_node(), text.as_bytes());
    while let Some(one) = matches.next() {
        let rule = rules.rule_of[one.pattern_index];
        if !wanted[rule] {
            continue;
        }
        let Some(node) = captured(one, rules.reported) else { continue };
        let places = match compiled().ats.get(&rule) {
            Some(at) => places_in(node, at, text, lines),
            None => vec![Place {
                line: syntax::line_of(node),
                end_line: syntax::end_line_of(node),
                bytes: (node.start_byte(), node.end_byte()),
            }],
        };
        let reported =
            |place: &Place| added.iter().any(|(first, last)| (*first..=*last).contains(&place.line));
        if !places.iter().any(reported) || !scene.holds(&rules.query, one) {
            continue;
        }
        let declared = &compiled().rules[rule];
        if !declared.tests && language == Language::Rust && in_rust_tests(node, text) {
            continue;
        }
        let fix = declared.fix.as_deref().map(|template| {
            let target = rules.fixed.and_then(|index| captured(one, index)).unwrap_or(node);
            let value = |name: &str| {
                let index = rules.query.capture_index_for_name(name)?;
                captured(one, index).map(|n| text_of(n, text).to_owned())
            };
            Replacement {
                start_byte: target.start_byte(),
                end_byte: target.end_byte(),
                text: splice(template, value),
            }
        });
        // It would take a comment away that somebody wrote.
        let fix = fix.filter(|fix: &Replacement| {
            !asides.iter().any(|aside| aside.start < fix.end_byte && fix.start_byte < aside.end)
        });
        for Place { line, end_line, bytes } in places.into_iter().filter(reported) {
            found.push(Candidate { rule, line, end_line, bytes, fix: fix.clone() });
        }
    }
}

/// The comments between the arguments, parameters and operands of a file. To a query they are nodes like what
/// stands beside them, so that a word in front of an argument would hide it.
fn asides(tree: &Tree) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut cursor = tree.walk();
    // The kind of the node whose children the cursor is among.
    let mut within: Vec<&str> = Vec::new();
    loop {
        let node = cursor.node();
        if node.is_named()
            && node.kind().ends_with("comment")
            && within.last().is_some_and(|kind| is_list(kind))
        {
            found.push(node.byte_range());
        }
        if cursor.goto_first_child() {
            within.push(node.kind());
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
            within.pop();
        }
    }
}

fn is_list(kind: &str) -> bool {
    kind.contains("argument")
        || kind.contains("parameter")
        || matches!(
            kind,
            "binary_expression"
                | "binary_operator"
                | "boolean_operator"
                | "comparison_operator"
                | "tuple"
                | "list"
                | "array"
        )
}

/// The text with blanks for the ranges, so that every place stays where it is.
fn without<'t>(text: &'t str, ranges: &[Range<usize>]) -> Cow<'t, str> {
    if ranges.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        plain.push_str(&text[at..range.start]);
        let blank = |byte: u8| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' };
        plain.extend(text[range.clone()].bytes().map(blank));
        at = range.end;
    }
    plain.push_str(&text[at..]);
    Cow::Owned(plain)
}

/// What a match reports: lines from 1, inclusive, and bytes.
struct Place {
    line: u32,
    end_line: u32,
    bytes: (usize, usize),
}

/// The places in a node where an expression matches, or its group `place`, outside comments.
fn places_in(node: Node, at: &Regex, text: &str, lines: &Lines) -> Vec<Place> {
    let start = node.start_byte();
    at.captures_iter(text_of(node, text))
        .filter_map(|captures| captures.name("place").or_else(|| captures.get(0)))
        .map(|found| (start + found.start(), start + found.end()))
        .filter(|&(from, to)| {
            let inner = node.descendant_for_byte_range(from, to);
            inner.is_none_or(|inner| inner.kind() != "comment")
        })
        .map(|bytes| Place {
            line: lines.at(bytes.0),
            end_line: lines.at(bytes.1.saturating_sub(1).max(bytes.0)),
            bytes,
        })
        .collect()
}

fn captured<'t>(found: &QueryMatch<'_, 't>, index: u32) -> Option<Node<'t>> {
    found.captures().iter().find(|c| c.index == index).map(|c| c.node)
}

/// Inside `mod tests`, an item under `#[cfg(test)]`, or a function under `#[test]`.
fn in_rust_tests(node: Node, text: &str) -> bool {
    syntax::ancestors(node).any(|n| match n.kind() {
        "mod_item" => {
            let name = n.child_by_field_name("name").map_or("", |name| text_of(name, text));
            matches!(name, "test" | "tests") || tests_in::has_cfg_test(n, text)
        }
        "function_item" | "impl_item" => {
            tests_in::has_test_attribute(n, text) || tests_in::has_cfg_test(n, text)
        }
        _ => false,
    })
}
