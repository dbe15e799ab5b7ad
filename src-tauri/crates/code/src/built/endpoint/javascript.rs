//! Express and its kin by calls, NestJS by decorators, Next.js and SvelteKit by where the file lies.

use tree_sitter::Node;

use super::{endpoint, handler, method};
use crate::built::Built;
use crate::built::route::{joined, of_file, stem};
use crate::built::source::{Call, Place, Source};

const SERVERS: &[(&str, &str)] = &[
    ("express", "Express"),
    ("fastify", "Fastify"),
    ("@koa/router", "Koa"),
    ("koa-router", "Koa"),
    ("hono", "Hono"),
    ("@hono/zod-openapi", "Hono"),
    ("restify", "Restify"),
    ("polka", "Polka"),
    ("elysia", "Elysia"),
];
/// What makes something that routes are put on.
const MAKERS: &[&str] = &[
    "express",
    "Router",
    "fastify",
    "Fastify",
    "KoaRouter",
    "Hono",
    "OpenAPIHono",
    "basePath",
    "createServer",
    "polka",
    "Elysia",
];
/// What people call it where another file makes it.
const USUAL: &[&str] = &["app", "router", "server", "fastify"];

pub(super) fn of(place: &Place, found: &mut Vec<Built>) {
    match place.node.kind() {
        "call_expression" => called(place, found),
        "method_definition" => of_nest(place, found),
        "export_statement" => exported(place, found),
        _ => {}
    }
}

fn called(place: &Place, found: &mut Vec<Built>) {
    let source = place.source;
    let Some(call) = source.call(place.node) else { return };
    if call.name == "route" && source.imports(&["fastify"]) {
        return in_object(place, &call, found);
    }
    let method =
        if call.name == "all" { Some("ANY") } else { method(call.name).filter(|_| is_lower(call.name)) };
    let (Some(method), Some(receiver)) = (method, call.receiver) else { return };
    let Some(last) = call.arguments.last().copied() else { return };
    let arguments = call.arguments.len();
    let (path, root) = match source.call(receiver).is_some() {
        true => match of_route(source, call) {
            Some(of_route) => of_route,
            None => return,
        },
        false if arguments < 2 => return,
        false => match call.arguments.first().and_then(|first| source.literal(*first)) {
            Some(path) if path.starts_with('/') || path == "*" => (path, receiver),
            _ => return,
        },
    };
    // Settings of a request, which a client is given.
    if matches!(last.kind(), "object" | "string" | "template_string") {
        return;
    }
    if let Some(framework) = serves(source, root, last) {
        let path = joined(&prefix(source, root), path);
        found.push(endpoint(method, &path, source.lines(place.node), framework, handler(source, &[last])));
    }
}

fn is_lower(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_lowercase())
}

/// Path and router of `router.route('/x').get(…).post(…)`, seen from any of its calls.
fn of_route<'a>(source: &Source<'a>, call: Call<'a>) -> Option<(&'a str, Node<'a>)> {
    let chain = source.chain(call);
    let (last, before) = chain.split_last()?;
    let path = last.arguments.first().and_then(|first| source.literal(*first))?;
    let all = before.iter().all(|call| call.name == "all" || method(call.name).is_some());
    (last.name == "route" && last.arguments.len() == 1 && all).then_some((path, last.receiver?))
}

/// The framework whose router a node is. None for a client, a map, or whatever else has a `get`.
fn serves(source: &Source, router: Node, handler: Node) -> Option<&'static str> {
    let framework = SERVERS.iter().find(|(package, _)| source.imports(&[package])).map(|(_, name)| *name);
    let written = source.text_of(router);
    let name = written.rsplit('.').next().unwrap_or(written);
    if let Some(binding) = source.binding(written, router.start_byte()) {
        if let Some(value) = binding.value {
            let made = source.call(value).is_some_and(|call| MAKERS.contains(&call.name));
            return framework.filter(|_| made);
        }
        if !binding.of_type.is_empty() {
            let known = ["Express", "Application", "Router", "FastifyInstance", "Hono"];
            let of_type = binding.of_type.rsplit('.').next().unwrap_or(binding.of_type);
            return framework.filter(|_| known.iter().any(|known| of_type.starts_with(known)));
        }
    }
    let usual = USUAL.contains(&name) || name.ends_with("Router");
    match framework {
        Some(framework) => usual.then_some(framework),
        // A function that is given the application: what the handler takes gives it away.
        None => (usual && takes_request(source, handler)).then_some("Express"),
    }
}

