//! Indexing: chunks and vectors of a repository, and the code most like a given text.
//!
//! Text and vectors go to SQLite first, the vector index after: it can be thrown away and rebuilt at any
//! time, and is whenever it fails.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result};
use internflow_code::{Language, chunks, mask_secrets, skip_reason};
use internflow_domain::{EngineError, Repository, VectorRow};
use internflow_git::{Repo, TreeFile};
use internflow_store::activity::{Claimed, NewTask};
use internflow_store::search::ChunkRow;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::queue::Meter;
use crate::{Core, authorship, blocking, repositories};

pub(crate) const TASK: &str = "index";

/// Chunks embedded in one request: small enough that cancelling is quick.
const BATCH: usize = 16;
/// Rows written to the vector index at once: each write is a version of the table.
const ROWS: usize = 512;
/// Cosine distance above which code is not "like" the text asked about.
const FAR: f32 = 0.75;

/// Whether the user waits for the vectors.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Pace {
    AtOnce,
    /// Stands aside while the text model writes: the two would take each other's cores.
    InTheBackground,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    repository_id: i64,
}

pub(crate) async fn enqueue(core: &Core, repository: &Repository) -> Result<()> {
    if repository.commits == 0 {
        return Ok(());
    }
    let task = NewTask {
        kind: TASK,
        title: format!("Index {}", repository.name),
        dedupe: format!("index:{}", repository.id),
        payload: serde_json::to_string(&Payload { repository_id: repository.id })?,
    };
    core.store.enqueue(&task, core.now()).await?;
    core.signals.wake();
    core.announce("tasks");
    Ok(())
}

pub(crate) async fn run(core: &Core, claimed: &Claimed) -> Result<()> {
    let payload: Payload = serde_json::from_str(&claimed.payload)?;
    let repository = repositories::one(core, payload.repository_id).await?;
    let path = repository.path.clone();
    let files = blocking(move || {
        let repo = Repo::open(Path::new(&path))?;
        let Some(head) = repo.head()?.sha else { return Ok(Vec::new()) };
        repo.files(&head)
    })
    .await?;
    let mut meter = Meter::new(core, claimed, None);
    // For folders of this computer; what is synced was measured then.
    authorship::measure(core, &repository, &mut meter).await?;
    forget_gone(core, &repository, &files).await?;
    let stale = stale(core, repository.id, files).await?;
    meter.begin(stale.len() as u32);
    let mut rows = Vec::new();
    for file in stale {
        meter.report(format!("Indexing {}", file.path)).await?;
        rows.extend(index_file(core, &repository, &file, Pace::InTheBackground).await?);
        if rows.len() >= ROWS {
            put(core, std::mem::take(&mut rows)).await?;
        }
        meter.advance();
    }
    put(core, rows).await?;
    heal(core).await?;
    let mut tx = core.store.begin().await?;
    if internflow_store::activity::complete(&mut tx, claimed, core.now()).await? {
        tx.commit().await?;
    }
    Ok(())
}

/// Makes sure that these files, as the commit left them, can be found by [`related`].
pub(crate) async fn index_paths(
    core: &Core,
    repository: &Repository,
    sha: &str,
    paths: Vec<String>,
) -> Result<()> {
    let (path, sha) = (repository.path.clone(), sha.to_owned());
    let files = blocking(move || Repo::open(Path::new(&path))?.files(&sha)).await?;
    let files = files.into_iter().filter(|file| paths.contains(&file.path)).collect();
    let mut rows = Vec::new();
    for file in stale(core, repository.id, files).await? {
        rows.extend(index_file(core, repository, &file, Pace::AtOnce).await?);
    }
    put(core, rows).await
}

/// Writes rows to the vector index; an index that fails is rebuilt, these rows with it.
async fn put(core: &Core, rows: Vec<VectorRow>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    if let Err(error) = core.engines.index.upsert(rows).await {
        tracing::warn!(%error, "the vector index is set aside and rebuilt");
        rebuild(core).await?;
    }
    Ok(())
}

/// Rebuilds the vector index when it does not hold as many chunks as SQLite: a run that was cut off
/// between the two leaves it behind.
async fn heal(core: &Core) -> Result<()> {
    let mut known = 0;
    for repository in core.store.repositories().await? {
        known += core.store.chunks(repository.id).await?.len();
    }
    // Rows of replaced chunks stay behind and are never shown; half of the table may be such.
    let whole = core.engines.index.count().await.is_ok_and(|count| (known..=2 * known).contains(&count));
    if whole { Ok(()) } else { rebuild(core).await }
}

/// The chunks of the repository most like `text`, nearest first, without those of `not_in`.
pub(crate) async fn related(
    core: &Core,
    repository_id: i64,
    text: &str,
    not_in: &str,
    limit: usize,
) -> Result<Vec<ChunkRow>> {
    let vector =
        core.engines.embedder.embed(vec![text.to_owned()]).await?.pop().context("no vector for one text")?;
    let near = match core.engines.index.search(repository_id, vector.clone(), limit * 4).await {
        Ok(near) => near,
        Err(error) => {
            tracing::warn!(%error, "the vector index is set aside and rebuilt");
            rebuild(core).await?;
            core.engines.index.search(repository_id, vector, limit * 4).await?
        }
    };
    let ids: Vec<i64> = near.iter().filter(|(_, distance)| *distance <= FAR).map(|(id, _)| *id).collect();
    let mut rows = core.store.chunks_by_id(&ids).await?;
    rows.retain(|row| row.path != not_in);
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    rows.truncate(limit);
    Ok(rows)
}

