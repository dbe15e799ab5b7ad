//! Fixes of findings that the user put into a working copy.

use anyhow::Result;
use internflow_domain::Finding;
use sqlx::FromRow;

use crate::{Store, from_json};

/// What was done to a file, and how it is undone.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct FixInPlace {
    pub finding_id: i64,
    /// Top folder of the working copy.
    pub folder: String,
    /// The file in it, as the finding has it.
    pub path: String,
    /// First line that was changed.
    pub line: u32,
    /// Where the file as it was is kept.
    pub backup: String,
    /// sha256 of the file as it was written, hexadecimal.
    pub written: String,
    /// Seconds since 1970 UTC.
    pub at: i64,
}

const ALL: &str =
    "SELECT finding_id, folder, json_extract(finding, '$.path') AS path, line, backup, written, at
                   FROM applied_fix JOIN finding ON finding.id = finding_id";

impl Store {
    /// A finding with its repository.
    pub async fn located_finding(&self, finding_id: i64) -> Result<Option<(i64, Finding)>> {
        let row: Option<(i64, String)> =
            sqlx::query_as("SELECT repository_id, finding FROM finding WHERE id = ?")
                .bind(finding_id)
                .fetch_optional(&self.read)
                .await?;
        row.map(|(repository_id, finding)| Ok((repository_id, from_json(&finding)?))).transpose()
    }

    pub async fn applied_fix(&self, finding_id: i64) -> Result<Option<FixInPlace>> {
        let sql = format!("{ALL} WHERE finding_id = ?");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(finding_id).fetch_optional(&self.read).await?)
    }

    /// What was applied of the findings of a commit.
    pub async fn applied_fixes(&self, repository_id: i64, sha: &str) -> Result<Vec<FixInPlace>> {
        let sql = format!("{ALL} WHERE repository_id = ? AND sha = ? ORDER BY finding_id");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(repository_id)
            .bind(sha)
            .fetch_all(&self.read)
            .await?)
    }

    /// The working copy that a fix of this repository went into last.
    pub async fn last_folder(&self, repository_id: i64) -> Result<Option<String>> {
        Ok(sqlx::query_scalar(
            "SELECT folder FROM applied_fix JOIN finding ON finding.id = finding_id
             WHERE repository_id = ? ORDER BY at DESC, finding_id DESC LIMIT 1",
        )
        .bind(repository_id)
        .fetch_optional(&self.read)
        .await?)
    }

    /// Notes what is about to be written, in place of what an earlier one of this finding left.
    pub async fn set_applied_fix(&self, fix: &FixInPlace) -> Result<()> {
        sqlx::query(
            "INSERT OR REPLACE INTO applied_fix (finding_id, folder, line, backup, written, at)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(fix.finding_id)
        .bind(&fix.folder)
        .bind(fix.line)
        .bind(&fix.backup)
        .bind(&fix.written)
        .bind(fix.at)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Nothing of this finding's fix is in a working copy any more.
    pub async fn forget_applied_fix(&self, finding_id: i64) -> Result<()> {
        sqlx::query("DELETE FROM applied_fix WHERE finding_id = ?")
            .bind(finding_id)
            .execute(&self.write)
            .await?;
        Ok(())
    }
}
