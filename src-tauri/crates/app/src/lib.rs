//! Puts the real engines behind the ports. The only crate that knows all of them.
//!
//! A host calls [`start`] with its [`Places`], uses the [`Core`], and calls [`Running::stop`] on exit.

mod logs;
mod machine;
mod reader;
mod secrets;
mod supply;
mod tracking;
mod verified;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use internflow_core::{Config, Core, DataFolder, Engines, Queue};
use internflow_inference::{Need, WorkerConfig};
use internflow_net::catalog;
use internflow_rag::{Caught, LanceIndex, Place};
use internflow_resume::Documents;

/// Text model and embedder of the catalogue that this version of the app works with.
const TEXT_MODEL: &str = "qwen2.5-coder-1.5b-instruct-q4_k_m";
const EMBEDDER: &str = "all-minilm-l6-v2";
/// Floats in a vector of [`EMBEDDER`].
const DIMENSION: usize = 384;
/// Longest prompt and answer together; what is longer is not sent.
const CONTEXT_TOKENS: u32 = 8192;
/// A model that was not asked for this long gives its memory back.
const IDLE: Duration = Duration::from_secs(5 * 60);

/// Where this run of the app reads and writes.
#[derive(Debug, Clone)]
pub struct Places {
    pub data_dir: PathBuf,
    pub models_dir: PathBuf,
    /// The executable of the inference workers.
    pub worker: PathBuf,
    /// Where the search index lies.
    pub index: Place,
}

impl Places {
    /// The usual places. `data_dir` replaces the data folder, and with it the models folder; the
    /// environment variables `INTERNFLOW_DATA_DIR` and `INTERNFLOW_MODELS` do the same one by one, and
    /// `INTERNFLOW_INDEX` for the search index: a folder or the address of an object store.
    pub fn find(data_dir: Option<PathBuf>) -> Result<Self> {
        let from_env = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let data_dir = match data_dir.or_else(|| from_env("INTERNFLOW_DATA_DIR")) {
            Some(folder) => folder,
            None => directories::ProjectDirs::from("in", "internflow", "InternFlow")
                .context("This machine tells no home folder. Name a data folder with --data-dir.")?
                .data_dir()
                .to_owned(),
        };
        let models_dir = from_env("INTERNFLOW_MODELS").unwrap_or_else(|| data_dir.join("models"));
        let data_dir = std::path::absolute(data_dir)?;
        let index = match std::env::var("INTERNFLOW_INDEX").ok().filter(|value| !value.is_empty()) {
            Some(address) => {
                Place::parse(&address).map_err(anyhow::Error::msg).context("INTERNFLOW_INDEX")?
            }
            None => Place::Folder(data_dir.join("index")),
        };
        let models_dir = std::path::absolute(models_dir)?;
        Ok(Self { data_dir, models_dir, worker: worker_executable()?, index })
    }
}

/// The app, running.
pub struct Running {
    pub core: Core,
    queue: Queue,
    _logs: logs::Logs,
}

impl Running {
    /// Stops all work (it goes back into the queue), ends the workers, closes the database.
    pub async fn stop(self) {
        self.queue.stop().await;
        self.core.close().await;
    }
}

/// What becomes of work that an earlier run left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leftovers {
    /// For a host that stays: it goes on in the background.
    Resume,
    /// For one command: whoever waits for it does not wait for that, too. It stays in the queue.
    Leave,
}

/// Starts the core with the real engines. Needs a running multi-thread tokio runtime. No engine is
/// loaded yet.
pub async fn start(places: Places, leftovers: Leftovers) -> Result<Running> {
    internflow_net::install_tls();
    let folder = DataFolder::open(&places.data_dir)?;
    let logs = logs::start(&places.data_dir.join("logs"))?;
    let engines = engines(&places)?;
    let config = Config {
        data_dir: places.data_dir,
        models_dir: places.models_dir,
        clock: SystemTime::now,
        resumes: leftovers == Leftovers::Resume,
        machine: machine::checks,
        supply: supply::now,
        boards_through: std::env::var("INTERNFLOW_BOARDS_THROUGH").ok().filter(|value| !value.is_empty()),
        boards_unpaced: std::env::var_os("INTERNFLOW_BOARDS_UNPACED").is_some(),
        // Not a secret: the device flow has none.
        github_client_id: option_env!("INTERNFLOW_GITHUB_CLIENT_ID").map(str::to_owned),
    };
    let (core, queue) = Core::start(folder, config, engines).await?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
    Ok(Running { core, queue, _logs: logs })
}

fn engines(places: &Places) -> Result<Engines> {
    let model =
        |id: &str| catalog::model(id).with_context(|| format!("models/catalog.toml has no model {id}"));
    let (text, embedder) = (model(TEXT_MODEL)?, model(EMBEDDER)?);
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get()).min(8);
    let worker = |name: &str, threads| {
        let mut config = WorkerConfig::new(places.worker.clone(), name, threads);
        config.idle_unload = IDLE;
        config.free_memory = machine::free_memory;
        // A pass of the embedder that has begun takes longer than 200 ms to leave; killing it costs more.
        config.limits.cancel = Duration::from_secs(1);
        config
    };
    let text_folder = internflow_net::models::folder(&text, &places.models_dir);
    let text_file = text_folder.join(&text.files.first().context("a model without files")?.name);
    let embedder_folder = internflow_net::models::folder(&embedder, &places.models_dir);
    // Both with all threads: the core keeps the index waiting while the text model writes.
    let embed = internflow_inference::embedder(
        worker("embedder", threads),
        embedder_folder,
        DIMENSION,
        EMBEDDER.into(),
    );
    let write = internflow_inference::text_model(worker("text-model", threads), text_file, CONTEXT_TOKENS);
    let (text_process, embedder_process) = (write.watch(), embed.watch());
    let verified = |model| verified::Check::new(model, places.models_dir.clone());
    Ok(Engines {
        text: Arc::new(verified::Verified::new(write, verified(text))),
        embedder: Arc::new(verified::Verified::new(embed, verified(embedder))),
        text_process: Arc::new(text_process),
        embedder_process: Arc::new(embedder_process),
        index: Arc::new(Caught(LanceIndex::new(places.index.clone(), DIMENSION))),
        typesetter: Arc::new(Documents::new()),
        reader: Arc::new(reader::Files),
        tracking: Arc::new(tracking::TrackingSystem),
        secrets: Arc::new(secrets::Keyring),
    })
}

/// Bytes of memory that the text model takes at most.
fn text_model_memory() -> Option<u64> {
    Some(Need::of_text(CONTEXT_TOKENS).bytes(catalog::model(TEXT_MODEL)?.bytes()))
}

/// Beside this executable; in a development tree tests run one folder deeper.
fn worker_executable() -> Result<PathBuf> {
    let name = format!("internflow-inference-worker{}", std::env::consts::EXE_SUFFIX);
    let me = std::env::current_exe().context("this program can't find itself")?;
    let folder = me.parent().unwrap_or(Path::new("."));
    let candidates = [folder.join(&name), folder.join("..").join(&name)];
    match candidates.into_iter().find(|path| path.is_file()) {
        Some(path) => Ok(path),
        None => bail!(
            "{name} is not beside {}. Install InternFlow again, or build it with `cargo build --workspace`.",
            me.display()
        ),
    }
}
