//! What the user was told of new openings, so that nothing is told twice.

use anyhow::{Context, Result};
use internflow_domain::Job;
use sqlx::FromRow;

use crate::activity::{Claimed, complete};
use crate::{Store, from_json, to_json};

/// An opening of which the user may be told.
#[derive(Debug)]
pub struct UntoldJob {
    pub job: Job,
    /// Keys of its postings.
    pub postings: Vec<String>,
}

/// What is told, with the keys of all postings that count as told with it.
#[derive(Debug)]
pub struct NewNotice<'a> {
    pub title: &'a str,
    pub says: &'a str,
    /// The openings as they are told, as JSON.
    pub jobs: &'a str,
    pub postings: &'a [String],
}

#[derive(FromRow)]
struct UntoldRow {
    id: i64,
    view: String,
    postings: String,
}

/// What was told.
#[derive(Debug, FromRow)]
pub struct NoticeRow {
    pub id: i64,
    /// Seconds since 1970.
    pub at: i64,
    pub title: String,
    pub says: String,
    /// As [`NewNotice::jobs`].
    pub jobs: String,
    pub seen: bool,
}

impl Store {
    /// Openings of which the user may be told, the best first: open on a board, neither hidden nor tracked, of this
    /// score and this day (`2026-11-28`) at least, and without a posting that counts as told.
    pub async fn untold_jobs(&self, score: u32, since: &str, limit: u32) -> Result<Vec<UntoldJob>> {
        let rows: Vec<UntoldRow> = sqlx::query_as(
            "SELECT id, view,
               (SELECT json_group_array(key) FROM posting WHERE job_id = job.id) AS postings
             FROM job WHERE view <> '{}' AND is_open AND hidden IS NULL AND application IS NULL
               AND score >= ? AND day >= ?
               AND EXISTS (SELECT 1 FROM posting WHERE job_id = job.id AND is_open AND board_id IS NOT NULL)
               AND NOT EXISTS (SELECT 1 FROM posting JOIN job_told USING (key) WHERE job_id = job.id)
             ORDER BY score DESC, id LIMIT ?",
        )
        .bind(score)
        .bind(since)
        .bind(limit)
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(|row| {
                let mut job: Job = from_json(&row.view).context("an opening without a view")?;
                job.id = row.id;
                Ok(UntoldJob { job, postings: from_json(&row.postings)? })
            })
            .collect()
    }

    /// Counts all postings that are here as told.
    pub async fn count_as_told(&self) -> Result<()> {
        let all_are: bool = sqlx::query_scalar(
            "SELECT NOT EXISTS (SELECT 1 FROM posting WHERE key NOT IN (SELECT key FROM job_told))",
        )
        .fetch_one(&self.read)
        .await?;
        if !all_are {
            sqlx::query("INSERT OR IGNORE INTO job_told SELECT key FROM posting")
                .execute(&self.write)
                .await?;
        }
        Ok(())
    }

    /// Writes what is told and ends its task, in one transaction: a task that is run again has told nothing.
    pub async fn tell_jobs(&self, claimed: &Claimed, notice: &NewNotice<'_>, now: i64) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO job_notice (at, title, says, jobs) VALUES (?, ?, ?, ?)")
            .bind(now)
            .bind(notice.title)
            .bind(notice.says)
            .bind(notice.jobs)
            .execute(&mut *tx)
            .await?;
        sqlx::query("INSERT OR IGNORE INTO job_told SELECT value FROM json_each(?)")
            .bind(to_json(&notice.postings)?)
            .execute(&mut *tx)
            .await?;
        if complete(&mut tx, claimed, now).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    /// When the user was last told of something, in seconds since 1970.
    pub async fn last_told(&self) -> Result<Option<i64>> {
        Ok(sqlx::query_scalar("SELECT max(at) FROM job_notice").fetch_one(&self.read).await?)
    }

    /// The newest first.
    pub async fn job_notices(&self, limit: u32) -> Result<Vec<NoticeRow>> {
        Ok(sqlx::query_as("SELECT id, at, title, says, jobs, seen FROM job_notice ORDER BY id DESC LIMIT ?")
            .bind(limit)
            .fetch_all(&self.read)
            .await?)
    }

    /// The user has seen this notice and those before it.
    pub async fn see_job_notices(&self, id: i64) -> Result<()> {
        sqlx::query("UPDATE job_notice SET seen = 1 WHERE id <= ?").bind(id).execute(&self.write).await?;
        Ok(())
    }
}
