//! What others can see of a worker.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use internflow_domain::{EngineDoing, EngineError, EngineProcess, EngineState};
use internflow_protocol::Output;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::signs::Signs;
use crate::supervise::Supervision;

/// Latest questions of which the seconds are kept.
const LATEST: usize = 200;

/// Moments count from the beginning of the supervisor.
#[derive(Debug)]
pub struct Seen {
    pub pid: Option<u32>,
    pub confined: Option<String>,
    pub supervision: Supervision,
    /// A question is worked on.
    working: bool,
    /// When each question came that waits, by its turn.
    waiting: BTreeMap<u64, Duration>,
    turns: u64,
    answered: Option<Duration>,
    failed: Option<(String, Duration)>,
    seconds: VecDeque<f32>,
}

impl Seen {
    pub fn new(supervision: Supervision) -> Self {
        Self {
            pid: None,
            confined: None,
            supervision,
            working: false,
            waiting: BTreeMap::new(),
            turns: 0,
            answered: None,
            failed: None,
            seconds: VecDeque::new(),
        }
    }

    /// The work on a question begins.
    pub fn begin(&mut self, turn: u64) {
        self.waiting.remove(&turn);
        self.working = true;
    }

    /// The work on a question is over; `None` when nobody waited any more.
    pub fn end(&mut self, answer: Option<&Result<Output, EngineError>>, began: Duration, now: Duration) {
        self.working = false;
        match answer {
            Some(Ok(_)) => {
                self.answered = Some(now);
                if self.seconds.len() == LATEST {
                    self.seconds.pop_front();
                }
                self.seconds.push_back(now.saturating_sub(began).as_secs_f32());
            }
            Some(Err(error)) => self.failed = Some((error.to_string(), now)),
            None => {}
        }
    }

    /// A worker died, whatever becomes of the question.
    pub fn died(&mut self, reason: String, now: Duration) {
        self.failed = Some((reason, now));
    }
}

/// A question of somebody who waits. Dropping it takes it out of the count.
pub struct Waiting {
    seen: watch::Sender<Seen>,
    pub turn: u64,
}

impl Waiting {
    pub fn new(seen: watch::Sender<Seen>, now: Duration) -> Self {
        let mut turn = 0;
        seen.send_modify(|seen| {
            seen.turns += 1;
            turn = seen.turns;
            seen.waiting.insert(turn, now);
        });
        Self { seen, turn }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.seen.send_if_modified(|seen| seen.waiting.remove(&self.turn).is_some());
    }
}

/// A worker's process, watched from outside.
#[derive(Debug, Clone)]
pub struct WorkerWatch {
    seen: watch::Sender<Seen>,
    beginning: Instant,
    signs: Signs,
}

impl WorkerWatch {
    pub(crate) fn new(seen: watch::Sender<Seen>, beginning: Instant, signs: Signs) -> Self {
        Self { seen, beginning, signs }
    }
}

impl EngineProcess for WorkerWatch {
    fn state(&self) -> EngineState {
        let seen = self.seen.borrow();
        let now = self.beginning.elapsed();
        let mut supervision = seen.supervision.clone();
        supervision.tick(now);
        let doing = match supervision.doing() {
            EngineDoing::Ready if seen.working => EngineDoing::Working,
            doing => doing,
        };
        let ago = |moment: Duration| now.saturating_sub(moment);
        EngineState {
            doing,
            on_trial: supervision.on_trial(),
            rests: supervision.rests(),
            waiting: seen.waiting.len() as u32,
            oldest: seen.waiting.values().next().copied().map(ago),
            process_id: seen.pid,
            confined: seen.confined.clone(),
            restarts: supervision.restarts(),
            answered: seen.answered.map(ago),
            failed: seen.failed.clone().map(|(why, when)| (why, ago(when))),
            seconds: seen.seconds.iter().copied().collect(),
            silent: self.signs.longest(),
        }
    }

    fn changed(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let mut seen = self.seen.subscribe();
        Box::pin(async move {
            // An error means that the supervisor is gone, which is the last change.
            let _ = seen.changed().await;
        })
    }
}
