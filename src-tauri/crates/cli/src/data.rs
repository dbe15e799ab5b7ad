//! `data`: everything in the data folder as one file, into another data folder, back to a backup, or gone.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use clap::Subcommand;
use internflow_core::api::Nothing;
use internflow_core::data::{self, BackupKind, ExportData, WIPE_WORD, WipeData};
use internflow_core::{Core, DataFolder};

use crate::show;

/// Back up, move or delete everything that InternFlow keeps.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write everything but models and tokens into one file.
    Export {
        /// The file to write; without it one in the exports folder.
        file: Option<PathBuf>,
    },
    /// Put what such a file holds in the place of everything that is here; what was here becomes a backup.
    Import { file: PathBuf },
    /// List the backups, the newest first.
    Backups,
    /// Make a backup now.
    Backup,
    /// Go back to a backup; the database as it is now becomes one.
    Restore {
        /// As `data backups` lists it.
        name: String,
    },
    /// Delete everything but the models: tokens, database, index, exports, backups, copies of repositories, logs.
    Wipe {
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

impl Args {
    /// What replaces the database, and looks at backups, runs without it: it may be damaged.
    pub(crate) async fn alone(&self, data_dir: &Path) -> Option<Result<ExitCode>> {
        let done = match &self.command {
            Command::Import { file } => import(data_dir, file).await,
            Command::Restore { name } => restore(data_dir, name).await,
            Command::Backups => {
                backups(data_dir);
                Ok(())
            }
            Command::Export { .. } | Command::Backup | Command::Wipe { .. } => return None,
        };
        Some(done.map(|()| ExitCode::SUCCESS))
    }
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    match args.command {
        Command::Export { file } => {
            let path =
                file.map(std::path::absolute).transpose()?.map(|file| file.to_string_lossy().into_owned());
            let written = data::export(core, ExportData { path }).await?;
            show::line(&format!("{}  {:.1} MB", written.path, written.bytes as f64 / 1e6));
            show::note(
                "It holds your reviews, repositories' histories, résumé and applications. Keep it as you keep those.",
            );
        }
        Command::Backup => {
            data::back_up(core, Nothing {}).await?;
            backups(&core.config().data_dir);
        }
        Command::Wipe { yes } => wipe(core, yes).await?,
        Command::Import { .. } | Command::Restore { .. } | Command::Backups => {}
    }
    Ok(ExitCode::SUCCESS)
}

async fn import(data_dir: &Path, file: &Path) -> Result<()> {
    let folder = DataFolder::open(data_dir)?;
    data::receive(&folder, file, now()).await?;
    data::take_effect(&folder, now()).await?;
    show::line("Imported. What was here before, if anything was, is among `internflow-cli data backups`.");
    show::note(
        "Sign in again on this computer: tokens are never exported. Repositories are indexed again when InternFlow is open.",
    );
    Ok(())
}

async fn restore(data_dir: &Path, name: &str) -> Result<()> {
    let folder = DataFolder::open(data_dir)?;
    data::go_back(&folder, name, now()).await?;
    data::take_effect(&folder, now()).await?;
    show::line(&format!("Restored {name}. What was here before is a backup, too."));
    Ok(())
}

async fn wipe(core: &Core, yes: bool) -> Result<()> {
    let folder = core.config().data_dir.display();
    let word = match yes {
        true => WIPE_WORD.to_owned(),
        false if show::is_terminal() => {
            show::note(&format!("Everything in {folder} but the models is deleted, with all backups."));
            let _ = write!(std::io::stderr(), "Type {WIPE_WORD} to go on: ");
            let mut typed = String::new();
            std::io::stdin().read_line(&mut typed)?;
            typed
        }
        false => bail!("Nothing was deleted: nobody is there to ask. Say --yes to delete everything."),
    };
    let wiped = data::wipe(core, WipeData { word }).await?;
    for left in wiped.left {
        show::note(&format!("Not deleted. {left}"));
    }
    show::line(&format!("Everything in {folder} but the models is deleted."));
    Ok(())
}

fn backups(data_dir: &Path) {
    let found = data::list(data_dir);
    if found.is_empty() {
        show::note("There is no backup yet. `internflow-cli data backup` makes one.");
    }
    for backup in found {
        let kind = match backup.kind {
            BackupKind::Daily => "daily",
            BackupKind::BeforeUpdate => "before an update",
            BackupKind::BeforeImport => "before an import",
        };
        let at = DateTime::<Utc>::from_timestamp(backup.at, 0).unwrap_or_default().format("%Y-%m-%d %H:%M");
        show::line(&format!(
            "{:<40} {at} UTC  {kind:<17} {:>8.1} MB",
            backup.name,
            backup.bytes as f64 / 1e6
        ));
    }
}

/// Seconds since 1970 UTC.
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}
