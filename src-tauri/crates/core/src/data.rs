//! Everything of the user in this data folder: backups of it, an archive of it for another computer, and its end.
//!
//! What replaces or deletes the database is made ready at once and takes effect when InternFlow closes
//! ([`settle`]): nothing that still runs can write into what is not its own any more.

mod archive;
pub(crate) mod backup;
mod place;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use internflow_domain::{ApiError, ErrorCode};
use internflow_store::copy;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::Nothing;
use crate::outside::SetKey;
use crate::resume::{Exported, may_be_written};
use crate::{Core, DataFolder, account, blocking, outside};

pub use backup::{Backup, BackupKind, list};
pub(crate) use place::settle;
pub use place::{Pending, pending};

/// What is typed so that everything is deleted.
pub const WIPE_WORD: &str = "delete";

/// Where the user's data is and what is kept of it.
#[derive(Debug, Serialize, TS)]
pub struct DataState {
    pub folder: String,
    /// The newest first.
    pub backups: Vec<Backup>,
    /// Why the last backup could not be made.
    pub problem: Option<String>,
    /// What happens when InternFlow closes.
    pub pending: Option<Pending>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ExportData {
    /// The file to write; null for one in the exports folder.
    pub path: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ImportData {
    /// An archive that [`export`] wrote, here or on another computer.
    pub path: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct RestoreBackup {
    pub name: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct WipeData {
    /// [`WIPE_WORD`], typed by the user.
    pub word: String,
}

/// What a wipe could not delete, in words for the user; empty when nothing is left.
#[derive(Debug, Serialize, TS)]
pub struct Wiped {
    pub left: Vec<String>,
}

pub async fn state(core: &Core, _: Nothing) -> Result<DataState> {
    let data_dir = core.config.data_dir.clone();
    let problem = core.backups.borrow().clone();
    blocking(move || {
        let folder = data_dir.display().to_string();
        Ok(DataState { folder, backups: list(&data_dir), problem, pending: pending(&data_dir) })
    })
    .await
}

/// Makes a backup now.
pub async fn back_up(core: &Core, _: Nothing) -> Result<()> {
    let made = backup::make(&core.config.data_dir, BackupKind::Daily, core.now()).await;
    let told = made.as_ref().map(drop).map_err(|error| anyhow::anyhow!("{error:#}"));
    backup::note(&core.backups, told);
    core.announce("data");
    made.map(drop)
}

/// Writes everything into one file. The app goes on meanwhile; what is written is one moment of it.
pub async fn export(core: &Core, args: ExportData) -> Result<Exported> {
    may_be_written(args.path.as_deref(), "zip")?;
    let (data_dir, now) = (core.config.data_dir.clone(), core.now());
    let path = args.path.map_or_else(
        || data_dir.join("exports").join(format!("InternFlow-{}.zip", account::day(now))),
        PathBuf::from,
    );
    let part = data_dir.join("export.part");
    place::remove_database(&part)?;
    let database = place::database(&data_dir);
    let copied = copy::copy(&database, &part).await;
    let of_now = part.clone();
    let written = match copied {
        Ok(()) => {
            blocking(move || {
                let bytes = archive::write(&path, &of_now, copy::newest(), &data_dir, now)?;
                Ok(Exported { path: path.display().to_string(), bytes })
            })
            .await
        }
        Err(error) => {
            Err(error.context("The database can't be copied. Free some space on the disk of the data folder"))
        }
    };
    place::remove_database(&part)?;
    written
}

/// Reads and compares an archive. It takes the place of what is here when InternFlow closes.
pub async fn import(core: &Core, args: ImportData) -> Result<()> {
    receive(&core.folder, Path::new(&args.path), core.now()).await?;
    core.announce("data");
    Ok(())
}

/// Looks at a backup. It takes the place of the database when InternFlow closes.
pub async fn restore(core: &Core, args: RestoreBackup) -> Result<()> {
    go_back(&core.folder, &args.name, core.now()).await?;
    core.announce("data");
    Ok(())
}

/// Gives up what would happen when InternFlow closes.
pub async fn keep(core: &Core, _: Nothing) -> Result<()> {
    place::keep(&core.config.data_dir)?;
    core.announce("data");
    Ok(())
}

/// Deletes the tokens in the keyring at once, and everything but the downloaded models when InternFlow closes.
pub async fn wipe(core: &Core, args: WipeData) -> Result<Wiped> {
    if args.word.trim() != WIPE_WORD {
        let message = format!("Type the word {WIPE_WORD} to delete everything. Nothing was deleted.");
        return Err(ApiError::new(ErrorCode::BadRequest, message).into());
    }
    let mut left = Vec::new();
    if let Err(error) = account::sign_out(core, Nothing {}).await {
        left.push(format!("The GitHub sign-in in the keyring: {error:#}"));
    }
    let has_key = outside::get(core, Nothing {}).await.is_ok_and(|own| own.key != outside::KeyState::None);
    if has_key && let Err(error) = outside::set_key(core, SetKey { key: String::new() }).await {
        left.push(format!("The API key in the keyring: {error:#}"));
    }
    if let Err(error) = core.engines.index.reset().await {
        tracing::warn!(%error, "the vector index goes with the data folder, if it is in it");
    }
    place::condemn(&core.config.data_dir)?;
    core.announce("data");
    Ok(Wiped { left })
}

/// [`import`] without a running app. `now` in seconds.
pub async fn receive(folder: &DataFolder, file: &Path, now: i64) -> Result<()> {
    let (data_dir, file) = (folder.path().to_owned(), file.to_owned());
    let stage = place::stage(&data_dir)?;
    let to = stage.clone();
    let manifest = blocking(move || archive::read(&file, &to, copy::newest())).await?;
    accept(&data_dir, &stage, &manifest.folders, now).await
}

/// [`restore`] without a running app: also of a database that can't be opened any more. `now` in seconds.
pub async fn go_back(folder: &DataFolder, name: &str, now: i64) -> Result<()> {
    let data_dir = folder.path().to_owned();
    if !list(&data_dir).iter().any(|backup| backup.name == name) {
        return Err(ApiError::not_found("backup").into());
    }
    let stage = place::stage(&data_dir)?;
    copy::copy(&place::backups(&data_dir).join(name), &place::database(&stage))
        .await
        .context("The backup can't be copied. Choose another, or free some space")?;
    accept(&data_dir, &stage, &[], now).await
}

/// Puts what is pending into effect without a running app. `now` in seconds.
pub async fn take_effect(folder: &DataFolder, now: i64) -> Result<()> {
    settle(folder.path(), now).await
}

/// What is staged was written by this app and is whole; it is brought up to date and moves in.
async fn accept(data_dir: &Path, stage: &Path, before: &[String], now: i64) -> Result<()> {
    let database = place::database(stage);
    copy::examine(&database).await.map_err(|error| {
        let message = format!("It can't be used. {error:#} Nothing was changed; choose another.");
        ApiError::new(ErrorCode::BadRequest, message)
    })?;
    let here = place::names(data_dir).pop().context("the data folder has no name")?;
    copy::revive(&database, before, &here, now).await?;
    place::ready(data_dir, stage)
}
