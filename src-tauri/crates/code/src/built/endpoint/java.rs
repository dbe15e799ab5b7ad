//! Spring's mappings and JAX-RS. An interface with the same annotations is a client, and is left out.

use tree_sitter::Node;

use super::{endpoint, method};
use crate::built::Built;
use crate::built::route::joined;
use crate::built::source::{Place, Source};

pub(super) fn of(place: &Place, found: &mut Vec<Built>) {
    if place.node.kind() != "method_declaration" {
        return;
    }
    let source = place.source;
    let Some(class) = place.class().filter(|class| class.kind() == "class_declaration") else { return };
    let of_class = source.annotations_in(class);
    let of_method = source.annotations_in(place.node);
    let handler = source.field(place.node, "name");
    let lines = source.lines(place.node);
    let has = |name: &str| of_class.iter().any(|(own, _)| *own == name);
    if source.imports(&["org.springframework"]) && (has("RestController") || has("Controller")) {
        let base = of_class.iter().find(|(name, _)| *name == "RequestMapping");
        let bases = base.map_or(vec![String::new()], |(_, arguments)| paths(source, arguments));
        for (name, arguments) in &of_method {
            let methods = match *name {
                "RequestMapping" => asked(source, arguments),
                "MessageMapping" => continue,
                name => match name.strip_suffix("Mapping").and_then(method) {
                    Some(method) => vec![method],
                    None => continue,
                },
            };
            for base in &bases {
                for path in paths(source, arguments) {
                    for method in &methods {
                        let path = joined(&joined("", base), &path);
                        found.push(endpoint(method, &path, lines, "Spring", handler));
                    }
                }
            }
        }
    }
    if source.imports(&["jakarta.ws.rs", "javax.ws.rs"])
        && let Some((_, base)) = of_class.iter().find(|(name, _)| *name == "Path")
    {
        let base = paths(source, base).remove(0);
        let own = of_method.iter().find(|(name, _)| *name == "Path");
        let own = own.map_or(String::new(), |(_, arguments)| paths(source, arguments).remove(0));
        let asked = of_method.iter().filter(|(name, _)| !name.contains(char::is_lowercase));
        for method in asked.filter_map(|(name, _)| method(name)) {
            let path = joined(&joined("", &base), &own);
            found.push(endpoint(method, &path, lines, "JAX-RS", handler));
        }
    }
}

/// The paths of an annotation, by itself or as `value` or `path`; one that is empty where it names none.
fn paths(source: &Source, arguments: &[Node]) -> Vec<String> {
    let said = arguments.iter().find_map(|argument| match argument.kind() {
        "element_value_pair" => {
            let is = matches!(source.field(*argument, "key"), "value" | "path");
            argument.child_by_field_name("value").filter(|_| is)
        }
        _ => Some(*argument),
    });
    let paths: Vec<String> =
        said.map_or(Vec::new(), |said| source.literals(said)).into_iter().map(str::to_owned).collect();
    if paths.is_empty() { vec![String::new()] } else { paths }
}

/// `method = RequestMethod.POST`, or several in braces.
fn asked(source: &Source, arguments: &[Node]) -> Vec<&'static str> {
    let value = arguments.iter().find(|pair| source.field(**pair, "key") == "method");
    let Some(value) = value.and_then(|pair| pair.child_by_field_name("value")) else { return vec!["ANY"] };
    let parts =
        if value.kind() == "element_value_array_initializer" { source.children(value) } else { vec![value] };
    parts.into_iter().filter_map(|part| method(source.text_of(part).rsplit('.').next()?)).collect()
}
