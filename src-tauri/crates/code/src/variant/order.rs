//! Edits that change two things over: arguments, operands, an index and what is kept under it, the ends of a
//! conditional expression.

use std::ops::Range;

use tree_sitter::Node;

use super::EditKind;
use crate::syntax::text_of;

type Edit = (EditKind, Range<usize>, String);

/// The edits of one named node.
pub(super) fn edits(node: Node, text: &str) -> Vec<Edit> {
    match node.kind() {
        "arguments" | "argument_list" => arguments(node, text),
        "binary_expression" | "binary_operator" => operands(node, text).into_iter().collect(),
        "assignment" | "assignment_expression" | "assignment_statement" => {
            kept_under(node, text).into_iter().collect()
        }
        kind if is_indexed(kind) => indices(node, text).into_iter().collect(),
        "conditional_expression" | "ternary_expression" => branches(node, text).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// A name, or a field of one: two of them beside each other are taken for each other.
fn is_plain(node: &Node) -> bool {
    matches!(
        node.kind(),
        "identifier"
            | "attribute"
            | "member_expression"
            | "field_expression"
            | "field_access"
            | "selector_expression"
            | "member_access_expression"
    )
}

/// `a` and `b` with what is between them, changed over; none when they are the same.
fn changed_over(kind: EditKind, a: Node, b: Node, text: &str) -> Option<Edit> {
    let (first, second) = (text_of(a, text), text_of(b, text));
    let between = text.get(a.end_byte()..b.start_byte())?;
    (first != second).then(|| (kind, a.start_byte()..b.end_byte(), format!("{second}{between}{first}")))
}

fn arguments(node: Node, text: &str) -> Vec<Edit> {
    let mut cursor = node.walk();
    let arguments: Vec<Node> = node.named_children(&mut cursor).collect();
    let pairs = arguments.windows(2).filter(|pair| pair.iter().all(is_plain));
    pairs.filter_map(|pair| changed_over(EditKind::Arguments, pair[0], pair[1], text)).collect()
}

/// The operands of what has an order: `a - b`, `a / b`, `a % b`.
fn operands(node: Node, text: &str) -> Option<Edit> {
    let (left, right) = (node.child_by_field_name("left")?, node.child_by_field_name("right")?);
    let operator = node.child_by_field_name("operator")?;
    let ordered = matches!(text_of(operator, text), "-" | "/" | "%" | "//");
    let plain = |node: &Node| is_plain(node) || matches!(node.kind(), "call" | "call_expression");
    (ordered && plain(&left) && plain(&right))
        .then(|| changed_over(EditKind::Operands, left, right, text))
        .flatten()
}

/// `list[a] = b` as `list[b] = a`.
fn kept_under(node: Node, text: &str) -> Option<Edit> {
    let left = only(node.child_by_field_name("left")?)?;
    let right = only(node.child_by_field_name("right")?)?;
    let index = index_of(left)?;
    (index.kind() == "identifier" && right.kind() == "identifier")
        .then(|| changed_over(EditKind::Arguments, index, right, text))
        .flatten()
}

/// `table[a][b]` as `table[b][a]`.
fn indices(node: Node, text: &str) -> Option<Edit> {
    let (outer, inner) = (index_of(node)?, index_of(node.named_child(0)?)?);
    (is_plain(&outer) && is_plain(&inner))
        .then(|| changed_over(EditKind::Arguments, inner, outer, text))
        .flatten()
}

fn is_indexed(kind: &str) -> bool {
    matches!(
        kind,
        "subscript"
            | "subscript_expression"
            | "index_expression"
            | "array_access"
            | "element_access_expression"
    )
}

/// What stands in the brackets behind something.
fn index_of(node: Node) -> Option<Node> {
    if !is_indexed(node.kind()) {
        return None;
    }
    let last = node.named_child(u32::try_from(node.named_child_count()).ok()?.checked_sub(1)?)?;
    match last.kind() {
        "subscript_argument_list" | "bracketed_argument_list" => last.named_child(0),
        _ => Some(last),
    }
}

/// Go keeps what is assigned in lists, mostly of one.
fn only(node: Node) -> Option<Node> {
    match node.kind() {
        "expression_list" if node.named_child_count() == 1 => node.named_child(0),
        _ => Some(node),
    }
}

/// `a if condition else b`, `condition ? a : b`.
fn branches(node: Node, text: &str) -> Option<Edit> {
    // Python has no names for the three parts, and the condition in the middle.
    let (first, second) = match node.child_by_field_name("consequence") {
        Some(first) => (first, node.child_by_field_name("alternative")?),
        None => (node.named_child(0)?, node.named_child(2)?),
    };
    changed_over(EditKind::Branches, first, second, text)
}

#[cfg(test)]
mod tests {
    use crate::{Language, variants};

    /// The lines that come of changing things over in the second line of a text.
    fn changed_over(language: Language, text: &str) -> Vec<String> {
        let kinds = ["arguments", "operands", "branches"];
        let all = variants(language, text, &[(2, 2)]).into_iter();
        let some = all.filter(|variant| kinds.contains(&variant.kind.name()));
        some.map(|variant| variant.apply(text).expect("in the text").trim().to_owned()).collect()
    }

    #[test]
    fn what_has_an_order_is_changed_over() {
        use Language::*;
        for (language, head, line, wanted) in [
            (Python, "def f(came, here, there):", "came[here] = there", "came[there] = here"),
            (Go, "func f(came map[int]int, here, there int) {", "came[here] = there", "came[there] = here"),
            (Java, "class A { void f(int[][] b, int i, int j) {", "g(b[i][j]);", "g(b[j][i]);"),
            (Cpp, "void f(float w, float h) {", "float ratio = w / h;", "float ratio = h / w;"),
            (Rust, "fn f(t: &[Vec<u8>], i: usize, j: usize) {", "let x = t[i][j];", "let x = t[j][i];"),
            (TypeScript, "function f(q: Q) {", "return q.up ? q.a : q.b;", "return q.up ? q.b : q.a;"),
            (Python, "def f(up, a, b):", "return a if up else b", "return b if up else a"),
        ] {
            let text = format!("{head}\n    {line}\n");
            assert_eq!(changed_over(language, &text), [wanted], "{text}");
        }
    }

    #[test]
    fn what_has_no_order_is_left_alone() {
        for line in ["return a + b", "return 1 / b", "return a[b]", "a[0] = b", "return a[b][b]"] {
            let text = format!("def f(a, b):\n    {line}\n");
            assert!(changed_over(Language::Python, &text).is_empty(), "{line}");
        }
    }
}
