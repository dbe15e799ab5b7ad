//! What happens between two places of one function: which exits leave something open, and what the
//! functions of a file are. Judged by the shape of blocks, not by following every path.

use std::collections::HashMap;

use regex::{Captures, Regex};
use tree_sitter::Node;

use super::pattern;
use super::predicate::fill;
use crate::syntax::{self, text_of};

/// Exits of one function that are looked at.
const MAX_EXITS: usize = 200;
/// Bytes of a function that are searched for what an exit leaves open: far above what people write.
const MAX_FUNCTION: usize = 100_000;
/// Openings in front of one exit that are looked at.
const MAX_OPENINGS: usize = 50;
/// Calls under one lock that are looked at.
const MAX_CALLS: usize = 500;

/// A function of the file.
pub(crate) struct Function {
    /// Names of its parameters, empty where one has none; a receiver (`self`) is left out.
    pub(crate) parameters: Vec<String>,
    /// It belongs to a class, a type or a receiver.
    pub(crate) is_method: bool,
    /// Its bytes in the text.
    pub(crate) range: std::ops::Range<usize>,
}

/// The functions of a file by their names, methods also as `Type::name`. A class stands for its constructor.
pub(crate) type Functions = HashMap<String, Vec<Function>>;

/// All functions of the tree that `node` belongs to.
pub(crate) fn functions(node: Node, text: &str) -> Functions {
    let root = syntax::ancestors(node).last().unwrap_or(node);
    let mut found = Functions::new();
    syntax::each_node(root, |node| {
        let function = match node.kind() {
            "variable_declarator" => {
                node.child_by_field_name("value").filter(|v| syntax::is_function(v.kind()))
            }
            "record_declaration" => Some(node),
            kind if syntax::is_function(kind) => Some(node),
            _ => None,
        };
        let Some(function) = function else { return };
        let Some((name, parameters)) = signature(node, function, text) else { return };
        let owner = owner(node, text);
        let head = text_of(node, text).split('(').next().unwrap_or_default();
        let is_method =
            owner.is_some() || node.child_by_field_name("receiver").is_some() || head.contains("::");
        let mut add = |key: String| {
            let parameters = parameters.clone();
            found.entry(key).or_default().push(Function {
                parameters,
                is_method,
                range: function.byte_range(),
            });
        };
        match owner {
            Some(owner) if matches!(name.as_str(), "__init__" | "constructor") => add(owner.to_owned()),
            Some(owner) => {
                add(format!("{owner}::{name}"));
                add(name);
            }
            None => add(name),
        }
    });
    found
}

/// Name and parameters of a function; `named` is the function itself or the variable that holds it.
fn signature(named: Node, function: Node, text: &str) -> Option<(String, Vec<String>)> {
    let (name, parameters) = match function.child_by_field_name("declarator") {
        // C and C++ wrap name and parameters in declarators.
        Some(declarator) => {
            let mut inner = declarator;
            while inner.kind() != "function_declarator" {
                inner = inner.child_by_field_name("declarator")?;
            }
            (inner.child_by_field_name("declarator")?, inner.child_by_field_name("parameters")?)
        }
        None => (named.child_by_field_name("name")?, function.child_by_field_name("parameters")?),
    };
    let name = text_of(name, text).rsplit("::").next().unwrap_or_default().to_owned();
    let mut names = Vec::new();
    let mut cursor = parameters.walk();
    for one in parameters.named_children(&mut cursor) {
        match one.kind() {
            "comment" | "line_comment" | "block_comment" | "self_parameter" | "receiver_parameter" => {
                continue;
            }
            // Go shares one type among several names.
            "parameter_declaration" if one.children_by_field_name("name", &mut one.walk()).count() > 1 => {
                let mut inner = one.walk();
                names.extend(
                    one.children_by_field_name("name", &mut inner).map(|n| text_of(n, text).to_owned()),
                );
            }
            _ => names.push(parameter_name(one, text).unwrap_or_default().to_owned()),
        }
    }
    if named.kind() == "function_definition"
        && names.first().is_some_and(|first| matches!(first.as_str(), "self" | "cls"))
    {
        names.remove(0);
    }
    Some((name, names))
}

