//! Other words for one bullet: written from what is counted now, through the same gate, and kept beside the bullet until
//! the user takes them or not.

use anyhow::{Context, Result};
use internflow_domain::{ApiError, Bullet, EngineError, ErrorCode, Rewording, Task};
use internflow_store::activity::{Claimed, NewTask};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::arrange::found;
use super::words::{self, Sentence};
use crate::api::{Id, Nothing};
use crate::facts::{self, Manner, Topic};
use crate::queue::Meter;
use crate::settings::Settings;
use crate::spelling::spelled;
use crate::{Core, authorship, blocking, repositories, settings};

pub(crate) const TASK: &str = "reword";

/// Sentences that the model may try.
const TRIES: u64 = 4;

#[derive(Debug, Deserialize, TS)]
pub struct DecideRewording {
    #[ts(type = "number")]
    pub id: i64,
    /// Take the new words; false keeps the old ones.
    pub take: bool,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    id: i64,
}

/// Queues the writing of other words.
pub async fn start(core: &Core, args: Id) -> Result<Task> {
    let bullet = one(core, args.id).await?;
    let task = NewTask {
        kind: TASK,
        title: format!("Find other words for a bullet of {}", bullet.repository),
        dedupe: format!("reword:{}", bullet.id),
        payload: serde_json::to_string(&Payload { id: bullet.id })?,
    };
    core.enqueue(&task).await
}

/// Takes the other words or keeps the old ones.
pub async fn decide(core: &Core, args: DecideRewording) -> Result<()> {
    let DecideRewording { id, take } = args;
    found(match take {
        true => core.store.take_rewording(id).await?,
        false => core.store.drop_rewording(id).await?,
    })?;
    core.announce("achievements");
    Ok(())
}

pub(crate) async fn run(core: &Core, claimed: &Claimed) -> Result<()> {
    let Payload { id } = serde_json::from_str(&claimed.payload)?;
    let bullet = one(core, id).await?;
    let slot = core.store.bullet_slot(id).await?.ok_or_else(|| ApiError::not_found("bullet"))?;
    let repository = repositories::one(core, bullet.repository_id).await?;
    let mut meter = Meter::new(core, claimed, None);
    meter.report(format!("Counting your work in {}", repository.name)).await?;
    let mine = authorship::mine(core, &repository).await?;
    let path = repository.path.clone();
    let choices = settings::get(core, Nothing {}).await?;
    let manner = Manner { tone: choices.tone, safe: repository.safe_wording };
    let counted = blocking(move || facts::count(repository.id, &path, &mine, manner)).await?;
    let topic = counted.topics.into_iter().find(|topic| topic.slot == slot).context(
        "What this bullet is about is no longer in the repository, or no longer yours. Build the bullets again",
    )?;
    meter.begin(TRIES as u32);
    let others = core.store.bullets().await?;
    let used = super::verbs(others.iter().filter(|other| other.id != id));
    let rewording = written(core, &bullet, topic, (manner, &choices), &used, &mut meter).await?;
    core.store.finish_rewording(claimed, id, &rewording, core.now()).await?;
    core.announce("achievements");
    Ok(())
}

/// The first sentence that passes the gate and is another one; else the plain one, unless the bullet says that already.
async fn written(
    core: &Core,
    bullet: &Bullet,
    topic: Topic,
    (manner, choices): (Manner, &Settings),
    used: &[String],
    meter: &mut Meter<'_>,
) -> Result<Rewording> {
    let mut reason = words::unasked(&topic);
    let tries = if reason.is_none() { TRIES } else { 0 };
    let (mut missing, mut found) = (None, None);
    for seed in 1..=tries {
        meter.report("Writing other words").await?;
        match words::otherwise(core, &topic, used, &bullet.text, seed).await {
            Ok(sentence) if sentence.by_model && spelled(&sentence.text, choices.usage) != bullet.text => {
                found = Some(sentence);
                break;
            }
            Ok(sentence) => reason = sentence.gate.or(reason),
            Err(EngineError::ModelMissing(why)) => {
                missing = Some(EngineError::ModelMissing(why.clone()));
                reason = Some(why);
                break;
            }
            Err(error) => return Err(error.into()),
        }
        meter.advance();
    }
    let sentence = found.unwrap_or_else(|| Sentence::plain(&topic, used, reason.clone()));
    let text = spelled(&sentence.text, choices.usage);
    if text == bullet.text {
        if let Some(missing) = missing {
            return Err(missing.into());
        }
        let why = reason.map(|reason| format!(" Why: {reason}.")).unwrap_or_default();
        let message = format!(
            "No other words stand on the facts alone, so the bullet stays as it is.{why} You can change the words yourself."
        );
        return Err(ApiError::new(ErrorCode::Failed, message).into());
    }
    let Sentence { by_model, gate, .. } = sentence;
    let Topic { facts, commits, .. } = topic;
    Ok(Rewording { text, by_model, gate, facts, commits, safe: manner.safe })
}

async fn one(core: &Core, id: i64) -> Result<Bullet> {
    let bullets = core.store.bullets().await?;
    bullets.into_iter().find(|bullet| bullet.id == id).ok_or_else(|| ApiError::not_found("bullet").into())
}
