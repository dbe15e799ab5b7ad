//! What a worker gives up before it looks at a model file: the network, other programs, other files, other
//! processes. A parser that a hostile model takes over has then nothing to take.
//!
//! On Linux two layers of the kernel are put on top of each other, since either may be missing: Landlock
//! ([`files`]) knows paths, seccomp ([`calls`]) knows system calls. Both stay for the life of the process. Other
//! systems have nothing that a process without privileges can put on by safe calls: there the worker has the
//! rights of the user who started InternFlow, and [`Confined::words`] says so.

// With their paths, since `examples/confined` reads this file, too.
#[cfg(target_os = "linux")]
#[path = "confine/calls.rs"]
mod calls;
#[cfg(target_os = "linux")]
#[path = "confine/files.rs"]
mod files;

use std::path::Path;

/// What is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confined {
    /// For the Activity page: "Landlock ABI 7, seccomp on", or what is missing and why.
    pub words: String,
    /// All layers that InternFlow has for this system are in force.
    pub whole: bool,
}

/// Confines this process to reading what lies below `model_folder`.
///
/// To be called before the first thread is started: Landlock holds for the calling thread and those it starts. A
/// layer that the kernel lacks is told in the result and is no error. Errors are about the folder, without which
/// no model could be read, and about a thread that would go free.
#[cfg(target_os = "linux")]
pub fn confine(model_folder: &Path) -> anyhow::Result<Confined> {
    // Without /proc nothing can be counted; the caller's order is then all there is.
    if let Ok(threads) = std::fs::read_dir("/proc/self/task") {
        anyhow::ensure!(threads.count() == 1, "The process has started threads before it was confined.");
    }
    let layers = [limit(), files::confine(model_folder)?, calls::confine()];
    let whole = layers.iter().all(Result::is_ok);
    let words: Vec<_> = layers
        .into_iter()
        .map(|layer| layer.unwrap_or_else(|why| why))
        .filter(|said| !said.is_empty())
        .collect();
    Ok(Confined { words: words.join(", "), whole })
}

/// See the module: nothing to put on here.
#[cfg(not(target_os = "linux"))]
pub fn confine(_model_folder: &Path) -> anyhow::Result<Confined> {
    Ok(Confined { words: format!("not confined on {}", std::env::consts::OS), whole: true })
}

/// What a layer is called when it is in force, or why it is not.
#[cfg(target_os = "linux")]
type Layer = Result<String, String>;

/// Ceilings: no core dump, which would hold what the user asked; no byte into a file; few open files. The standard
/// streams must be pipes: a write to one that is a file would end the process.
#[cfg(target_os = "linux")]
fn limit() -> Layer {
    use rustix::process::{Resource, Rlimit, setrlimit};

    // Standard streams, the model's files, and what the C library opens for a moment.
    const OPEN_FILES: u64 = 64;
    for (resource, most) in [(Resource::Core, 0), (Resource::Fsize, 0), (Resource::Nofile, OPEN_FILES)] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
            .map_err(|error| format!("no limits ({error})"))?;
    }
    Ok(String::new())
}
