//! Subcommands of programs: what a user types behind the program's name.

use tree_sitter::Node;

use super::source::{Call, Place, Source};
use super::{Built, BuiltKind};
use crate::Language;

pub(super) fn of(place: &Place, found: &mut Vec<Built>) {
    let source = place.source;
    let one = match (source.language, place.node.kind()) {
        (Language::Python, "decorated_definition") => decorated(place),
        (Language::Python, "call") => of_argparse(place),
        (Language::Rust, "call_expression") => of_clap_builder(place),
        (Language::Rust, "enum_item") => return of_clap_derive(place, found),
        (Language::Go, "composite_literal") => of_go(place),
        (Language::JavaScript | Language::TypeScript | Language::Tsx, "call_expression") => {
            of_javascript(place)
        }
        _ => None,
    };
    found.extend(one.filter(|one| !one.name.is_empty()));
}

fn command(name: &str, lines: (u32, u32), made_with: &str) -> Built {
    Built::new(BuiltKind::Command, name, lines, made_with)
}

/// Click and Typer: `@cli.command("name")`. Without a name the function's own, with dashes.
fn decorated(place: &Place) -> Option<Built> {
    let source = place.source;
    let made_with = match (source.imports(&["typer"]), source.imports(&["click", "rich_click", "asyncclick"]))
    {
        (true, _) => "Typer",
        (_, true) => "Click",
        // Flask hands Click's decorators on under `app.cli`.
        _ if source.imports(&["flask"]) => "Flask",
        _ => return None,
    };
    let definition = place.node.child_by_field_name("definition")?;
    let decorators = source.children(place.node).into_iter().filter(|child| child.kind() == "decorator");
    for decorator in decorators {
        let Some(inner) = decorator.named_child(0) else { continue };
        let call = source.call(inner);
        let (receiver, name) = match &call {
            Some(call) => (call.receiver, call.name),
            None => source.member(inner).unwrap_or_default(),
        };
        let of_app = receiver.is_some_and(|receiver| source.text_of(receiver).ends_with("cli"));
        if name != "command" || (made_with == "Flask" && !of_app) {
            continue;
        }
        let arguments = call.map(|call| call.arguments).unwrap_or_default();
        let first = arguments.first().and_then(|first| source.literal(*first));
        let named = first.or_else(|| source.literal(source.keyword(&arguments, "name")?));
        let name = named.map_or_else(|| source.field(definition, "name").replace('_', "-"), str::to_owned);
        return Some(command(&name, place.lines(), made_with));
    }
    None
}

/// `sub.add_parser("name")`, where `sub` comes from `add_subparsers`.
fn of_argparse(place: &Place) -> Option<Built> {
    let source = place.source;
    let call = source.call(place.node).filter(|call| call.name == "add_parser")?;
    let receiver = call.receiver.filter(|_| source.imports(&["argparse"]))?;
    let on = source.text_of(receiver);
    let is = match source.binding(on, receiver.start_byte()).and_then(|one| one.value) {
        Some(value) => source.call(value).is_some_and(|made| made.name == "add_subparsers"),
        // A function that is given it.
        None => on.contains("sub"),
    };
    let name = source.literal(*call.arguments.first()?).filter(|_| is)?;
    Some(command(name, source.lines(place.node), "argparse"))
}

/// `.subcommand(Command::new("name"))`, also in a list of them.
fn of_clap_builder(place: &Place) -> Option<Built> {
    let source = place.source;
    let call = source.call(place.node).filter(|call| matches!(call.name, "new" | "with_name"))?;
    let of = source.text_of(call.receiver?);
    let is = matches!(of.rsplit("::").next(), Some("Command" | "SubCommand" | "App"));
    let name = source.literal(*call.arguments.first()?).filter(|_| is && source.imports(&["clap"]))?;
    // The command is what a chain of settings begins with; the chain is what `subcommand` is given.
    let outer = place.calls_above().rev().find(|outer| {
        matches!(outer.name, "subcommand" | "subcommands")
            && outer.arguments.iter().any(|one| one.byte_range().contains(&place.node.start_byte()))
    })?;
    let parts = outer.arguments.iter().flat_map(|one| match one.kind() {
        "array_expression" => source.children(*one),
        _ => vec![*one],
    });
    let chain = parts.into_iter().find(|part| part.start_byte() == place.node.start_byte())?;
    Some(command(name, source.lines(chain), "clap"))
}

