//! Nothing is asked of a model whose files are not the catalogue's, byte for byte.

use std::ops::Range;
use std::path::PathBuf;

use async_trait::async_trait;
use internflow_domain::{Embedder, EngineError, TextAnswer, TextModel, TextRequest};
use internflow_net::catalog::CatalogModel;
use internflow_net::models::ensure_verified;

/// Which files to compare, and where they are.
#[derive(Clone)]
pub(crate) struct Check {
    model: CatalogModel,
    models_dir: PathBuf,
}

impl Check {
    pub(crate) fn new(model: CatalogModel, models_dir: PathBuf) -> Self {
        Self { model, models_dir }
    }

    /// Cheap when the files have not changed since they were last hashed.
    async fn run(&self) -> Result<(), EngineError> {
        let Self { model, models_dir } = self.clone();
        let checked = tokio::task::spawn_blocking(move || ensure_verified(&model, &models_dir)).await;
        checked.map_err(|error| EngineError::Failed(error.to_string()))?.map(|_| ())
    }
}

/// An engine whose model is checked before each request.
pub(crate) struct Verified<E> {
    engine: E,
    check: Check,
}

impl<E> Verified<E> {
    pub(crate) fn new(engine: E, check: Check) -> Self {
        Self { engine, check }
    }
}

#[async_trait]
impl<E: TextModel> TextModel for Verified<E> {
    async fn generate(&self, request: TextRequest) -> Result<TextAnswer, EngineError> {
        self.check.run().await?;
        self.engine.generate(request).await
    }

    async fn generate_in_pieces(
        &self,
        request: TextRequest,
        so_far: &(dyn for<'t> Fn(&'t str) + Send + Sync),
    ) -> Result<TextAnswer, EngineError> {
        self.check.run().await?;
        self.engine.generate_in_pieces(request, so_far).await
    }

    async fn score(&self, prefix: String, continuations: Vec<String>) -> Result<Vec<f32>, EngineError> {
        self.check.run().await?;
        self.engine.score(prefix, continuations).await
    }

    async fn contrast(
        &self,
        prefix: String,
        text: String,
        edits: Vec<(Range<usize>, String)>,
        lines: Option<u32>,
    ) -> Result<Vec<f32>, EngineError> {
        self.check.run().await?;
        self.engine.contrast(prefix, text, edits, lines).await
    }

    fn name(&self) -> String {
        self.engine.name()
    }
}

#[async_trait]
impl<E: Embedder> Embedder for Verified<E> {
    async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EngineError> {
        self.check.run().await?;
        self.engine.embed(texts).await
    }

    fn dimension(&self) -> usize {
        self.engine.dimension()
    }

    fn version(&self) -> String {
        self.engine.version()
    }
}
