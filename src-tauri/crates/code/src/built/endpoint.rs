//! What a server answers. One file for each language; the frameworks are told apart there.

mod csharp;
mod go;
mod java;
mod javascript;
mod python;
mod rust;

use tree_sitter::Node;

use super::source::{Place, Source};
use super::{Built, BuiltKind};
use crate::Language;

/// Words of HTTP, and those that frameworks put in their place.
const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

pub(super) fn of(place: &Place, found: &mut Vec<Built>) {
    match place.source.language {
        Language::Python => python::of(place, found),
        Language::JavaScript | Language::TypeScript | Language::Tsx => javascript::of(place, found),
        Language::Go => go::of(place, found),
        Language::Java => java::of(place, found),
        Language::Rust => rust::of(place, found),
        Language::CSharp => csharp::of(place, found),
        _ => {}
    }
}

fn endpoint(method: &str, path: &str, lines: (u32, u32), framework: &str, handler: &str) -> Built {
    // A handler that is written on the spot has no name.
    let named = handler.len() <= 60 && !handler.is_empty() && !handler.contains(['(', '{', '\n', ' ']);
    let detail = if named { format!("{framework}, {handler}") } else { framework.to_owned() };
    Built::new(BuiltKind::Endpoint, &format!("{method} {path}"), lines, detail)
}

/// The method that a framework's function is called by, whatever its capitals: `get`, `Get`, `GET`.
fn method(name: &str) -> Option<&'static str> {
    METHODS.iter().copied().find(|method| method.eq_ignore_ascii_case(name))
}

/// The name of a handler among arguments: the last of them, where it has a name.
fn handler<'a>(source: &Source<'a>, arguments: &[Node<'a>]) -> &'a str {
    arguments.last().map_or("", |last| source.text_of(*last))
}
