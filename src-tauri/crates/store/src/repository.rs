//! Repositories and the user's e-mail addresses.

use anyhow::Result;
use internflow_domain::{Author, ChangeSize, Commit, Import, Remote, Repository};
use sqlx::FromRow;

use crate::{Store, from_json, to_json};

#[derive(FromRow)]
struct HistoryRow {
    sha: String,
    subject: String,
    body: String,
    author_name: String,
    author_email: String,
    co_authors: String,
    time: i64,
    parents: i64,
    mine: bool,
    files: Option<i64>,
    added: Option<i64>,
    removed: Option<i64>,
}

impl HistoryRow {
    fn sized(self) -> Result<(Commit, Option<ChangeSize>)> {
        let size = change_size(self.files, self.added, self.removed);
        let Self { sha, subject, body, author_name, author_email, time, parents, mine, .. } = self;
        let co_authors = from_json(&self.co_authors)?;
        let parents = parents as u32;
        let commit =
            Commit { sha, subject, body, author_name, author_email, co_authors, time, parents, mine };
        Ok((commit, size))
    }
}

fn change_size(files: Option<i64>, added: Option<i64>, removed: Option<i64>) -> Option<ChangeSize> {
    let (files, added, removed) = (files? as u32, added? as u32, removed? as u32);
    Some(ChangeSize { files, added, removed })
}

/// Which commits of a history to show.
#[derive(Debug, Clone, Default)]
pub struct HistoryFilter {
    /// E-mails of the user, lower case: decides `mine`.
    pub emails: Vec<String>,
    /// A commit that is nobody's: an import that the user has not called their own.
    pub import: Option<String>,
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
    template: Option<bool>,
    news: Option<String>,
    import: Option<String>,
    import_mine: bool,
    safe_wording: bool,
    files: Option<i64>,
    added: Option<i64>,
    removed: Option<i64>,
}

/// A repository with its far end and the size of its import, if it has them.
const ALL: &str = "SELECT id, name, path, branch, commits, mine, notice, import, import_mine, safe_wording,
                          full_name, url, fork, private, template, news, synced_at, problem, files, added, removed
                   FROM repository LEFT JOIN remote ON remote.repository_id = repository.id
                   LEFT JOIN change_size ON change_size.repository_id = repository.id AND sha = import";

/// A commit of the history with its size.
const ROW: &str =
    "history.sha, subject, body, author_name, author_email, co_authors, time, parents, files, added, removed";
const SIZED: &str = "history LEFT JOIN change_size
    ON change_size.repository_id = history.repository_id AND change_size.sha = history.sha";

/// True for the commits of the user: `?2` their addresses as JSON, `?3` an import that is not theirs. What a bot
/// wrote is nobody's, whoever it names beside itself.
pub(crate) const MINE: &str =
    "(parents < 2 AND history.sha IS NOT ?3 AND NOT instr(author_email, '[bot]@') AND (
    author_email IN (SELECT value FROM json_each(?2))
    OR EXISTS (SELECT 1 FROM json_each(co_authors) WHERE value IN (SELECT value FROM json_each(?2)))))";

/// How an address is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum Identity {
    /// The user said that it is theirs.
    Confirmed,
    /// An account that they signed in to has it.
    Account,
    /// The user said that it is not theirs.
    Refused,
}

