//! The features of InternFlow, the queue of long work, and the one list of commands.
//!
//! A host (the window, the terminal, the browser host) starts a [`Core`], forwards [`api::call`] and
//! [`Core::subscribe`], and stops it on exit. The engines come in through the ports of
//! `internflow-domain`, so nothing here links a model, an index or a typesetter.

pub mod account;
pub mod achievements;
pub mod activity;
pub mod analysis;
pub mod api;
pub mod ask;
pub mod authorship;
pub mod data;
pub mod defence;
pub mod index;
pub mod jobs;
pub mod lag;
pub mod ledger;
pub mod logs;
pub mod models;
pub mod outside;
pub mod redact;
pub mod repositories;
pub mod resume;
pub mod reviews;
pub mod search;
pub mod settings;
pub mod sync;
pub mod tailor;
pub mod trace;

mod authors;
mod draft;
mod facts;
mod gate;
mod grounded;
mod keyring;
mod network;
mod queue;
mod schedule;
mod spelling;
#[cfg(test)]
mod testing;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use internflow_domain::{
    Absent, Check, Embedder, EngineProcess, Event, ProfileReader, ResumeReader, SecretStore, Task, TextModel,
    Typesetter, VectorIndex,
};
use internflow_net::Net;
use internflow_store::Store;
use internflow_store::activity::NewTask;
use tokio::sync::{broadcast, watch};

pub use queue::Queue;

/// The engines behind the ports. None of them is started before it is needed.
#[derive(Clone)]
pub struct Engines {
    pub text: Arc<dyn TextModel>,
    pub embedder: Arc<dyn Embedder>,
    /// The processes of these two.
    pub text_process: Arc<dyn EngineProcess>,
    pub embedder_process: Arc<dyn EngineProcess>,
    pub index: Arc<dyn VectorIndex>,
    pub typesetter: Arc<dyn Typesetter>,
    /// Reads a profile out of a file.
    pub reader: Arc<dyn ProfileReader>,
    /// Reads a résumé as an applicant tracking system does.
    pub tracking: Arc<dyn ResumeReader>,
    /// The operating system's keyring.
    pub secrets: Arc<dyn SecretStore>,
}

impl Engines {
    /// None of them is there.
    pub fn absent() -> Self {
        let absent = || Arc::new(Absent);
        Self {
            text: absent(),
            embedder: absent(),
            text_process: absent(),
            embedder_process: absent(),
            index: absent(),
            typesetter: absent(),
            reader: absent(),
            tracking: absent(),
            secrets: absent(),
        }
    }
}

/// Where things are and what time it is.
#[derive(Clone)]
pub struct Config {
    /// Database, index, logs and exports. Created when absent.
    pub data_dir: PathBuf,
    /// One folder a model. May be shared between data folders.
    pub models_dir: PathBuf,
    pub clock: fn() -> SystemTime,
    /// Work that an earlier run left in the queue is done, after what is asked for now.
    pub resumes: bool,
    /// What `doctor` says about the machine, given the data folder. Blocking.
    pub machine: fn(&Path) -> Vec<Check>,
    /// What the machine runs on, and how it is connected. Blocking.
    pub supply: fn() -> settings::Supply,
    /// An address of this machine under which all hosts of job boards are asked instead, for tests.
    pub boards_through: Option<String>,
    /// Hosts that are asked there are asked as fast as they answer, for measurements.
    pub boards_unpaced: bool,
    /// Client id of the GitHub App that this build signs in with, if it was built with one.
    pub github_client_id: Option<String>,
}

/// The data folder, held by this process until it is dropped.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Creates the folder when absent and takes its lock: two processes on one database would each
    /// believe that the other's running tasks are left over from a crash.
    pub fn open(path: &Path) -> Result<Self> {
        let shown = path.display();
        create_private(path).with_context(|| {
            format!(
                "The data folder {shown} can't be created. Choose another with --data-dir, or free the disk"
            )
        })?;
        let lock = File::options().create(true).truncate(false).write(true).open(path.join("lock")).with_context(
            || format!("The data folder {shown} can't be written. Is the disk read-only or full? Choose another with --data-dir"),
        )?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => bail!(
                "The data folder {shown} is in use by another InternFlow. Close its window or wait for the other \
                 command to end, or use another folder with --data-dir."
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).context(format!("The data folder {shown} can't be locked"))
            }
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Creates a folder that only its user may look into, also on a machine that several share. One that is there stays as it
/// is: its user made it so.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path)
}

