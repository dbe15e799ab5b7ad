//! Findings as they are shown: with what the user decided and what later commits made of them.

use anyhow::{Context, Result};
use internflow_domain::{Finding, FindingState, Place, QuietRule, Severity, StoredFinding};
use sqlx::FromRow;

use crate::{Store, from_json};

/// Dismissals that make a rule quiet in a repository, when nothing that it said there was ever taken.
const QUIET_AFTER: i64 = 3;

#[derive(FromRow)]
struct Row {
    id: i64,
    finding: String,
    dismissed: Option<String>,
    posted: Option<String>,
    twin_in: Option<String>,
    first_in: Option<String>,
    path: Option<String>,
    line: Option<i64>,
    end_line: Option<i64>,
    fixed: Option<String>,
    reopened: Option<String>,
    on_branch: Option<bool>,
    there: Option<bool>,
}

/// A finding that is the return of an earlier one came back when that one did, and is dismissed with it.
const STORED: &str =
    "SELECT finding.id, finding.finding, coalesce(finding.dismissed, earlier.dismissed) AS dismissed, finding.posted, twin.sha AS twin_in,
        earlier.sha AS first_in, own.path, own.line, own.end_line, own.fixed,
        coalesce(came_back.reopened, own.reopened) AS reopened, own.on_branch, own.there
    FROM finding
    LEFT JOIN finding AS twin ON twin.id = finding.twin_of
    LEFT JOIN finding_state AS own ON own.finding_id = finding.id
    LEFT JOIN finding AS earlier ON earlier.id = own.same_as
    LEFT JOIN finding_state AS came_back ON came_back.finding_id = own.same_as";

/// How often each rule that was ever dismissed was so by hand in repository ?1, and how often something it said was taken: fixed,
/// posted as a comment, or put into a working copy.
const DISMISSALS: &str = "SELECT finding.rule AS rule,
        sum(finding.dismissed IS NOT NULL AND finding.twin_of IS NULL AND own.same_as IS NULL) AS dismissals,
        sum(finding.posted IS NOT NULL OR applied_fix.finding_id IS NOT NULL
            OR (own.fixed IS NOT NULL AND finding.dismissed IS NULL)) AS taken
    FROM finding
    LEFT JOIN finding_state AS own ON own.finding_id = finding.id
    LEFT JOIN applied_fix ON applied_fix.finding_id = finding.id
    WHERE finding.repository_id = ?1
      AND finding.rule IN (SELECT rule FROM finding WHERE repository_id = ?1 AND dismissed IS NOT NULL)
    GROUP BY finding.rule";

/// Findings of one commit and rule that are alike in how bad and how sure they are, and in whether they are open.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    pub sha: String,
    pub rule: String,
    pub severity: Severity,
    pub confidence: f32,
    /// Neither fixed nor dismissed.
    pub open: bool,
    pub count: u32,
}

#[derive(FromRow)]
struct TallyRow {
    sha: String,
    rule: String,
    severity: String,
    confidence: f64,
    open: bool,
    count: i64,
}

impl TryFrom<TallyRow> for Tally {
    type Error = anyhow::Error;

    fn try_from(row: TallyRow) -> Result<Self> {
        let TallyRow { sha, rule, severity, confidence, open, count } = row;
        let severity = Severity::parse(&severity).context("unknown severity")?;
        Ok(Self { sha, rule, severity, confidence: confidence as f32, open, count: count as u32 })
    }
}

impl TryFrom<Row> for StoredFinding {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> Result<Self> {
        let now = match (&row.fixed, row.there, row.path, row.line, row.end_line) {
            (None, Some(true), Some(path), Some(line), Some(end_line)) => {
                Some(Place { path, line: line as u32, end_line: end_line as u32 })
            }
            _ => None,
        };
        let (state, state_in) = match (&row.dismissed, row.fixed, row.reopened) {
            (Some(_), _, _) => (FindingState::Dismissed, None),
            (None, Some(sha), _) => (FindingState::Fixed, Some(sha)),
            (None, None, Some(sha)) => (FindingState::Reopened, Some(sha)),
            (None, None, None) => (FindingState::Open, None),
        };
        Ok(Self {
            id: row.id,
            finding: from_json(&row.finding)?,
            dismissed: row.dismissed,
            twin_in: row.twin_in,
            // Empty: begun, and not known whether it ended well.
            posted: row.posted.filter(|url| !url.is_empty()),
            state,
            state_in,
            now,
            // Not followed yet: a review of it runs, or was stopped.
            on_branch: row.on_branch.unwrap_or(true),
            first_in: row.first_in,
            quiet: None,
            shown: true,
        })
    }
}

