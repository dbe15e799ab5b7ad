//! Chunks of the indexed repositories and their vectors, from which the vector index is rebuilt.

mod words;

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

impl Scope {
    fn is_everything(&self) -> bool {
        self.repository_id.is_none()
            && self.path.is_empty()
            && self.language.is_none()
            && self.authors.is_none()
    }
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

    /// Hashes of the pieces of these repositories' READMEs.
    pub async fn readme_pieces(&self, repository_ids: &[i64]) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(
            "SELECT text_hash FROM chunk WHERE repository_id IN (SELECT value FROM json_each(?))
               AND path LIKE 'readme%' AND instr(path, '/') = 0 ORDER BY repository_id, path, start_line",
        )
        .bind(to_json(&repository_ids)?)
        .fetch_all(&self.read)
        .await?)
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

#[cfg(test)]
mod tests {
    use super::*;

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
