//! Résumé bullets: facts by code, words by the model, and a gate between the two.

mod arrange;
mod reword;
mod words;

use anyhow::Result;
use internflow_domain::{ApiError, Bullet, EngineError, ErrorCode, Repository, Task};
use internflow_store::activity::{Claimed, NewTask};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::Nothing;
use crate::facts::{self, Manner};
use crate::jobs::openings;
use crate::queue::Meter;
use crate::spelling::spelled;
use crate::{Core, authorship, blocking, repositories, settings};

use words::Sentence;

pub use arrange::{
    EditBullet, HideBullet, OrderBullets, PinBullet, edit, hide, order, pin, redo, steps, undo,
};
pub use reword::{DecideRewording, decide, start as reword};
pub(crate) use reword::{TASK as REWORD, run as run_reword};

pub(crate) const TASK: &str = "bullets";

#[derive(Debug, Serialize, Deserialize, TS)]
pub struct BuildBullets {
    #[ts(type = "Array<number>")]
    pub repository_ids: Vec<i64>,
    /// Whose work, when it is not the user's.
    #[serde(default)]
    #[ts(optional)]
    pub author: Option<String>,
    /// Plain sentences only, without the model.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub plain: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct SetSafeWording {
    #[ts(type = "number")]
    pub repository_id: i64,
    pub on: bool,
}

/// Queues counting and writing for these repositories.
pub async fn build(core: &Core, args: BuildBullets) -> Result<Task> {
    if args.repository_ids.is_empty() {
        return Err(ApiError::new(ErrorCode::BadRequest, "Choose at least one repository.").into());
    }
    let mut names = Vec::new();
    for id in &args.repository_ids {
        names.push(repositories::one(core, *id).await?.name);
    }
    let payload = serde_json::to_string(&args)?;
    let task = NewTask {
        kind: TASK,
        title: format!("Write bullets for {}", names.join(", ")),
        dedupe: format!("bullets:{payload}"),
        payload,
    };
    core.enqueue(&task).await
}

pub async fn list(core: &Core, _: Nothing) -> Result<Vec<Bullet>> {
    core.store.bullets().await
}

/// Makes a repository private to this app, or lifts that. Bullets that are there are written anew; until then those
/// that name something of a private repository stay out of every document.
pub async fn set_safe_wording(core: &Core, args: SetSafeWording) -> Result<Repository> {
    let id = args.repository_id;
    if !core.store.set_safe_wording(id, args.on).await? {
        return Err(ApiError::not_found("repository").into());
    }
    core.announce("repositories");
    core.announce("achievements");
    if core.store.bullets().await?.iter().any(|bullet| bullet.repository_id == id) {
        build(core, BuildBullets { repository_ids: vec![id], author: None, plain: false }).await?;
    }
    repositories::one(core, id).await
}

pub(crate) async fn run(core: &Core, claimed: &Claimed) -> Result<()> {
    let payload: BuildBullets = serde_json::from_str(&claimed.payload)?;
    let mut meter = Meter::new(core, claimed, None);
    let choices = settings::get(core, Nothing {}).await?;
    let (mut topics, mut skills) = (Vec::new(), Vec::new());
    for id in &payload.repository_ids {
        let repository = repositories::one(core, *id).await?;
        meter.report(format!("Counting your work in {}", repository.name)).await?;
        let mut mine = authorship::mine(core, &repository).await?;
        if let Some(author) = &payload.author {
            mine.emails = vec![author.trim().to_lowercase()];
        }
        let path = repository.path.clone();
        let manner = Manner { tone: choices.tone, safe: repository.safe_wording };
        let counted = blocking(move || facts::count(repository.id, &path, &mine, manner)).await?;
        let of = |topic| (repository.id, repository.name.clone(), manner, topic);
        topics.extend(counted.topics.into_iter().map(of));
        skills.extend(counted.skills);
    }
    meter.begin(topics.len() as u32);
    let others = core.store.bullets().await?;
    let stays = |other: &&Bullet| !payload.repository_ids.contains(&other.repository_id);
    let mut used = verbs(others.iter().filter(stays));
    let mut bullets = Vec::new();
    // Why the model is not asked, once it is known that it is not there.
    let mut no_model: Option<String> = None;
    for (repository_id, repository, manner, topic) in topics {
        meter.report(format!("Writing about {repository}")).await?;
        let sentence = match &no_model {
            // Who asks for no words is told no reason.
            _ if payload.plain => Sentence::plain(&topic, &used, None),
            Some(reason) => Sentence::plain(&topic, &used, Some(reason.clone())),
            None => match words::sentence(core, &topic, &used).await {
                Ok(sentence) => sentence,
                Err(EngineError::ModelMissing(reason)) => {
                    no_model = Some(reason.clone());
                    Sentence::plain(&topic, &used, Some(reason))
                }
                Err(error) => return Err(error.into()),
            },
        };
        let Sentence { text, by_model, gate } = sentence;
        used.extend(verb(&text));
        let bullet = Bullet {
            id: 0,
            repository_id,
            repository,
            by_model,
            text: spelled(&text, choices.usage),
            gate,
            facts: topic.facts,
            commits: topic.commits,
            hidden: false,
            edited: false,
            private: manner.safe,
            safe: manner.safe,
            pinned: false,
            rewording: None,
        };
        bullets.push((topic.slot, bullet));
        meter.advance();
    }
    core.store.finish_bullets(claimed, &payload.repository_ids, &bullets, &skills, core.now()).await?;
    core.announce("achievements");
    // The bullets stand; openings are held against them again by the next crawl as well.
    if let Err(error) = openings::rematch(core).await {
        tracing::warn!(error = format!("{error:#}"), "openings are not held against the new skills yet");
    }
    Ok(())
}

/// The verbs of the bullets that are shown.
fn verbs<'b>(bullets: impl Iterator<Item = &'b Bullet>) -> Vec<String> {
    bullets.filter(|bullet| !bullet.hidden).filter_map(|bullet| verb(&bullet.text)).collect()
}

/// What a bullet begins with.
fn verb(text: &str) -> Option<String> {
    text.split_whitespace().next().map(str::to_owned)
}
