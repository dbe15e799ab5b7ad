//! What reviews found in the user's own commits, for what there is to learn from it.

use std::collections::HashMap;

use anyhow::Result;
use internflow_domain::{Finding, ReviewSummary};
use sqlx::FromRow;

use crate::repository::MINE;
use crate::{Store, from_json, to_json};

/// A reviewed commit of the user.
#[derive(Debug, Clone)]
pub struct OwnReview {
    pub sha: String,
    /// Author time, seconds since 1970 UTC.
    pub time: i64,
    /// `2026-03` (UTC), or `None` where the clock was wrong by thousands of years.
    pub month: Option<String>,
    /// Where it stands in the history, 0 for HEAD.
    pub position: i64,
    /// `None` while it is reviewed again.
    pub summary: Option<ReviewSummary>,
    /// The user's problems that it brought, by path and line: not those that were dismissed, nor those that an
    /// earlier commit brought.
    pub findings: Vec<OwnFinding>,
}

/// A problem, and where it went.
#[derive(Debug, Clone)]
pub struct OwnFinding {
    pub finding: Finding,
    /// The user's own commit in which it is gone.
    pub fixed: Option<String>,
    /// Path of its file then.
    pub path: String,
}

#[derive(FromRow)]
struct ReviewRow {
    sha: String,
    time: i64,
    month: Option<String>,
    position: i64,
    summary: Option<String>,
}

#[derive(FromRow)]
struct FindingRow {
    sha: String,
    finding: String,
    fixed: Option<String>,
    path: Option<String>,
}

impl Store {
    /// The user's reviewed commits in the history of HEAD, newest first. `import` is a commit that is nobody's.
    pub async fn own_reviews(
        &self,
        repository_id: i64,
        emails: &[String],
        import: Option<&str>,
    ) -> Result<Vec<OwnReview>> {
        let emails = to_json(&emails)?;
        let sql = format!(
            "SELECT history.sha, time, strftime('%Y-%m', time, 'unixepoch') AS month, position, summary FROM history
             JOIN review ON review.repository_id = history.repository_id AND review.sha = history.sha
             WHERE history.repository_id = ?1 AND {MINE} AND (summary IS NOT NULL OR EXISTS (
                 SELECT 1 FROM finding WHERE finding.repository_id = ?1 AND finding.sha = history.sha))
             ORDER BY position"
        );
        let rows: Vec<ReviewRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(repository_id)
            .bind(&emails)
            .bind(import)
            .fetch_all(&self.read)
            .await?;
        let place: HashMap<String, usize> =
            rows.iter().enumerate().map(|(at, row)| (row.sha.clone(), at)).collect();
        let review = |row: ReviewRow| OwnReview {
            sha: row.sha,
            time: row.time,
            month: row.month,
            position: row.position,
            // One that an earlier version of the app wrote in another shape says nothing.
            summary: row.summary.and_then(|summary| from_json(&summary).ok()),
            findings: Vec::new(),
        };
        let mut reviews: Vec<OwnReview> = rows.into_iter().map(review).collect();
        let sql = format!(
            "WITH mine AS MATERIALIZED (SELECT sha FROM history WHERE repository_id = ?1 AND {MINE})
             SELECT finding.sha, finding.finding, mine.sha AS fixed, finding_state.path
             FROM finding LEFT JOIN finding_state ON finding_state.finding_id = finding.id
             LEFT JOIN mine ON mine.sha = finding_state.fixed
             WHERE finding.repository_id = ?1 AND dismissed IS NULL AND same_as IS NULL ORDER BY finding.id"
        );
        let rows: Vec<FindingRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(repository_id)
            .bind(&emails)
            .bind(import)
            .fetch_all(&self.read)
            .await?;
        for row in rows {
            let Some(at) = place.get(&row.sha) else { continue };
            let finding: Finding = from_json(&row.finding)?;
            let path = row.path.unwrap_or_else(|| finding.path.clone());
            reviews[*at].findings.push(OwnFinding { finding, fixed: row.fixed, path });
        }
        for review in &mut reviews {
            review
                .findings
                .sort_by(|a, b| (&a.finding.path, a.finding.line).cmp(&(&b.finding.path, b.finding.line)));
        }
        Ok(reviews)
    }
}
