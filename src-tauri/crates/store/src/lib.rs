//! SQLite, the only truth. One file per feature; each function is one statement or one transaction.
//!
//! One writer connection that begins transactions with BEGIN IMMEDIATE, and a pool of readers: a reader
//! never waits for a writer (WAL), and two writers never deadlock.

pub mod account;
pub mod achievement;
pub mod achievement_step;
pub mod activity;
pub mod analysis;
pub mod answer;
pub mod apply;
pub mod component;
pub mod copy;
pub mod finding;
pub mod finding_state;
pub mod job;
pub mod job_board;
pub mod job_news;
pub mod learn;
pub mod own_rule;
pub mod posting;
pub mod repository;
pub mod resume;
pub mod review;
pub mod search;
pub mod setting;
pub mod tailor;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, Sqlite, Transaction};

/// The schema, step by step.
static MIGRATIONS: Migrator = sqlx::migrate!("../../../migrations");

/// A write transaction; nothing in it is visible or durable before `commit`.
pub type Write = Transaction<'static, Sqlite>;

/// The open database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    read: SqlitePool,
    write: SqlitePool,
}

impl Store {
    /// Opens or creates the database file and brings its schema up to date.
    pub async fn open(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // The user's own words are in here: a commit is on the disk when it returns.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let shown = file.display();
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            // SQLite itself takes a transaction back when the disk fails under it. The connection then counts one that
            // nobody can end, and would begin no other: it is closed, and a new one opened.
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .connect_with(options.clone())
            .await
            .with_context(|| {
                format!("The database {shown} can't be opened. Check that the disk is not full or read-only")
            })?;
        MIGRATIONS
            .run(&write)
            .await
            .with_context(|| format!("The database {shown} can't be brought up to date"))?;
        // Negative: in KiB. A search reads more than the 2 MB that SQLite keeps by itself.
        let options = options.read_only(true).pragma("cache_size", "-16384");
        let read = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
        Ok(Self { read, write })
    }

    /// Begins a write transaction; waits while another is open.
    pub async fn begin(&self) -> Result<Write> {
        Ok(self.write.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Waits for the turn to write, as every change does, and changes nothing.
    pub async fn probe(&self) -> Result<()> {
        Ok(self.begin().await?.rollback().await?)
    }

    /// Ends all connections; the write-ahead log is folded into the file.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// What a disk did to a write, in words for the user; `None` for errors that are not about the disk. The numbers are
/// SQLite's primary result codes (<https://sqlite.org/rescode.html>), which are the low byte of all others.
pub fn of_the_disk(error: &anyhow::Error) -> Option<&'static str> {
    let error = error.chain().find_map(|cause| cause.downcast_ref::<sqlx::Error>())?;
    match error.as_database_error()?.code()?.parse::<u32>().ok()? & 0xff {
        8 => Some(
            "The disk can't be written. Allow writing to the data folder and try again; nothing that was saved is lost.",
        ),
        10 => {
            Some("The disk failed or is full. Free some space and try again; nothing that was saved is lost.")
        }
        13 => Some("The disk is full. Free some space and try again; nothing that was saved is lost."),
        _ => None,
    }
}

/// Reads a JSON column that this crate wrote.
fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).context("a row of the database does not have the expected shape")
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String> {
    Ok(serde_json::to_string(value)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_transaction_that_the_disk_ended_keeps_nobody_from_writing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("test.db")).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        // As SQLite does by itself on a full disk.
        sqlx::query("ROLLBACK").execute(&mut *tx).await.unwrap();
        assert!(tx.commit().await.is_err(), "there is nothing to commit any more");
        store.begin().await.expect("the next write is none of the disk's business").commit().await.unwrap();
        store.set_setting("written", "1").await.unwrap();
        assert_eq!(store.setting("written").await.unwrap().as_deref(), Some("1"));
    }
}
