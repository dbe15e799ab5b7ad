//! Runs the rows of the task queue: one at a time in each lane, so that a download does not wait for a
//! review and two reviews do not fight for the same cores.
//!
//! Crawls, and what is told of them, have a lane on a thread and a runtime of their own ([`jobs::crawler`]).
//!
//! The lane that runs a task holds its future; cancelling is dropping that future, which stops the work
//! behind it. A run that panics or whose worker dies costs one attempt of its own task and nothing else.

pub(crate) mod past;

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use futures::FutureExt;
use internflow_domain::{ApiError, EngineError, ErrorCode, Progress, TaskState, Trouble};
use internflow_store::activity::Claimed;
use past::Pasts;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinSet;

use crate::{
    Core, achievements, activity, analysis, ask, index, jobs, ledger, models, reviews, schedule, sync, trace,
};

/// Kinds of task by lane, with the lane's name for the Activity page.
pub(crate) const LANES: [(&[&str], &str); 8] = [
    (WRITING, "Reviews, bullets, answers"),
    (&[index::TASK], "Search index"),
    (&[analysis::TASK, ledger::TASK], "Analyses, ledgers"),
    (&[sync::TASK], "Syncs with GitHub"),
    (&[sync::CONTRIBUTIONS], "Contributions on GitHub"),
    (&[jobs::openings::MATCH], "Matching of openings"),
    (&[models::TASK], "Downloads of models"),
    (&[jobs::closeness::TASK], "Openings compared with your code"),
];
/// The lane of the crawler's thread.
pub(crate) const CRAWLS: (&[&str], &str) = (&[jobs::crawl::TASK], "Job boards");
/// Of the parts that are no lane, the one whose past is kept with theirs.
pub(crate) const DATABASE: &str = "database";
/// How long a lane waits for an engine that is left alone for a while before it asks again.
const REST: Duration = Duration::from_secs(5);
/// Between two attempts to write how a run ended.
const UNWRITTEN: Duration = Duration::from_secs(1);
/// The lane of the text model.
const WRITING: &[&str] = &[reviews::TASK, achievements::TASK, achievements::REWORD, ask::TASK];

/// How the rest of the core talks to the lanes.
#[derive(Clone)]
pub(crate) struct Signals {
    wake: watch::Sender<u64>,
    cancel: broadcast::Sender<i64>,
    stop: watch::Sender<bool>,
    /// The text model works for the user.
    writing: watch::Sender<bool>,
    pasts: watch::Sender<Pasts>,
}

impl Signals {
    pub(crate) fn new() -> Self {
        Self {
            wake: watch::Sender::new(0),
            cancel: broadcast::Sender::new(64),
            stop: watch::Sender::new(false),
            writing: watch::Sender::new(false),
            pasts: watch::Sender::new(Pasts::new()),
        }
    }

    /// There is something new in the queue.
    pub(crate) fn wake(&self) {
        self.wake.send_modify(|n| *n += 1);
        self.happened();
    }

    /// Something that the Activity page shows.
    pub(crate) fn happened(&self) {
        self.pasts.send_modify(|_| ());
    }

    /// What the lanes did since the app was opened; each change of it is something that happened.
    pub(crate) fn pasts(&self) -> &watch::Sender<Pasts> {
        &self.pasts
    }

    /// Waits while a review or bullets are being written: on two cores the embedder would make the
    /// user wait twice as long for what they asked for.
    pub(crate) async fn nothing_is_written(&self) {
        let _ = self.writing.subscribe().wait_for(|writing| !writing).await;
    }

    /// Waits until the queue stops.
    pub(crate) async fn stopping(&self) {
        stopped(&mut self.stop.subscribe()).await;
    }

    /// Stop the run of this task, if it runs.
    pub(crate) fn cancel(&self, task_id: i64) {
        let _ = self.cancel.send(task_id);
    }
}

/// The running lanes.
pub struct Queue {
    lanes: JoinSet<()>,
    signals: Signals,
}

