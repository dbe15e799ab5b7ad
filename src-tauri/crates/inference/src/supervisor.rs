//! The task that owns a worker: starts it for the first job, does jobs one at a time, tries a job
//! once more after a death, unloads an idle one. When it may start one, [`crate::supervise`] says.

use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use internflow_domain::EngineError;
use internflow_protocol::{FailureKind, FrameError, Op, Output, PROTOCOL_VERSION, Reply};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until, timeout};
use tracing::{Instrument, Span};

use crate::config::WorkerConfig;
use crate::memory::{Need, shortage};
use crate::seen::{Seen, Waiting, WorkerWatch};
use crate::signs::Signs;
use crate::supervise::{Event, Order, Supervision};
use crate::worker::{Death, Worker};

/// Time beyond a deadline that the worker has to notice it by itself.
const DEADLINE_GRACE: Duration = Duration::from_secs(5);
/// Jobs that wait for the worker; further callers wait for a place.
const QUEUE: usize = 64;

type Answer = Result<Output, EngineError>;

/// What a worker is started for.
#[derive(Debug)]
pub struct Model {
    /// Begins a sentence: "The text model".
    pub name: &'static str,
    pub need: Need,
    /// What works where there is no memory for it, a sentence.
    pub instead: &'static str,
    pub load: Op,
    /// Files without which nothing is started.
    pub files: Vec<PathBuf>,
}

impl Model {
    /// Why it is not started, in words.
    fn obstacle(&self, free_memory: Option<u64>) -> Result<(), EngineError> {
        let mut bytes = 0;
        for file in &self.files {
            match file.metadata() {
                Ok(about) if about.is_file() => bytes += about.len(),
                _ => {
                    return Err(EngineError::ModelMissing(format!(
                        "{} is not there. Download the model on the models page or with `internflow-cli models get`.",
                        file.display()
                    )));
                }
            }
        }
        let short =
            free_memory.and_then(|free| shortage(self.name, self.need.bytes(bytes), free, self.instead));
        short.map_or(Ok(()), |words| Err(EngineError::Failed(words)))
    }
}

struct Job {
    op: Op,
    /// As [`Waiting`] counts it.
    turn: u64,
    /// For whom it is, in the logs.
    span: Span,
    /// Gets all that is written so far, whenever more of it comes.
    heard: Option<mpsc::UnboundedSender<String>>,
    answer: oneshot::Sender<Answer>,
}

/// A handle to the task. The task starts with the first call, inside the caller's runtime.
#[derive(Debug)]
pub struct Supervisor {
    config: WorkerConfig,
    model: Arc<Model>,
    jobs: OnceLock<mpsc::Sender<Job>>,
    /// Moments of the supervision count from here.
    beginning: Instant,
    seen: watch::Sender<Seen>,
    signs: Signs,
}

impl Supervisor {
    pub fn new(config: WorkerConfig, model: Model) -> Self {
        let supervision = Supervision::new(config.limits.deaths, config.limits.window);
        let seen = watch::Sender::new(Seen::new(supervision));
        Self {
            config,
            model: Arc::new(model),
            jobs: OnceLock::new(),
            beginning: Instant::now(),
            seen,
            signs: Signs::default(),
        }
    }

    pub fn process_id(&self) -> Option<u32> {
        self.seen.borrow().pid
    }

    pub fn watch(&self) -> WorkerWatch {
        WorkerWatch::new(self.seen.clone(), self.beginning, self.signs.clone())
    }

    /// Does one job. Dropping the future takes it out of the queue, or stops the worker's work on it.
    pub async fn call(&self, op: Op) -> Answer {
        self.call_in_pieces(op, None).await
    }