/// The variants of an enum that derives `Subcommand`.
fn of_clap_derive(place: &Place, found: &mut Vec<Built>) {
    let source = place.source;
    let derives = place.marks.iter().any(|mark| {
        let inside = source.text_of(*mark).trim_start_matches("#[").trim_start();
        inside.starts_with("derive")
            && inside
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| matches!(word, "Subcommand" | "StructOpt"))
    });
    let Some(body) = place.node.child_by_field_name("body").filter(|_| derives) else { return };
    let mut named = None;
    let mut hidden = false;
    for child in source.children(body) {
        if child.kind() == "attribute_item" {
            let inside = source.text_of(child);
            let ours =
                ["command", "clap", "structopt"].iter().any(|word| inside.starts_with(&format!("#[{word}")));
            if ours {
                named = named.or_else(|| name_in(inside));
                hidden |= inside.contains("external_subcommand") || inside.contains("flatten");
            }
            continue;
        }
        if child.kind() == "enum_variant" && !hidden {
            let name = named.unwrap_or_else(|| kebab(source.field(child, "name")));
            found.push(command(&name, source.lines(child), "clap"));
        }
        (named, hidden) = (None, false);
    }
}

/// `name = "ls"` among the words of an attribute.
fn name_in(attribute: &str) -> Option<String> {
    let (before, after) = attribute.split_once("name")?;
    let ends = before.ends_with(['(', ' ', ',', '\n']);
    let value = after.trim_start().strip_prefix('=')?.trim_start().strip_prefix('"')?;
    ends.then(|| value.split('"').next().unwrap_or_default().to_owned())
}

/// `MarkDone` as it is typed: `mark-done`.
fn kebab(name: &str) -> String {
    let words = crate::split_words(name);
    let mut parts: Vec<&str> = words.split_whitespace().collect();
    if parts.len() > 1 {
        parts.remove(0);
    }
    parts.join("-").to_lowercase()
}

/// `&cobra.Command{Use: "serve [port]", RunE: …}`, and the same of urfave/cli. What runs nothing is a group.
fn of_go(place: &Place) -> Option<Built> {
    let source = place.source;
    let made_with = match source.field(place.node, "type") {
        "cobra.Command" => "Cobra",
        "cli.Command" if source.imports(&["github.com/urfave/cli"]) => "urfave/cli",
        _ => return None,
    };
    let body = place.node.child_by_field_name("body")?;
    let (mut name, mut runs) = (None, false);
    for element in source.children(body).into_iter().filter(|child| child.kind() == "keyed_element") {
        let parts = source.children(element);
        let [key, value] = parts.as_slice() else { continue };
        match source.text_of(*key).trim() {
            "Use" | "Name" => name = unwrapped(source, *value),
            "Run" | "RunE" | "Action" => runs = true,
            _ => {}
        }
    }
    let name = name?.split_whitespace().next().unwrap_or_default();
    runs.then(|| command(name, source.lines(place.node), made_with))
}

/// The string in an element of a Go literal.
fn unwrapped<'a>(source: &Source<'a>, value: Node<'a>) -> Option<&'a str> {
    source.literal(value).or_else(|| source.literal(value.named_child(0)?))
}

/// `.command('push <file>')` of Commander, yargs and CAC.
fn of_javascript(place: &Place) -> Option<Built> {
    let source = place.source;
    let call = source.call(place.node).filter(|call| call.name == "command" && call.receiver.is_some())?;
    let made_with = [("commander", "Commander"), ("yargs", "yargs"), ("cac", "CAC")]
        .into_iter()
        .find(|(package, _)| source.imports(&[package]))?
        .1;
    let first = *call.arguments.first()?;
    let written = source.literal(first).or_else(|| source.literals(first).first().copied())?;
    let name = written.split_whitespace().next().filter(|name| !name.starts_with(['$', '*', '<', '[']))?;
    of_program(source, &call).then(|| command(name, chain_lines(place), made_with))
}

/// The chain begins with the library or with what it made, not with something else of the program.
fn of_program(source: &Source, call: &Call) -> bool {
    let mut at = call.receiver;
    for _ in 0..200 {
        let Some(node) = at else { return true };
        match source.call(node) {
            Some(inner) => at = inner.receiver,
            None => {
                let name = source.text_of(node);
                let value = source.binding(name, node.start_byte()).and_then(|one| one.value);
                let made = value.and_then(|value| source.call(value));
                return made.is_some_and(|made| {
                    matches!(made.name, "Command" | "yargs" | "cac" | "createCommand" | "command")
                }) || (value.is_none() && matches!(name, "program" | "yargs" | "cli"));
            }
        }
    }
    false
}

/// The lines of the statement whose chain a call is part of, when it holds this one command only.
fn chain_lines(place: &Place) -> (u32, u32) {
    let source = place.source;
    let own = source.lines(place.node);
    let mut end = own.1;
    for node in place.above.iter().rev() {
        match node.kind() {
            "member_expression" => {}
            "call_expression" => {
                if source.call(*node).is_none_or(|call| call.name == "command") {
                    break;
                }
                end = source.lines(*node).1;
            }
            _ => break,
        }
    }
    // A chain of several commands is one statement: each begins where its own word stands.
    let list = place.node.child_by_field_name("arguments").map_or(own.0, |list| source.lines(list).0);
    let first = source
        .call(place.node)
        .and_then(|call| call.receiver)
        .is_some_and(|receiver| source.call(receiver).is_none());
    (if first { own.0 } else { list }, end)
}
