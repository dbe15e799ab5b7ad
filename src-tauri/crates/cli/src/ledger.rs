//! `ledger`: what somebody built in repositories, each thing with its proof.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use internflow_core::repositories::OfRepository;
use internflow_core::{Core, ledger};
use internflow_domain::{Claim, Ledger, NotCounted, short};

use crate::show::Format;
use crate::{review, show, wait};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folders of git repositories.
    #[arg(required = true, value_name = "REPO")]
    repos: Vec<PathBuf>,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    let mut ledgers = Vec::new();
    for repo in &args.repos {
        let repository_id = review::add(core, repo).await?.id;
        let of = || OfRepository { repository_id };
        let task = ledger::start(core, of()).await?;
        wait::for_tasks(core, &[task], async |task| wait::outcome(task)).await?;
        ledgers.extend(ledger::get(core, of()).await?);
    }
    match args.format {
        Format::Json => show::line(&serde_json::to_string_pretty(&ledgers)?),
        Format::Text => ledgers.iter().for_each(|ledger| show::line(text(ledger).trim_end())),
    }
    if ledgers.iter().all(|ledger| ledger.claims.is_empty()) {
        show::note(
            "No work of yours was found there. `git shortlog -se` lists the authors; say who you are with \
             `git config user.email`.",
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn text(ledger: &Ledger) -> String {
    let mut text = format!("{}: {} claims, {}\n", ledger.repository, ledger.claims.len(), ledger.method);
    for Claim { kind, what, detail, lines, method, numbers, commits, .. } in &ledger.claims {
        let kind = format!("{kind:?}").to_lowercase();
        let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
        let place = lines.as_ref().map(|lines| format!("{}:{}, ", lines.path, lines.start_line));
        let shown: Vec<&str> = commits.iter().take(3).map(|sha| short(sha)).collect();
        let place = place.unwrap_or_default();
        text.push_str(&format!(
            "  {kind:<11} {what}{detail}\n              {place}{method}; {}\n",
            shown.join(" ")
        ));
        // What the method says already is not said twice.
        for number in numbers.iter().filter(|number| !method.contains(&number.text)) {
            text.push_str(&format!("              {} ({})\n", number.text, number.method));
        }
    }
    for NotCounted { what, why, commits } in &ledger.left_out {
        let shown: Vec<&str> = commits.iter().take(3).map(|sha| short(sha)).collect();
        text.push_str(format!("  not counted {what}: {why} {}", shown.join(" ")).trim_end());
        text.push('\n');
    }
    text
}