    /// As [`Supervisor::call`]; meanwhile `heard` gets all that is written so far, whenever more of it comes.
    pub async fn call_in_pieces(&self, op: Op, heard: Option<mpsc::UnboundedSender<String>>) -> Answer {
        let jobs = self.jobs.get_or_init(|| {
            let (sender, receiver) = mpsc::channel(QUEUE);
            let task = Task {
                config: self.config.clone(),
                model: self.model.clone(),
                worker: None,
                beginning: self.beginning,
                seen: self.seen.clone(),
                signs: self.signs.clone(),
            };
            tokio::spawn(task.run(receiver));
            sender
        });
        let ended = || EngineError::Failed("InternFlow is closing.".into());
        let (answer, result) = oneshot::channel();
        let waiting = Waiting::new(self.seen.clone(), self.beginning.elapsed());
        jobs.send(Job { op, turn: waiting.turn, span: Span::current(), heard, answer })
            .await
            .map_err(|_| ended())?;
        result.await.map_err(|_| ended())?
    }
}

struct Task {
    config: WorkerConfig,
    model: Arc<Model>,
    worker: Option<Worker>,
    beginning: Instant,
    seen: watch::Sender<Seen>,
    signs: Signs,
}

/// What became of one attempt at a job.
enum Attempt {
    Answered(Answer),
    /// The caller dropped its future.
    Abandoned,
    Died(Death),
}

