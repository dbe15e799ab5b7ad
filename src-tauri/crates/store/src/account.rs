//! The GitHub account (never its tokens), what its API said, the far ends of repositories, and what the
//! account did elsewhere.

use anyhow::Result;
use internflow_domain::{Account, Contribution, Remote};

use crate::activity::{Claimed, complete};
use crate::{Store, from_json, to_json};

/// A signed-in account with the addresses it signed in at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAccount {
    pub api: String,
    pub client_id: String,
    pub account: Account,
}

/// An answer of the API, to be confirmed by its ETag.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RememberedRow {
    pub etag: String,
    pub link: Option<String>,
    pub body: Vec<u8>,
}

impl Store {
    pub async fn account(&self) -> Result<Option<StoredAccount>> {
        let row: Option<(String, String, String)> =
            sqlx::query_as("SELECT api, client_id, account FROM account").fetch_optional(&self.read).await?;
        row.map(|(api, client_id, account)| {
            Ok(StoredAccount { api, client_id, account: from_json(&account)? })
        })
        .transpose()
    }

    pub async fn set_account(&self, stored: &StoredAccount) -> Result<()> {
        sqlx::query("INSERT OR REPLACE INTO account (id, api, client_id, account) VALUES (1, ?, ?, ?)")
            .bind(&stored.api)
            .bind(&stored.client_id)
            .bind(to_json(&stored.account)?)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Forgets the account and what its API said; repositories, reviews and contributions stay.
    pub async fn remove_account(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM account").execute(&mut *tx).await?;
        sqlx::query("DELETE FROM remembered").execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    pub async fn remembered(&self, login: &str, url: &str) -> Result<Option<RememberedRow>> {
        Ok(sqlx::query_as("SELECT etag, link, body FROM remembered WHERE login = ? AND url = ?")
            .bind(login)
            .bind(url)
            .fetch_optional(&self.read)
            .await?)
    }

    pub async fn remember(&self, login: &str, url: &str, answer: &RememberedRow) -> Result<()> {
        sqlx::query(
            "INSERT OR REPLACE INTO remembered (login, url, etag, link, body) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(login)
        .bind(url)
        .bind(&answer.etag)
        .bind(&answer.link)
        .bind(&answer.body)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Gives a repository its far end, or changes what is known of it.
    pub async fn set_remote(&self, repository_id: i64, remote: &Remote) -> Result<()> {
        sqlx::query(
            "INSERT INTO remote (repository_id, full_name, url, fork, private, template, problem)
             VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (repository_id) DO UPDATE SET full_name = excluded.full_name, url = excluded.url,
                 fork = excluded.fork, private = excluded.private, template = excluded.template,
                 problem = excluded.problem",
        )
        .bind(repository_id)
        .bind(&remote.full_name)
        .bind(&remote.url)
        .bind(remote.fork)
        .bind(remote.private)
        .bind(remote.template)
        .bind(&remote.problem)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Notes what keeps a repository from being in step; `None` when nothing does.
    pub async fn set_problem(&self, repository_id: i64, problem: Option<&str>) -> Result<()> {
        sqlx::query("UPDATE remote SET problem = ? WHERE repository_id = ?")
            .bind(problem)
            .bind(repository_id)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Notes that a sync begins.
    pub async fn sync_begins(&self, repository_id: i64, now: i64) -> Result<()> {
        sqlx::query("UPDATE remote SET tried_at = ? WHERE repository_id = ?")
            .bind(now)
            .bind(repository_id)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Where the branches stood when the last whole sync ended; `None` before the first.
    pub async fn synced_tips(&self, repository_id: i64) -> Result<Option<Vec<String>>> {
        let tips: Option<String> = sqlx::query_scalar("SELECT tips FROM remote WHERE repository_id = ?")
            .bind(repository_id)
            .fetch_optional(&self.read)
            .await?
            .flatten();
        tips.as_deref().map(from_json).transpose()
    }

    /// Notes that the repository is in step, with its branches at `tips` and `news` (newest first) for the user to
    /// decide about, and ends the task, in one transaction.
    pub async fn finish_sync(
        &self,
        claimed: &Claimed,
        repository_id: i64,
        tips: &[String],
        news: &[String],
        now: i64,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let before: String = sqlx::query_scalar("SELECT news FROM remote WHERE repository_id = ?")
            .bind(repository_id)
            .fetch_one(&mut *tx)
            .await?;
        let mut all = news.to_vec();
        all.extend(from_json::<Vec<String>>(&before)?.into_iter().filter(|sha| !news.contains(sha)));
        sqlx::query(
            "UPDATE remote SET synced_at = ?, tips = ?, news = ?, problem = NULL WHERE repository_id = ?",
        )
        .bind(now)
        .bind(to_json(&tips)?)
        .bind(to_json(&all)?)
        .bind(repository_id)
        .execute(&mut *tx)
        .await?;
        if complete(&mut tx, claimed, now).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    /// The user has decided about this news of the repository; what came meanwhile stays.
    pub async fn remove_news(&self, repository_id: i64, decided: &[String]) -> Result<()> {
        sqlx::query(
            "UPDATE remote SET news = (SELECT json_group_array(value) FROM json_each(news)
                                       WHERE value NOT IN (SELECT value FROM json_each(?2)))
             WHERE repository_id = ?1",
        )
        .bind(repository_id)
        .bind(to_json(&decided)?)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Repositories whose last sync was begun more than `age` seconds before `now`, the longest waiting first;
    /// and those it was begun after: the clock was wrong then, and may have been wrong by years.
    pub async fn due_for_sync(&self, now: i64, age: i64) -> Result<Vec<i64>> {
        Ok(sqlx::query_scalar(
            "SELECT repository_id FROM remote WHERE tried_at < ?1 - ?2 OR tried_at > ?1 ORDER BY tried_at",
        )
        .bind(now)
        .bind(age)
        .fetch_all(&self.read)
        .await?)
    }

    /// The repository that is kept in step with this address.
    pub async fn repository_of_remote(&self, url: &str) -> Result<Option<i64>> {
        Ok(sqlx::query_scalar("SELECT repository_id FROM remote WHERE url = ?")
            .bind(url)
            .fetch_optional(&self.read)
            .await?)
    }

    /// Replaces the contributions by those of a complete look, and ends its task, in one transaction.
    pub async fn finish_contributions(
        &self,
        claimed: &Claimed,
        all: &[Contribution],
        now: i64,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM contribution").execute(&mut *tx).await?;
        for one in all {
            sqlx::query("INSERT OR REPLACE INTO contribution VALUES (?, ?, ?, ?, ?)")
                .bind(to_json(&one.kind)?)
                .bind(&one.repository)
                .bind(one.number)
                .bind(to_json(one)?)
                .bind(one.at)
                .execute(&mut *tx)
                .await?;
        }
        if complete(&mut tx, claimed, now).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    /// Contributions, newest first.
    pub async fn contributions(&self) -> Result<Vec<Contribution>> {
        let rows: Vec<String> = sqlx::query_scalar("SELECT contribution FROM contribution ORDER BY at DESC")
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(|row| from_json(row)).collect()
    }
}
