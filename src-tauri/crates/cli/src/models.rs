//! `models`: what is here, get what is not, compare checksums.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Subcommand;
use internflow_core::Core;
use internflow_core::api::Nothing;
use internflow_core::models::{self, ModelId};
use internflow_domain::{Model, ModelState};

use crate::{show, wait};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// List the models of the catalogue and what is here of them.
    List,
    /// Download a model, or what is missing of it.
    Get { id: String },
    /// Compare every file with its checksum.
    Verify,
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    match args.command.unwrap_or(Command::List) {
        Command::List => {
            list(&models::list(core, Nothing {}).await?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Get { id } => {
            let known = models::list(core, Nothing {}).await?;
            if !known.iter().any(|model| model.id == id) {
                let ids: Vec<&str> = known.iter().map(|model| model.id.as_str()).collect();
                bail!("There is no model `{id}`. The catalogue has {}.", ids.join(" and "));
            }
            let task = models::get(core, ModelId { id }).await?;
            wait::for_tasks(core, &[task], async |task| wait::outcome(task)).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify => {
            let verified = models::verify(core, Nothing {}).await?;
            list(&verified);
            let whole = verified.iter().all(|model| matches!(model.state, ModelState::Ready));
            if !whole {
                show::note("Get what is missing or damaged with `internflow-cli models get ID`.");
            }
            Ok(ExitCode::from(u8::from(!whole)))
        }
    }
}

fn list(models: &[Model]) {
    for model in models {
        let state = match model.state {
            ModelState::Missing => "not here",
            ModelState::Partial => "partly here",
            ModelState::Unverified => "here, not verified",
            ModelState::Ready => "ready",
            ModelState::Damaged => "damaged",
        };
        let megabytes = model.bytes as f64 / 1e6;
        show::line(&format!(
            "{:<38} {state:<19} {megabytes:>7.0} MB  {:<10}  {}",
            model.id, model.licence, model.folder
        ));
    }
}
