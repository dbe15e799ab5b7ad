//! How near openings are to what the student made: passages of their adverts against bullets and READMEs, embedded in
//! the background by the search's embedder. What was embedded once is not embedded again.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use internflow_crawler::Posting;
use internflow_crawler::closeness::{closeness, passages};
use internflow_store::activity::{Claimed, NewTask};

use super::openings;
use crate::index::{BATCH, learn, text_hash};
use crate::queue::Meter;
use crate::{Core, models};

pub(crate) const TASK: &str = "closeness";

/// Openings whose passages are embedded in one go.
const AT_ONCE: usize = 50;

/// Vectors of what the student made, as far as they are there, in an order that stays.
pub(super) async fn own(core: &Core) -> Result<Vec<Vec<f32>>> {
    let (bullets, readmes) = made(core).await?;
    let hashes: Vec<String> = bullets.iter().map(|text| text_hash(text)).chain(readmes).collect();
    let mut vectors = core.store.vectors(&hashes, &core.engines.embedder.version()).await?;
    Ok(hashes.iter().filter_map(|hash| vectors.remove(hash)).collect())
}

/// What the student made, in words: their bullets, and the pieces of the READMEs of the repositories that these are
/// of, by the hashes under which the index has them.
async fn made(core: &Core) -> Result<(Vec<String>, Vec<String>)> {
    let bullets: Vec<_> = core.store.bullets().await?.into_iter().filter(|bullet| !bullet.hidden).collect();
    let mut repositories: Vec<i64> = bullets.iter().map(|bullet| bullet.repository_id).collect();
    repositories.dedup();
    let readmes = core.store.readme_pieces(&repositories).await?;
    Ok((bullets.into_iter().map(|bullet| bullet.text).collect(), readmes))
}

/// How near these postings are to `own`, from 0 to 1, by the ids they come with. Those of which a passage is not
/// embedded yet are left out.
pub(super) async fn of(
    core: &Core,
    own: &[Vec<f32>],
    postings: &[(i64, &Posting)],
) -> Result<HashMap<i64, f64>> {
    if own.is_empty() {
        return Ok(HashMap::new());
    }
    let hashed = |posting: &Posting| passages(posting).iter().map(|text| text_hash(text)).collect();
    let all: Vec<(i64, Vec<String>)> = postings.iter().map(|(id, posting)| (*id, hashed(posting))).collect();
    let hashes: Vec<String> = all.iter().flat_map(|(_, hashes)| hashes.clone()).collect();
    let vectors = core.store.vectors(&hashes, &core.engines.embedder.version()).await?;
    let near = |hashes: &[String]| {
        let passages: Option<Vec<Vec<f32>>> = hashes.iter().map(|hash| vectors.get(hash).cloned()).collect();
        closeness(&passages?, own)
    };
    Ok(all.into_iter().filter_map(|(id, hashes)| Some((id, near(&hashes)?))).collect())
}

/// Queues embedding what is not embedded yet. Nothing where the model is not here, or nothing is known that the student
/// made.
pub(crate) async fn due(core: &Core) -> Result<()> {
    let ids = core.store.job_ids().await?;
    if ids.is_empty() || made(core).await?.0.is_empty() || !models::embeds(core).await? {
        return Ok(());
    }
    let task = NewTask {
        kind: TASK,
        title: "Compare openings with what you made".to_owned(),
        dedupe: TASK.to_owned(),
        payload: String::new(),
    };
    core.enqueue(&task).await?;
    Ok(())
}

/// Embeds what the student made and what adverts say, and makes anew what lists show of the openings that this moves.
pub(crate) async fn run(core: &Core, claimed: &Claimed) -> Result<()> {
    let mut meter = Meter::new(core, claimed, None);
    let moves_all = embed(core, &made(core).await?.0).await?;
    let ids = core.store.job_ids().await?;
    meter.begin(ids.len() as u32);
    for ids in ids.chunks(AT_ONCE) {
        let mut texts = Vec::new();
        for id in ids {
            let members = core.store.job_members(*id).await?;
            if let Some((posting, _)) = openings::speaker(&members)?.filter(|_| openings::is_open(&members)) {
                texts.extend(passages(&posting));
            }
        }
        if embed(core, &texts).await? || moves_all {
            openings::refresh(core, ids).await?;
            core.announce("jobs");
        }
        meter.add(ids.len() as u32);
        meter.report("Comparing openings with what you made").await?;
    }
    core.store.finish_written(claimed, core.now()).await
}

