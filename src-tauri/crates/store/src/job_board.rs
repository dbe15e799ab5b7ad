//! Job boards that are followed, and how their crawls ended. What only the crawler understands (circuits, validators)
//! is kept as its JSON.

use anyhow::Result;
use internflow_domain::CrawlOutcome;
use sqlx::FromRow;

use crate::activity::{Claimed, complete};
use crate::posting::forget_empty;
use crate::{Store, from_json, to_json};

/// A board as it is stored.
#[derive(Debug, Clone, FromRow)]
pub struct BoardRow {
    pub id: i64,
    /// Connector and key: "greenhouse/tarangini".
    pub name: String,
    pub board: String,
    pub title: String,
    pub address: String,
    pub is_on: bool,
    pub circuit: String,
    pub added_at: i64,
    pub crawled_at: Option<i64>,
    outcome: Option<String>,
    skipped: String,
    pub validators: Option<String>,
    /// Postings of it that are open.
    pub open: i64,
}

impl BoardRow {
    pub fn outcome(&self) -> Option<CrawlOutcome> {
        self.outcome.as_deref().and_then(CrawlOutcome::parse)
    }

    pub fn skipped(&self) -> Vec<String> {
        from_json(&self.skipped).unwrap_or_default()
    }
}

/// A board to follow.
#[derive(Debug)]
pub struct NewBoard<'a> {
    pub name: &'a str,
    pub board: &'a str,
    pub title: &'a str,
    pub address: &'a str,
    pub circuit: &'a str,
    /// Seconds since 1970.
    pub now: i64,
}

/// How the crawl of a board ended.
#[derive(Debug)]
pub struct CrawlEnd<'a> {
    pub circuit: &'a str,
    pub outcome: CrawlOutcome,
    pub skipped: &'a [String],
    /// What to ask with next time; `None` keeps what there was.
    pub validators: Option<&'a str>,
}

const BOARD: &str = "SELECT b.id, b.name, b.board, b.title, b.address, b.is_on, b.circuit, b.added_at, b.crawled_at, b.outcome, b.skipped,
     b.validators, (SELECT count(*) FROM posting p WHERE p.board_id = b.id AND p.is_open) AS open FROM job_board b";

impl Store {
    /// By title.
    pub async fn job_boards(&self) -> Result<Vec<BoardRow>> {
        let sql = format!("{BOARD} ORDER BY lower(b.title), b.id");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&self.read).await?)
    }

    pub async fn job_board(&self, id: i64) -> Result<Option<BoardRow>> {
        let sql = format!("{BOARD} WHERE b.id = ?");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&self.read).await?)
    }

    /// Follows a board, or finds it where it is followed already; then it is on again. Returns its id.
    pub async fn add_job_board(&self, board: &NewBoard<'_>) -> Result<i64> {
        Ok(sqlx::query_scalar(
            "INSERT INTO job_board (name, board, title, address, circuit, added_at) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET is_on = 1 RETURNING id",
        )
        .bind(board.name)
        .bind(board.board)
        .bind(board.title)
        .bind(board.address)
        .bind(board.circuit)
        .bind(board.now)
        .fetch_one(&self.write)
        .await?)
    }

    /// False when there is no such board.
    pub async fn set_job_board_on(&self, id: i64, on: bool) -> Result<bool> {
        let done = sqlx::query("UPDATE job_board SET is_on = ? WHERE id = ?")
            .bind(on)
            .bind(id)
            .execute(&self.write)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    pub async fn set_job_circuit(&self, id: i64, circuit: &str) -> Result<()> {
        sqlx::query("UPDATE job_board SET circuit = ? WHERE id = ?")
            .bind(circuit)
            .bind(id)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Corrects what a clock that was set back has left in the future.
    pub async fn set_job_times(
        &self,
        id: i64,
        added_at: i64,
        crawled_at: Option<i64>,
        circuit: &str,
    ) -> Result<()> {
        sqlx::query("UPDATE job_board SET added_at = ?, crawled_at = ?, circuit = ? WHERE id = ?")
            .bind(added_at)
            .bind(crawled_at)
            .bind(circuit)
            .bind(id)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Removes a board and what it lists. Openings that the user tracks or hid stay, with their postings.
    pub async fn remove_job_board(&self, id: i64) -> Result<bool> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "DELETE FROM posting WHERE board_id = ? AND job_id IN
               (SELECT id FROM job WHERE application IS NULL AND hidden IS NULL)",
        )
        .bind(id)
        .execute(&mut *tx)
        .await?;
        let done = sqlx::query("DELETE FROM job_board WHERE id = ?").bind(id).execute(&mut *tx).await?;
        forget_empty(&mut tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Ends the crawl of one board: how it went, and what is known of its postings now (key, JSON, open), in one
    /// transaction.
    pub async fn end_crawl(
        &self,
        board_id: i64,
        ended: &CrawlEnd<'_>,
        known: &[(String, String, bool)],
        now: i64,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE job_board SET circuit = ?, crawled_at = ?, outcome = ?, skipped = ?,
               validators = coalesce(?, validators) WHERE id = ?",
        )
        .bind(ended.circuit)
        .bind(now)
        .bind(ended.outcome.as_str())
        .bind(to_json(&ended.skipped)?)
        .bind(ended.validators)
        .bind(board_id)
        .execute(&mut *tx)
        .await?;
        for (key, known, open) in known {
            sqlx::query(
                "UPDATE posting SET known = ?1, is_open = ?2, closed_at = iif(?2, NULL, coalesce(closed_at, ?3))
                 WHERE key = ?4",
            )
            .bind(known)
            .bind(open)
            .bind(now)
            .bind(key)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Ends a task whose results are written already.
    pub async fn finish_written(&self, claimed: &Claimed, now: i64) -> Result<()> {
        let mut tx = self.begin().await?;
        if complete(&mut tx, claimed, now).await? {
            tx.commit().await?;
        }
        Ok(())
    }
}
