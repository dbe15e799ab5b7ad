//! What the user's commits did, read from their changes: features by the files and symbols that were worked on
//! together, dependencies that went away, tests that came with a fix, and how long a bug had been there.

use std::collections::HashMap;

use anyhow::Result;
use internflow_code::{
    Became, BuiltKind, Change, Edited, Language, Touched, dependency_changes, formatting_only, gained,
    skip_reason, symbols,
};
use internflow_domain::{Commit, LineKind};
use internflow_git::{FileChange, Repo};

use super::told::Fixed;

/// Files of a commit whose symbols are read; of a commit of more, the rest is counted by lines alone.
const MOST_FILES: usize = 60;
/// Files of a fix whose lines are traced back.
const MOST_TRACED: usize = 3;

/// A dependency that a commit took out of a manifest.
#[derive(Debug, Clone)]
pub(super) struct Dropped {
    pub(super) package: String,
    pub(super) path: String,
    pub(super) sha: String,
}

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct History {
    pub(super) changes: Vec<Change>,
    pub(super) dropped: Vec<Dropped>,
    /// Names of the tests that came with a fix, by its commit.
    pub(super) tests: HashMap<String, Vec<String>>,
}

impl History {
    /// Adds commits of the user. What can't be read is left out.
    pub(super) fn read(&mut self, repo: &Repo, commits: &[Commit], fixed: &[Fixed]) {
        for commit in commits {
            let Ok(files) = repo.change(&commit.sha) else { continue };
            for file in &files {
                let changes =
                    dependency_changes(&file.diff.path, file.old_text.as_deref(), file.new_text.as_deref());
                // With the whole manifest goes a part of the program, not a dependency.
                let gone = changes.into_iter().filter(|change| change.became == Became::Removed);
                self.dropped.extend(gone.filter(|_| file.new_text.is_some()).map(|change| Dropped {
                    package: change.package,
                    path: file.diff.path.clone(),
                    sha: commit.sha.clone(),
                }));
            }
            if fixed.iter().any(|fixed| fixed.sha == commit.sha) {
                self.tests.insert(commit.sha.clone(), new_tests(&files));
            }
            self.changes.push(Change {
                id: commit.sha.clone(),
                time: commit.time,
                mine: true,
                is_merge: commit.parents > 1,
                files: files.iter().enumerate().map(|(at, file)| touched(file, at < MOST_FILES)).collect(),
            });
        }
    }
}

fn language(file: &FileChange) -> Option<Language> {
    let text = file.new_text.as_deref().or(file.old_text.as_deref()).unwrap_or_default();
    Language::of(&file.diff.path, text.lines().next().unwrap_or_default())
}

fn touched(file: &FileChange, with_symbols: bool) -> Touched {
    let diff = &file.diff;
    let formatting = match (&file.old_text, &file.new_text) {
        (Some(old), Some(new)) => formatting_only(&diff.path, old, new),
        _ => false,
    };
    Touched {
        path: diff.path.clone(),
        added: diff.added,
        removed: diff.removed,
        symbols: if formatting || !with_symbols { Vec::new() } else { changed_symbols(file) },
        formatting,
    }
}

/// Names of what is defined around the lines that were added.
fn changed_symbols(file: &FileChange) -> Vec<String> {
    let (Some(text), Some(language)) = (&file.new_text, language(file)) else { return Vec::new() };
    if language.is_data() || skip_reason(&file.diff.path, Some(text), text.len()).is_some() {
        return Vec::new();
    }
    let lines = file.diff.hunks.iter().flat_map(|hunk| &hunk.lines);
    let added: Vec<u32> =
        lines.filter(|line| line.kind == LineKind::Added).filter_map(|line| line.new).collect();
    symbols(language, text)
        .into_iter()
        .filter(|symbol| added.iter().any(|line| (symbol.start_line..=symbol.end_line).contains(line)))
        .map(|symbol| symbol.name)
        .collect()
}

fn new_tests(files: &[FileChange]) -> Vec<String> {
    let edited: Vec<Edited> = files
        .iter()
        .map(|file| Edited {
            path: &file.diff.path,
            language: language(file),
            old: file.old_text.as_deref(),
            new: file.new_text.as_deref(),
        })
        .collect();
    let tests = gained(&edited).into_iter().map(|(_, one)| one).filter(|one| one.kind == BuiltKind::Test);
    tests.map(|one| one.name).collect()
}

/// The commit that last wrote the lines which a fix changes, by `git blame` of the commit before it. Of several the
/// newest: only then was all of it there.
pub(super) fn origin(repo: &Repo, sha: &str, times: &HashMap<String, i64>) -> Result<Option<(String, i64)>> {
    let before = repo.resolve(&format!("{sha}^"))?;
    let blaming = repo.blaming();
    let mut newest: Option<(String, i64)> = None;
    for file in repo.change(sha)?.iter().filter(|file| is_code(file)).take(MOST_TRACED) {
        let lines = file.diff.hunks.iter().flat_map(|hunk| &hunk.lines);
        let gone: Vec<u32> =
            lines.filter(|line| line.kind == LineKind::Removed).filter_map(|line| line.old).collect();
        if gone.is_empty() {
            continue;
        }
        let path = file.diff.old_path.as_deref().unwrap_or(&file.diff.path);
        for part in blaming.blame(&before, path)? {
            let hit = gone.iter().any(|line| (part.start..part.start + part.lines).contains(line));
            let time = times.get(&part.commit).copied();
            if let Some(time) =
                time.filter(|time| hit && newest.as_ref().is_none_or(|(_, known)| time > known))
            {
                newest = Some((part.commit, time));
            }
        }
    }
    Ok(newest)
}

fn is_code(file: &FileChange) -> bool {
    let code = language(file).is_some_and(|language| !language.is_data());
    code && file.old_text.is_some() && !internflow_code::is_test_path(&file.diff.path)
}
