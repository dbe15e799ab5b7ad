//! Services of a Compose file, and the image that a Dockerfile makes.

use super::yaml::{self, pairs, scalar, value};
use super::{Built, BuiltKind};
use crate::Language;
use crate::manifest::is_compose;
use crate::syntax::Lines;

pub(super) fn find(path: &str, language: Option<Language>, text: &str, found: &mut Vec<Built>) {
    let file = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    match language {
        Some(Language::Dockerfile) => found.extend(image(path, text)),
        Some(Language::Yaml) if is_compose(&file) => services(text, found),
        _ => {}
    }
}

/// The last stage is what the file makes.
fn image(path: &str, text: &str) -> Option<Built> {
    let from = text.lines().rev().find_map(|line| {
        let (word, rest) = line.trim().split_once(char::is_whitespace)?;
        let base = rest.split_whitespace().find(|word| !word.starts_with("--"))?;
        word.eq_ignore_ascii_case("from").then_some(base)
    })?;
    Some(Built::new(BuiltKind::Service, path, (1, Lines::of(text).count()), format!("image from {from}")))
}

fn services(text: &str, found: &mut Vec<Built>) {
    let Some(tree) = yaml::parse(text) else { return };
    let Some(services) = value(tree.root_node(), "services", text) else { return };
    for one in pairs(services, text) {
        let Some(settings) = one.value else { continue };
        let detail = match (value(settings, "image", text), value(settings, "build", text)) {
            (_, Some(_)) => "Compose, built here".to_owned(),
            (Some(image), None) => format!("Compose, {}", scalar(image, text)),
            (None, None) => "Compose".to_owned(),
        };
        found.push(Built::new(BuiltKind::Service, one.key, one.lines, detail));
    }
}