impl Queue {
    pub(crate) fn start(core: &Core) -> Self {
        let mut lanes = JoinSet::new();
        for (kinds, _) in LANES {
            lanes.spawn(lane(core.clone(), kinds));
        }
        lanes.spawn(jobs::crawler::run(core.clone()));
        lanes.spawn(activity::components::watch(core.clone()));
        let mut schedule = schedule::Schedule::new(core);
        let mut stop = core.signals.stop.subscribe();
        lanes.spawn(async move {
            tokio::select! {
                () = schedule.run() => {}
                () = stopped(&mut stop) => {}
            }
        });
        Self { lanes, signals: core.signals.clone() }
    }

    /// Drops what runs (it goes back into the queue) and waits for the lanes to end.
    pub async fn stop(mut self) {
        self.signals.stop.send_replace(true);
        while self.lanes.join_next().await.is_some() {}
    }
}

/// Runs the tasks of these kinds until the queue stops.
pub(crate) async fn lane(core: Core, kinds: &'static [&'static str]) {
    let mut stop = core.signals.stop.subscribe();
    let mut lane = Lane { wake: core.signals.wake.subscribe(), core, kinds };
    loop {
        match lane.step(&mut stop).await {
            Step::Again => {}
            Step::Wait => tokio::select! {
                _ = lane.wake.changed() => {}
                () = stopped(&mut stop) => return,
            },
            Step::Rest => tokio::select! {
                () = tokio::time::sleep(REST) => {}
                () = stopped(&mut stop) => return,
            },
            Step::Stop => return,
        }
    }
}

enum Step {
    Again,
    Wait,
    /// What there is to do can't be done now.
    Rest,
    Stop,
}

struct Lane {
    core: Core,
    kinds: &'static [&'static str],
    wake: watch::Receiver<u64>,
}

