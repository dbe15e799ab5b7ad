//! Tests that run, with the names that they call.
//!
//! Stricter than [`crate::test_functions`]: a function that is only called like a test, that does nothing or that
//! is told to be skipped is no claim.

mod calls;

use tree_sitter::Node;

use super::source::{Place, Source};
use super::{Built, BuiltKind, benchmark};
use crate::{Language, is_test_path, syntax, tests_in};

use calls::called_in;

const JAVASCRIPT: &[&str] = &[
    "vitest",
    "@jest/globals",
    "node:test",
    "mocha",
    "ava",
    "bun:test",
    "@playwright/test",
    "tape",
    "uvu",
    "jasmine",
];

pub(super) fn of(place: &Place, found: &mut Vec<Built>) {
    let source = place.source;
    let Some(name) = name(place) else { return };
    if benchmark::is_benchmark(place) || !runs(place) {
        return;
    }
    let body = match source.language {
        Language::JavaScript | Language::TypeScript | Language::Tsx => {
            tests_in::test_call(place.node, source.text).map(|(_, body)| body)
        }
        // A method of C# may be an expression after its arrow.
        _ => place.node.child_by_field_name("body").or_else(|| source.children(place.node).pop()),
    };
    let Some(calls) = body.and_then(|body| called_in(source, body)) else { return };
    // The title as it is written, with the quotes in it.
    let title = source.call(place.node).and_then(|call| source.literal(*call.arguments.first()?));
    let test = Built::new(
        BuiltKind::Test,
        &qualified(place, title.unwrap_or(&name)),
        place.lines(),
        framework(source),
    );
    found.push(Built { calls, ..test });
}

/// The name of the test that a node would be. The attributes of Rust stand before it and are known to the walk.
fn name(place: &Place) -> Option<String> {
    let source = place.source;
    if source.language != Language::Rust {
        return tests_in::test_name(source.language, place.node, source.text);
    }
    let is = place.node.kind() == "function_item"
        && place.marks.iter().any(|mark| tests_in::marks_test(tests_in::inside_of(*mark, source.text)));
    is.then(|| source.field(place.node, "name").to_owned())
}

/// Tests of C++, which are macros with a block behind them.
pub(super) fn of_macros(source: &Source, tests: &[(String, u32)], found: &mut Vec<Built>) {
    if tests.is_empty() {
        return;
    }
    let mut blocks: Vec<(u32, Node)> = Vec::new();
    source.each_in(source.root, |node| {
        if node.kind() == "compound_statement" {
            blocks.push((syntax::line_of(node), node));
        }
    });
    for (name, line) in tests {
        let next = blocks.partition_point(|(start, _)| start < line);
        let Some((_, body)) = blocks.get(next).filter(|(start, _)| *start <= line + 2) else { continue };
        let Some(calls) = called_in(source, *body).filter(|_| !name.contains("DISABLED_")) else { continue };
        let lines = (*line, syntax::end_line_of(*body));
        let framework = if name.contains(' ') || !name.contains('.') { "Catch2" } else { "GoogleTest" };
        found.push(Built { calls, ..Built::new(BuiltKind::Test, name, lines, framework) });
    }
}

/// A runner would take the function for a test and not be told to skip it.
fn runs(place: &Place) -> bool {
    let source = place.source;
    let file = source.path.rsplit('/').next().unwrap_or(source.path);
    match source.language {
        Language::Python => {
            let parent = place.parent().filter(|parent| parent.kind() == "decorated_definition");
            let marks = parent.map(|parent| source.children(parent)).unwrap_or_default();
            let skipped = |mark: &Node| {
                let written = source.text_of(*mark);
                written.ends_with("skip") || written.contains("skip(") || written.contains("fixture")
            };
            let in_class = place.class().is_none_or(|class| {
                source.field(class, "name").starts_with("Test")
                    || source.bases(class).iter().any(|base| base.contains("Test"))
            });
            let collected = file.starts_with("test")
                || file.trim_end_matches(".py").ends_with("_test")
                || file.trim_end_matches(".py").ends_with("tests");
            is_test_path(source.path)
                && collected
                && in_class
                && !place.in_function()
                && !marks.iter().any(skipped)
        }
        Language::JavaScript | Language::TypeScript | Language::Tsx => {
            let skipped = |node: &Node| {
                let callee = node.child_by_field_name("function").map_or("", |callee| source.text_of(callee));
                let base = callee.split('.').next().unwrap_or_default();
                matches!(base, "describe" | "test" | "it" | "suite" | "context" | "specify" | "xdescribe")
                    && (callee.contains(".skip") || base == "xdescribe")
            };
            (is_test_path(source.path) || source.imports(JAVASCRIPT))
                && !skipped(&place.node)
                && !place.calls_above().any(|call| skipped(&call.node))
        }
        Language::Go => {
            file.ends_with("_test.go")
                && ["testing.T", "testing.F"]
                    .iter()
                    .any(|of| source.field(place.node, "parameters").contains(of))
        }
        Language::Java => !has_mark(place, &["Disabled", "Ignore"]),
        Language::CSharp => {
            let marks = source.annotations_in(place.node);
            let skips =
                |arguments: &[Node]| arguments.iter().any(|one| source.text_of(*one).starts_with("Skip"));
            !has_mark(place, &["Ignore"]) && !marks.iter().any(|(_, arguments)| skips(arguments))
        }
        Language::Rust => !place.marks.iter().any(|mark| source.text_of(*mark).starts_with("#[ignore")),
        _ => true,
    }
}

fn has_mark(place: &Place, names: &[&str]) -> bool {
    place.source.annotations_in(place.node).iter().any(|(name, _)| names.contains(name))
}

/// The name after the class that it is in, or after the titles of the groups around it.
fn qualified(place: &Place, name: &str) -> String {
    let source = place.source;
    match source.language {
        Language::JavaScript | Language::TypeScript | Language::Tsx => {
            let mut title = String::new();
            for call in place.calls_above() {
                let group = call.receiver.map_or(call.name, |receiver| source.text_of(receiver));
                let own = call.arguments.first().and_then(|first| source.literal(*first));
                if let Some(own) = own.filter(|_| matches!(group, "describe" | "suite" | "context")) {
                    title.push_str(own);
                    title.push_str(" > ");
                }
            }
            title + name
        }
        Language::Python | Language::Java | Language::CSharp => match place.class() {
            Some(class) => format!("{}.{name}", source.field(class, "name")),
            None => name.to_owned(),
        },
        _ => name.to_owned(),
    }
}

fn framework(source: &Source) -> &'static str {
    let first = |known: &[(&'static str, &'static str)], otherwise| {
        known.iter().find(|(package, _)| source.imports(&[package])).map_or(otherwise, |(_, name)| *name)
    };
    match source.language {
        Language::Python => first(&[("pytest", "pytest"), ("unittest", "unittest")], "Python"),
        Language::JavaScript | Language::TypeScript | Language::Tsx => first(
            &[
                ("vitest", "Vitest"),
                ("@jest/globals", "Jest"),
                ("node:test", "node:test"),
                ("mocha", "Mocha"),
                ("ava", "AVA"),
                ("@playwright/test", "Playwright"),
            ],
            "JavaScript",
        ),
        Language::Java => first(&[("org.junit", "JUnit"), ("org.testng", "TestNG")], "Java"),
        Language::Go => "Go",
        Language::Rust => "Rust",
        Language::CSharp => "C#",
        _ => "",
    }
}
