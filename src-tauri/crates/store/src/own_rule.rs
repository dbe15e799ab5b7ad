//! The user's own rules of each repository.

use anyhow::Result;
use internflow_domain::{Forbidden, OwnRule};
use sqlx::FromRow;

use crate::{Store, from_json, to_json};

#[derive(FromRow)]
struct Row {
    id: i64,
    repository_id: i64,
    sentence: String,
    place: String,
    languages: String,
    forbids: String,
    regex: bool,
}

impl TryFrom<Row> for OwnRule {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            repository_id: row.repository_id,
            sentence: row.sentence,
            place: row.place,
            languages: from_json(&row.languages)?,
            forbids: Forbidden { text: row.forbids, regex: row.regex },
        })
    }
}

impl Store {
    /// In the order they were made.
    pub async fn own_rules(&self, repository_id: i64) -> Result<Vec<OwnRule>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, repository_id, sentence, place, languages, forbids, regex FROM own_rule
             WHERE repository_id = ? ORDER BY id",
        )
        .bind(repository_id)
        .fetch_all(&self.read)
        .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Adds a rule, whatever id it comes with. Returns the new one.
    pub async fn add_own_rule(&self, rule: &OwnRule) -> Result<i64> {
        let id = sqlx::query_scalar(
            "INSERT INTO own_rule (repository_id, sentence, place, languages, forbids, regex)
             VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        )
        .bind(rule.repository_id)
        .bind(&rule.sentence)
        .bind(&rule.place)
        .bind(to_json(&rule.languages)?)
        .bind(&rule.forbids.text)
        .bind(rule.forbids.regex)
        .fetch_one(&self.write)
        .await?;
        Ok(id)
    }

    /// Changes a rule of this repository. False when it is not there.
    pub async fn set_own_rule(&self, rule: &OwnRule) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE own_rule SET sentence = ?, place = ?, languages = ?, forbids = ?, regex = ?
             WHERE id = ? AND repository_id = ?",
        )
        .bind(&rule.sentence)
        .bind(&rule.place)
        .bind(to_json(&rule.languages)?)
        .bind(&rule.forbids.text)
        .bind(rule.forbids.regex)
        .bind(rule.id)
        .bind(rule.repository_id)
        .execute(&self.write)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Deletes a rule and returns whose it was.
    pub async fn delete_own_rule(&self, id: i64) -> Result<Option<i64>> {
        Ok(sqlx::query_scalar("DELETE FROM own_rule WHERE id = ? RETURNING repository_id")
            .bind(id)
            .fetch_optional(&self.write)
            .await?)
    }
}
