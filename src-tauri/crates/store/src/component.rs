//! What the task table and the network ledger tell about the parts of the app.

use anyhow::Result;
use internflow_domain::{ApiError, HostCalls, NetworkCall, NetworkLedger, Trouble};
use sqlx::FromRow;

use crate::{Store, from_json};

/// Requests that are listed one by one.
const NEWEST: u32 = 100;

/// All tasks of one kind. Moments in seconds since 1970 UTC.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OfKind {
    pub kind: String,
    pub queued: u32,
    /// When the one was asked for that waits longest.
    pub oldest: Option<i64>,
    pub last_success: Option<i64>,
    /// Title of the one that runs.
    pub running: Option<String>,
}

impl Store {
    /// One row for each kind of task that there ever was.
    pub async fn kinds(&self) -> Result<Vec<OfKind>> {
        Ok(sqlx::query_as(
            "SELECT kind, count(*) FILTER (WHERE state = 'queued') AS queued,
                    min(created_at) FILTER (WHERE state = 'queued') AS oldest,
                    max(ended_at) FILTER (WHERE state = 'done') AS last_success,
                    max(title) FILTER (WHERE state = 'running') AS running
             FROM task GROUP BY kind",
        )
        .fetch_all(&self.read)
        .await?)
    }

    /// The newest error of each kind of task.
    pub async fn last_errors(&self) -> Result<Vec<(String, Trouble)>> {
        // Of the columns beside max(), SQLite takes those of its row.
        let rows: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT kind, error, max(ended_at) FROM task
             WHERE error IS NOT NULL AND ended_at IS NOT NULL GROUP BY kind",
        )
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(|(kind, error, at)| {
                let message = from_json::<ApiError>(&error)?.message;
                Ok((kind, Trouble { message, at }))
            })
            .collect()
    }

    /// When the sync was begun that is longest ago, of repositories that are kept in step.
    pub async fn longest_unsynced(&self) -> Result<Option<i64>> {
        Ok(sqlx::query_scalar("SELECT min(tried_at) FROM remote").fetch_one(&self.read).await?)
    }

    pub async fn network_ledger(&self) -> Result<NetworkLedger> {
        // First: what leaves meanwhile may be counted and not listed, never the other way round.
        let newest: Vec<(i64, String, String, i64, i64, String)> = sqlx::query_as(
            "SELECT at, host, reason, sent, received, outcome FROM network_call ORDER BY id DESC LIMIT ?",
        )
        .bind(NEWEST)
        .fetch_all(&self.read)
        .await?;
        let hosts: Vec<(String, u32, i64, i64, i64)> = sqlx::query_as(
            "SELECT host, count(*), sum(sent), sum(received), max(at) AS last FROM network_call
             GROUP BY host ORDER BY last DESC, host",
        )
        .fetch_all(&self.read)
        .await?;
        let of_host =
            |(host, calls, sent, received, last_at)| HostCalls { host, calls, sent, received, last_at };
        let call = |(at, host, reason, sent, received, outcome)| NetworkCall {
            at,
            host,
            reason,
            sent,
            received,
            outcome,
        };
        Ok(NetworkLedger {
            hosts: hosts.into_iter().map(of_host).collect(),
            newest: newest.into_iter().map(call).collect(),
        })
    }
}
