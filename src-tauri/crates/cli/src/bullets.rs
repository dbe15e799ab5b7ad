//! `bullets`: résumé bullets with the commits behind them.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use internflow_core::Core;
use internflow_core::achievements::{self, BuildBullets};
use internflow_core::api::Nothing;
use internflow_core::models;
use internflow_core::resume::PRIVATE;
use internflow_domain::{Bullet, ModelRole, ModelState, Repository, short};

use crate::show::Written;
use crate::{review, show, wait};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folders of git repositories.
    #[arg(required = true, value_name = "REPO")]
    repos: Vec<PathBuf>,
    /// Whose work: an e-mail address, or `auto` for your own.
    #[arg(long, value_name = "EMAIL|auto", default_value = "auto")]
    author: String,
    #[arg(long, value_enum, default_value = "md")]
    format: Written,
    /// Plain sentences only, without the model.
    #[arg(long)]
    plain: bool,
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    let mut repositories = Vec::new();
    for path in &args.repos {
        repositories.push(review::add(core, path).await?);
    }
    let author = (args.author != "auto").then_some(args.author);
    let bullets = build(core, &repositories, author, args.plain).await?;
    let text = match args.format {
        Written::Json => serde_json::to_string_pretty(&bullets)? + "\n",
        Written::Md => markdown(&bullets),
    };
    show::write(None, &text)?;
    if bullets.is_empty() {
        let who = "No work of yours was found there. `git shortlog -se` lists the authors; name yourself with --author EMAIL.";
        show::note(who);
    }
    Ok(ExitCode::from(u8::from(!args.plain && !has_model(core).await?)))
}

/// False, with a word to the user, when the plain sentences stand in for a model that is not there.
pub(crate) async fn has_model(core: &Core) -> Result<bool> {
    let known = models::list(core, Nothing {}).await?;
    let Some(model) =
        known.into_iter().find(|model| model.role == ModelRole::Text && model.state != ModelState::Ready)
    else {
        return Ok(true);
    };
    show::error(&format!(
        "The text model is not on this machine or damaged, so the bullets are plain sentences. Get it with \
         `internflow-cli models get {}`, or ask for plain sentences with --plain.",
        model.id
    ));
    Ok(false)
}

/// Builds and returns the bullets of these repositories.
pub(crate) async fn build(
    core: &Core,
    repositories: &[Repository],
    author: Option<String>,
    plain: bool,
) -> Result<Vec<Bullet>> {
    let ids: Vec<i64> = repositories.iter().map(|repository| repository.id).collect();
    let task = achievements::build(core, BuildBullets { repository_ids: ids.clone(), author, plain }).await?;
    wait::for_tasks(core, &[task], async |task| wait::outcome(task)).await?;
    let mut bullets = achievements::list(core, Nothing {}).await?;
    bullets.retain(|bullet| ids.contains(&bullet.repository_id) && bullet.goes_out());
    Ok(bullets.into_iter().map(outward).collect())
}

/// A bullet as it leaves the app: the proof of a private repository stays in it.
fn outward(mut bullet: Bullet) -> Bullet {
    if bullet.private {
        bullet.repository = PRIVATE.to_owned();
        bullet.facts.iter_mut().for_each(|fact| fact.method.clear());
        bullet.commits.clear();
    }
    bullet
}

fn markdown(bullets: &[Bullet]) -> String {
    let mut text = String::new();
    let mut repository = "";
    for bullet in bullets {
        if bullet.repository != repository {
            repository = &bullet.repository;
            text.push_str(&format!("## {repository}\n\n"));
        }
        text.push_str(&format!("- {}\n", bullet.text));
        for fact in &bullet.facts {
            let method = if bullet.private { String::new() } else { format!(" ({})", fact.method) };
            text.push_str(&format!("  - {}{method}\n", fact.text));
        }
        let commits: Vec<&str> = bullet.commits.iter().take(5).map(|sha| short(sha)).collect();
        let more = bullet.commits.len().saturating_sub(commits.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        if !bullet.private {
            text.push_str(&format!("  - commits {}{more}\n", commits.join(", ")));
        }
        if let Some(gate) = &bullet.gate {
            text.push_str(&format!("  - plain sentence: the model's was refused because {gate}\n"));
        }
    }
    text
}
