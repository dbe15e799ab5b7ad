//! One-edit variants of lines: what a line would be if one comparison, boundary, sign or negation of it were
//! another. A variant that fits its place much better than the line that was written shows a slip, and is its
//! patch. Numbers and truth values are left alone: nothing around them tells which one was meant.

mod name;
mod opposite;
mod order;

use std::ops::Range;

use tree_sitter::Node;

use crate::syntax::{self, text_of};
use crate::{Language, still_parses};

/// What was changed, as far as it is told apart when likelihoods are weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditKind {
    /// `<` and `<=`, `>` and `>=`.
    Boundary,
    /// `<` and `>`, `==` and `!=`.
    Comparison,
    /// `&&` and `||`.
    Connective,
    /// A condition and its opposite.
    Negation,
    /// `+` and `-`, `*` and `/`, `+=` and `-=`, `&` and `|`.
    Arithmetic,
    /// A name and its opposite: `min` and `max`, `row` and `col`.
    Opposite,
    /// Another name that has a value there, or another field of the same object.
    Name,
    /// An index, a bound or a number, one more or one less.
    Beside,
    /// Two arguments, or an index and what is kept under it, changed over.
    Arguments,
    /// The operands of `-`, `/` or `%` changed over.
    Operands,
    /// What a conditional expression gives, changed over.
    Branches,
    /// A missing `await`.
    Await,
}

impl EditKind {
    /// The name in rule ids.
    pub fn name(self) -> &'static str {
        match self {
            Self::Boundary => "boundary",
            Self::Comparison => "comparison",
            Self::Connective => "connective",
            Self::Negation => "negation",
            Self::Arithmetic => "arithmetic",
            Self::Opposite => "opposite",
            Self::Name => "name",
            Self::Beside => "beside",
            Self::Arguments => "arguments",
            Self::Operands => "operands",
            Self::Branches => "branches",
            Self::Await => "await",
        }
    }
}

/// One edit of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    pub kind: EditKind,
    /// Line number, from 1.
    pub line: u32,
    /// Bytes of the file that are replaced; they lie in one line.
    pub range: Range<usize>,
    pub replacement: String,
}

impl Variant {
    /// The whole line with the edit, without its end.
    pub fn apply(&self, text: &str) -> Option<String> {
        let start = text.get(..self.range.start)?.rfind('\n').map_or(0, |at| at + 1);
        let end = text.get(self.range.end..)?.find('\n').map_or(text.len(), |at| self.range.end + at);
        let line = format!(
            "{}{}{}",
            text.get(start..self.range.start)?,
            self.replacement,
            text.get(self.range.end..end)?
        );
        Some(line.trim_end_matches('\r').to_owned())
    }
}

/// Most variants of one line: what admits more is a table, or an expression that nobody reads.
const MOST: usize = 64;

/// The variants of the lines in `lines` (inclusive ranges), in the order of the text. None for a language
/// without a grammar or a text that is not parsed.
pub fn variants(language: Language, text: &str, lines: &[(u32, u32)]) -> Vec<Variant> {
    let Some(tree) = syntax::parse(language, text) else { return Vec::new() };
    let wanted = |line: u32| lines.iter().any(|&(start, end)| (start..=end).contains(&line));
    let mut found: Vec<Variant> = Vec::new();
    syntax::each_node(tree.root_node(), |node| {
        let line = syntax::line_of(node);
        if wanted(line) && node.start_position().row == node.end_position().row {
            found.extend(edits(node, text).into_iter().map(|(kind, range, replacement)| Variant {
                kind,
                line,
                range,
                replacement,
            }));
        }
    });
    found.sort_by(|a, b| {
        (a.range.start, a.range.end, &a.replacement).cmp(&(b.range.start, b.range.end, &b.replacement))
    });
    // What is an opposite may be another name at hand as well: it is weighed once.
    found.dedup_by(|a, b| a.range == b.range && a.replacement == b.replacement);
    let mut kept: Vec<Variant> = Vec::new();
    for variant in found {
        let of_line = kept.iter().filter(|one| one.line == variant.line).count();
        if of_line < MOST {
            kept.push(variant);
        }
    }
    kept
}

/// The patch's text parses, as far as the text that it changes did.
pub fn variant_parses(language: Language, text: &str, variant: &Variant) -> bool {
    let fixed = format!(
        "{}{}{}",
        text.get(..variant.range.start).unwrap_or_default(),
        variant.replacement,
        text.get(variant.range.end..).unwrap_or_default()
    );
    still_parses(language, text, &fixed)
}

type Edit = (EditKind, Range<usize>, String);

