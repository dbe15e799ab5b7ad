//! Job boards, what they list, and the openings that this makes. What only the crawler understands (circuits, what a
//! crawl knows of a posting, adverts) is kept as its JSON.

use anyhow::{Context, Result};
use internflow_domain::{ApplicationState, CrawlOutcome, Job};
use sqlx::FromRow;

use crate::activity::{Claimed, complete};
use crate::{Store, Write, from_json, to_json};

/// A board as it is stored.
#[derive(Debug, Clone, FromRow)]
pub struct BoardRow {
    pub id: i64,
    /// Connector and key: "greenhouse/tarangini".
    pub name: String,
    pub board: String,
    pub title: String,
    pub address: String,
    pub is_on: bool,
    pub circuit: String,
    pub added_at: i64,
    pub crawled_at: Option<i64>,
    outcome: Option<String>,
    skipped: String,
    pub validators: Option<String>,
    /// Postings of it that are open.
    pub open: i64,
}

impl BoardRow {
    pub fn outcome(&self) -> Option<CrawlOutcome> {
        self.outcome.as_deref().and_then(CrawlOutcome::parse)
    }

    pub fn skipped(&self) -> Vec<String> {
        from_json(&self.skipped).unwrap_or_default()
    }
}

/// A board to follow.
#[derive(Debug)]
pub struct NewBoard<'a> {
    pub name: &'a str,
    pub board: &'a str,
    pub title: &'a str,
    pub address: &'a str,
    pub circuit: &'a str,
    /// Seconds since 1970.
    pub now: i64,
}

/// A posting whose text was read.
#[derive(Debug, Clone, FromRow)]
pub struct PostingRow {
    pub key: String,
    pub source_id: String,
    pub known: String,
    pub is_open: bool,
    pub listed_hash: String,
    pub posting: String,
    pub advert: String,
    pub company: String,
    pub sketch: String,
}

/// What a crawl has to know of a posting.
#[derive(Debug, Clone, FromRow)]
pub struct KnownRow {
    pub key: String,
    pub source_id: String,
    pub known: String,
    pub listed_hash: String,
}

/// What is compared of a posting when clusters are made.
#[derive(Debug, Clone, FromRow)]
pub struct OpeningRow {
    pub key: String,
    pub posting: String,
    pub sketch: String,
    /// Key of the founder of its cluster, once it is in one.
    pub founder: Option<String>,
}

/// A posting as its opening shows it.
#[derive(Debug, Clone, FromRow)]
pub struct MemberRow {
    pub id: i64,
    pub key: String,
    pub board_id: Option<i64>,
    /// The board's title; null where there is no board any more.
    pub board: Option<String>,
    pub posting: String,
    pub advert: String,
    pub known: String,
    pub is_open: bool,
}

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

#[derive(FromRow)]
struct Row {
    id: i64,
    view: String,
    hidden: Option<String>,
    application: Option<String>,
    stage: Option<String>,
}

const BOARD: &str = "SELECT b.id, b.name, b.board, b.title, b.address, b.is_on, b.circuit, b.added_at, b.crawled_at, b.outcome, b.skipped,
     b.validators, (SELECT count(*) FROM posting p WHERE p.board_id = b.id AND p.is_open) AS open FROM job_board b";

