//! What a repository is made of, counted by code: languages, modules and who imports whom, where programs begin,
//! tests, activity, hot spots, and the user's own part.
//!
//! In three steps, a file each: [`measure`] reads each file, [`churn`] each commit, [`survival`] asks git who wrote
//! the lines that are left. All three keep what they counted, so that a new commit costs what it changed and a
//! run that was cut off goes on where it was. [`report`] puts the parts together.
//!
//! It has a lane of its own and lets go between two files while the text model works: below what the user waits
//! for, beside the rest.

mod churn;
mod measure;
mod modules;
mod report;
mod survival;

use std::path::Path;

use anyhow::{Context, Result};
use internflow_domain::{Analysis, ApiError, ErrorCode, Task};
use internflow_git::Repo;
use internflow_store::activity::{Claimed, NewTask};
use internflow_store::repository::HistoryFilter;
use serde::{Deserialize, Serialize};

use crate::api::Id;
use crate::queue::Meter;
use crate::repositories::OfRepository;
use crate::{Core, authorship, blocking, repositories};

pub(crate) const TASK: &str = "analysis";

#[derive(Serialize, Deserialize)]
struct Payload {
    repository_id: i64,
}

/// Queues an analysis of the repository as it is now.
pub async fn start(core: &Core, args: OfRepository) -> Result<Task> {
    let repository = repositories::refresh(core, Id { id: args.repository_id }).await?;
    if repository.commits == 0 {
        let message = format!("{} has no commits yet. Commit something, then look again.", repository.name);
        return Err(ApiError::new(ErrorCode::BadRequest, message).into());
    }
    let task = NewTask {
        kind: TASK,
        title: format!("Analyse {}", repository.name),
        dedupe: format!("analysis:{}", repository.id),
        payload: serde_json::to_string(&Payload { repository_id: repository.id })?,
    };
    let id = core.store.start_analysis(repository.id, &task, core.asked_at()).await?;
    core.signals.wake();
    core.announce("tasks");
    core.announce(topic(repository.id));
    core.store.task(id).await?.context("the queued task is gone")
}

/// The analysis, or `None` when nobody has asked for one.
pub async fn get(core: &Core, args: OfRepository) -> Result<Option<Analysis>> {
    let Some(mut analysis) = core.store.analysis(args.repository_id).await? else { return Ok(None) };
    if let Some(report) = &analysis.report {
        let repository = repositories::one(core, args.repository_id).await?;
        let mine = authorship::mine(core, &repository).await?;
        analysis.stale |= mine.emails != report.mine.emails || mine.import != report.mine.import;
    }
    Ok(Some(analysis))
}

fn topic(repository_id: i64) -> String {
    format!("analysis:{repository_id}")
}

pub(crate) async fn run(core: &Core, claimed: &Claimed) -> Result<()> {
    let payload: Payload = serde_json::from_str(&claimed.payload)?;
    let repository = repositories::one(core, payload.repository_id).await?;
    let mut meter = Meter::new(core, claimed, Some(topic(repository.id)));
    meter.report("Looking at the newest commit").await?;
    let sha = core.store.history_head(repository.id).await?.context("the repository has no commits")?;
    let (path, head) = (repository.path.clone(), sha.clone());
    let (repo, files) = blocking(move || {
        let repo = Repo::open(Path::new(&path))?;
        let files = repo.files(&head)?;
        Ok((repo, files))
    })
    .await?;
    let beyond = measure::read(core, repository.id, &repo, &files, &mut meter).await?;
    let uncounted = churn::read(core, repository.id, &repo, &mut meter).await?;
    let all = HistoryFilter { limit: u32::MAX, ..HistoryFilter::default() };
    let commits = core.store.history(repository.id, &all).await?.0;
    let commits: Vec<_> = commits.into_iter().map(|(commit, _)| commit).collect();
    survival::read(core, repository.id, &repo, &sha, &commits, &mut meter).await?;

    meter.report("Putting it together").await?;
    let mine = authorship::mine(core, &repository).await?;
    let counted = report::Counted {
        sha,
        made_at: core.now(),
        paths: files.into_iter().map(|file| file.path).collect(),
        files: core.store.analysed_files(repository.id).await?,
        months: core.store.months(repository.id, &mine.emails, mine.import.as_deref()).await?,
        changes: core.store.file_sizes(repository.id).await?,
        commits,
        mine,
        beyond,
        uncounted,
    };
    let report = blocking(move || report::compose(counted)).await?;
    core.store.finish_analysis(claimed, repository.id, &report, core.now()).await?;
    core.announce(topic(repository.id));
    Ok(())
}
