//! The mappings of a YAML file.

use tree_sitter::{Node, Tree};

use super::source::named_children;
use crate::Language;
use crate::syntax::{self, text_of};

/// A key with its value, and the lines of both.
pub(super) struct Pair<'t> {
    pub(super) key: &'t str,
    pub(super) value: Option<Node<'t>>,
    pub(super) lines: (u32, u32),
}

pub(super) fn parse(text: &str) -> Option<Tree> {
    syntax::parse_for_rules(Language::Yaml, text)
}

/// The pairs of the mapping that a node is, in their order. Empty for anything else.
pub(super) fn pairs<'t>(node: Node<'t>, text: &'t str) -> Vec<Pair<'t>> {
    let Some(mapping) = inside(node, &["block_mapping", "flow_mapping"]) else { return Vec::new() };
    named_children(mapping)
        .into_iter()
        .filter_map(|pair| {
            let key = text_of(pair.child_by_field_name("key")?, text).trim_matches(['"', '\'']);
            let lines = (syntax::line_of(pair), syntax::end_line_of(pair));
            Some(Pair { key, value: pair.child_by_field_name("value"), lines })
        })
        .collect()
}

/// The value of a key in a mapping.
pub(super) fn value<'t>(node: Node<'t>, key: &str, text: &'t str) -> Option<Node<'t>> {
    pairs(node, text).into_iter().find(|pair| pair.key == key)?.value
}

/// The parts of a sequence.
pub(super) fn items(node: Node) -> Vec<Node> {
    let Some(sequence) = inside(node, &["block_sequence", "flow_sequence"]) else { return Vec::new() };
    named_children(sequence)
}

/// What a value says when it is one line.
pub(super) fn scalar<'t>(node: Node, text: &'t str) -> &'t str {
    text_of(node, text).trim().trim_matches(['"', '\''])
}

/// The first node of one of these kinds below wrappers and before other content.
fn inside<'t>(node: Node<'t>, kinds: &[&str]) -> Option<Node<'t>> {
    let mut at = node;
    for _ in 0..8 {
        if kinds.contains(&at.kind()) {
            return Some(at);
        }
        let wrapper = |child: &Node| {
            kinds.contains(&child.kind())
                || matches!(child.kind(), "document" | "block_node" | "flow_node" | "block_sequence_item")
        };
        at = named_children(at).into_iter().find(wrapper)?;
    }
    None
}
