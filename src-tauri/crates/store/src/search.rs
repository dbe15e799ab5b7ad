//! Chunks of the indexed repositories and their vectors, from which the vector index is rebuilt.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use internflow_domain::Skipped;
use sqlx::FromRow;

use crate::{Store, to_json};

/// A piece of a file as it was cut for retrieval.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ChunkRow {
    pub id: i64,
    pub repository_id: i64,
    pub path: String,
    pub symbol: Option<String>,
    pub start_line: i64,
    pub end_line: i64,
    /// Secrets masked.
    pub text: String,
    /// sha256 of what is embedded for it, hexadecimal: equal texts with equal names share a vector.
    pub text_hash: String,
}

/// What a chunk is called and where it is.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ChunkName {
    pub id: i64,
    pub path: String,
    pub symbol: Option<String>,
}

/// A file as it was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedFile {
    pub path: String,
    pub blob: String,
    /// Language by name and first line.
    pub language: Option<String>,
    /// Why it has no chunks, in words for the user.
    pub left_out: Option<String>,
}

/// Lines of a chunk that one author wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChunkAuthor {
    pub chunk_id: i64,
    /// Lower case; empty for nobody's.
    pub email: String,
    /// They came with the repository's import.
    pub import: bool,
    pub lines: u32,
}

/// The words of a chunk as full-text search sees them: identifiers whole and in parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Letters and digits of the symbol's last part, lower case.
    pub name: Option<String>,
    pub symbol: String,
    pub path: String,
    pub text: String,
}

/// Letters of a word from which on it also finds what begins with it.
const PREFIX: usize = 3;

/// Chunks that are scored for one search: 10 to 20 ms of them.
const MANY: u32 = 5_000;

/// Where to search.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// All repositories when `None`.
    pub repository_id: Option<i64>,
    /// Part of the path, its ASCII letters lower case; empty for all.
    pub path: String,
    /// Name of the files' language; all when `None`.
    pub language: Option<String>,
    /// Only chunks of which at least half the lines were written under these addresses.
    pub authors: Option<Vec<String>>,
}

/// True for the chunks of a scope: `?2` the repository, `?3` a part of the path, `?4` the language, `?5` the
/// addresses of the user as JSON.
const WITHIN: &str = "(?2 IS NULL OR chunk.repository_id = ?2) AND (?3 = '' OR instr(lower(chunk.path), ?3))
    AND (?4 IS NULL OR EXISTS (
        SELECT 1 FROM indexed_file AS file
        WHERE file.repository_id = chunk.repository_id AND file.path = chunk.path AND language = ?4))
    AND (?5 IS NULL OR (
        SELECT 2 * sum(iif(email IN (SELECT value FROM json_each(?5)) AND (NOT author.import OR import_mine),
                           lines, 0)) >= sum(lines)
        FROM chunk_author AS author JOIN repository ON repository.id = chunk.repository_id
        WHERE chunk_id = chunk.id))";

