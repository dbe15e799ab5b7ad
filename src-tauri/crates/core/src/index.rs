//! Indexing: the pieces of a repository's files, their words and their vectors.
//!
//! Words first: a name can be looked for as soon as the files are read. Vectors come after, a batch at a
//! time, and go to SQLite before they go to the vector index, which can be thrown away and filled again at
//! any time, and is whenever it fails.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use anyhow::{Context, Result};
use internflow_code::{CHUNKER, Language, chunks, mask_secrets, readable, skip_reason, split_words};
use internflow_domain::{EngineError, Repository, Skipped, Task, VectorRow};
use internflow_git::{Repo, TreeFile};
use internflow_store::activity::{Claimed, NewTask};
use internflow_store::search::{ChunkRow, IndexedFile, Words};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::api::Id;
use crate::queue::Meter;
use crate::repositories::OfRepository;
use crate::{Core, authors, authorship, blocking, repositories, search};

pub(crate) const TASK: &str = "index";

/// Setting: chunker and embedder that made what is in the index.
const MADE_WITH: &str = "index_made_with";

/// Chunks embedded in one request: small enough that cancelling is quick.
pub(crate) const BATCH: usize = 16;
/// Rows written to the vector index at once: each write is a version of the table.
const ROWS: u32 = 512;

#[derive(Serialize, Deserialize)]
struct Payload {
    repository_id: i64,
}

/// Queues an index of the repository as it is now.
pub async fn start(core: &Core, args: Id) -> Result<Task> {
    let repository = repositories::refresh(core, args).await?;
    let id = enqueue(core, &repository).await?;
    core.store.task(id).await?.context("the queued task is gone")
}

/// The files that are not searched, and why.
pub async fn left_out(core: &Core, args: OfRepository) -> Result<Vec<Skipped>> {
    core.store.left_out(args.repository_id).await
}

pub(crate) async fn enqueue(core: &Core, repository: &Repository) -> Result<i64> {
    let task = NewTask {
        kind: TASK,
        title: format!("Index {}", repository.name),
        dedupe: format!("index:{}", repository.id),
        payload: serde_json::to_string(&Payload { repository_id: repository.id })?,
    };
    Ok(core.enqueue(&task).await?.id)
}

/// Once at each start: what an earlier version of the app cut or embedded in another way is made anew in the
/// background. Meanwhile the old pieces are found, by their words also where the vectors are of another model.
pub(crate) async fn renew(core: &Core) -> Result<()> {
    let (chunker, embedder) = (CHUNKER, core.engines.embedder.version());
    let now = format!("{chunker} {embedder}");
    let Some(before) = core.store.setting(MADE_WITH).await? else {
        return core.store.set_setting(MADE_WITH, &now).await;
    };
    if before == now {
        return Ok(());
    }
    tracing::info!(before, now, "the index is made anew");
    let (old_chunker, old_embedder) = before.split_once(' ').unwrap_or_default();
    if old_chunker != chunker {
        core.store.read_all_again().await?;
    }
    if old_embedder != embedder {
        empty(core).await?;
    }
    refill(core).await?;
    // Last: a start that is cut off before this does it again.
    core.store.set_setting(MADE_WITH, &now).await
}

pub(crate) async fn run(core: &Core, claimed: &Claimed) -> Result<()> {
    let payload: Payload = serde_json::from_str(&claimed.payload)?;
    let repository = repositories::one(core, payload.repository_id).await?;
    let mut meter = Meter::new(core, claimed, None);
    // Again when the repository went on meanwhile: whoever asked then was told that it is being read.
    loop {
        let head = read(core, &repository, &mut meter).await?;
        core.announce(format!("index:{}", repository.id));
        // For folders of this computer; what is synced was measured then.
        authorship::measure(core, &repository, &mut meter).await?;
        heal(core).await?;
        let placed = place(core, &repository, &mut meter).await;
        // Last: in a long history each file takes a while, and only the search for one's own code asks. Also
        // without the embedder, whose model may not be here.
        authors::read(core, &repository, head.as_deref(), &mut meter).await?;
        placed?;
        core.announce(format!("index:{}", repository.id));
        if head == self::head(&repository).await? && core.store.unplaced_count(repository.id).await? == 0 {
            break;
        }
    }
    let mut tx = core.store.begin().await?;
    if internflow_store::activity::complete(&mut tx, claimed, core.now()).await? {
        tx.commit().await?;
    }
    Ok(())
}

async fn head(repository: &Repository) -> Result<Option<String>> {
    let path = repository.path.clone();
    blocking(move || Ok(Repo::open(Path::new(&path))?.head()?.sha)).await
}

