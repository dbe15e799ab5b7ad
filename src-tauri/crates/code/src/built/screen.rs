//! What a user sees as a whole: pages of the web, screens and activities of telephones.

use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use super::route::{of_file, stem};
use super::source::{Place, Source};
use super::{Built, BuiltKind};
use crate::Language;
use crate::syntax;

pub(super) fn of(place: &Place, found: &mut Vec<Built>) {
    match (place.source.language, place.node.kind()) {
        (Language::Java, "class_declaration") => found.extend(of_android(place)),
        (
            Language::JavaScript | Language::TypeScript | Language::Tsx,
            "jsx_self_closing_element" | "jsx_opening_element",
        ) => found.extend(routed(place)),
        (Language::JavaScript | Language::TypeScript | Language::Tsx, "object") => {
            found.extend(in_routes(place))
        }
        (Language::JavaScript | Language::TypeScript | Language::Tsx, "export_statement") => {
            found.extend(exported(place));
        }
        _ => {}
    }
}

fn screen(name: &str, lines: (u32, u32), detail: impl Into<String>) -> Built {
    Built::new(BuiltKind::Screen, name, lines, detail)
}

/// Files that are a page by their place or, in Kotlin, by what their lines say.
pub(super) fn find_by_path(path: &str, language: Option<Language>, text: &str, found: &mut Vec<Built>) {
    let lines = (1, syntax::Lines::of(text).count());
    match language {
        Some(Language::Svelte) if stem(path) == "+page" => {
            found.extend(of_file(path, "routes").map(|route| screen(&route, lines, "SvelteKit")));
        }
        Some(Language::Vue) if is_among_pages(path) => found.push(screen(stem(path), lines, "Vue")),
        Some(Language::Svelte) if is_among_pages(path) => found.push(screen(stem(path), lines, "Svelte")),
        Some(Language::Kotlin) => of_kotlin(text, found),
        _ => {}
    }
}

/// Directly in a folder of pages; or below it, when the name says so or is a route's. What else is below is a part
/// of a page.
fn is_among_pages(path: &str) -> bool {
    let Some((folders, _)) = path.rsplit_once('/') else { return false };
    let folders: Vec<&str> = folders.split('/').collect();
    let is = |names: &[&str], folder: &str| names.iter().any(|name| name.eq_ignore_ascii_case(folder));
    let Some(pages) = folders.iter().rposition(|folder| is(&["pages", "screens", "views"], folder)) else {
        return false;
    };
    let stem = stem(path);
    let ends = ["Page", "Screen", "View"].iter().any(|end| stem.ends_with(end));
    match &folders[pages + 1..] {
        [] => true,
        below
            if below
                .iter()
                .any(|folder| is(&["components", "partials", "widgets", "api", "hooks"], folder)) =>
        {
            false
        }
        [.., own] => {
            ends || stem.eq_ignore_ascii_case(own) || stem.starts_with(|c: char| c.is_lowercase() || c == '[')
        }
    }
}

/// `<Route path="/x" element={<X />} />` of React Router, `<Stack.Screen name="X" component={X} />` of React
/// Navigation.
fn routed(place: &Place) -> Option<Built> {
    let source = place.source;
    let name = source.field(place.node, "name");
    let lines = source.lines(place.node);
    let attribute = |wanted: &[&str]| {
        source.children(place.node).into_iter().filter(|child| child.kind() == "jsx_attribute").find_map(
            |one| {
                let parts = source.children(one);
                let [key, value] = parts.as_slice() else { return None };
                wanted.contains(&source.text_of(*key)).then_some(*value)
            },
        )
    };
    if name == "Route" && source.imports(&["react-router", "react-router-dom", "wouter"]) {
        let path = attribute(&["path"]).and_then(|value| source.literal(value));
        let shown = component(source, attribute(&["element", "component", "Component"])?)?;
        return Some(screen(shown, lines, with_path("React Router", path)));
    }
    if name.ends_with(".Screen") && source.imports(&["@react-navigation"]) {
        let shown = component(source, attribute(&["component"])?)?;
        return Some(screen(shown, lines, "React Navigation"));
    }
    None
}

fn with_path(framework: &str, path: Option<&str>) -> String {
    path.map_or_else(|| framework.to_owned(), |path| format!("{framework}, {path}"))
}

/// The component that a route shows: the innermost of those that wrap it. What only sends on shows nothing.
fn component<'a>(source: &Source<'a>, value: Node<'a>) -> Option<&'a str> {
    let mut shown = None;
    source.each_in(value, |node| match node.kind() {
        "jsx_self_closing_element" | "jsx_opening_element" => shown = Some(source.field(node, "name")),
        "identifier" if shown.is_none() => shown = Some(source.text_of(node)),
        _ => {}
    });
    shown.filter(|name| {
        name.starts_with(char::is_uppercase)
            && !matches!(*name, "Navigate" | "Redirect" | "Outlet")
            && !name.ends_with("Layout")
    })
}

/// `{ path: '/x', element: <X /> }` of React Router, `{ path: '/x', component: X }` of Vue Router.
fn in_routes(place: &Place) -> Option<Built> {
    let source = place.source;
    let router = [
        ("react-router", "React Router"),
        ("react-router-dom", "React Router"),
        ("vue-router", "Vue Router"),
    ]
    .into_iter()
    .find(|(package, _)| source.imports(&[package]))?
    .1;
    let value = |name| source.keyword(&[place.node], name);
    let path = source.literal(value("path")?)?;
    let shown = value("element").or_else(|| value("component")).or_else(|| value("Component"))?;
    let lines = source.lines(place.node);
    if let Some(name) = loaded(source, shown).or_else(|| component(source, shown)) {
        return Some(screen(name, lines, with_path(router, Some(path))));
    }
    None
}

