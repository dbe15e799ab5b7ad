//! Questions about repositories and what was answered.

use anyhow::{Context, Result};
use internflow_domain::{Answer, Statement, Writer};
use sqlx::FromRow;

use crate::activity::{Claimed, NewTask, complete, enqueue};
use crate::{Store, from_json, to_json};

#[derive(FromRow)]
struct Row {
    id: i64,
    repository_id: i64,
    task_id: i64,
    question: String,
    sha: String,
    follows: Option<i64>,
    statements: String,
    notice: Option<String>,
    model: Option<String>,
}

impl Store {
    /// Keeps a question, which may follow an answer, and queues its answering, in one transaction. Returns the
    /// answer's id.
    pub async fn add_answer(
        &self,
        repository_id: i64,
        question: &str,
        follows: Option<i64>,
        sha: &str,
        task: &NewTask,
        now: i64,
    ) -> Result<i64> {
        let mut tx = self.begin().await?;
        let task_id = enqueue(&mut tx, task, now).await?;
        // Asked twice while it waits: the same answer.
        let known: Option<i64> = sqlx::query_scalar("SELECT id FROM answer WHERE task_id = ?")
            .bind(task_id)
            .fetch_optional(&mut *tx)
            .await?;
        let id = match known {
            Some(id) => id,
            None => sqlx::query_scalar(
                "INSERT INTO answer (repository_id, task_id, question, follows, sha) VALUES (?, ?, ?, ?, ?)
                 RETURNING id",
            )
            .bind(repository_id)
            .bind(task_id)
            .bind(question)
            .bind(follows)
            .bind(sha)
            .fetch_one(&mut *tx)
            .await?,
        };
        tx.commit().await?;
        Ok(id)
    }

    /// The questions before the one that this run answers, with what was said, the latest last.
    pub async fn earlier(&self, claimed: &Claimed, most: u32) -> Result<Vec<(String, Vec<Statement>)>> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "WITH RECURSIVE earlier (id, depth) AS (
                 SELECT follows, 1 FROM answer WHERE task_id = ?1
                 UNION ALL
                 SELECT follows, depth + 1 FROM earlier JOIN answer ON answer.id = earlier.id WHERE depth < ?2)
             SELECT question, statements FROM earlier JOIN answer ON answer.id = earlier.id ORDER BY depth DESC",
        )
        .bind(claimed.id)
        .bind(most)
        .fetch_all(&self.read)
        .await?;
        rows.into_iter().map(|(question, said)| Ok((question, from_json(&said)?))).collect()
    }

    /// Notes the commit whose code answers; does nothing when the run has lost its lease.
    pub async fn set_answer_commit(&self, claimed: &Claimed, sha: &str) -> Result<()> {
        self.set_of_answer(claimed, "sha", sha.to_owned()).await
    }

    /// Notes the model that is about to be asked; does nothing when the run has lost its lease.
    pub async fn set_answer_model(&self, claimed: &Claimed, model: &Writer) -> Result<()> {
        self.set_of_answer(claimed, "model", to_json(model)?).await
    }

    /// Replaces what is written so far; does nothing when the run has lost its lease.
    pub async fn set_statements(&self, claimed: &Claimed, statements: &[Statement]) -> Result<()> {
        self.set_of_answer(claimed, "statements", to_json(&statements)?).await
    }

    async fn set_of_answer(&self, claimed: &Claimed, column: &'static str, value: String) -> Result<()> {
        let sql = format!(
            "UPDATE answer SET {column} = ? WHERE task_id = ?
             AND EXISTS (SELECT 1 FROM task WHERE id = ? AND lease = ?)"
        );
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(value)
            .bind(claimed.id)
            .bind(claimed.id)
            .bind(&claimed.lease)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Ends an answer and its task, in one transaction.
    pub async fn finish_answer(
        &self,
        claimed: &Claimed,
        statements: &[Statement],
        notice: Option<&str>,
        now: i64,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE answer SET statements = ?, notice = ? WHERE task_id = ?")
            .bind(to_json(&statements)?)
            .bind(notice)
            .bind(claimed.id)
            .execute(&mut *tx)
            .await?;
        if complete(&mut tx, claimed, now).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    pub async fn answer(&self, id: i64) -> Result<Option<Answer>> {
        let row: Option<Row> =
            sqlx::query_as("SELECT * FROM answer WHERE id = ?").bind(id).fetch_optional(&self.read).await?;
        match row {
            Some(row) => Ok(Some(self.whole(row).await?)),
            None => Ok(None),
        }
    }

    /// The answers about a repository, oldest first.
    pub async fn answers(&self, repository_id: i64) -> Result<Vec<Answer>> {
        let rows: Vec<Row> = sqlx::query_as("SELECT * FROM answer WHERE repository_id = ? ORDER BY id")
            .bind(repository_id)
            .fetch_all(&self.read)
            .await?;
        let mut answers = Vec::with_capacity(rows.len());
        for row in rows {
            answers.push(self.whole(row).await?);
        }
        Ok(answers)
    }

    /// Removes an answer; its repository, or `None` when it was not there. What followed it follows the one
    /// before.
    pub async fn remove_answer(&self, id: i64) -> Result<Option<i64>> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE answer SET follows = (SELECT follows FROM answer WHERE id = ?1) WHERE follows = ?1",
        )
        .bind(id)
        .execute(&mut *tx)
        .await?;
        let repository_id = sqlx::query_scalar("DELETE FROM answer WHERE id = ? RETURNING repository_id")
            .bind(id)
            .fetch_optional(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(repository_id)
    }

    async fn whole(&self, row: Row) -> Result<Answer> {
        Ok(Answer {
            id: row.id,
            repository_id: row.repository_id,
            question: row.question,
            sha: row.sha,
            follows: row.follows,
            task: self.task(row.task_id).await?.context("an answer without its task")?,
            statements: from_json(&row.statements)?,
            notice: row.notice,
            model: row.model.as_deref().map(from_json).transpose()?,
        })
    }
}
