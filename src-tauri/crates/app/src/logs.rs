//! One JSON-lines log a component, so that the slow or broken one shows by itself.

use std::path::Path;

use anyhow::{Context, Result};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// Log file by component, with the beginning of the module paths that write into it.
const COMPONENTS: [(&str, &str); 6] = [
    ("core", "internflow_core"),
    ("store", "internflow_store"),
    ("git", "internflow_git"),
    ("net", "internflow_net"),
    ("inference", "internflow_inference"),
    ("host", "internflow"),
];
/// Days that are kept.
const FILES: usize = 5;

/// Flushes the logs when dropped.
pub(crate) struct Logs {
    _guards: Vec<WorkerGuard>,
}

/// Starts writing logs into `folder`. A full disk loses lines, never blocks the app. Does nothing when
/// the process logs already (tests start the app many times).
pub(crate) fn start(folder: &Path) -> Result<Logs> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("The log folder {} can't be created", folder.display()))?;
    let mut guards = Vec::new();
    let mut layers = Vec::new();
    for (component, target) in COMPONENTS {
        let file = RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_prefix(component)
            .filename_suffix("jsonl")
            .max_log_files(FILES)
            .build(folder)
            .with_context(|| format!("The log of {component} can't be opened in {}", folder.display()))?;
        let (writer, guard) = tracing_appender::non_blocking(file);
        guards.push(guard);
        // `internflow` is the beginning of every other name: the host gets what no component claims.
        let mut targets = Targets::new().with_target(target, LevelFilter::DEBUG);
        if component == "host" {
            for (_, other) in COMPONENTS.iter().filter(|(name, _)| *name != "host") {
                targets = targets.with_target(*other, LevelFilter::OFF);
            }
        }
        layers.push(tracing_subscriber::fmt::layer().json().with_writer(writer).with_filter(targets).boxed());
    }
    // INTERNFLOW_LOG=debug shows the same on the terminal.
    let terminal = std::env::var("INTERNFLOW_LOG").ok().map(|filter| {
        tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            .with_filter(EnvFilter::new(filter))
            .boxed()
    });
    layers.extend(terminal);
    let _ = tracing_subscriber::registry().with(layers).try_init();
    Ok(Logs { _guards: guards })
}
