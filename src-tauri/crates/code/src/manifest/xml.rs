//! `pom.xml` and the projects of .NET, by a scanner of tags that forgives unclosed ones.

use super::Found;
use crate::technology::Ecosystem;

/// The dependencies that are used (not only managed), and the parent.
pub(super) fn pom(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let (mut group, mut artifact) = ("", None);
    for (start, tag) in tags(text) {
        let at = start + tag.len() + 1;
        if let Some(name) = tag.strip_prefix('/').map(str::trim) {
            if is_item(name) && open.contains(&name) {
                if let Some((offset, artifact)) = artifact.filter(|_| is_used(&open)) {
                    found.push(Found::package(Ecosystem::Maven, offset, format!("{group}:{artifact}")));
                }
                (group, artifact) = ("", None);
            }
            if let Some(depth) = open.iter().rposition(|opened| *opened == name) {
                open.truncate(depth);
            }
        } else if !tag.ends_with('/') {
            let name = tag.split_whitespace().next().unwrap_or("");
            if is_item(name) {
                (group, artifact) = ("", None);
            }
            let value = &text[at..at + text[at..].find('<').unwrap_or(text.len() - at)];
            match (open.last().is_some_and(|parent| is_item(parent)), name) {
                (true, "groupId") => group = value.trim(),
                (true, "artifactId") => {
                    artifact = Some((at + value.len() - value.trim_start().len(), value.trim()));
                }
                _ => {}
            }
            // Deeper than any real file: an attack on the memory, not a manifest.
            if open.len() < 64 {
                open.push(name);
            }
        }
    }
    found
}

/// What a .NET project is built with (its SDK) and the packages it refers to; also the older `packages.config`.
pub(super) fn msbuild(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for (start, tag) in tags(text) {
        let name = match tag.split(|c: char| c.is_whitespace() || c == '/').next() {
            Some("Project") => "Sdk",
            Some("PackageReference") => "Include",
            Some("package") => "id",
            _ => continue,
        };
        if let Some((offset, package)) = attribute(tag, name) {
            // `Sdk="Name/Version"`.
            let package = package.split('/').next().unwrap_or(package);
            found.push(Found::package(Ecosystem::Nuget, start + offset, package));
        }
    }
    found
}

/// What stands between `<` and `>`, with where it begins; comments, CDATA and instructions are passed over.
fn tags(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find('<')?;
            let rest = &text[start..];
            if let Some(skipped) = skip(rest) {
                at = start + skipped;
                continue;
            }
            let end = rest.find('>')?;
            at = start + end + 1;
            return Some((start + 1, &rest[1..end]));
        }
    })
}

/// The value of an attribute, with its offset in the tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<(usize, &'a str)> {
    tag.match_indices(name).find_map(|(at, _)| {
        let before = tag[..at].ends_with(char::is_whitespace);
        let value = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (inside, _) = value[1..].split_once(quote)?;
        let offset = tag.len() - value.len() + 1;
        before.then_some((offset, inside))
    })
}

/// How long a comment, a CDATA section or an instruction at the start of a text is.
fn skip(text: &str) -> Option<usize> {
    let pairs = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")];
    let (_, close) = pairs.into_iter().find(|(open, _)| text.starts_with(open))?;
    Some(text.find(close).map_or(text.len(), |at| at + close.len()))
}

fn is_item(tag: &str) -> bool {
    matches!(tag, "dependency" | "parent")
}

fn is_used(open: &[&str]) -> bool {
    !open.iter().any(|tag| matches!(*tag, "dependencyManagement" | "pluginManagement" | "plugin"))
}
