//! Benchmarks, which are written like tests and say something else.

use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use super::source::{Place, Source};
use super::{Built, BuiltKind};
use crate::Language;

pub(super) fn of(place: &Place, found: &mut Vec<Built>) {
    let source = place.source;
    let named = match (source.language, place.node.kind()) {
        (Language::Rust, "call_expression") => of_criterion(place),
        (Language::JavaScript | Language::TypeScript | Language::Tsx, "call_expression") => {
            of_javascript(place)
        }
        _ if is_benchmark(place) => Some(match (source.language, place.class()) {
            (Language::Python | Language::Java | Language::CSharp, Some(class)) => {
                format!("{}.{}", source.field(class, "name"), source.field(place.node, "name"))
            }
            _ => source.field(place.node, "name").to_owned(),
        }),
        _ => None,
    };
    found.extend(named.map(|name| Built::new(BuiltKind::Benchmark, &name, place.lines(), framework(source))));
}

/// A function that a runner of benchmarks would call.
pub(super) fn is_benchmark(place: &Place) -> bool {
    let source = place.source;
    let name = || source.field(place.node, "name");
    match (source.language, place.node.kind()) {
        (Language::Go, "function_declaration") => {
            source.path.ends_with("_test.go")
                && name().starts_with("Benchmark")
                && source.field(place.node, "parameters").contains("testing.B")
        }
        (Language::Rust, "function_item") => place.marks.iter().any(|mark| {
            let inside = source.text_of(*mark).trim_start_matches("#[").trim_start();
            let path = inside.split(['(', ']', '=']).next().unwrap_or_default().trim();
            path.rsplit("::").next() == Some("bench")
        }),
        (Language::Python, "function_definition") => {
            let takes = || {
                let list = place.node.child_by_field_name("parameters").map(|list| source.children(list));
                list.unwrap_or_default().into_iter().any(|one| source.text_of(one) == "benchmark")
            };
            let of_asv = || {
                let starts =
                    ["time_", "mem_", "peakmem_", "track_"].iter().any(|start| name().starts_with(start));
                starts && source.path.split('/').any(|folder| folder == "benchmarks") && !place.in_function()
            };
            (name().starts_with("test") && crate::is_test_path(source.path) && takes()) || of_asv()
        }
        (Language::Java, "method_declaration") => has_mark(place) && source.imports(&["org.openjdk.jmh"]),
        (Language::CSharp, "method_declaration") => has_mark(place) && source.mentions("BenchmarkDotNet"),
        _ => false,
    }
}

fn has_mark(place: &Place) -> bool {
    place.source.annotations_in(place.node).iter().any(|(name, _)| *name == "Benchmark")
}

fn framework(source: &Source) -> &'static str {
    match source.language {
        Language::Rust if source.imports(&["criterion"]) => "Criterion",
        Language::Rust => "Rust",
        Language::Python if source.path.split('/').any(|folder| folder == "benchmarks") => "asv",
        Language::Python => "pytest-benchmark",
        Language::Java => "JMH",
        Language::CSharp => "BenchmarkDotNet",
        Language::Go => "Go",
        _ => JAVASCRIPT.iter().find(|(package, _)| source.imports(&[package])).map_or("", |(_, name)| *name),
    }
}

/// `c.bench_function("name", …)`, after the name of its group where it has one.
fn of_criterion(place: &Place) -> Option<String> {
    let source = place.source;
    let call =
        source.call(place.node).filter(|call| matches!(call.name, "bench_function" | "bench_with_input"))?;
    let receiver = call.receiver.filter(|_| source.imports(&["criterion"]))?;
    let said = |node: Node| {
        let inner = source.call(node).and_then(|call| call.arguments.first().copied()).unwrap_or(node);
        source.literal(inner).map(str::to_owned)
    };
    let own = said(*call.arguments.first()?)?;
    let bound = source.binding(source.text_of(receiver), receiver.start_byte()).and_then(|one| one.value);
    let group = bound.filter(|value| source.call(*value).is_some_and(|call| call.name == "benchmark_group"));
    Some(match group.and_then(said) {
        Some(group) => format!("{group}/{own}"),
        None => own,
    })
}

const JAVASCRIPT: &[(&str, &str)] =
    &[("vitest", "Vitest"), ("mitata", "mitata"), ("tinybench", "tinybench"), ("benchmark", "Benchmark.js")];

/// `bench('name', …)` and `suite.add('name', …)`.
fn of_javascript(place: &Place) -> Option<String> {
    let source = place.source;
    let call = source.call(place.node)?;
    let is = match (call.name, call.receiver) {
        ("bench", None) => source.imports(&["vitest", "mitata"]),
        ("add", Some(_)) => source.imports(&["tinybench", "benchmark"]),
        _ => false,
    };
    let [first, second, ..] = call.arguments.as_slice() else { return None };
    let runs = matches!(second.kind(), "arrow_function" | "function_expression" | "object" | "identifier");
    source.literal(*first).filter(|_| is && runs).map(str::to_owned)
}

/// `BENCHMARK(BM_push)` of Google Benchmark.
pub(super) fn of_macros(text: &str, found: &mut Vec<Built>) {
    static MACRO: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^BENCHMARK\s*\(\s*(\w+)\s*\)")
            .expect("the pattern is part of the program and is compiled by the tests")
    });
    if !text.contains("benchmark/benchmark.h") {
        return;
    }
    for (line, number) in text.lines().zip(1..) {
        if let Some(name) = MACRO.captures(line).and_then(|captures| captures.get(1)) {
            found.push(Built::new(BuiltKind::Benchmark, name.as_str(), (number, number), "Google Benchmark"));
        }
    }
}