fn parameter_name<'t>(parameter: Node, text: &'t str) -> Option<&'t str> {
    let mut node = parameter;
    for _ in 0..8 {
        if matches!(node.kind(), "identifier" | "field_identifier") {
            return Some(text_of(node, text));
        }
        node = ["name", "pattern", "declarator", "left"]
            .into_iter()
            .find_map(|field| node.child_by_field_name(field))
            .or_else(|| {
                let wraps = matches!(
                    node.kind(),
                    "typed_parameter" | "mut_pattern" | "reference_declarator" | "ref_pattern"
                );
                node.named_child(0).filter(|_| wraps)
            })?;
    }
    None
}

/// The class or the type that a method belongs to.
fn owner<'t>(function: Node, text: &'t str) -> Option<&'t str> {
    let around = syntax::ancestors(function).find(|n| {
        syntax::is_function(n.kind())
            || matches!(
                n.kind(),
                "class_definition"
                    | "class_declaration"
                    | "interface_declaration"
                    | "enum_declaration"
                    | "record_declaration"
                    | "impl_item"
                    | "class_specifier"
                    | "struct_specifier"
            )
    })?;
    let name = around.child_by_field_name("name").or_else(|| around.child_by_field_name("type"))?;
    let name = name.child_by_field_name("type").unwrap_or(name);
    (!syntax::is_function(around.kind())).then(|| text_of(name, text))
}

/// The place at which something was opened that `exit` (a `return` or a `throw`) leaves open, although the
/// function closes it further down. `opening` names what it opened `h`, and may name the error it sets
/// `e`; `closing` holds `{h}`.
pub(crate) fn left_open(exit: Node, text: &str, opening: &Regex, closing: &str) -> Option<usize> {
    let function = syntax::ancestors(exit).find(|n| syntax::is_function(n.kind()))?;
    let before = text.get(function.start_byte()..exit.start_byte())?;
    let behind = text.get(exit.end_byte()..function.end_byte())?;
    if before.len() + behind.len() > MAX_FUNCTION || is_caught(exit, function) {
        return None;
    }
    let opened = |one: &Captures| -> Option<usize> {
        let whole = one.get(0)?;
        let (handle, opened_at) = one.name("h").map(|h| (h.as_str(), h.start()))?;
        let (at, end) = (function.start_byte() + opened_at, function.start_byte() + whole.end());
        let home = block_at(function, at)?;
        let contains =
            |block: Node| block.start_byte() <= exit.start_byte() && exit.end_byte() <= block.end_byte();
        if !contains(home.block) || home.function != function.id() {
            return None;
        }
        let close = pattern::regex(&fill(closing, |name| (name == "h").then_some(handle)))?;
        let named = regex::escape(handle);
        let word = pattern::regex(&format!(r"(?:^|\W){named}(?:\W|$)"))?;
        let kept = pattern::regex(&format!(r"[=:]\s*&?{named}\s*[,;}}\n]"))?;
        let between = text.get(end..exit.start_byte())?;
        let closed = close.find_iter(between).any(|found| {
            let Some(place) = block_at(function, end + found.start()) else { return true };
            // What a nested function closes, it closes later on every way (`defer func() { … }()`).
            place.function != function.id()
                || contains(place.block)
                || asked_around(place.block)
                    .is_some_and(|(test, around)| word.is_match(head(test, text)) && contains(around))
        });
        let tidied = syntax::ancestors(exit)
            .take_while(|n| n.id() != function.id())
            .filter_map(|n| finally_of(n, text))
            .any(|text| close.is_match(text));
        let guarded = is_guarded(exit, home.block, at, handle, one.name("e").map(|e| e.as_str()), text);
        let open = !closed
            && !tidied
            && !guarded
            && !kept.is_match(between)
            && !word.is_match(text_of(exit, text))
            && close.is_match(behind);
        open.then_some(at)
    };
    opening.captures_iter(before).take(MAX_OPENINGS).filter_map(|one| opened(&one)).last()
}

