//! Looking for code: by the name of a function, by words, and by what it means.
//!
//! Three lists are joined by reciprocal rank fusion (Cormack et al. 2009), after which exact names come first.
//! Without the embedder, or while a repository is still being read, what there is answers.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use internflow_code::{Language, is_test_path, query_words};
use internflow_domain::{ApiError, CodeHit, EngineError, ErrorCode, FileText, SearchResult};
use internflow_git::Repo;
use internflow_store::search::{ChunkRow, Scope};
use serde::Deserialize;
use ts_rs::TS;

use crate::{Core, blocking, index, repositories};

/// Candidates taken from each list.
const CANDIDATES: u32 = 60;
/// Cosine distance above which code is not "like" the text asked about.
const FAR: f32 = 0.75;
/// What a test or a document counts beside code.
const BESIDE: f32 = 0.7;
/// The constant of reciprocal rank fusion, as its authors chose it.
const K: f32 = 60.0;

#[derive(Debug, Deserialize, TS)]
pub struct SearchCode {
    pub query: String,
    /// Null for all repositories.
    #[ts(type = "number | null")]
    pub repository_id: Option<i64>,
    /// Part of the path; empty for all.
    pub path: String,
    pub limit: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct OneFile {
    #[ts(type = "number")]
    pub repository_id: i64,
    pub path: String,
}

pub async fn code(core: &Core, args: SearchCode) -> Result<SearchResult> {
    let scope = Scope { repository_id: args.repository_id, path: args.path.trim().to_lowercase() };
    let found = find(core, &args.query, &scope, args.limit.clamp(1, 100) as usize).await?;
    let names: HashMap<i64, String> =
        core.store.repositories().await?.into_iter().map(|one| (one.id, one.name)).collect();
    let hits = found.chunks.into_iter().map(|row| hit(row, &names)).collect();
    Ok(SearchResult { hits, terms: found.terms, notice: found.notice })
}

/// A file as HEAD has it.
pub async fn file(core: &Core, args: OneFile) -> Result<FileText> {
    let repository = repositories::one(core, args.repository_id).await?;
    blocking(move || {
        let repo = Repo::open(Path::new(&repository.path))?;
        let sha = repo.head()?.sha.ok_or_else(|| ApiError::not_found("file"))?;
        let found = repo.files(&sha)?.into_iter().find(|file| file.path == args.path);
        let found = found.ok_or_else(|| ApiError::not_found("file"))?;
        let bytes = repo.blob(&found.blob)?.filter(|bytes| !bytes.contains(&0)).ok_or_else(|| {
            ApiError::new(ErrorCode::BadRequest, format!("{} is not text, or too large to show.", args.path))
        })?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let language = Language::of(&args.path, text.lines().next().unwrap_or(""));
        let language = language.map(|language| language.name().to_owned());
        Ok(FileText { path: args.path, sha, language, text })
    })
    .await
}

/// What was found, the best first.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) chunks: Vec<ChunkRow>,
    pub(crate) terms: Vec<String>,
    pub(crate) notice: Option<String>,
}

pub(crate) async fn find(core: &Core, query: &str, scope: &Scope, limit: usize) -> Result<Found> {
    let query = query.trim();
    let terms = query_words(query);
    let named = match query.contains(char::is_whitespace) {
        true => Vec::new(),
        false => core.store.find_symbol(query.trim_end_matches("()"), scope, CANDIDATES).await?,
    };
    if terms.is_empty() && named.is_empty() {
        return Ok(Found::default());
    }
    let by_words = core.store.find_words(&terms, scope, CANDIDATES).await?;
    let (by_meaning, notice) = match by_meaning(core, query, scope).await {
        Ok(ids) => (ids, None),
        Err(error) => (Vec::new(), Some(told(&error))),
    };
    let notice = match notice {
        None if core.store.placed_count(scope.repository_id).await? == 0 && !by_words.is_empty() => {
            Some("Found by words only so far: what the code means is still being learned.".to_owned())
        }
        notice => notice,
    };
    let scores = fused(&[&named, &by_words, &by_meaning]);
    let ids: Vec<i64> = scores.keys().copied().collect();
    let mut rows = core.store.chunks_by_id(&ids).await?;
    rows.retain(|row| scope.path.is_empty() || row.path.to_lowercase().contains(&scope.path));
    // Who looks for what does something wants the code that does it, before its tests and what is said of it.
    let score = |row: &ChunkRow| scores[&row.id] * if is_beside(&row.path) { BESIDE } else { 1.0 };
    rows.sort_by(|a, b| {
        let named = |row: &ChunkRow| named.contains(&row.id);
        named(b).cmp(&named(a)).then(score(b).total_cmp(&score(a))).then(a.id.cmp(&b.id))
    });
    rows.truncate(limit);
    Ok(Found { chunks: rows, terms, notice })
}

