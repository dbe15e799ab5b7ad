//! What a worker is started with, and how patient its supervisor is.

use std::path::PathBuf;
use std::time::Duration;

/// How to start one worker.
#[derive(Debug, Clone)]
pub struct WorkerConfig {
    /// The `internflow-inference-worker` executable.
    pub executable: PathBuf,
    /// Component name in the log ("text-model").
    pub name: String,
    /// Threads it computes with, at least 1. More than there are cores makes it many times slower.
    pub threads: usize,
    /// Without a request for this long, the process is ended and its memory given back.
    pub idle_unload: Duration,
    /// Bytes of memory that a new process can have; `None` where that is not known, and then every model is started.
    pub free_memory: fn() -> Option<u64>,
    pub limits: Limits,
}

impl WorkerConfig {
    /// The usual patience, ten minutes until an idle worker is unloaded, and no look at the memory.
    pub fn new(executable: PathBuf, name: impl Into<String>, threads: usize) -> Self {
        Self {
            executable,
            name: name.into(),
            threads,
            idle_unload: Duration::from_secs(600),
            free_memory: || None,
            limits: Limits::default(),
        }
    }
}

/// How long a supervisor waits before it acts, and how often it starts a worker that dies.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Longest silence of a living worker, which sends a heartbeat every second.
    pub heartbeat: Duration,
    /// Longest a worker may go on with a request after its cancel.
    pub cancel: Duration,
    /// Longest a model may load.
    pub load: Duration,
    /// Longest a request may take. The worker stops it by itself; a little later it is killed.
    pub request: Duration,
    /// Deaths within `window` after which no worker is started until the window has passed.
    pub deaths: usize,
    pub window: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            heartbeat: Duration::from_secs(15),
            cancel: Duration::from_millis(200),
            load: Duration::from_secs(180),
            request: Duration::from_secs(900),
            deaths: 3,
            window: Duration::from_secs(60),
        }
    }
}
