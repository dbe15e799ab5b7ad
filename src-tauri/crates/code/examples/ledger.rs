//! What the ledger reads from a repository, for trials from a script. `ledger built FOLDER` lists what the files of a
//! checkout build. `ledger themes` and `ledger commits` read a history from stdin, oldest commit first, one JSON object
//! a line: `{"id", "time", "parents", "message", "files": [{"path", "added", "removed", "old", "new"}, …]}` with the
//! time in seconds since 1970, the number of parents, and the texts before and after or null. The first lists its
//! themes, the second what each commit did to dependencies, speed and bugs, and how many tests it brought.

use std::io::{BufRead, Write, stdin, stdout};
use std::path::Path;

use anyhow::{Context, Result, bail};
use internflow_code::{
    BuiltKind, Change, Edited, Language, Touched, built, dependency_changes, fix, formatting_only, gained,
    speedups, symbols, themes,
};
use serde::Deserialize;

/// Larger files are not read.
const MAX_BYTES: u64 = 2_000_000;

#[derive(Deserialize)]
struct Commit {
    id: String,
    time: i64,
    parents: u32,
    message: String,
    files: Vec<File>,
}

/// A file that a commit changed; a new one has no old text, a deleted one no new text.
#[derive(Deserialize)]
struct File {
    path: String,
    added: u32,
    removed: u32,
    old: Option<String>,
    new: Option<String>,
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("built"), Some(folder)) => walk(Path::new(&folder), Path::new(&folder)),
        (Some("themes"), None) => show_themes(&commits()?),
        (Some("commits"), None) => commits()?.iter().try_for_each(show_commit),
        _ => bail!("usage: ledger built FOLDER | ledger themes < commits | ledger commits < commits"),
    }
}

fn commits() -> Result<Vec<Commit>> {
    let read = |line: std::io::Result<String>| Ok(serde_json::from_str(&line?)?);
    stdin().lock().lines().map(read).collect()
}

fn language(path: &str, text: &str) -> Option<Language> {
    Language::of(path, text.lines().next().unwrap_or_default())
}

fn walk(root: &Path, folder: &Path) -> Result<()> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .with_context(|| format!("{} is no folder", folder.display()))?
        .collect::<std::io::Result<_>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() && entry.file_name() != ".git" {
            walk(root, &path)?;
        } else if kind.is_file() && entry.metadata()?.len() <= MAX_BYTES {
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let path = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            for one in built(&path, language(&path, &text), &text) {
                let (kind, name, detail) = (one.kind.as_str(), &one.name, &one.detail);
                let (start, end, calls) = (one.start_line, one.end_line, one.calls.join(", "));
                writeln!(stdout(), "{path}:{start}-{end} {kind} {name} [{detail}] {calls}")?;
            }
        }
    }
    Ok(())
}

/// Names of what changed: the symbols of the new text whose lines are not in the old one.
fn touched(path: &str, old: &str, new: &str) -> Vec<String> {
    let known: std::collections::HashSet<&str> = old.lines().collect();
    let changed: Vec<bool> = new.lines().map(|line| !known.contains(line)).collect();
    let Some(language) = language(path, new) else { return Vec::new() };
    symbols(language, new)
        .into_iter()
        .filter(|symbol| {
            let (start, end) =
                (symbol.start_line as usize - 1, (symbol.end_line as usize).min(changed.len()));
            changed.get(start..end).is_some_and(|lines| lines.contains(&true))
        })
        .map(|symbol| symbol.name)
        .collect()
}

fn show_themes(commits: &[Commit]) -> Result<()> {
    let change = |commit: &Commit| Change {
        id: commit.id.clone(),
        time: commit.time,
        mine: true,
        is_merge: commit.parents > 1,
        files: commit
            .files
            .iter()
            .map(|file| {
                let old = file.old.as_deref().unwrap_or_default();
                let new = file.new.as_deref().unwrap_or_default();
                Touched {
                    path: file.path.clone(),
                    added: file.added,
                    removed: file.removed,
                    symbols: touched(&file.path, old, new),
                    formatting: !old.is_empty() && formatting_only(&file.path, old, new),
                }
            })
            .collect(),
    };
    let history: Vec<Change> = commits.iter().map(change).collect();
    for theme in themes(&history) {
        let days = (theme.last - theme.first) / 86_400;
        let (name, lines, files) = (&theme.name, theme.authored, theme.files.len());
        writeln!(stdout(), "## {name} | {days} days, {lines} lines, {files} files")?;
        for id in &theme.commits {
            let message = commits.iter().find(|commit| commit.id == *id).map_or("", |commit| &commit.message);
            writeln!(stdout(), "    {:.7} {}", id, message.lines().next().unwrap_or_default())?;
        }
    }
    Ok(())
}

fn show_commit(commit: &Commit) -> Result<()> {
    let subject = commit.message.lines().next().unwrap_or_default();
    for File { path, old, new, .. } in &commit.files {
        for change in dependency_changes(path, old.as_deref(), new.as_deref()) {
            writeln!(stdout(), "{:.7} {path} {change:?}", commit.id)?;
        }
    }
    let files: Vec<Edited> = commit
        .files
        .iter()
        .map(|File { path, old, new, .. }| {
            let text = new.as_deref().or(old.as_deref()).unwrap_or_default();
            Edited { path, language: language(path, text), old: old.as_deref(), new: new.as_deref() }
        })
        .collect();
    let gained = gained(&files);
    let tests: Vec<String> = gained
        .into_iter()
        .map(|(_, one)| one)
        .filter(|one| one.kind == BuiltKind::Test)
        .map(|one| one.name)
        .collect();
    if !tests.is_empty() {
        writeln!(stdout(), "{:.7} {subject}: {} tests", commit.id, tests.len())?;
    }
    let paths: Vec<&str> = commit.files.iter().map(|file| file.path.as_str()).collect();
    let tests: Vec<&str> = tests.iter().map(String::as_str).collect();
    for one in speedups(&commit.message) {
        writeln!(stdout(), "{:.7} {subject}: {one:?}", commit.id)?;
    }
    if let Some(fix) = fix(&commit.message, &paths, &tests) {
        writeln!(stdout(), "{:.7} {subject}: {:?} {:?}", commit.id, fix.sureness, fix.why)?;
    }
    Ok(())
}
