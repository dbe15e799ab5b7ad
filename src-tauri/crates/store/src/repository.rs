//! Repositories and the user's e-mail addresses.

use anyhow::Result;
use internflow_domain::{Author, Commit, Remote, Repository};
use sqlx::FromRow;

use crate::{Store, to_json};

#[derive(FromRow)]
struct HistoryRow {
    sha: String,
    subject: String,
    body: String,
    author_name: String,
    author_email: String,
    time: i64,
    parents: i64,
    mine: bool,
}

impl From<HistoryRow> for Commit {
    fn from(row: HistoryRow) -> Self {
        let HistoryRow { sha, subject, body, author_name, author_email, time, parents, mine } = row;
        Self { sha, subject, body, author_name, author_email, time, parents: parents as u32, mine }
    }
}

/// Which commits of a history to show.
#[derive(Debug, Clone, Default)]
pub struct HistoryFilter {
    /// E-mails of the user, lower case: decides `mine`.
    pub emails: Vec<String>,
    pub mine_only: bool,
    /// Part of the subject, the author or the beginning of the id; empty for all.
    pub query: String,
    pub offset: u32,
    pub limit: u32,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    name: String,
    path: String,
    branch: Option<String>,
    commits: i64,
    mine: i64,
    notice: Option<String>,
    full_name: Option<String>,
    url: Option<String>,
    fork: Option<bool>,
    private: Option<bool>,
    synced_at: Option<i64>,
    problem: Option<String>,
}

/// A repository with its far end, if it has one.
const ALL: &str = "SELECT id, name, path, branch, commits, mine, notice,
                          full_name, url, fork, private, synced_at, problem
                   FROM repository LEFT JOIN remote ON remote.repository_id = repository.id";

impl From<Row> for Repository {
    fn from(row: Row) -> Self {
        let remote = row.full_name.zip(row.url).map(|(full_name, url)| Remote {
            full_name,
            url,
            fork: row.fork.unwrap_or_default(),
            private: row.private.unwrap_or_default(),
            synced_at: row.synced_at,
            problem: row.problem,
        });
        Self {
            id: row.id,
            name: row.name,
            path: row.path,
            branch: row.branch,
            commits: row.commits as u32,
            mine: row.mine as u32,
            notice: row.notice,
            remote,
        }
    }
}

impl Store {
    /// All repositories in the order they were added.
    pub async fn repositories(&self) -> Result<Vec<Repository>> {
        let rows: Vec<Row> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("{ALL} ORDER BY id"))).fetch_all(&self.read).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    pub async fn repository(&self, id: i64) -> Result<Option<Repository>> {
        let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{ALL} WHERE id = ?")))
            .bind(id)
            .fetch_optional(&self.read)
            .await?;
        Ok(row.map(Into::into))
    }

    /// Adds the repository at `path`, or returns the id of the one that is there.
    pub async fn add_repository(&self, path: &str, name: &str) -> Result<i64> {
        let id = sqlx::query_scalar(
            "INSERT INTO repository (path, name) VALUES (?, ?)
             ON CONFLICT (path) DO UPDATE SET name = excluded.name RETURNING id",
        )
        .bind(path)
        .bind(name)
        .fetch_one(&self.write)
        .await?;
        Ok(id)
    }

    /// Records what the last look at the repository counted.
    pub async fn update_repository(&self, repository: &Repository) -> Result<()> {
        sqlx::query("UPDATE repository SET branch = ?, commits = ?, mine = ?, notice = ? WHERE id = ?")
            .bind(&repository.branch)
            .bind(repository.commits)
            .bind(repository.mine)
            .bind(&repository.notice)
            .bind(repository.id)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Commit whose history is stored, or `None` before the first look.
    pub async fn history_head(&self, repository_id: i64) -> Result<Option<String>> {
        Ok(sqlx::query_scalar("SELECT head FROM repository WHERE id = ?")
            .bind(repository_id)
            .fetch_one(&self.read)
            .await?)
    }

    /// Replaces the stored history by the one that ends in `head`.
    pub async fn replace_history(
        &self,
        repository_id: i64,
        head: Option<&str>,
        commits: &[Commit],
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM history WHERE repository_id = ?")
            .bind(repository_id)
            .execute(&mut *tx)
            .await?;
        for (position, commit) in commits.iter().enumerate() {
            sqlx::query("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(repository_id)
                .bind(position as i64)
                .bind(&commit.sha)
                .bind(&commit.subject)
                .bind(&commit.body)
                .bind(&commit.author_name)
                .bind(&commit.author_email)
                .bind(commit.time)
                .bind(commit.parents)
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query("UPDATE repository SET head = ? WHERE id = ?")
            .bind(head)
            .bind(repository_id)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// One page of the stored history, newest first, and the number of commits that match in all.
    pub async fn history(&self, repository_id: i64, filter: &HistoryFilter) -> Result<(Vec<Commit>, u32)> {
        const MATCHES: &str = "FROM history WHERE repository_id = ?1
             AND (NOT ?3 OR author_email IN (SELECT value FROM json_each(?2)))
             AND (?4 = '' OR instr(lower(subject), ?4) OR instr(lower(author_name), ?4)
                  OR instr(author_email, ?4) OR substr(sha, 1, length(?4)) = ?4)";
        let emails = to_json(&filter.emails)?;
        let query = filter.query.trim().to_lowercase();
        let page = format!(
            "SELECT sha, subject, body, author_name, author_email, time, parents,
                    author_email IN (SELECT value FROM json_each(?2)) AS mine
             {MATCHES} ORDER BY position LIMIT ?5 OFFSET ?6"
        );
        let rows: Vec<HistoryRow> = sqlx::query_as(sqlx::AssertSqlSafe(page))
            .bind(repository_id)
            .bind(&emails)
            .bind(filter.mine_only)
            .bind(&query)
            .bind(filter.limit)
            .bind(filter.offset)
            .fetch_all(&self.read)
            .await?;
        let total: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) {MATCHES}")))
            .bind(repository_id)
            .bind(&emails)
            .bind(filter.mine_only)
            .bind(&query)
            .fetch_one(&self.read)
            .await?;
        Ok((rows.into_iter().map(Into::into).collect(), total as u32))
    }

    /// Authors of the stored history, the busiest first.
    pub async fn authors(&self, repository_id: i64, emails: &[String]) -> Result<Vec<Author>> {
        let rows: Vec<(String, String, i64, bool)> = sqlx::query_as(
            "SELECT author_name, author_email, count(*), author_email IN (SELECT value FROM json_each(?2))
             FROM history WHERE repository_id = ?1 GROUP BY author_email ORDER BY count(*) DESC, author_email",
        )
        .bind(repository_id)
        .bind(to_json(&emails)?)
        .fetch_all(&self.read)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(name, email, commits, mine)| Author { name, email, commits: commits as u32, mine })
            .collect())
    }

    /// Forgets the repository with all that was made from it. Its files are not touched.
    pub async fn remove_repository(&self, id: i64) -> Result<bool> {
        let done = sqlx::query("DELETE FROM repository WHERE id = ?").bind(id).execute(&self.write).await?;
        Ok(done.rows_affected() > 0)
    }

    /// The user's e-mail addresses, lower case.
    pub async fn identities(&self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar("SELECT email FROM identity ORDER BY email").fetch_all(&self.read).await?)
    }

    /// Replaces the user's e-mail addresses.
    pub async fn set_identities(&self, emails: &[String]) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM identity").execute(&mut *tx).await?;
        for email in emails {
            sqlx::query("INSERT OR IGNORE INTO identity (email) VALUES (?)")
                .bind(email.trim().to_lowercase())
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }
}
