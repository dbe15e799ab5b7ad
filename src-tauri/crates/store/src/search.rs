//! Chunks of the indexed repositories and their vectors, from which the vector index is rebuilt.

use std::collections::HashMap;

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

    /// Replaces the chunks of one file and returns the new rows with their ids.
    pub async fn replace_chunks(
        &self,
        repository_id: i64,
        path: &str,
        blob: &str,
        chunks: Vec<ChunkRow>,
    ) -> Result<Vec<ChunkRow>> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM chunk WHERE repository_id = ? AND path = ?")
            .bind(repository_id)
            .bind(path)
            .execute(&mut *tx)
            .await?;
        let mut rows = Vec::with_capacity(chunks.len());
        for mut chunk in chunks {
            chunk.id = sqlx::query_scalar(
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
            rows.push(chunk);
        }
        sqlx::query("INSERT OR REPLACE INTO indexed_file (repository_id, path, blob) VALUES (?, ?, ?)")
            .bind(repository_id)
            .bind(path)
            .bind(blob)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(rows)
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

    /// Chunks of a repository, in id order.
    pub async fn chunks(&self, repository_id: i64) -> Result<Vec<ChunkRow>> {
        Ok(sqlx::query_as("SELECT * FROM chunk WHERE repository_id = ? ORDER BY id")
            .bind(repository_id)
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