impl Task {
    async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        while let Some(mut job) = self.next_job(&mut jobs).await {
            let began = self.beginning.elapsed();
            self.seen.send_modify(|seen| seen.begin(job.turn));
            let span = job.span.clone();
            let answer = self.work(&mut job).instrument(span).await;
            let now = self.beginning.elapsed();
            self.seen.send_modify(|seen| seen.end(answer.as_ref(), began, now));
            if let Some(answer) = answer {
                // The caller may have left in this very moment.
                let _ = job.answer.send(answer);
            }
        }
        self.unload().await;
    }

    /// Waits for a job; meanwhile listens to the worker and unloads it when it was idle for long.
    async fn next_job(&mut self, jobs: &mut mpsc::Receiver<Job>) -> Option<Job> {
        let idle_until = Instant::now() + self.config.idle_unload;
        loop {
            let Some(worker) = &mut self.worker else { return jobs.recv().await };
            tokio::select! {
                biased;
                job = jobs.recv() => return job,
                heard = worker.receive() => {
                    if let Err(death) = heard {
                        self.bury(death).await;
                    }
                }
                () = sleep_until(idle_until) => {
                    tracing::info!(component = self.config.name, "idle, unloaded");
                    self.unload().await;
                }
            }
        }
    }

    /// Does a job, a second time when the worker dies over it. `None` when nobody waits any more.
    async fn work(&mut self, job: &mut Job) -> Option<Answer> {
        let mut first_death = None;
        loop {
            if job.answer.is_closed() {
                return None;
            }
            let attempt = match self.ready(job).await {
                Ok(()) => self.attempt(job).await,
                Err(attempt) => attempt,
            };
            match attempt {
                // It is not tried a second time, but a worker did die over it: it may be the cause.
                Attempt::Answered(Err(EngineError::Resting(words))) if first_death.is_some() => {
                    return Some(Err(EngineError::WorkerDied(words)));
                }
                Attempt::Answered(answer) => return Some(answer),
                Attempt::Abandoned => return None,
                Attempt::Died(death) => {
                    let reason = death.0.clone();
                    self.bury(death).await;
                    if first_death.is_some() {
                        return Some(Err(EngineError::WorkerDied(format!(
                            "The model's process died twice over the same question. {reason}"
                        ))));
                    }
                    first_death = Some(reason);
                }
            }
        }
    }

    /// Makes sure that a worker with a loaded model is there.
    async fn ready(&mut self, job: &mut Job) -> Result<(), Attempt> {
        if self.worker.is_some() {
            return Ok(());
        }
        let refused = |error: EngineError| Attempt::Answered(Err(error));
        loop {
            match self.ask() {
                Order::Start | Order::Use => break,
                Order::Wait { until } => tokio::select! {
                    () = sleep_until(self.beginning + until) => {}
                    () = job.answer.closed() => return Err(Attempt::Abandoned),
                },
                Order::Refuse { words } => return Err(refused(EngineError::Resting(words))),
            }
        }
        let mut worker = match self.start().await {
            Ok(worker) => worker,
            Err(error) => {
                self.hear(Event::Failed);
                return Err(refused(error));
            }
        };
        self.seen.send_modify(|seen| seen.pid = Some(worker.pid));
        let started = Instant::now();
        // Loading goes on when its caller leaves: the next question is usually not far.
        let loaded = timeout(self.config.limits.load, load(&mut worker, self.model.load.clone())).await;
        self.worker = Some(worker);
        match loaded {
            Ok(Ok(Ok(confined))) => {
                self.hear(Event::Started);
                tracing::info!(
                    component = self.config.name,
                    took_ms = started.elapsed().as_millis(),
                    confined,
                    "loaded"
                );
                self.seen.send_modify(|seen| seen.confined = Some(confined));
                Ok(())
            }
            Ok(Ok(Err(error))) => {
                self.hear(Event::Failed);
                self.unload().await;
                Err(refused(error))
            }
            Ok(Err(death)) => Err(Attempt::Died(death)),
            Err(_) => Err(Attempt::Died(Death(format!(
                "The model was not loaded within {} s; the disk or the computer is too busy.",
                self.config.limits.load.as_secs()
            )))),
        }
    }

    /// Starts the process, where the model's files and the memory are there for it.
    async fn start(&self) -> Result<Worker, EngineError> {
        self.model.obstacle((self.config.free_memory)())?;
        // Where the files really are: the worker can read below this folder and nowhere else.
        let real = self.model.files.first().and_then(|file| file.canonicalize().ok());
        let folder = real.as_deref().and_then(Path::parent).unwrap_or(Path::new("."));
        Worker::spawn(&self.config, folder, self.signs.clone()).await.map_err(|error| {
            EngineError::Failed(format!(
                "{} cannot be started: {error}. Install InternFlow again.",
                self.config.executable.display()
            ))
        })
    }

    /// Asks the worker, listening for the caller's leaving.
    async fn attempt(&mut self, job: &mut Job) -> Attempt {
        let limits = self.config.limits.clone();
        let Some(worker) = &mut self.worker else {
            return Attempt::Died(Death("The model's process is not there.".into()));
        };
        let (id, frame) = match worker.frame(job.op.clone(), limits.request) {
            Ok(framed) => framed,
            Err(error) => return Attempt::Answered(Err(unsendable(error))),
        };
        tracing::debug!(component = self.config.name, frame = id, bytes = frame.len(), "asked");
        if let Err(death) = worker.send(&frame).await {
            return Attempt::Died(death);
        }
        let too_late = Instant::now() + limits.request + DEADLINE_GRACE;
        let mut so_far = String::new();
        loop {
            tokio::select! {
                heard = worker.receive() => match heard {
                    Ok(response) if response.id == id => match response.reply {
                        Reply::Done { output } => return Attempt::Answered(Ok(output)),
                        Reply::Failed { kind, message } => {
                            return Attempt::Answered(Err(engine_error(kind, message)));
                        }
                        Reply::Piece { text } => {
                            so_far.push_str(&text);
                            if let Some(heard) = &job.heard {
                                // Who no longer listens still waits for the answer, or `closed` tells.
                                let _ = heard.send(so_far.clone());
                            }
                        }
                        _ => {}
                    },
                    Ok(_) => {}
                    Err(death) => return Attempt::Died(death),
                },
                () = job.answer.closed() => {
                    if timeout(limits.cancel, cancel(worker, id)).await.is_ok_and(|ended| ended.is_ok()) {
                        tracing::debug!(component = self.config.name, "cancelled");
                    } else {
                        tracing::info!(component = self.config.name, "did not stop when cancelled, killed");
                        self.kill().await;
                    }
                    return Attempt::Abandoned;
                }
                () = sleep_until(too_late) => {
                    return Attempt::Died(Death(format!(
                        "The model's process did not answer within {} s and was ended.",
                        limits.request.as_secs()
                    )));
                }
            }
        }
    }

    /// Records a death and makes sure of it.
    async fn bury(&mut self, death: Death) {
        tracing::warn!(component = self.config.name, reason = death.0, "the worker died");
        // Random enough, and no generator of its own.
        let jitter = RandomState::new().hash_one(0) as u16;
        let now = self.beginning.elapsed();
        self.seen.send_modify(|seen| seen.died(death.0.clone(), now));
        self.hear(Event::Died { reason: death.0, jitter });
        self.kill().await;
    }

    fn ask(&self) -> Order {
        let mut order = Order::Use;
        let now = self.beginning.elapsed();
        self.seen.send_modify(|seen| order = seen.supervision.ask(now));
        order
    }

    fn hear(&self, event: Event) {
        let now = self.beginning.elapsed();
        self.seen.send_modify(|seen| seen.supervision.hear(event, now));
    }

    /// Nobody needs the worker, or it is gone already.
    fn forget(&self) {
        self.hear(Event::Left);
        self.signs.end();
        self.seen.send_modify(|seen| seen.pid = None);
    }

    async fn kill(&mut self) {
        if let Some(worker) = self.worker.take() {
            worker.kill().await;
        }
        self.forget();
    }

    async fn unload(&mut self) {
        if let Some(worker) = self.worker.take() {
            worker.shut_down().await;
        }
        self.forget();
    }
}

