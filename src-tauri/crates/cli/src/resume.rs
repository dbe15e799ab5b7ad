//! `resume`: a profile and the work in repositories as one document.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use internflow_core::resume::{self, ExportResume};
use internflow_core::{Core, tailor};
use internflow_domain::{Look, Paper, Profile, ResumeFormat, Template};

use crate::{bullets, review, show};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Profile in the JSON Resume format.
    #[arg(long, value_name = "profile.json")]
    profile: PathBuf,
    /// Repository whose bullets go into the résumé; may be repeated.
    #[arg(long = "repo", value_name = "PATH")]
    repos: Vec<PathBuf>,
    #[arg(long, value_enum)]
    format: Format,
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[arg(long, value_enum, default_value_t)]
    template: NamedTemplate,
    #[arg(long, value_enum, default_value_t)]
    paper: NamedPaper,
    /// Bullets as plain sentences, without the model.
    #[arg(long)]
    plain: bool,
    /// As it was tailored for this opening, by its number in `jobs list`.
    #[arg(long, value_name = "ID")]
    job: Option<i64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Pdf,
    Docx,
    Json,
    Md,
    Txt,
    Html,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum NamedTemplate {
    #[default]
    Classic,
    Compact,
    Academic,
    Modern,
}

impl From<NamedTemplate> for Template {
    fn from(template: NamedTemplate) -> Self {
        match template {
            NamedTemplate::Classic => Self::Classic,
            NamedTemplate::Compact => Self::Compact,
            NamedTemplate::Academic => Self::Academic,
            NamedTemplate::Modern => Self::Modern,
        }
    }
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum NamedPaper {
    #[default]
    A4,
    Letter,
}

impl From<NamedPaper> for Paper {
    fn from(paper: NamedPaper) -> Self {
        match paper {
            NamedPaper::A4 => Self::A4,
            NamedPaper::Letter => Self::Letter,
        }
    }
}

impl From<Format> for ResumeFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Pdf => Self::Pdf,
            Format::Docx => Self::Docx,
            Format::Json => Self::Json,
            Format::Md => Self::Md,
            Format::Txt => Self::Txt,
            Format::Html => Self::Html,
        }
    }
}

/// Reads a JSON Resume.
pub(crate) fn profile(file: &Path) -> Result<Profile> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).with_context(|| {
        format!(
            "The profile {shown} can't be read. Write one in the JSON Resume format (jsonresume.org/schema)"
        )
    })?;
    internflow_resume::parse_profile(&text)
        .with_context(|| format!("The profile {shown} is not a JSON Resume"))
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    let profile = profile(&args.profile)?;
    if args.out.is_dir() {
        bail!("{} is a folder. Name a file with --out.", args.out.display());
    }
    let mut chosen = Vec::new();
    for path in &args.repos {
        chosen.push(review::add(core, path).await?);
    }
    if !chosen.is_empty() {
        bullets::build(core, &chosen, None, args.plain).await?;
        if !args.plain {
            bullets::has_model(core).await?;
        }
    }
    let ids = chosen.iter().map(|repository| repository.id).collect();
    let out = std::path::absolute(&args.out)?.to_string_lossy().into_owned();
    let look = Some(Look { template: args.template.into(), paper: args.paper.into() });
    let export = ExportResume { format: args.format.into(), look, path: Some(out) };
    let exported = match args.job {
        Some(id) => tailor::export_profile(core, id, profile, ids, export).await?,
        None => resume::export_profile(core, profile, ids, export).await?,
    };
    show::note(&format!("Wrote {} ({:.0} KB).", exported.path, exported.bytes as f64 / 1000.0));
    Ok(ExitCode::SUCCESS)
}
