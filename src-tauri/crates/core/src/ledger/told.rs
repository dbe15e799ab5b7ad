//! What the user's commits say of themselves, held against the files they change: which of them fix the program, and
//! which only lay code out anew.

use std::collections::HashMap;

use anyhow::Result;
use internflow_code::{FixSign, Language, Sureness, fix, formatting_only};
use internflow_domain::{Commit, FileSize};
use internflow_git::Repo;

/// Files of a commit that are counted one by one; what changes more is an import or a new layout of the folders.
const MOST_FILES: usize = 300;
/// Files of a commit that may be a fix.
const MOST_FIXED: usize = 50;
/// Files that a formatter touches at least.
const LEAST_SWEPT: usize = 3;
/// Commits that are looked at for whether they only lay code out anew, those with most files first.
const MOST_LOOKED_AT: usize = 100;

/// A commit that fixes the program.
#[derive(Debug, Clone)]
pub(crate) struct Fixed {
    pub(crate) sha: String,
    /// How sure it is by its message alone.
    pub(crate) sureness: Sureness,
    /// Lines it changes.
    pub(crate) lines: u32,
}

/// Files with the lines that each of these commits changed in them.
pub(crate) fn changed(repo: &Repo, commits: &[&Commit]) -> Result<HashMap<String, Vec<FileSize>>> {
    let shas: Vec<String> = commits.iter().map(|commit| commit.sha.clone()).collect();
    let sizes = repo.file_sizes(&shas, MOST_FILES)?;
    Ok(sizes.into_iter().filter_map(|of| Some((of.sha, of.files?))).collect())
}

/// Commits that fix something of the program. A sign that is not in the subject has to come with another one.
pub(crate) fn fixed(commits: &[&Commit], changed: &HashMap<String, Vec<FileSize>>) -> Vec<Fixed> {
    let one = |commit: &&Commit| {
        let files = changed.get(&commit.sha).filter(|files| files.len() <= MOST_FIXED)?;
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let found = fix(&message(commit), &paths, &[])?;
        let said = found.why.iter().any(|sign| matches!(sign, FixSign::Says(_)));
        let lines = files.iter().map(|file| file.added + file.removed).sum();
        (said || found.sureness >= Sureness::Likely).then(|| Fixed {
            sha: commit.sha.clone(),
            sureness: found.sureness,
            lines,
        })
    };
    commits.iter().filter_map(one).collect()
}

/// Commits in which every file of code has only been laid out anew. What such a commit touched was written by others
/// or before, so that none of its lines count.
pub(crate) fn sweeps(
    repo: &Repo,
    commits: &[&Commit],
    changed: &HashMap<String, Vec<FileSize>>,
) -> Vec<String> {
    let code = |file: &&FileSize| Language::of(&file.path, "").is_some_and(|language| !language.is_data());
    let count = |sha: &String| changed.get(sha).map_or(0, |files| files.iter().filter(code).count());
    let mut wide: Vec<(usize, &String)> = commits
        .iter()
        .map(|commit| (count(&commit.sha), &commit.sha))
        .filter(|(n, _)| *n >= LEAST_SWEPT)
        .collect();
    wide.sort_by(|a, b| b.cmp(a));
    wide.truncate(MOST_LOOKED_AT);
    wide.into_iter().filter(|(_, sha)| is_sweep(repo, sha)).map(|(_, sha)| sha.clone()).collect()
}

fn is_sweep(repo: &Repo, sha: &str) -> bool {
    let Ok(files) = repo.change(sha) else { return false };
    let mut code = files
        .iter()
        .filter(|file| Language::of(&file.diff.path, "").is_some_and(|language| !language.is_data()))
        .peekable();
    code.peek().is_some()
        && code.all(|file| match (&file.old_text, &file.new_text) {
            (Some(old), Some(new)) => formatting_only(&file.diff.path, old, new),
            _ => false,
        })
}

/// The whole message of a commit.
pub(crate) fn message(commit: &Commit) -> String {
    format!("{}\n\n{}", commit.subject, commit.body)
}