impl Store {
    /// By title.
    pub async fn job_boards(&self) -> Result<Vec<BoardRow>> {
        let sql = format!("{BOARD} ORDER BY lower(b.title), b.id");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&self.read).await?)
    }

    pub async fn job_board(&self, id: i64) -> Result<Option<BoardRow>> {
        let sql = format!("{BOARD} WHERE b.id = ?");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&self.read).await?)
    }

    /// Follows a board, or finds it where it is followed already; then it is on again. Returns its id.
    pub async fn add_job_board(&self, board: &NewBoard<'_>) -> Result<i64> {
        Ok(sqlx::query_scalar(
            "INSERT INTO job_board (name, board, title, address, circuit, added_at) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET is_on = 1 RETURNING id",
        )
        .bind(board.name)
        .bind(board.board)
        .bind(board.title)
        .bind(board.address)
        .bind(board.circuit)
        .bind(board.now)
        .fetch_one(&self.write)
        .await?)
    }

    /// False when there is no such board.
    pub async fn set_job_board_on(&self, id: i64, on: bool) -> Result<bool> {
        let done = sqlx::query("UPDATE job_board SET is_on = ? WHERE id = ?")
            .bind(on)
            .bind(id)
            .execute(&self.write)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    pub async fn set_job_circuit(&self, id: i64, circuit: &str) -> Result<()> {
        sqlx::query("UPDATE job_board SET circuit = ? WHERE id = ?")
            .bind(circuit)
            .bind(id)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Corrects what a clock that was set back has left in the future.
    pub async fn set_job_times(
        &self,
        id: i64,
        added_at: i64,
        crawled_at: Option<i64>,
        circuit: &str,
    ) -> Result<()> {
        sqlx::query("UPDATE job_board SET added_at = ?, crawled_at = ?, circuit = ? WHERE id = ?")
            .bind(added_at)
            .bind(crawled_at)
            .bind(circuit)
            .bind(id)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Removes a board and what it lists. Openings that the user tracks or hid stay, with their postings.
    pub async fn remove_job_board(&self, id: i64) -> Result<bool> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "DELETE FROM posting WHERE board_id = ? AND job_id IN
               (SELECT id FROM job WHERE application IS NULL AND hidden IS NULL)",
        )
        .bind(id)
        .execute(&mut *tx)
        .await?;
        let done = sqlx::query("DELETE FROM job_board WHERE id = ?").bind(id).execute(&mut *tx).await?;
        forget_empty(&mut tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// What the last crawls know of the board's postings.
    pub async fn known_postings(&self, board_id: i64) -> Result<Vec<KnownRow>> {
        Ok(sqlx::query_as(
            "SELECT key, source_id, known, listed_hash FROM posting WHERE board_id = ? ORDER BY id",
        )
        .bind(board_id)
        .fetch_all(&self.read)
        .await?)
    }

    /// Writes postings whose text was read, in one transaction; those that were there are replaced. A posting that
    /// lost its board finds it again.
    pub async fn put_postings(&self, board_id: Option<i64>, rows: &[PostingRow]) -> Result<()> {
        let mut tx = self.begin().await?;
        for row in rows {
            sqlx::query(
                "INSERT INTO posting (board_id, key, source_id, known, is_open, listed_hash, posting, advert,
                   company, sketch)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (key) DO UPDATE SET board_id = coalesce(excluded.board_id, board_id),
                   known = excluded.known, is_open = excluded.is_open, listed_hash = excluded.listed_hash,
                   posting = excluded.posting, advert = excluded.advert,
                   company = excluded.company, sketch = excluded.sketch",
            )
            .bind(board_id)
            .bind(&row.key)
            .bind(&row.source_id)
            .bind(&row.known)
            .bind(row.is_open)
            .bind(&row.listed_hash)
            .bind(&row.posting)
            .bind(&row.advert)
            .bind(&row.company)
            .bind(&row.sketch)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Ends the crawl of one board: how it went, and what is known of its postings now (key, JSON, open), in one
    /// transaction.
    pub async fn end_crawl(
        &self,
        board_id: i64,
        ended: &CrawlEnd<'_>,
        known: &[(String, String, bool)],
        now: i64,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE job_board SET circuit = ?, crawled_at = ?, outcome = ?, skipped = ?,
               validators = coalesce(?, validators) WHERE id = ?",
        )
        .bind(ended.circuit)
        .bind(now)
        .bind(ended.outcome.as_str())
        .bind(to_json(&ended.skipped)?)
        .bind(ended.validators)
        .bind(board_id)
        .execute(&mut *tx)
        .await?;
        for (key, known, open) in known {
            sqlx::query("UPDATE posting SET known = ?, is_open = ? WHERE key = ?")
                .bind(known)
                .bind(open)
                .bind(key)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Ends a task whose results are written already.
    pub async fn finish_written(&self, claimed: &Claimed, now: i64) -> Result<()> {
        let mut tx = self.begin().await?;
        if complete(&mut tx, claimed, now).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    /// Openings of these companies, in the order in which they were first seen.
    pub async fn openings_of(&self, companies: &[String]) -> Result<Vec<OpeningRow>> {
        Ok(sqlx::query_as(
            "SELECT p.key, p.posting, p.sketch, j.founder FROM posting p LEFT JOIN job j ON j.id = p.job_id
             WHERE p.company IN (SELECT value FROM json_each(?)) ORDER BY p.id",
        )
        .bind(to_json(&companies)?)
        .fetch_all(&self.read)
        .await?)
    }

    /// Companies of postings that are in no cluster yet.
    pub async fn unclustered_companies(&self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar("SELECT DISTINCT company FROM posting WHERE job_id IS NULL")
            .fetch_all(&self.read)
            .await?)
    }

    /// Puts postings into the openings that their founders' keys name; makes those that are not there, and forgets
    /// those that lost their last posting. Returns the ids of openings that gained or lost one.
    pub async fn set_clusters(&self, clusters: &[(String, Vec<String>)]) -> Result<Vec<i64>> {
        let mut tx = self.begin().await?;
        let mut changed = Vec::new();
        for (founder, members) in clusters {
            let id: i64 = sqlx::query_scalar(
                "INSERT INTO job (founder) VALUES (?) ON CONFLICT (founder) DO UPDATE SET founder = founder RETURNING id",
            )
            .bind(founder)
            .fetch_one(&mut *tx)
            .await?;
            for member in members {
                let before: Option<Option<i64>> =
                    sqlx::query_scalar("SELECT job_id FROM posting WHERE key = ?")
                        .bind(member)
                        .fetch_optional(&mut *tx)
                        .await?;
                if before == Some(Some(id)) {
                    continue;
                }
                sqlx::query("UPDATE posting SET job_id = ? WHERE key = ?")
                    .bind(id)
                    .bind(member)
                    .execute(&mut *tx)
                    .await?;
                changed.extend(before.flatten());
                changed.push(id);
            }
        }
        forget_empty(&mut tx).await?;
        tx.commit().await?;
        changed.sort_unstable();
        changed.dedup();
        Ok(changed)
    }

    /// Openings that have one of these postings.
    pub async fn jobs_with(&self, keys: &[String]) -> Result<Vec<i64>> {
        Ok(sqlx::query_scalar(
            "SELECT DISTINCT job_id FROM posting
             WHERE job_id IS NOT NULL AND key IN (SELECT value FROM json_each(?)) ORDER BY job_id",
        )
        .bind(to_json(&keys)?)
        .fetch_all(&self.read)
        .await?)
    }

    /// Ids of all openings.
    pub async fn job_ids(&self) -> Result<Vec<i64>> {
        Ok(sqlx::query_scalar("SELECT id FROM job ORDER BY id").fetch_all(&self.read).await?)
    }

    /// The postings of an opening, in the order in which they were first seen.
    pub async fn job_members(&self, id: i64) -> Result<Vec<MemberRow>> {
        Ok(sqlx::query_as(
            "SELECT p.id, p.key, p.board_id, b.title AS board, p.posting, p.advert, p.known, p.is_open
             FROM posting p LEFT JOIN job_board b ON b.id = p.board_id WHERE p.job_id = ? ORDER BY p.id",
        )
        .bind(id)
        .fetch_all(&self.read)
        .await?)
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

    /// Openings, best score first, then the newest; and how many there are in all. `words` must all occur.
    pub async fn jobs(
        &self,
        listed: Listed,
        words: &[String],
        kind: Option<&str>,
        remote: bool,
        limit: u32,
    ) -> Result<(Vec<JobRow>, u32)> {
        let shown = match listed {
            Listed::Open => "is_open AND hidden IS NULL",
            Listed::Hidden => "hidden IS NOT NULL",
            Listed::Closed => "NOT is_open AND hidden IS NULL",
            Listed::Tracked => "application IS NOT NULL",
        };
        let filter = format!(
            "FROM job WHERE view <> '{{}}' AND {shown} AND (? IS NULL OR kind = ?) AND (NOT ? OR is_remote)
             AND NOT EXISTS (SELECT 1 FROM json_each(?) WHERE instr(job.words, value) = 0)"
        );
        let words = to_json(&words)?;
        let all: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) {filter}")))
            .bind(kind)
            .bind(kind)
            .bind(remote)
            .bind(&words)
            .fetch_one(&self.read)
            .await?;
        let sql = format!(
            "SELECT id, view, hidden, application, stage {filter} ORDER BY score IS NULL, score DESC, day DESC, id DESC LIMIT ?"
        );
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(kind)
            .bind(kind)
            .bind(remote)
            .bind(&words)
            .bind(limit)
            .fetch_all(&self.read)
            .await?;
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

    /// Remembers that the user took a posting out of its opening: it joins none of these again.
    pub async fn split_posting(&self, key: &str, others: &[String]) -> Result<()> {
        let mut tx = self.begin().await?;
        for other in others.iter().filter(|other| *other != key) {
            sqlx::query("INSERT OR IGNORE INTO job_apart (a, b) VALUES (?, ?)")
                .bind(key)
                .bind(other)
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query("UPDATE posting SET job_id = NULL WHERE key = ?").bind(key).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Pairs that the user split.
    pub async fn apart(&self) -> Result<Vec<(String, String)>> {
        Ok(sqlx::query_as("SELECT a, b FROM job_apart").fetch_all(&self.read).await?)
    }
}

/// How the crawl of a board ended.
#[derive(Debug)]
pub struct CrawlEnd<'a> {
    pub circuit: &'a str,
    pub outcome: CrawlOutcome,
    pub skipped: &'a [String],
    /// What to ask with next time; `None` keeps what there was.
    pub validators: Option<&'a str>,
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

/// Forgets openings without a posting, unless the user has a part in them.
async fn forget_empty(tx: &mut Write) -> Result<()> {
    sqlx::query(
        "DELETE FROM job WHERE application IS NULL AND NOT EXISTS (SELECT 1 FROM posting WHERE job_id = job.id)",
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