impl From<Row> for Repository {
    fn from(row: Row) -> Self {
        let size = change_size(row.files, row.added, row.removed).unwrap_or_default();
        let import = row.import.map(|sha| Import { sha, size, mine: row.import_mine });
        let remote = row.full_name.zip(row.url).map(|(full_name, url)| Remote {
            full_name,
            url,
            fork: row.fork.unwrap_or_default(),
            private: row.private.unwrap_or_default(),
            template: row.template.unwrap_or_default(),
            // Written by us; what can't be read is nothing to decide about.
            news: row.news.and_then(|news| from_json(&news).ok()).unwrap_or_default(),
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
            import,
            remote,
            safe_wording: row.safe_wording,
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

    /// Takes the user's word for who wrote the import.
    pub async fn set_import_mine(&self, repository_id: i64, mine: bool) -> Result<()> {
        sqlx::query("UPDATE repository SET import_mine = ? WHERE id = ? AND import IS NOT NULL")
            .bind(mine)
            .bind(repository_id)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// False when there is no such repository.
    pub async fn set_safe_wording(&self, repository_id: i64, on: bool) -> Result<bool> {
        let done = sqlx::query("UPDATE repository SET safe_wording = ? WHERE id = ?")
            .bind(on)
            .bind(repository_id)
            .execute(&self.write)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Records what the last look at the repository counted. What the user said of its import stays. True when the
    /// import is another one than before: the authors of its lines are then to be read again.
    pub async fn update_repository(&self, repository: &Repository) -> Result<bool> {
        let mut tx = self.begin().await?;
        let import = repository.import.as_ref().map(|import| &import.sha);
        let before: Option<String> = sqlx::query_scalar("SELECT import FROM repository WHERE id = ?")
            .bind(repository.id)
            .fetch_optional(&mut *tx)
            .await?
            .flatten();
        let other = before.as_ref() != import;
        if other {
            sqlx::query(
                "DELETE FROM chunk_author WHERE chunk_id IN (SELECT id FROM chunk WHERE repository_id = ?)",
            )
            .bind(repository.id)
            .execute(&mut *tx)
            .await?;
            sqlx::query("UPDATE indexed_file SET blamed = 0 WHERE repository_id = ?")
                .bind(repository.id)
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query(
            "UPDATE repository SET branch = ?1, commits = ?2, mine = ?3, notice = ?4,
                 import_mine = CASE WHEN import IS ?5 THEN import_mine ELSE 0 END, import = ?5
             WHERE id = ?6",
        )
        .bind(&repository.branch)
        .bind(repository.commits)
        .bind(repository.mine)
        .bind(&repository.notice)
        .bind(import)
        .bind(repository.id)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(other)
    }

    /// Commits of the stored history without a size, newest first; merges have none.
    pub async fn unmeasured(&self, repository_id: i64) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(
            "SELECT sha FROM history WHERE repository_id = ?1 AND parents < 2 AND NOT EXISTS
                 (SELECT 1 FROM change_size WHERE change_size.repository_id = ?1 AND change_size.sha = history.sha)
             ORDER BY position",
        )
        .bind(repository_id)
        .fetch_all(&self.read)
        .await?)
    }

    /// When the first and the last of these commits were made, seconds since 1970 UTC; `None` where none is known.
    pub async fn span(&self, repository_id: i64, shas: &[&str]) -> Result<Option<(i64, i64)>> {
        let query = "SELECT min(time), max(time) FROM history WHERE repository_id = ? AND sha IN (SELECT value FROM json_each(?))";
        let found: (Option<i64>, Option<i64>) = sqlx::query_as(query)
            .bind(repository_id)
            .bind(sqlx::types::Json(shas))
            .fetch_one(&self.read)
            .await?;
        Ok(found.0.zip(found.1))
    }

    /// First commits of the stored history with their sizes, where those are known.
    pub async fn roots(&self, repository_id: i64) -> Result<Vec<(Commit, Option<ChangeSize>)>> {
        let rows: Vec<HistoryRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT {ROW}, FALSE AS mine FROM {SIZED} WHERE history.repository_id = ? AND parents = 0"
        )))
        .bind(repository_id)
        .fetch_all(&self.read)
        .await?;
        rows.into_iter().map(HistoryRow::sized).collect()
    }

    /// Notes sizes, in one transaction.
    pub async fn add_sizes(&self, repository_id: i64, sizes: &[(String, ChangeSize)]) -> Result<()> {
        let mut tx = self.begin().await?;
        for (sha, size) in sizes {
            sqlx::query("INSERT OR REPLACE INTO change_size VALUES (?, ?, ?, ?, ?)")
                .bind(repository_id)
                .bind(sha)
                .bind(size.files)
                .bind(size.added)
                .bind(size.removed)
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
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
            sqlx::query("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(repository_id)
                .bind(position as i64)
                .bind(&commit.sha)
                .bind(&commit.subject)
                .bind(&commit.body)
                .bind(&commit.author_name)
                .bind(&commit.author_email)
                .bind(commit.time)
                .bind(commit.parents)
                .bind(to_json(&commit.co_authors)?)
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

    /// One page of the stored history, newest first, with sizes where they are known, and the number of
    /// commits that match in all.
    pub async fn history(
        &self,
        repository_id: i64,
        filter: &HistoryFilter,
    ) -> Result<(Vec<(Commit, Option<ChangeSize>)>, u32)> {
        let matches = format!(
            "history.repository_id = ?1 AND (NOT ?4 OR {MINE})
             AND (?5 = '' OR instr(lower(subject), ?5) OR instr(lower(author_name), ?5)
                  OR instr(author_email, ?5) OR substr(history.sha, 1, length(?5)) = ?5)"
        );
        let emails = to_json(&filter.emails)?;
        let query = filter.query.trim().to_lowercase();
        let page = format!(
            "SELECT {ROW}, {MINE} AS mine FROM {SIZED} WHERE {matches} ORDER BY position LIMIT ?6 OFFSET ?7"
        );
        let rows: Vec<HistoryRow> = sqlx::query_as(sqlx::AssertSqlSafe(page))
            .bind(repository_id)
            .bind(&emails)
            .bind(&filter.import)
            .bind(filter.mine_only)
            .bind(&query)
            .bind(filter.limit)
            .bind(filter.offset)
            .fetch_all(&self.read)
            .await?;
        let count = format!("SELECT count(*) FROM history WHERE {matches}");
        let total: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(count))
            .bind(repository_id)
            .bind(&emails)
            .bind(&filter.import)
            .bind(filter.mine_only)
            .bind(&query)
            .fetch_one(&self.read)
            .await?;
        let rows = rows.into_iter().map(HistoryRow::sized).collect::<Result<_>>()?;
        Ok((rows, total as u32))
    }

    /// Authors of the stored history, the busiest first; without GitHub's bots, who are nobody.
    pub async fn authors(&self, repository_id: i64, emails: &[String]) -> Result<Vec<Author>> {
        let rows: Vec<(String, String, i64, bool)> = sqlx::query_as(
            "SELECT author_name, author_email, count(*), author_email IN (SELECT value FROM json_each(?2))
             FROM history WHERE repository_id = ?1 AND NOT instr(author_email, '[bot]@')
             GROUP BY author_email ORDER BY count(*) DESC, author_email",
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

    /// The addresses known to be the user's, or known not to be, lower case.
    pub async fn identities(&self) -> Result<Vec<(String, Identity)>> {
        Ok(sqlx::query_as("SELECT email, how FROM identity ORDER BY email").fetch_all(&self.read).await?)
    }

    /// Replaces what the user confirmed; what they refuse stays refused until they confirm it.
    pub async fn set_identities(&self, confirmed: &[String], refused: &[String]) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM identity WHERE how = 'confirmed'").execute(&mut *tx).await?;
        for (emails, how) in [(refused, Identity::Refused), (confirmed, Identity::Confirmed)] {
            for email in emails {
                sqlx::query("INSERT OR REPLACE INTO identity (email, how) VALUES (?, ?)")
                    .bind(email.trim().to_lowercase())
                    .bind(how)
                    .execute(&mut *tx)
                    .await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Learns the addresses of an account that signed in. What the user said of them before holds.
    pub async fn add_account_emails(&self, emails: &[String]) -> Result<()> {
        let mut tx = self.begin().await?;
        for email in emails {
            sqlx::query("INSERT OR IGNORE INTO identity (email, how) VALUES (?, ?)")
                .bind(email.trim().to_lowercase())
                .bind(Identity::Account)
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }
}
