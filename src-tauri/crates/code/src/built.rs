//! What a file builds: endpoints, commands, screens, data models, tests, benchmarks, jobs, services and
//! migrations, as its text says it.
//!
//! Each becomes a claim on a résumé, so what is only similar counts as nothing: a name is taken for a
//! framework's where the file imports that framework or the receiver was made by it. Comments and strings prove
//! nothing, and in files of tests there are only tests and benchmarks.

mod benchmark;
mod command;
mod commit;
mod endpoint;
mod job;
mod migration;
mod model;
mod route;
mod screen;
mod service;
mod source;
mod test;
mod yaml;

use std::collections::HashSet;

use crate::{Language, formatting_only, imports, is_test_path, skip_reason, syntax, tests_in};

use source::Source;

pub use commit::{Edited, gained};

/// Things in one file; more are not written by people.
const MOST: usize = 2_000;
/// Bytes of a name or a detail.
const LONGEST: usize = 160;

/// What sort of thing is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BuiltKind {
    /// Something a server answers: `GET /users/{id}`. `ANY` where the framework does not say the method there,
    /// `WS` for a WebSocket. The path has the prefixes that the same file gives it.
    Endpoint,
    /// A subcommand of a program, as it is typed.
    Command,
    /// A page, a screen or an activity: its component or class, or the route that its path gives it.
    Screen,
    /// A class, a struct or a table that data is stored in or checked by.
    Model,
    /// A test that runs: its name, after its class or its `describe`.
    Test,
    Benchmark,
    /// A job of continuous integration.
    Job,
    /// A service of a Compose file, or the image of a Dockerfile, which is named by its path.
    Service,
    /// A change of a database's schema, by its file's name.
    Migration,
}

impl BuiltKind {
    /// The lower-case word for it, as stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Endpoint => "endpoint",
            Self::Command => "command",
            Self::Screen => "screen",
            Self::Model => "model",
            Self::Test => "test",
            Self::Benchmark => "benchmark",
            Self::Job => "job",
            Self::Service => "service",
            Self::Migration => "migration",
        }
    }
}

/// One thing that a file builds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    pub kind: BuiltKind,
    /// White space squeezed, at most 160 bytes. The same thing keeps its name when its lines move.
    pub name: String,
    /// From 1; with its decorators and attributes.
    pub start_line: u32,
    /// Inclusive.
    pub end_line: u32,
    /// What it is made with, and what stands behind it: `Flask, list_users`.
    pub detail: String,
    /// Of a test, the names that it calls in the order of the text, each once: `Queue.push` where the text says
    /// of which type, else `push`. Names of the language and of libraries are among them; whoever knows the
    /// repository's symbols keeps those.
    pub calls: Vec<String>,
}

impl Built {
    fn new(kind: BuiltKind, name: &str, lines: (u32, u32), detail: impl Into<String>) -> Self {
        let (name, detail) = (bounded(name), bounded(&detail.into()));
        Self { kind, name, start_line: lines.0, end_line: lines.1, detail, calls: Vec::new() }
    }
}

fn bounded(text: &str) -> String {
    let mut squeezed = String::new();
    for word in text.split_whitespace() {
        if squeezed.len() > LONGEST {
            break;
        }
        squeezed.push_str(if squeezed.is_empty() { "" } else { " " });
        squeezed.push_str(&word[..word.floor_char_boundary(LONGEST)]);
    }
    squeezed.truncate(squeezed.floor_char_boundary(LONGEST));
    squeezed
}

/// Everything that the file at `path` (`/`-separated) builds, in the order of its lines, each kind and name
/// once. Empty for files that are vendored, generated or data, and for text that cannot be parsed within bounds.
pub fn built(path: &str, language: Option<Language>, text: &str) -> Vec<Built> {
    // A schema of Prisma and a Jenkinsfile have no language here, and are read all the same.
    let skipped = skip_reason(path, Some(text), text.len());
    if skipped.is_some_and(|reason| language.is_some() || reason != "not source code") {
        return Vec::new();
    }
    let mut found = Vec::new();
    if !is_test_path(path) {
        migration::find(path, language, text, &mut found);
        model::find_tables(path, language, text, &mut found);
        screen::find_by_path(path, language, text, &mut found);
        job::find(path, text, &mut found);
        service::find(path, language, text, &mut found);
    }
    if let Some(language) = language {
        in_program(path, language, text, &mut found);
    }
    found.retain(|one| !one.name.is_empty());
    found.sort_by(|a, b| (a.start_line, a.kind, &a.name).cmp(&(b.start_line, b.kind, &b.name)));
    let mut known = HashSet::new();
    found.retain(|one| known.insert((one.kind, one.name.clone())));
    found.truncate(MOST);
    found
}

fn in_program(path: &str, language: Language, text: &str, found: &mut Vec<Built>) {
    let Some(tree) = syntax::parse(language, text) else { return };
    let imported = imports::imports_of(language, &tree, text);
    let source = Source::new(path, language, text, &tree, imported);
    let in_tests = is_test_path(path);
    source.each(|place| {
        if found.len() >= MOST {
            return;
        }
        benchmark::of(place, found);
        test::of(place, found);
        if in_tests || (language == Language::Rust && place.in_rust_tests()) {
            return;
        }
        endpoint::of(place, found);
        command::of(place, found);
        screen::of(place, found);
        model::of(place, found);
    });
    if matches!(language, Language::C | Language::Cpp) {
        test::of_macros(&source, &tests_in::macro_tests(text), found);
        benchmark::of_macros(text, found);
    }
}

/// What a change adds: in `new` and, by kind and name, not in `old`. Lines are those of `new`. A file that is
/// new has no `old`; a change of white space adds nothing.
pub fn added(path: &str, language: Option<Language>, old: Option<&str>, new: &str) -> Vec<Built> {
    let Some(old) = old else { return built(path, language, new) };
    if old == new || formatting_only(path, old, new) {
        return Vec::new();
    }
    without(built(path, language, new), &built(path, language, old))
}

/// What a change takes away: in `old` and, by kind and name, not in `new`. Lines are those of `old`. Of a file
/// that is deleted there is no `new`.
pub fn removed(path: &str, language: Option<Language>, old: &str, new: Option<&str>) -> Vec<Built> {
    match new {
        Some(new) => added(path, language, Some(new), old),
        None => built(path, language, old),
    }
}

fn without(mut from: Vec<Built>, known: &[Built]) -> Vec<Built> {
    let names: HashSet<(BuiltKind, &str)> = known.iter().map(|one| (one.kind, one.name.as_str())).collect();
    from.retain(|one| !names.contains(&(one.kind, one.name.as_str())));
    from
}

#[cfg(test)]
mod tests;
