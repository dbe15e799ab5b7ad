//! Predicates that rules may use beside those of tree-sitter. The first argument is a capture; a
//! pattern may hold `{name}`, which stands for the text of the capture `@name`, taken literally.
//!
//! | predicate | holds when |
//! |---|---|
//! | `#inside? @c kind…` / `#not-inside?` | an ancestor is of one of the kinds |
//! | `#parent? @c kind…` / `#not-parent?` | the parent is of one of the kinds |
//! | `#has? @c kind…` / `#lacks?` | a descendant is of one of the kinds |
//! | `#in-async? @c` | the nearest function around it is `async` |
//! | `#in-loop? @c` | a loop of the same function is around it |
//! | `#scope-has? @c pattern` / `#scope-lacks?` | the text of the nearest function (else of the file) matches |
//! | `#after-has? @c pattern` / `#after-lacks?` | the rest of that text behind the node matches |
//! | `#file-has? @c pattern` / `#file-lacks?` | the text of the file matches |
//! | `#above-lacks? @c pattern` | neither its line nor the five lines above match |

use std::collections::HashMap;

use anyhow::{Result, bail, ensure};
use regex::Regex;
use tree_sitter::{Node, Query, QueryMatch, QueryPredicate, QueryPredicateArg};

use crate::syntax::{self, Lines, text_of};

const WITH_KINDS: &[&str] = &["inside?", "not-inside?", "parent?", "not-parent?", "has?", "lacks?"];
const WITH_PATTERN: &[&str] =
    &["scope-has?", "scope-lacks?", "after-has?", "after-lacks?", "file-has?", "file-lacks?", "above-lacks?"];
const ALONE: &[&str] = &["in-async?", "in-loop?"];

/// Descendants looked at by `#has?`: captured nodes are expressions, not files.
const MAX_DESCENDANTS: usize = 20_000;

/// Checks the predicates of a pattern when the rules are compiled.
pub(crate) fn validate(query: &Query, pattern: usize) -> Result<()> {
    for predicate in query.general_predicates(pattern) {
        let name = predicate.operator.as_ref();
        ensure!(
            matches!(predicate.args.first(), Some(QueryPredicateArg::Capture(_))),
            "#{name} needs a capture first"
        );
        let strings: Vec<&str> = strings(predicate).collect();
        ensure!(strings.len() + 1 == predicate.args.len(), "#{name} takes one capture");
        if WITH_PATTERN.contains(&name) {
            ensure!(strings.len() == 1, "#{name} takes one pattern");
            Regex::new(&fill(strings[0], |_| Some("x")))?;
        } else if WITH_KINDS.contains(&name) {
            ensure!(!strings.is_empty(), "#{name} takes kinds of nodes");
        } else if !ALONE.contains(&name) {
            bail!("there is no predicate #{name}");
        }
    }
    Ok(())
}

fn strings(predicate: &QueryPredicate) -> impl Iterator<Item = &str> {
    predicate.args.iter().filter_map(|arg| match arg {
        QueryPredicateArg::String(text) => Some(text.as_ref()),
        QueryPredicateArg::Capture(_) => None,
    })
}

/// One file under check, with the expressions made for it so far.
pub(crate) struct Scene<'a> {
    pub(crate) text: &'a str,
    pub(crate) lines: &'a Lines,
    patterns: HashMap<String, Option<Regex>>,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(text: &'a str, lines: &'a Lines) -> Self {
        Self { text, lines, patterns: HashMap::new() }
    }

    /// All predicates of the match's pattern hold.
    pub(crate) fn holds(&mut self, query: &Query, found: &QueryMatch) -> bool {
        query.general_predicates(found.pattern_index).iter().all(|predicate| {
            let Some(QueryPredicateArg::Capture(capture)) = predicate.args.first() else { return false };
            // An optional capture that is not there cannot contradict.
            let Some(node) = found.captures().iter().find(|c| c.index == *capture).map(|c| c.node) else {
                return true;
            };
            self.one(predicate, node, query, found)
        })
    }

    fn one(&mut self, predicate: &QueryPredicate, node: Node, query: &Query, found: &QueryMatch) -> bool {
        let among = |kind: &str| strings(predicate).any(|k| k == kind);
        let name = predicate.operator.as_ref();
        match name {
            "inside?" => return syntax::ancestors(node).any(|n| among(n.kind())),
            "not-inside?" => return !syntax::ancestors(node).any(|n| among(n.kind())),
            "parent?" => return node.parent().is_some_and(|n| among(n.kind())),
            "not-parent?" => return !node.parent().is_some_and(|n| among(n.kind())),
            "has?" => return has_descendant(node, among),
            "lacks?" => return !has_descendant(node, among),
            "in-async?" => return scope(node).is_some_and(|f| is_async(f, self.text)),
            "in-loop?" => return in_loop(node),
            _ => {}
        }
        let area = match name {
            "scope-has?" | "scope-lacks?" => scope(node).map_or(self.text, |f| text_of(f, self.text)),
            "after-has?" | "after-lacks?" => {
                let end = scope(node).map_or(self.text.len(), |f| f.end_byte());
                self.text.get(node.end_byte()..end).unwrap_or_default()
            }
            "above-lacks?" => {
                let line = syntax::line_of(node);
                let start = self.lines.range(line.saturating_sub(5).max(1)).start;
                self.text.get(start..self.lines.range(line).end).unwrap_or_default()
            }
            _ => self.text,
        };
        let text = self.text;
        let pattern = fill(strings(predicate).next().unwrap_or_default(), |capture| {
            let index = query.capture_index_for_name(capture)?;
            found.captures().iter().find(|c| c.index == index).map(|c| text_of(c.node, text))
        });
        let regex = self.patterns.entry(pattern).or_insert_with_key(|pattern| Regex::new(pattern).ok());
        // A capture too long for an expression decides nothing, and nothing is reported then.
        regex.as_ref().is_some_and(|regex| regex.is_match(area) != name.ends_with("-lacks?"))
    }
}

