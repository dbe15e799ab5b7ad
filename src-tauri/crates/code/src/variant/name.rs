//! Edits of names and places: another name or field that is at hand, a number beside, an `await` that is missing.

use std::ops::Range;

use tree_sitter::Node;

use super::EditKind;
use crate::syntax::{self, text_of};

/// Most other names that are tried in one place, the most alike first.
const MOST_NAMES: usize = 5;

type Edit = (EditKind, Range<usize>, String);

/// The edits of one named node.
pub(super) fn edits(node: Node, text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    if is_used(node) {
        let others = at_hand(node, text).into_iter();
        edits.extend(others.map(|other| (EditKind::Name, node.byte_range(), other)));
    }
    edits.extend(fields(node, text).into_iter().map(|other| (EditKind::Name, node.byte_range(), other)));
    if is_place(node) || is_number(node, text) {
        edits.extend(beside(node, text));
    }
    if let Some(at) = lacks_await(node, text) {
        edits.push((EditKind::Await, at..at, "await ".to_owned()));
    }
    edits
}

/// A name whose value is read here: no declaration, no function that is called, no field or keyword.
fn is_used(node: Node) -> bool {
    if node.kind() != "identifier" {
        return false;
    }
    let Some(parent) = node.parent() else { return false };
    let is = |field: &str| parent.child_by_field_name(field) == Some(node);
    let kind = parent.kind();
    let declares = is("name")
        // A field of Python: what it may be is not in the variables.
        || is("attribute")
        || is("pattern")
        || is("declarator")
        || is("label")
        || is("type")
        || is("alias")
        || is("parameter")
        || (is("left")
            && !kind.contains("binary")
            && !kind.contains("comparison")
            && !kind.contains("boolean"));
    let called = is("function") || is("constructor") || is("macro");
    let other = [
        "parameter",
        "import",
        "use_",
        "scoped",
        "type",
        "pattern",
        "declaration_list",
        "field_initializer_list",
        "decorator",
        "attribute_item",
        "package",
        "labeled",
        "expression_list_declaration",
        "global_statement",
        "token_tree",
        "lambda_parameters",
        "preproc",
    ];
    !declares && !called && !other.iter().any(|part| kind.contains(part))
}

/// Other names that have a value here: parameters and variables of the enclosing function that come before. None for a
/// name that is no such variable itself: a field or a constant is seldom written for one of them, and to a model it
/// looks unlikely wherever it stands for the first time.
fn at_hand(node: Node, text: &str) -> Vec<String> {
    let own = text_of(node, text);
    let Some(function) = syntax::ancestors(node).filter(|a| syntax::is_function(a.kind())).last() else {
        return Vec::new();
    };
    let mut names: Vec<(bool, usize, &str)> = Vec::new();
    let mut is_local = false;
    syntax::each_node(function, |other| {
        if other.start_byte() >= node.start_byte() || !is_declared(other) {
            return;
        }
        let name = text_of(other, text);
        is_local |= name == own;
        if name == own || name.len() < 2 && own.len() > 2 || matches!(name, "self" | "this" | "_" | "cls") {
            return;
        }
        names.retain(|(_, _, known)| *known != name);
        names.push((!alike(own, name), usize::MAX - other.start_byte(), name));
    });
    names.sort();
    let most = if is_local { MOST_NAMES } else { 0 };
    names.into_iter().take(most).map(|(_, _, name)| name.to_owned()).collect()
}

/// Other fields of the same object that the function reads, for a field that is read; no methods.
fn fields(node: Node, text: &str) -> Vec<String> {
    let Some((object, name)) = field_of(node, text) else { return Vec::new() };
    let Some(function) = syntax::ancestors(node).filter(|a| syntax::is_function(a.kind())).last() else {
        return Vec::new();
    };
    let mut names: Vec<(bool, &str)> = Vec::new();
    syntax::each_node(function, |other| {
        if let Some((of, other)) = field_of(other, text)
            && of == object
            && other != name
            && !names.iter().any(|(_, known)| *known == other)
        {
            names.push((!alike(name, other), other));
        }
    });
    names.sort_by_key(|(unlike, _)| *unlike);
    names.into_iter().take(MOST_NAMES).map(|(_, name)| name.to_owned()).collect()
}

/// The object and the name of a field, when `node` is the name of one that is not called.
fn field_of<'a>(node: Node, text: &'a str) -> Option<(&'a str, &'a str)> {
    let parent = node.parent()?;
    let field = ["attribute", "property", "field", "name"]
        .iter()
        .any(|name| parent.child_by_field_name(name) == Some(node));
    let reads = matches!(
        parent.kind(),
        "attribute"
            | "member_expression"
            | "field_expression"
            | "field_access"
            | "selector_expression"
            | "member_access_expression"
    );
    let called = parent.parent().is_some_and(|outer| outer.child_by_field_name("function") == Some(parent));
    let object = parent.named_child(0).filter(|object| *object != node)?;
    (field && reads && !called).then(|| (text_of(object, text), text_of(node, text)))
}

