//! A core for tests of one room: a database of its own, a clock that the test sets, no engine, and a queue that
//! nobody works on.

use std::path::Path;
use std::time::SystemTime;

use internflow_domain::Check;
use tempfile::TempDir;

use crate::settings::Supply;
use crate::{Config, Core, DataFolder, Engines, Queue};

/// Keep the folder as long as the core.
pub(crate) async fn core(clock: fn() -> SystemTime) -> (Core, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    (core_in(folder.path(), clock, Engines::absent()).await, folder)
}

/// A core on what an earlier one left in the folder.
pub(crate) async fn core_in(folder: &Path, clock: fn() -> SystemTime, engines: Engines) -> Core {
    let (core, queue) = started(folder, clock, engines, false).await;
    queue.stop().await;
    core
}

/// A core whose queue is worked on and whose schedules run.
pub(crate) async fn running(folder: &Path, clock: fn() -> SystemTime, engines: Engines) -> (Core, Queue) {
    started(folder, clock, engines, true).await
}

async fn started(folder: &Path, clock: fn() -> SystemTime, engines: Engines, resumes: bool) -> (Core, Queue) {
    let config = Config {
        data_dir: folder.to_owned(),
        models_dir: folder.join("models"),
        clock,
        resumes,
        machine: |_: &Path| -> Vec<Check> { Vec::new() },
        supply: Supply::default,
        // Nobody listens there: no test reaches further than this machine.
        boards_through: Some("http://127.0.0.1:9".to_owned()),
        boards_unpaced: false,
        github_client_id: None,
    };
    internflow_net::install_tls();
    let data = DataFolder::open(folder).expect("the folder is ours");
    Core::start(data, config, engines).await.expect("a core")
}
