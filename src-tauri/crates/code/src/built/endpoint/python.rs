//! Flask, FastAPI and their kin by decorators; Django by its lists of paths.

use tree_sitter::Node;

use super::{endpoint, method};
use crate::built::Built;
use crate::built::route::joined;
use crate::built::source::{Call, Place, Source};

const DECORATED: &[(&str, &str)] = &[
    ("fastapi", "FastAPI"),
    ("flask", "Flask"),
    ("flask_restx", "Flask-RESTX"),
    ("flask_restful", "Flask-RESTful"),
    ("quart", "Quart"),
    ("sanic", "Sanic"),
    ("bottle", "Bottle"),
    ("litestar", "Litestar"),
    ("aiohttp.web", "aiohttp"),
];

pub(super) fn of(place: &Place, found: &mut Vec<Built>) {
    match place.node.kind() {
        "decorated_definition" => decorated(place, found),
        "call" => called(place, found),
        _ => {}
    }
}

fn framework(source: &Source) -> Option<&'static str> {
    DECORATED.iter().find(|(package, _)| source.imports(&[package])).map(|(_, name)| *name)
}

fn decorated(place: &Place, found: &mut Vec<Built>) {
    let source = place.source;
    let Some(framework) = framework(source) else { return };
    let Some(definition) = place.node.child_by_field_name("definition") else { return };
    let decorators = source.children(place.node).into_iter().filter(|child| child.kind() == "decorator");
    for decorator in decorators {
        let Some(call) = decorator.named_child(0).and_then(|inner| source.call(inner)) else { continue };
        let (Some(receiver), Some(path)) = (call.receiver, path_of(source, &call)) else { continue };
        let methods: Vec<String> = match call.name {
            "route" | "api_route" if definition.kind() == "class_definition" => {
                methods_of(source, definition)
            }
            "route" | "api_route" => asked(source, &call).unwrap_or_else(|| vec!["GET".to_owned()]),
            "websocket" => vec!["WS".to_owned()],
            name => match method(name).filter(|_| name == name.to_ascii_lowercase()) {
                Some(method) => vec![method.to_owned()],
                None => continue,
            },
        };
        let path = joined(&prefix(source, receiver), path);
        let handler = source.field(definition, "name");
        for method in methods {
            found.push(endpoint(&method, &path, place.lines(), framework, handler));
        }
    }
}

/// The path is the first argument, or named so. A decorator of something else has none there.
fn path_of<'a>(source: &Source<'a>, call: &Call<'a>) -> Option<&'a str> {
    let named =
        || source.keyword(&call.arguments, "path").or_else(|| source.keyword(&call.arguments, "rule"));
    let path = call.arguments.first().and_then(|first| source.literal(*first));
    path.or_else(|| source.literal(named()?)).filter(|path| path.is_empty() || path.starts_with('/'))
}

/// `methods=["GET", "POST"]`.
fn asked(source: &Source, call: &Call) -> Option<Vec<String>> {
    let list = source.keyword(&call.arguments, "methods")?;
    Some(source.literals(list).into_iter().filter_map(method).map(str::to_owned).collect())
}

/// The methods of HTTP that a class answers by methods of its own.
fn methods_of(source: &Source, class: Node) -> Vec<String> {
    let Some(body) = class.child_by_field_name("body") else { return Vec::new() };
    source
        .children(body)
        .into_iter()
        .map(|child| child.child_by_field_name("definition").unwrap_or(child))
        .filter(|child| child.kind() == "function_definition")
        .filter_map(|child| method(child.child_by_field_name("name").map_or("", |name| source.text_of(name))))
        .map(str::to_owned)
        .collect()
}

/// `url_prefix` of a blueprint, `prefix` of a router, where the same file makes them.
fn prefix(source: &Source, receiver: Node) -> String {
    let made = source.binding(source.text_of(receiver), receiver.start_byte()).and_then(|one| one.value);
    let made = made.and_then(|value| source.call(value));
    let prefix = made.and_then(|call| {
        let keyword = |name| source.keyword(&call.arguments, name);
        keyword("url_prefix").or_else(|| keyword("prefix")).and_then(|value| source.literal(value))
    });
    prefix.unwrap_or_default().to_owned()
}

fn called(place: &Place, found: &mut Vec<Built>) {
    let source = place.source;
    let Some(call) = source.call(place.node) else { return };
    match (call.name, call.receiver) {
        ("path" | "re_path" | "url", None) if source.imports(&["django.urls", "django.conf.urls"]) => {
            let (Some(path), Some(view)) = (call.arguments.first(), call.arguments.get(1)) else { return };
            let Some(path) = source.literal(*path) else { return };
            // What another file lists, or Django itself brings, is not built here.
            let elsewhere = source.call(*view).is_some_and(|call| call.name == "include")
                || source.text_of(*view).ends_with(".urls");
            if !elsewhere {
                let path = path.trim_start_matches('^').trim_end_matches('$');
                let view = source.text_of(*view);
                let view = view.split(".as_view").next().unwrap_or(view);
                found.push(endpoint("ANY", &joined("", path), place.lines(), "Django", view));
            }
        }
        ("add_url_rule", Some(receiver)) if source.imports(&["flask", "quart"]) => {
            let Some(path) = path_of(source, &call) else { return };
            let view =
                source.keyword(&call.arguments, "view_func").or_else(|| call.arguments.get(2).copied());
            let view = view.map_or("", |view| source.text_of(view));
            let otherwise = if view.contains("as_view") { "ANY" } else { "GET" };
            let methods = asked(source, &call).unwrap_or_else(|| vec![otherwise.to_owned()]);
            let path = joined(&prefix(source, receiver), path);
            for method in methods {
                found.push(endpoint(&method, &path, place.lines(), "Flask", view));
            }
        }
        ("add_resource", Some(receiver)) if source.imports(&["flask_restful", "flask_restx"]) => {
            let Some(class) = call.arguments.first() else { return };
            let paths = call.arguments[1..].iter().filter_map(|one| source.literal(*one));
            for path in paths.filter(|path| path.starts_with('/')) {
                let path = joined(&prefix(source, receiver), path);
                found.push(endpoint("ANY", &path, place.lines(), "Flask-RESTful", source.text_of(*class)));
            }
        }
        _ => {}
    }
}
