//! Reviews and their findings.

use std::collections::HashMap;

use anyhow::{Context, Result};
use internflow_domain::{Finding, Review, ReviewSummary, StoredFinding, TaskState};

use crate::activity::{Claimed, NewTask, complete, enqueue};
use crate::{Store, from_json, to_json};

impl Store {
    /// Queues a review of a commit and makes it the commit's review. The findings of an earlier review
    /// stay until the new one is done.
    pub async fn start_review(&self, repository_id: i64, sha: &str, task: &NewTask, now: i64) -> Result<i64> {
        let mut tx = self.begin().await?;
        let task_id = enqueue(&mut tx, task, now).await?;
        sqlx::query(
            "INSERT INTO review (repository_id, sha, task_id) VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET task_id = excluded.task_id, summary = NULL WHERE task_id <> excluded.task_id",
        )
        .bind(repository_id)
        .bind(sha)
        .bind(task_id)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(task_id)
    }

    /// The newest review of a commit with its findings in line order.
    pub async fn review(&self, repository_id: i64, sha: &str) -> Result<Option<Review>> {
        let row: Option<(i64, Option<String>)> =
            sqlx::query_as("SELECT task_id, summary FROM review WHERE repository_id = ? AND sha = ?")
                .bind(repository_id)
                .bind(sha)
                .fetch_optional(&self.read)
                .await?;
        let Some((task_id, summary)) = row else { return Ok(None) };
        let task = self.task(task_id).await?.context("a review without its task")?;
        let summary = summary.as_deref().map(from_json::<ReviewSummary>).transpose()?;
        let findings = self.findings(repository_id, sha).await?;
        Ok(Some(Review { repository_id, sha: sha.to_owned(), task, summary, findings }))
    }

    async fn findings(&self, repository_id: i64, sha: &str) -> Result<Vec<StoredFinding>> {
        let rows: Vec<(i64, String, Option<String>, Option<String>)> = sqlx::query_as(
            "SELECT id, finding, dismissed, posted FROM finding WHERE repository_id = ? AND sha = ?",
        )
        .bind(repository_id)
        .bind(sha)
        .fetch_all(&self.read)
        .await?;
        let mut findings = rows
            .into_iter()
            .map(|(id, finding, dismissed, posted)| {
                // Empty: begun, and not known whether it ended well.
                let posted = posted.filter(|url| !url.is_empty());
                Ok(StoredFinding { id, finding: from_json(&finding)?, dismissed, posted })
            })
            .collect::<Result<Vec<_>>>()?;
        findings.sort_by(|a, b| (&a.finding.path, a.finding.line).cmp(&(&b.finding.path, b.finding.line)));
        Ok(findings)
    }

    /// Adds a finding while the review runs. A finding seen before keeps its id and what the user
    /// decided. Does nothing when the run has lost its lease.
    pub async fn add_finding(&self, claimed: &Claimed, repository_id: i64, finding: &Finding) -> Result<()> {
        sqlx::query(
            "INSERT INTO finding (repository_id, sha, fingerprint, task_id, finding)
             SELECT ?, ?, ?, ?, ? FROM task WHERE id = ? AND lease = ?
             ON CONFLICT (repository_id, fingerprint) DO UPDATE SET task_id = excluded.task_id, finding = excluded.finding",
        )
        .bind(repository_id)
        .bind(&finding.commit)
        .bind(finding.fingerprint())
        .bind(claimed.id)
        .bind(to_json(finding)?)
        .bind(claimed.id)
        .bind(&claimed.lease)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Ends a review: the summary is written, findings of earlier runs that this one did not see are
    /// removed unless dismissed or posted, and the task is done, in one transaction.
    pub async fn finish_review(
        &self,
        claimed: &Claimed,
        repository_id: i64,
        sha: &str,
        summary: &ReviewSummary,
        now: i64,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE review SET summary = ? WHERE repository_id = ? AND sha = ? AND task_id = ?")
            .bind(to_json(summary)?)
            .bind(repository_id)
            .bind(sha)
            .bind(claimed.id)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "DELETE FROM finding WHERE repository_id = ? AND sha = ? AND task_id <> ?
             AND dismissed IS NULL AND posted IS NULL",
        )
        .bind(repository_id)
        .bind(sha)
        .bind(claimed.id)
        .execute(&mut *tx)
        .await?;
        if complete(&mut tx, claimed, now).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    /// Notes that a finding is about to be posted. True when nobody tried before; false when somebody did
    /// and it is not known how that ended.
    pub async fn begin_post(&self, finding_id: i64) -> Result<bool> {
        let done = sqlx::query("UPDATE finding SET posted = '' WHERE id = ? AND posted IS NULL")
            .bind(finding_id)
            .execute(&self.write)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Notes that GitHub took no comment.
    pub async fn not_posted(&self, finding_id: i64) -> Result<()> {
        sqlx::query("UPDATE finding SET posted = NULL WHERE id = ? AND posted = ''")
            .bind(finding_id)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Notes the address of the comment that a finding became.
    pub async fn set_posted(&self, finding_id: i64, url: &str) -> Result<()> {
        sqlx::query("UPDATE finding SET posted = ? WHERE id = ?")
            .bind(url)
            .bind(finding_id)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Sets or clears the user's reason for not wanting to see a finding. Returns where it is.
    pub async fn set_dismissed(
        &self,
        finding_id: i64,
        reason: Option<&str>,
    ) -> Result<Option<(i64, String)>> {
        Ok(sqlx::query_as("UPDATE finding SET dismissed = ? WHERE id = ? RETURNING repository_id, sha")
            .bind(reason)
            .bind(finding_id)
            .fetch_optional(&self.write)
            .await?)
    }

    /// State of the newest review and number of open findings of each reviewed commit.
    pub async fn review_states(&self, repository_id: i64) -> Result<HashMap<String, (TaskState, u32)>> {
        let rows: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT review.sha, task.state,
                    (SELECT count(*) FROM finding WHERE finding.repository_id = review.repository_id
                     AND finding.sha = review.sha AND finding.dismissed IS NULL)
             FROM review JOIN task ON task.id = review.task_id WHERE review.repository_id = ?",
        )
        .bind(repository_id)
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(|(sha, state, findings)| {
                let state = TaskState::parse(&state).context("unknown task state")?;
                Ok((sha, (state, findings as u32)))
            })
            .collect()
    }
}
