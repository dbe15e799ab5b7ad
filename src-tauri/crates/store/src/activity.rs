//! The task queue and the network ledger.
//!
//! A task is claimed with a random lease and every write of its run names that lease, so work is done at
//! least once and takes effect exactly once: the result and `done` are one transaction.

use anyhow::{Context, Result};
use internflow_domain::{ApiError, Progress, Task, TaskState};
use sqlx::FromRow;

use crate::{Store, Write, from_json, to_json};

/// Worker deaths after which a task is not tried again by itself.
const POISONED_AFTER: i64 = 2;

#[derive(FromRow)]
struct Row {
    id: i64,
    kind: String,
    title: String,
    state: String,
    attempts: i64,
    progress: String,
    error: Option<String>,
    created_at: i64,
}

const COLUMNS: &str = "id, kind, title, state, attempts, progress, error, created_at";

impl TryFrom<Row> for Task {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            kind: row.kind,
            title: row.title,
            state: TaskState::parse(&row.state).context("unknown task state")?,
            progress: from_json::<Progress>(&row.progress)?,
            error: row.error.as_deref().map(from_json::<ApiError>).transpose()?,
            attempts: row.attempts as u32,
            created_at: row.created_at,
        })
    }
}

tokio::task_local! {
    static ASKED_BY: Option<String>;
}

/// Whatever `work` puts into the queue was asked for by the command with this id.
pub async fn asked_by<T>(id: Option<String>, work: impl Future<Output = T>) -> T {
    ASKED_BY.scope(id, work).await
}

/// A task to put into the queue.
#[derive(Debug, Clone)]
pub struct NewTask {
    pub kind: &'static str,
    pub title: String,
    /// Two open tasks with the same key are one.
    pub dedupe: String,
    /// What the task's run needs, as JSON.
    pub payload: String,
}

/// A task that this run holds.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub id: i64,
    pub kind: String,
    pub payload: String,
    pub lease: String,
    /// Id of the command that asked for it.
    pub asked_by: Option<String>,
}

