//! `defence`: what to know by heart about each line of the résumé before an interview.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use internflow_core::Core;
use internflow_core::defence::{self, ExportDefence, OfDefence};
use internflow_domain::HandoutFormat;

use crate::show::Format;
use crate::{bullets, review, show};

/// Write the code behind each bullet, the questions that it invites, and its weakest spot.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Repositories whose bullets are built first, as plain sentences; without them those that are there are taken.
    #[arg(value_name = "REPO")]
    repos: Vec<PathBuf>,
    /// File to write: a PDF where its name ends in .pdf, else Markdown. Without it, a file in the exports folder.
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// As the résumé was tailored for this opening, by its number in `jobs list`.
    #[arg(long, value_name = "ID")]
    job: Option<i64>,
    /// Print it instead: as JSON.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    let mut repositories = Vec::new();
    for path in &args.repos {
        repositories.push(review::add(core, path).await?);
    }
    if !repositories.is_empty() {
        bullets::build(core, &repositories, None, true).await?;
    }
    if args.format == Format::Json {
        let found = defence::get(core, OfDefence { id: args.job }).await?;
        show::line(&serde_json::to_string_pretty(&found)?);
        return Ok(ExitCode::SUCCESS);
    }
    let pdf = args.out.as_ref().is_some_and(|out| out.extension().is_some_and(|end| end == "pdf"));
    let format = if pdf { HandoutFormat::Pdf } else { HandoutFormat::Md };
    let path = args.out.map(std::path::absolute).transpose()?.map(|out| out.to_string_lossy().into_owned());
    let exported = defence::export(core, ExportDefence { id: args.job, format, path }).await?;
    show::note(&format!("Wrote {} ({:.0} KB).", exported.path, exported.bytes as f64 / 1000.0));
    Ok(ExitCode::SUCCESS)
}
