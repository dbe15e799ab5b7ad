//! The vector index: one LanceDB table of chunk ids and vectors, searched exactly.
//!
//! The index holds nothing that SQLite does not hold; whoever gets an error from it may call
//! [`VectorIndex::reset`] and fill it again. LanceDB's commits survive a killed process but not a power
//! cut (manifests are not synced), which is why nothing here is the truth.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Int64Type};
use arrow_array::{FixedSizeListArray, Int64Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use async_trait::async_trait;
use futures::TryStreamExt;
use internflow_domain::{EngineError, VectorIndex, VectorRow};
use lancedb::query::{ExecutableQuery, QueryBase, Select};
use lancedb::{DistanceType, Table};

const TABLE: &str = "chunk";

/// The index in one folder, for vectors of one length.
#[derive(Debug, Clone)]
pub struct LanceIndex {
    folder: PathBuf,
    dimension: usize,
}

impl LanceIndex {
    /// Nothing is opened or created before the first use.
    pub fn new(folder: PathBuf, dimension: usize) -> Self {
        Self { folder, dimension }
    }

    fn schema(&self) -> Arc<Schema> {
        let item = Arc::new(Field::new("item", DataType::Float32, true));
        Arc::new(Schema::new(vec![
            Field::new("chunk_id", DataType::Int64, false),
            Field::new("repository_id", DataType::Int64, false),
            Field::new("vector", DataType::FixedSizeList(item, self.dimension as i32), false),
        ]))
    }

    /// Opens the table, or creates it empty. Opening costs about a millisecond and keeps no state here
    /// that could disagree with the folder.
    async fn table(&self) -> Result<Table, EngineError> {
        let address = self
            .folder
            .to_str()
            .ok_or_else(|| EngineError::Failed("the index folder's name is not Unicode".into()))?;
        let db = lancedb::connect(address).execute().await.map_err(failed)?;
        let names = db.table_names().execute().await.map_err(failed)?;
        if names.iter().any(|name| name == TABLE) {
            db.open_table(TABLE).execute().await.map_err(failed)
        } else {
            db.create_empty_table(TABLE, self.schema()).execute().await.map_err(failed)
        }
    }

    fn batch(&self, rows: &[VectorRow]) -> Result<RecordBatch, EngineError> {
        if let Some(row) = rows.iter().find(|row| row.vector.len() != self.dimension) {
            let found = row.vector.len();
            return Err(EngineError::Failed(format!(
                "a vector has {found} floats, the index takes {}",
                self.dimension
            )));
        }
        let vectors = rows.iter().map(|row| Some(row.vector.iter().copied().map(Some)));
        let columns: Vec<arrow_array::ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.chunk_id))),
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.repository_id))),
            Arc::new(FixedSizeListArray::from_iter_primitive::<Float32Type, _, _>(
                vectors,
                self.dimension as i32,
            )),
        ];
        RecordBatch::try_new(self.schema(), columns).map_err(|error| EngineError::Failed(error.to_string()))
    }
}

#[async_trait]
impl VectorIndex for LanceIndex {
    async fn upsert(&self, rows: Vec<VectorRow>) -> Result<(), EngineError> {
        if rows.is_empty() {
            return Ok(());
        }
        let table = self.table().await?;
        let ids: Vec<String> = rows.iter().map(|row| row.chunk_id.to_string()).collect();
        table.delete(format!("chunk_id IN ({})", ids.join(", ")).as_str()).await.map_err(failed)?;
        table.add(self.batch(&rows)?).execute().await.map_err(failed)?;
        Ok(())
    }

    async fn remove_repository(&self, repository_id: i64) -> Result<(), EngineError> {
        let table = self.table().await?;
        table.delete(format!("repository_id = {repository_id}").as_str()).await.map_err(failed)?;
        Ok(())
    }

