//! Parsing with bounds: text of any shape gives a tree within a known effort, or none at all.

use std::ops::{ControlFlow, Range};

use tree_sitter::{Node, ParseOptions, Parser, Tree};

use crate::Language;

/// Larger files are not parsed; [`crate::skip_reason`] leaves them out of reviews anyway.
const MAX_BYTES: usize = 1_500_000;
/// Deeper trees are refused: code that people write stays below 100 levels, and walking from a node
/// to its root costs its depth.
const MAX_DEPTH: u32 = 1_000;
/// Walking past a token, a query looks for the next named sibling. Real code has one every few tokens;
/// a hundred thousand brackets in a row would be looked through a hundred thousand times. This bounds the
/// sum of those looks, which real code of [`MAX_BYTES`] stays far below.
const MAX_LOOKS: usize = 20_000_000;
/// Lines of a YAML file, and bytes of a line, that its scanner can count.
const MAX_YAML_LINES: usize = 30_000;
/// Levels of a YAML file that its scanner can keep, with a margin.
const MAX_YAML_LEVELS: usize = 240;
/// Texts up to this many bytes are parsed on the caller's own stack: they cannot fill it.
const SMALL: usize = 4_096;
/// Bytes of stack that a thread needs for anything but the parser's recursion.
const ORDINARY_STACK: usize = 2 << 20;
/// Bytes of stack for each byte of text: twice what one call was measured to take in a debug build.
const STACK_PER_BYTE: usize = 256;

/// Parses the program `text`, or gives None when it is too large, nested too deeply, or costs the parser
/// more steps than real code of that size would. The budget counts steps and not time, so that the same
/// text always has the same answer.
pub(crate) fn parse(language: Language, text: &str) -> Option<Tree> {
    parse_with(&language.grammar()?, text)
}

/// The same for all that rules look at, configuration included.
pub(crate) fn parse_for_rules(language: Language, text: &str) -> Option<Tree> {
    if language == Language::Yaml && !fits_yaml_scanner(text) {
        return None;
    }
    parse_with(&language.rule_grammar()?, text)
}

/// The scanner of the YAML grammar keeps what it knows in 1,024 bytes, four for each level of nesting, and ends
/// the process one level after they are full; it counts lines and columns in 16 bits. What people write is far
/// from both. A level begins behind the blanks of a line, or behind a mark in it.
fn fits_yaml_scanner(text: &str) -> bool {
    let mut lines = 0;
    text.lines().all(|line| {
        lines += 1;
        let blanks = line.len() - line.trim_start().len();
        let next = line.bytes().skip(1).chain([b' ']);
        let is_mark =
            |(byte, next): &(u8, u8)| matches!(byte, b'-' | b'?' | b':') && next.is_ascii_whitespace();
        let marks = line.bytes().zip(next).filter(is_mark).count();
        lines < MAX_YAML_LINES && line.len() < MAX_YAML_LINES && blanks + marks < MAX_YAML_LEVELS
    })
}

fn parse_with(grammar: &tree_sitter::Language, text: &str) -> Option<Tree> {
    if text.len() > MAX_BYTES {
        return None;
    }
    if text.len() <= SMALL {
        return parse_here(grammar, text);
    }
    // When the parser lets go of its stack it calls itself once for every token on it: brackets that never
    // close would overflow the stack of an ordinary thread, and that ends the process. Memory of a stack is
    // only taken once it is touched, so code that people write pays for the thread alone.
    let stack = ORDINARY_STACK + text.len() * STACK_PER_BYTE;
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("parse".to_owned()).stack_size(stack);
        thread.spawn_scoped(scope, || parse_here(grammar, text)).ok()?.join().ok().flatten()
    })
}

fn parse_here(grammar: &tree_sitter::Language, text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(grammar).ok()?;
    // The parser reports once in a hundred of its steps; real code needs less than one report for 40 bytes.
    let mut left = 2_000 + text.len() / 10;
    let mut budget = |_: &tree_sitter::ParseState| {
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut budget);
    let bytes = text.as_bytes();
    let tree =
        parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options))?;
    is_walkable(&tree).then_some(tree)
}

