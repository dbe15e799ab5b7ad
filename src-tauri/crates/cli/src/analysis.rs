//! `analyze`: what a repository is made of, counted and with where each number comes from.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use internflow_core::Core;
use internflow_core::analysis;
use internflow_core::repositories::OfRepository;
use internflow_domain::{AnalysisReport, short};

use crate::show::Written;
use crate::{review, show, wait};

/// Count what a repository is made of: languages, modules, tests, hot spots, and your own part.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of the repository.
    repo: PathBuf,
    #[arg(long, value_enum, default_value = "md")]
    format: Written,
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    let repository = review::add(core, &args.repo).await?;
    let of = || OfRepository { repository_id: repository.id };
    let task = analysis::start(core, of()).await?;
    let mut done = Ok(());
    wait::for_tasks(core, &[task], async |task| {
        done = wait::outcome(task);
        Ok(())
    })
    .await?;
    done?;
    let report = analysis::get(core, of()).await?.and_then(|analysis| analysis.report);
    let report = report.context("the analysis is gone")?;
    match args.format {
        Written::Json => show::line(&serde_json::to_string_pretty(&report)?),
        Written::Md => show::line(markdown(&repository.name, &report)?.trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}

fn markdown(name: &str, report: &AnalysisReport) -> Result<String> {
    let mut text = format!("# {name} at {}\n\n", short(&report.sha));
    about(&mut text, report)?;

    writeln!(text, "## Languages\n\n{}.\n", report.methods.languages)?;
    writeln!(text, "| language | files | lines | of those blamed | yours |\n|---|--:|--:|--:|--:|")?;
    for one in &report.languages {
        writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            one.language, one.files, one.lines, one.blamed, one.mine
        )?;
    }
    writeln!(text, "\n## Frameworks and tools\n")?;
    for one in &report.technologies {
        writeln!(text, "- {} ({}): `{}` in {}:{}", one.name, one.kind, one.package, one.path, one.line)?;
    }
    none(&mut text, report.technologies.is_empty(), "No manifest names one that is known.")?;
    architecture(&mut text, report)?;

    writeln!(text, "\n## Tests and continuous integration\n\n{}.\n", report.methods.tests)?;
    writeln!(text, "{} tests in {} files.\n", report.tests.tests, report.tests.files)?;
    for one in &report.tests.most {
        writeln!(text, "- {}: {}", one.path, one.tests)?;
    }
    for one in &report.tests.ci {
        writeln!(text, "- {}: {}", one.system, one.path)?;
    }
    none(&mut text, report.tests.ci.is_empty(), "There is no file of a continuous integration.")?;

    writeln!(
        text,
        "\n## Activity\n\n{}.\n\n| month | commits | yours |\n|---|--:|--:|",
        report.methods.months
    )?;
    for one in &report.months {
        writeln!(text, "| {} | {} | {} |", one.month, one.commits, one.mine)?;
    }
    writeln!(text, "\n## Hot spots\n\n{}.\n", report.methods.hot_spots)?;
    for one in &report.hot_spots {
        writeln!(
            text,
            "- {}: {} ({} commits × {} branches, {} lines changed)",
            one.path, one.score, one.commits, one.branches, one.changed
        )?;
    }
    none(&mut text, report.hot_spots.is_empty(), "No file with a branch was changed more than once.")?;
    own_part(&mut text, report)?;

    if !report.left_out.is_empty() {
        writeln!(text, "\n## Left out\n")?;
        for one in &report.left_out {
            writeln!(text, "- {}: {}", one.what, one.why)?;
        }
    }
    Ok(text)
}

/// What is absent is said.
fn none(text: &mut String, is_empty: bool, said: &str) -> Result<()> {
    if is_empty {
        writeln!(text, "{said}")?;
    }
    Ok(())
}

fn about(text: &mut String, report: &AnalysisReport) -> Result<()> {
    match (&report.about.readme, &report.about.paragraph) {
        (None, _) => writeln!(text, "There is no README.\n")?,
        (Some(path), None) => writeln!(text, "{path} has no paragraph that says what this is.\n")?,
        (Some(_), Some(said)) => writeln!(text, "{} ({}:{})\n", said.text, said.path, said.line)?,
    }
    for said in &report.about.descriptions {
        writeln!(text, "- {} ({}:{})", said.text, said.path, said.line)?;
    }
    if !report.about.descriptions.is_empty() {
        text.push('\n');
    }
    Ok(())
}

fn architecture(text: &mut String, report: &AnalysisReport) -> Result<()> {
    writeln!(text, "\n## Architecture\n\n{}.\n", report.methods.modules)?;
    for module in &report.modules {
        let tests = if module.tests { ", tests" } else { "" };
        writeln!(text, "- {}: {} lines in {} files{tests}", module.name, module.lines, module.files)?;
        for import in report.imports.iter().filter(|import| import.from == module.name) {
            writeln!(text, "  - imports {} ({}×, {}:{})", import.to, import.count, import.path, import.line)?;
        }
    }
    writeln!(text, "\n## Where programs begin\n")?;
    for one in &report.entries {
        writeln!(text, "- {} ({}): {}:{}", one.name, one.what, one.path, one.line)?;
    }
    none(text, report.entries.is_empty(), "No main function, script or declared program was found.")
}

fn own_part(text: &mut String, report: &AnalysisReport) -> Result<()> {
    let mine = &report.mine;
    writeln!(text, "\n## Your part\n\n{}.\n", report.methods.mine)?;
    if mine.emails.is_empty() {
        writeln!(text, "Nobody knows which author you are. `git config user.email YOU@…` says so.")?;
        return Ok(());
    }
    let percent = 100.0 * f64::from(mine.lines) / f64::from(mine.blamed.max(1));
    writeln!(
        text,
        "{} of {} lines ({percent:.0} %), written as {}.",
        mine.lines,
        mine.blamed,
        mine.emails.join(", ")
    )?;
    if !mine.modules.is_empty() {
        writeln!(text, "More than half of the lines of: {}.", mine.modules.join(", "))?;
    }
    if let Some(import) = &mine.import {
        writeln!(
            text,
            "The first commit, {}, brought a whole tree and is not counted as yours.",
            short(import)
        )?;
    }
    Ok(())
}
