//! The version that a manifest asks for, as it is written behind or beside a package's name.

use std::sync::LazyLock;

use regex::Regex;

use crate::technology::Ecosystem;

/// Bytes around a name that its version is looked for in. An entry of any format is shorter.
const AROUND: usize = 400;
/// Bytes of a version.
const LONGEST: usize = 80;

/// The version of the package whose name stands at a byte of the text; empty where it has none of its own.
pub(super) fn written(ecosystem: Ecosystem, text: &str, at: usize) -> &str {
    let end = text.floor_char_boundary((at + AROUND).min(text.len()));
    let rest = text.get(at..end).unwrap_or_default();
    let found = match ecosystem {
        Ecosystem::Python => python(rest),
        Ecosystem::Cargo => cargo(text, at, rest),
        Ecosystem::Npm => group(&NPM, rest),
        Ecosystem::Go => rest.split_whitespace().nth(1).filter(|version| version.starts_with('v')),
        Ecosystem::Maven => maven(rest),
        Ecosystem::Nuget => nuget(text, at, rest),
        Ecosystem::Docker => docker(rest),
    };
    let found = found.unwrap_or_default().trim();
    &found[..found.floor_char_boundary(LONGEST)]
}

/// `"react": "^18"`, from the name on.
static NPM: LazyLock<Regex> = LazyLock::new(|| pattern(r#"^[^"\n]*"\s*:\s*"([^"\n]*)""#));
/// `name = "1"` and `name = { …, version = "1" }` of a table of TOML, from the name on.
static KEY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"^["']?[\w.-]+["']?(?:\.version)?\s*=\s*(?:\{[^}\n]*?\bversion\s*=\s*)?["']([^"'\n]*)["']"#)
});
/// `[dependencies.name]` with the version among the lines below.
static TABLE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"^["']?[\w.-]+["']?\][^\[]*?\n\s*version\s*=\s*["']([^"'\n]*)["']"#));
/// A requirement of Python: its extras, and the versions up to a condition, a comment or the end of the string.
static REQUIREMENT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"^[\w.-]+\s*(?:\[[^\]\n]*\])?\s*\(?((?:[=<>!~]=?=?\s*[\w.*+!-]+\s*,?\s*)+)"#));
/// `version = "1"` in an inline table, wherever it stands.
static VERSION: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\bversion\s*=\s*["']([^"'\n]*)["']"#));
/// `Version="1"` in a tag of .NET.
static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?i)\sversion\s*=\s*["']([^"'<>]*)["']"#));
/// The element of Maven, before the dependency ends.
static ELEMENT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[^<]*</artifactId>(?:[^<]|<[^/d]|</[^dp])*?<version>\s*([^<]*)</version>"));
/// Gradle: the third part of coordinates, `version: '1'`, or `version "1"` behind a plugin.
static GRADLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"^(?:[\w.-]+:[\w.-]+:([^"':@\n]+)|[\w.-]+["'][),]?\s*,?\s*version\s*[:(=]?\s*["']([^"'\n]+))"#)
});

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the program and is compiled by the tests")
}

/// What the first group that took part says.
fn group<'a>(pattern: &Regex, text: &'a str) -> Option<&'a str> {
    pattern.captures(text)?.iter().skip(1).flatten().next().map(|found| found.as_str())
}

fn python(rest: &str) -> Option<&str> {
    // What an array holds is known from its quote on.
    let rest = rest.trim_start_matches(['"', '\'', ' ']);
    group(&KEY, rest).or_else(|| group(&TABLE, rest)).or_else(|| group(&REQUIREMENT, rest))
}

fn cargo<'a>(text: &'a str, at: usize, rest: &'a str) -> Option<&'a str> {
    let renamed = || {
        let line = line_around(text, at)?;
        line.contains("package").then(|| group(&VERSION, line)).flatten()
    };
    group(&KEY, rest).or_else(|| group(&TABLE, rest)).or_else(renamed)
}

fn maven(rest: &str) -> Option<&str> {
    group(&ELEMENT, rest).or_else(|| group(&GRADLE, rest))
}

/// The tag may have its version on either side of the name.
fn nuget<'a>(text: &'a str, at: usize, rest: &'a str) -> Option<&'a str> {
    let before = text.get(text.floor_char_boundary(at.saturating_sub(AROUND))..at)?;
    let start = before.rfind('<').map_or(at, |open| at - before.len() + open);
    let end = rest.find('>').map_or(at, |close| at + close);
    group(&ATTRIBUTE, text.get(start..end)?)
}

fn docker(rest: &str) -> Option<&str> {
    let reference = rest.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).next()?;
    let last = reference.split('@').next()?.rsplit('/').next()?;
    last.split_once(':').map(|(_, tag)| tag)
}

fn line_around(text: &str, at: usize) -> Option<&str> {
    let before = text.get(text.floor_char_boundary(at.saturating_sub(AROUND))..at)?;
    let start = before.rfind('\n').map_or(at - before.len(), |end| at - before.len() + end + 1);
    let rest = text.get(at..text.floor_char_boundary((at + AROUND).min(text.len())))?;
    let end = rest.find('\n').map_or(at + rest.len(), |end| at + end);
    text.get(start..end)
}