/// Greets a fresh worker and has it load its model; what the worker says it is confined by. The inner error is an
/// answer, not a death.
async fn load(worker: &mut Worker, op: Op) -> Result<Result<String, EngineError>, Death> {
    let mut by = String::new();
    for op in [Op::Hello { version: PROTOCOL_VERSION }, op] {
        let (id, frame) = match worker.frame(op, Duration::ZERO) {
            Ok(framed) => framed,
            Err(error) => return Ok(Err(unsendable(error))),
        };
        worker.send(&frame).await?;
        loop {
            let response = worker.receive().await?;
            match response.reply {
                Reply::Hello { version, .. } if version != PROTOCOL_VERSION => {
                    return Ok(Err(EngineError::Failed(format!(
                        "The model's process speaks version {version} of the protocol and InternFlow version \
                         {PROTOCOL_VERSION}: the installation is mixed up. Install InternFlow again."
                    ))));
                }
                Reply::Hello { confined, .. } if response.id == id => {
                    by = confined;
                    break;
                }
                Reply::Ready { .. } if response.id == id => break,
                Reply::Failed { kind, message } if response.id == id => {
                    return Ok(Err(engine_error(kind, message)));
                }
                _ => {}
            }
        }
    }
    Ok(Ok(by))
}

/// Stops a request and waits until the worker is free.
async fn cancel(worker: &mut Worker, id: u64) -> Result<(), Death> {
    let (_, frame) = worker
        .frame(Op::Cancel { id }, Duration::ZERO)
        .map_err(|error| Death(format!("The cancel cannot be sent: {error}.")))?;
    worker.send(&frame).await?;
    loop {
        let response = worker.receive().await?;
        if response.id == id && !matches!(response.reply, Reply::Piece { .. }) {
            return Ok(());
        }
    }
}

fn unsendable(error: FrameError) -> EngineError {
    EngineError::Failed(format!(
        "The question cannot be sent to the model: {error}. Ask about less at a time."
    ))
}

fn engine_error(kind: FailureKind, message: String) -> EngineError {
    match kind {
        FailureKind::Model => EngineError::ModelMissing(message),
        FailureKind::Cancelled
        | FailureKind::Deadline
        | FailureKind::TooLong
        | FailureKind::BadRequest
        | FailureKind::Internal => EngineError::Failed(message),
    }
}
