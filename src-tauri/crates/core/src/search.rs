//! Looking for code: by the name of a function, by words, and by what it means.
//!
//! Three lists are joined by reciprocal rank fusion (Cormack et al. 2009), after which exact names come first,
//! however their words are joined. Without the embedder, or while a repository is still being read, what there
//! is answers.

mod scope;

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use internflow_code::{Language, is_test_path, query_words, readable};
use internflow_domain::{ApiError, CodeHit, EngineError, ErrorCode, FileText, SearchResult};
use internflow_git::Repo;
use internflow_store::search::{ChunkName, ChunkRow, Scope};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::Nothing;
use crate::{Core, blocking, index, repositories};
use scope::{of_unknown, scope};

/// Candidates taken from each list.
const CANDIDATES: u32 = 60;
/// So many times more of the nearest are fetched while too few of them are within the scope.
const WIDER: usize = 8;
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
    /// Name or file extension of a language; null for all.
    pub language: Option<String>,
    /// Only what the user wrote at least half of.
    pub mine: bool,
    pub limit: u32,
    /// Lists that are left out, to measure what each is worth.
    #[serde(default)]
    #[ts(as = "Option<Vec<Leg>>", optional)]
    pub without: Vec<Leg>,
}

/// One of the three lists that are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Leg {
    Names,
    Words,
    Meaning,
}

