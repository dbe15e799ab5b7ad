//! Formats that are TOML: `pyproject.toml`, `Pipfile`, `Cargo.toml`. The parser goes on after an error, so a
//! damaged file gives what stands in its sound parts.

use toml::de::{DeTable, DeValue};

use super::{Found, requirement};
use crate::technology::Ecosystem;

/// The root table of a document, or of what could be read of it.
pub(super) fn root(text: &str) -> DeTable<'_> {
    DeTable::parse_recoverable(text).0.into_inner()
}

pub(super) fn table<'a, 'i>(parent: &'a DeTable<'i>, path: &[&str]) -> Option<&'a DeTable<'i>> {
    path.iter().try_fold(parent, |table, key| table.get(*key)?.get_ref().as_table())
}

/// The tables directly under a table.
fn children<'a, 'i>(parent: Option<&'a DeTable<'i>>) -> impl Iterator<Item = &'a DeTable<'i>> {
    parent.into_iter().flat_map(|table| table.iter()).filter_map(|(_, value)| value.get_ref().as_table())
}

pub(super) fn pyproject(text: &str) -> Vec<Found> {
    let root = root(text);
    let mut found = Vec::new();
    if let Some(listed) = table(&root, &["project"]).and_then(|project| project.get("dependencies")) {
        requirements(listed.get_ref(), &mut found);
    }
    let groups = [
        table(&root, &["project", "optional-dependencies"]),
        table(&root, &["dependency-groups"]),
        table(&root, &["tool", "pdm", "dev-dependencies"]),
    ];
    for (_, group) in groups.into_iter().flatten().flat_map(|groups| groups.iter()) {
        requirements(group.get_ref(), &mut found);
    }
    if let Some(listed) = table(&root, &["tool", "uv"]).and_then(|uv| uv.get("dev-dependencies")) {
        requirements(listed.get_ref(), &mut found);
    }
    if let Some(poetry) = table(&root, &["tool", "poetry"]) {
        keys(poetry, &["dependencies", "dev-dependencies"], Ecosystem::Python, &mut found);
        for group in children(table(poetry, &["group"])) {
            keys(group, &["dependencies"], Ecosystem::Python, &mut found);
        }
    }
    found
}

pub(super) fn pipfile(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    keys(&root(text), &["packages", "dev-packages"], Ecosystem::Python, &mut found);
    found
}

pub(super) fn cargo(text: &str) -> Vec<Found> {
    const TABLES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];
    let root = root(text);
    let mut found = Vec::new();
    keys(&root, TABLES, Ecosystem::Cargo, &mut found);
    if let Some(workspace) = table(&root, &["workspace"]) {
        keys(workspace, TABLES, Ecosystem::Cargo, &mut found);
    }
    for target in children(table(&root, &["target"])) {
        keys(target, TABLES, Ecosystem::Cargo, &mut found);
    }
    found
}

/// The requirements in an array of strings.
fn requirements(listed: &DeValue, found: &mut Vec<Found>) {
    for item in listed.as_array().into_iter().flat_map(|items| items.iter()) {
        if let Some((_, name)) = item.get_ref().as_str().and_then(requirement) {
            found.push(Found::package(Ecosystem::Python, item.span().start, name));
        }
    }
}

/// The packages that are the keys of some tables; `package = "…"` in the value renames one (Cargo).
fn keys(parent: &DeTable, names: &[&str], ecosystem: Ecosystem, found: &mut Vec<Found>) {
    let tables = names.iter().filter_map(|name| table(parent, &[name]));
    for (key, value) in tables.flat_map(|table| table.iter()) {
        let renamed = value.get_ref().as_table().filter(|_| ecosystem == Ecosystem::Cargo);
        let renamed = renamed.and_then(|table| table.get("package"));
        match renamed.and_then(|package| Some((package.span(), package.get_ref().as_str()?))) {
            Some((span, name)) => found.push(Found::package(ecosystem, span.start, name)),
            None => found.push(Found::package(ecosystem, key.span().start, key.get_ref().as_ref())),
        }
    }
}