impl Store {
    /// The findings of these commits, by path and line. Whether they are quiet and shown, the caller knows.
    pub async fn findings_in(&self, repository_id: i64, shas: &[&str]) -> Result<Vec<StoredFinding>> {
        let sql = format!(
            "{STORED} WHERE finding.repository_id = ? AND finding.sha IN (SELECT value FROM json_each(?))"
        );
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(repository_id)
            .bind(crate::to_json(&shas)?)
            .fetch_all(&self.read)
            .await?;
        let mut findings = rows.into_iter().map(TryInto::try_into).collect::<Result<Vec<StoredFinding>>>()?;
        findings.sort_by(|a, b| (&a.finding.path, a.finding.line).cmp(&(&b.finding.path, b.finding.line)));
        Ok(findings)
    }

    /// Findings of these commits, counted where they are alike in what decides whether they are shown: a page of the
    /// history asks this of hundreds of findings, and needs no word of them.
    pub async fn tallies(&self, repository_id: i64, shas: &[&str]) -> Result<Vec<Tally>> {
        let rows: Vec<TallyRow> = sqlx::query_as(
            "SELECT finding.sha, finding.rule, finding.finding ->> '$.severity' AS severity,
                 finding.finding ->> '$.confidence' AS confidence,
                 coalesce(finding.dismissed, earlier.dismissed) IS NULL AND own.fixed IS NULL AS open, count(*) AS count
             FROM finding
             LEFT JOIN finding_state AS own ON own.finding_id = finding.id
             LEFT JOIN finding AS earlier ON earlier.id = own.same_as
             WHERE finding.repository_id = ? AND finding.sha IN (SELECT value FROM json_each(?))
             GROUP BY 1, 2, 3, 4, 5",
        )
        .bind(repository_id)
        .bind(crate::to_json(&shas)?)
        .fetch_all(&self.read)
        .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// All findings of a repository, each problem once: by the finding that came first.
    pub async fn problems(&self, repository_id: i64) -> Result<Vec<StoredFinding>> {
        let sql = format!("{STORED} WHERE finding.repository_id = ? AND own.same_as IS NULL");
        let rows: Vec<Row> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(repository_id).fetch_all(&self.read).await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// What was dismissed of a rule, with the reasons; first what the user dismissed by hand.
    pub async fn dismissed_of(&self, repository_id: i64, rule: &str) -> Result<Vec<(i64, String, Finding)>> {
        let rows: Vec<(i64, String, String)> = sqlx::query_as(
            "SELECT id, dismissed, finding FROM finding
             WHERE repository_id = ? AND rule = ? AND dismissed IS NOT NULL ORDER BY twin_of IS NOT NULL, id DESC",
        )
        .bind(repository_id)
        .bind(rule)
        .fetch_all(&self.read)
        .await?;
        rows.into_iter().map(|(id, reason, finding)| Ok((id, reason, from_json(&finding)?))).collect()
    }

    /// Sets or clears the user's reason for not wanting to see a problem: of the finding, of those that are its
    /// return, and on clearing also of those that were dismissed with it. Returns where they are.
    pub async fn set_dismissed(&self, finding_id: i64, reason: Option<&str>) -> Result<Vec<(i64, String)>> {
        Ok(sqlx::query_as(
            "WITH first AS (
                 SELECT coalesce((SELECT same_as FROM finding_state WHERE finding_id = ?1), ?1) AS id
             ), problem AS (
                 SELECT id FROM first
                 UNION SELECT finding_id FROM finding_state WHERE same_as IN (SELECT id FROM first)
             )
             UPDATE finding SET dismissed = ?2, twin_of = NULL
             WHERE id IN (SELECT id FROM problem) OR (?2 IS NULL AND twin_of IN (SELECT id FROM problem))
             RETURNING repository_id, sha",
        )
        .bind(finding_id)
        .bind(reason)
        .fetch_all(&self.write)
        .await?)
    }

    /// The rules that the user keeps dismissing here, without ever taking what they say.
    pub async fn quiet_rules(&self, repository_id: i64) -> Result<Vec<QuietRule>> {
        let sql = format!(
            "WITH counted AS ({DISMISSALS})
             SELECT counted.rule, counted.dismissals - coalesce(rule_on.dismissals, 0) AS since
             FROM counted LEFT JOIN rule_on ON rule_on.repository_id = ?1 AND rule_on.rule = counted.rule
             WHERE counted.taken = 0 AND since >= ?2 ORDER BY counted.rule"
        );
        let rows: Vec<(String, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(repository_id)
            .bind(QUIET_AFTER)
            .fetch_all(&self.read)
            .await?;
        Ok(rows.into_iter().map(|(rule, since)| QuietRule { rule, dismissals: since as u32 }).collect())
    }

    /// Lets a quiet rule speak again; only further dismissals make it quiet.
    pub async fn turn_rule_on(&self, repository_id: i64, rule: &str) -> Result<()> {
        let sql = format!(
            "INSERT OR REPLACE INTO rule_on (repository_id, rule, dismissals)
             SELECT ?1, rule, dismissals FROM ({DISMISSALS}) WHERE rule = ?2"
        );
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(repository_id).bind(rule).execute(&self.write).await?;
        Ok(())
    }
}
