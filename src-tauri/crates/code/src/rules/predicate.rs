//! Predicates that rules may use beside those of tree-sitter. The first argument is a capture; a
//! pattern may hold `{name}`, which stands for the text of the capture `@name`, taken literally.
//!
//! | predicate | holds when |
//! |---|---|
//! | `#inside? @c kind…` / `#not-inside?` | an ancestor is of one of the kinds |
//! | `#within? @c kind…` / `#not-within?` | the same, looking no further than the nearest function |
//! | `#parent? @c kind…` / `#not-parent?` | the parent is of one of the kinds |
//! | `#has? @c kind…` / `#lacks?` | a descendant is of one of the kinds |
//! | `#in-async? @c` | the nearest function around it is `async` |
//! | `#in-loop? @c` | a loop of the same function is around it |
//! | `#scope-has? @c pattern` / `#scope-lacks?` | the text of the nearest function (else of the file) matches |
//! | `#after-has? @c pattern` / `#after-lacks?` | the rest of that text behind the node matches |
//! | `#file-has? @c pattern` / `#file-lacks?` | the text of the file matches |
//! | `#before-has? @c pattern` / `#before-lacks?` | the part of that text in front of the node matches |
//! | `#above-lacks? @c pattern` | neither its line nor the five lines above match |
//! | `#own-has? @c pattern` / `#own-lacks?` | the text of the node itself matches |
//! | `#loop-has? @c pattern` / `#loop-lacks?` | the text of the nearest loop around matches |
//! | `#called-has? @c pattern` | a function of this file that is called as the node is written matches |
//! | `#left-open? @c opening closing` | this exit leaves open what [`flow::left_open`] finds |
//! | `#leaks? @c opening closing` | some exit behind leaves open what this opens |
//! | `#relocks? @c locking unlocking` | what this locks is locked again by what is called ([`flow::relocks`]) |
//! | `#swapped? @c` | arguments of this call stand in each other's place ([`arguments`]) |
//! | `#calls-itself? @c` | this call of the function itself passes its parameters on unchanged |
//! | `#half-renamed? @c` | a copy of the sibling before it that keeps a name of it ([`copies`]) |
//! | `#constant-condition? @c` | the comparisons of this chain exclude each other ([`conditions`]) |
//! | `#inverted-guard? @c` | the chain uses what its guard says is not there ([`conditions`]) |

use anyhow::{Result, bail, ensure};
use regex::Regex;
use tree_sitter::{Node, Query, QueryMatch, QueryPredicate, QueryPredicateArg};

use super::{arguments, conditions, copies, flow, pattern};
use crate::syntax::{self, Lines, text_of};

const WITH_KINDS: &[&str] =
    &["inside?", "not-inside?", "within?", "not-within?", "parent?", "not-parent?", "has?", "lacks?"];
const WITH_PATTERN: &[&str] = &[
    "scope-has?",
    "scope-lacks?",
    "after-has?",
    "after-lacks?",
    "before-has?",
    "before-lacks?",
    "file-has?",
    "file-lacks?",
    "above-lacks?",
    "own-has?",
    "own-lacks?",
    "loop-has?",
    "loop-lacks?",
    "called-has?",
];
const WITH_TWO_PATTERNS: &[&str] = &["left-open?", "leaks?", "relocks?"];
const ALONE: &[&str] = &[
    "in-async?",
    "in-loop?",
    "swapped?",
    "calls-itself?",
    "half-renamed?",
    "constant-condition?",
    "inverted-guard?",
];

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
        } else if WITH_TWO_PATTERNS.contains(&name) {
            ensure!(strings.len() == 2, "#{name} takes two patterns");
            let opening = Regex::new(strings[0])?;
            ensure!(opening.capture_names().any(|n| n == Some("h")), "#{name} names what is opened `h`");
            Regex::new(&fill(strings[1], |_| Some("x")))?;
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
    functions: Option<flow::Functions>,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(text: &'a str, lines: &'a Lines) -> Self {
        Self { text, lines, functions: None }
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
            "within?" => return in_function(node).any(|n| among(n.kind())),
            "not-within?" => return !in_function(node).any(|n| among(n.kind())),
            "parent?" => return node.parent().is_some_and(|n| among(n.kind())),
            "not-parent?" => return !node.parent().is_some_and(|n| among(n.kind())),
            "has?" => return has_descendant(node, among),
            "lacks?" => return !has_descendant(node, among),
            "in-async?" => return scope(node).is_some_and(|f| is_async(f, self.text)),
            "in-loop?" => return loop_around(node).is_some(),
            "half-renamed?" => return copies::half_renamed(node, self.text),
            "constant-condition?" => return conditions::is_constant(node, self.text),
            "inverted-guard?" => return conditions::is_inverted_guard(node, self.text),
            "swapped?" | "calls-itself?" => {
                let (text, functions) = (self.text, self.functions(node));
                return match name {
                    "swapped?" => arguments::swapped(node, text, functions),
                    _ => arguments::calls_itself_unchanged(node, text, functions),
                };
            }
            "left-open?" | "leaks?" | "relocks?" => {
                let (text, mut given) = (self.text, strings(predicate));
                let (opening, closing) = (given.next().unwrap_or_default(), given.next().unwrap_or_default());
                let Some(opening) = pattern::regex(opening) else { return false };
                return match name {
                    "relocks?" => flow::relocks(node, text, self.functions(node), &opening, closing),
                    "leaks?" => flow::leaks(node, text, &opening, closing),
                    _ => flow::left_open(node, text, &opening, closing).is_some(),
                };
            }
            _ => {}
        }
        let area = match name {
            "scope-has?" | "scope-lacks?" => scope(node).map_or(self.text, |f| text_of(f, self.text)),
            "after-has?" | "after-lacks?" => {
                let end = scope(node).map_or(self.text.len(), |f| f.end_byte());
                self.text.get(node.end_byte()..end).unwrap_or_default()
            }
            "before-has?" | "before-lacks?" => {
                let start = scope(node).map_or(0, |f| f.start_byte());
                self.text.get(start..node.start_byte()).unwrap_or_default()
            }
            "own-has?" | "own-lacks?" => text_of(node, self.text),
            "loop-has?" | "loop-lacks?" => loop_around(node).map_or("", |l| text_of(l, self.text)),
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
        // A capture too long for an expression decides nothing, and nothing is reported then.
        let Some(regex) = pattern::regex(&pattern) else { return false };
        if name == "called-has?" {
            let called = self.functions(node).get(text_of(node, text)).into_iter().flatten();
            return called.filter_map(|f| text.get(f.range.clone())).any(|body| regex.is_match(body));
        }
        regex.is_match(area) != name.ends_with("-lacks?")
    }

    /// The functions of the file, gathered when first asked for.
    fn functions(&mut self, node: Node) -> &flow::Functions {
        self.functions.get_or_insert_with(|| flow::functions(node, self.text))
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

/// The ancestors of a node that belong to the same function.
fn in_function(node: Node) -> impl Iterator<Item = Node> {
    syntax::ancestors(node).take_while(|n| !syntax::is_function(n.kind()))
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

/// The nearest loop around a node within its function.
fn loop_around(node: Node) -> Option<Node> {
    in_function(node).find(|n| {
        matches!(
            n.kind(),
            "for_statement"
                | "while_statement"
                | "do_statement"
                | "for_in_statement"
                | "enhanced_for_statement"
                | "foreach_statement"
                | "c_style_for_statement"
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