/// Cuts the files of HEAD that changed; returns the commit.
async fn read(core: &Core, repository: &Repository, meter: &mut Meter<'_>) -> Result<Option<String>> {
    let path = repository.path.clone();
    let (head, files) = blocking(move || {
        let repo = Repo::open(Path::new(&path))?;
        let head = repo.head()?.sha;
        let files = head.as_deref().map(|head| repo.files(head)).transpose()?.unwrap_or_default();
        Ok((head, files))
    })
    .await?;
    let known = core.store.indexed_files(repository.id).await?;
    let here: HashSet<&String> = files.iter().map(|file| &file.path).collect();
    let gone: Vec<String> = known.keys().filter(|path| !here.contains(path)).cloned().collect();
    let stale: Vec<&TreeFile> =
        files.iter().filter(|file| known.get(&file.path) != Some(&file.blob)).collect();
    if !gone.is_empty() || !stale.is_empty() {
        // From here to the end the chunks are of two commits.
        core.store.set_indexed_commit(repository.id, None).await?;
        core.store.remove_indexed(repository.id, &gone).await?;
    }
    meter.begin(stale.len() as u32);
    for file in stale {
        meter.report(format!("Reading {}", file.path)).await?;
        cut(core, repository, file).await?;
        meter.advance();
    }
    core.store.set_indexed_commit(repository.id, head.as_deref()).await?;
    Ok(head)
}

/// Cuts one file into chunks and stores them with their words, or else why it has none.
async fn cut(core: &Core, repository: &Repository, file: &TreeFile) -> Result<()> {
    let (path, repository_path, blob) = (file.path.clone(), repository.path.clone(), file.blob.clone());
    let repository_id = repository.id;
    let (file, rows) = blocking(move || {
        let bytes = Repo::open(Path::new(&repository_path))?.blob(&blob)?;
        let written = String::from_utf8_lossy(bytes.as_deref().unwrap_or_default());
        let text = readable(&path, &written);
        let language = Language::of(&path, text.lines().next().unwrap_or(""));
        let mut left_out = why_left_out(&path, bytes.as_deref(), &text);
        let pieces = match language {
            // Masked before it is cut: a key that goes over the edge of a chunk has no beginning in the next one.
            Some(language) if left_out.is_none() => chunks(language, &mask_secrets(&text)),
            _ => Vec::new(),
        };
        if pieces.is_empty() {
            left_out.get_or_insert_with(|| "empty".to_owned());
        }
        let row = |chunk: internflow_code::Chunk| {
            let words = Words {
                name: chunk.symbol.as_deref().map(search::plain).filter(|name| !name.is_empty()),
                symbol: split_words(chunk.symbol.as_deref().unwrap_or("")),
                path: split_words(&path),
                text: split_words(&chunk.text),
            };
            let mut row = ChunkRow {
                id: 0,
                repository_id,
                path: path.clone(),
                symbol: chunk.symbol,
                start_line: chunk.start_line.into(),
                end_line: chunk.end_line.into(),
                text: chunk.text,
                text_hash: String::new(),
            };
            row.text_hash = text_hash(&described(&row));
            (row, words)
        };
        let rows = pieces.into_iter().map(row).collect();
        let language = language.map(|language| language.name().to_owned());
        Ok((IndexedFile { path, blob, language, left_out }, rows))
    })
    .await?;
    core.store.replace_chunks(repository.id, &file, rows).await
}

/// Why a file is not cut, in words for the user. `bytes` is `None` for what is larger than git's room reads.
fn why_left_out(path: &str, bytes: Option<&[u8]>, text: &str) -> Option<String> {
    let Some(bytes) = bytes else {
        // What its path says of it tells more than its size; a smaller notebook would be read.
        let by_path = skip_reason(path, Some(""), 0).filter(|reason| reason != "notebook");
        return Some(by_path.unwrap_or_else(|| "larger than 1 MB".to_owned()));
    };
    // Not the size of the file: a notebook is larger by what it put out.
    skip_reason(path, Some(text), text.len()).or_else(|| bytes.contains(&0).then(|| "binary".to_owned()))
}

/// Embeds what has no vector yet and puts it into the vector index. What was embedded before is not again.
async fn place(core: &Core, repository: &Repository, meter: &mut Meter<'_>) -> Result<()> {
    let missing = core.store.unplaced_count(repository.id).await?;
    meter.begin(missing);
    loop {
        let rows = core.store.unplaced(repository.id, ROWS).await?;
        if rows.is_empty() {
            return match missing {
                0 => Ok(()),
                _ => Ok(core.engines.index.settle().await?),
            };
        }
        let vectors = embed(core, &rows, meter).await?;
        let vector_row = |row: &ChunkRow| {
            let vector = vectors.get(&row.text_hash)?.clone();
            Some(VectorRow { chunk_id: row.id, repository_id: row.repository_id, vector })
        };
        let placed = rows.iter().filter_map(vector_row).collect();
        if let Err(error) = core.engines.index.upsert(placed).await {
            tracing::warn!(%error, "the vector index is set aside and filled again");
            empty(core).await?;
            // This one goes on here; a second failure in a row is told, and nobody is sent round.
            let placed = rows.iter().filter_map(vector_row).collect();
            core.engines.index.upsert(placed).await?;
            refill(core).await?;
            meter.begin(core.store.unplaced_count(repository.id).await?);
        }
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        core.store.set_placed(&ids).await?;
    }
}

