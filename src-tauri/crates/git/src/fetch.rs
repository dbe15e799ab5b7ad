//! Bringing a repository's history onto this disk, bare, and bringing what is new since.
//!
//! Only branches are fetched, into a repository that is never checked out. What breaks off leaves the
//! repository as it was: a pack is written under a temporary name and the branches move last, so the
//! next fetch begins where the last whole one ended.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, anyhow};
use gix::bstr::ByteSlice;
use gix::progress::{Count, Id, MessageLevel, NestedProgress, Progress, Step, StepShared, Unit};
use gix::protocol::handshake::Ref;
use gix_transport::client::blocking_io::http::connect_http;
use internflow_domain::GitWire;

pub use crate::wire::Refusal;
use crate::wire::{Carried, Heard};

/// Branches of the host become branches here; forced pushes are followed.
const BRANCHES: &str = "+refs/heads/*:refs/heads/*";
/// Where the host's HEAD is noted.
const HEAD: &str = "+HEAD:refs/internflow/HEAD";

/// How far a fetch is; read it from another thread.
#[derive(Debug, Default)]
pub struct Fetching {
    /// Bytes of the pack that arrived.
    pub bytes: AtomicUsize,
    /// Objects of the pack that arrived, and all of them (0 before that is known).
    pub objects: AtomicUsize,
    pub all_objects: AtomicUsize,
    /// Set it to stop.
    pub stop: AtomicBool,
}

/// What a fetch did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The host's default branch, `None` while the repository is empty.
    pub branch: Option<String>,
    /// New objects came, or a branch moved.
    pub changed: bool,
    /// The address the host moved the repository to.
    pub moved_to: Option<String>,
}

/// The network failed in the middle; trying again may help.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Broken(String);

/// Makes the bare repository in `folder` what the repository at `url` is. `headers` go with each request
/// (the token); nothing of them is written to disk. Blocking.
///
/// # Errors
/// A [`Refusal`] when the host refused, [`Broken`] when the network failed, else the disk's or gitoxide's.
pub fn fetch(
    folder: &Path,
    url: &str,
    wire: Arc<dyn GitWire>,
    headers: Vec<(String, String)>,
    progress: &Arc<Fetching>,
) -> Result<Fetched> {
    let repo = open_or_init(folder)?;
    clear_leftovers(folder);
    let address =
        gix::url::parse(url).map_err(|e| anyhow!("`{url}` is not an address of a repository: {e}"))?;
    let heard = Arc::new(Mutex::new(Heard::default()));
    let carried = Carried { wire, headers, heard: heard.clone() };
    let transport = connect_http(carried, address.clone(), gix_transport::Protocol::V2, false);
    let told = |error: gix::Error| {
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        match (heard.refusal.take(), heard.network.take()) {
            (Some(refusal), _) => anyhow::Error::new(refusal),
            (None, Some(network)) => anyhow::Error::new(Broken(network)),
            (None, None) => anyhow!("{url} can't be fetched: {error}"),
        }
    };
    let remote = repo
        .remote_at(address)
        .and_then(|remote| remote.with_refspecs([BRANCHES, HEAD], gix::remote::Direction::Fetch))
        .map_err(&told)?
        .with_fetch_tags(gix::remote::fetch::Tags::None);
    let prepared = remote
        .to_connection_with_transport(transport)
        // The token goes with the headers: nobody is asked, and no helper of the user's is run.
        .with_credentials(|_| Ok(None))
        .prepare_fetch(Counted::new(progress, gix::progress::UNKNOWN), Default::default())
        .map_err(&told)?;
    let there = prepared.ref_map().remote_refs.clone();
    let branch = default_branch(&there);
    prune(&repo, &there, checked_out(folder).as_deref())?;
    let received = prepared
        .with_reflog_message(gix::remote::fetch::RefLogMessage::Override { message: "fetch".into() })
        .receive(Counted::new(progress, gix::progress::UNKNOWN), &progress.stop);
    let outcome = match received {
        Ok(outcome) => outcome,
        Err(error) => return Err(told(error)),
    };
    let moved_to = heard.lock().unwrap_or_else(PoisonError::into_inner).moved_to.take();
    let changed = matches!(outcome.status, gix::remote::fetch::Status::Change { .. });
    if let Some(branch) = &branch {
        point_head(folder, branch)?;
        prune(&repo, &there, None)?;
    }
    Ok(Fetched { branch, changed, moved_to })
}

/// Makes an empty bare repository in `folder` unless there is one.
///
/// # Errors
/// When the disk refuses.
pub fn prepare(folder: &Path) -> Result<()> {
    open_or_init(folder).map(drop)
}

fn open_or_init(folder: &Path) -> Result<gix::Repository> {
    let shown = folder.display();
    let options = gix::open::Options::isolated;
    if folder.join("HEAD").is_file() {
        let repo = options().open(folder).map_err(|e| anyhow!("{shown} can't be opened: {e}"))?;
        return Ok(repo.to_thread_local());
    }
    std::fs::create_dir_all(folder).with_context(|| format!("{shown} can't be made"))?;
    let kind = gix::create::Kind::Bare;
    let repo = gix::ThreadSafeRepository::init_opts(folder, kind, gix::create::Options::default(), options())
        .map_err(|e| anyhow!("{shown} can't be made: {e}"))?;
    Ok(repo.to_thread_local())
}

