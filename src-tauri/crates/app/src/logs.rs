//! One JSON-lines log a component, so that the slow or broken one shows by itself.

mod rolling;

use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use internflow_domain::Check;
use tracing::level_filters::LevelFilter;
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use rolling::Rolling;

/// Log file by component, with the beginning of the module paths that write into it. The first that fits counts:
/// `internflow` is the beginning of every other, and the host gets what no component claims.
const COMPONENTS: [(&str, &str); 9] = [
    ("crawler", "internflow_core::jobs"),
    ("core", "internflow_core"),
    ("store", "internflow_store"),
    ("git", "internflow_git"),
    ("github", "internflow_github"),
    ("net", "internflow_net"),
    ("inference", "internflow_inference"),
    ("index", "internflow_rag"),
    ("host", "internflow"),
];
/// Lines that may wait for the disk. What comes while so many wait is lost and counted.
const WAITING: usize = 16_384;

/// Lines that were lost because the disk was too slow, by component.
static TOO_FAST: OnceLock<Vec<ErrorCounter>> = OnceLock::new();

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
    let mut counters = Vec::new();
    let mut layers = Vec::new();
    for (component, _) in COMPONENTS {
        let (writer, guard) = NonBlockingBuilder::default()
            .buffered_lines_limit(WAITING)
            .lossy(true)
            .thread_name("log")
            .finish(Rolling::new(folder, component, rolling::BYTES));
        guards.push(guard);
        counters.push(writer.error_counter());
        // The spans of all: a component's lines say for which command they are.
        let filter = FilterFn::new(move |of| {
            let own = component_of(of.target()) == Some(component);
            of.target().starts_with("internflow")
                && (of.is_span() || own && *of.level() <= LevelFilter::DEBUG)
        })
        .with_max_level_hint(LevelFilter::DEBUG);
        layers.push(tracing_subscriber::fmt::layer().json().with_writer(writer).with_filter(filter).boxed());
    }
    // INTERNFLOW_LOG=debug shows the same on the terminal.
    let terminal = std::env::var("INTERNFLOW_LOG").ok().map(|filter| {
        tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            .with_filter(EnvFilter::new(filter))
            .boxed()
    });
    layers.extend(terminal);
    if tracing_subscriber::registry().with(layers).try_init().is_ok() {
        let _ = TOO_FAST.set(counters);
    }
    Ok(Logs { _guards: guards })
}

/// What `doctor` says about the logs.
pub(crate) fn check() -> Check {
    let too_fast: usize = TOO_FAST.get().into_iter().flatten().map(ErrorCounter::dropped_lines).sum();
    let lost = rolling::lost() + too_fast as u64;
    let ok = lost == 0;
    let found = if ok { "written".to_owned() } else { format!("{lost} lines could not be written") };
    let mend = if ok { "" } else { "Free some space on the disk of the data folder. Nothing else is lost." };
    Check { name: "Logs".into(), ok, found, mend: mend.into() }
}

fn component_of(target: &str) -> Option<&'static str> {
    COMPONENTS.iter().find(|(_, beginning)| target.starts_with(beginning)).map(|(component, _)| *component)
}
