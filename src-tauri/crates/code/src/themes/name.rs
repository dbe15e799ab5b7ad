//! What a theme is called: where it was, and what was changed there.

use std::collections::{BTreeMap, BTreeSet};

use super::{Counted, folders, plain_name, symbols};
use crate::{Language, is_test_path};

/// The deepest path with at least this share of the lines is where a theme was.
const MOST: f64 = 0.6;
/// A sort of file with this share of the lines gives a theme its name. Tests are often most of the lines, and
/// follow what they test.
const ENOUGH: f64 = 0.3;
const ENOUGH_CODE: f64 = 0.05;
/// Names behind the path.
const NAMES: usize = 3;
/// Longer symbols are titles.
const LONGEST: usize = 40;

/// In how many commits of the history each symbol is: what is in most of them tells no theme from another.
pub(super) struct Common {
    commits: f64,
    touched: BTreeMap<String, u32>,
}

pub(super) fn common(commits: &[Counted]) -> Common {
    let mut touched = BTreeMap::new();
    for (_, symbol) in commits.iter().flat_map(symbols) {
        *touched.entry(symbol.to_owned()).or_insert(0) += 1;
    }
    Common { commits: commits.len() as f64, touched }
}

/// `files` are those of the theme with their lines, the largest first.
pub(super) fn of(commits: &[&Counted], files: &[(&str, u32)], common: &Common) -> String {
    // Tests follow what they test, and settings what is set, unless they are nearly all of it.
    let only = |which: &dyn Fn(&str) -> bool| -> Vec<(&str, u32)> {
        files.iter().copied().filter(|(path, _)| which(path)).collect()
    };
    let choices = [only(&|path| is_code(path) && !is_test_path(path)), only(&is_code), only(&says_something)];
    let all = sum(files);
    let enough = [ENOUGH_CODE, ENOUGH, ENOUGH];
    let chosen = choices.into_iter().zip(enough).find(|(some, enough)| sum(some) >= enough * all);
    let counted = chosen.map_or_else(|| files.to_vec(), |(some, _)| some);
    let place = place(&counted);
    let mut names = match counted.first() {
        Some((path, _)) if is_code(path) => by_symbols(commits, &counted, common),
        _ => Vec::new(),
    };
    if names.is_empty() {
        let of_files = counted.iter().map(|(path, _)| plain_name(path)).filter(|name| !name.is_empty());
        for name in of_files.take(NAMES * 4) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let shown = spoken(&place);
    let last = shown.rsplit('/').next().unwrap_or_default();
    names.retain(|name| !name.eq_ignore_ascii_case(last));
    names.truncate(NAMES);
    let names = under_their_owners(names, last);
    let whole = shown.is_empty() || !is_code(&place);
    match (if names.is_empty() && whole { place.as_str() } else { shown }, names.as_slice()) {
        ("", []) => counted.first().map_or("", |(path, _)| path).to_owned(),
        (place, []) => place.to_owned(),
        ("", names) => names.join(", "),
        (place, names) => format!("{place}: {}", names.join(", ")),
    }
}

/// A place as somebody would say it: without the folder that all code is in, the ending of a file, and a file's name
/// that every folder has.
fn spoken(place: &str) -> &str {
    let (folders, file) = place.rsplit_once('/').unwrap_or(("", place));
    let is_file = Language::of(place, "").is_some() || file.rfind('.').is_some_and(|dot| dot > 0);
    let place = match is_file {
        true if plain_name(place).is_empty() && !is_test_path(place) => folders,
        true => &place[..place.len() - file.len() + file.find('.').unwrap_or(file.len())],
        false => place,
    };
    let (first, rest) = place.split_once('/').unwrap_or((place, ""));
    if ["src", "source", "lib", "app"].contains(&first) { rest } else { place }
}

/// `Queue.add, Queue.clear` is said as `Queue.add, clear`; what the place is called is not said again.
fn under_their_owners(names: Vec<String>, place: &str) -> Vec<String> {
    let mut before = place.to_owned();
    let mut said = Vec::new();
    for name in names {
        match name.rsplit_once('.') {
            Some((owner, own)) if owner.eq_ignore_ascii_case(&before) => said.push(own.to_owned()),
            Some((owner, _)) => {
                before = owner.to_owned();
                said.push(name);
            }
            None => {
                before = place.to_owned();
                said.push(name);
            }
        }
    }
    said
}

fn is_code(path: &str) -> bool {
    Language::of(path, "").is_some_and(|language| !language.is_data() || language == Language::Notebook)
}

fn sum(files: &[(&str, u32)]) -> f64 {
    files.iter().map(|(_, lines)| f64::from(*lines)).sum()
}

/// Enough of the lines are code or documents. Versions of packages and settings of tools are somebody's work,
/// and nobody's feature.
pub(super) fn is_feature(files: &[(&str, u32)]) -> bool {
    let says: Vec<(&str, u32)> = files.iter().copied().filter(|(path, _)| says_something(path)).collect();
    sum(&says) >= ENOUGH * sum(files)
}

fn says_something(path: &str) -> bool {
    let is_document = [".md", ".rst", ".adoc", ".tex"].iter().any(|end| path.ends_with(end));
    let formal =
        ["change", "licen", "contributing", "authors", "security", "code_of_conduct", "history", "news"];
    let file = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let is_template = path.split('/').any(|folder| folder == ".github");
    (is_document && !is_template && !formal.iter().any(|start| file.starts_with(start))) || is_code(path)
}

/// The deepest file or folder with most of the lines; empty for the whole repository.
fn place(files: &[(&str, u32)]) -> String {
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    let mut all = 0.0;
    for (path, lines) in files {
        let lines = f64::from(*lines);
        all += lines;
        for place in std::iter::once(*path).chain(folders(path)) {
            *sums.entry(place).or_default() += lines;
        }
    }
    let enough = sums.into_iter().filter(|(_, lines)| *lines >= MOST * all);
    enough
        .map(|(place, _)| place)
        .max_by_key(|place| place.matches('/').count())
        .unwrap_or_default()
        .to_owned()
}

/// How much a symbol's name tells somebody who does not know the code: less when many types have it.
fn telling(symbol: &str) -> f64 {
    const EVERYWHERE: &str = "new main run from fmt drop default clone init setup get set next call apply \
        tostring equals hashcode";
    let own = symbol.rsplit('.').next().unwrap_or(symbol).to_ascii_lowercase();
    if EVERYWHERE.split_whitespace().any(|word| word == own) { 0.25 } else { 1.0 }
}

/// Named so that others leave it alone, or what every class has: `_next`, `Queue.#tick`, `constructor`.
fn is_private(symbol: &str) -> bool {
    symbol.split('.').any(|part| part.starts_with(['_', '#']) || part == "constructor")
}

/// The symbols that the theme touched most and the rest of the history least.
fn by_symbols(commits: &[&Counted], files: &[(&str, u32)], common: &Common) -> Vec<String> {
    let mut weights: BTreeMap<&str, f64> = BTreeMap::new();
    let paths: BTreeSet<&str> = files.iter().map(|(path, _)| *path).collect();
    for commit in commits {
        let touched = symbols(commit);
        for (path, symbol) in touched {
            let is_name = (1..=LONGEST).contains(&symbol.len()) && !symbol.contains(char::is_whitespace);
            if paths.contains(path) && is_name {
                *weights.entry(symbol).or_default() += 1.0;
            }
        }
    }
    let rarity = |symbol: &str| {
        (common.commits / f64::from(common.touched.get(symbol).copied().unwrap_or(1))).ln() + 0.1
    };
    let mut best: Vec<(f64, &str)> =
        weights.into_iter().map(|(symbol, n)| (n * rarity(symbol) * telling(symbol), symbol)).collect();
    best.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    if best.iter().any(|(_, symbol)| !is_private(symbol)) {
        best.retain(|(_, symbol)| !is_private(symbol));
    }
    let mut names: Vec<String> = Vec::new();
    for (_, symbol) in best {
        // A class says no more than its methods that are named already, nor they than it.
        let known = |name: &String| {
            name.starts_with(&format!("{symbol}.")) || symbol.starts_with(&format!("{name}."))
        };
        if names.len() < NAMES && !names.iter().any(known) {
            names.push(symbol.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_theme_is_where_most_of_its_lines_are() {
        assert_eq!(
            place(&[("src/auth/login.rs", 50), ("src/auth/session.rs", 40), ("src/lib.rs", 10)]),
            "src/auth"
        );
        assert_eq!(place(&[("src/auth/login.rs", 90), ("src/lib.rs", 10)]), "src/auth/login.rs");
        assert_eq!(place(&[("a.rs", 1), ("b.rs", 1)]), "", "half of it is in neither");
    }
}
