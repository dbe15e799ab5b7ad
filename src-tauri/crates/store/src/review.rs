//! Reviews and their findings.

use std::collections::HashMap;

use anyhow::{Context, Result};
use internflow_domain::{Finding, Review, ReviewSummary, Stage, TaskState};

use crate::activity::{Claimed, NewTask, complete, enqueue};
use crate::{Store, from_json, to_json};

impl Store {
    /// Queues a review of a commit and makes it the commit's review. The findings of an earlier review
    /// stay until the new one is done.
    pub async fn start_review(&self, repository_id: i64, sha: &str, task: &NewTask, now: i64) -> Result<i64> {
        let mut tx = self.begin().await?;
        let task_id = enqueue(&mut tx, task, now).await?;
        // A whole review takes the place of one by rules alone that has not begun.
        sqlx::query(
            "UPDATE task SET payload = ? WHERE id = ? AND state = 'queued' AND json_extract(payload, '$.rules_only')",
        )
        .bind(&task.payload)
        .bind(task_id)
        .execute(&mut *tx)
        .await?;
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
        let findings = self.findings_in(repository_id, &[sha]).await?;
        Ok(Some(Review { repository_id, sha: sha.to_owned(), task, summary, findings }))
    }

    /// Adds a finding while the review runs. A finding seen before keeps its id and what the user
    /// decided; a new one is dismissed with its `twin`, which has an id and a reason. Does nothing when the run has
    /// lost its lease.
    pub async fn add_finding(
        &self,
        claimed: &Claimed,
        repository_id: i64,
        finding: &Finding,
        twin: Option<&(i64, String)>,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO finding (repository_id, sha, fingerprint, task_id, finding, dismissed, twin_of)
             SELECT ?, ?, ?, ?, ?, ?, ? FROM task WHERE id = ? AND lease = ?
             ON CONFLICT (repository_id, fingerprint) DO UPDATE SET task_id = excluded.task_id, finding = excluded.finding",
        )
        .bind(repository_id)
        .bind(&finding.commit)
        .bind(finding.fingerprint())
        .bind(claimed.id)
        .bind(to_json(finding)?)
        .bind(twin.map(|(_, reason)| reason))
        .bind(twin.map(|(id, _)| id))
        .bind(claimed.id)
        .bind(&claimed.lease)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Ends a review: the summary is written, findings of earlier runs that this one did not see are removed unless
    /// dismissed or posted, and the task is done, in one transaction. Of stages that did not look, it takes nothing
    /// back.
    pub async fn finish_review(
        &self,
        claimed: &Claimed,
        repository_id: i64,
        sha: &str,
        summary: &ReviewSummary,
        looked: &[Stage],
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
             AND dismissed IS NULL AND posted IS NULL
             AND CASE WHEN json_extract(finding, '$.source') = 'rule' THEN 'rules'
                      WHEN json_extract(finding, '$.rule') LIKE 'likelihood/%' THEN 'likelihood'
                      ELSE 'questions' END IN (SELECT value FROM json_each(?))",
        )
        .bind(repository_id)
        .bind(sha)
        .bind(claimed.id)
        .bind(to_json(&looked)?)
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

    /// State of the newest review of each of these commits that has one.
    pub async fn review_states(
        &self,
        repository_id: i64,
        shas: &[&str],
    ) -> Result<HashMap<String, TaskState>> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT review.sha, task.state FROM review JOIN task ON task.id = review.task_id
             WHERE review.repository_id = ? AND review.sha IN (SELECT value FROM json_each(?))",
        )
        .bind(repository_id)
        .bind(crate::to_json(&shas)?)
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(|(sha, state)| Ok((sha, TaskState::parse(&state).context("unknown task state")?)))
            .collect()
    }
}
