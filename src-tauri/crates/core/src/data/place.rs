//! The data folder itself: where its parts lie, and how another database, or none, takes the place of the one that is
//! there.
//!
//! Nothing is replaced while the database is open. What shall take its place is made ready in the folder `incoming`,
//! and moves in when InternFlow closes or begins. Each step of that can be cut off: the next beginning goes on with
//! it, and until the one renaming that matters the old database is the one that counts.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use internflow_store::copy;

use super::backup::{self, BackupKind};

/// What the user asked for and what happens when InternFlow closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Pending {
    /// Another database moves in.
    Import,
    /// Everything is deleted.
    Wipe,
}

/// Everything that the app writes into its folder, but for the models and the lock. The database goes first: what is
/// left by a wipe that was cut off is of no use to anybody.
const WRITTEN: [&str; 7] = ["index", "index.damaged", "exports", "backups", "repositories", INCOMING, "logs"];
const INCOMING: &str = "incoming";
const WIPE: &str = "wipe";
/// Of a database, beside its file, while it is open.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

pub(crate) fn database(data_dir: &Path) -> PathBuf {
    data_dir.join("internflow.db")
}

/// Backups of the database. Beside them lie the files that were changed by fixes, as they were.
pub(crate) fn backups(data_dir: &Path) -> PathBuf {
    files(data_dir).join("database")
}

/// Files of working copies as they were before a fix was put into them, by day and commit.
pub(crate) fn files(data_dir: &Path) -> PathBuf {
    data_dir.join("backups")
}

/// How paths into the data folder begin: as it was named, and as it is without links. The latter is the last.
pub(super) fn names(data_dir: &Path) -> Vec<String> {
    let real = data_dir.canonicalize().unwrap_or_else(|_| data_dir.to_owned());
    let mut names = vec![data_dir.to_string_lossy().into_owned(), real.to_string_lossy().into_owned()];
    names.dedup();
    names
}

/// What happens when InternFlow closes.
pub fn pending(data_dir: &Path) -> Option<Pending> {
    if data_dir.join(WIPE).is_file() {
        Some(Pending::Wipe)
    } else {
        database(&data_dir.join(INCOMING)).is_file().then_some(Pending::Import)
    }
}

/// A place in which a new database and files can be made ready; empty.
pub(super) fn stage(data_dir: &Path) -> Result<PathBuf> {
    let stage = data_dir.join("incoming.part");
    remove_folder(&stage)?;
    fs::create_dir_all(&stage).with_context(|| format!("The folder {} can't be made", stage.display()))?;
    Ok(stage)
}

/// What was staged is complete: from here on it moves in.
pub(super) fn ready(data_dir: &Path, stage: &Path) -> Result<()> {
    keep(data_dir)?;
    fs::rename(stage, data_dir.join(INCOMING)).context("what was read can't be put into its place")?;
    Ok(sync_folder(&data_dir.join(INCOMING))?)
}

/// Nothing is replaced and nothing deleted, whatever was asked for before.
pub(super) fn keep(data_dir: &Path) -> Result<()> {
    remove(&data_dir.join(WIPE))?;
    // Its database first: without it there is nothing that could move in.
    remove_database(&database(&data_dir.join(INCOMING)))?;
    remove_folder(&data_dir.join(INCOMING))?;
    Ok(())
}

/// From here on everything is deleted, whatever was asked for before.
pub(super) fn condemn(data_dir: &Path) -> Result<()> {
    let mark = data_dir.join(WIPE);
    File::create(&mark)
        .and_then(|file| file.sync_all())
        .and_then(|()| sync_folder(&mark))
        .context("the data folder can't be written")
}

/// Does what is pending. The database must be closed, and the folder held by this process. `now` in seconds.
pub(crate) async fn settle(data_dir: &Path, now: i64) -> Result<()> {
    match pending(data_dir) {
        Some(Pending::Wipe) => wipe(data_dir),
        Some(Pending::Import) => move_in(data_dir, now).await,
        None => {
            // Left by a run that was killed.
            remove_folder(&data_dir.join("incoming.part"))?;
            remove_folder(&data_dir.join(INCOMING))?;
            Ok(remove_database(&data_dir.join("export.part"))?)
        }
    }
}

fn wipe(data_dir: &Path) -> Result<()> {
    remove_database(&database(data_dir))?;
    for name in WRITTEN {
        match remove_folder(&data_dir.join(name)) {
            // The log of this run may be held open until it ends; what is written until then is empty of content.
            Err(error) if name == "logs" => tracing::debug!(%error, "the logs stay until the next start"),
            removed => removed.with_context(|| format!("{name} can't be deleted"))?,
        }
    }
    // Last: a wipe that was cut off goes on at the next start.
    Ok(remove(&data_dir.join(WIPE))?)
}

async fn move_in(data_dir: &Path, now: i64) -> Result<()> {
    let incoming = data_dir.join(INCOMING);
    let (new, old) = (database(&incoming), database(data_dir));
    merge(&files(&incoming), &files(data_dir))?;
    if old.is_file() {
        // A database that is damaged can't be folded, and makes room for the one that replaces it all the same.
        if let Err(error) = copy::whole(&old).await {
            tracing::warn!(error = format!("{error:#}"), "the replaced database is kept as it is");
        }
        let kept = backups(data_dir).join(backup::name(BackupKind::BeforeImport, now));
        folder_for(&kept)?;
        for end in BESIDE {
            // What is not folded belongs to the old file and must never meet the new one.
            match fs::rename(beside(&old, end), beside(&kept, end)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        fs::rename(&old, &kept).context("the database can't be moved to the backups")?;
        sync_folder(&kept)?;
    }
    for end in BESIDE {
        remove(&beside(&old, end))?;
    }
    fs::rename(&new, &old).context("the imported database can't be moved to its place")?;
    sync_folder(&old)?;
    remove_folder(&incoming)?;
    backup::thin_out(data_dir);
    tracing::info!("another database is in place");
    Ok(())
}

/// Moves the files below `from` to the same places below `to`; what is there stays.
fn merge(from: &Path, to: &Path) -> Result<()> {
    let entries = match fs::read_dir(from) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            merge(&entry.path(), &target)?;
        } else if target.symlink_metadata().is_err() {
            folder_for(&target)?;
            fs::rename(entry.path(), &target)?;
        }
    }
    Ok(())
}

/// The folder in which `file` shall be.
pub(super) fn folder_for(file: &Path) -> io::Result<()> {
    file.parent().map_or(Ok(()), fs::create_dir_all)
}

/// A name in a folder is on the disk when the folder is.
pub(super) fn sync_folder(of: &Path) -> io::Result<()> {
    match of.parent() {
        // Elsewhere a folder can't be opened, and renaming is written through.
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

pub(super) fn remove(file: &Path) -> io::Result<()> {
    gone(fs::remove_file(file))
}

/// A database's file and what lies beside it.
pub(super) fn remove_database(file: &Path) -> io::Result<()> {
    remove(file)?;
    BESIDE.iter().try_for_each(|end| remove(&beside(file, end)))
}

fn remove_folder(folder: &Path) -> io::Result<()> {
    gone(fs::remove_dir_all(folder))
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn beside(database: &Path, end: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
