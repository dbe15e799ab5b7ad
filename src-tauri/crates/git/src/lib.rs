//! History, diffs and blame of repositories on this disk, read with gix, and [`fetch`], which brings
//! them here.
//!
//! Nothing here checks out or runs what a repository says: repositories are opened
//! isolated from the user's and the system's git configuration, and only objects are read, so hooks,
//! filters, attributes and `core.fsmonitor` of a hostile repository have no effect.

mod blame;
mod change;
mod fetch;
mod history;
mod identity;
mod size;
mod trail;
mod wire;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use gix::bstr::ByteSlice;

pub use blame::{Blamed, Blaming};
pub use change::{FileChange, MAX_BYTES, MAX_LINES};
pub use fetch::{Broken, Fetched, Fetching, Refusal, fetch, prepare};
pub use history::Log;
pub use identity::global_emails;
pub use trail::{LineChange, LineEdit, Trail, TrailCommit, TrailFile};

/// A repository opened for reading. Cheap to share between threads.
#[derive(Debug, Clone)]
pub struct Repo {
    inner: gix::ThreadSafeRepository,
    path: PathBuf,
}

/// Where HEAD stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Branch name, or `None` when HEAD is detached.
    pub branch: Option<String>,
    /// Full id of the commit, or `None` before the first commit.
    pub sha: Option<String>,
    /// History was cut off when this copy was cloned.
    pub shallow: bool,
}

/// A file in the tree of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    pub path: String,
    /// Blob id, hexadecimal.
    pub blob: String,
}

impl Repo {
    /// Opens the repository whose worktree or bare folder is `path`, or one of whose subfolders it is.
    pub fn open(path: &Path) -> Result<Self> {
        let shown = path.display();
        if !path.exists() {
            bail!("There is no folder {shown}. Check the path, or choose the folder again.");
        }
        let path = path.canonicalize().with_context(|| format!("The folder {shown} can't be read"))?;
        let found = gix::discover::upwards(&path).map(|(found, _)| found);
        let Ok(found) = found else {
            bail!(
                "{shown} is not a git repository: there is no .git in it. Choose the folder that you \
                 cloned or in which you ran `git init`."
            );
        };
        let git_dir = found.as_ref().to_path_buf();
        let inner = gix::open::Options::isolated()
            .open(git_dir)
            .map_err(|e| anyhow::anyhow!("{shown} looks like a git repository but can't be opened: {e}"))?;
        let local = inner.to_thread_local();
        let path = local.workdir().unwrap_or(local.git_dir()).to_path_buf();
        Ok(Self { inner, path })
    }

    /// Top folder of the worktree, or the folder of a bare repository.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Top folder of the worktree; `None` for a bare repository.
    pub fn work_tree(&self) -> Option<&Path> {
        self.inner.work_dir()
    }

    /// Last part of the path without `.git`, as a name to show.
    pub fn name(&self) -> String {
        let name = self.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        name.strip_suffix(".git").filter(|n| !n.is_empty()).unwrap_or(&name).to_owned()
    }

    pub fn head(&self) -> Result<Head> {
        let repo = self.inner.to_thread_local();
        let branch = repo
            .head_name()
            .map_err(|e| anyhow::anyhow!("HEAD of {} can't be read: {e}", self.path.display()))?
            .map(|name| name.shorten().to_string());
        let sha = repo.head_id().ok().map(|id| id.to_string());
        let shallow = repo.is_shallow().unwrap_or(false);
        Ok(Head { branch, sha, shallow })
    }

    /// Full id of the commit that `rev` names (`HEAD~2`, a branch, an abbreviated id).
    pub fn resolve(&self, rev: &str) -> Result<String> {
        let repo = self.inner.to_thread_local();
        let id = repo.rev_parse_single(rev).map_err(|_| {
            anyhow::anyhow!("`{rev}` names no commit of {}. Try `git log --oneline`.", self.name())
        })?;
        let commit = id
            .object()
            .map_err(|e| anyhow::anyhow!("{e}"))?
            .peel_to_commit()
            .map_err(|_| anyhow::anyhow!("`{rev}` of {} is not a commit.", self.name()))?;
        Ok(commit.id.to_string())
    }

    /// All files (not submodules, not links) in the tree of the commit `sha`.
    pub fn files(&self, sha: &str) -> Result<Vec<TreeFile>> {
        let repo = self.inner.to_thread_local();
        let tree = commit(&repo, sha)?.tree().map_err(|e| anyhow::anyhow!("{e}"))?;
        let entries = tree.traverse().breadthfirst.files().map_err(|e| anyhow::anyhow!("{e}"))?;
        Ok(entries
            .into_iter()
            .filter(|entry| entry.mode.is_blob())
            .map(|entry| TreeFile {
                path: entry.filepath.to_str_lossy().into_owned(),
                blob: entry.oid.to_string(),
            })
            .collect())
    }

    /// Bytes of a blob, or `None` when it is larger than [`MAX_BYTES`].
    pub fn blob(&self, id: &str) -> Result<Option<Vec<u8>>> {
        let repo = self.inner.to_thread_local();
        let id = gix::ObjectId::from_hex(id.as_bytes()).context("not an object id")?;
        change::load(&repo, id)
    }
}

fn commit<'r>(repo: &'r gix::Repository, sha: &str) -> Result<gix::Commit<'r>> {
    let id =
        gix::ObjectId::from_hex(sha.as_bytes()).with_context(|| format!("`{sha}` is not a commit id"))?;
    repo.find_commit(id).map_err(|_| {
        anyhow::anyhow!(
            "Commit {sha} is not in this repository. It may have been rewritten; reload the history."
        )
    })
}