/// `() => import('../views/About.vue')` shows `About`.
fn loaded<'a>(source: &Source<'a>, value: Node<'a>) -> Option<&'a str> {
    let body = value.child_by_field_name("body")?;
    let call =
        body.child_by_field_name("arguments").filter(|_| source.text_of(body).starts_with("import"))?;
    source.literal(source.children(call).first().copied()?).map(stem)
}

/// A component that is exported as a page: by the file's place, or by its own name.
fn exported(place: &Place) -> Option<Built> {
    let source = place.source;
    let is_default =
        (0..4).filter_map(|index| place.node.child(index)).any(|child| child.kind() == "default");
    let field = |name: &str| place.node.child_by_field_name(name);
    let shown = field("declaration").or_else(|| field("value"))?;
    let (name, definition) = defined(source, shown)?;
    let is_here = shown.byte_range().contains(&definition.start_byte());
    let lines = if is_here { place.lines() } else { source.lines(definition) };
    let has_markup = |node: Node| {
        let mut has = false;
        source.each_in(node, |inner| has |= inner.kind().starts_with("jsx_"));
        has
    };
    let stem = stem(source.path);
    if is_default && stem == "page" && source.path.split('/').any(|folder| folder == "app") {
        let route = of_file(source.path, "app")?;
        return has_markup(definition).then(|| screen(&route, lines, "Next.js"));
    }
    let by_place = is_default && is_among_pages(source.path) && !stem.starts_with('_');
    let by_name =
        ["Page", "Screen"].iter().any(|end| name.strip_suffix(end).is_some_and(|rest| !rest.is_empty()));
    let is = name.starts_with(char::is_uppercase) && (by_place || by_name) && has_markup(definition);
    is.then(|| screen(name, lines, "React"))
}

/// Name and definition of what is exported: a function, a class, a constant that holds one, or the name of one of
/// these, also inside of `memo(…)` or `connect(…)(…)`.
fn defined<'a>(source: &Source<'a>, shown: Node<'a>) -> Option<(&'a str, Node<'a>)> {
    match shown.kind() {
        "function_declaration" | "class_declaration" => Some((source.field(shown, "name"), shown)),
        "lexical_declaration" => {
            let declared = source.children(shown).into_iter().next()?;
            Some((source.field(declared, "name"), declared.child_by_field_name("value")?))
        }
        "call_expression" => defined(source, *source.arguments(shown).last()?),
        "identifier" => {
            let name = source.text_of(shown);
            let value = source.binding(name, shown.start_byte()).and_then(|one| one.value);
            Some((name, value.or_else(|| source.definition(name))?))
        }
        _ => None,
    }
}

const ANDROID: &[&str] = &[
    "Activity",
    "AppCompatActivity",
    "ComponentActivity",
    "FragmentActivity",
    "ListActivity",
    "BaseActivity",
    "Fragment",
];

fn of_android(place: &Place) -> Option<Built> {
    let source = place.source;
    let base = *source.bases(place.node).first()?;
    let head = place
        .node
        .child_by_field_name("name")
        .map_or("", |name| source.text.get(place.node.start_byte()..name.start_byte()).unwrap_or_default());
    let is =
        ANDROID.contains(&base) && source.imports(&["android", "androidx"]) && !head.contains("abstract");
    is.then(|| screen(source.field(place.node, "name"), source.lines(place.node), format!("Android, {base}")))
}

/// Kotlin is not parsed here. Its formatter ends what begins at the margin with a bracket at the margin.
fn of_kotlin(text: &str, found: &mut Vec<Built>) {
    static CLASS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:(?:public|internal|open)\s+)*class\s+(\w+)[^:{]*:\s*(\w+)\(")
            .expect("the pattern is part of the program and is compiled by the tests")
    });
    static FUNCTION: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:(?:public|internal)\s+)*fun\s+(\w+Screen)\s*\(")
            .expect("the pattern is part of the program and is compiled by the tests")
    });
    let imports = |package: &str| text.lines().any(|line| line.starts_with(package));
    if !imports("import android") {
        return;
    }
    let composes = imports("import androidx.compose");
    let lines: Vec<&str> = text.lines().collect();
    let number = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
    let ends: Vec<usize> = (0..lines.len()).filter(|index| lines[*index].starts_with('}')).collect();
    let end =
        |start: usize| number(ends.get(ends.partition_point(|end| *end < start)).copied().unwrap_or(start));
    for (index, line) in lines.iter().enumerate() {
        if let Some(class) = CLASS.captures(line)
            && ANDROID.contains(&&class[2])
        {
            found.push(screen(&class[1], (number(index), end(index)), format!("Android, {}", &class[2])));
        }
        if let Some(function) = FUNCTION.captures(line).filter(|_| composes) {
            let marks = lines[..index].iter().rev().take_while(|line| line.starts_with('@'));
            let marks: Vec<&&str> = marks.collect();
            if marks.iter().any(|mark| mark.starts_with("@Composable")) {
                let first = number(index - marks.len());
                found.push(screen(&function[1], (first, end(index)), "Jetpack Compose"));
            }
        }
    }
}
