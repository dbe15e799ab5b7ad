//! `logs`: what the app wrote about its work, also while it runs.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use internflow_core::logs::{self, LogLevel, ReadLogs};

use crate::show;
use crate::show::Format;

/// Show what the app wrote about its work, the newest last.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only this component: core, store, git, github, net, inference, index, crawler or host.
    #[arg(long)]
    component: Option<String>,
    /// This bad or worse: error, warn, info or debug.
    #[arg(long, default_value = "info")]
    level: String,
    /// Only what was written for the command with this id, from the click to the worker's frame.
    #[arg(long)]
    id: Option<String>,
    /// So many lines.
    #[arg(long, value_name = "N", default_value_t = 100)]
    last: u32,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(data_dir: &Path, args: &Args) -> Result<ExitCode> {
    let Some(level) = LogLevel::parse(&args.level) else {
        bail!("There is no level `{}`. Choose error, warn, info or debug.", args.level);
    };
    let which = ReadLogs {
        component: args.component.clone(),
        level: Some(level),
        id: args.id.clone(),
        limit: args.last,
    };
    let found = logs::read(data_dir, &which);
    if let Some(component) = args.component.as_ref().filter(|component| !found.components.contains(component))
    {
        let known = found.components.join(", ");
        bail!("`{component}` has written nothing. These have: {known}.");
    }
    for line in found.lines.iter().rev() {
        if args.format == Format::Json {
            show::line(&serde_json::to_string(line)?);
            continue;
        }
        let level = format!("{:?}", line.level).to_uppercase();
        let id = line.id.as_deref().unwrap_or("-");
        let whose = line.on_behalf_of.as_deref().unwrap_or("-");
        show::line(&format!(
            "{} {level:<5} {:<9} {id:<8} {whose:<18} {} {}",
            line.at, line.component, line.message, line.details
        ));
    }
    Ok(ExitCode::SUCCESS)
}