/// No deeper than [`MAX_DEPTH`], and no runs of tokens that add up to more than [`MAX_LOOKS`].
fn is_walkable(tree: &Tree) -> bool {
    let mut cursor = tree.walk();
    let (mut run, mut looks) = (0, 0);
    loop {
        run = if cursor.node().is_named() { 0 } else { run + 1 };
        looks += run;
        if cursor.depth() > MAX_DEPTH || looks > MAX_LOOKS {
            return false;
        }
        if cursor.goto_first_child() || cursor.goto_next_sibling() {
            continue;
        }
        loop {
            if !cursor.goto_parent() {
                return true;
            }
            if cursor.goto_next_sibling() {
                break;
            }
        }
    }
}

/// Text of a node; empty should the tree belong to another text.
pub(crate) fn text_of<'a>(node: Node, text: &'a str) -> &'a str {
    text.get(node.byte_range()).unwrap_or_default()
}

/// First line of a node, from 1.
pub(crate) fn line_of(node: Node) -> u32 {
    u32::try_from(node.start_position().row).unwrap_or(u32::MAX - 1) + 1
}

/// Last line of a node, from 1. A node that ends at the very start of a line ends on the line before.
pub(crate) fn end_line_of(node: Node) -> u32 {
    let end = node.end_position();
    let row = if end.column == 0 && end.row > node.start_position().row { end.row - 1 } else { end.row };
    u32::try_from(row).unwrap_or(u32::MAX - 1) + 1
}

/// The ancestors of a node from its parent outwards.
pub(crate) fn ancestors(node: Node) -> impl Iterator<Item = Node> {
    std::iter::successors(node.parent(), |n| n.parent())
}

/// A node that holds the body of a function, a method, a lambda or a closure.
pub(crate) fn is_function(kind: &str) -> bool {
    matches!(
        kind,
        "function_definition"
            | "lambda"
            | "function_declaration"
            | "function_expression"
            | "generator_function_declaration"
            | "generator_function"
            | "arrow_function"
            | "method_definition"
            | "method_declaration"
            | "constructor_declaration"
            | "lambda_expression"
            | "func_literal"
            | "function_item"
            | "closure_expression"
            | "local_function_statement"
            | "destructor_declaration"
            | "accessor_declaration"
            | "operator_declaration"
            | "conversion_operator_declaration"
            | "anonymous_method_expression"
    )
}

/// Every node of the tree in the order of the text.
pub(crate) fn each_node<'t>(root: Node<'t>, mut visit: impl FnMut(Node<'t>)) {
    each_node_while(root, |node| {
        visit(node);
        true
    });
}

/// The same, up to the first node that is answered with false.
pub(crate) fn each_node_while<'t>(root: Node<'t>, mut goes_on: impl FnMut(Node<'t>) -> bool) {
    let mut cursor = root.walk();
    loop {
        if !goes_on(cursor.node()) {
            return;
        }
        if cursor.goto_first_child() || cursor.goto_next_sibling() {
            continue;
        }
        loop {
            if !cursor.goto_parent() {
                return;
            }
            if cursor.goto_next_sibling() {
                break;
            }
        }
    }
}

