//! A core for tests of one room: a database of its own, a clock that the test sets, no engine, and a queue that
//! nobody works on.

use std::future::Future;
use std::ops::Range;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;
use internflow_domain::{
    Check, Embedder, EngineDoing, EngineError, EngineProcess, EngineState, Fit, Handout, HandoutFormat, Look, Profile,
    ProfileReader, ReadProfile, ResumeFormat, SecretStore, TextAnswer, TextModel, TextRequest, Typesetter, VectorIndex,
    VectorRow,
};
use tempfile::TempDir;

use crate::settings::Supply;
use crate::{Config, Core, DataFolder, Engines, Queue};

/// Keep the folder as long as the core.
pub(crate) async fn core(clock: fn() -> SystemTime) -> (Core, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    (core_in(folder.path(), clock, engines()).await, folder)
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

/// None of them answers.
pub(crate) fn engines() -> Engines {
    let none = || Arc::new(NoEngine);
    Engines {
        text: none(),
        embedder: none(),
        text_process: none(),
        embedder_process: none(),
        index: none(),
        typesetter: none(),
        reader: none(),
        secrets: none(),
    }
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

/// Fails whatever it is asked: the rooms tested with it must not ask.
struct NoEngine;

fn none<T>() -> Result<T, EngineError> {
    Err(EngineError::Failed("this test has no engine".to_owned()))
}

#[async_trait]
impl TextModel for NoEngine {
    async fn generate(&self, _: TextRequest) -> Result<TextAnswer, EngineError> {
        none()
    }

    async fn score(&self, _: String, _: Vec<String>) -> Result<Vec<f32>, EngineError> {
        none()
    }

    async fn contrast(
        &self,
        _: String,
        _: String,
        _: Vec<(Range<usize>, String)>,
        _: Option<u32>,
    ) -> Result<Vec<f32>, EngineError> {
        none()
    }

    fn name(&self) -> String {
        "none".to_owned()
    }
}

#[async_trait]
impl Embedder for NoEngine {
    async fn embed(&self, _: Vec<String>) -> Result<Vec<Vec<f32>>, EngineError> {
        none()
    }

    fn dimension(&self) -> usize {
        0
    }

    fn version(&self) -> String {
        "none".to_owned()
    }
}

impl EngineProcess for NoEngine {
    fn state(&self) -> EngineState {
        EngineState {
            doing: EngineDoing::NotRunning,
            on_trial: false,
            rests: None,
            waiting: 0,
            oldest: None,
            process_id: None,
            confined: None,
            restarts: 0,
            answered: None,
            failed: None,
            seconds: Vec::new(),
        }
    }

    fn changed(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(std::future::pending())
    }
}

#[async_trait]
impl VectorIndex for NoEngine {
    async fn upsert(&self, _: Vec<VectorRow>) -> Result<(), EngineError> {
        none()
    }

    async fn remove_repository(&self, _: i64) -> Result<(), EngineError> {
        none()
    }

    async fn remove(&self, _: Vec<i64>) -> Result<(), EngineError> {
        none()
    }

    async fn settle(&self) -> Result<(), EngineError> {
        none()
    }

    async fn search(&self, _: Option<i64>, _: Vec<f32>, _: usize) -> Result<Vec<(i64, f32)>, EngineError> {
        none()
    }

    async fn chunk_ids(&self) -> Result<Vec<i64>, EngineError> {
        none()
    }

    async fn reset(&self) -> Result<(), EngineError> {
        none()
    }
}

impl Typesetter for NoEngine {
    fn export(&self, _: &Profile, _: Look, _: ResumeFormat) -> Result<Vec<u8>, EngineError> {
        none()
    }

    fn preview(&self, _: &Profile, _: Look) -> Result<Vec<String>, EngineError> {
        none()
    }

    fn fit(&self, _: &Profile, _: Look, _: &[String]) -> Result<Fit, EngineError> {
        none()
    }

    fn missing(&self, _: &Profile) -> Vec<String> {
        Vec::new()
    }

    fn file_stem(&self, _: &Profile, _: &str) -> String {
        String::new()
    }

    fn handout(&self, _: &Handout, _: HandoutFormat) -> Result<Vec<u8>, EngineError> {
        none()
    }
}

impl ProfileReader for NoEngine {
    fn most_bytes(&self) -> usize {
        0
    }

    fn read(&self, _: &[u8]) -> Result<ReadProfile, EngineError> {
        none()
    }
}

impl SecretStore for NoEngine {
    fn get(&self, _: &str) -> Result<Option<String>, EngineError> {
        none()
    }

    fn set(&self, _: &str, _: &str) -> Result<(), EngineError> {
        none()
    }

    fn delete(&self, _: &str) -> Result<(), EngineError> {
        none()
    }
}