/// Compares the vector index with what SQLite knows to be in it: a run that was cut off, a folder that was
/// deleted or damaged leaves it behind. Rows of chunks that are gone would take the places of those that are
/// here, and are removed.
async fn heal(core: &Core) -> Result<()> {
    let there: HashSet<i64> = match core.engines.index.chunk_ids().await {
        Ok(ids) => ids.into_iter().collect(),
        Err(error) => {
            tracing::warn!(%error, "the vector index can't be read and is filled again");
            return rebuild(core).await;
        }
    };
    let known = core.store.placed_ids().await?;
    let gone: Vec<i64> = there.difference(&known).copied().collect();
    if !gone.is_empty()
        && let Err(error) = core.engines.index.remove(gone).await
    {
        tracing::warn!(%error, "the vector index takes no change and is filled again");
        return rebuild(core).await;
    }
    let lost: Vec<i64> = known.difference(&there).copied().collect();
    if !lost.is_empty() {
        tracing::warn!(lost = lost.len(), "rows of the vector index are lost and are put back");
        core.store.unplace(&lost).await?;
        refill(core).await?;
    }
    Ok(())
}

/// Empties the vector index and queues what fills it from the vectors in SQLite.
pub(crate) async fn rebuild(core: &Core) -> Result<()> {
    empty(core).await?;
    refill(core).await
}

async fn empty(core: &Core) -> Result<()> {
    core.engines.index.reset().await?;
    core.store.unplace_all().await?;
    // One that can't even be made is an error here, before anything is queued for it.
    core.engines.index.chunk_ids().await?;
    Ok(())
}

async fn refill(core: &Core) -> Result<()> {
    for repository in core.store.repositories().await? {
        enqueue(core, &repository).await?;
    }
    Ok(())
}

/// Vectors by text hash: from SQLite where the text was embedded before, else from the embedder.
async fn embed(core: &Core, rows: &[ChunkRow], meter: &mut Meter<'_>) -> Result<HashMap<String, Vec<f32>>> {
    let version = core.engines.embedder.version();
    let hashes: Vec<String> = rows.iter().map(|row| row.text_hash.clone()).collect();
    let mut vectors = core.store.vectors(&hashes, &version).await?;
    let mut seen = HashSet::new();
    let missing: Vec<&ChunkRow> = rows
        .iter()
        .filter(|row| !vectors.contains_key(&row.text_hash) && seen.insert(&row.text_hash))
        .collect();
    for batch in missing.chunks(BATCH) {
        meter.report("Learning what the code means").await?;
        let texts = batch.iter().map(|row| (row.text_hash.clone(), described(row))).collect();
        vectors.extend(learn(core, texts).await?);
        meter.add(batch.len() as u32);
    }
    Ok(vectors)
}

/// Embeds a batch of texts, each with its hash before it, and keeps their vectors. Waits while the text model writes: on
/// two cores the two would take each other's time.
pub(crate) async fn learn(core: &Core, batch: Vec<(String, String)>) -> Result<Vec<(String, Vec<f32>)>> {
    core.signals.nothing_is_written().await;
    let (hashes, texts): (Vec<String>, Vec<String>) = batch.into_iter().unzip();
    let new = core.engines.embedder.embed(texts).await?;
    if new.len() != hashes.len() {
        return Err(EngineError::Failed("the embedder answered with another number of vectors".into()).into());
    }
    let new: Vec<(String, Vec<f32>)> = hashes.into_iter().zip(new).collect();
    core.store.add_vectors(&core.engines.embedder.version(), &new).await?;
    Ok(new)
}

/// The name under which a text's vector is kept.
pub(crate) fn text_hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
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

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use internflow_store::search::IndexedFile;

    use super::*;
    use crate::testing;

    #[tokio::test]
    async fn what_another_version_cut_is_cut_again_and_found_until_then() {
        let (core, _folder) = testing::core(SystemTime::now).await;
        let id = core.store.add_repository("/shop", "shop").await.unwrap();
        let file = IndexedFile { path: "a.py".into(), blob: "b1".into(), language: None, left_out: None };
        let row = ChunkRow {
            id: 0,
            repository_id: id,
            path: "a.py".into(),
            symbol: Some("find".into()),
            start_line: 1,
            end_line: 2,
            text: "def find(): pass".into(),
            text_hash: "h".into(),
        };
        core.store.replace_chunks(id, &file, vec![(row, Words::default())]).await.unwrap();
        renew(&core).await.unwrap();
        let blob = async || core.store.indexed_files(id).await.unwrap()["a.py"].clone();
        assert_eq!(blob().await, "b1", "the first start of this version has nothing to make anew");

        core.store.set_setting(MADE_WITH, &format!("0 {}", core.engines.embedder.version())).await.unwrap();
        renew(&core).await.unwrap();
        assert_ne!(blob().await, "b1", "the file counts as changed");
        assert_eq!(
            core.store.unplaced_count(id).await.unwrap(),
            1,
            "its old piece is still there to be found"
        );
        let queued = core.store.tasks(10).await.unwrap();
        assert!(queued.iter().any(|task| task.kind == TASK), "nobody has to ask for it");
        let queued = queued.len();
        renew(&core).await.unwrap();
        assert_eq!(core.store.tasks(10).await.unwrap().len(), queued, "once is enough");
    }
}
