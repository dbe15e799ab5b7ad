//! Following lines along the history: which files differ between a commit and one of its parents, and which of
//! their lines.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use anyhow::{Context, Result, anyhow};
use gix::bstr::ByteSlice;
use gix::diff::blob::{Algorithm, Diff, InternedInput};

use crate::change::{Side, readable, sides};
use crate::{Repo, commit};

/// Looks at one commit after another. Neighbours share most of their trees, so what was read is kept.
pub struct Trail {
    repo: gix::Repository,
}

/// A commit with its parents, the first one first. Full ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailCommit {
    pub sha: String,
    pub parents: Vec<String>,
}

/// A file that differs between two commits.
#[derive(Debug, Clone)]
pub struct TrailFile {
    /// Before; `None` for a new file.
    pub old_path: Option<String>,
    /// After; `None` for a deleted file.
    pub path: Option<String>,
    old: Option<Side>,
    new: Option<Side>,
}

/// Both texts of a file, and how the lines of one became those of the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineChange {
    /// Empty where there was no file, or is none.
    pub old_text: String,
    pub new_text: String,
    /// In order; what lies between them is unchanged.
    pub edits: Vec<LineEdit>,
}

/// Lines (from 1, the end exclusive) that took the place of others. Either side may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineEdit {
    pub old: Range<u32>,
    pub new: Range<u32>,
}

impl Repo {
    pub fn trail(&self) -> Trail {
        let mut repo = self.inner.to_thread_local();
        repo.object_cache_size_if_unset(16 << 20);
        Trail { repo }
    }
}

impl Trail {
    /// The commits that can be reached from `head` and not from `before`, parents before their children. The order
    /// of commit times would not do: clocks of several people differ.
    pub fn commits(&self, head: &str, before: &[String]) -> Result<Vec<TrailCommit>> {
        let id = |sha: &str| gix::ObjectId::from_hex(sha.as_bytes()).context("not a commit id");
        let hidden = before.iter().map(|sha| id(sha)).collect::<Result<Vec<_>>>()?;
        let sorting = gix::revision::walk::Sorting::ByCommitTime(Default::default());
        let head = id(head)?;
        let walk = self.repo.rev_walk([head]).with_hidden(hidden).sorting(sorting).all();
        let mut parents = HashMap::new();
        for info in walk.map_err(|e| anyhow!("The history can't be read: {e}"))? {
            match info {
                Ok(info) => parents.insert(info.id, info.parent_ids.to_vec()),
                // A walk that fails has lost its way: what follows is unknown.
                Err(error) => {
                    tracing::warn!(%error, "history ends early");
                    break;
                }
            };
        }
        let mut ordered = Vec::with_capacity(parents.len());
        let mut seen = HashSet::from([head]);
        // A commit and how many of its parents have been gone down to.
        let mut open = vec![(head, 0)];
        while let Some((at, next)) = open.last_mut() {
            let Some(of) = parents.get(at) else {
                open.pop();
                continue;
            };
            if let Some(parent) = of.get(*next) {
                *next += 1;
                if seen.insert(*parent) {
                    open.push((*parent, 0));
                }
            } else {
                let parents = of.iter().map(ToString::to_string).collect();
                ordered.push(TrailCommit { sha: at.to_string(), parents });
                open.pop();
            }
        }
        Ok(ordered)
    }

    /// The files that differ between two commits, renames recognised.
    pub fn changes(&self, from: &str, to: &str) -> Result<Vec<TrailFile>> {
        let tree = |sha: &str| commit(&self.repo, sha)?.tree().map_err(|e| anyhow!("{e}"));
        let (old, new) = (tree(from)?, tree(to)?);
        let options = gix::diff::Options::default().with_rewrites(Some(gix::diff::Rewrites::default()));
        let changes = self
            .repo
            .diff_tree_to_tree(Some(&old), Some(&new), Some(options))
            .map_err(|e| anyhow!("The change from {from} to {to} can't be computed: {e}"))?;
        let path = |side: &Option<Side>| side.as_ref().map(|side| side.path.to_str_lossy().into_owned());
        Ok(changes
            .into_iter()
            .filter_map(sides)
            .map(|(_, old, new)| TrailFile { old_path: path(&old), path: path(&new), old, new })
            .collect())
    }

    /// The lines of a file that differs; `None` where one side is no text, or too large to be shown.
    pub fn lines(&self, file: &TrailFile) -> Result<Option<LineChange>> {
        let text = |side: &Option<Side>| match side {
            None => Ok(Some(String::new())),
            Some(side) => readable(&self.repo, side),
        };
        let (Some(old_text), Some(new_text)) = (text(&file.old)?, text(&file.new)?) else { return Ok(None) };
        let input = InternedInput::new(old_text.as_str(), new_text.as_str());
        let mut diff = Diff::compute(Algorithm::Histogram, &input);
        diff.postprocess_lines(&input);
        let from_one = |range: Range<u32>| range.start + 1..range.end + 1;
        let edits = diff
            .hunks()
            .map(|hunk| LineEdit { old: from_one(hunk.before), new: from_one(hunk.after) })
            .collect();
        Ok(Some(LineChange { old_text, new_text, edits }))
    }

    /// The text of a file as a commit has it; `None` where it is not there, no text, or too large to be shown.
    pub fn text(&self, sha: &str, path: &str) -> Result<Option<String>> {
        let tree = commit(&self.repo, sha)?.tree().map_err(|e| anyhow!("{e}"))?;
        let entry = tree.lookup_entry_by_path(path).map_err(|e| anyhow!("{e}"))?;
        let Some(entry) = entry else { return Ok(None) };
        let side = Side { path: path.into(), mode: entry.mode(), id: entry.object_id() };
        readable(&self.repo, &side)
    }
}