/// Chunks near to what the query means, nearest first.
async fn by_meaning(core: &Core, query: &str, scope: &Scope) -> Result<Vec<i64>> {
    let repositories = match scope.repository_id {
        Some(id) => vec![id],
        None => core.store.repositories().await?.into_iter().map(|one| one.id).collect(),
    };
    if core.store.placed_count(scope.repository_id).await? == 0 {
        return Ok(Vec::new());
    }
    let embedded = core.engines.embedder.embed(vec![query.to_owned()]).await?;
    let vector = embedded.into_iter().next().context("no vector for one text")?;
    let mut near = Vec::new();
    for id in repositories {
        match core.engines.index.search(id, vector.clone(), CANDIDATES as usize).await {
            Ok(found) => near.extend(found),
            Err(error) => {
                index::rebuild(core).await?;
                return Err(error.into());
            }
        }
    }
    if near.is_empty() {
        // Some vector is always the nearest: the folder of the index is gone.
        index::rebuild(core).await?;
        bail!("The index was gone.");
    }
    near.retain(|(_, distance)| *distance <= FAR);
    near.sort_by(|a, b| a.1.total_cmp(&b.1));
    near.truncate(CANDIDATES as usize);
    let ids: Vec<i64> = near.into_iter().map(|(id, _)| id).collect();
    // Rows of chunks that are gone stay in the index, and their ids may be others' by now.
    let live = core.store.placed(&ids, scope.repository_id).await?;
    Ok(ids.into_iter().filter(|id| live.contains(id)).collect())
}

/// Why meaning could not be asked about. An index that is broken is being filled again by now.
fn told(error: &anyhow::Error) -> String {
    if let Some(EngineError::ModelMissing(_)) = error.downcast_ref() {
        return "Found by words only: the model that knows meanings is not on this computer. Get it on the Models page."
            .to_owned();
    }
    tracing::warn!(error = format!("{error:#}"), "searched by words only");
    format!("Found by words only; the index is being made again. ({error:#})")
}

/// A test or a document.
fn is_beside(path: &str) -> bool {
    let language = Language::of(path, "");
    is_test_path(path) || matches!(language, Some(Language::Markdown | Language::Text) | None)
}

/// The sum of `1 / (K + rank)` over the lists an id is in.
fn fused(lists: &[&[i64]]) -> HashMap<i64, f32> {
    let mut scores: HashMap<i64, f32> = HashMap::new();
    for list in lists {
        for (rank, id) in list.iter().enumerate() {
            *scores.entry(*id).or_default() += 1.0 / (K + rank as f32 + 1.0);
        }
    }
    scores
}

fn hit(row: ChunkRow, names: &HashMap<i64, String>) -> CodeHit {
    CodeHit {
        repository: names.get(&row.repository_id).cloned().unwrap_or_default(),
        repository_id: row.repository_id,
        language: Language::of(&row.path, "").map(|language| language.name().to_owned()),
        start_line: row.start_line as u32,
        end_line: row.end_line as u32,
        text: own_lines(&row).join("\n"),
        path: row.path,
        symbol: row.symbol,
    }
}

/// The lines of the chunk as they are in the file: a later piece of a long function repeats its signature,
/// which is not at these lines.
pub(crate) fn own_lines(row: &ChunkRow) -> Vec<&str> {
    // Not `lines()`: an empty last line is one of them.
    let lines: Vec<&str> = row.text.split('\n').collect();
    let own = (row.end_line - row.start_line + 1).max(0) as usize;
    lines[lines.len().saturating_sub(own)..].to_vec()
}

/// Code of the repository that helps to judge `text`: the definition of a function that it calls, else what
/// is most like it. Not from `not_in`, the file that is looked at.
pub(crate) async fn related(
    core: &Core,
    repository_id: i64,
    text: &str,
    not_in: &str,
    limit: usize,
) -> Result<Vec<ChunkRow>> {
    let scope = Scope { repository_id: Some(repository_id), path: String::new() };
    let mut named = Vec::new();
    for name in called(text) {
        named.extend(core.store.find_symbol(name, &scope, 2).await?);
    }
    let elsewhere = async |ids: Vec<i64>| -> Result<Vec<ChunkRow>> {
        let mut rows = core.store.chunks_by_id(&ids).await?;
        rows.retain(|row| row.path != not_in);
        rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
        rows.truncate(limit);
        Ok(rows)
    };
    let rows = elsewhere(named).await?;
    if rows.is_empty() { elsewhere(by_meaning(core, text, &scope).await?).await } else { Ok(rows) }
}

/// Names followed by `(`, each once, at most eight.
fn called(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for (at, _) in text.match_indices('(') {
        let before = &text[..at];
        let start = before
            .rfind(|c: char| !(c.is_alphanumeric() || c == '_'))
            .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
        let name = &before[start..];
        if name.len() >= 3 && !names.contains(&name) && names.len() < 8 {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_lists_agree_on_comes_first() {
        let scores = fused(&[&[1, 2, 3], &[3, 4], &[]]);
        let mut ids = vec![1, 2, 3, 4];
        ids.sort_by(|a, b| scores[b].total_cmp(&scores[a]));
        assert_eq!(ids, [3, 1, 2, 4]);
        assert!(fused(&[&[], &[]]).is_empty());
    }

    #[test]
    fn calls_are_seen_in_any_language() {
        assert_eq!(called("größe = load_user(x) + Foo::parse(s) if(y)"), ["load_user", "parse"]);
    }

    #[test]
    fn a_later_piece_of_a_long_function_is_shown_without_the_repeated_signature() {
        let row = ChunkRow {
            id: 1,
            repository_id: 1,
            path: "a.py".into(),
            symbol: None,
            start_line: 121,
            end_line: 122,
            text: "def f():\n…\n    a = 1\n".into(),
            text_hash: String::new(),
        };
        assert_eq!(own_lines(&row), ["    a = 1", ""], "the second line is blank, and the first is line 121");
    }
}
