//! Where findings were followed to along the history.

use anyhow::Result;
use internflow_domain::{Finding, Place};
use sqlx::FromRow;

use crate::{Store, from_json};

/// Where a finding was followed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Where it is, or was before it was fixed.
    pub place: Place,
    /// Function around it when it was fixed.
    pub symbol: Option<String>,
    /// Commit in which it is gone.
    pub fixed: Option<String>,
    /// Newest commit that brought it back.
    pub reopened: Option<String>,
    /// Its commit is in the history of HEAD.
    pub on_branch: bool,
    /// Its line is in the files of HEAD.
    pub there: bool,
    /// The finding of an earlier commit that is the same problem.
    pub same_as: Option<i64>,
}

/// A finding to follow.
#[derive(Debug, Clone)]
pub struct Tracked {
    pub id: i64,
    pub finding: Finding,
    /// Where its commit stands in the history, 0 for HEAD; `None` when it is not in it.
    pub position: Option<i64>,
    /// `None` before it was followed for the first time.
    pub track: Option<Track>,
}

/// What there is to follow in a repository.
#[derive(Debug, Clone)]
pub struct ToFollow {
    /// Commit up to which findings are to be followed.
    pub head: String,
    /// Commit up to which they were followed before.
    pub before: Option<String>,
    /// `before` is in the history of `head`; otherwise the history was rewritten, or another branch is checked out.
    pub goes_on: bool,
    pub findings: Vec<Tracked>,
}

/// What following has found out.
#[derive(Debug, Clone)]
pub struct Followed {
    pub head: String,
    pub before: Option<String>,
    /// Only those that changed.
    pub tracks: Vec<(i64, Track)>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    finding: String,
    position: Option<i64>,
    path: Option<String>,
    line: Option<i64>,
    end_line: Option<i64>,
    symbol: Option<String>,
    fixed: Option<String>,
    reopened: Option<String>,
    on_branch: Option<bool>,
    there: Option<bool>,
    same_as: Option<i64>,
}

impl TryFrom<Row> for Tracked {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> Result<Self> {
        let place = match (row.path, row.line, row.end_line) {
            (Some(path), Some(line), Some(end_line)) => {
                Some(Place { path, line: line as u32, end_line: end_line as u32 })
            }
            _ => None,
        };
        let track = place.map(|place| Track {
            place,
            symbol: row.symbol,
            fixed: row.fixed,
            reopened: row.reopened,
            on_branch: row.on_branch.unwrap_or_default(),
            there: row.there.unwrap_or_default(),
            same_as: row.same_as,
        });
        Ok(Self { id: row.id, finding: from_json(&row.finding)?, position: row.position, track })
    }
}

impl Store {
    /// The findings of a repository as they were followed so far; `None` when there is nothing to do.
    pub async fn to_follow(&self, repository_id: i64) -> Result<Option<ToFollow>> {
        let heads: Option<(Option<String>, Option<String>)> =
            sqlx::query_as("SELECT head, traced FROM repository WHERE id = ?")
                .bind(repository_id)
                .fetch_optional(&self.read)
                .await?;
        let Some((Some(head), before)) = heads else { return Ok(None) };
        let new: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM finding WHERE repository_id = ?
                AND NOT EXISTS (SELECT 1 FROM finding_state WHERE finding_id = finding.id))",
        )
        .bind(repository_id)
        .fetch_one(&self.read)
        .await?;
        if !new && before.as_ref() == Some(&head) {
            return Ok(None);
        }
        let rows: Vec<Row> = sqlx::query_as(
            "WITH here AS MATERIALIZED (SELECT sha, position FROM history WHERE repository_id = ?1)
             SELECT finding.id, finding.finding, here.position, path, line, end_line, symbol, fixed, reopened,
                    on_branch, there, same_as
             FROM finding LEFT JOIN finding_state ON finding_id = finding.id
             LEFT JOIN here ON here.sha = finding.sha
             WHERE finding.repository_id = ?1 ORDER BY finding.id",
        )
        .bind(repository_id)
        .fetch_all(&self.read)
        .await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let goes_on: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM history WHERE repository_id = ? AND sha = ?)")
                .bind(repository_id)
                .bind(&before)
                .fetch_one(&self.read)
                .await?;
        let findings = rows.into_iter().map(TryInto::try_into).collect::<Result<_>>()?;
        Ok(Some(ToFollow { head, before, goes_on, findings }))
    }

    /// Keeps what following has found out, in one transaction. False, and nothing is kept, when HEAD moved
    /// meanwhile or somebody else has followed: what was found out then is about another history.
    pub async fn set_followed(&self, repository_id: i64, followed: &Followed) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done =
            sqlx::query("UPDATE repository SET traced = ?1 WHERE id = ?2 AND head = ?1 AND traced IS ?3")
                .bind(&followed.head)
                .bind(repository_id)
                .bind(&followed.before)
                .execute(&mut *tx)
                .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        for (id, track) in &followed.tracks {
            // A review that ended meanwhile may have removed either finding.
            sqlx::query(
                "INSERT OR REPLACE INTO finding_state
                     (finding_id, path, line, end_line, symbol, fixed, reopened, on_branch, there, same_as)
                 SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, (SELECT id FROM finding WHERE id = ?10)
                 FROM finding WHERE id = ?1",
            )
            .bind(id)
            .bind(&track.place.path)
            .bind(track.place.line)
            .bind(track.place.end_line)
            .bind(&track.symbol)
            .bind(&track.fixed)
            .bind(&track.reopened)
            .bind(track.on_branch)
            .bind(track.there)
            .bind(track.same_as)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}