/// A language in which there is something to search.
#[derive(Debug, Serialize, TS)]
pub struct SearchLanguage {
    pub name: String,
    /// As people write it: "C++".
    pub label: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct OneFile {
    #[ts(type = "number")]
    pub repository_id: i64,
    pub path: String,
    /// Full id of the commit whose file it is; null for HEAD's.
    pub sha: Option<String>,
}

pub async fn code(core: &Core, args: SearchCode) -> Result<SearchResult> {
    let scope = scope(core, &args).await?;
    let limit = args.limit.clamp(1, 100) as usize;
    let found = find_without(core, &args.query, &scope, limit, &args.without).await?;
    let mut notices: Vec<String> = found.notice.into_iter().collect();
    if args.mine {
        notices.extend(of_unknown(core, args.repository_id).await?);
    }
    let names: HashMap<i64, String> =
        core.store.repositories().await?.into_iter().map(|one| (one.id, one.name)).collect();
    let hits = found.chunks.into_iter().map(|row| hit(row, &names)).collect();
    let notice = (!notices.is_empty()).then(|| notices.join(" "));
    Ok(SearchResult { hits, terms: found.terms, notice })
}

/// Languages of the files that are searched, the commonest first.
pub async fn languages(core: &Core, _: Nothing) -> Result<Vec<SearchLanguage>> {
    let known = core.store.indexed_languages().await?;
    let shown = |language: Language| SearchLanguage {
        name: language.name().to_owned(),
        label: language.label().to_owned(),
    };
    Ok(known.iter().filter_map(|name| Language::parse(name)).map(shown).collect())
}

/// A file as a commit has it, HEAD unless one is named; a notebook as the script that was indexed, so that
/// lines mean the same.
pub async fn file(core: &Core, args: OneFile) -> Result<FileText> {
    let repository = repositories::one(core, args.repository_id).await?;
    blocking(move || {
        let repo = Repo::open(Path::new(&repository.path))?;
        let sha = match args.sha {
            Some(sha) => sha,
            None => repo.head()?.sha.ok_or_else(|| ApiError::not_found("file"))?,
        };
        let found = repo.files(&sha)?.into_iter().find(|file| file.path == args.path);
        let found = found.ok_or_else(|| ApiError::not_found("file"))?;
        let bytes = repo.blob(&found.blob)?.filter(|bytes| !bytes.contains(&0)).ok_or_else(|| {
            ApiError::new(ErrorCode::BadRequest, format!("{} is not text, or too large to show.", args.path))
        })?;
        let text = readable(&args.path, &String::from_utf8_lossy(&bytes)).into_owned();
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
    find_without(core, query, scope, limit, &[]).await
}

async fn find_without(
    core: &Core,
    query: &str,
    scope: &Scope,
    limit: usize,
    without: &[Leg],
) -> Result<Found> {
    let query = query.trim();
    let terms = query_words(query);
    let has = |leg: Leg| !without.contains(&leg);
    let words: Vec<&str> =
        query.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    // The database looks for names and words while the embedder reads the query.
    let in_database = async {
        let (mut exact, mut named) = (Vec::new(), Vec::new());
        if has(Leg::Names) {
            exact = self::exact(core, query, scope, CANDIDATES).await?;
            let half_remembered = core.store.find_name_words(&words, scope, CANDIDATES).await?;
            named.clone_from(&exact);
            named.extend(half_remembered.into_iter().filter(|id| !exact.contains(id)));
        }
        let by_words = match has(Leg::Words) {
            true => core.store.find_words(&terms, scope, CANDIDATES).await?,
            false => Vec::new(),
        };
        anyhow::Ok((exact, named, by_words))
    };
    let in_index = async {
        // Signs alone mean nothing.
        match has(Leg::Meaning) && !terms.is_empty() {
            false => (Vec::new(), None),
            true => match by_meaning(core, query, scope).await {
                Ok(ids) => (ids, None),
                Err(error) => (Vec::new(), Some(told(&error))),
            },
        }
    };
    let (in_database, (by_meaning, notice)) = tokio::join!(in_database, in_index);
    let (exact, named, by_words) = in_database?;
    if terms.is_empty() && exact.is_empty() {
        return Ok(Found::default());
    }
    let notice = match notice {
        None if !by_words.is_empty() && !core.store.any_placed(scope.repository_id).await? => {
            Some("Found by words only so far: what the code means is still being learned.".to_owned())
        }
        notice => notice,
    };
    let scores = fused(&[&named, &by_words, &by_meaning]);
    let ids: Vec<i64> = scores.keys().copied().collect();
    let mut ranked = core.store.chunk_names(&ids).await?;
    // With its class before it, a name may be written apart, too.
    let whole = letters(query);
    let is_named = |row: &ChunkName| {
        exact.contains(&row.id)
            || has(Leg::Names) && row.symbol.as_deref().is_some_and(|symbol| letters(symbol) == whole)
    };
    // Who looks for what does something wants the code that does it, before its tests and what is said of it.
    let score = |row: &ChunkName| scores[&row.id] * if is_beside(&row.path) { BESIDE } else { 1.0 };
    ranked.sort_by(|a, b| {
        is_named(b).cmp(&is_named(a)).then(score(b).total_cmp(&score(a))).then(a.id.cmp(&b.id))
    });
    let best: Vec<i64> = ranked.iter().map(|row| row.id).take(limit).collect();
    // Their texts are most of what there is to read.
    let mut chunks = core.store.chunks_by_id(&best).await?;
    chunks.sort_by_key(|row| best.iter().position(|id| *id == row.id));
    Ok(Found { chunks, terms, notice })
}

/// Chunks of the functions and classes that are called so: `getUserName` is `get_user_name` and "get user name".
async fn exact(core: &Core, name: &str, scope: &Scope, limit: u32) -> Result<Vec<i64>> {
    let written = name.trim_end_matches("()");
    match plain(written) {
        name if name.is_empty() => Ok(Vec::new()),
        name => core.store.find_symbol(&name, written, scope, limit).await,
    }
}

/// Letters and digits of the last part of a name, lower case. Words with blanks between them are one part.
pub(crate) fn plain(name: &str) -> String {
    match name.contains(char::is_whitespace) {
        true => letters(name),
        false => letters(name.rsplit(['.', ':']).next().unwrap_or(name)),
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Chunks near to what the query means, nearest first.
async fn by_meaning(core: &Core, query: &str, scope: &Scope) -> Result<Vec<i64>> {
    if !core.store.any_placed(scope.repository_id).await? {
        return Ok(Vec::new());
    }
    let embedded = core.engines.embedder.embed(vec![query.to_owned()]).await?;
    let vector = embedded.into_iter().next().context("no vector for one text")?;
    let mut wide = CANDIDATES as usize;
    loop {
        let near = match core.engines.index.search(scope.repository_id, vector.clone(), wide).await {
            Ok(near) if !near.is_empty() => near,
            // Some vector is always the nearest, unless the folder of the index is gone.
            Ok(_) if core.engines.index.chunk_ids().await?.is_empty() => {
                index::rebuild(core).await?;
                bail!("The index was gone.");
            }
            Ok(_) => return Ok(Vec::new()),
            Err(error) => {
                index::rebuild(core).await?;
                return Err(error.into());
            }
        };
        let all = near.len() < wide || near.last().is_some_and(|(_, distance)| *distance > FAR);
        let mut ids: Vec<i64> =
            near.into_iter().filter(|(_, distance)| *distance <= FAR).map(|(id, _)| id).collect();
        // Before the nearest are cut: those of another path or language would take their places. Rows of chunks
        // that are gone stay in the index, too.
        let within = core.store.placed(&ids, scope).await?;
        ids.retain(|id| within.contains(id));
        if all || ids.len() >= CANDIDATES as usize {
            ids.truncate(CANDIDATES as usize);
            return Ok(ids);
        }
        wide *= WIDER;
    }
}

/// Why meaning could not be asked about. An index that is broken is being filled again by now.
fn told(error: &anyhow::Error) -> String {
    if let Some(EngineError::ModelMissing(_)) = error.downcast_ref() {
        return "Found by words only: the model that knows meanings is not on this computer. Get it on the Models page."
            .to_owned();
    }
    tracing::warn!(error = format!("{error:#}"), "searched by words only");
    // By what the index says of itself; anything else is the embedder's.
    match format!("{error:#}") {
        of_index if of_index.contains("the vector index") => {
            format!("Found by words only; the index is being made again. ({of_index})")
        }
        other => format!("Found by words only. ({other})"),
    }
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
    let scope = Scope { repository_id: Some(repository_id), ..Scope::default() };
    let mut named = Vec::new();
    for name in called(text) {
        named.extend(exact(core, name, &scope, 2).await?);
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
    use std::sync::Arc;
    use std::time::SystemTime;

    use async_trait::async_trait;
    use internflow_domain::{Embedder, VectorIndex, VectorRow};
    use internflow_store::search::{IndexedFile, Words};

    use super::*;
    use crate::testing;

    /// Knows one vector, which is near to every chunk, the first ones most.
    struct AllNear;

    #[async_trait]
    impl Embedder for AllNear {
        async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EngineError> {
            Ok(texts.iter().map(|_| vec![1.0]).collect())
        }

        fn dimension(&self) -> usize {
            1
        }

        fn version(&self) -> String {
            "test".to_owned()
        }
    }

    #[async_trait]
    impl VectorIndex for AllNear {
        async fn search(
            &self,
            _: Option<i64>,
            _: Vec<f32>,
            limit: usize,
        ) -> Result<Vec<(i64, f32)>, EngineError> {
            Ok((1..=1_000).map(|id| (id, id as f32 / 10_000.0)).take(limit).collect())
        }

        async fn upsert(&self, _: Vec<VectorRow>) -> Result<(), EngineError> {
            Ok(())
        }

        async fn remove_repository(&self, _: i64) -> Result<(), EngineError> {
            Ok(())
        }

        async fn remove(&self, _: Vec<i64>) -> Result<(), EngineError> {
            Ok(())
        }

        async fn chunk_ids(&self) -> Result<Vec<i64>, EngineError> {
            Ok(Vec::new())
        }

        async fn settle(&self) -> Result<(), EngineError> {
            Ok(())
        }

        async fn reset(&self) -> Result<(), EngineError> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn the_nearest_of_a_path_or_a_language_are_found_behind_nearer_ones_of_another() {
        let (mut core, _folder) = testing::core(SystemTime::now).await;
        core.engines.embedder = Arc::new(AllNear);
        core.engines.index = Arc::new(AllNear);
        let repository_id = core.store.add_repository("/nowhere", "shop").await.expect("it is added");
        for n in 1..=100 {
            let (path, language) = match n {
                100 => ("lib/last.go".to_owned(), "go"),
                n => (format!("src/{n}.py"), "python"),
            };
            let row = ChunkRow {
                id: 0,
                repository_id,
                path: path.clone(),
                symbol: None,
                start_line: 1,
                end_line: 1,
                text: "x".into(),
                text_hash: n.to_string(),
            };
            let language = Some(language.to_owned());
            let file = IndexedFile { path, blob: n.to_string(), language, left_out: None };
            let chunks = vec![(row, Words::default())];
            core.store.replace_chunks(repository_id, &file, chunks).await.expect("it is stored");
        }
        core.store.set_placed(&(1..=100).collect::<Vec<_>>()).await.expect("they are placed");
        for scope in [
            Scope { path: "lib/".to_owned(), ..Scope::default() },
            Scope { language: Some("go".to_owned()), ..Scope::default() },
        ] {
            let found = find(&core, "what sells things", &scope, 10).await.expect("an answer").chunks;
            let paths: Vec<&str> = found.iter().map(|row| row.path.as_str()).collect();
            assert_eq!(paths, ["lib/last.go"], "the sixty nearest are all elsewhere");
        }
        let all = find(&core, "what sells things", &Scope::default(), 10).await.expect("an answer").chunks;
        assert_eq!(all[0].path, "src/1.py", "ids that are no chunks take nobody's place");
    }

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
