//! A panic of LanceDB as the error that it should be.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use async_trait::async_trait;
use futures::FutureExt;
use internflow_domain::{EngineError, VectorIndex, VectorRow};

/// An index whose panics are errors. LanceDB panics on some damaged files (a manifest shorter than its footer, say), and
/// only after an error does anybody think of setting the index aside.
#[derive(Debug)]
pub struct Caught<I>(pub I);

/// The index holds nothing between two calls that a panic could leave half done.
async fn caught<T>(work: impl Future<Output = Result<T, EngineError>> + Send) -> Result<T, EngineError> {
    let panicked = |_| Err(EngineError::Failed("the vector index: a file of it is damaged".into()));
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(panicked)
}

#[async_trait]
impl<I: VectorIndex> VectorIndex for Caught<I> {
    async fn upsert(&self, rows: Vec<VectorRow>) -> Result<(), EngineError> {
        caught(self.0.upsert(rows)).await
    }

    async fn remove_repository(&self, repository_id: i64) -> Result<(), EngineError> {
        caught(self.0.remove_repository(repository_id)).await
    }

    async fn remove(&self, chunk_ids: Vec<i64>) -> Result<(), EngineError> {
        caught(self.0.remove(chunk_ids)).await
    }

    async fn search(
        &self,
        repository_id: Option<i64>,
        vector: Vec<f32>,
        limit: usize,
    ) -> Result<Vec<(i64, f32)>, EngineError> {
        caught(self.0.search(repository_id, vector, limit)).await
    }

    async fn chunk_ids(&self) -> Result<Vec<i64>, EngineError> {
        caught(self.0.chunk_ids()).await
    }

    async fn settle(&self) -> Result<(), EngineError> {
        caught(self.0.settle()).await
    }

    async fn reset(&self) -> Result<(), EngineError> {
        caught(self.0.reset()).await
    }
}
