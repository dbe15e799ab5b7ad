//! Analyses of repositories, and what was counted for them in files and commits.

use std::collections::HashMap;

use anyhow::{Context, Result};
use internflow_domain::{Analysis, AnalysisReport, FileSize, FileSizes, Month};

use crate::activity::{Claimed, NewTask, complete, enqueue};
use crate::repository::MINE;
use crate::{Store, from_json, to_json};

/// What was counted in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnalysedFile {
    pub path: String,
    pub blob: String,
    /// What the text alone says, as JSON.
    pub facts: String,
    /// Surviving lines by the commit that wrote them; `None` until git was asked.
    pub blame: Option<Vec<(String, u32)>>,
}

impl Store {
    /// Queues an analysis; an earlier report stays until the new one is there. Returns the task.
    pub async fn start_analysis(&self, repository_id: i64, task: &NewTask, now: i64) -> Result<i64> {
        let mut tx = self.begin().await?;
        let task_id = enqueue(&mut tx, task, now).await?;
        sqlx::query(
            "INSERT INTO analysis (repository_id, task_id) VALUES (?, ?)
             ON CONFLICT DO UPDATE SET task_id = excluded.task_id",
        )
        .bind(repository_id)
        .bind(task_id)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(task_id)
    }

    /// The analysis of a repository, or `None` when nobody has asked for one. Whether it is stale, the caller
    /// knows who the user is for.
    pub async fn analysis(&self, repository_id: i64) -> Result<Option<Analysis>> {
        let row: Option<(i64, Option<String>, Option<String>)> = sqlx::query_as(
            "SELECT task_id, report, head FROM analysis JOIN repository ON repository.id = repository_id
             WHERE repository_id = ?",
        )
        .bind(repository_id)
        .fetch_optional(&self.read)
        .await?;
        let Some((task_id, report, head)) = row else { return Ok(None) };
        let task = self.task(task_id).await?.context("an analysis without its task")?;
        // One that an earlier version of the app wrote in another shape is made again.
        let report: Option<AnalysisReport> = report.and_then(|report| from_json(&report).ok());
        let stale = report.as_ref().is_some_and(|report| head.as_ref() != Some(&report.sha));
        Ok(Some(Analysis { repository_id, task, report, stale }))
    }

    /// Stores the report and ends its task, in one transaction.
    pub async fn finish_analysis(
        &self,
        claimed: &Claimed,
        repository_id: i64,
        report: &AnalysisReport,
        now: i64,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE analysis SET report = ? WHERE repository_id = ?")
            .bind(to_json(report)?)
            .bind(repository_id)
            .execute(&mut *tx)
            .await?;
        if complete(&mut tx, claimed, now).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    /// Blob id of each path that this `version` of the counting code has counted.
    pub async fn analysed_blobs(&self, repository_id: i64, version: u32) -> Result<HashMap<String, String>> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT path, blob FROM analysed_file WHERE repository_id = ? AND version = ?")
                .bind(repository_id)
                .bind(version)
                .fetch_all(&self.read)
                .await?;
        Ok(rows.into_iter().collect())
    }

    /// What was counted in the files, in path order.
    pub async fn analysed_files(&self, repository_id: i64) -> Result<Vec<AnalysedFile>> {
        let rows: Vec<(String, String, String, Option<String>)> = sqlx::query_as(
            "SELECT path, blob, facts, blame FROM analysed_file WHERE repository_id = ? ORDER BY path",
        )
        .bind(repository_id)
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(|(path, blob, facts, blame)| {
                let blame = blame.as_deref().map(from_json).transpose()?;
                Ok(AnalysedFile { path, blob, facts, blame })
            })
            .collect()
    }

