//! The user's profile, and what of it they leave out of the document.

use anyhow::Result;
use internflow_domain::{EntryKind, Omitted, Profile};
use sqlx::FromRow;

use crate::{Store, from_json, to_json};

#[derive(FromRow)]
struct Row {
    id: i64,
    kind: String,
    entry: String,
    text: String,
}

impl Store {
    /// The profile, empty before the first save.
    pub async fn profile(&self) -> Result<Profile> {
        let text: Option<String> = sqlx::query_scalar("SELECT profile FROM resume_profile WHERE id = 1")
            .fetch_optional(&self.read)
            .await?;
        text.as_deref().map_or_else(|| Ok(Profile::default()), from_json)
    }

    pub async fn set_profile(&self, profile: &Profile) -> Result<()> {
        sqlx::query("INSERT OR REPLACE INTO resume_profile (id, profile) VALUES (1, ?)")
            .bind(to_json(profile)?)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// What is left out, in the order in which it was.
    pub async fn omitted(&self) -> Result<Vec<Omitted>> {
        let rows: Vec<Row> = sqlx::query_as("SELECT id, kind, entry, text FROM resume_left_out ORDER BY id")
            .fetch_all(&self.read)
            .await?;
        let read = |Row { id, kind, entry, text }| -> Result<Omitted> {
            let kind = from_json(&kind)?;
            Ok(Omitted { id, kind, entry, text })
        };
        rows.into_iter().map(read).collect()
    }

    /// Leaves an entry out, or, where there is a text, one bullet of it.
    pub async fn leave_out(&self, kind: EntryKind, entry: &str, text: &str) -> Result<()> {
        sqlx::query("INSERT OR IGNORE INTO resume_left_out (kind, entry, text) VALUES (?, ?, ?)")
            .bind(to_json(&kind)?)
            .bind(entry)
            .bind(text)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Takes something in again; false when it is not left out.
    pub async fn put_back_omitted(&self, id: i64) -> Result<bool> {
        let done =
            sqlx::query("DELETE FROM resume_left_out WHERE id = ?").bind(id).execute(&self.write).await?;
        Ok(done.rows_affected() > 0)
    }
}
