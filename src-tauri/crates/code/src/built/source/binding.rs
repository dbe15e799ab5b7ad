//! Names and what they are given: values, and types as they are written.

use tree_sitter::Node;

use super::{last_named, named_children};
use crate::syntax::text_of;

/// The names that a node gives a value or a type.
pub(super) fn bound<'a>(node: Node<'a>, text: &'a str) -> Vec<(Node<'a>, Option<Node<'a>>, &'a str)> {
    let field = |name: &str| node.child_by_field_name(name);
    let written = |name: &str| field(name).map_or("", |n| text_of(n, text).trim_start_matches(':').trim());
    let first =
        |node: Node<'a>| if node.kind() == "expression_list" { node.named_child(0) } else { Some(node) };
    let one = |name: Option<Node<'a>>, value: Option<Node<'a>>, of_type: &'a str| {
        name.and_then(first)
            .map(|name| (name, value.and_then(first), of_type))
            .into_iter()
            .collect::<Vec<_>>()
    };
    match node.kind() {
        "assignment" | "assignment_expression" | "short_var_declaration" | "assignment_statement" => {
            one(field("left"), field("right"), written("type"))
        }
        "variable_declarator" => {
            let name = field("name");
            let value = field("value").or_else(|| last_named(node).filter(|value| Some(*value) != name));
            if value.is_some() { one(name, value, "") } else { Vec::new() }
        }
        "var_spec" => one(field("name"), field("value"), written("type")),
        "let_declaration" => one(field("pattern"), field("value"), written("type")),
        "parameter_declaration" | "formal_parameter" | "parameter" => one(
            field("name").or_else(|| field("pattern")).or_else(|| field("declarator")),
            None,
            written("type"),
        ),
        "required_parameter" | "optional_parameter" => one(field("pattern"), None, written("type")),
        "formal_parameters" => named_children(node)
            .into_iter()
            .filter(|child| child.kind() == "identifier")
            .map(|child| (child, None, ""))
            .collect(),
        "arrow_function" => one(field("parameter"), None, ""),
        // In Java, C# and C++ the type stands before the names.
        "local_variable_declaration" | "field_declaration" | "variable_declaration" | "declaration" => {
            named_children(node)
                .into_iter()
                .filter_map(|child| {
                    let name = match child.kind() {
                        "variable_declarator" => child.child_by_field_name("name")?,
                        "init_declarator" | "function_declarator" => {
                            child.child_by_field_name("declarator")?
                        }
                        "identifier" => child,
                        _ => return None,
                    };
                    let value = child.child_by_field_name("value").or_else(|| {
                        last_named(child).filter(|value| value.id() != name.id() && child.id() != name.id())
                    });
                    Some((name, value, written("type")))
                })
                .collect()
        }
        _ => Vec::new(),
    }
}
