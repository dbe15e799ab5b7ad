//! A database looked at, filled and held from outside, most of it while no app has it open. For `cargo xtask bench isolation` and
//! `cargo xtask chaos`.
//!
//!   database findings FILE COUNT SEED   puts findings onto the commits that are there, the same for the same seed
//!   database watch FILE                 from now on notes each ending of a task
//!   database check FILE                 says as JSON whether the file is whole and how tasks ended
//!   database hold FILE MS               beside an app that has it open: nothing else is written for so long

// A terminal program's answers go to its standard output.
#![allow(clippy::print_stdout)]

use std::path::Path;

use anyhow::{Context, Result, bail};
use internflow_domain::{Category, Finding, Severity, Source};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["findings", file, count, seed] => findings(open(file).await?, count.parse()?, seed.parse()?).await,
        ["watch", file] => watch(open(file).await?).await,
        ["check", file] => {
            println!("{}", check(open(file).await?).await?);
            Ok(())
        }
        ["hold", file, ms] => hold(open(file).await?, ms.parse()?).await,
        _ => bail!("database findings FILE COUNT SEED | watch FILE | check FILE | hold FILE MS"),
    }
}

async fn open(file: &str) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(Path::new(file)).foreign_keys(true);
    SqliteConnection::connect_with(&options).await.with_context(|| format!("{file} can't be opened"))
}

async fn hold(mut database: SqliteConnection, ms: u64) -> Result<()> {
    let tx = database.begin_with("BEGIN IMMEDIATE").await?;
    tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
    tx.rollback().await?;
    Ok(database.close().await?)
}

/// A finished review of each commit, and the findings dealt out to them in turn.
async fn findings(mut database: SqliteConnection, count: usize, seed: u64) -> Result<()> {
    let mut tx = database.begin().await?;
    let commits: Vec<(i64, String)> =
        sqlx::query_as("SELECT repository_id, sha FROM history ORDER BY repository_id, position")
            .fetch_all(&mut *tx)
            .await?;
    if commits.is_empty() {
        bail!("There is no commit to put findings onto.");
    }
    let mut tasks = Vec::new();
    for (repository_id, sha) in &commits {
        let task_id: i64 = sqlx::query_scalar(
            "INSERT INTO task (kind, title, dedupe, payload, state, created_at, ended_at)
             VALUES ('review', 'Review', 'review:' || ?1 || ':' || ?2, '{}', 'done', 1, 1) RETURNING id",
        )
        .bind(repository_id)
        .bind(sha)
        .fetch_one(&mut *tx)
        .await?;
        sqlx::query("INSERT OR REPLACE INTO review (repository_id, sha, task_id) VALUES (?, ?, ?)")
            .bind(repository_id)
            .bind(sha)
            .bind(task_id)
            .execute(&mut *tx)
            .await?;
        tasks.push(task_id);
    }
    for number in 0..count {
        let at = number % commits.len();
        let (repository_id, sha) = &commits[at];
        let drawn = mixed(seed, number as u64);
        let finding = finding(sha, number / commits.len(), drawn);
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO finding (repository_id, sha, fingerprint, task_id, finding) VALUES (?, ?, ?, ?, ?) RETURNING id",
        )
        .bind(repository_id)
        .bind(sha)
        .bind(finding.fingerprint())
        .bind(tasks[at])
        .bind(serde_json::to_string(&finding)?)
        .fetch_one(&mut *tx)
        .await?;
        // One of three is still there; the others were mended by the commit itself, which is enough to be counted.
        let open = drawn.is_multiple_of(3);
        sqlx::query(
            "INSERT INTO finding_state (finding_id, path, line, end_line, fixed, on_branch, there)
             VALUES (?, ?, ?, ?, ?, 1, ?)",
        )
        .bind(id)
        .bind(&finding.path)
        .bind(finding.line)
        .bind(finding.end_line)
        .bind((!open).then_some(sha))
        .bind(open)
        .execute(&mut *tx)
        .await?;
    }
    // Followed already: the app would otherwise begin by walking through all of it.
    sqlx::query("UPDATE repository SET traced = head").execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(database.close().await?)
}

/// What was drawn for the commit in this round of dealing out; another line than in the rounds before.
fn finding(sha: &str, round: usize, drawn: u64) -> Finding {
    let line = 1 + 80 * round as u32 + (drawn % 80) as u32;
    let severities = [Severity::Critical, Severity::Major, Severity::Minor, Severity::Info];
    Finding {
        commit: sha.to_owned(),
        path: format!("src/module_{}.py", drawn / 80 % 40),
        line,
        end_line: line,
        severity: severities[(drawn >> 32) as usize % severities.len()],
        category: Category::Correctness,
        source: Source::Rule,
        rule: format!("python/made-up-{}", (drawn >> 16) % 60),
        message: format!("Value {line} may be used before it is set."),
        why: "On the path through the branch above, nothing is assigned. The first call of it fails.".into(),
        quote: format!("return value_{line} + offset"),
        fix: None,
        confidence: 1.0,
    }
}

/// A number that looks drawn and is the same each time (SplitMix64's last steps).
fn mixed(seed: u64, number: u64) -> u64 {
    let mut z = seed.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Has the database itself note each ending, so that no ending goes unseen because the app was killed after it.
async fn watch(mut database: SqliteConnection) -> Result<()> {
    for sql in [
        "CREATE TABLE IF NOT EXISTS seen_ending (task_id INTEGER NOT NULL, state TEXT NOT NULL) STRICT",
        "CREATE TRIGGER IF NOT EXISTS see_ending AFTER UPDATE OF state ON task
         WHEN new.state NOT IN ('queued', 'running')
         BEGIN INSERT INTO seen_ending VALUES (new.id, new.state); END",
    ] {
        sqlx::query(sql).execute(&mut database).await?;
    }
    Ok(database.close().await?)
}

async fn check(mut database: SqliteConnection) -> Result<Value> {
    let integrity: Vec<String> =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut database).await?;
    let broken = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut database).await?.len();
    let states: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT kind, state, count(*) FROM task GROUP BY kind, state ORDER BY kind, state")
            .fetch_all(&mut database)
            .await?;
    let more_than_once: Vec<i64> =
        sqlx::query_scalar("SELECT task_id FROM seen_ending GROUP BY task_id HAVING count(*) > 1")
            .fetch_all(&mut database)
            .await?;
    // A review that is done has its summary: both are one transaction.
    let half_done: Vec<i64> = sqlx::query_scalar(
        "SELECT task.id FROM task JOIN review ON review.task_id = task.id
         WHERE task.state = 'done' AND review.summary IS NULL",
    )
    .fetch_all(&mut database)
    .await?;
    database.close().await?;
    let states: Vec<Value> = states
        .into_iter()
        .map(|(kind, state, count)| json!({ "kind": kind, "state": state, "count": count }))
        .collect();
    Ok(json!({
        "integrity": integrity, "broken_references": broken, "states": states,
        "ended_more_than_once": more_than_once, "done_without_result": half_done,
    }))
}