/// Byte ranges of the lines of a text, line ends left out.
pub(crate) struct Lines {
    ranges: Vec<Range<usize>>,
}

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        let mut ranges = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let body = line.strip_suffix('\n').unwrap_or(line);
            let body = body.strip_suffix('\r').unwrap_or(body);
            ranges.push(start..start + body.len());
            start += line.len();
        }
        Self { ranges }
    }

    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.ranges.len()).unwrap_or(u32::MAX)
    }

    /// Bytes of line `number` (from 1); empty past the end.
    pub(crate) fn range(&self, number: u32) -> Range<usize> {
        let index = (number as usize).wrapping_sub(1);
        self.ranges.get(index).cloned().unwrap_or(0..0)
    }

    /// The line (from 1) that holds a byte, or that ends before it.
    pub(crate) fn at(&self, byte: usize) -> u32 {
        let before = self.ranges.partition_point(|range| range.start <= byte);
        u32::try_from(before).unwrap_or(u32::MAX).max(1)
    }

    /// Text of line `number` (from 1), without its end; empty past the end.
    pub(crate) fn text<'a>(&self, number: u32, text: &'a str) -> &'a str {
        text.get(self.range(number)).unwrap_or_default()
    }

    /// Lines `first..=last` joined by `\n`, without the end of the last one.
    pub(crate) fn join(&self, first: u32, last: u32, text: &str) -> String {
        let lines: Vec<&str> = (first..=last.min(self.count())).map(|n| self.text(n, text)).collect();
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_open_brackets_give_no_tree_and_no_crash() {
        use Language::{C, CSharp, Dockerfile, Java, JavaScript, Python, Rust, Shell, Yaml};
        for language in [Python, JavaScript, C, Rust, Java, CSharp, Shell, Dockerfile, Yaml] {
            for bracket in ["(", "[", "{", "f("] {
                let text = bracket.repeat(1_000_000 / bracket.len());
                if let Some(tree) = parse_for_rules(language, &text) {
                    assert!(is_walkable(&tree), "a deep tree would make every walk quadratic");
                }
            }
        }
    }

    #[test]
    fn yaml_nested_without_end_does_not_end_the_process() {
        let ladder = |step: &str, levels: usize| -> String {
            (0..levels).map(|level| format!("{}{step}\n", "  ".repeat(level))).collect()
        };
        for text in
            ["- ".repeat(100_000), "? ".repeat(300), "a: ".repeat(300), ladder("a:", 400), ladder("- -", 130)]
        {
            assert!(parse_for_rules(Language::Yaml, &text).is_none(), "{}", &text[..20]);
        }
        assert!(parse_for_rules(Language::Yaml, &ladder("a:", 100)).is_some());
        assert!(parse_for_rules(Language::Yaml, &format!("{}a: b\n", "- ".repeat(200))).is_some());
        let wide = format!("run: |\n{}", "  echo a-b:c\n".repeat(5_000));
        assert!(
            parse_for_rules(Language::Yaml, &wide).is_some(),
            "a long script has many marks, few in a line"
        );
    }

    #[test]
    fn brackets_that_never_close_do_not_overflow_the_stack() {
        // The parser frees its stack by recursion; this text once ended the whole process.
        parse(Language::Go, &"[{".repeat(50_000));
    }

    #[test]
    fn a_row_of_tokens_gives_no_tree() {
        // Refused without being deep: an error with a hundred thousand children, which queries would walk
        // in the square of their number.
        for bracket in ["(", "}"] {
            assert!(parse(Language::Python, &bracket.repeat(100_000)).is_none(), "{bracket}");
        }
    }

    #[test]
    fn real_code_stays_inside_the_budget() {
        let function =
            "def f(a, b=[1, 2]):\n    if a > b:\n        return {'x': a + 1, 'y': [b for b in a]}\n";
        let text = function.repeat(10_000);
        let tree = parse(Language::Python, &text).expect("30,000 lines of ordinary code are parsed");
        assert!(!tree.root_node().has_error());
    }

    #[test]
    fn line_ends_do_not_belong_to_lines() {
        let text = "a\r\nb\n\nc";
        let lines = Lines::of(text);
        assert_eq!(lines.count(), 4);
        assert_eq!(
            (lines.text(1, text), lines.text(2, text), lines.text(3, text), lines.text(4, text)),
            ("a", "b", "", "c")
        );
        assert_eq!([0, 1, 3, 5, 6, 9].map(|byte| lines.at(byte)), [1, 1, 2, 3, 4, 4]);
        assert_eq!(lines.text(0, text), "");
        assert_eq!(lines.text(5, text), "");
        assert_eq!(lines.join(1, 9, text), "a\nb\n\nc");
    }
}
