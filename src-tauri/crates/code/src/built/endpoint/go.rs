//! The standard library's mux, gin, echo, fiber, chi and gorilla, by calls on their routers.

use tree_sitter::Node;

use super::{endpoint, handler, method};
use crate::built::Built;
use crate::built::route::joined;
use crate::built::source::{Call, Place, Source};

const ROUTERS: &[(&str, &str)] = &[
    ("github.com/gin-gonic/gin", "Gin"),
    ("github.com/labstack/echo", "Echo"),
    ("github.com/gofiber/fiber", "Fiber"),
    ("github.com/go-chi/chi", "chi"),
    ("github.com/gorilla/mux", "gorilla/mux"),
    ("github.com/julienschmidt/httprouter", "httprouter"),
];
/// What makes a router, and the types it may be handed on as.
const MADE_BY: &[&str] = &[
    "gin.Default",
    "gin.New",
    "echo.New",
    "fiber.New",
    "chi.NewRouter",
    "chi.NewMux",
    "mux.NewRouter",
    "httprouter.New",
    "http.NewServeMux",
];
const TYPES: &[&str] = &[
    "gin.Engine",
    "gin.RouterGroup",
    "gin.IRouter",
    "gin.IRoutes",
    "echo.Echo",
    "echo.Group",
    "fiber.App",
    "fiber.Router",
    "chi.Router",
    "chi.Mux",
    "mux.Router",
    "httprouter.Router",
    "http.ServeMux",
];
/// What people call it where another file makes it.
const USUAL: &[&str] = &["r", "router", "app", "e", "engine", "mux", "group", "api", "echo", "gin", "fiber"];
/// Groups in groups that are followed.
const DEEPEST: usize = 8;

pub(super) fn of(place: &Place, found: &mut Vec<Built>) {
    if place.node.kind() != "call_expression" {
        return;
    }
    let source = place.source;
    let Some(call) = source.call(place.node) else { return };
    let Some(receiver) = call.receiver.filter(|_| call.arguments.len() >= 2) else { return };
    let Some(written) = call.arguments.first().and_then(|first| source.literal(*first)) else { return };
    let known = ROUTERS.iter().find(|(package, _)| source.imports(&[package])).map(|(_, name)| *name);
    let of_net = source.imports(&["net/http"]).then_some("net/http");
    let (methods, path, framework) = match call.name {
        "HandleFunc" | "Handle" => {
            let Some(framework) = known.or(of_net).filter(|_| call.arguments.len() == 2) else { return };
            match written.split_once(' ') {
                Some((word, path)) if method(word).is_some() => (vec![word], path.trim_start(), framework),
                _ => (named_methods(place).unwrap_or_else(|| vec!["ANY"]), written, framework),
            }
        }
        "Any" | "All" => match known {
            Some(framework) => (vec!["ANY"], written, framework),
            None => return,
        },
        name => match (method(name), known) {
            (Some(method), Some(framework)) => (vec![method], written, framework),
            _ => return,
        },
    };
    if !(path.starts_with('/') || path.is_empty()) || !routes(source, receiver, &call) {
        return;
    }
    let around = nested(place);
    let path = joined(&joined("", &around), &joined_to(&prefix(source, receiver, DEEPEST), path));
    for method in methods {
        found.push(endpoint(
            method,
            &path,
            source.lines(place.node),
            framework,
            handler(source, &call.arguments),
        ));
    }
}

/// A path behind a prefix that may be empty.
fn joined_to(prefix: &str, path: &str) -> String {
    if prefix.is_empty() { path.to_owned() } else { joined(prefix, path) }
}

/// `.Methods("GET")` behind a route of gorilla.
fn named_methods<'a>(place: &Place<'_, 'a>) -> Option<Vec<&'a str>> {
    let source = place.source;
    let [.., outer, selector] = place.above else { return None };
    let is = selector.kind() == "selector_expression" && source.field(*selector, "field") == "Methods";
    let call = source.call(*outer).filter(|_| is)?;
    Some(call.arguments.iter().filter_map(|one| source.literal(*one)).filter_map(method).collect())
}

/// The receiver is a router, by what made it, by its type, or by its name where the file says neither.
fn routes(source: &Source, receiver: Node, call: &Call) -> bool {
    let written = source.text_of(receiver);
    let is_handle = matches!(call.name, "Handle" | "HandleFunc");
    if written == "http" {
        return is_handle;
    }
    if let Some(binding) = source.binding(written, receiver.start_byte()) {
        return match binding.value {
            Some(value) => makes_router(source, value, DEEPEST),
            None => TYPES.iter().any(|known| binding.of_type.trim_start_matches('*').starts_with(known)),
        };
    }
    if let Some(made) = source.call(receiver) {
        return makes_router(source, made.node, DEEPEST);
    }
    let name = written.rsplit('.').next().unwrap_or(written);
    USUAL.contains(&name) || name.ends_with("Router") || (is_handle && name.ends_with("Mux"))
}

fn makes_router(source: &Source, value: Node, deepest: usize) -> bool {
    let Some(call) = source.call(value).filter(|_| deepest > 0) else { return false };
    let callee = call.node.child_by_field_name("function").map_or("", |callee| source.text_of(callee));
    if MADE_BY.contains(&callee) {
        return true;
    }
    let passes = matches!(call.name, "Group" | "Subrouter" | "PathPrefix" | "With" | "Route");
    passes && call.receiver.is_some_and(|receiver| routes_at(source, receiver, deepest - 1))
}

fn routes_at(source: &Source, receiver: Node, deepest: usize) -> bool {
    let written = source.text_of(receiver);
    match source.binding(written, receiver.start_byte()) {
        Some(binding) => match binding.value {
            Some(value) => makes_router(source, value, deepest),
            None => TYPES.iter().any(|known| binding.of_type.trim_start_matches('*').starts_with(known)),
        },
        None => source.call(receiver).is_none() || makes_router(source, receiver, deepest),
    }
}

/// What `Group("/x")` and `PathPrefix("/x")` put before the routes of their result.
fn prefix(source: &Source, router: Node, deepest: usize) -> String {
    let bound = source.binding(source.text_of(router), router.start_byte()).and_then(|one| one.value);
    let Some(call) = source.call(bound.unwrap_or(router)).filter(|_| deepest > 0) else {
        return String::new();
    };
    let before = call.receiver.map_or(String::new(), |receiver| prefix(source, receiver, deepest - 1));
    let own = call.arguments.first().and_then(|first| source.literal(*first));
    match own.filter(|_| matches!(call.name, "Group" | "PathPrefix")) {
        Some(own) => joined(&before, own),
        None => before,
    }
}

/// What `r.Route("/x", func(r chi.Router) { … })` puts before the routes inside of it.
fn nested(place: &Place) -> String {
    let source = place.source;
    let mut path = String::new();
    for call in place.calls_above().filter(|call| call.name == "Route") {
        let [first, second] = call.arguments.as_slice() else { continue };
        if let Some(own) = source.literal(*first).filter(|_| second.kind() == "func_literal") {
            path = joined(&path, own);
        }
    }
    path
}