/// Removes branches that the host has no more: one named `fix` would stand in the way of `fix/typo`. The branch
/// `kept`, which HEAD names, stays until HEAD names another, unless it stands in the way itself: should the
/// fetch break off, the history that is here must still be found.
fn prune(repo: &gix::Repository, there: &[Ref], kept: Option<&str>) -> Result<()> {
    let names: HashSet<_> = there.iter().map(|named| named.unpack().0.to_owned()).collect();
    if !names.iter().any(|name| name.starts_with(b"refs/heads/")) {
        // An answer without any branch is an empty repository, or a host that hides them.
        return Ok(());
    }
    let in_the_way = |name: &[u8]| {
        let below = [name, b"/"].concat();
        names
            .iter()
            .any(|other| other.starts_with(&below) || name.starts_with(&[other.as_slice(), b"/"].concat()))
    };
    let references = repo.references().map_err(|e| anyhow!("{e}"))?;
    for local in references.local_branches().map_err(|e| anyhow!("{e}"))? {
        let local = local.map_err(|e| anyhow!("a branch can't be read: {e}"))?;
        let name = local.name().as_bstr();
        let is_kept = kept.is_some_and(|kept| name == kept) && !in_the_way(name);
        if !names.contains(name) && !is_kept {
            local
                .delete()
                .map_err(|e| anyhow!("a branch that the host removed can't be removed here: {e}"))?;
        }
    }
    Ok(())
}

/// Removes what a killed fetch left: locks that would stop every later one, and halves of packs. Only
/// one fetch works in a folder at a time, and the data folder is ours alone.
fn clear_leftovers(folder: &Path) {
    let remove = |path: &Path| {
        if let Err(error) = std::fs::remove_file(path) {
            tracing::warn!(%error, path = %path.display(), "a leftover of a fetch stays");
        }
    };
    for name in ["HEAD.lock", "packed-refs.lock"] {
        if folder.join(name).is_file() {
            remove(&folder.join(name));
        }
    }
    let mut folders = vec![folder.join("refs"), folder.join("objects/pack")];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "lock")
                || name.to_string_lossy().starts_with(".tmp")
            {
                remove(&path);
            }
        }
    }
}

/// Name of the branch that the host's HEAD names.
fn default_branch(refs: &[Ref]) -> Option<String> {
    refs.iter().find_map(|named| match named {
        Ref::Symbolic { full_ref_name, target, .. } if full_ref_name == "HEAD" => {
            target.strip_prefix(b"refs/heads/").map(|name| name.to_str_lossy().into_owned())
        }
        _ => None,
    })
}

/// Full name of the branch that our HEAD names.
fn checked_out(folder: &Path) -> Option<String> {
    let head = std::fs::read_to_string(folder.join("HEAD")).ok()?;
    head.strip_prefix("ref: ").map(|name| name.trim().to_owned())
}

/// Lets our HEAD name the host's default branch.
fn point_head(folder: &Path, branch: &str) -> Result<()> {
    let wanted = format!("ref: refs/heads/{branch}\n");
    let head = folder.join("HEAD");
    if std::fs::read_to_string(&head).is_ok_and(|now| now == wanted) {
        return Ok(());
    }
    // Written beside and renamed: a HEAD that is cut off is no repository any more.
    let new = folder.join("HEAD.new");
    std::fs::write(&new, wanted)
        .and_then(|()| std::fs::rename(&new, &head))
        .with_context(|| format!("{} can't be written", head.display()))
}

/// Passes gitoxide's progress on to a [`Fetching`].
#[derive(Clone)]
struct Counted {
    to: Arc<Fetching>,
    id: Id,
    step: StepShared,
}

impl Counted {
    fn new(to: &Arc<Fetching>, id: Id) -> Self {
        Self { to: to.clone(), id, step: StepShared::default() }
    }

    fn tell(&self) {
        let step = self.step.load(Ordering::Relaxed);
        match &self.id {
            b"BWRB" => self.to.bytes.store(step, Ordering::Relaxed),
            b"IWIO" => self.to.objects.store(step, Ordering::Relaxed),
            _ => {}
        }
    }
}

impl Count for Counted {
    fn set(&self, step: Step) {
        self.step.store(step, Ordering::Relaxed);
        self.tell();
    }

    fn step(&self) -> Step {
        self.step.load(Ordering::Relaxed)
    }

    fn inc_by(&self, step: Step) {
        self.step.fetch_add(step, Ordering::Relaxed);
        self.tell();
    }

    fn counter(&self) -> StepShared {
        self.step.clone()
    }
}

impl Progress for Counted {
    fn init(&mut self, max: Option<Step>, _: Option<Unit>) {
        if let (b"IWIO", Some(max)) = (&self.id, max) {
            self.to.all_objects.store(max, Ordering::Relaxed);
        }
    }

    fn set_name(&mut self, _: String) {}

    fn name(&self) -> Option<String> {
        None
    }

    fn id(&self) -> Id {
        self.id
    }

    fn message(&self, _: MessageLevel, message: String) {
        tracing::debug!(message, "fetch");
    }
}

impl NestedProgress for Counted {
    type SubProgress = Self;

    fn add_child(&mut self, _: impl Into<String>) -> Self {
        Self::new(&self.to, gix::progress::UNKNOWN)
    }

    fn add_child_with_id(&mut self, _: impl Into<String>, id: Id) -> Self {
        Self::new(&self.to, id)
    }
}