    async fn search(
        &self,
        repository_id: i64,
        vector: Vec<f32>,
        limit: usize,
    ) -> Result<Vec<(i64, f32)>, EngineError> {
        let table = self.table().await?;
        let query = table.query().nearest_to(vector).map_err(failed)?;
        let found = query
            .distance_type(DistanceType::Cosine)
            .bypass_vector_index()
            .only_if(format!("repository_id = {repository_id}"))
            .select(Select::columns(&["chunk_id", "_distance"]))
            .limit(limit)
            .execute()
            .await
            .map_err(failed)?;
        let batches: Vec<RecordBatch> = found.try_collect().await.map_err(failed)?;
        let mut near = Vec::new();
        for batch in batches {
            let (Some(ids), Some(distances)) =
                (batch.column_by_name("chunk_id"), batch.column_by_name("_distance"))
            else {
                return Err(EngineError::Failed("the index answered without ids".into()));
            };
            let (ids, distances) = (ids.as_primitive::<Int64Type>(), distances.as_primitive::<Float32Type>());
            near.extend(ids.values().iter().copied().zip(distances.values().iter().copied()));
        }
        near.sort_by(|a, b| a.1.total_cmp(&b.1));
        Ok(near)
    }

    async fn count(&self) -> Result<usize, EngineError> {
        self.table().await?.count_rows(None).await.map_err(failed)
    }

    async fn reset(&self) -> Result<(), EngineError> {
        if !self.folder.exists() {
            return Ok(());
        }
        // Set aside, not deleted: what damaged it may be worth knowing. An older one makes room.
        let stamp = SystemTime::now().duration_since(UNIX_EPOCH).map(|d| d.as_millis()).unwrap_or(0);
        let aside = self.folder.with_extension(format!("damaged-{stamp}"));
        let moved = std::fs::rename(&self.folder, &aside);
        moved.map_err(|error| {
            EngineError::Failed(format!("{} can't be set aside: {error}", self.folder.display()))
        })
    }
}

fn failed(error: lancedb::Error) -> EngineError {
    EngineError::Failed(format!("the vector index: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(chunk_id: i64, repository_id: i64, vector: [f32; 3]) -> VectorRow {
        VectorRow { chunk_id, repository_id, vector: vector.to_vec() }
    }

    #[test]
    fn nearest_first_within_one_repository() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let index = LanceIndex::new(folder.path().join("index"), 3);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let rows =
                vec![row(1, 1, [1.0, 0.0, 0.0]), row(2, 1, [0.6, 0.8, 0.0]), row(3, 2, [1.0, 0.0, 0.0])];
            index.upsert(rows).await.expect("rows are written");
            let near = index.search(1, vec![1.0, 0.0, 0.0], 5).await.expect("the index answers");
            assert_eq!(
                near.iter().map(|n| n.0).collect::<Vec<_>>(),
                [1, 2],
                "code of another repository is not shown"
            );
            assert!((near[1].1 - 0.4).abs() < 1e-4, "cosine distance, not another one");

            index.upsert(vec![row(1, 1, [0.0, 0.0, 1.0])]).await.expect("a row is replaced");
            assert_eq!(index.count().await, Ok(3), "a chunk indexed again is still one row");
            let near = index.search(1, vec![1.0, 0.0, 0.0], 5).await.expect("the index answers");
            assert_eq!(near[0].0, 2, "the old vector is gone");
        });
    }

    #[test]
    fn a_damaged_index_is_an_error_and_can_be_reset() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = folder.path().join("index");
        let index = LanceIndex::new(at.clone(), 3);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            index.upsert(vec![row(1, 1, [1.0, 0.0, 0.0])]).await.expect("rows are written");
            let versions = at.join("chunk.lance/_versions");
            for entry in std::fs::read_dir(versions).expect("the table has versions") {
                std::fs::write(entry.expect("an entry").path(), b"").expect("a manifest is cut to nothing");
            }
            let asked = index.search(1, vec![1.0, 0.0, 0.0], 1).await;
            assert!(
                asked.is_err(),
                "an empty manifest, as a power cut leaves it, must not look like an empty index"
            );
            index.reset().await.expect("the damaged index is set aside");
            assert_eq!(index.count().await, Ok(0), "a new index begins empty");
        });
    }
}
