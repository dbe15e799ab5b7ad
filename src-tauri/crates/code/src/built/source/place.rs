//! A walk over a file in which every node knows what stands around it.

use tree_sitter::Node;

use super::{Call, MOST_MARKS, Source, is_comment};
use crate::syntax;
use crate::{Language, tests_in};

/// A node with what stands around it. Asking the tree for a parent or a sibling costs as much as there are
/// siblings, which hostile text has many of; a walk knows them anyway.
pub(in crate::built) struct Place<'s, 'a> {
    pub(in crate::built) source: &'s Source<'a>,
    pub(in crate::built) node: Node<'a>,
    /// The nodes around it, from the root inwards.
    pub(in crate::built) above: &'s [Node<'a>],
    /// The first attributes and decorators that stand before it as siblings.
    pub(in crate::built) marks: &'s [Node<'a>],
    around: Around<'a>,
}

/// What the nodes around a node make of it.
#[derive(Clone, Copy, Default)]
struct Around<'a> {
    /// The nearest class.
    class: Option<Node<'a>>,
    in_function: bool,
    in_rust_tests: bool,
}

/// A node whose children are being visited.
struct Open<'a> {
    node: Node<'a>,
    around: Around<'a>,
    /// Marks before the next of its children.
    marks: Vec<Node<'a>>,
}

impl<'a> Source<'a> {
    /// Visits every node in the order of the text.
    pub(in crate::built) fn each(&self, mut visit: impl FnMut(&Place<'_, 'a>)) {
        let mut cursor = self.root.walk();
        let mut above: Vec<Node> = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        loop {
            let node = cursor.node();
            let is_mark = is_mark(node);
            if let Some(open) = open.last_mut().filter(|open| is_mark && open.marks.len() < MOST_MARKS) {
                open.marks.push(node);
            }
            let (mut around, marks) = match open.last() {
                Some(open) => (open.inside(), open.marks.as_slice()),
                None => (Around::default(), &[][..]),
            };
            around.in_rust_tests |= self.language == Language::Rust && self.begins_tests(node, marks);
            let marks = if is_mark { &[] } else { marks };
            visit(&Place { source: self, node, above: &above, marks, around });
            if cursor.goto_first_child() {
                above.push(node);
                open.push(Open { node, around, marks: Vec::new() });
                continue;
            }
            let mut left = node;
            loop {
                // A mark belongs to the next node that is neither a mark nor a comment.
                if let Some(open) = open.last_mut().filter(|_| !is_mark_or_comment(left)) {
                    open.marks.clear();
                }
                if cursor.goto_next_sibling() {
                    break;
                }
                if !cursor.goto_parent() {
                    return;
                }
                open.pop();
                left = above.pop().unwrap_or(self.root);
            }
        }
    }

    /// What `tests_in` says of a node, by the marks that the walk has seen.
    fn begins_tests(&self, node: Node<'a>, marks: &[Node<'a>]) -> bool {
        let has = |is: fn(&str) -> bool| marks.iter().any(|mark| is(tests_in::inside_of(*mark, self.text)));
        match node.kind() {
            "mod_item" => matches!(self.field(node, "name"), "test" | "tests") || has(tests_in::is_cfg_test),
            "impl_item" | "function_item" => has(tests_in::is_cfg_test) || has(tests_in::marks_test),
            _ => false,
        }
    }
}

impl<'a> Open<'a> {
    /// What is around its children.
    fn inside(&self) -> Around<'a> {
        let kind = self.node.kind();
        let is_class = matches!(
            kind,
            "class_definition" | "class_declaration" | "abstract_class_declaration" | "record_declaration"
        );
        Around {
            class: if is_class { Some(self.node) } else { self.around.class },
            in_function: self.around.in_function || syntax::is_function(kind),
            in_rust_tests: self.around.in_rust_tests,
        }
    }
}

fn is_mark(node: Node) -> bool {
    matches!(node.kind(), "attribute_item" | "decorator")
}

fn is_mark_or_comment(node: Node) -> bool {
    is_mark(node) || is_comment(node)
}

impl<'a> Place<'_, 'a> {
    /// Inside tests of Rust, or their first line.
    pub(in crate::built) fn in_rust_tests(&self) -> bool {
        self.around.in_rust_tests
    }

    /// The node with the marks before it and what wraps it: decorators and `export`.
    pub(in crate::built) fn lines(&self) -> (u32, u32) {
        let wraps = |node: &&Node| {
            matches!(node.kind(), "decorated_definition" | "export_statement" | "expression_statement")
        };
        let outer = self.above.iter().rev().take_while(wraps).last().copied().unwrap_or(self.node);
        let (start, end) = self.source.lines(outer);
        let first = self.marks.first().map_or(start, |mark| syntax::line_of(*mark).min(start));
        (first, end)
    }

    pub(in crate::built) fn parent(&self) -> Option<Node<'a>> {
        self.above.last().copied()
    }

    /// Inside of a function, a lambda or a closure.
    pub(in crate::built) fn in_function(&self) -> bool {
        self.around.in_function
    }

    /// The nearest class around the node.
    pub(in crate::built) fn class(&self) -> Option<Node<'a>> {
        self.around.class
    }

    /// The calls that the node is in, from the outermost inwards.
    pub(in crate::built) fn calls_above(&self) -> impl DoubleEndedIterator<Item = Call<'a>> {
        let is_call = |node: &&Node| self.source.look(1) && node.kind() == "call_expression";
        self.above.iter().filter(is_call).filter_map(|node| self.source.call(*node))
    }

    /// The annotations, attributes and decorators of the node: each one's name and arguments.
    pub(in crate::built) fn annotations(&self) -> Vec<(&'a str, Vec<Node<'a>>)> {
        let source = self.source;
        let mut nodes: Vec<Node> = self.marks.to_vec();
        if let Some(parent) = self.parent().filter(|p| p.kind() == "export_statement") {
            nodes.extend(source.children(parent).into_iter().filter(|child| child.kind() == "decorator"));
        }
        nodes.extend(source.annotation_nodes(self.node));
        nodes.sort_by_key(Node::start_byte);
        nodes.dedup_by_key(|node| node.start_byte());
        nodes.into_iter().filter_map(|node| source.annotation(node)).collect()
    }
}
