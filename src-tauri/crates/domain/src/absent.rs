//! The engine that is not there, behind each port: a test, or a program without models, runs the rest.

use std::future::Future;
use std::io::{self, Read};
use std::ops::Range;
use std::pin::Pin;

use async_trait::async_trait;

use crate::{
    Embedder, EngineError, EngineProcess, EngineState, Fit, Handout, HandoutFormat, Look, Profile,
    ProfileReader, ReadBack, ReadProfile, ResumeFormat, ResumeReader, SecretStore, TextAnswer, TextModel,
    TextRequest, Typesetter, VectorIndex, VectorRow,
};

/// Fails whatever it is asked.
#[derive(Debug, Clone, Copy)]
pub struct Absent;

fn absent<T>() -> Result<T, EngineError> {
    Err(EngineError::Failed("there is no such engine".to_owned()))
}

#[async_trait]
impl TextModel for Absent {
    async fn generate(&self, _: TextRequest) -> Result<TextAnswer, EngineError> {
        absent()
    }

    async fn score(&self, _: String, _: Vec<String>) -> Result<Vec<f32>, EngineError> {
        absent()
    }

    async fn contrast(
        &self,
        _: String,
        _: String,
        _: Vec<(Range<usize>, String)>,
        _: Option<u32>,
    ) -> Result<Vec<f32>, EngineError> {
        absent()
    }

    fn name(&self) -> String {
        "absent".to_owned()
    }
}

#[async_trait]
impl Embedder for Absent {
    async fn embed(&self, _: Vec<String>) -> Result<Vec<Vec<f32>>, EngineError> {
        absent()
    }

    fn dimension(&self) -> usize {
        0
    }

    fn version(&self) -> String {
        "absent".to_owned()
    }
}

impl EngineProcess for Absent {
    fn state(&self) -> EngineState {
        EngineState::default()
    }

    fn changed(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(std::future::pending())
    }
}

#[async_trait]
impl VectorIndex for Absent {
    async fn upsert(&self, _: Vec<VectorRow>) -> Result<(), EngineError> {
        absent()
    }

    async fn remove_repository(&self, _: i64) -> Result<(), EngineError> {
        absent()
    }

    async fn remove(&self, _: Vec<i64>) -> Result<(), EngineError> {
        absent()
    }

    async fn settle(&self) -> Result<(), EngineError> {
        absent()
    }

    async fn search(&self, _: Option<i64>, _: Vec<f32>, _: usize) -> Result<Vec<(i64, f32)>, EngineError> {
        absent()
    }

    async fn chunk_ids(&self) -> Result<Vec<i64>, EngineError> {
        absent()
    }

    async fn reset(&self) -> Result<(), EngineError> {
        absent()
    }
}

impl Typesetter for Absent {
    fn export(&self, _: &Profile, _: Look, _: ResumeFormat) -> Result<Vec<u8>, EngineError> {
        absent()
    }

    fn preview(&self, _: &Profile, _: Look) -> Result<Vec<String>, EngineError> {
        absent()
    }

    fn fit(&self, _: &Profile, _: Look, _: &[String], _: &[String]) -> Result<Fit, EngineError> {
        absent()
    }

    fn missing(&self, _: &Profile) -> Vec<String> {
        Vec::new()
    }

    fn file_stem(&self, _: &Profile, _: &str) -> String {
        String::new()
    }

    fn handout(&self, _: &Handout, _: HandoutFormat) -> Result<Vec<u8>, EngineError> {
        absent()
    }
}

impl ProfileReader for Absent {
    fn most_bytes(&self) -> usize {
        0
    }

    fn read(&self, _: &[u8]) -> Result<ReadProfile, EngineError> {
        absent()
    }
}

impl ResumeReader for Absent {
    fn read_back(&self, _: &mut dyn Read, _: Option<&Profile>) -> io::Result<ReadBack> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl SecretStore for Absent {
    fn get(&self, _: &str) -> Result<Option<String>, EngineError> {
        absent()
    }

    fn set(&self, _: &str, _: &str) -> Result<(), EngineError> {
        absent()
    }

    fn delete(&self, _: &str) -> Result<(), EngineError> {
        absent()
    }
}
