//! The features that were worked on: commits that belong together by their files, their symbols and their time.
//! What a message says has no part in it.
//!
//! A commit is a vector of what it touched: each file, each symbol, the folder, and the file's plain name, by which a
//! test meets what it tests. Every part weighs by the lines that changed and by how rare it is in the history, so
//! that a changelog joins nothing. Two commits are as like as the angle between their vectors, less by the time
//! between them. Then the two likest groups are joined, again and again, while the mean likeness of their commits
//! is above a threshold (agglomerative clustering with average linkage).

mod likeness;
mod name;

use std::collections::{BTreeMap, BTreeSet};

use crate::skip_reason;

/// Mean likeness (0 to 1) above which two groups are one feature. Chosen by eye on three histories of 100 to 440
/// commits: half of it joins what has only a folder in common, twice as much leaves most commits alone.
const THRESHOLD: f64 = 0.16;
/// A commit that touches more files than this was not written in one go: it is a theme of its own or none.
const MOST_FILES: usize = 40;
/// A commit of many files with few lines in each is a sweep: a renamed word, a formatter, a header.
const SWEEP_FILES: usize = 12;
const SWEEP_LINES: u32 = 4;
/// Fewer authored lines than this are no feature; of a single commit, than this.
const LEAST_LINES: u32 = 15;
const LEAST_ALONE: u32 = 40;
/// Longer paths are no file of anybody's.
const LONGEST_PATH: usize = 1_024;

/// One commit, as the history has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub id: String,
    /// Seconds since 1970.
    pub time: i64,
    /// The person whose themes are asked for wrote it.
    pub mine: bool,
    /// It has more than one parent. Its files are those of other commits.
    pub is_merge: bool,
    pub files: Vec<Touched>,
}

/// A file that a commit changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// `/`-separated.
    pub path: String,
    pub added: u32,
    pub removed: u32,
    /// Names of the functions, methods and classes whose lines changed, as [`crate::symbols`] gives them.
    pub symbols: Vec<String>,
    /// [`crate::formatting_only`] says so of the file before and after.
    pub formatting: bool,
}

/// Commits that make up one feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Where it was, and what was changed most: `auth: login, Session.end`.
    pub name: String,
    /// Ids, oldest first, of everybody.
    pub commits: Vec<String>,
    /// How many of them are mine.
    pub mine: u32,
    /// Seconds since 1970 of the first and the last commit.
    pub first: i64,
    pub last: i64,
    /// Lines that my commits added to its files. Not all of them need be there still.
    pub authored: u32,
    /// The files it changed, those with most lines first.
    pub files: Vec<String>,
}

/// The themes in which there are commits of mine, those with most authored lines first. The same commits give the
/// same themes in whatever order they are given. Merges, sweeps, files that are vendored, generated, data or only
/// formatted, and what changes settings alone are left out. A file that is moved has to be given with the lines that
/// differ: as one removed and one added it would be work that nobody did.
pub fn themes(history: &[Change]) -> Vec<Theme> {
    let mut counted: Vec<Counted> = history.iter().filter_map(Counted::of).collect();
    counted.sort_by(|a, b| (a.change.time, &a.change.id).cmp(&(b.change.time, &b.change.id)));
    counted.dedup_by(|a, b| a.change.id == b.change.id);
    let groups = likeness::groups(&counted, THRESHOLD);
    let common = name::common(&counted);
    let mut found: Vec<Theme> = groups.iter().filter_map(|group| theme(group, &counted, &common)).collect();
    found.sort_by(|a, b| {
        let by_lines = b.authored.cmp(&a.authored);
        by_lines.then(a.first.cmp(&b.first)).then_with(|| a.commits.cmp(&b.commits))
    });
    found
}

/// A commit with the files of it that count.
struct Counted<'a> {
    change: &'a Change,
    /// By path.
    files: Vec<&'a Touched>,
}

impl<'a> Counted<'a> {
    /// None for what says nothing about a feature.
    fn of(change: &'a Change) -> Option<Self> {
        let written = |file: &&Touched| {
            !file.formatting
                && lines(file) > 0
                && file.path.len() <= LONGEST_PATH
                && skip_reason(&file.path, Some(""), 0).is_none_or(|reason| reason == "notebook")
        };
        let mut files: Vec<&Touched> = change.files.iter().filter(written).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        let sum = files.iter().fold(0_u32, |sum, file| sum.saturating_add(lines(file)));
        let is_sweep = files.len() >= SWEEP_FILES && sum < SWEEP_LINES.saturating_mul(files.len() as u32);
        (!change.is_merge && !files.is_empty() && !is_sweep).then_some(Self { change, files })
    }
}

fn lines(file: &Touched) -> u32 {
    file.added.saturating_add(file.removed)
}

fn theme(group: &[usize], counted: &[Counted], common: &name::Common) -> Option<Theme> {
    let commits: Vec<&Counted> = group.iter().map(|index| &counted[*index]).collect();
    let mine: Vec<&&Counted> = commits.iter().filter(|commit| commit.change.mine).collect();
    let added =
        |commit: &Counted| commit.files.iter().fold(0_u32, |sum, file| sum.saturating_add(file.added));
    let authored = mine.iter().fold(0_u32, |sum, commit| sum.saturating_add(added(commit)));
    if mine.is_empty() || authored < if commits.len() == 1 { LEAST_ALONE } else { LEAST_LINES } {
        return None;
    }
    let mut by_file: BTreeMap<&str, u32> = BTreeMap::new();
    for file in commits.iter().flat_map(|commit| &commit.files) {
        let sum = by_file.entry(&file.path).or_default();
        *sum = sum.saturating_add(lines(file));
    }
    let mut files: Vec<(&str, u32)> = by_file.into_iter().collect();
    files.sort_by_key(|(path, lines)| (std::cmp::Reverse(*lines), *path));
    name::is_feature(&files).then_some(())?;
    Some(Theme {
        name: name::of(&commits, &files, common),
        commits: commits.iter().map(|commit| commit.change.id.clone()).collect(),
        mine: mine.len() as u32,
        first: commits.first()?.change.time,
        last: commits.last()?.change.time,
        authored,
        files: files.into_iter().map(|(path, _)| path.to_owned()).collect(),
    })
}

/// The paths above a path, the nearest first: `a/b/c.rs` gives `a/b` and `a`.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/').map(|(folder, _)| folder), |folder| {
        folder.rsplit_once('/').map(|(folder, _)| folder)
    })
}

/// The name by which a file and its tests meet: `src/signer.py` and `tests/test_signer.py` are both `signer`. Empty
/// for names that every folder has.
fn plain_name(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.split('.').next().unwrap_or(file).to_ascii_lowercase();
    let stem = stem.strip_prefix("test_").unwrap_or(&stem);
    let stem = ["_test", "_tests", "test", "tests", "-test"]
        .iter()
        .find_map(|end| stem.strip_suffix(end))
        .unwrap_or(stem);
    let everywhere =
        ["index", "mod", "lib", "main", "__init__", "readme", "package", "app", "utils", "conftest"];
    if everywhere.contains(&stem) { String::new() } else { stem.to_owned() }
}

/// The symbols of a commit with the files they are in, each once.
fn symbols<'a>(commit: &Counted<'a>) -> BTreeSet<(&'a str, &'a str)> {
    let of = |file: &&'a Touched| {
        let path = file.path.as_str();
        file.symbols.iter().map(move |symbol| (path, symbol.as_str())).collect::<Vec<_>>()
    };
    commit.files.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests;
