//! Résumés for one opening, made from the master by what the user decided.

use anyhow::Result;
use internflow_domain::{Change, Look};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::{Store, from_json, to_json};

/// What the user said of a suggestion, with the change as it was then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    pub key: String,
    pub accepted: bool,
    pub why: String,
    pub change: Change,
}

/// What makes the résumé for an opening other than the master. The default is the master.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Variant {
    pub decisions: Vec<Decided>,
    pub look: Option<Look>,
    pub letter: Option<String>,
    pub exported: Option<String>,
}

#[derive(FromRow)]
struct Row {
    decisions: String,
    look: Option<String>,
    letter: Option<String>,
    exported: Option<String>,
}

impl Store {
    pub async fn variant(&self, job_id: i64) -> Result<Variant> {
        let row: Option<Row> =
            sqlx::query_as("SELECT decisions, look, letter, exported FROM resume_variant WHERE job_id = ?")
                .bind(job_id)
                .fetch_optional(&self.read)
                .await?;
        let Some(Row { decisions, look, letter, exported }) = row else { return Ok(Variant::default()) };
        let look = look.as_deref().map(from_json).transpose()?;
        Ok(Variant { decisions: from_json(&decisions)?, look, letter, exported })
    }

    pub async fn set_variant(&self, job_id: i64, variant: &Variant) -> Result<()> {
        sqlx::query(
            "INSERT OR REPLACE INTO resume_variant (job_id, decisions, look, letter, exported) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(job_id)
        .bind(to_json(&variant.decisions)?)
        .bind(variant.look.as_ref().map(to_json).transpose()?)
        .bind(&variant.letter)
        .bind(&variant.exported)
        .execute(&self.write)
        .await?;
        Ok(())
    }
}