/// Some exit behind `open` leaves open what it opens.
pub(crate) fn leaks(open: Node, text: &str, opening: &Regex, closing: &str) -> bool {
    let Some(function) = syntax::ancestors(open).find(|n| syntax::is_function(n.kind())) else {
        return false;
    };
    let mut exits = Vec::new();
    syntax::each_node(function, |node| {
        let leaves = matches!(node.kind(), "return_statement" | "raise_statement" | "throw_statement");
        if leaves && node.start_byte() > open.end_byte() && exits.len() < MAX_EXITS {
            exits.push(node);
        }
    });
    exits
        .into_iter()
        .filter_map(|exit| left_open(exit, text, opening, closing))
        .any(|at| open.byte_range().contains(&at))
}

/// A method that is called while the lock `held` takes is still held takes it again, for which a plain mutex
/// waits for ever. `locking` names the lock `h`; `unlocking` holds `{h}`.
pub(crate) fn relocks(
    held: Node,
    text: &str,
    functions: &Functions,
    locking: &Regex,
    unlocking: &str,
) -> bool {
    let own = text_of(held, text);
    let Some(lock) = locking.captures(own).and_then(|one| one.name("h")) else { return false };
    let (handle, start) = (lock.as_str(), held.start_byte() + lock.start());
    let Some(function) = syntax::ancestors(held).find(|n| syntax::is_function(n.kind())) else {
        return false;
    };
    let Some(home) = block_at(function, start).filter(|home| home.function == function.id()) else {
        return false;
    };
    let around = home.with.unwrap_or(home.block);
    let Some(released) = pattern::regex(&fill(unlocking, |name| (name == "h").then_some(handle))) else {
        return false;
    };
    let head = text.get(function.start_byte()..start).unwrap_or_default();
    // A function that gives the lock back first knows that it is held; one that hands its work on locks later.
    let again = |body: &str| {
        let taken =
            locking.captures_iter(body).filter_map(|one| one.name("h")).find(|h| h.as_str() == handle);
        let later = ["func(", "spawn(", "async move", "[this]", "[&]", "[=]"];
        taken.is_some_and(|h| {
            let ahead = &body[..h.start()];
            !released.is_match(ahead) && !later.iter().any(|word| ahead.contains(word))
        })
    };
    let mut found = false;
    let mut left = MAX_CALLS;
    syntax::each_node(around, |call| {
        let is_call =
            matches!(call.kind(), "call" | "call_expression") && call.start_byte() > start + handle.len();
        if found || !is_call || left == 0 {
            return;
        }
        left -= 1;
        let Some(called) = call.child_by_field_name("function") else { return };
        let called = text_of(called, text);
        // Only in C++ does a name alone call a method of the same object.
        let alone = if held.kind() == "declaration" { "this" } else { "" };
        let (receiver, name) = called.rsplit_once(['.', '>']).unwrap_or((alone, called));
        let Some([callee]) = functions.get(name).map(Vec::as_slice) else { return };
        // What another thread runs, or this one later, does not run under this lock.
        let here = syntax::ancestors(call).find(|n| {
            syntax::is_function(n.kind())
                || matches!(n.kind(), "go_statement" | "defer_statement" | "async_block")
        });
        let between = text.get(start + handle.len()..call.start_byte()).unwrap_or_default();
        found = here.is_some_and(|n| n.id() == function.id())
            && is_own(receiver, head)
            && !callee.range.contains(&call.start_byte())
            && !released.is_match(between)
            && again(text.get(callee.range.clone()).unwrap_or_default());
    });
    found
}

/// The object whose method is running: `self`, `this`, or the receiver of a Go method.
fn is_own(receiver: &str, function: &str) -> bool {
    let receiver = receiver.trim_end_matches(['-', '.', ' ']);
    matches!(receiver, "self" | "this") || function.starts_with(&format!("func ({receiver} "))
}

/// The innermost block around a byte, the function it belongs to, and the `with` in whose head it stands.
struct Home<'t> {
    block: Node<'t>,
    function: usize,
    with: Option<Node<'t>>,
}