impl Lane {
    /// Runs the oldest queued task of this lane to its end.
    async fn step(&mut self, stop: &mut watch::Receiver<bool>) -> Step {
        if *stop.borrow() {
            return Step::Stop;
        }
        self.wake.mark_unchanged();
        let mut cancelled = self.core.signals.cancel.subscribe();
        let claimed = match self.claim().await {
            Ok(Some(claimed)) => claimed,
            Ok(None) => {
                self.writes(false);
                return Step::Wait;
            }
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "no task can be taken from the queue");
                self.core.refused_by_the_disk(&error);
                self.writes(false);
                return Step::Rest;
            }
        };
        self.writes(true);
        self.core.announce("tasks");
        self.core.signals.happened();
        let began = Instant::now();
        let result = tokio::select! {
            result = AssertUnwindSafe(trace::task(&claimed, Box::pin(run(&self.core, &claimed)))).catch_unwind() => {
                result.unwrap_or_else(|_| Err(anyhow!("This task stopped on a defect of InternFlow; the log has the details.")))
            }
            () = wait_for(&mut cancelled, claimed.id) => {
                self.end(&claimed, &End::Cancelled).await;
                self.core.signals.happened();
                return Step::Again;
            }
            () = stopped(stop) => return Step::Stop,
        };
        let step = match result {
            Err(error) => self.failed(&claimed, error).await,
            Ok(()) => Step::Again,
        };
        self.core.announce("tasks");
        let seconds = began.elapsed().as_secs_f32();
        self.core.signals.pasts.send_modify(|pasts| pasts.entry(self.kinds[0]).or_default().ran(seconds));
        step
    }

    async fn claim(&self) -> Result<Option<Claimed>> {
        let Core { store, config, started_at, .. } = &self.core;
        store.claim(self.kinds, *started_at, config.resumes).await
    }

    /// Tells the other lanes whether this one has the text model at work.
    fn writes(&self, now: bool) {
        if self.kinds == WRITING {
            self.core.signals.writing.send_replace(now);
        }
    }

    async fn failed(&self, claimed: &Claimed, error: anyhow::Error) -> Step {
        // Whoever removes a repository wants none of what is done for it, and has nothing to mend.
        if self.is_orphan(claimed).await.unwrap_or(false) {
            tracing::info!(
                task = claimed.id,
                kind = claimed.kind,
                error = format!("{error:#}"),
                "its repository is gone"
            );
            self.end(claimed, &End::Cancelled).await;
            return Step::Again;
        }
        tracing::warn!(task = claimed.id, kind = claimed.kind, error = format!("{error:#}"), "task failed");
        let engine = error.downcast_ref::<EngineError>();
        let died = matches!(engine, Some(EngineError::WorkerDied(_)));
        // Reviews are queued by the hundred and nobody sits before them: one that ends the model's process must not
        // fail the rest. Whoever asked a question is told at once instead.
        let waits = matches!(engine, Some(EngineError::Resting(_))) && claimed.kind == reviews::TASK;
        let shown = to_api_error(&self.core, error);
        if waits {
            self.writes(false);
            self.end(claimed, &End::PutBack(shown)).await;
            return Step::Rest;
        }
        self.end(claimed, &if died { End::Died(shown) } else { End::Failed(shown) }).await;
        Step::Again
    }

    /// None of the repositories that a task is for is there any more.
    async fn is_orphan(&self, claimed: &Claimed) -> Result<bool> {
        let ids = repositories_of(&claimed.payload);
        for id in &ids {
            if self.core.store.repository(*id).await?.is_some() {
                return Ok(false);
            }
        }
        Ok(!ids.is_empty())
    }

    /// Writes the end of a run, again and again while that fails, as on a full disk: nobody would end the task before
    /// the app is started again, and whoever asks for the same work would be given it.
    async fn end(&self, claimed: &Claimed, end: &End) {
        while let Err(error) = self.write(claimed, end).await {
            tracing::error!(error = format!("{error:#}"), "the end of a task can't be written");
            self.core.refused_by_the_disk(&error);
            tokio::select! {
                () = tokio::time::sleep(UNWRITTEN) => {}
                () = self.core.signals.stopping() => return,
            }
        }
        self.core.announce("tasks");
    }

    async fn write(&self, claimed: &Claimed, end: &End) -> Result<()> {
        let (store, now) = (&self.core.store, self.core.now());
        match end {
            End::PutBack(reason) => store.put_back(claimed, reason).await,
            End::Died(reason) => store.worker_died(claimed, reason, now).await.map(drop),
            End::Failed(reason) => store.end_task(claimed, TaskState::Failed, Some(reason), now).await,
            End::Cancelled => store.end_task(claimed, TaskState::Cancelled, None, now).await,
        }
    }
}

/// The repositories that a task is for, by its payload; empty where it is for none or for all.
pub(crate) fn repositories_of(payload: &str) -> Vec<i64> {
    #[derive(serde::Deserialize)]
    struct Of {
        repository_id: Option<i64>,
        repository_ids: Option<Vec<i64>>,
    }
    let of = serde_json::from_str::<Of>(payload).ok();
    of.map(|of| of.repository_id.into_iter().chain(of.repository_ids.into_iter().flatten()).collect())
        .unwrap_or_default()
}

