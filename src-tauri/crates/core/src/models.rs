//! The models of the catalogue: what is here, and getting what is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use internflow_domain::{ApiError, Model, ModelRole, ModelState, Task};
use internflow_net::{catalog, models};
use internflow_store::activity::{Claimed, NewTask, complete};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::Nothing;
use crate::queue::Meter;
use crate::{Core, blocking, jobs};

pub(crate) const TASK: &str = "model_download";

/// Reports of a download are this far apart.
const REPORT_EVERY: Duration = Duration::from_millis(300);

#[derive(Debug, Serialize, Deserialize, TS)]
pub struct ModelId {
    pub id: String,
}

pub async fn list(core: &Core, _: Nothing) -> Result<Vec<Model>> {
    let folder = core.config.models_dir.clone();
    blocking(move || Ok(models::list(&folder))).await
}

/// True when the text model is whole on this machine.
pub(crate) async fn writes(core: &Core) -> Result<bool> {
    let here = list(core, Nothing {}).await?;
    Ok(here.iter().any(|model| model.role == ModelRole::Text && model.state == ModelState::Ready))
}

/// True when the embedder is whole on this machine.
pub(crate) async fn embeds(core: &Core) -> Result<bool> {
    let here = list(core, Nothing {}).await?;
    Ok(here.iter().any(|model| model.role == ModelRole::Embedding && model.state == ModelState::Ready))
}

/// Queues the download of what is missing of a model.
pub async fn get(core: &Core, args: ModelId) -> Result<Task> {
    let Some(model) = catalog::model(&args.id) else {
        return Err(ApiError::not_found("model").into());
    };
    let task = NewTask {
        kind: TASK,
        title: format!("Get {}", model.name),
        dedupe: format!("model:{}", model.id),
        payload: serde_json::to_string(&args)?,
    };
    core.enqueue(&task).await
}

/// Compares every file with its checksum. Takes seconds for each gigabyte.
pub async fn verify(core: &Core, _: Nothing) -> Result<Vec<Model>> {
    let folder = core.config.models_dir.clone();
    let models = blocking(move || {
        for model in catalog::models() {
            models::verify(&model, &folder);
        }
        Ok(models::list(&folder))
    })
    .await?;
    core.announce("models");
    Ok(models)
}

pub(crate) async fn run(core: &Core, claimed: &Claimed) -> Result<()> {
    let payload: ModelId = serde_json::from_str(&claimed.payload)?;
    let model = catalog::model(&payload.id).ok_or_else(|| ApiError::not_found("model"))?;
    let net = core.net()?;
    let mut meter = Meter::new(core, claimed, Some("models".into()));
    // Units of progress are mebibytes: bytes would not fit.
    let mebibytes = |bytes: u64| (bytes >> 20) as u32;
    meter.begin(mebibytes(model.bytes()).max(1));
    let here = Arc::new(AtomicU64::new(0));
    let seen = here.clone();
    let progress = move |bytes: u64, _all: u64| seen.store(bytes, Ordering::Relaxed);
    let sources = models::Sources::default();
    let obtain = models::obtain(&net, &model, &core.config.models_dir, &sources, &progress);
    tokio::pin!(obtain);
    let outcome = loop {
        tokio::select! {
            outcome = &mut obtain => break outcome,
            () = tokio::time::sleep(REPORT_EVERY) => {
                meter.set(mebibytes(here.load(Ordering::Relaxed)));
                meter.report(format!("Getting {}", model.name)).await?;
            }
        }
    };
    core.announce("models");
    outcome?;
    let mut tx = core.store.begin().await?;
    if complete(&mut tx, claimed, core.now()).await? {
        tx.commit().await?;
    }
    jobs::closeness::due(core).await
}