/// Puts the literal text of captures in the place of `{name}`. Braces around anything but a name (as
/// in `{2,3}`) are left alone.
pub(crate) fn fill<'a>(pattern: &str, capture: impl Fn(&str) -> Option<&'a str>) -> String {
    splice(pattern, |name| capture(name).map(regex::escape))
}

/// Replaces every `{name}` for which `value` has text.
pub(crate) fn splice(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        let name = from[1..].split('}').next().unwrap_or_default();
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        match value(name).filter(|_| is_name) {
            Some(text) => {
                out.push_str(&text);
                rest = &from[name.len() + 2..];
            }
            None => {
                out.push('{');
                rest = &from[1..];
            }
        }
    }
    out + rest
}

/// The nearest function around a node.
fn scope(node: Node) -> Option<Node> {
    syntax::ancestors(node).find(|n| syntax::is_function(n.kind()))
}

/// `async` stands before the function's body, among its modifiers.
fn is_async(function: Node, text: &str) -> bool {
    let end = function
        .child_by_field_name("name")
        .or_else(|| function.child_by_field_name("parameters"))
        .or_else(|| function.child_by_field_name("body"))
        .map_or(function.start_byte(), |n| n.start_byte());
    let head = text.get(function.start_byte()..end).unwrap_or_default();
    head.split(|c: char| !c.is_alphanumeric()).any(|word| word == "async")
}

fn in_loop(node: Node) -> bool {
    syntax::ancestors(node).take_while(|n| !syntax::is_function(n.kind())).any(|n| {
        matches!(
            n.kind(),
            "for_statement"
                | "while_statement"
                | "do_statement"
                | "for_in_statement"
                | "enhanced_for_statement"
                | "for_range_loop"
                | "for_expression"
                | "while_expression"
                | "loop_expression"
        )
    })
}

fn has_descendant(node: Node, among: impl Fn(&str) -> bool) -> bool {
    let mut cursor = node.walk();
    let mut left = MAX_DESCENDANTS;
    loop {
        if cursor.depth() > 0 && among(cursor.node().kind()) {
            return true;
        }
        left = left.saturating_sub(1);
        if left == 0 {
            return false;
        }
        if cursor.goto_first_child() || (cursor.depth() > 0 && cursor.goto_next_sibling()) {
            continue;
        }
        loop {
            if cursor.depth() == 0 || !cursor.goto_parent() || cursor.depth() == 0 {
                return false;
            }
            if cursor.goto_next_sibling() {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_are_taken_literally_and_counts_are_left_alone() {
        let capture = |name: &str| (name == "f").then_some("a.b(");
        assert_eq!(fill(r"\b{f}x{2,3}{g}", capture), r"\ba\.b\(x{2,3}{g}");
        assert_eq!(splice("{x} is {y}{", |n| Some(n.to_uppercase())), "X is Y{");
    }

    #[test]
    fn a_misspelt_predicate_is_an_error() {
        let grammar = crate::Language::Python.grammar().expect("Python is parsed");
        let query =
            |predicate: &str| Query::new(&grammar, &format!("((call) @match {predicate})")).expect("a query");
        assert!(validate(&query("(#insid? @match \"call\")"), 0).is_err());
        assert!(validate(&query("(#scope-has? @match \"(\")"), 0).is_err());
        assert!(validate(&query("(#in-async? @match)"), 0).is_ok());
    }
}
