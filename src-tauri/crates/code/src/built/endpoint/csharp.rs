//! ASP.NET Core: controllers by attributes, minimal APIs by calls.

use tree_sitter::Node;

use super::{endpoint, handler, method};
use crate::built::Built;
use crate::built::route::joined;
use crate::built::source::{Place, Source};

/// Groups in groups that are followed.
const DEEPEST: usize = 8;

pub(super) fn of(place: &Place, found: &mut Vec<Built>) {
    match place.node.kind() {
        "method_declaration" => of_controller(place, found),
        "invocation_expression" => mapped(place, found),
        _ => {}
    }
}

fn of_controller(place: &Place, found: &mut Vec<Built>) {
    let source = place.source;
    let Some(class) = place.class().filter(|class| class.kind() == "class_declaration") else { return };
    let marks = source.annotations_in(class);
    let is_controller = marks.iter().any(|(name, _)| *name == "ApiController")
        || source.bases(class).iter().any(|base| matches!(*base, "ControllerBase" | "Controller"));
    if !is_controller {
        return;
    }
    let own = source.annotations_in(place.node);
    let template = |marks: &[(&str, Vec<Node>)], name: &str| {
        let (_, arguments) = marks.iter().find(|(own, _)| *own == name)?;
        let first = arguments.first()?;
        source.literal(first.named_child(0)?).map(str::to_owned)
    };
    let base = template(&marks, "Route").unwrap_or_default();
    let class = source.field(class, "name");
    let action = source.field(place.node, "name");
    for (name, _) in &own {
        let Some(method) = name.strip_prefix("Http").and_then(method) else { continue };
        let path = template(&own, name).or_else(|| template(&own, "Route")).unwrap_or_default();
        let path = match path.strip_prefix("~/").or_else(|| path.strip_prefix('/')) {
            Some(absolute) => joined("", absolute),
            None => joined(&joined("", &base), &path),
        };
        let controller = class.strip_suffix("Controller").unwrap_or(class);
        let path = path.replace("[controller]", controller).replace("[action]", action);
        found.push(endpoint(method, &path, source.lines(place.node), "ASP.NET Core", action));
    }
}

/// `app.MapGet("/x", …)`.
fn mapped(place: &Place, found: &mut Vec<Built>) {
    let source = place.source;
    let Some(call) = source.call(place.node).filter(|call| call.arguments.len() >= 2) else { return };
    let Some(method) = call.name.strip_prefix("Map").and_then(method) else { return };
    let Some(path) = call.arguments.first().and_then(|first| source.literal(*first)) else { return };
    let prefix = call.receiver.map_or(String::new(), |receiver| prefix(source, receiver, DEEPEST));
    let path = joined(&joined("", &prefix), path);
    found.push(endpoint(
        method,
        &path,
        source.lines(place.node),
        "ASP.NET Core",
        handler(source, &call.arguments),
    ));
}

/// What `MapGroup("/x")` puts before the routes of its result.
fn prefix(source: &Source, group: Node, deepest: usize) -> String {
    let bound = source.binding(source.text_of(group), group.start_byte()).and_then(|one| one.value);
    let Some(call) = source.call(bound.unwrap_or(group)).filter(|_| deepest > 0) else {
        return String::new();
    };
    let before = call.receiver.map_or(String::new(), |receiver| prefix(source, receiver, deepest - 1));
    let own = call.arguments.first().and_then(|first| source.literal(*first));
    match own.filter(|_| call.name == "MapGroup") {
        Some(own) => joined(&before, own),
        None => before,
    }
}
