//! `repos` and `sync`: the repositories that are followed, and bringing them up to date.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Subcommand;
use internflow_core::Core;
use internflow_core::api::{Id, Nothing};
use internflow_core::repositories;
use internflow_core::sync::{self, Follow, ListRemote, SyncRepositories};
use internflow_domain::Repository;

use crate::account;
use crate::show::Format;
use crate::{review, show, wait};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the repositories here, or with --remote those of the GitHub account.
    List {
        #[arg(long)]
        remote: bool,
        #[command(flatten)]
        host: ApiUrl,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Add a folder, owner/name on GitHub, or the https address of a public repository.
    Add {
        #[arg(value_name = "URL|PATH")]
        address: String,
        #[command(flatten)]
        host: ApiUrl,
    },
    /// Forget a repository with its reviews. A folder of yours is not touched.
    Remove {
        #[arg(value_name = "REPO")]
        repo: String,
    },
}

/// Bring followed repositories up to date.
#[derive(clap::Args)]
pub(crate) struct SyncArgs {
    /// Name, owner/name or path; without any, all that are followed.
    repos: Vec<String>,
    /// Sync once and end. Otherwise go on, as often as the settings say, until Ctrl-C.
    #[arg(long)]
    pub(crate) once: bool,
    #[command(flatten)]
    host: ApiUrl,
}

/// Which GitHub is meant.
#[derive(clap::Args)]
struct ApiUrl {
    /// API address of a GitHub Enterprise Server; kept in the settings.
    #[arg(long, value_name = "URL")]
    api_url: Option<String>,
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    match args.command {
        Command::List { remote: false, format, .. } => {
            let all = repositories::list(core, Nothing {}).await?;
            if format == Format::Json {
                show::line(&serde_json::to_string_pretty(&all)?);
                return Ok(ExitCode::SUCCESS);
            }
            for repository in &all {
                let far =
                    repository.remote.as_ref().map_or(repository.path.as_str(), |remote| &remote.full_name);
                show::line(&format!(
                    "{:<32} {:>6} commits, {:>5} yours  {far}",
                    repository.name, repository.commits, repository.mine
                ));
                if let Some(problem) = repository.remote.as_ref().and_then(|remote| remote.problem.as_ref()) {
                    show::line(&format!("{:<32} {problem}", ""));
                }
            }
        }
        Command::List { remote: true, format, host } => {
            account::set(core, host.api_url, None).await?;
            let all = sync::remote(core, ListRemote { refresh: true }).await?;
            if format == Format::Json {
                show::line(&serde_json::to_string_pretty(&all)?);
                return Ok(ExitCode::SUCCESS);
            }
            for one in &all {
                let marks = [
                    (one.private, "private"),
                    (one.fork, "fork"),
                    (one.archived, "archived"),
                    (one.pushed_at.is_none() || one.size_kb == 0, "empty"),
                    (one.repository_id.is_some(), "followed"),
                ];
                let marks: Vec<&str> = marks.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect();
                let language = one.language.as_deref().unwrap_or("");
                show::line(&format!("{:<48} {language:<16} {}", one.full_name, marks.join(", ")));
            }
        }
        Command::Add { address, host } => {
            account::set(core, host.api_url, None).await?;
            if Path::new(&address).exists() {
                let repository = review::add(core, Path::new(&address)).await?;
                show::line(&format!("Added {}: {} commits", repository.name, repository.commits));
            } else {
                let repository = sync::follow(core, Follow { address }).await?;
                return bring(core, vec![repository.id]).await;
            }
        }
        Command::Remove { repo } => {
            let repository = find(core, &repo).await?;
            repositories::remove(core, Id { id: repository.id }).await?;
            show::line(&format!("Removed {}", repository.name));
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn sync(core: &Core, args: SyncArgs) -> Result<ExitCode> {
    account::set(core, args.host.api_url, None).await?;
    let mut ids = Vec::new();
    for repo in &args.repos {
        ids.push(find(core, repo).await?.id);
    }
    let all = repositories::list(core, Nothing {}).await?;
    if !all.iter().any(|repository| repository.remote.is_some()) {
        bail!("No repository is followed yet. `internflow-cli repos add owner/name` adds one.");
    }
    let code = bring(core, ids).await?;
    if args.once {
        return Ok(code);
    }
    show::note("Syncing goes on in the background. Ctrl-C ends it.");
    tokio::signal::ctrl_c().await?;
    Ok(ExitCode::SUCCESS)
}

/// Syncs and says what came. Fails when one of them did.
async fn bring(core: &Core, ids: Vec<i64>) -> Result<ExitCode> {
    let before = repositories::list(core, Nothing {}).await?;
    let tasks = sync::start(core, SyncRepositories { ids }).await?;
    let mut failed = 0;
    wait::for_tasks(core, &tasks, async |task| {
        if let Err(error) = wait::outcome(task) {
            failed += 1;
            show::error(&format!("{error:#}"));
        }
        Ok(())
    })
    .await?;
    for after in repositories::list(core, Nothing {}).await? {
        let Some(remote) = after.remote.filter(|remote| remote.problem.is_none()) else { continue };
        let old = before.iter().find(|one| one.id == after.id).map_or(0, |one| one.commits);
        let new = after.commits.saturating_sub(old);
        show::line(&format!("{}: {} commits, {new} new", remote.full_name, after.commits));
    }
    Ok(ExitCode::from(u8::from(failed > 0)))
}

/// A repository by name, owner/name, address or path.
pub(crate) async fn find(core: &Core, name: &str) -> Result<Repository> {
    let path = std::path::absolute(name).unwrap_or_default();
    let all = repositories::list(core, Nothing {}).await?;
    let is = |one: &Repository| {
        one.name == name
            || Path::new(&one.path) == path
            || one.remote.as_ref().is_some_and(|remote| remote.full_name == name || remote.url == name)
    };
    match all.into_iter().find(is) {
        Some(repository) => Ok(repository),
        None => bail!("There is no repository `{name}`. `internflow-cli repos list` names them."),
    }
}
