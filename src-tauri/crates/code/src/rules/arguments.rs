//! Arguments that stand in each other's place: a call `area(height, width)` of a function that the same
//! file declares as `area(width, height)`.

use tree_sitter::Node;

use super::flow::{Function, Functions};
use crate::syntax::{self, text_of};

/// Two arguments carry the names of each other's parameters. Silent where the order may be meant: names of
/// one letter or of a numbered pair, functions that are called with swapped arguments by their nature, and several
/// declarations of the same name that do not agree.
pub(crate) fn swapped(call: Node, text: &str, functions: &Functions) -> bool {
    let Some((key, name)) = callee(call, text) else { return false };
    // `Other::new(…)` is not the `new` of this file.
    let elsewhere = key.contains("::") && !key.starts_with("Self::");
    let Some(declared) = functions.get(key).or_else(|| functions.get(name).filter(|_| !elsewhere)) else {
        return false;
    };
    let Some(Function { parameters, is_method, .. }) = declared.first() else { return false };
    if declared.iter().any(|other| other.parameters != *parameters)
        || is_mirrored(name)
        || key.contains('.') && !is_method
    {
        return false;
    }
    let names: Vec<Option<String>> = arguments(call).into_iter().map(|a| argument_name(a, text)).collect();
    let parameters: Vec<String> = parameters.iter().map(|p| plain(p)).collect();
    let is = |argument: usize, parameter: usize| names[argument].as_deref() == Some(&parameters[parameter]);
    let known = names.len().min(parameters.len());
    let found = (0..known).any(|i| {
        (i + 1..known).any(|j| {
            parameters[i] != parameters[j]
                && parameters[i].len() > 1
                && parameters[j].len() > 1
                && is(i, j)
                && is(j, i)
                && !is_pair(&parameters[i], &parameters[j])
        })
    });
    found && !is_meant(call, text)
}

/// Two of a kind, such as `x1` and `x2` or `nodeA` and `nodeB`: functions of such pairs are often symmetric.
fn is_pair(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).filter(|(a, b)| a != b).count() == 1
}

/// The function calls itself with its own parameters, and nothing in it changes anything before.
pub(crate) fn calls_itself_unchanged(call: Node, text: &str, functions: &Functions) -> bool {
    let Some(around) = syntax::ancestors(call).find(|n| syntax::is_function(n.kind())) else { return false };
    let Some((whole, name)) = callee(call, text) else { return false };
    let Some([own]) = functions.get(name).map(Vec::as_slice) else { return false };
    // Java and C++ leave out `this`.
    let java = call.kind() == "method_invocation";
    let bare = match call.child_by_field_name("object").filter(|_| java) {
        Some(object) => object.kind() == "this",
        None => !own.is_method || java || around.child_by_field_name("declarator").is_some(),
    };
    let is_own = match whole.rsplit_once(['.', '>']) {
        Some((receiver, _)) => own.is_method && matches!(receiver, "self" | "this" | "this-"),
        None => bare && !whole.contains("::") && !text[..call.start_byte()].ends_with(':'),
    };
    let given = arguments(call).into_iter().map(|a| text_of(a, text));
    is_own
        && own.range == around.byte_range()
        && !own.parameters.is_empty()
        && given.eq(own.parameters.iter().map(String::as_str))
        && around.child_by_field_name("body").is_some_and(changes_nothing)
}

/// Only asks, computes and returns: no assignment, declaration, loop or call for its effect, and no pattern
/// that could give a parameter's name to something else.
fn changes_nothing(body: Node) -> bool {
    const EFFECTS: &[&str] = &[
        "assignment",
        "declarat",
        "update",
        "loop",
        "while",
        "for_",
        "yield",
        "await",
        "try",
        "pattern",
        "inc_",
        "dec_",
        "import",
    ];
    let mut pure = true;
    syntax::each_node(body, |node| {
        let inner = node.named_child(0).map_or("", |n| n.kind());
        pure &= match node.kind() {
            // Statements that only wrap an expression with a value, and docstrings.
            "expression_statement" => {
                matches!(inner, "string" | "if_expression" | "return_expression" | "match_expression")
            }
            kind => !EFFECTS.iter().any(|word| kind.contains(word)),
        };
    });
    pure
}