impl Store {
    /// A task of this kind waits or runs.
    pub async fn is_open_kind(&self, kind: &str) -> Result<bool> {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM task WHERE kind = ? AND state IN ('queued', 'running'))",
        )
        .bind(kind)
        .fetch_one(&self.read)
        .await?)
    }

    /// Puts a task into the queue, or finds the open one with the same key. `now` in seconds.
    pub async fn enqueue(&self, task: &NewTask, now: i64) -> Result<i64> {
        let mut tx = self.begin().await?;
        let id = enqueue(&mut tx, task, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub async fn task(&self, id: i64) -> Result<Option<Task>> {
        let sql = format!("SELECT {COLUMNS} FROM task WHERE id = ?");
        let row: Option<Row> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&self.read).await?;
        row.map(TryInto::try_into).transpose()
    }

    /// The newest tasks first.
    pub async fn tasks(&self, limit: u32) -> Result<Vec<Task>> {
        let sql = format!("SELECT {COLUMNS} FROM task ORDER BY id DESC LIMIT ?");
        let rows: Vec<Row> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(limit).fetch_all(&self.read).await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Claims the oldest queued task of one of `kinds`. What was asked for `since` (seconds) this run of
    /// the app began comes before what an earlier run left behind, and what was put back after what was not tried yet.
    ///
    /// Without `leftovers` only that is claimed.
    pub async fn claim(&self, kinds: &[&str], since: i64, leftovers: bool) -> Result<Option<Claimed>> {
        let row: Option<(i64, String, String, String, Option<String>)> = sqlx::query_as(
            "UPDATE task SET state = 'running', attempts = attempts + 1, lease = lower(hex(randomblob(16)))
             WHERE id = (SELECT id FROM task WHERE state = 'queued'
                         AND kind IN (SELECT value FROM json_each(?1)) AND (?3 OR created_at >= ?2)
                         ORDER BY created_at < ?2, error IS NOT NULL, id LIMIT 1)
             RETURNING id, kind, payload, lease, asked_by",
        )
        .bind(to_json(&kinds)?)
        .bind(since)
        .bind(leftovers)
        .fetch_optional(&self.write)
        .await?;
        Ok(row.map(|(id, kind, payload, lease, asked_by)| Claimed { id, kind, payload, lease, asked_by }))
    }

    pub async fn set_progress(&self, claimed: &Claimed, progress: &Progress) -> Result<()> {
        sqlx::query("UPDATE task SET progress = ? WHERE id = ? AND lease = ?")
            .bind(to_json(progress)?)
            .bind(claimed.id)
            .bind(&claimed.lease)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Ends a run that has no result: failed or cancelled.
    pub async fn end_task(
        &self,
        claimed: &Claimed,
        state: TaskState,
        error: Option<&ApiError>,
        now: i64,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE task SET state = ?, error = ?, ended_at = ?, lease = NULL WHERE id = ? AND lease = ?",
        )
        .bind(state.as_str())
        .bind(error.map(to_json).transpose()?)
        .bind(now)
        .bind(claimed.id)
        .bind(&claimed.lease)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// The run's worker died: back into the queue, or poisoned after the second time.
    pub async fn worker_died(&self, claimed: &Claimed, error: &ApiError, now: i64) -> Result<TaskState> {
        let state: Option<String> = sqlx::query_scalar(
            "UPDATE task SET deaths = deaths + 1, lease = NULL, error = ?, ended_at = ?,
                    state = CASE WHEN deaths + 1 >= ? THEN 'poisoned' ELSE 'queued' END
             WHERE id = ? AND lease = ? RETURNING state",
        )
        .bind(to_json(error)?)
        .bind(now)
        .bind(POISONED_AFTER)
        .bind(claimed.id)
        .bind(&claimed.lease)
        .fetch_optional(&self.write)
        .await?;
        Ok(state.as_deref().and_then(TaskState::parse).unwrap_or(TaskState::Cancelled))
    }

    /// The run could not do its work now, through no fault of its own: back into the queue, with the reason, as if it
    /// had not been tried.
    pub async fn put_back(&self, claimed: &Claimed, reason: &ApiError) -> Result<()> {
        sqlx::query(
            "UPDATE task SET state = 'queued', lease = NULL, attempts = attempts - 1, error = ?, progress = ?
             WHERE id = ? AND lease = ?",
        )
        .bind(to_json(reason)?)
        // Whoever waits for it reads why where they would read how far it is.
        .bind(to_json(&Progress { stage: reason.message.clone(), ..Progress::default() })?)
        .bind(claimed.id)
        .bind(&claimed.lease)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Cancels a task that has not started. False when it runs or has ended.
    pub async fn cancel_queued(&self, id: i64, now: i64) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE task SET state = 'cancelled', ended_at = ? WHERE id = ? AND state = 'queued'",
        )
        .bind(now)
        .bind(id)
        .execute(&self.write)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    #[cfg(test)]
    /// The task with this key that has not ended.
    pub async fn open_task(&self, dedupe: &str) -> Result<Option<i64>> {
        Ok(sqlx::query_scalar("SELECT id FROM task WHERE dedupe = ? AND state IN ('queued', 'running')")
            .bind(dedupe)
            .fetch_optional(&self.read)
            .await?)
    }

    /// Ids and payloads of the tasks that have not ended.
    pub async fn open_tasks(&self) -> Result<Vec<(i64, String)>> {
        Ok(sqlx::query_as("SELECT id, payload FROM task WHERE state IN ('queued', 'running')")
            .fetch_all(&self.read)
            .await?)
    }

    /// At start, `now` in seconds: what the last run of the app left running goes back into the queue. Called once,
    /// while the data folder's lock is held.
    pub async fn recover_tasks(&self, now: i64) -> Result<u64> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("UPDATE task SET state = 'queued', lease = NULL WHERE state = 'running'")
            .execute(&mut *tx)
            .await?;
        // Also where it was asked for in this very second, or with a clock that was ahead.
        sqlx::query("UPDATE task SET created_at = ?1 - 1 WHERE state = 'queued' AND created_at >= ?1")
            .bind(now)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }

    /// Records a request that left the machine. `at` in seconds.
    pub async fn record_call(
        &self,
        at: i64,
        host: &str,
        reason: &str,
        sent: i64,
        received: i64,
        outcome: &str,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO network_call (at, host, reason, sent, received, outcome) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(at)
        .bind(host)
        .bind(reason)
        .bind(sent)
        .bind(received)
        .bind(outcome)
        .execute(&self.write)
        .await?;
        Ok(())
    }
}

/// [`Store::enqueue`] inside a transaction of the caller.
pub async fn enqueue(tx: &mut Write, task: &NewTask, now: i64) -> Result<i64> {
    let open: Option<i64> =
        sqlx::query_scalar("SELECT id FROM task WHERE dedupe = ? AND state IN ('queued', 'running')")
            .bind(&task.dedupe)
            .fetch_optional(&mut **tx)
            .await?;
    let asked_by = ASKED_BY.try_with(Clone::clone).ok().flatten();
    if let Some(id) = open {
        // Asked for again is asked for now.
        sqlx::query("UPDATE task SET created_at = ?, asked_by = coalesce(?, asked_by) WHERE id = ?")
            .bind(now)
            .bind(asked_by)
            .bind(id)
            .execute(&mut **tx)
            .await?;
        return Ok(id);
    }
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO task (kind, title, dedupe, payload, created_at, asked_by) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(task.kind)
    .bind(&task.title)
    .bind(&task.dedupe)
    .bind(&task.payload)
    .bind(now)
    .bind(asked_by)
    .fetch_one(&mut **tx)
    .await?;
    tracing::debug!(task = id, kind = task.kind, "queued");
    Ok(id)
}

/// Marks the task done in the transaction of its result. False when the lease was lost: the caller
/// must then roll back.
pub async fn complete(tx: &mut Write, claimed: &Claimed, now: i64) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE task SET state = 'done', error = NULL, lease = NULL, ended_at = ? WHERE id = ? AND lease = ?",
    )
    .bind(now)
    .bind(claimed.id)
    .bind(&claimed.lease)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

#[cfg(test)]
mod tests;