/// The running core. Cheap to clone; all clones are one core.
#[derive(Clone)]
pub struct Core {
    pub(crate) store: Store,
    pub(crate) engines: Engines,
    pub(crate) config: Config,
    pub(crate) events: broadcast::Sender<Event>,
    pub(crate) signals: queue::Signals,
    pub(crate) account: account::State,
    /// Held while the sign-in of an earlier run is looked for: two sessions with one refresh token would
    /// sign each other out.
    pub(crate) restoring: Arc<tokio::sync::Mutex<()>>,
    /// The API key of the user's own model where there is no keyring.
    pub(crate) model_key: outside::State,
    /// Whether the last backup could be made.
    pub(crate) backups: data::backup::State,
    net: Arc<OnceLock<Net>>,
    /// Seconds since 1970 UTC.
    pub(crate) started_at: i64,
    pub(crate) folder: Arc<DataFolder>,
}

impl Core {
    /// Opens the database and starts the queue. The second value runs the queue's work: keep it, and
    /// call [`Queue::stop`] before the process ends.
    pub async fn start(folder: DataFolder, config: Config, engines: Engines) -> Result<(Self, Queue)> {
        let now = seconds(config.clock);
        data::settle(folder.path(), now).await?;
        let backups = watch::Sender::new(None);
        let backed_up = data::backup::before_update(folder.path(), now).await;
        data::backup::note(&backups, backed_up);
        let store = Store::open(&folder.path().join("internflow.db")).await.with_context(|| {
            format!(
                "What is in {} can't be used. `internflow-cli data backups` lists what you can go back to",
                folder.path().display()
            )
        })?;
        let (events, _) = broadcast::channel(256);
        let signals = queue::Signals::new();
        let (account, restoring, net) = (account::state(), Arc::default(), Arc::default());
        let model_key = outside::state();
        let folder = Arc::new(folder);
        let core = Self {
            store,
            engines,
            config,
            events,
            signals,
            account,
            restoring,
            model_key,
            backups,
            net,
            started_at: now,
            folder,
        };
        let left_over = core.store.recover_tasks(core.started_at).await?;
        if left_over > 0 {
            tracing::info!(left_over, "tasks of the last run go back into the queue");
        }
        // Before anything runs; a single command in the terminal does not begin with everything's index.
        if core.config.resumes
            && let Err(error) = index::renew(&core).await
        {
            tracing::warn!(error = format!("{error:#}"), "the index stays as an earlier version made it");
        }
        let queue = Queue::start(&core);
        Ok((core, queue))
    }

    /// What changes from now on. A receiver that lags has lost events and should fetch everything again.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Seconds since 1970 UTC.
    pub(crate) fn now(&self) -> i64 {
        seconds(self.config.clock)
    }

    /// When work is asked for, in seconds since 1970 UTC. Never before this run began, also when somebody sets the
    /// clock back meanwhile: it would be taken for what an earlier run left behind, and a single command in the
    /// terminal would wait for it for ever.
    pub(crate) fn asked_at(&self) -> i64 {
        self.now().max(self.started_at)
    }

    /// Puts a task into the queue, or finds the open one with the same key, and tells everybody.
    pub(crate) async fn enqueue(&self, task: &NewTask) -> Result<Task> {
        let id = self.store.enqueue(task, self.asked_at()).await?;
        self.signals.wake();
        self.announce("tasks");
        self.store.task(id).await?.context("the queued task is gone")
    }

    pub(crate) fn announce(&self, topic: impl Into<String>) {
        // No receiver is no error: the terminal host may not be listening.
        let _ = self.events.send(Event::changed(topic));
    }

    /// Closes the database and does what waited for that; call after [`Queue::stop`].
    pub async fn close(&self) {
        account::settle(self).await;
        self.store.close().await;
        if let Err(error) = data::settle(&self.config.data_dir, self.now()).await {
            tracing::error!(
                error = format!("{error:#}"),
                "the data folder is put in order at the next start"
            );
        }
    }
}

fn seconds(clock: fn() -> SystemTime) -> i64 {
    clock().duration_since(UNIX_EPOCH).map(|d| d.as_secs() as i64).unwrap_or(0)
}

/// "1 file", "2 files".
pub(crate) fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// Text without white space, to compare code that is laid out in different ways.
pub(crate) fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Runs blocking work (git, parsing, typesetting) off the runtime's threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    // What it logs belongs to who asked for it.
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work))
        .await
        .context("the work panicked; the log names the place")?
}