/// How a run ended that has no result, and why.
enum End {
    /// It could not do its work now.
    PutBack(ApiError),
    /// The worker died over it.
    Died(ApiError),
    Failed(ApiError),
    Cancelled,
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the core is gone, which is a stop too.
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn wait_for(cancelled: &mut broadcast::Receiver<i64>, id: i64) {
    loop {
        match cancelled.recv().await {
            Ok(cancelled) if cancelled == id => return,
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

async fn run(core: &Core, claimed: &Claimed) -> Result<()> {
    match claimed.kind.as_str() {
        reviews::TASK => reviews::run(core, claimed).await,
        achievements::TASK => achievements::run(core, claimed).await,
        achievements::REWORD => achievements::run_reword(core, claimed).await,
        index::TASK => index::run(core, claimed).await,
        analysis::TASK => analysis::run(core, claimed).await,
        ledger::TASK => ledger::run(core, claimed).await,
        jobs::crawl::TASK => jobs::crawl::run(core, claimed).await,
        jobs::openings::MATCH => jobs::openings::run(core, claimed).await,
        jobs::closeness::TASK => jobs::closeness::run(core, claimed).await,
        jobs::news::TASK => jobs::news::run(core, claimed).await,
        ask::TASK => ask::run(core, claimed).await,
        models::TASK => models::run(core, claimed).await,
        sync::TASK => sync::run(core, claimed).await,
        sync::CONTRIBUTIONS => sync::run_contributions(core, claimed).await,
        kind => Err(anyhow!("no lane knows the task kind `{kind}`")),
    }
}

impl Core {
    /// What the disk did to a write, in words, when that is what the error is about. It is the database's trouble as
    /// the Activity page tells it, whichever part came upon it.
    fn refused_by_the_disk(&self, error: &anyhow::Error) -> Option<&'static str> {
        let words = internflow_store::of_the_disk(error)?;
        tracing::error!(error = format!("{error:#}"), "the disk");
        let trouble = Trouble { message: words.to_owned(), at: self.now() };
        self.signals.pasts.send_modify(|pasts| pasts.entry(DATABASE).or_default().trouble = Some(trouble));
        Some(words)
    }
}

/// The error as it crosses the door: engines' failures keep their meaning, the rest is `failed` with
/// its whole chain of reasons.
pub(crate) fn to_api_error(core: &Core, error: anyhow::Error) -> ApiError {
    if let Some(known) = error.downcast_ref::<ApiError>() {
        return known.clone();
    }
    if let Some(words) = core.refused_by_the_disk(&error) {
        return ApiError::new(ErrorCode::Failed, words);
    }
    let code = match error.downcast_ref::<EngineError>() {
        Some(EngineError::ModelMissing(_)) => ErrorCode::ModelMissing,
        _ => ErrorCode::Failed,
    };
    ApiError::new(code, format!("{error:#}"))
}

/// Reports how far a run is, with an estimate of what is left from the pace so far.
pub(crate) struct Meter<'a> {
    core: &'a Core,
    claimed: &'a Claimed,
    topic: Option<String>,
    started: std::time::Instant,
    done: u32,
    total: u32,
}

impl<'a> Meter<'a> {
    /// `topic` is announced with each report beside `tasks`.
    pub(crate) fn new(core: &'a Core, claimed: &'a Claimed, topic: Option<String>) -> Self {
        Self { core, claimed, topic, started: std::time::Instant::now(), done: 0, total: 0 }
    }

    /// Sets the units of the stage that begins; the pace is measured from here.
    pub(crate) fn begin(&mut self, total: u32) {
        (self.done, self.total, self.started) = (0, total, std::time::Instant::now());
    }

    /// Units of the stage.
    pub(crate) fn total(&self) -> u32 {
        self.total
    }

    /// One more unit is done.
    pub(crate) fn advance(&mut self) {
        self.done += 1;
    }

    /// So many units more are done.
    pub(crate) fn add(&mut self, done: u32) {
        self.set(self.done + done);
    }

    /// This many units are done.
    pub(crate) fn set(&mut self, done: u32) {
        self.done = done.min(self.total);
    }

    pub(crate) async fn report(&self, stage: impl Into<String>) -> Result<()> {
        let left = self.total.saturating_sub(self.done);
        let eta_s = (self.done > 0 && left > 0)
            .then(|| (self.started.elapsed().as_secs_f32() / self.done as f32 * left as f32).ceil() as u32);
        let progress = Progress { stage: stage.into(), done: self.done, total: self.total, eta_s };
        self.core.store.set_progress(self.claimed, &progress).await.context("progress can't be written")?;
        self.core.announce("tasks");
        if let Some(topic) = &self.topic {
            self.core.announce(topic.clone());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
