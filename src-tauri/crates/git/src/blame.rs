//! Which lines of a file survive, and who wrote them.

use anyhow::Result;
use gix::bstr::ByteSlice;

use crate::Repo;

/// Consecutive lines that one commit introduced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blamed {
    /// First line at the commit that was asked about, from 1.
    pub start: u32,
    /// Number of lines.
    pub lines: u32,
    /// Full id of the commit that introduced them.
    pub commit: String,
}

/// Bytes of commits and folders that are kept between two files: each file's history is walked through the same ones.
const KEPT: usize = 96 << 20;

/// Asks about one file after the other. For one thread.
pub struct Blaming {
    repo: gix::Repository,
}

impl Repo {
    pub fn blaming(&self) -> Blaming {
        let mut repo = self.inner.to_thread_local();
        repo.object_cache_size(KEPT);
        Blaming { repo }
    }
}

impl Blaming {
    /// The lines of `path` at commit `sha`, in order, with the commits that introduced them.
    pub fn blame(&self, sha: &str, path: &str) -> Result<Vec<Blamed>> {
        let id = gix::ObjectId::from_hex(sha.as_bytes())?;
        let outcome = self
            .repo
            .blame_file(path.as_bytes().as_bstr(), id, Default::default())
            .map_err(|e| anyhow::anyhow!("{path} can't be blamed: {e}"))?;
        let blamed = |entry: gix::blame::BlameEntry| Blamed {
            start: entry.start_in_blamed_file + 1,
            lines: entry.len.get(),
            commit: entry.commit_id.to_string(),
        };
        Ok(outcome.entries.into_iter().map(blamed).collect())
    }
}
