//! How much commits changed, for thousands of them at a time.

use anyhow::Result;
use gix::bstr::ByteSlice;
use gix::diff::blob::{Algorithm, Diff, InternedInput};
use gix::object::tree::diff::ChangeDetached;
use internflow_domain::{ChangeSize, FileSize, FileSizes};

use crate::change::{MAX_LINES, Side, load, sides};
use crate::{Repo, commit};

impl Repo {
    /// Size of each commit's change against its first parent, as `git log --numstat --histogram` counts it. Commits
    /// that can't be read are left out.
    pub fn sizes(&self, shas: &[String]) -> Result<Vec<(String, ChangeSize)>> {
        Ok(self.counted(shas, size))
    }

    /// The same file by file, in no particular order, for commits that change at most `most` files: an import
    /// or a new layout of the folders says nothing about any one of them.
    pub fn file_sizes(&self, shas: &[String], most: usize) -> Result<Vec<FileSizes>> {
        let counted = self.counted(shas, |repo, sha| file_sizes(repo, sha, most));
        Ok(counted.into_iter().map(|(sha, files)| FileSizes { sha, files }).collect())
    }

    fn counted<T>(
        &self,
        shas: &[String],
        count: impl Fn(&gix::Repository, &str) -> Result<T>,
    ) -> Vec<(String, T)> {
        let mut repo = self.inner.to_thread_local();
        // Neighbours in a history share most of their trees.
        repo.object_cache_size_if_unset(16 << 20);
        let mut counted = Vec::with_capacity(shas.len());
        for sha in shas {
            match count(&repo, sha) {
                Ok(one) => counted.push((sha.clone(), one)),
                Err(error) => tracing::debug!(sha, error = format!("{error:#}"), "a change can't be counted"),
            }
        }
        counted
    }
}

fn size(repo: &gix::Repository, sha: &str) -> Result<ChangeSize> {
    let mut size = ChangeSize::default();
    for change in changes(repo, sha)? {
        let Some((_, old, new)) = sides(change) else { continue };
        let (added, removed) = lines(repo, old, new)?;
        size.files += 1;
        size.added += added;
        size.removed += removed;
    }
    Ok(size)
}

fn file_sizes(repo: &gix::Repository, sha: &str, most: usize) -> Result<Option<Vec<FileSize>>> {
    let changed: Vec<_> = changes(repo, sha)?.into_iter().filter_map(sides).collect();
    if changed.len() > most {
        return Ok(None);
    }
    let mut sizes = Vec::with_capacity(changed.len());
    for (_, old, new) in changed {
        let path = |side: &Option<Side>| side.as_ref().map(|side| side.path.to_str_lossy().into_owned());
        let (old_path, new_path) = (path(&old), path(&new));
        let (added, removed) = lines(repo, old, new)?;
        let path = new_path.or_else(|| old_path.clone()).unwrap_or_default();
        sizes.push(FileSize { old_path: old_path.filter(|old| *old != path), path, added, removed });
    }
    Ok(Some(sizes))
}

fn changes(repo: &gix::Repository, sha: &str) -> Result<Vec<ChangeDetached>> {
    let commit = commit(repo, sha)?;
    let new = commit.tree().map_err(|e| anyhow::anyhow!("{e}"))?;
    let old = match commit.parent_ids().next().map(|id| id.detach()) {
        None => None,
        // Cut off in a shallow clone: nobody here knows what this commit changed.
        Some(id) => {
            let parent = repo.find_commit(id).map_err(|e| anyhow::anyhow!("{e}"))?;
            Some(parent.tree().map_err(|e| anyhow::anyhow!("{e}"))?)
        }
    };
    let options = gix::diff::Options::default().with_rewrites(Some(gix::diff::Rewrites::default()));
    repo.diff_tree_to_tree(old.as_ref(), Some(&new), Some(options)).map_err(|e| anyhow::anyhow!("{e}"))
}

/// Lines added and removed between two sides of a file.
fn lines(repo: &gix::Repository, old: Option<Side>, new: Option<Side>) -> Result<(u32, u32)> {
    let (Some(old), Some(new)) = (lines_of(repo, old)?, lines_of(repo, new)?) else { return Ok((0, 0)) };
    let input = InternedInput::new(&old[..], &new[..]);
    let diff = Diff::compute(Algorithm::Histogram, &input);
    Ok((diff.count_additions(), diff.count_removals()))
}

/// The text of one side, empty where the file is not there; `None` for what is not counted by line.
fn lines_of(repo: &gix::Repository, side: Option<Side>) -> Result<Option<Vec<u8>>> {
    let Some(side) = side else { return Ok(Some(Vec::new())) };
    if !side.mode.is_blob() {
        return Ok(None);
    }
    let Some(bytes) = load(repo, side.id)? else { return Ok(None) };
    let binary = bytes.iter().take(8000).any(|&b| b == 0);
    let long = bytes.iter().filter(|&&b| b == b'\n').nth(MAX_LINES).is_some();
    Ok((!binary && !long).then_some(bytes))
}