/// The name of a parameter or a variable, where it gets its value.
pub(super) fn is_declared(node: Node) -> bool {
    if node.kind() != "identifier" {
        return false;
    }
    let Some(parent) = node.parent() else { return false };
    let is = |field: &str| parent.child_by_field_name(field) == Some(node);
    let kind = parent.kind();
    if is("function") || is("type") || is("value") || is("right") || kind.contains("call") {
        return false;
    }
    let parameter = kind.contains("parameter") || kind == "identifier_list";
    let variable = kind.contains("declarator") && (is("name") || is("declarator"))
        || kind == "let_declaration"
        || kind == "assignment" && is("left")
        || kind == "pattern_list"
        || kind == "tuple_pattern"
        || kind == "expression_list"
            && parent.parent().is_some_and(|outer| {
                matches!(outer.kind(), "short_var_declaration" | "range_clause")
                    && outer.child_by_field_name("left") == Some(parent)
            })
        || kind == "for_statement" && is("left")
        || kind == "for_expression" && is("pattern")
        || kind == "enhanced_for_statement" && is("name")
        || kind == "for_in_statement" && is("left")
        || kind == "array_pattern"
        || kind == "object_pattern";
    parameter || variable
}

/// Two names that share a word are taken for each other.
fn alike(a: &str, b: &str) -> bool {
    let (a, b) = (crate::split_words(a), crate::split_words(b));
    a.split(' ').any(|word| word.len() > 2 && b.split(' ').any(|other| other == word))
}

/// An index, a bound or an argument of `range`: where one more or one less is a classic slip.
fn is_place(node: Node) -> bool {
    let Some(parent) = node.parent() else { return false };
    let value = matches!(
        node.kind(),
        "identifier"
            | "binary_expression"
            | "binary_operator"
            | "call"
            | "call_expression"
            | "member_expression"
            | "method_invocation"
    );
    let kind = parent.kind();
    let indexed = matches!(
        kind,
        "subscript"
            | "subscript_expression"
            | "index_expression"
            | "array_access"
            | "subscript_argument_list"
    );
    let bound = matches!(kind, "slice" | "slice_expression" | "range_expression");
    let first = parent.named_child(0) == Some(node) && kind != "subscript_argument_list";
    value && (indexed && !first || bound)
}

/// Words of names that count or measure.
const NUMBERS: &[&str] = &[
    "i", "j", "k", "n", "m", "x", "y", "lo", "hi", "low", "high", "mid", "left", "right", "index", "idx",
    "pos", "position", "at", "start", "end", "first", "last", "count", "size", "length", "len", "row", "col",
    "rank", "score", "offset", "page", "day", "month", "year", "level", "depth", "width", "height", "limit",
    "number", "next", "prev", "head", "tail", "step", "capacity", "total", "line",
];

/// A name that counts or measures, or one that is already one more or less, where a value is assigned, returned,
/// compared, masked or given to a function.
fn is_number(node: Node, text: &str) -> bool {
    let Some(parent) = node.parent() else { return false };
    let own = text_of(node, text);
    let one_off = matches!(node.kind(), "binary_expression" | "binary_operator")
        && (own.ends_with(" - 1") || own.ends_with(" + 1"));
    if one_off {
        return parent.kind() != "binary_expression" && parent.kind() != "binary_operator";
    }
    let words = crate::split_words(own);
    let counts = node.kind() == "identifier"
        && words.split(' ').any(|word| NUMBERS.contains(&word.to_lowercase().as_str()));
    let is = |field: &str| parent.child_by_field_name(field) == Some(node);
    let compared = is("right")
        && parent
            .child_by_field_name("operator")
            .is_some_and(|operator| matches!(text_of(operator, text), "<" | "<=" | ">" | ">=" | "&"));
    let kind = parent.kind();
    let given = matches!(kind, "arguments" | "argument_list" | "return_statement" | "return_expression")
        || kind.contains("assignment") && is("right")
        || is("value") && kind.contains("declarat")
        // Go keeps what is assigned and returned in lists.
        || kind == "expression_list"
            && parent.parent().is_some_and(|outer| {
                outer.kind().contains("return") || outer.child_by_field_name("right") == Some(parent)
            });
    counts && (given || compared)
}

/// One more, one less, and what is written without its one.
fn beside(node: Node, text: &str) -> Vec<Edit> {
    let own = text_of(node, text);
    let whole = |with: String| (EditKind::Beside, node.byte_range(), with);
    for one in [" - 1", " + 1"] {
        if let Some(bare) = own.strip_suffix(one) {
            return vec![whole(bare.to_owned())];
        }
    }
    if matches!(node.kind(), "binary_expression" | "binary_operator") {
        return Vec::new();
    }
    let end = node.end_byte();
    [" - 1", " + 1"].map(|one| (EditKind::Beside, end..end, one.to_owned())).into()
}

/// Where an `await` could stand before a call in an asynchronous function; none where there is one.
fn lacks_await(node: Node, text: &str) -> Option<usize> {
    if !matches!(node.kind(), "call_expression" | "call") {
        return None;
    }
    let parent = node.parent()?;
    let stands = matches!(parent.kind(), "expression_statement" | "variable_declarator" | "assignment")
        || parent.kind() == "return_statement";
    let function = syntax::ancestors(node).find(|a| syntax::is_function(a.kind()))?;
    let head = text.get(function.start_byte()..node.start_byte())?.trim_start();
    (stands && head.starts_with("async")).then_some(node.start_byte())
}