/// Fills an empty index from SQLite.
async fn rebuild(core: &Core) -> Result<()> {
    core.engines.index.reset().await?;
    for repository in core.store.repositories().await? {
        let chunks = core.store.chunks(repository.id).await?;
        let hashes: Vec<String> = chunks.iter().map(|chunk| chunk.text_hash.clone()).collect();
        let vectors = core.store.vectors(&hashes, &core.engines.embedder.version()).await?;
        let rows = chunks.iter().filter_map(|chunk| {
            let vector = vectors.get(&chunk.text_hash)?.clone();
            Some(VectorRow { chunk_id: chunk.id, repository_id: repository.id, vector })
        });
        core.engines.index.upsert(rows.collect()).await?;
    }
    Ok(())
}

/// Files whose blob is not the one that was indexed.
async fn stale(core: &Core, repository_id: i64, files: Vec<TreeFile>) -> Result<Vec<TreeFile>> {
    let known = core.store.indexed_files(repository_id).await?;
    Ok(files.into_iter().filter(|file| known.get(&file.path) != Some(&file.blob)).collect())
}

async fn forget_gone(core: &Core, repository: &Repository, files: &[TreeFile]) -> Result<()> {
    let known = core.store.indexed_files(repository.id).await?;
    let gone: Vec<String> =
        known.into_keys().filter(|path| !files.iter().any(|file| &file.path == path)).collect();
    if !gone.is_empty() {
        core.store.remove_indexed(repository.id, &gone).await?;
    }
    Ok(())
}

/// Cuts one file into chunks and stores them with their vectors; returns the rows for the vector index.
async fn index_file(
    core: &Core,
    repository: &Repository,
    file: &TreeFile,
    pace: Pace,
) -> Result<Vec<VectorRow>> {
    let (path, repository_path, blob) = (file.path.clone(), repository.path.clone(), file.blob.clone());
    let pieces = blocking(move || {
        let Some(bytes) = Repo::open(Path::new(&repository_path))?.blob(&blob)? else {
            return Ok(Vec::new());
        };
        let text = String::from_utf8_lossy(&bytes);
        let language = Language::of(&path, text.lines().next().unwrap_or(""));
        match language {
            Some(language)
                if skip_reason(&path, Some(&text), bytes.len()).is_none() && !bytes.contains(&0) =>
            {
                Ok(chunks(language, &text))
            }
            _ => Ok(Vec::new()),
        }
    })
    .await?;
    let rows = pieces
        .into_iter()
        .map(|chunk| {
            let text = mask_secrets(&chunk.text);
            let text_hash = hex(&Sha256::digest(text.as_bytes()));
            ChunkRow {
                id: 0,
                repository_id: repository.id,
                path: file.path.clone(),
                symbol: chunk.symbol,
                start_line: chunk.start_line.into(),
                end_line: chunk.end_line.into(),
                text,
                text_hash,
            }
        })
        .collect();
    // Vectors first: a file counts as indexed only when all of its chunks can be found.
    let rows: Vec<ChunkRow> = rows;
    let vectors = embed(core, &rows, pace).await?;
    let rows = core.store.replace_chunks(repository.id, &file.path, &file.blob, rows).await?;
    let vector_row = |row: ChunkRow| {
        let vector = vectors.get(&row.text_hash)?.clone();
        Some(VectorRow { chunk_id: row.id, repository_id: repository.id, vector })
    };
    Ok(rows.into_iter().filter_map(vector_row).collect())
}

/// Vectors by text hash: from SQLite where the text was embedded before, else from the embedder.
async fn embed(core: &Core, rows: &[ChunkRow], pace: Pace) -> Result<HashMap<String, Vec<f32>>> {
    let version = core.engines.embedder.version();
    let hashes: Vec<String> = rows.iter().map(|row| row.text_hash.clone()).collect();
    let mut vectors = core.store.vectors(&hashes, &version).await?;
    let mut missing: Vec<&ChunkRow> =
        rows.iter().filter(|row| !vectors.contains_key(&row.text_hash)).collect();
    missing.dedup_by(|a, b| a.text_hash == b.text_hash);
    for batch in missing.chunks(BATCH) {
        if pace == Pace::InTheBackground {
            core.signals.nothing_is_written().await;
        }
        let texts = batch.iter().map(|row| described(row)).collect();
        let new = core.engines.embedder.embed(texts).await?;
        if new.len() != batch.len() {
            return Err(
                EngineError::Failed("the embedder answered with another number of vectors".into()).into()
            );
        }
        let new: Vec<(String, Vec<f32>)> = batch.iter().map(|row| row.text_hash.clone()).zip(new).collect();
        core.store.add_vectors(&version, &new).await?;
        vectors.extend(new);
    }
    Ok(vectors)
}

/// What is embedded for a chunk: its name before its text, so that a short body is found by it too.
fn described(row: &ChunkRow) -> String {
    match &row.symbol {
        Some(symbol) => format!("{symbol}\n{}", row.text),
        None => row.text.clone(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