    /// Notes what was counted in files, in one transaction. Who wrote a text stays known while it is the same.
    pub async fn set_analysed(&self, repository_id: i64, version: u32, files: &[AnalysedFile]) -> Result<()> {
        let mut tx = self.begin().await?;
        for file in files {
            sqlx::query(
                "INSERT INTO analysed_file (repository_id, path, blob, version, facts) VALUES (?, ?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET version = excluded.version, facts = excluded.facts,
                     blame = CASE WHEN blob = excluded.blob THEN blame END, blob = excluded.blob",
            )
            .bind(repository_id)
            .bind(&file.path)
            .bind(&file.blob)
            .bind(version)
            .bind(&file.facts)
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Forgets files that are gone.
    pub async fn remove_analysed(&self, repository_id: i64, paths: &[String]) -> Result<()> {
        sqlx::query(
            "DELETE FROM analysed_file WHERE repository_id = ? AND path IN (SELECT value FROM json_each(?))",
        )
        .bind(repository_id)
        .bind(to_json(&paths)?)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Notes whose lines a file has; does nothing when its text is another one by now.
    pub async fn set_blame(
        &self,
        repository_id: i64,
        path: &str,
        blob: &str,
        lines: &[(String, u32)],
    ) -> Result<()> {
        sqlx::query("UPDATE analysed_file SET blame = ? WHERE repository_id = ? AND path = ? AND blob = ?")
            .bind(to_json(&lines)?)
            .bind(repository_id)
            .bind(path)
            .bind(blob)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Commits of the stored history whose files are not counted yet, newest first; merges have none.
    pub async fn unanalysed_commits(&self, repository_id: i64) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(
            "SELECT sha FROM history WHERE repository_id = ?1 AND parents < 2 AND NOT EXISTS
                 (SELECT 1 FROM analysed_commit
                  WHERE analysed_commit.repository_id = ?1 AND analysed_commit.sha = history.sha)
             ORDER BY position",
        )
        .bind(repository_id)
        .fetch_all(&self.read)
        .await?)
    }

    /// Notes how much commits changed, in one transaction.
    pub async fn add_file_sizes(&self, repository_id: i64, commits: &[FileSizes]) -> Result<()> {
        let mut tx = self.begin().await?;
        for commit in commits {
            sqlx::query(
                "INSERT OR REPLACE INTO analysed_commit (repository_id, sha, files) VALUES (?, ?, ?)",
            )
            .bind(repository_id)
            .bind(&commit.sha)
            .bind(commit.files.as_ref().map(to_json).transpose()?)
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }

    /// How much the commits of the stored history changed, newest first, as far as it is counted.
    pub async fn file_sizes(&self, repository_id: i64) -> Result<Vec<FileSizes>> {
        let rows: Vec<(String, Option<String>)> = sqlx::query_as(
            "SELECT history.sha, files FROM history
             JOIN analysed_commit ON analysed_commit.repository_id = history.repository_id
                  AND analysed_commit.sha = history.sha
             WHERE history.repository_id = ? ORDER BY position",
        )
        .bind(repository_id)
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(|(sha, files)| {
                let files = files.as_deref().map(from_json::<Vec<FileSize>>).transpose()?;
                Ok(FileSizes { sha, files })
            })
            .collect()
    }

    /// Commits by month (UTC), oldest first, merges left out. `import` is a commit that is nobody's.
    pub async fn months(
        &self,
        repository_id: i64,
        emails: &[String],
        import: Option<&str>,
    ) -> Result<Vec<Month>> {
        let sql = format!(
            "SELECT strftime('%Y-%m', time, 'unixepoch') AS month, count(*), sum({MINE}) FROM history
             WHERE repository_id = ?1 AND parents < 2 AND month IS NOT NULL GROUP BY month ORDER BY month"
        );
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(repository_id)
            .bind(to_json(&emails)?)
            .bind(import)
            .fetch_all(&self.read)
            .await?;
        Ok(rows
            .into_iter()
            .map(|(month, commits, mine)| Month { month, commits: commits as u32, mine: mine as u32 })
            .collect())
    }
}
