//! Formats read line by line: requirements, `go.mod`, Dockerfiles, compose files, workflows.

use std::collections::HashSet;

use super::{Found, requirement};
use crate::technology::Ecosystem;

/// The lines of a text without their ends, each with its offset.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |next, line| {
        let at = *next;
        *next += line.len();
        Some((at, line.trim_end_matches(['\n', '\r'])))
    })
}

/// A line up to a `#` that begins it or follows a space, outside quotes.
pub(super) fn without_comment(line: &str) -> &str {
    let (mut quote, mut before) = (None, ' ');
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') if before.is_whitespace() => return &line[..at],
            // An apostrophe within a word ("don't") opens nothing.
            (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
        before = c;
    }
    line
}

/// The offset of a part within the text it was cut from.
fn offset(line_at: usize, line: &str, part: &str) -> usize {
    line_at + (part.as_ptr() as usize).saturating_sub(line.as_ptr() as usize)
}

pub(super) fn requirements(text: &str) -> Vec<Found> {
    let text_lines = lines(text).map(|(at, line)| (at, without_comment(line)));
    text_lines
        .filter(|(_, line)| !line.trim_start().starts_with('-'))
        .filter_map(|(at, line)| requirement(line).map(|(inner, name)| (at + inner, name)))
        .map(|(at, name)| Found::package(Ecosystem::Python, at, name))
        .collect()
}

pub(super) fn go_mod(text: &str) -> Vec<Found> {
    let (mut found, mut block) = (Vec::new(), None);
    for (at, line) in lines(text) {
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        let mut words = code.split_whitespace().peekable();
        if code.trim() == ")" {
            block = None;
            continue;
        }
        let directive = block.or_else(|| words.next());
        if words.peek() == Some(&"(") {
            block = directive;
            continue;
        }
        let is_direct = !comment.trim_start().starts_with("indirect");
        if let (Some("require"), true, Some(module)) = (directive, is_direct, words.next()) {
            let name = module.trim_matches(['"', '`']);
            found.push(Found::package(Ecosystem::Go, offset(at, line, module), name));
        }
    }
    found
}

/// The image of `registry/name:tag@digest`, official images under their short name.
fn image(reference: &str) -> &str {
    let name = reference.split('@').next().unwrap_or(reference);
    let folder = name.rfind('/').map_or(0, |at| at + 1);
    let name = name[folder..].find(':').map_or(name, |tag| &name[..folder + tag]);
    let name = ["docker.io/", "index.docker.io/", "public.ecr.aws/docker/"]
        .iter()
        .find_map(|host| name.strip_prefix(host))
        .unwrap_or(name);
    name.strip_prefix("library/").unwrap_or(name)
}

pub(super) fn dockerfile(text: &str) -> Vec<Found> {
    let (mut found, mut stages) = (Vec::new(), HashSet::new());
    for (at, line) in lines(text) {
        let mut words = line.split_whitespace();
        if !words.next().is_some_and(|word| word.eq_ignore_ascii_case("from")) {
            continue;
        }
        let Some(from) = words.find(|word| !word.starts_with("--")) else { continue };
        if found.is_empty() {
            found.push(Found::tool(offset(at, line, line.trim_start()), "Docker", "FROM"));
        }
        if !stages.contains(&from.to_lowercase()) {
            found.push(Found::package(Ecosystem::Docker, offset(at, line, from), image(from)));
        }
        if words.next().is_some_and(|word| word.eq_ignore_ascii_case("as")) {
            stages.extend(words.next().map(str::to_lowercase));
        }
    }
    found
}

pub(super) fn compose(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = top_level(text, "services")
        .into_iter()
        .flat_map(|at| [Found::tool(at, "Docker", "services"), Found::tool(at, "Docker Compose", "services")])
        .collect();
    found.extend(images(text));
    found
}

pub(super) fn workflow(text: &str) -> Vec<Found> {
    let Some(at) = top_level(text, "jobs") else { return Vec::new() };
    let mut found = vec![Found::tool(at, "GitHub Actions", "jobs")];
    found.extend(images(text));
    found
}

fn top_level(text: &str, key: &str) -> Option<usize> {
    let is_key = |line: &str| {
        let rest = line.trim_start_matches(['"', '\'']).strip_prefix(key);
        rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
    };
    lines(text.strip_prefix('\u{feff}').unwrap_or(text)).find(|(_, line)| is_key(line)).map(|(at, _)| at)
}

/// The images of `image:` keys, outside block scalars such as the shell text of `run: |`.
fn images(text: &str) -> Vec<Found> {
    let (mut found, mut scalar) = (Vec::new(), None);
    for (at, line) in lines(text) {
        let code = without_comment(line);
        let body = code.trim_start_matches([' ', '-']);
        let indent = code.len() - body.len();
        if body.trim().is_empty() || scalar.is_some_and(|opened| indent > opened) {
            continue;
        }
        scalar = None;
        let Some((key, value)) = body.split_once(':') else { continue };
        let value = value.trim();
        if value.starts_with(['|', '>']) {
            scalar = Some(indent);
        } else if key.trim() == "image" {
            let name = value.trim_matches(['"', '\'']);
            found.push(Found::package(Ecosystem::Docker, offset(at, line, name), image(name)));
        }
    }
    found
}