impl Store {
    /// Blob id of each indexed path.
    pub async fn indexed_files(&self, repository_id: i64) -> Result<HashMap<String, String>> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT path, blob FROM indexed_file WHERE repository_id = ?")
                .bind(repository_id)
                .fetch_all(&self.read)
                .await?;
        Ok(rows.into_iter().collect())
    }

    /// Commit whose files the chunks are of, or `None` while they are being read.
    pub async fn indexed_commit(&self, repository_id: i64) -> Result<Option<String>> {
        let sha: Option<Option<String>> = sqlx::query_scalar("SELECT indexed FROM repository WHERE id = ?")
            .bind(repository_id)
            .fetch_optional(&self.read)
            .await?;
        Ok(sha.flatten())
    }

    pub async fn set_indexed_commit(&self, repository_id: i64, sha: Option<&str>) -> Result<()> {
        sqlx::query("UPDATE repository SET indexed = ? WHERE id = ?")
            .bind(sha)
            .bind(repository_id)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Files without chunks, and why, by path.
    pub async fn left_out(&self, repository_id: i64) -> Result<Vec<Skipped>> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT path, left_out FROM indexed_file
             WHERE repository_id = ? AND left_out IS NOT NULL ORDER BY path",
        )
        .bind(repository_id)
        .fetch_all(&self.read)
        .await?;
        Ok(rows.into_iter().map(|(path, reason)| Skipped { path, reason }).collect())
    }

    /// Languages of the files that are searched, the commonest first.
    pub async fn indexed_languages(&self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(
            "SELECT language FROM indexed_file WHERE language IS NOT NULL AND left_out IS NULL
             GROUP BY language ORDER BY count(*) DESC, language",
        )
        .fetch_all(&self.read)
        .await?)
    }

    /// Replaces the chunks of one file, with the words under which they are found.
    pub async fn replace_chunks(
        &self,
        repository_id: i64,
        file: &IndexedFile,
        chunks: Vec<(ChunkRow, Words)>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM chunk WHERE repository_id = ? AND path = ?")
            .bind(repository_id)
            .bind(&file.path)
            .execute(&mut *tx)
            .await?;
        for (chunk, words) in chunks {
            let id: i64 = sqlx::query_scalar(
                "INSERT INTO chunk (repository_id, path, symbol, start_line, end_line, text, text_hash, name)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            )
            .bind(repository_id)
            .bind(&file.path)
            .bind(&chunk.symbol)
            .bind(chunk.start_line)
            .bind(chunk.end_line)
            .bind(&chunk.text)
            .bind(&chunk.text_hash)
            .bind(words.name)
            .fetch_one(&mut *tx)
            .await?;
            sqlx::query("INSERT INTO chunk_words (rowid, symbol, path, text) VALUES (?, ?, ?, ?)")
                .bind(id)
                .bind(words.symbol)
                .bind(words.path)
                .bind(words.text)
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query(
            "INSERT OR REPLACE INTO indexed_file (repository_id, path, blob, language, left_out)
             VALUES (?, ?, ?, ?, ?)",
        )
        .bind(repository_id)
        .bind(&file.path)
        .bind(&file.blob)
        .bind(&file.language)
        .bind(&file.left_out)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Makes every file count as changed. Its chunks stay until it was read again.
    pub async fn read_all_again(&self) -> Result<()> {
        sqlx::query("UPDATE indexed_file SET blob = ''").execute(&self.write).await?;
        Ok(())
    }

    /// Forgets the chunks of files that are gone.
    pub async fn remove_indexed(&self, repository_id: i64, paths: &[String]) -> Result<()> {
        let mut tx = self.begin().await?;
        for table in ["chunk", "indexed_file"] {
            let sql = format!(
                "DELETE FROM {table} WHERE repository_id = ? AND path IN (SELECT value FROM json_each(?))"
            );
            sqlx::query(sqlx::AssertSqlSafe(sql))
                .bind(repository_id)
                .bind(to_json(&paths)?)
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Chunks of a repository that are not in the vector index yet, the first of them.
    pub async fn unplaced(&self, repository_id: i64, limit: u32) -> Result<Vec<ChunkRow>> {
        Ok(sqlx::query_as("SELECT * FROM chunk WHERE placed = 0 AND repository_id = ? ORDER BY id LIMIT ?")
            .bind(repository_id)
            .bind(limit)
            .fetch_all(&self.read)
            .await?)
    }

    pub async fn unplaced_count(&self, repository_id: i64) -> Result<u32> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM chunk WHERE placed = 0 AND repository_id = ?")
            .bind(repository_id)
            .fetch_one(&self.read)
            .await?)
    }

    /// Whether the vector index holds a chunk of the repository, or of any.
    pub async fn any_placed(&self, repository_id: Option<i64>) -> Result<bool> {
        // A statement each: `OR` would look through all of them for one repository.
        Ok(match repository_id {
            Some(id) => {
                sqlx::query_scalar(
                    "SELECT EXISTS (SELECT 1 FROM chunk WHERE placed = 1 AND repository_id = ?)",
                )
                .bind(id)
                .fetch_one(&self.read)
                .await?
            }
            None => {
                sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM chunk WHERE placed = 1)")
                    .fetch_one(&self.read)
                    .await?
            }
        })
    }

    /// Those of `ids` that are chunks of the scope and in the vector index.
    pub async fn placed(&self, ids: &[i64], scope: &Scope) -> Result<HashSet<i64>> {
        let sql = format!(
            "SELECT id FROM chunk WHERE placed AND id IN (SELECT value FROM json_each(?1)) AND {WITHIN}"
        );
        let live: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(to_json(&ids)?)
            .bind(scope.repository_id)
            .bind(&scope.path)
            .bind(&scope.language)
            .bind(scope.authors.as_ref().map(to_json).transpose()?)
            .fetch_all(&self.read)
            .await?;
        Ok(live.into_iter().collect())
    }

    /// Notes that these chunks are in the vector index.
    pub async fn set_placed(&self, ids: &[i64]) -> Result<()> {
        sqlx::query("UPDATE chunk SET placed = 1 WHERE id IN (SELECT value FROM json_each(?))")
            .bind(to_json(&ids)?)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Ids of the chunks that are in the vector index.
    pub async fn placed_ids(&self) -> Result<HashSet<i64>> {
        let ids: Vec<i64> =
            sqlx::query_scalar("SELECT id FROM chunk WHERE placed = 1").fetch_all(&self.read).await?;
        Ok(ids.into_iter().collect())
    }

    /// Notes that these chunks are not in the vector index any more.
    pub async fn unplace(&self, ids: &[i64]) -> Result<()> {
        sqlx::query("UPDATE chunk SET placed = 0 WHERE id IN (SELECT value FROM json_each(?))")
            .bind(to_json(&ids)?)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Notes that the vector index is empty.
    pub async fn unplace_all(&self) -> Result<()> {
        sqlx::query("UPDATE chunk SET placed = 0").execute(&self.write).await?;
        Ok(())
    }

    /// Path and symbol of the chunks with these ids, in no particular order: what is ranked by, without the texts.
    pub async fn chunk_names(&self, ids: &[i64]) -> Result<Vec<ChunkName>> {
        Ok(sqlx::query_as("SELECT id, path, symbol FROM chunk WHERE id IN (SELECT value FROM json_each(?))")
            .bind(to_json(&ids)?)
            .fetch_all(&self.read)
            .await?)
    }

    /// The chunks with these ids, in no particular order; ids that are gone are left out.
    pub async fn chunks_by_id(&self, ids: &[i64]) -> Result<Vec<ChunkRow>> {
        Ok(sqlx::query_as("SELECT * FROM chunk WHERE id IN (SELECT value FROM json_each(?))")
            .bind(to_json(&ids)?)
            .fetch_all(&self.read)
            .await?)
    }

    /// Ids of the chunks that hold any of `terms` (lower-case words) or of what begins with one, the best first
    /// by BM25; a word in the name of a function counts ten times as much as one in its text, one in the path
    /// four times.
    pub async fn find_words(&self, terms: &[String], scope: &Scope, limit: u32) -> Result<Vec<i64>> {
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let mut counted = Vec::with_capacity(terms.len());
        for term in terms {
            counted.push(self.counted(term).await?);
        }
        counted.sort();
        let order = "bm25(chunk_words, 10.0, 4.0, 1.0)";
        let (wanted, any) = (self.wanted(&counted, limit).await?, any_of(&counted));
        let found = self.matching(&wanted, order, scope, limit).await?;
        // What is telling was counted everywhere; those chunks may all be outside the scope.
        if found.len() < limit as usize && wanted != any {
            return self.matching(&any, order, scope, limit).await;
        }
        Ok(found)
    }

    /// A word as FTS5 looks for it, and how many chunks hold it. What begins with it is looked for, too, unless that
    /// is too much: FTS5 puts the lists of all such words together first, each time.
    async fn counted(&self, word: &str) -> Result<(u32, String)> {
        // Quoted, so that no word is an operator of FTS5.
        let whole = format!("\"{}\"", word.replace('"', ""));
        let chunks = self.holding(&whole).await?;
        if chunks > MANY || word.chars().count() < PREFIX {
            return Ok((chunks, whole));
        }
        let begun = format!("{whole}*");
        Ok(match self.holding(&begun).await? {
            more if more > MANY && chunks > 0 => (chunks, whole),
            more => (more, begun),
        })
    }

    /// The query for chunks that hold any of the terms, which are ordered by how many do. Where that is a large part
    /// of all chunks, for the most telling of them: scoring each chunk that holds `get` takes longer than the
    /// rest of a search, and says nothing.
    async fn wanted(&self, terms: &[(u32, String)], limit: u32) -> Result<String> {
        let mut sum = 0;
        let telling = terms.iter().take_while(|(chunks, _)| {
            sum += chunks;
            sum <= MANY
        });
        let (telling, common) = terms.split_at(telling.count());
        let found: u32 = telling.iter().map(|(chunks, _)| chunks).sum();
        if common.is_empty() {
            return Ok(any_of(terms));
        }
        let mut wanted: Vec<String> = telling.iter().map(|(_, term)| term.clone()).collect();
        // Of the common ones, those chunks in whose name all of them stand; and where these are few, as many
        // words together as leave enough chunks, or as few as leave few enough.
        let mut together = 0;
        if found < limit {
            let named = format!("(symbol : ({}))", joined(common, " AND "));
            let holding = self.holding(&named).await?;
            wanted.push(named);
            together = common.len();
            if found + holding < limit {
                together = 1;
                for end in 2..=common.len() {
                    let holding = self.holding(&joined(&common[..end], " AND ")).await?;
                    if holding >= limit {
                        together = end;
                    }
                    if holding <= MANY {
                        break;
                    }
                }
                wanted.push(format!("({})", joined(&common[..together], " AND ")));
            }
        }
        // The second half is true of every chunk of which the first is, and lets the other words count for the
        // score. A word costs its time again where it stands twice.
        let others = &common[together..];
        if others.is_empty() {
            return Ok(wanted.join(" OR "));
        }
        let any = if together > 0 { [telling, &common[..1], others].concat() } else { terms.to_vec() };
        Ok(format!("({}) AND ({})", wanted.join(" OR "), any_of(&any)))
    }

    /// How many chunks fit a query of FTS5, counted until they are too many.
    async fn holding(&self, query: &str) -> Result<u32> {
        Ok(sqlx::query_scalar(
            "SELECT count(*) FROM (SELECT 1 FROM chunk_words WHERE chunk_words MATCH ?1 LIMIT ?2)",
        )
        .bind(query)
        .bind(MANY + 1)
        .fetch_one(&self.read)
        .await?)
    }

    /// Ids of the chunks in whose name these words stand in a row, the shortest name first. The last word may be
    /// cut off.
    pub async fn find_name_words(&self, words: &[&str], scope: &Scope, limit: u32) -> Result<Vec<i64>> {
        if words.len() < 2 {
            return Ok(Vec::new());
        }
        let row = words.join(" ").replace('"', "");
        self.matching(&format!("symbol : \"{row}\" *"), "length(chunk.symbol)", scope, limit).await
    }

    /// Ids of the chunks of the scope that fit a query of FTS5.
    async fn matching(&self, query: &str, order: &str, scope: &Scope, limit: u32) -> Result<Vec<i64>> {
        let sql = format!(
            "SELECT chunk.id FROM chunk_words JOIN chunk ON chunk.id = chunk_words.rowid
             WHERE chunk_words MATCH ?1 AND {WITHIN} ORDER BY {order}, chunk.id LIMIT ?6"
        );
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(query)
            .bind(scope.repository_id)
            .bind(&scope.path)
            .bind(&scope.language)
            .bind(scope.authors.as_ref().map(to_json).transpose()?)
            .bind(limit)
            .fetch_all(&self.read)
            .await?)
    }

    /// Ids of the chunks with this [`Words::name`]; those `written` so come first, without regard to case. What
    /// is qualified (`Session.load`, `Session::load`) must end so.
    pub async fn find_symbol(
        &self,
        name: &str,
        written: &str,
        scope: &Scope,
        limit: u32,
    ) -> Result<Vec<i64>> {
        let sql = format!(
            "SELECT id FROM chunk WHERE name = ?1 AND {WITHIN}
               AND (NOT ?7 OR substr(lower(symbol), -length(?6)) = ?6)
             ORDER BY substr(lower(symbol), -length(?6)) != ?6, length(symbol), id LIMIT ?8"
        );
        let written = written.to_ascii_lowercase();
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(name)
            .bind(scope.repository_id)
            .bind(&scope.path)
            .bind(&scope.language)
            .bind(scope.authors.as_ref().map(to_json).transpose()?)
            // As SQLite's lower() does: only the letters of ASCII have another case.
            .bind(&written)
            .bind(!written.contains(char::is_whitespace) && (written.contains('.') || written.contains("::")))
            .bind(limit)
            .fetch_all(&self.read)
            .await?)
    }

    /// Paths of searched files whose authors are not known, the first of them.
    pub async fn unblamed(&self, repository_id: i64, limit: u32) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(
            "SELECT path FROM indexed_file WHERE repository_id = ? AND NOT blamed AND left_out IS NULL LIMIT ?",
        )
        .bind(repository_id)
        .bind(limit)
        .fetch_all(&self.read)
        .await?)
    }

    /// Searched files whose authors are not known, of one repository or of all.
    pub async fn unblamed_count(&self, repository_id: Option<i64>) -> Result<u32> {
        Ok(sqlx::query_scalar(
            "SELECT count(*) FROM indexed_file WHERE NOT blamed AND left_out IS NULL
             AND (?1 IS NULL OR repository_id = ?1)",
        )
        .bind(repository_id)
        .fetch_one(&self.read)
        .await?)
    }

    /// Ids and lines, from 1 and inclusive, of a file's chunks.
    pub async fn chunk_lines(&self, repository_id: i64, path: &str) -> Result<Vec<(i64, u32, u32)>> {
        Ok(sqlx::query_as("SELECT id, start_line, end_line FROM chunk WHERE repository_id = ? AND path = ?")
            .bind(repository_id)
            .bind(path)
            .fetch_all(&self.read)
            .await?)
    }

    /// Notes who wrote the chunks of a file.
    pub async fn set_authors(&self, repository_id: i64, path: &str, authors: &[ChunkAuthor]) -> Result<()> {
        let mut tx = self.begin().await?;
        for author in authors {
            sqlx::query(
                "INSERT OR REPLACE INTO chunk_author (chunk_id, email, import, lines) VALUES (?, ?, ?, ?)",
            )
            .bind(author.chunk_id)
            .bind(&author.email)
            .bind(author.import)
            .bind(author.lines)
            .execute(&mut *tx)
            .await?;
        }
        sqlx::query("UPDATE indexed_file SET blamed = 1 WHERE repository_id = ? AND path = ?")
            .bind(repository_id)
            .bind(path)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The stored vectors of these texts under this embedder version.
    pub async fn vectors(&self, hashes: &[String], version: &str) -> Result<HashMap<String, Vec<f32>>> {
        let rows: Vec<(String, Vec<u8>)> = sqlx::query_as(
            "SELECT text_hash, vector FROM embedding
             WHERE version = ? AND text_hash IN (SELECT value FROM json_each(?))",
        )
        .bind(version)
        .bind(to_json(&hashes)?)
        .fetch_all(&self.read)
        .await?;
        let floats = |bytes: Vec<u8>| -> Vec<f32> {
            bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
        };
        Ok(rows.into_iter().map(|(hash, bytes)| (hash, floats(bytes))).collect())
    }

    pub async fn add_vectors(&self, version: &str, vectors: &[(String, Vec<f32>)]) -> Result<()> {
        let mut tx = self.begin().await?;
        for (hash, vector) in vectors {
            let bytes: Vec<u8> = vector.iter().flat_map(|f| f.to_le_bytes()).collect();
            sqlx::query("INSERT OR REPLACE INTO embedding (text_hash, version, vector) VALUES (?, ?, ?)")
                .bind(hash)
                .bind(version)
                .bind(bytes)
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Terms of FTS5 with how many chunks hold them.
fn joined(terms: &[(u32, String)], by: &str) -> String {
    terms.iter().map(|(_, term)| term.as_str()).collect::<Vec<_>>().join(by)
}

fn any_of(terms: &[(u32, String)]) -> String {
    joined(terms, " OR ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn words_of_nearly_every_chunk_do_not_pick_the_ones_that_are_scored() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&folder.path().join("test.db")).await.expect("a new database");
        let id = store.add_repository("/shop", "shop").await.expect("it is added");
        let every = MANY as usize + 2_000;
        let mut chunks = Vec::new();
        for n in 0..every {
            let symbol = match n {
                7 => "get user invoice",
                8 => "get user order",
                n if n % 10 == 0 => "get user",
                _ => "get",
            };
            let row = ChunkRow {
                id: 0,
                repository_id: id,
                path: "a.py".into(),
                symbol: Some(symbol.into()),
                start_line: n as i64,
                end_line: n as i64,
                text: symbol.into(),
                text_hash: n.to_string(),
            };
            chunks.push((row, Words { symbol: symbol.into(), ..Words::default() }));
        }
        let file = IndexedFile { path: "a.py".into(), blob: "b".into(), language: None, left_out: None };
        store.replace_chunks(id, &file, chunks).await.expect("they are stored");
        let find = async |terms: &[&str], limit: u32| -> Vec<i64> {
            let terms: Vec<String> = terms.iter().map(|term| (*term).to_owned()).collect();
            let found = store.find_words(&terms, &Scope::default(), limit).await.expect("an answer");
            let lines = store.chunk_lines(id, "a.py").await.expect("lines");
            found.iter().map(|id| lines.iter().find(|one| one.0 == *id).expect("a chunk").1.into()).collect()
        };
        assert_eq!(find(&["get", "user", "invoice"], 1).await, [7], "the rare word decides");
        let found = find(&["get", "invoice"], 3).await;
        assert_eq!(found[0], 7);
        assert_eq!(found.len(), 3, "one hit of the rare word is no whole answer");
        assert_eq!(find(&["get"], 5).await.len(), 5, "a common word alone is looked for");
        let found = find(&["nowhere", "get", "user"], 9).await;
        assert!(found.iter().all(|line| line % 10 == 0 || [7, 8].contains(line)), "both together: {found:?}");

        let small = store.add_repository("/small", "small").await.expect("it is added");
        let row = ChunkRow {
            id: 0,
            repository_id: small,
            path: "b.py".into(),
            symbol: None,
            start_line: 1,
            end_line: 1,
            text: "get".into(),
            text_hash: "b".into(),
        };
        let file = IndexedFile { path: "b.py".into(), blob: "b".into(), language: None, left_out: None };
        let words = Words { text: "get".into(), ..Words::default() };
        store.replace_chunks(small, &file, vec![(row, words)]).await.expect("it is stored");
        let scope = Scope { repository_id: Some(small), ..Scope::default() };
        let found = store.find_words(&["get".into(), "user".into()], &scope, 5).await.expect("an answer");
        assert_eq!(found.len(), 1, "what is common elsewhere is all that a small repository has");
        store.close().await;
    }

    #[tokio::test]
    async fn counting_reads_no_texts() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&folder.path().join("test.db")).await.expect("a new database");
        let plan = async |condition: &str| -> String {
            let sql = format!("EXPLAIN QUERY PLAN SELECT count(*) FROM chunk WHERE {condition}");
            let plan: Vec<(i64, i64, i64, String)> =
                sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&store.read).await.expect("a plan");
            plan[0].3.clone()
        };
        for condition in
            ["placed = 1", "placed = 1 AND repository_id = 1", "placed = 0 AND repository_id = 1"]
        {
            let plan = plan(condition).await;
            assert!(plan.contains("COVERING INDEX chunk_placed"), "every search counts: {plan}");
        }
        let plan = plan("name = 'x' AND repository_id = 1").await;
        assert!(plan.contains("chunk_name"), "a name is looked up, not looked for: {plan}");
        store.close().await;
    }
}
