//! Backups of the database: each day, before the schema changes, and of what an import replaces. A backup that can't
//! be made stops nothing; `doctor` tells of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, Datelike, NaiveDateTime, Utc};
use internflow_domain::Check;
use internflow_store::copy;
use serde::Serialize;
use tokio::sync::watch;
use ts_rs::TS;

use super::place;
use crate::Core;

/// The newest backup of each of so many days, and of so many weeks, is kept.
const DAYS: usize = 7;
const WEEKS: usize = 4;
/// So many of those made before the schema changed, and before an import.
const OTHERS: usize = 3;
/// Seconds between two backups that are made by themselves.
const PAUSE: i64 = 24 * 60 * 60;
/// Moment in a file's name, in UTC.
const MOMENT: &str = "%Y-%m-%dT%H%M%SZ";

/// Why the last backup could not be made; `None` when it was, or when none was tried yet.
pub(crate) type State = watch::Sender<Option<String>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BackupKind {
    Daily,
    /// Of the schema that a newer version of the app brought up to date.
    BeforeUpdate,
    /// The whole database, as it was when another was put in its place.
    BeforeImport,
}

impl BackupKind {
    const ALL: [Self; 3] = [Self::Daily, Self::BeforeUpdate, Self::BeforeImport];

    fn word(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::BeforeUpdate => "before-update",
            Self::BeforeImport => "before-import",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Backup {
    /// Of the file, without its folder.
    pub name: String,
    pub kind: BackupKind,
    /// Seconds since 1970 UTC.
    #[ts(type = "number")]
    pub at: i64,
    #[ts(type = "number")]
    pub bytes: u64,
}

/// Backups of the database in this data folder, the newest first.
pub fn list(data_dir: &Path) -> Vec<Backup> {
    let files = fs::read_dir(place::backups(data_dir)).into_iter().flatten().flatten();
    let mut found: Vec<Backup> = files
        .filter_map(|file| {
            let name = file.file_name().into_string().ok()?;
            let (at, kind) = parse(&name)?;
            Some(Backup { name, kind, at, bytes: file.metadata().ok()?.len() })
        })
        .collect();
    found.sort_by_key(|backup| std::cmp::Reverse((backup.at, backup.kind)));
    found
}

/// Copies the database into a new backup, whatever its schema is, and removes those that are not kept any more.
/// Returns the name; nothing is done where there is no database yet.
pub(crate) async fn make(data_dir: &Path, kind: BackupKind, now: i64) -> Result<Option<String>> {
    let database = place::database(data_dir);
    if !database.is_file() {
        return Ok(None);
    }
    let name = name(kind, now);
    let target = place::backups(data_dir).join(&name);
    let part = target.with_extension("part");
    let made = async {
        place::folder_for(&part)?;
        place::remove(&part)?;
        copy::copy(&database, &part).await?;
        fs::rename(&part, &target)?;
        anyhow::Ok(place::sync_folder(&target)?)
    };
    if let Err(error) = made.await {
        let _ = place::remove(&part);
        return Err(error).context(format!("A backup can't be written to {}", target.display()));
    }
    thin_out(data_dir);
    Ok(Some(name))
}

/// Makes one when the last is a day old. What went wrong is kept for `doctor`.
pub(crate) async fn due(core: &Core) {
    let now = core.now();
    // One that is said to be of the future says that the clock was wrong.
    let recent = list(&core.config.data_dir).iter().any(|backup| (now - PAUSE..=now).contains(&backup.at));
    if !recent {
        let made = make(&core.config.data_dir, BackupKind::Daily, now).await;
        note(&core.backups, made.map(drop));
    }
}

/// Before the schema is brought up to date. Never fails: what went wrong is returned for [`note`].
pub(crate) async fn before_update(data_dir: &Path, now: i64) -> Result<()> {
    let database = place::database(data_dir);
    if !database.is_file() {
        return Ok(());
    }
    match copy::schema(&database).await? {
        Some(version) if version < copy::newest() => {
            make(data_dir, BackupKind::BeforeUpdate, now).await.map(drop)
        }
        _ => Ok(()),
    }
}

pub(crate) fn note(state: &State, made: Result<()>) {
    if let Err(error) = &made {
        tracing::warn!(error = format!("{error:#}"), "no backup could be made");
    }
    state.send_replace(made.err().map(|error| format!("{error:#}")));
}

/// What `doctor` says about backups.
pub(crate) fn check(core: &Core) -> Check {
    let found = list(&core.config.data_dir);
    let problem = core.backups.borrow().clone();
    let ok = problem.is_none();
    let (found, mend) = match (problem, found.first()) {
        (Some(problem), _) => {
            (problem, "Free some space on this disk, then `internflow-cli data backup`.".to_owned())
        }
        (None, Some(newest)) => {
            (format!("{}, the newest of {}", found.len(), shown(newest.at)), String::new())
        }
        (None, None) => {
            ("none yet; the first is made by itself while InternFlow is open".to_owned(), String::new())
        }
    };
    Check { name: "Backups".into(), ok, found, mend }
}

pub(crate) fn name(kind: BackupKind, now: i64) -> String {
    let moment = DateTime::<Utc>::from_timestamp(now, 0).unwrap_or_default();
    format!("{}-{}.db", moment.format(MOMENT), kind.word())
}

/// Moment and kind by the name of a file; `None` for what is no backup.
fn parse(name: &str) -> Option<(i64, BackupKind)> {
    let (moment, word) = name.strip_suffix(".db")?.split_once("Z-")?;
    let kind = BackupKind::ALL.into_iter().find(|kind| kind.word() == word)?;
    let moment = NaiveDateTime::parse_from_str(&format!("{moment}Z"), MOMENT).ok()?;
    Some((moment.and_utc().timestamp(), kind))
}

fn shown(at: i64) -> String {
    DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default().format("%Y-%m-%d %H:%M UTC").to_string()
}

/// Removes backups that are not kept any more. One that can't be removed now is removed after the next.
pub(crate) fn thin_out(data_dir: &Path) {
    let found = list(data_dir);
    let kept = kept(&found);
    for backup in found.iter().filter(|backup| !kept.contains(&backup.name)) {
        let file: PathBuf = place::backups(data_dir).join(&backup.name);
        if let Err(error) = place::remove_database(&file) {
            tracing::warn!(%error, "an old backup stays");
        }
    }
}

/// Names of those that are kept; `all` begins with the newest.
fn kept(all: &[Backup]) -> BTreeSet<String> {
    let mut kept = BTreeSet::new();
    let of = |kind| all.iter().filter(move |backup| backup.kind == kind);
    let mut newest_of_each = |most: usize, period: fn(DateTime<Utc>) -> (i32, u32)| {
        let mut seen = BTreeSet::new();
        for backup in of(BackupKind::Daily) {
            let moment = DateTime::<Utc>::from_timestamp(backup.at, 0).unwrap_or_default();
            if seen.len() < most && seen.insert(period(moment)) {
                kept.insert(backup.name.clone());
            }
        }
    };
    newest_of_each(DAYS, |moment| (moment.year(), moment.ordinal()));
    newest_of_each(WEEKS, |moment| (moment.iso_week().year(), moment.iso_week().week()));
    for kind in [BackupKind::BeforeUpdate, BackupKind::BeforeImport] {
        kept.extend(of(kind).take(OTHERS).map(|backup| backup.name.clone()));
    }
    kept
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use super::*;
    use crate::testing;

    static NOW: AtomicI64 = AtomicI64::new(1_795_867_200);

    fn clock() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(NOW.load(Ordering::Relaxed) as u64)
    }

    #[tokio::test]
    async fn one_a_day_is_made_also_after_the_clock_was_wrong() {
        let (core, folder) = testing::core(clock).await;
        let after = async |seconds: i64| {
            NOW.fetch_add(seconds, Ordering::Relaxed);
            due(&core).await;
            list(folder.path()).len()
        };
        assert_eq!(after(0).await, 1, "the first day there is one");
        assert_eq!(after(60).await, 1, "looked at each minute, made once");
        assert_eq!(after(3 * PAUSE).await, 2, "after a long sleep there is one and not three");
        assert_eq!(
            after(-400 * PAUSE).await,
            3,
            "those of a future that is not there yet are not waited for"
        );
        assert_eq!(after(60).await, 3);
        assert!(check(&core).ok, "{:?}", check(&core));
    }

    #[test]
    fn a_week_of_days_and_a_month_of_weeks_are_kept() {
        let day = 24 * 60 * 60;
        // A year, twice a day, up to Saturday, 28 November 2026, noon.
        let backup = |kind, at| Backup { name: name(kind, at), kind, at, bytes: 1 };
        let now = 1_795_867_200;
        let mut all: Vec<Backup> = (0..730).map(|i| backup(BackupKind::Daily, now - i * day / 2)).collect();
        all.extend((0..9).map(|i| backup(BackupKind::BeforeUpdate, now - i * day - 1)));
        let kept = kept(&all);
        let daily: Vec<&str> = kept.iter().filter(|n| n.contains("daily")).map(|n| &n[..10]).collect();
        assert_eq!(
            daily,
            [
                "2026-11-08",
                "2026-11-15",
                "2026-11-22",
                "2026-11-23",
                "2026-11-24",
                "2026-11-25",
                "2026-11-26",
                "2026-11-27",
                "2026-11-28"
            ],
            "seven days, and before them the Sundays that ended the weeks"
        );
        assert_eq!(
            kept.iter().filter(|n| n.contains("update")).count(),
            OTHERS,
            "or each update would cost a disk"
        );
        assert_eq!(parse(&name(BackupKind::BeforeImport, now)), Some((now, BackupKind::BeforeImport)));
        assert_eq!(parse("2026-11-28T120000Z-daily.part"), None, "one that was cut off is none");
    }
}