/// Embeds those of the texts that have no vector; true where there were any.
async fn embed(core: &Core, texts: &[String]) -> Result<bool> {
    let all: Vec<(String, String)> = texts.iter().map(|text| (text_hash(text), text.clone())).collect();
    let hashes: Vec<String> = all.iter().map(|(hash, _)| hash.clone()).collect();
    let known = core.store.vectors(&hashes, &core.engines.embedder.version()).await?;
    let mut seen = HashSet::new();
    let missing: Vec<(String, String)> =
        all.into_iter().filter(|(hash, _)| !known.contains_key(hash) && seen.insert(hash.clone())).collect();
    for batch in missing.chunks(BATCH) {
        learn(core, batch.to_vec()).await?;
    }
    Ok(!missing.is_empty())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::SystemTime;

    use async_trait::async_trait;
    use internflow_domain::{Bullet, Embedder, EngineError, FitPart};

    use super::*;
    use crate::jobs::{ImportJobs, get, import};
    use crate::{Engines, api::Id, testing};

    /// Texts that share words are near.
    struct ByWords;

    #[async_trait]
    impl Embedder for ByWords {
        async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EngineError> {
            let vector = |text: &String| {
                let mut vector = vec![0.0_f32; 512];
                for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
                    let place = word.bytes().fold(7_usize, |sum, byte| sum * 31 % 509 + usize::from(byte));
                    vector[place % 512] = if word.len() > 3 { 1.0 } else { 0.0 };
                }
                let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(1.0);
                vector.into_iter().map(|x| x / length).collect()
            };
            Ok(texts.iter().map(vector).collect())
        }

        fn dimension(&self) -> usize {
            512
        }

        fn version(&self) -> String {
            "words".to_owned()
        }
    }

    async fn part(core: &Core, id: i64) -> FitPart {
        let fit = get(core, Id { id }).await.expect("the opening").fit.expect("the student is known");
        fit.parts.into_iter().find(|part| part.name == "Closeness to your work").expect("it is a part")
    }

    async fn pasted(core: &Core, text: &str) -> i64 {
        let import = import(core, ImportJobs { text: text.to_owned(), address: None }).await;
        import.expect("an advert")[0].id
    }

    #[tokio::test]
    async fn what_is_near_to_the_bullets_gets_points_once_it_is_embedded() {
        let folder = tempfile::tempdir().expect("a folder");
        let engines = Engines { embedder: Arc::new(ByWords), ..Engines::absent() };
        let core = testing::core_in(folder.path(), SystemTime::now, engines).await;
        let repository = core.store.add_repository("/shop", "shop").await.expect("a repository");
        let task =
            |kind| NewTask { kind, title: String::new(), dedupe: kind.to_owned(), payload: String::new() };
        let claimed = async |kind: &'static str| {
            core.store.enqueue(&task(kind), 0).await.expect("it is queued");
            core.store.claim(&[kind], 0, true).await.expect("the queue").expect("the task")
        };
        let bullet = Bullet {
            repository_id: repository,
            repository: "shop".to_owned(),
            text: "Retried failed payments in a Python service that keeps orders with PostgreSQL".to_owned(),
            ..Bullet::default()
        };
        let bullets = [("slot".to_owned(), bullet)];
        let skill = internflow_store::achievement::ProvenSkill {
            repository_id: repository,
            name: "Python".to_owned(),
            kind: "language".to_owned(),
            method: "1 line".to_owned(),
            commits: Vec::new(),
            uses: 1,
        };
        let making = claimed("bullets").await;
        core.store.finish_bullets(&making, &[repository], &bullets, &[skill], 0).await.expect("bullets");

        let near = pasted(
            &core,
            "Payments Intern\nCompany: Saffron Labs\nYou will keep failed payments and orders retried in a Python \
             service with PostgreSQL.",
        )
        .await;
        let far = pasted(
            &core,
            "Accounts Intern\nCompany: Nilgiri Ledgers\nYou will enter vouchers, file returns and visit branches of \
             the bank with auditors.",
        )
        .await;
        let before = part(&core, near).await;
        assert_eq!(before.points, 0);
        assert!(before.why.contains("search model is not on this computer"), "it says why: {}", before.why);

        let embedding = claimed(TASK).await;
        run(&core, &embedding).await.expect("all is embedded");
        let (near, far) = (part(&core, near).await, part(&core, far).await);
        assert!(near.points >= 10, "the same work is near: {near:?}");
        assert_eq!(far.points, 0, "other work is not: {far:?}");
    }
}
