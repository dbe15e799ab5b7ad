//! Copies of the database: what can't be made anew, in one file, while the app goes on writing.
//!
//! A copy is made by what the schema says of itself, so that one of an older schema can be made before it is
//! brought up to date.

use std::path::Path;

use anyhow::{Context, Result, bail};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Connection};

use crate::{MIGRATIONS, Store};

/// Tables that are left out: pieces of files with their vectors, which are read again from the repositories, and
/// answers that GitHub gives again.
pub const MADE_ANEW: [&str; 5] = ["indexed_file", "chunk", "chunk_author", "embedding", "remembered"];

/// The schema that this version of the app works with.
pub fn newest() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// The schema that a database has; `None` for a file in which there is none yet.
pub async fn schema(file: &Path) -> Result<Option<i64>> {
    let mut db = open(file).await?;
    let there: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations')",
    )
    .fetch_one(&mut db)
    .await?;
    let version = match there {
        true => sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&mut db).await?,
        false => None,
    };
    db.close().await?;
    Ok(version)
}

/// Copies `source` as it is at one moment into the new file `target`, without what is [`MADE_ANEW`]. The file is on
/// the disk when this returns.
pub async fn copy(source: &Path, target: &Path) -> Result<()> {
    // A copy that was cut off is thrown away: it needs no journal.
    let options = SqliteConnectOptions::new()
        .filename(target)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .foreign_keys(false);
    let mut db = SqliteConnection::connect_with(&options).await?;
    sqlx::query("ATTACH DATABASE ? AS source").bind(source.to_string_lossy()).execute(&mut db).await?;
    let mut tx = db.begin().await?;
    // Tables first; triggers last, so that they do not hear of what is copied.
    let made: Vec<String> = sqlx::query_scalar(
        "SELECT sql FROM source.sqlite_schema
         WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
           AND name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'source' AND type = 'shadow')
         ORDER BY type <> 'table', type = 'trigger', rowid",
    )
    .fetch_all(&mut *tx)
    .await?;
    let (tables, rest): (Vec<String>, Vec<String>) =
        made.into_iter().partition(|sql| sql.trim_start().to_uppercase().starts_with("CREATE TABLE"));
    for sql in tables {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await?;
    }
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pragma_table_list WHERE schema = 'source' AND type = 'table'
           AND (name NOT LIKE 'sqlite!_%' ESCAPE '!' OR name = 'sqlite_sequence')
         ORDER BY name = 'sqlite_sequence', name",
    )
    .fetch_all(&mut *tx)
    .await?;
    for name in names.iter().filter(|name| !MADE_ANEW.contains(&name.as_str())) {
        rows(&mut tx, name).await.with_context(|| format!("the table {name} can't be copied"))?;
    }
    for sql in rest {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    db.close().await?;
    std::fs::File::open(target)?.sync_all()?;
    Ok(())
}

/// Copies the rows of a table with what is stored of each; generated columns make themselves.
async fn rows(db: &mut SqliteConnection, table: &str) -> Result<()> {
    let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?, 'source')")
        .bind(table)
        .fetch_all(&mut *db)
        .await?;
    let columns: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
    let (table, columns) = (quoted(table), columns.join(", "));
    // The counters of ids count along with the rows, but not further than these.
    let sql = format!(
        "DELETE FROM main.{table}; INSERT INTO main.{table} ({columns}) SELECT {columns} FROM source.{table}"
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(db).await?;
    Ok(())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Compares a database that came from elsewhere with one that this app makes: whole, of a known schema, and without
/// a table, index or trigger more.
///
/// # Errors
/// What is wrong with it, in words for the user.
pub async fn examine(file: &Path) -> Result<()> {
    let version = schema(file).await.ok().flatten();
    let Some(version) = version.filter(|version| MIGRATIONS.version_exists(*version)) else {
        bail!("It has no database that this version of InternFlow knows.");
    };
    let mut db = open(file).await?;
    sqlx::query("PRAGMA trusted_schema = OFF").execute(&mut db).await?;
    let fresh = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    MIGRATIONS.run_to(version, &fresh).await?;
    let mut own = fresh.acquire().await?;
    if objects(&mut db).await? != objects(&mut own).await? {
        bail!("Its database is not built as InternFlow builds it.");
    }
    let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut db).await?;
    if found != "ok" {
        bail!("Its database is damaged: {found}.");
    }
    db.close().await?;
    drop(own);
    fresh.close().await;
    Ok(())
}

/// Everything that the schema holds, by name, but for what the libraries keep for themselves.
async fn objects(db: &mut SqliteConnection) -> Result<Vec<(String, String, Option<String>)>> {
    Ok(sqlx::query_as(
        "SELECT type, name, sql FROM sqlite_schema
         WHERE name <> '_sqlx_migrations' AND name NOT LIKE 'sqlite!_autoindex!_!_sqlx!_%' ESCAPE '!'
           AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
         ORDER BY type, name",
    )
    .fetch_all(db)
    .await?)
}

/// Brings a copy up to date and prepares it for use in the data folder `here`: what was left out is queued to be
/// made, and paths into one of the folders `before` lead into this one.
pub async fn revive(file: &Path, before: &[String], here: &str, now: i64) -> Result<()> {
    let store = Store::open(file).await?;
    let mut tx = store.begin().await?;
    sqlx::query(
        "INSERT INTO task (kind, title, dedupe, payload, created_at)
         SELECT 'index', 'Index ' || name, 'index:' || id, json_object('repository_id', id), ?
         FROM repository WHERE indexed IS NOT NULL ON CONFLICT DO NOTHING",
    )
    .bind(now)
    .execute(&mut *tx)
    .await?;
    sqlx::query("UPDATE repository SET indexed = NULL").execute(&mut *tx).await?;
    for before in before.iter().filter(|before| !before.is_empty() && *before != here) {
        let separator = if before.contains('\\') { "\\" } else { "/" };
        for (table, column) in [("repository", "path"), ("applied_fix", "backup")] {
            let sql = format!(
                "UPDATE {table} SET {column} = ?2 || replace(substr({column}, length(?1) + 1), ?3, ?4)
                 WHERE substr({column}, 1, length(?1) + 1) = ?1 || ?3"
            );
            sqlx::query(AssertSqlSafe(sql))
                .bind(before.as_str())
                .bind(here)
                .bind(separator)
                .bind(std::path::MAIN_SEPARATOR_STR)
                .execute(&mut *tx)
                .await?;
        }
    }
    tx.commit().await?;
    store.close().await;
    whole(file).await
}

/// Writes what the write-ahead log holds of a closed database into its file, so that the file is all there is.
pub async fn whole(file: &Path) -> Result<()> {
    let mut db = open(file).await?;
    let (busy,): (i64,) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut db).await?;
    db.close().await?;
    if busy != 0 {
        bail!("the database {} is in use", file.display());
    }
    std::fs::File::open(file)?.sync_all()?;
    Ok(())
}

async fn open(file: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(file).foreign_keys(false);
    Ok(SqliteConnection::connect_with(&options).await?)
}
