//! How much commits changed, for thousands of them at a time.

use anyhow::Result;
use gix::diff::blob::{Algorithm, Diff, InternedInput};
use internflow_domain::ChangeSize;

use crate::change::{MAX_LINES, load, sides};
use crate::{Repo, commit};

impl Repo {
    /// Size of each commit's change against its first parent, as `git log --numstat --histogram` counts it. Commits
    /// that can't be read are left out.
    pub fn sizes(&self, shas: &[String]) -> Result<Vec<(String, ChangeSize)>> {
        let mut repo = self.inner.to_thread_local();
        // Neighbours in a history share most of their trees.
        repo.object_cache_size_if_unset(16 << 20);
        let mut sizes = Vec::with_capacity(shas.len());
        for sha in shas {
            match size(&repo, sha) {
                Ok(size) => sizes.push((sha.clone(), size)),
                Err(error) => tracing::debug!(sha, error = format!("{error:#}"), "a change can't be counted"),
            }
        }
        Ok(sizes)
    }
}

fn size(repo: &gix::Repository, sha: &str) -> Result<ChangeSize> {
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
    let changes = repo
        .diff_tree_to_tree(old.as_ref(), Some(&new), Some(options))
        .map_err(|e| anyhow::anyhow!("{e}"))?;
    let mut size = ChangeSize::default();
    for change in changes {
        let Some((_, old, new)) = sides(change) else { continue };
        size.files += 1;
        let (Some(old), Some(new)) = (lines_of(repo, old)?, lines_of(repo, new)?) else { continue };
        let input = InternedInput::new(&old[..], &new[..]);
        let diff = Diff::compute(Algorithm::Histogram, &input);
        size.added += diff.count_additions();
        size.removed += diff.count_removals();
    }
    Ok(size)
}

/// The text of one side, empty where the file is not there; `None` for what is not counted by line.
fn lines_of(repo: &gix::Repository, side: Option<crate::change::Side>) -> Result<Option<Vec<u8>>> {
    let Some(side) = side else { return Ok(Some(Vec::new())) };
    if !side.mode.is_blob() {
        return Ok(None);
    }
    let Some(bytes) = load(repo, side.id)? else { return Ok(None) };
    let binary = bytes.iter().take(8000).any(|&b| b == 0);
    let long = bytes.iter().filter(|&&b| b == b'\n').nth(MAX_LINES).is_some();
    Ok((!binary && !long).then_some(bytes))
}
