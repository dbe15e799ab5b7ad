//! `resume-import`: a profile from a file, compared with the one that is there.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use internflow_core::resume::import::{self, TakeImport};
use internflow_core::{Core, api::Nothing};
use internflow_domain::{ImportProposal, ImportSource};

use crate::show::Format;
use crate::{resume, show};

/// Read a profile out of a JSON Resume, an old résumé (PDF, DOCX) or LinkedIn's archive, and show what it would change.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Compare with this JSON Resume instead of the profile of the app.
    #[arg(long, value_name = "profile.json")]
    profile: Option<PathBuf>,
    /// Take everything: written into the profile that was compared with.
    #[arg(long)]
    take: bool,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    let path = std::path::absolute(&args.file)?.to_string_lossy().into_owned();
    let profile = match &args.profile {
        Some(file) => resume::profile(file)?,
        None => internflow_core::resume::profile(core, Nothing {}).await?,
    };
    let proposal = import::read_beside(core, &profile, &path).await?;
    match args.format {
        Format::Json => show::line(&serde_json::to_string_pretty(&proposal)?),
        Format::Text => show::line(text(&proposal)?.trim_end()),
    }
    if args.take && !proposal.changes.is_empty() {
        match &args.profile {
            Some(file) => {
                let profile = import::taken(&profile, &proposal.changes)?;
                let json = serde_json::to_string_pretty(&profile)? + "\n";
                show::write(Some(file), &json).with_context(|| format!("{} is as it was", file.display()))?;
            }
            None => import::take(core, TakeImport { changes: proposal.changes }).await?,
        }
        show::note("Taken into the profile.");
    }
    Ok(ExitCode::SUCCESS)
}

fn text(proposal: &ImportProposal) -> Result<String> {
    let source = match proposal.source {
        ImportSource::JsonResume => "JSON Resume",
        ImportSource::Pdf => "PDF",
        ImportSource::Docx => "Word document",
        ImportSource::Linkedin => "LinkedIn's archive",
    };
    let mut text = String::new();
    let changes = &proposal.changes;
    match changes.len() {
        0 => writeln!(text, "{source}: the profile says all of it already.")?,
        1 => writeln!(text, "{source}: 1 change")?,
        count => writeln!(text, "{source}: {count} changes")?,
    }
    for change in changes {
        writeln!(text, "\n{}", change.label)?;
        change.old.lines().try_for_each(|line| writeln!(text, "  - {line}"))?;
        change.new.lines().try_for_each(|line| writeln!(text, "  + {line}"))?;
    }
    proposal.notes.iter().try_for_each(|note| writeln!(text, "\nLook it over: {note}"))?;
    Ok(text)
}