fn edits(node: Node, text: &str) -> Vec<Edit> {
    let parent = node.parent().map_or("", |parent| parent.kind());
    let own = text_of(node, text);
    let replace = |kind, with: &str| (kind, node.byte_range(), with.to_owned());
    if !node.is_named() {
        return match parent {
            "binary_expression"
            | "comparison_operator"
            | "boolean_operator"
            | "binary_operator"
            | "augmented_assignment"
            | "augmented_assignment_expression"
            | "compound_assignment_expr"
            | "assignment_expression"
            | "assignment_statement"
            | "update_expression" => operator(own).iter().map(|(kind, with)| replace(*kind, with)).collect(),
            _ => Vec::new(),
        };
    }
    let mut edits = match node.kind() {
        "identifier" | "field_identifier" | "property_identifier" if !name::is_declared(node) => {
            opposite::of(own, text).into_iter().map(|other| replace(EditKind::Opposite, &other)).collect()
        }
        "not_operator" | "unary_expression" | "prefix_unary_expression" => negated(node, text),
        "break_statement" | "break_expression" if own.trim_end_matches(';') == "break" => {
            let word = node.start_byte()..node.start_byte() + "break".len();
            vec![(EditKind::Opposite, word, "continue".to_owned())]
        }
        "continue_statement" | "continue_expression" if own.trim_end_matches(';') == "continue" => {
            let word = node.start_byte()..node.start_byte() + "continue".len();
            vec![(EditKind::Opposite, word, "break".to_owned())]
        }
        _ => Vec::new(),
    };
    if is_condition(node) {
        let not = if is_python(node) { "not " } else { "!" };
        edits.push((EditKind::Negation, node.start_byte()..node.start_byte(), not.to_owned()));
    }
    edits.extend(name::edits(node, text));
    edits.extend(order::edits(node, text));
    edits
}

fn operator(own: &str) -> &'static [(EditKind, &'static str)] {
    use EditKind::{Arithmetic, Boundary, Comparison, Connective, Negation};
    match own {
        "<" => &[(Boundary, "<="), (Comparison, ">")],
        "<=" => &[(Boundary, "<"), (Comparison, ">=")],
        ">" => &[(Boundary, ">="), (Comparison, "<")],
        ">=" => &[(Boundary, ">"), (Comparison, "<=")],
        "==" => &[(Comparison, "!=")],
        "!=" => &[(Comparison, "==")],
        "===" => &[(Comparison, "!==")],
        "!==" => &[(Comparison, "===")],
        "&&" => &[(Connective, "||")],
        "||" => &[(Connective, "&&")],
        "and" => &[(Connective, "or")],
        "or" => &[(Connective, "and")],
        "+" => &[(Arithmetic, "-")],
        "-" => &[(Arithmetic, "+")],
        "*" => &[(Arithmetic, "/")],
        "/" => &[(Arithmetic, "*")],
        "%" => &[(Arithmetic, "/")],
        "&" => &[(Arithmetic, "|")],
        "|" => &[(Arithmetic, "&")],
        "<<" => &[(Arithmetic, ">>")],
        ">>" => &[(Arithmetic, "<<")],
        "+=" => &[(Arithmetic, "-=")],
        "-=" => &[(Arithmetic, "+=")],
        "*=" => &[(Arithmetic, "/=")],
        "/=" => &[(Arithmetic, "*=")],
        "++" => &[(Arithmetic, "--")],
        "--" => &[(Arithmetic, "++")],
        "in" => &[(Negation, "not in")],
        "not in" => &[(Negation, "in")],
        "is" => &[(Negation, "is not")],
        "is not" => &[(Negation, "is")],
        _ => &[],
    }
}

/// `!x` and `not x` without their negation.
fn negated(node: Node, text: &str) -> Vec<Edit> {
    let own = text_of(node, text);
    let length = match own {
        _ if own.starts_with("not ") => 4,
        _ if own.starts_with('!') => 1,
        _ => return Vec::new(),
    };
    let start = node.start_byte();
    vec![(EditKind::Negation, start..start + length, String::new())]
}

/// A name or a call that is the whole condition of an `if` or a loop: with an operator in it, others are
/// likelier to be wrong than its absence.
fn is_condition(node: Node) -> bool {
    let plain = matches!(
        node.kind(),
        "identifier"
            | "attribute"
            | "member_expression"
            | "field_expression"
            | "selector_expression"
            | "method_invocation"
            | "call"
            | "call_expression"
            | "invocation_expression"
    );
    let Some(parent) = node.parent().filter(|_| plain) else { return false };
    let parent =
        if parent.kind() == "parenthesized_expression" { parent.parent().unwrap_or(parent) } else { parent };
    let branches = matches!(
        parent.kind(),
        "if_statement" | "while_statement" | "if_expression" | "while_expression" | "elif_clause"
    );
    branches
        && parent.child_by_field_name("condition").is_some_and(|condition| {
            condition.start_byte() <= node.start_byte() && node.end_byte() <= condition.end_byte()
        })
}