/// A function of a request and an answer.
fn takes_request(source: &Source, handler: Node) -> bool {
    let names: Vec<&str> = handler.child_by_field_name("parameters").map_or(Vec::new(), |list| {
        let name = |one: Node| {
            one.child_by_field_name("pattern").map_or_else(|| source.text_of(one), |n| source.text_of(n))
        };
        source.children(list).into_iter().map(name).map(|name| name.trim_start_matches('_')).collect()
    });
    matches!(names.as_slice(), ["req" | "request", "res" | "response" | "reply", rest @ ..] if rest.len() < 2)
        && !names.contains(&"ctx")
}

/// `prefix` of a router of Koa, the base path of Hono.
fn prefix(source: &Source, router: Node) -> String {
    let made = source.binding(source.text_of(router), router.start_byte()).and_then(|one| one.value);
    let Some(call) = made.and_then(|value| source.call(value)) else { return String::new() };
    let prefix = match call.name {
        "basePath" => call.arguments.first().copied(),
        _ => source.keyword(&call.arguments, "prefix"),
    };
    prefix.and_then(|value| source.literal(value)).unwrap_or_default().to_owned()
}

/// `fastify.route({ method: 'GET', url: '/x', handler })`.
fn in_object(place: &Place, call: &Call, found: &mut Vec<Built>) {
    let source = place.source;
    let text = |key| source.keyword(&call.arguments, key);
    let (Some(methods), Some(url)) = (text("method"), text("url")) else { return };
    let Some(url) = source.literal(url) else { return };
    for method in source.literals(methods).into_iter().filter_map(method) {
        found.push(endpoint(method, &joined("", url), source.lines(place.node), "Fastify", ""));
    }
}

fn of_nest(place: &Place, found: &mut Vec<Built>) {
    let source = place.source;
    if !source.imports(&["@nestjs/common"]) {
        return;
    }
    let Some(at) = place.above.iter().rposition(|node| node.kind() == "class_declaration") else { return };
    let mut marks = source.annotations_in(place.above[at]);
    if let Some(around) = at.checked_sub(1).map(|at| place.above[at]) {
        marks.extend(source.annotations_in(around));
    }
    let Some((_, of_class)) = marks.iter().find(|(name, _)| *name == "Controller") else { return };
    let said = |arguments: &[Node]| {
        let named = source.keyword(arguments, "path");
        let first = named.or_else(|| arguments.first().copied());
        first.and_then(|first| source.literal(first)).unwrap_or_default().to_owned()
    };
    let prefix = said(of_class);
    for (name, arguments) in place.annotations() {
        let method = if name == "All" { Some("ANY") } else { method(name).filter(|_| !is_lower(name)) };
        if let Some(method) = method {
            let path = joined(&joined("", &prefix), &said(&arguments));
            let handler = source.field(place.node, "name");
            found.push(endpoint(method, &path, place.lines(), "NestJS", handler));
        }
    }
}

/// `export async function GET(…)` in `app/x/route.ts` or `src/routes/x/+server.ts`.
fn exported(place: &Place, found: &mut Vec<Built>) {
    let source = place.source;
    let (framework, root) = match stem(source.path) {
        "route" => ("Next.js", "app"),
        "+server" => ("SvelteKit", "routes"),
        _ => return,
    };
    let Some(path) = of_file(source.path, root) else { return };
    let Some(declaration) = place.node.child_by_field_name("declaration") else { return };
    let names = match declaration.kind() {
        "function_declaration" => vec![source.field(declaration, "name")],
        "lexical_declaration" => {
            source.children(declaration).into_iter().map(|one| source.field(one, "name")).collect()
        }
        _ => return,
    };
    for method in names.into_iter().filter(|name| !name.contains(char::is_lowercase)).filter_map(method) {
        found.push(endpoint(method, &path, source.lines(place.node), framework, ""));
    }
}