fn block_at<'t>(function: Node<'t>, byte: usize) -> Option<Home<'t>> {
    let mut node = function.descendant_for_byte_range(byte, byte + 1)?;
    let (mut block, mut with) = (None, None);
    while let Some(parent) = node.parent() {
        let tests = ["condition", "initializer", "init"]
            .into_iter()
            .any(|field| parent.child_by_field_name(field).is_some_and(|child| child.id() == node.id()));
        if block.is_none() && !tests && is_block(parent.kind()) {
            block = Some(parent);
        }
        // A `finally` runs for whatever comes behind its `try`.
        if parent.kind() == "finally_clause" {
            block = None;
        }
        if block.is_none() && parent.kind() == "with_statement" {
            with = Some(parent);
        }
        if syntax::is_function(parent.kind()) {
            return Some(Home { block: block.unwrap_or(parent), function: parent.id(), with });
        }
        node = parent;
    }
    None
}

/// For the body of an `if`: the `if` and the block around it. `if (file) fclose(file);` closes whenever there
/// is something to close.
fn asked_around(block: Node) -> Option<(Node, Node)> {
    let test = std::iter::once(block).chain(block.parent()).find(|n| n.kind() == "if_statement")?;
    let around = syntax::ancestors(test).find(|n| is_block(n.kind()))?;
    Some((test, around))
}

fn is_block(kind: &str) -> bool {
    matches!(
        kind,
        "block"
            | "compound_statement"
            | "statement_block"
            | "statement_list"
            | "constructor_body"
            | "if_statement"
            | "else_clause"
            | "for_statement"
            | "while_statement"
            | "do_statement"
            | "switch_block_statement_group"
            | "case_statement"
            | "switch_case"
            | "expression_case"
            | "default_case"
            | "communication_case"
            | "except_clause"
            | "catch_clause"
    )
}

/// Text of the `finally` of a `try`.
fn finally_of<'t>(node: Node, text: &'t str) -> Option<&'t str> {
    let mut cursor = node.walk();
    let found = node.named_children(&mut cursor).find(|n| n.kind() == "finally_clause")?;
    Some(text_of(found, text))
}

/// A `throw` inside a `try` that may catch it.
fn is_caught(exit: Node, function: Node) -> bool {
    if exit.kind() == "return_statement" {
        return false;
    }
    let mut inner = exit;
    for around in syntax::ancestors(exit).take_while(|n| n.id() != function.id()) {
        let body = around.child_by_field_name("body").is_some_and(|body| body.id() == inner.id());
        if around.kind() == "try_statement" && body {
            return true;
        }
        inner = around;
    }
    false
}

/// The exit stands in a branch that asked whether there is a handle, or in the checks of the error right
/// behind the opening at byte `at`.
fn is_guarded(exit: Node, home: Node, at: usize, handle: &str, error: Option<&str>, text: &str) -> bool {
    let h = regex::escape(handle);
    let Some(asks) = pattern::regex(&format!(
        r"(?:!\s*|\bnot\s+){h}\s*(?:[)&|;:{{]|$)|{h}\s*(?:==|!=|<|>=|is\b)|(?:==|!=)\s*{h}(?:\W|$)"
    )) else {
        return true;
    };
    let mut top = exit;
    for around in syntax::ancestors(exit).take_while(|n| n.id() != home.id()) {
        let test = matches!(around.kind(), "if_statement" | "elif_clause" | "switch_statement");
        if test && (asks.is_match(head(around, text)) || around.byte_range().contains(&at)) {
            return true;
        }
        top = around;
    }
    let Some(error) = error else { return false };
    while top.start_byte() > at {
        let head = head(top, text);
        if top.kind() != "if_statement" || head.contains(":=") || !head.contains(error) {
            return false;
        }
        let Some(before) = top.prev_named_sibling() else { return false };
        top = before;
    }
    true
}

/// A statement up to its body.
fn head<'t>(statement: Node, text: &'t str) -> &'t str {
    let body = ["consequence", "body"].into_iter().find_map(|field| statement.child_by_field_name(field));
    let end = body.map_or(statement.end_byte(), |body| body.start_byte());
    text.get(statement.start_byte()..end).unwrap_or_default()
}