fn is_python(node: Node) -> bool {
    syntax::ancestors(node).last().is_some_and(|root| root.kind() == "module")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(language: Language, text: &str, line: u32) -> Vec<(EditKind, String)> {
        variants(language, text, &[(line, line)])
            .iter()
            .map(|variant| (variant.kind, variant.apply(text).expect("in the text").trim().to_owned()))
            .collect()
    }

    #[test]
    fn a_line_has_its_near_relatives() {
        use EditKind::*;
        let found = of(
            Language::Python,
            "def f(xs, n):\n    while n < len(xs) - 1 and not xs[0]:\n        n += 1\n",
            2,
        );
        let line = |kind, text: &str| (kind, text.to_owned());
        for wanted in [
            line(Boundary, "while n <= len(xs) - 1 and not xs[0]:"),
            line(Comparison, "while n > len(xs) - 1 and not xs[0]:"),
            line(Connective, "while n < len(xs) - 1 or not xs[0]:"),
            line(Negation, "while n < len(xs) - 1 and xs[0]:"),
            line(Arithmetic, "while n < len(xs) + 1 and not xs[0]:"),
        ] {
            assert!(found.contains(&wanted), "{wanted:?} is missing in {found:?}");
        }
    }

    #[test]
    fn each_language_has_them() {
        for (language, text, line, wanted) in [
            (
                Language::JavaScript,
                "function f(a) {\n  return Math.max(a, 1);\n}\n",
                2,
                "return Math.min(a, 1);",
            ),
            (
                Language::TypeScript,
                "function f(a: number[]) {\n  if (a.length === 0) return;\n}\n",
                2,
                "if (a.length !== 0) return;",
            ),
            (
                Language::Java,
                "class A { int f(int i, int n) {\n return i <= n ? 1 : 0; } }\n",
                2,
                "return i < n ? 1 : 0; } }",
            ),
            (Language::C, "int f(int *a, int n) {\n  return a[n - 1];\n}\n", 2, "return a[n + 1];"),
            (Language::Go, "package a\nfunc f(ok bool) int {\n\tif !ok {\n\t}\n}\n", 3, "if ok {"),
            (
                Language::Rust,
                "fn f(a: &[u8], b: usize) -> bool {\n    a.len() > b || b == 0\n}\n",
                2,
                "a.len() >= b || b == 0",
            ),
            (Language::Cpp, "int f(int low, int high) {\n  return low < 3;\n}\n", 2, "return high < 3;"),
            (Language::Go, "package a\nfunc f(known bool) {\n\tif known {\n\t}\n}\n", 3, "if !known {"),
        ] {
            let found = of(language, text, line);
            assert!(
                found.iter().any(|(_, text)| text == wanted),
                "{language:?}: {wanted} is missing in {found:?}"
            );
        }
    }

    #[test]
    fn names_are_tried_for_variables_and_fields_for_fields() {
        use EditKind::Name;
        let text = "def f(x, x_train):\n    scaler.fit(x)\n    a = span.start + span.stop\n    b = LIMIT\n";
        let found = of(Language::Python, text, 2);
        assert!(found.contains(&(Name, "scaler.fit(x_train)".to_owned())), "{found:?}");
        let found = of(Language::Python, text, 3);
        assert!(found.contains(&(Name, "a = span.stop + span.stop".to_owned())), "{found:?}");
        assert!(
            !of(Language::Python, text, 4).iter().any(|(kind, _)| *kind == Name),
            "a constant is seldom written for a variable, and looks unlikely anywhere"
        );
    }

    #[test]
    fn numbers_are_tried_one_more_and_one_less() {
        use EditKind::Beside;
        let go = "package a\nfunc f(rank, mid int, name string) int {\n\tlow = mid\n\tsay(name)\n\treturn rank - 1\n}\n";
        let beside = |line| -> Vec<String> {
            of(Language::Go, go, line)
                .into_iter()
                .filter(|(kind, _)| *kind == Beside)
                .map(|(_, text)| text)
                .collect()
        };
        assert_eq!(beside(3), ["low = mid + 1", "low = mid - 1"]);
        assert_eq!(beside(5), ["return rank"]);
        assert!(beside(4).is_empty(), "a name of a thing has no neighbour");
    }

    #[test]
    fn what_is_no_operator_is_left_alone() {
        assert!(
            of(Language::Rust, "fn f(a: Vec<u8>) -> Option<u8> {\n    None\n}\n", 1).is_empty(),
            "brackets of types"
        );
        assert!(of(Language::Python, "PORT = 8080\n", 1).is_empty(), "a number that nothing around it tells");
        assert!(of(Language::Python, "a = 1\nb = max(a, 3)\n", 1).is_empty(), "another line's");
    }
}
