//! Chunks of the indexed repositories and their vectors, from which the vector index is rebuilt.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
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
    /// sha256 of `text`, hexadecimal.
    pub text_hash: String,
}

/// The words of a chunk as full-text search sees them: identifiers whole and in parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub symbol: String,
    pub path: String,
    pub text: String,
}

/// Letters of a word from which on it also finds what begins with it.
const PREFIX: usize = 3;

/// Where to search.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// All repositories when `None`.
    pub repository_id: Option<i64>,
    /// Part of the path, lower case; empty for all.
    pub path: String,
}

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

    /// Replaces the chunks of one file, with the words under which they are found.
    pub async fn replace_chunks(
        &self,
        repository_id: i64,
        path: &str,
        blob: &str,
        chunks: Vec<(ChunkRow, Words)>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM chunk WHERE repository_id = ? AND path = ?")
            .bind(repository_id)
            .bind(path)
            .execute(&mut *tx)
            .await?;
        for (chunk, words) in chunks {
            let id: i64 = sqlx::query_scalar(
                "INSERT INTO chunk (repository_id, path, symbol, start_line, end_line, text, text_hash)
                 VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            )
            .bind(repository_id)
            .bind(path)
            .bind(&chunk.symbol)
            .bind(chunk.start_line)
            .bind(chunk.end_line)
            .bind(&chunk.text)
            .bind(&chunk.text_hash)
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
        sqlx::query("INSERT OR REPLACE INTO indexed_file (repository_id, path, blob) VALUES (?, ?, ?)")
            .bind(repository_id)
            .bind(path)
            .bind(blob)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
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
        Ok(sqlx::query_as("SELECT * FROM chunk WHERE repository_id = ? AND NOT placed ORDER BY id LIMIT ?")
            .bind(repository_id)
            .bind(limit)
            .fetch_all(&self.read)
            .await?)
    }

    pub async fn unplaced_count(&self, repository_id: i64) -> Result<u32> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM chunk WHERE repository_id = ? AND NOT placed")
            .bind(repository_id)
            .fetch_one(&self.read)
            .await?)
    }

    /// Chunks that are in the vector index, of one repository or of all.
    pub async fn placed_count(&self, repository_id: Option<i64>) -> Result<usize> {
        let count: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM chunk WHERE placed AND (?1 IS NULL OR repository_id = ?1)",
        )
        .bind(repository_id)
        .fetch_one(&self.read)
        .await?;
        Ok(count as usize)
    }

    /// Those of `ids` that are chunks in the vector index, of one repository or of any.
    pub async fn placed(&self, ids: &[i64], repository_id: Option<i64>) -> Result<HashSet<i64>> {
        let live: Vec<i64> = sqlx::query_scalar(
            "SELECT id FROM chunk WHERE placed AND (?2 IS NULL OR repository_id = ?2)
             AND id IN (SELECT value FROM json_each(?1))",
        )
        .bind(to_json(&ids)?)
        .bind(repository_id)
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

    /// Notes that the vector index is empty.
    pub async fn unplace_all(&self) -> Result<()> {
        sqlx::query("UPDATE chunk SET placed = 0").execute(&self.write).await?;
        Ok(())
    }

    /// The chunks with these ids, in no particular order; ids that are gone are left out.
    pub async fn chunks_by_id(&self, ids: &[i64]) -> Result<Vec<ChunkRow>> {
        Ok(sqlx::query_as("SELECT * FROM chunk WHERE id IN (SELECT value FROM json_each(?))")
            .bind(to_json(&ids)?)
            .fetch_all(&self.read)
            .await?)
    }

    /// Ids of the chunks that hold any of `terms` (lower-case words) or of what begins with one, the best first by BM25; a word in the name
    /// of a function counts ten times as much as one in its text, one in the path four times.
    pub async fn find_words(&self, terms: &[String], scope: &Scope, limit: u32) -> Result<Vec<i64>> {
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        // Quoted, so that no word is an operator of FTS5.
        let any: Vec<String> = terms
            .iter()
            .map(|term| {
                let prefix = if term.chars().count() >= PREFIX { "*" } else { "" };
                format!("\"{}\"{prefix}", term.replace('"', ""))
            })
            .collect();
        Ok(sqlx::query_scalar(
            "SELECT chunk.id FROM chunk_words JOIN chunk ON chunk.id = chunk_words.rowid
             WHERE chunk_words MATCH ?1 AND (?2 IS NULL OR repository_id = ?2)
               AND (?3 = '' OR instr(lower(chunk.path), ?3))
             ORDER BY bm25(chunk_words, 10.0, 4.0, 1.0), chunk.id LIMIT ?4",
        )
        .bind(any.join(" OR "))
        .bind(scope.repository_id)
        .bind(&scope.path)
        .bind(limit)
        .fetch_all(&self.read)
        .await?)
    }

    /// Ids of the chunks whose function or class has this name, or whose last part has it; without regard to
    /// case.
    pub async fn find_symbol(&self, name: &str, scope: &Scope, limit: u32) -> Result<Vec<i64>> {
        Ok(sqlx::query_scalar(
            "SELECT id FROM chunk WHERE symbol IS NOT NULL AND (?2 IS NULL OR repository_id = ?2)
               AND (?3 = '' OR instr(lower(path), ?3))
               AND (lower(symbol) = ?1 OR substr(lower(symbol), -length(?1) - 1) = '.' || ?1
                    OR substr(lower(symbol), -length(?1) - 2) = '::' || ?1)
             ORDER BY length(symbol), id LIMIT ?4",
        )
        // As SQLite's lower() does: only the letters of ASCII have another case.
        .bind(name.to_ascii_lowercase())
        .bind(scope.repository_id)
        .bind(&scope.path)
        .bind(limit)
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
