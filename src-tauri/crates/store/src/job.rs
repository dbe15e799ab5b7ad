//! Openings as lists show them, with what the user decided about them.

use anyhow::{Context, Result};
use internflow_domain::{ApplicationState, Job};
use sqlx::FromRow;

use crate::{Store, from_json, to_json};

/// What an opening became when it was made anew from its postings.
#[derive(Debug)]
pub struct JobView<'a> {
    pub id: i64,
    pub job: &'a Job,
    pub words: &'a str,
    /// Company as clusters compare it.
    pub company: String,
}

/// An opening with what the user decided.
#[derive(Debug, Clone)]
pub struct JobRow {
    pub job: Job,
    /// What became of the user's application, as JSON.
    pub application: Option<String>,
}

/// Which openings are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    Open,
    Hidden,
    Closed,
    Tracked,
}

/// In which order openings are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order<'a> {
    /// The best score first, then the newest.
    Fit,
    Newest,
    /// The next last day to apply first; then those that are over on `today` (`2026-11-28`), then those without one.
    Deadline {
        today: &'a str,
    },
}

/// Which openings are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Listing<'a> {
    pub listed: Listed,
    /// All of them must occur.
    pub words: &'a [String],
    pub kind: Option<&'a str>,
    pub remote: bool,
    pub order: Order<'a>,
    pub limit: u32,
}

impl Listing<'_> {
    /// The best of these.
    pub fn best(listed: Listed, limit: u32) -> Self {
        Self { listed, words: &[], kind: None, remote: false, order: Order::Fit, limit }
    }
}

#[derive(FromRow)]
struct Row {
    id: i64,
    view: String,
    hidden: Option<String>,
    application: Option<String>,
    stage: Option<String>,
}

impl Store {
    /// Ids of all openings.
    pub async fn job_ids(&self) -> Result<Vec<i64>> {
        Ok(sqlx::query_scalar("SELECT id FROM job ORDER BY id").fetch_all(&self.read).await?)
    }

    /// Writes what lists show of openings, in one transaction.
    pub async fn set_job_views(&self, views: &[JobView<'_>]) -> Result<()> {
        let mut tx = self.begin().await?;
        for JobView { id, job, words, company } in views {
            let kind = job.kind.map(serde_json::to_value).transpose()?;
            sqlx::query(
                "UPDATE job SET view = ?, words = ?, company = ?, kind = ?, is_remote = ?, is_open = ?, score = ?,
                   day = ? WHERE id = ?",
            )
            .bind(to_json(job)?)
            .bind(words)
            .bind(company)
            .bind(kind.as_ref().and_then(|kind| kind.as_str()))
            .bind(job.mode.as_deref() == Some("remote"))
            .bind(job.open)
            .bind(job.score)
            .bind(&job.day)
            .bind(id)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Openings, and how many there are in all.
    pub async fn jobs(&self, asked: &Listing<'_>) -> Result<(Vec<JobRow>, u32)> {
        let shown = match asked.listed {
            Listed::Open => "is_open AND hidden IS NULL",
            Listed::Hidden => "hidden IS NOT NULL",
            Listed::Closed => "NOT is_open AND hidden IS NULL",
            Listed::Tracked => "application IS NOT NULL",
        };
        let filter = format!(
            "FROM job WHERE view <> '{{}}' AND {shown} AND (?1 IS NULL OR kind = ?1) AND (NOT ?2 OR is_remote)
             AND NOT EXISTS (SELECT 1 FROM json_each(?3) WHERE instr(job.words, value) = 0)"
        );
        let words = to_json(&asked.words)?;
        let all: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) {filter}")))
            .bind(asked.kind)
            .bind(asked.remote)
            .bind(&words)
            .fetch_one(&self.read)
            .await?;
        let best = "score IS NULL, score DESC, day DESC, id DESC";
        let order = match asked.order {
            Order::Fit => best.to_owned(),
            Order::Newest => format!("day DESC, {best}"),
            Order::Deadline { .. } => {
                let last = "json_extract(view, '$.deadline')";
                format!("{last} IS NULL, {last} < ?5, {last}, {best}")
            }
        };
        let sql = format!("SELECT id, view, hidden, application, stage {filter} ORDER BY {order} LIMIT ?4");
        let mut query = sqlx::query_as::<_, Row>(sqlx::AssertSqlSafe(sql))
            .bind(asked.kind)
            .bind(asked.remote)
            .bind(&words)
            .bind(asked.limit);
        if let Order::Deadline { today } = asked.order {
            query = query.bind(today);
        }
        let rows = query.fetch_all(&self.read).await?;
        Ok((rows.into_iter().map(TryInto::try_into).collect::<Result<_>>()?, all as u32))
    }

    /// An opening with what the user decided.
    pub async fn job(&self, id: i64) -> Result<Option<JobRow>> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, view, hidden, application, stage FROM job WHERE id = ? AND view <> '{}'",
        )
        .bind(id)
        .fetch_optional(&self.read)
        .await?;
        row.map(TryInto::try_into).transpose()
    }

    /// Hides an opening, with the user's reason, or shows it again. False when it is not there.
    pub async fn hide_job(&self, id: i64, reason: Option<&str>) -> Result<bool> {
        let done = sqlx::query("UPDATE job SET hidden = ? WHERE id = ?")
            .bind(reason)
            .bind(id)
            .execute(&self.write)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Hides all openings of a company that are not hidden; returns how many.
    pub async fn hide_jobs_of(&self, company: &str, reason: &str) -> Result<u64> {
        let done = sqlx::query(
            "UPDATE job SET hidden = ? WHERE company = ? AND hidden IS NULL AND application IS NULL",
        )
        .bind(reason)
        .bind(company)
        .execute(&self.write)
        .await?;
        Ok(done.rows_affected())
    }

    /// Writes what became of an application, as JSON with how far it is; `None` is not tracked any more. False when
    /// the opening is not there.
    pub async fn set_application(
        &self,
        id: i64,
        application: Option<(&str, ApplicationState)>,
    ) -> Result<bool> {
        let done = sqlx::query("UPDATE job SET application = ?, stage = ? WHERE id = ?")
            .bind(application.map(|(text, _)| text))
            .bind(application.map(|(_, stage)| stage.as_str()))
            .bind(id)
            .execute(&self.write)
            .await?;
        Ok(done.rows_affected() > 0)
    }
}

impl TryFrom<Row> for JobRow {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> Result<Self> {
        let mut job: Job = from_json(&row.view).context("an opening without a view")?;
        (job.id, job.hidden) = (row.id, row.hidden);
        job.tracked = row.stage.as_deref().and_then(ApplicationState::parse);
        Ok(Self { job, application: row.application })
    }
}