/// The declared name a call looks for: as `Type::name` where the call says the type, and alone.
fn callee<'t>(call: Node, text: &'t str) -> Option<(&'t str, &'t str)> {
    let target = ["function", "constructor", "type", "name"]
        .into_iter()
        .find_map(|field| call.child_by_field_name(field))?;
    let target = match target.kind() {
        "generic_function" => target.child_by_field_name("function")?,
        "generic_type" => target.named_child(0)?,
        _ => target,
    };
    let last = ["attribute", "property", "field", "name"]
        .into_iter()
        .find_map(|field| target.child_by_field_name(field))
        .unwrap_or(target);
    Some((text_of(target, text), text_of(last, text)))
}

/// The arguments given by position, up to the first that is not.
fn arguments(call: Node) -> Vec<Node> {
    let Some(list) = call.child_by_field_name("arguments") else { return Vec::new() };
    let mut cursor = list.walk();
    list.named_children(&mut cursor)
        .filter(|n| !n.kind().ends_with("comment"))
        .take_while(|n| {
            !matches!(
                n.kind(),
                "keyword_argument"
                    | "list_splat"
                    | "dictionary_splat"
                    | "spread_element"
                    | "variadic_argument"
            )
        })
        .collect()
}

/// The name that an argument carries: a variable, or the last part of `a.b`, `&a.b` and `a.b()`.
fn argument_name(argument: Node, text: &str) -> Option<String> {
    let mut node = argument;
    for _ in 0..6 {
        node = match node.kind() {
            "identifier" | "property_identifier" | "field_identifier" => {
                return Some(plain(text_of(node, text)));
            }
            "attribute" => node.child_by_field_name("attribute")?,
            "member_expression" => node.child_by_field_name("property")?,
            "field_access" | "field_expression" | "selector_expression" => {
                node.child_by_field_name("field")?
            }
            "reference_expression" => node.child_by_field_name("value")?,
            "pointer_expression" => node.child_by_field_name("argument")?,
            "method_invocation" if arguments(node).is_empty() => node.child_by_field_name("name")?,
            "call" | "call_expression" if arguments(node).is_empty() => {
                node.child_by_field_name("function")?
            }
            _ => return None,
        };
    }
    None
}

/// A name without what conventions add to it.
fn plain(name: &str) -> String {
    let name = name.strip_prefix("get").filter(|rest| rest.starts_with(char::is_uppercase)).unwrap_or(name);
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

fn is_mirrored(name: &str) -> bool {
    let name = name.to_lowercase();
    [
        "swap", "flip", "revers", "invert", "mirror", "transpos", "opposite", "rotat", "symm", "undo",
        "switch", "invers",
    ]
    .iter()
    .any(|word| name.contains(word))
}

/// The swap is the point: the function around says so by its name, is nothing but this call, or makes the
/// call in both orders.
fn is_meant(call: Node, text: &str) -> bool {
    let Some(around) = syntax::ancestors(call).find(|n| syntax::is_function(n.kind())) else { return false };
    let name = around.child_by_field_name("name").map_or("", |n| text_of(n, text));
    let (whole, last) = callee(call, text).unwrap_or_default();
    let alone = around.child_by_field_name("body").is_some_and(|body| {
        // Go wraps the statements of a block once more.
        let body = body.named_child(0).filter(|n| n.kind() == "statement_list").unwrap_or(body);
        let mut cursor = body.walk();
        let ahead = body.named_children(&mut cursor).filter(|n| {
            let docstring = n.kind() == "expression_statement"
                && n.named_child(0).is_some_and(|inner| inner.kind() == "string");
            !docstring && !n.kind().ends_with("comment")
        });
        ahead.count() <= 1
    });
    let again = text_of(around, text).matches(&format!("{whole}(")).count() > 1;
    // A method that hands on to the method of the same name of another object knows why.
    is_mirrored(name) || text_of(call, text).contains("negat") || name == last || alone || again
}
