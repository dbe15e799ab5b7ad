//! The vector index: one LanceDB table of chunk ids and vectors.
//!
//! Up to [`EXACT_ROWS`] rows, all or those of the one repository that is asked about, it is searched exactly, from a
//! copy in memory (`cargo xtask bench nearest`). Above that the copy would take too much of a small laptop's memory,
//! and an inverted-file index (IVF_FLAT) answers instead.
//!
//! The index holds nothing that SQLite does not hold; whoever gets an error from it may call
//! [`VectorIndex::reset`] and fill it again. LanceDB's commits survive a killed process; what was written is brought
//! to the disk here, before the caller notes it as done.

mod caught;
mod durable;
mod near;
mod place;
mod whole;

use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Int64Type};
use arrow_array::{FixedSizeListArray, Int64Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use async_trait::async_trait;
pub use caught::Caught;
use durable::Durable;
use futures::TryStreamExt;
use internflow_domain::{EngineError, VectorIndex, VectorRow};
use lance::io::ObjectStoreRegistry;
use lance::session::Session;
use lancedb::index::Index;
use lancedb::index::scalar::BTreeIndexBuilder;
use lancedb::index::vector::IvfFlatIndexBuilder;
use lancedb::query::{ExecutableQuery, QueryBase, Select};
use lancedb::table::OptimizeAction;
use lancedb::{Connection, DistanceType, Table};
use near::Near;
pub use place::Place;
use tokio::sync::watch;

const TABLE: &str = "chunk";
/// Name of the index over the vectors.
const VECTORS: &str = "vector_idx";
/// Rows up to which a copy is kept in memory: 154 MB of vectors of 384 numbers.
const EXACT_ROWS: usize = 200_000;
/// Of so many parts of the inverted file one is searched, and of a small one at least [`LEAST_PARTS`].
const ONE_PART_IN: usize = 12;
const LEAST_PARTS: usize = 20;
/// So many times more of the nearest are looked at for those of one repository.
const WIDER: usize = 4;

/// Bytes of the inverted file that are kept in memory, and of what describes the table.
const KEPT_PARTS: usize = 256 << 20;
const KEPT_METADATA: usize = 32 << 20;

/// The index in one place, for vectors of one length.
#[derive(Debug)]
pub struct LanceIndex {
    place: Place,
    dimension: usize,
    /// Rows up to which it is searched exactly.
    exact_rows: usize,
    /// What LanceDB keeps of the table between two searches: parts of the inverted file, above all.
    session: watch::Sender<Arc<Session>>,
    /// What the last search learned; forgotten after every change.
    near: watch::Sender<Kept>,
    durable: Arc<Durable>,
}

#[derive(Debug, Clone, Default)]
enum Kept {
    #[default]
    Nothing,
    Copy(Arc<Near>),
    /// This repository is too large for a copy, or all together where it is `None`.
    TooLarge(Option<i64>),
}

impl LanceIndex {
    /// Nothing is opened or created before the first use.
    pub fn new(place: impl Into<Place>, dimension: usize) -> Self {
        Self {
            place: place.into(),
            dimension,
            exact_rows: EXACT_ROWS,
            session: watch::Sender::new(session()),
            near: watch::Sender::default(),
            durable: Arc::default(),
        }
    }

    /// Searched exactly up to so many rows instead of [`EXACT_ROWS`].
    #[cfg(test)]
    fn exact_up_to(self, rows: usize) -> Self {
        Self { exact_rows: rows, ..self }
    }

    fn schema(&self) -> Arc<Schema> {
        let item = Arc::new(Field::new("item", DataType::Float32, true));
        Arc::new(Schema::new(vec![
            Field::new("chunk_id", DataType::Int64, false),
            Field::new("repository_id", DataType::Int64, false),
            Field::new("vector", DataType::FixedSizeList(item, self.dimension as i32), false),
        ]))
    }

    async fn database(&self) -> Result<Connection, EngineError> {
        if self.place.is_gone() {
            // Another table may come to lie there, with the same names and numbers of versions.
            self.session.send_replace(session());
        }
        let session = self.session.borrow().clone();
        lancedb::connect(self.place.address()?).session(session).execute().await.map_err(failed)
    }

    /// Opens the table, or creates it empty. Opening costs about a millisecond and keeps no state here
    /// that could disagree with the folder.
    async fn table(&self) -> Result<Table, EngineError> {
        self.check().await?;
        let db = self.database().await?;
        let names = db.table_names().execute().await.map_err(failed)?;
        if !names.iter().any(|name| name == TABLE) {
            return db.create_empty_table(TABLE, self.schema()).execute().await.map_err(failed);
        }
        let table = db.open_table(TABLE).execute().await.map_err(failed)?;
        let has = table.schema().await.map_err(failed)?;
        if has.fields().len() != self.schema().fields().len() {
            return Err(EngineError::Failed("the vector index: its table has lost its columns".into()));
        }
        Ok(table)
    }

    /// Nothing that LanceDB would trust is damaged, as far as a look at its footers can tell.
    async fn check(&self) -> Result<(), EngineError> {
        let Place::Folder(folder) = &self.place else { return Ok(()) };
        let versions = folder.join(format!("{TABLE}.lance")).join("_versions");
        let looked = tokio::task::spawn_blocking(move || whole::damaged(&versions)).await;
        let damaged = looked.map_err(|error| broken(&error))?.map_err(|error| broken(&error))?;
        damaged.map_or(Ok(()), |path| Err(broken(&format_args!("{} is damaged", path.display()))))
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

impl LanceIndex {
    /// The copy in memory for a search of one repository or of all, read when there is none; `None` when what is
    /// searched is too large for one.
    async fn near(&self, repository_id: Option<i64>) -> Result<Option<Arc<Near>>, EngineError> {
        // A folder that was deleted is found out here, and whoever asked fills a new one.
        let kept = if self.place.is_gone() { Kept::Nothing } else { self.near.borrow().clone() };
        match kept {
            Kept::Copy(near) if near.holds(repository_id) => return Ok(Some(near)),
            Kept::TooLarge(of) if of == repository_id || repository_id.is_none() => return Ok(None),
            _ => {}
        }
        // What is written while it is read makes it old: it is used for this search and not kept.
        let mut changes = self.near.subscribe();
        changes.mark_unchanged();
        let keep = |new: Kept| {
            self.near.send_if_modified(|kept| {
                if !changes.has_changed().unwrap_or(true) {
                    *kept = new;
                }
                // Nobody waits for it; only changes of the table are news.
                false
            })
        };
        let table = self.table().await?;
        let fits = async |of: Option<i64>| {
            let rows = table.count_rows(of.map(only)).await.map_err(failed)?;
            Ok::<bool, EngineError>(rows <= self.exact_rows)
        };
        let of = match repository_id {
            _ if fits(None).await? => None,
            Some(id) if fits(Some(id)).await? => Some(id),
            _ => {
                keep(Kept::TooLarge(repository_id));
                return Ok(None);
            }
        };
        let mut near = Near::new(self.dimension, of);
        let query = of.into_iter().fold(table.query(), |query, id| query.only_if(only(id)));
        let mut rows = query.execute().await.map_err(failed)?;
        while let Some(batch) = rows.try_next().await.map_err(failed)? {
            let ids = column(&batch, "chunk_id")?.as_primitive::<Int64Type>();
            let repositories = column(&batch, "repository_id")?.as_primitive::<Int64Type>();
            let vectors = column(&batch, "vector")?.as_fixed_size_list();
            for (row, (&id, &repository)) in ids.values().iter().zip(repositories.values()).enumerate() {
                near.add(repository, id, vectors.value(row).as_primitive::<Float32Type>().values());
            }
        }
        let near = Arc::new(near);
        keep(Kept::Copy(near.clone()));
        Ok(Some(near))
    }

    /// The nearest by the inverted file: chunk id, repository, distance.
    async fn divided(
        &self,
        table: &Table,
        vector: &[f32],
        limit: usize,
        within: Option<i64>,
    ) -> Result<Vec<(i64, i64, f32)>, EngineError> {
        let parts = table.count_rows(None).await.map_err(failed)?.isqrt();
        let query = table
            .query()
            .nearest_to(vector)
            .and_then(|query| query.nprobes((parts / ONE_PART_IN).max(LEAST_PARTS)))
            .map_err(failed)?
            .distance_type(DistanceType::Cosine)
            .select(Select::columns(&["chunk_id", "repository_id", "_distance"]))
            .limit(limit);
        let query = within.into_iter().fold(query, |query, id| query.only_if(only(id)));
        let batches: Vec<RecordBatch> =
            query.execute().await.map_err(failed)?.try_collect().await.map_err(failed)?;
        let mut found = Vec::new();
        for batch in batches {
            let ids = column(&batch, "chunk_id")?.as_primitive::<Int64Type>().values();
            let repositories = column(&batch, "repository_id")?.as_primitive::<Int64Type>().values();
            let distances = column(&batch, "_distance")?.as_primitive::<Float32Type>().values();
            let rows = ids.iter().zip(repositories).zip(distances);
            found.extend(rows.map(|((&id, &repository), &distance)| (id, repository, distance)));
        }
        found.sort_by(|a, b| a.2.total_cmp(&b.2));
        Ok(found)
    }

    /// The table is about to change, or has: the copy is not what it was copied from.
    fn forget(&self) {
        self.near.send_replace(Kept::Nothing);
    }

    /// The end of every change: what was written is on the disk. An object store sees to that itself.
    async fn changed<T>(&self, changed: lancedb::Result<T>) -> Result<(), EngineError> {
        self.forget();
        changed.map_err(failed)?;
        let Place::Folder(folder) = self.place.clone() else { return Ok(()) };
        let durable = self.durable.clone();
        let synced = tokio::task::spawn_blocking(move || durable.sync(&folder)).await;
        synced.map_err(|error| broken(&error))?.map_err(|error| broken(&error))
    }
}

#[async_trait]
impl VectorIndex for LanceIndex {
    async fn upsert(&self, rows: Vec<VectorRow>) -> Result<(), EngineError> {
        if rows.is_empty() {
            return Ok(());
        }
        let batch = self.batch(&rows)?;
        self.remove(rows.iter().map(|row| row.chunk_id).collect()).await?;
        let added = self.table().await?.add(batch).execute().await;
        self.changed(added).await
    }

    async fn remove_repository(&self, repository_id: i64) -> Result<(), EngineError> {
        let table = self.table().await?;
        let deleted = table.delete(&only(repository_id)).await;
        self.changed(deleted).await
    }

    async fn remove(&self, chunk_ids: Vec<i64>) -> Result<(), EngineError> {
        let table = self.table().await?;
        let ids: Vec<String> = chunk_ids.iter().map(i64::to_string).collect();
        let deleted = table.delete(format!("chunk_id IN ({})", ids.join(", ")).as_str()).await;
        self.changed(deleted).await
    }

    async fn search(
        &self,
        repository_id: Option<i64>,
        vector: Vec<f32>,
        limit: usize,
    ) -> Result<Vec<(i64, f32)>, EngineError> {
        if vector.len() != self.dimension {
            return Err(EngineError::Failed("a vector of another length was asked about".into()));
        }
        if let Some(near) = self.near(repository_id).await? {
            // Comparing a hundred thousand vectors takes longer than the window may wait for the runtime.
            let compared = tokio::task::spawn_blocking(move || near.search(repository_id, &vector, limit));
            return compared.await.map_err(|error| EngineError::Failed(error.to_string()));
        }
        let table = self.table().await?;
        // To leave out the others' rows LanceDB lists all that are wanted, each time. A repository that is too large
        // for a copy is most of the table: among somewhat more of the nearest there are enough of its own.
        let wide = if repository_id.is_some() { limit * WIDER } else { limit };
        let mut found = self.divided(&table, &vector, wide, None).await?;
        if let Some(id) = repository_id {
            let all = found.len();
            found.retain(|(_, repository, _)| *repository == id);
            if found.len() < limit && all >= wide {
                found = self.divided(&table, &vector, limit, repository_id).await?;
            }
        }
        found.truncate(limit);
        Ok(found.into_iter().map(|(id, _, distance)| (id, distance)).collect())
    }

    async fn chunk_ids(&self) -> Result<Vec<i64>, EngineError> {
        let query = self.table().await?.query().select(Select::columns(&["chunk_id"]));
        let batches: Vec<RecordBatch> =
            query.execute().await.map_err(failed)?.try_collect().await.map_err(failed)?;
        let mut all = Vec::new();
        for batch in batches {
            all.extend(column(&batch, "chunk_id")?.as_primitive::<Int64Type>().values());
        }
        Ok(all)
    }

    async fn settle(&self) -> Result<(), EngineError> {
        let table = self.table().await?;
        let compact = OptimizeAction::Compact { options: Default::default(), remap_options: None };
        table.optimize(compact).await.map_err(failed)?;
        let rows = table.count_rows(None).await.map_err(failed)?;
        if rows > self.exact_rows {
            self.divide(&table, rows).await?;
        }
        // A search that has begun may still read the version before.
        let prune = OptimizeAction::Prune {
            older_than: Some(chrono::TimeDelta::minutes(10)),
            delete_unverified: None,
            error_if_tagged_old_versions: None,
        };
        let pruned = table.optimize(prune).await;
        self.changed(pruned).await
    }

    async fn reset(&self) -> Result<(), EngineError> {
        self.forget();
        self.session.send_replace(session());
        match &self.place {
            Place::Folder(folder) if folder.exists() => set_aside(folder),
            Place::Folder(_) => Ok(()),
            // A copy of it would cost as much again, every month.
            Place::Store(_) => self.database().await?.drop_all_tables(&[]).await.map_err(failed),
        }
    }
}

/// Set aside, not deleted: what damaged it may be worth knowing. The one before makes room.
fn set_aside(folder: &Path) -> Result<(), EngineError> {
    let aside = folder.with_extension("damaged");
    let moved = match std::fs::remove_dir_all(&aside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => std::fs::rename(folder, &aside),
    };
    moved.map_err(|error| EngineError::Failed(format!("{} can't be set aside: {error}", folder.display())))
}

impl LanceIndex {
    /// Divides the rows into parts of like vectors, unless most of them are divided already.
    async fn divide(&self, table: &Table, rows: usize) -> Result<(), EngineError> {
        let known = table.index_stats(VECTORS).await.map_err(failed)?;
        if let Some(known) = known.filter(|known| known.num_unindexed_rows * 5 < rows) {
            if known.num_unindexed_rows > 0 {
                let add = OptimizeAction::Index(Default::default());
                table.optimize(add).await.map_err(failed)?;
            }
            return Ok(());
        }
        let vectors = IvfFlatIndexBuilder::default()
            .distance_type(DistanceType::Cosine)
            .num_partitions(rows.isqrt().try_into().unwrap_or(u32::MAX));
        let build = table.create_index(&["vector"], Index::IvfFlat(vectors)).name(VECTORS.to_owned());
        build.execute().await.map_err(failed)?;
        let filter = Index::BTree(BTreeIndexBuilder::default());
        table.create_index(&["repository_id"], filter).execute().await.map_err(failed)?;
        Ok(())
    }
}

/// True for the rows of one repository.
fn only(repository_id: i64) -> String {
    format!("repository_id = {repository_id}")
}

fn session() -> Arc<Session> {
    Arc::new(Session::new(KEPT_PARTS, KEPT_METADATA, Arc::new(ObjectStoreRegistry::default())))
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a arrow_array::ArrayRef, EngineError> {
    batch
        .column_by_name(name)
        .ok_or_else(|| EngineError::Failed(format!("the vector index answered without {name}")))
}

fn failed(error: lancedb::Error) -> EngineError {
    broken(&error)
}

fn broken(why: &dyn std::fmt::Display) -> EngineError {
    EngineError::Failed(format!("the vector index: {why}"))
}

#[cfg(test)]
mod tests;
