//! `apply`: the fix of a finding in a working copy, and out of it again.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use internflow_core::Core;
use internflow_core::reviews::apply::{self, ApplyFix, UndoFix};

use crate::show;

/// Put the fix of a finding into your working copy. The file as it was is kept.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Id of the finding, as `review` shows it.
    #[arg(value_name = "ID")]
    finding: i64,
    /// Top folder of the working copy; without it, the repository's own or the one used last.
    #[arg(long, value_name = "DIR", conflicts_with = "undo")]
    folder: Option<PathBuf>,
    /// Take the fix out again, unless the file was edited since.
    #[arg(long)]
    undo: bool,
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    let finding_id = args.finding;
    if args.undo {
        apply::undo(core, UndoFix { finding_id }).await?;
        show::line("The file is as it was before the fix.");
        return Ok(ExitCode::SUCCESS);
    }
    let folder = match args.folder {
        Some(folder) => Some(std::path::absolute(folder)?.to_string_lossy().into_owned()),
        None => None,
    };
    let asked = || ApplyFix { finding_id, folder: folder.clone() };
    if apply::target(core, asked()).await?.is_none() {
        bail!(
            "This repository has no working copy here that is known. Name the folder that you work in: --folder DIR."
        );
    }
    let applied = apply::apply(core, asked()).await?;
    show::line(&format!("Changed {} at line {}.", applied.file, applied.line));
    show::line(&format!("The file as it was: {}", applied.backup));
    show::line(&format!("To take the change out again: internflow-cli apply {finding_id} --undo"));
    Ok(ExitCode::SUCCESS)
}
