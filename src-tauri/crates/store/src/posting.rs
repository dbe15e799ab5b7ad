//! What boards list, and which postings are one opening. What only the crawler understands (what a crawl knows of a
//! posting, adverts, sketches) is kept as its JSON.

use anyhow::Result;
use sqlx::FromRow;

use crate::{Store, Write, to_json};

/// A posting whose text was read.
#[derive(Debug, Clone, FromRow)]
pub struct PostingRow {
    pub key: String,
    pub source_id: String,
    pub known: String,
    pub is_open: bool,
    pub listed_hash: String,
    pub posting: String,
    pub advert: String,
    pub company: String,
    pub sketch: String,
}

/// What a crawl has to know of a posting.
#[derive(Debug, Clone, FromRow)]
pub struct KnownRow {
    pub key: String,
    pub source_id: String,
    pub known: String,
    pub listed_hash: String,
}

/// What is compared of a posting when clusters are made.
#[derive(Debug, Clone, FromRow)]
pub struct OpeningRow {
    pub key: String,
    pub posting: String,
    pub sketch: String,
    /// Key of the founder of its cluster, once it is in one.
    pub founder: Option<String>,
}

/// A posting as its opening shows it.
#[derive(Debug, Clone, FromRow)]
pub struct MemberRow {
    pub id: i64,
    pub key: String,
    pub board_id: Option<i64>,
    /// The board's title; null where there is no board any more.
    pub board: Option<String>,
    pub posting: String,
    pub advert: String,
    pub known: String,
    pub is_open: bool,
}

impl Store {
    /// What the last crawls know of the board's postings.
    pub async fn known_postings(&self, board_id: i64) -> Result<Vec<KnownRow>> {
        Ok(sqlx::query_as(
            "SELECT key, source_id, known, listed_hash FROM posting WHERE board_id = ? ORDER BY id",
        )
        .bind(board_id)
        .fetch_all(&self.read)
        .await?)
    }

    /// Writes postings whose text was read, in one transaction; those that were there are replaced. A posting that
    /// lost its board finds it again.
    pub async fn put_postings(&self, board_id: Option<i64>, rows: &[PostingRow]) -> Result<()> {
        let mut tx = self.begin().await?;
        for row in rows {
            sqlx::query(
                "INSERT INTO posting (board_id, key, source_id, known, is_open, listed_hash, posting, advert,
                   company, sketch)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (key) DO UPDATE SET board_id = coalesce(excluded.board_id, board_id),
                   known = excluded.known, is_open = excluded.is_open,
                   closed_at = iif(excluded.is_open, NULL, closed_at), listed_hash = excluded.listed_hash,
                   posting = excluded.posting, advert = excluded.advert,
                   company = excluded.company, sketch = excluded.sketch",
            )
            .bind(board_id)
            .bind(&row.key)
            .bind(&row.source_id)
            .bind(&row.known)
            .bind(row.is_open)
            .bind(&row.listed_hash)
            .bind(&row.posting)
            .bind(&row.advert)
            .bind(&row.company)
            .bind(&row.sketch)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Forgets postings that were closed before `before` (seconds since 1970), and openings that lose their last one
    /// so; not those that the user tracks. Returns how many postings.
    pub async fn forget_closed(&self, before: i64) -> Result<u64> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "DELETE FROM posting WHERE NOT is_open AND closed_at < ?
               AND NOT EXISTS (SELECT 1 FROM job WHERE job.id = posting.job_id AND application IS NOT NULL)",
        )
        .bind(before)
        .execute(&mut *tx)
        .await?;
        forget_empty(&mut tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }

    /// Openings of these companies, in the order in which they were first seen.
    pub async fn openings_of(&self, companies: &[String]) -> Result<Vec<OpeningRow>> {
        Ok(sqlx::query_as(
            "SELECT p.key, p.posting, p.sketch, j.founder FROM posting p LEFT JOIN job j ON j.id = p.job_id
             WHERE p.company IN (SELECT value FROM json_each(?)) ORDER BY p.id",
        )
        .bind(to_json(&companies)?)
        .fetch_all(&self.read)
        .await?)
    }

    /// Companies of postings that are in no cluster yet.
    pub async fn unclustered_companies(&self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar("SELECT DISTINCT company FROM posting WHERE job_id IS NULL")
            .fetch_all(&self.read)
            .await?)
    }

    /// Puts postings into the openings that their founders' keys name; makes those that are not there, and forgets
    /// those that lost their last posting. Returns the ids of openings that gained or lost one.
    pub async fn set_clusters(&self, clusters: &[(String, Vec<String>)]) -> Result<Vec<i64>> {
        let mut tx = self.begin().await?;
        let mut changed = Vec::new();
        for (founder, members) in clusters {
            let id: i64 = sqlx::query_scalar(
                "INSERT INTO job (founder) VALUES (?) ON CONFLICT (founder) DO UPDATE SET founder = founder RETURNING id",
            )
            .bind(founder)
            .fetch_one(&mut *tx)
            .await?;
            for member in members {
                let before: Option<Option<i64>> =
                    sqlx::query_scalar("SELECT job_id FROM posting WHERE key = ?")
                        .bind(member)
                        .fetch_optional(&mut *tx)
                        .await?;
                if before == Some(Some(id)) {
                    continue;
                }
                sqlx::query("UPDATE posting SET job_id = ? WHERE key = ?")
                    .bind(id)
                    .bind(member)
                    .execute(&mut *tx)
                    .await?;
                changed.extend(before.flatten());
                changed.push(id);
            }
        }
        forget_empty(&mut tx).await?;
        tx.commit().await?;
        changed.sort_unstable();
        changed.dedup();
        Ok(changed)
    }

    /// Openings that have one of these postings.
    pub async fn jobs_with(&self, keys: &[String]) -> Result<Vec<i64>> {
        Ok(sqlx::query_scalar(
            "SELECT DISTINCT job_id FROM posting
             WHERE job_id IS NOT NULL AND key IN (SELECT value FROM json_each(?)) ORDER BY job_id",
        )
        .bind(to_json(&keys)?)
        .fetch_all(&self.read)
        .await?)
    }

    /// The postings of an opening, in the order in which they were first seen.
    pub async fn job_members(&self, id: i64) -> Result<Vec<MemberRow>> {
        Ok(sqlx::query_as(
            "SELECT p.id, p.key, p.board_id, b.title AS board, p.posting, p.advert, p.known, p.is_open
             FROM posting p LEFT JOIN job_board b ON b.id = p.board_id WHERE p.job_id = ? ORDER BY p.id",
        )
        .bind(id)
        .fetch_all(&self.read)
        .await?)
    }

    /// Remembers that the user took a posting out of its opening: it joins none of these again.
    pub async fn split_posting(&self, key: &str, others: &[String]) -> Result<()> {
        let mut tx = self.begin().await?;
        for other in others.iter().filter(|other| *other != key) {
            sqlx::query("INSERT OR IGNORE INTO job_apart (a, b) VALUES (?, ?)")
                .bind(key)
                .bind(other)
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query("UPDATE posting SET job_id = NULL WHERE key = ?").bind(key).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Pairs that the user split.
    pub async fn apart(&self) -> Result<Vec<(String, String)>> {
        Ok(sqlx::query_as("SELECT a, b FROM job_apart").fetch_all(&self.read).await?)
    }
}

/// Forgets openings without a posting, unless the user has a part in them.
pub(crate) async fn forget_empty(tx: &mut Write) -> Result<()> {
    sqlx::query(
        "DELETE FROM job WHERE application IS NULL AND NOT EXISTS (SELECT 1 FROM posting WHERE job_id = job.id)",
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
