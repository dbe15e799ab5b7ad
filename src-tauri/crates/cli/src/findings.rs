//! `findings`: what reviews found in a repository, and what became of it.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::ValueEnum;
use internflow_core::Core;
use internflow_core::api::Id;
use internflow_core::repositories;
use internflow_core::reviews::{self, ListFindings, StateAsked};
use internflow_domain::{FindingList, FindingState, StoredFinding, short};

use crate::show::Format;
use crate::{repos, review, show};

/// List what reviews found in a repository, where it is now, and what became of it.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of a git repository, or the name of one that is followed.
    repo: String,
    #[arg(long, value_enum, default_value = "open")]
    state: State,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum State {
    Open,
    Fixed,
    Dismissed,
    All,
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    let repository = if Path::new(&args.repo).exists() {
        review::add(core, Path::new(&args.repo)).await?
    } else {
        let known = repos::find(core, &args.repo).await?;
        repositories::refresh(core, Id { id: known.id }).await?
    };
    let state = match args.state {
        State::Open => StateAsked::Open,
        State::Fixed => StateAsked::Fixed,
        State::Dismissed => StateAsked::Dismissed,
        State::All => StateAsked::All,
    };
    let list = reviews::findings(core, ListFindings { repository_id: repository.id, state }).await?;
    if args.format == Format::Json {
        show::line(&serde_json::to_string_pretty(&list.findings)?);
        return Ok(ExitCode::SUCCESS);
    }
    show::write(None, &text(&list))?;
    Ok(ExitCode::SUCCESS)
}

fn text(list: &FindingList) -> String {
    let mut text = String::new();
    for stored in &list.findings {
        let finding = &stored.finding;
        let now = stored.now.as_ref();
        let (path, line) = now.map_or((&finding.path, finding.line), |now| (&now.path, now.line));
        text.push_str(&format!(
            "{path}:{line}  {}  {}\n    {}\n  {}\n  {}\n  ({}, id {})\n\n",
            finding.severity.as_str().to_uppercase(),
            finding.category.as_str(),
            finding.quote,
            finding.message,
            became(stored),
            finding.rule,
            stored.id,
        ));
    }
    let FindingList { open, fixed, dismissed, quiet, .. } = list;
    text.push_str(&format!("{open} open, {fixed} fixed, {dismissed} dismissed.\n"));
    for quiet in quiet {
        text.push_str(&format!(
            "You dismissed {} of {} here; it is now quiet: in the window only what is critical or all but certain.\n",
            quiet.dismissals, quiet.rule
        ));
    }
    text
}

/// What became of a finding, with the commits.
fn became(stored: &StoredFinding) -> String {
    let at = stored.state_in.as_deref().map(short).unwrap_or_default();
    let state = match (stored.state, &stored.twin_in) {
        (FindingState::Open, _) => "Open".to_owned(),
        (FindingState::Fixed, _) => format!("Fixed in {at}"),
        (FindingState::Reopened, _) => format!("Reopened in {at}"),
        (FindingState::Dismissed, twin) => {
            let reason = stored.dismissed.as_deref().filter(|reason| !reason.is_empty());
            let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
            let twin = twin.as_deref().map(|sha| format!(", as you dismissed it in {}", short(sha)));
            format!("Dismissed{}{reason}", twin.unwrap_or_default())
        }
    };
    let finding = &stored.finding;
    let found = format!("found in {} at {}:{}", short(&finding.commit), finding.path, finding.line);
    let gone = if stored.on_branch { "" } else { ", which is not in this branch's history" };
    format!("{state}; {found}{gone}")
}
