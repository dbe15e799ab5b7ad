//! Axum by its routers, Actix Web and Rocket by attributes and routes.

use tree_sitter::Node;

use super::{endpoint, method};
use crate::built::Built;
use crate::built::route::joined;
use crate::built::source::{Call, Place, Source};

pub(super) fn of(place: &Place, found: &mut Vec<Built>) {
    match place.node.kind() {
        "function_item" => marked(place, found),
        "call_expression" => routed(place, found),
        _ => {}
    }
}

/// `#[get("/x")]`, also with the crate before it.
fn marked(place: &Place, found: &mut Vec<Built>) {
    let source = place.source;
    if place.marks.is_empty() {
        return;
    }
    let mentions = |name, declared| source.imports(&[name]) || source.mentions(declared);
    for mark in place.marks {
        let inside = source.text_of(*mark).trim_start_matches("#[").trim_end_matches(']').trim();
        let Some((name, rest)) = inside.split_once('(') else { continue };
        let (crate_of, name) = name.trim().rsplit_once("::").unwrap_or(("", name.trim()));
        let Some(method) = method(name).filter(|_| name == name.to_ascii_lowercase()) else { continue };
        let framework = match crate_of {
            "actix_web" => "Actix Web",
            "rocket" => "Rocket",
            "" if mentions("actix_web", "extern crate actix_web") => "Actix Web",
            "" if mentions("rocket", "extern crate rocket") => "Rocket",
            _ => continue,
        };
        let Some(path) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
            continue;
        };
        let handler = source.field(place.node, "name");
        found.push(endpoint(method, &joined("", path), place.lines(), framework, handler));
    }
}

/// `.route("/x", get(a).post(b))` of Axum, `.route("/x", web::get().to(a))` and
/// `web::resource("/x").route(web::get().to(a))` of Actix.
fn routed(place: &Place, found: &mut Vec<Built>) {
    let source = place.source;
    let Some(call) = source.call(place.node).filter(|call| call.name == "route" && call.receiver.is_some())
    else {
        return;
    };
    let has = |name, path| source.imports(&[name]) || source.mentions(path);
    let framework = if has("axum", "axum::") {
        "Axum"
    } else if has("actix_web", "actix_web::") {
        "Actix Web"
    } else {
        return;
    };
    let Some(last) = call.arguments.last().and_then(|last| source.call(*last)) else { return };
    let own =
        call.arguments.first().filter(|_| call.arguments.len() == 2).and_then(|one| source.literal(*one));
    let lines = path_lines(source, &call);
    let chain = source.chain(call);
    let on = |name: &str| {
        let one = chain.iter().find(|call| call.name == name)?;
        one.arguments.first().and_then(|first| source.literal(*first))
    };
    let Some(path) = own.or_else(|| on("resource")) else { return };
    let path = joined(&joined("", on("scope").unwrap_or(&nested(place))), path);
    let answers = source.chain(last);
    let handler = |call: &Call| call.arguments.first().map_or("", |first| source.text_of(*first));
    let to = answers.iter().find(|call| call.name == "to").map_or("", handler);
    for call in answers.iter().rev() {
        let method = if call.name == "any" { Some("ANY") } else { method(call.name) };
        if let Some(method) = method {
            let handler = if to.is_empty() { handler(call) } else { to };
            found.push(endpoint(method, &path, lines, framework, handler));
        }
    }
}

/// The lines of one call in a chain: from its name to its last bracket.
fn path_lines(source: &Source, call: &Call) -> (u32, u32) {
    let (_, end) = source.lines(call.node);
    let list = call.node.child_by_field_name("arguments");
    (list.map_or(end, |list| source.lines(list).0), end)
}

/// What `.nest("/x", Router::new()…)` of Axum or `web::scope("/x").service(…)` of Actix puts before a route in it.
fn nested(place: &Place) -> String {
    let source = place.source;
    let mut path = String::new();
    let inside = |outer: &Node| outer.byte_range().contains(&place.node.start_byte());
    for call in place.calls_above() {
        let own = match (call.name, call.arguments.as_slice()) {
            ("nest", [first, second]) if inside(second) => source.literal(*first),
            ("service", [only]) if inside(only) => {
                let chain = source.chain(call);
                let scope = chain.iter().find(|call| call.name == "scope");
                scope.and_then(|scope| source.literal(*scope.arguments.first()?))
            }
            _ => None,
        };
        if let Some(own) = own {
            path = joined(&path, own);
        }
    }
    path
}
