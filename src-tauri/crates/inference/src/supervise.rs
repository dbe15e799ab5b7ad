//! When a worker may be started: the rules, without clock, process or runtime.
//!
//! A worker that died is started again after a short wait that doubles with each death. One that died too often
//! within a window is left alone until the window has passed (an open circuit), then started once on trial: a death
//! on trial opens the circuit at once, for twice as long as before; a life as long as the window closes it.
//!
//! Moments are durations since any beginning the caller picks. A clock that was set back moves all that is
//! remembered with it, so that no wait grows longer; one that jumped ahead ends waits early.

use std::collections::VecDeque;
use std::time::Duration;

use internflow_domain::EngineDoing;

/// The longest wait after a first death; half of it at least. Doubled with each further one.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The longest time for which a circuit stays open, where the window is not longer.
const LONGEST_REST: Duration = Duration::from_secs(600);
const SIGILL: i32 = 4;
const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;

/// What the owner of a worker is to do for a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Start a worker, then tell how that went.
    Start,
    /// One is there or being started.
    Use,
    /// Ask again then.
    Wait { until: Duration },
    /// Give the question back with these words.
    Refuse { words: String },
}

/// What became of a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Its model is loaded.
    Started,
    /// It could not be started, for a reason that another attempt at once would not change.
    Failed,
    /// It was ended because nobody needed it, or would not stop.
    Left,
    /// It ended without being asked to, or had to be ended because it was of no more use. `jitter` says where
    /// in the second half of the wait the next start falls: one shortage of memory kills both workers, and
    /// they are not to load at the same moment.
    Died { reason: String, jitter: u16 },
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Idle,
    Starting,
    Ready { since: Duration },
    Backoff { until: Duration },
    Open { until: Duration, words: String },
}

/// What is remembered of one worker.
#[derive(Debug, Clone)]
pub struct Supervision {
    most: usize,
    window: Duration,
    state: State,
    /// Deaths within the window, oldest first.
    deaths: VecDeque<Duration>,
    /// The worker before the next one died.
    bereft: bool,
    restarts: u64,
    /// Times the circuit opened without a worker living through a window since. Above 0, a worker is on trial.
    rests: u32,
    /// The latest moment that was told.
    seen: Duration,
}

impl Supervision {
    /// After `most` deaths within `window` no worker is started until the window has passed.
    pub fn new(most: usize, window: Duration) -> Self {
        Self {
            most: most.max(1),
            window,
            state: State::Idle,
            deaths: VecDeque::new(),
            bereft: false,
            restarts: 0,
            rests: 0,
            seen: Duration::ZERO,
        }
    }

    /// A question came.
    pub fn ask(&mut self, now: Duration) -> Order {
        self.tick(now);
        match &self.state {
            State::Idle => {
                self.state = State::Starting;
                self.restarts += u64::from(std::mem::take(&mut self.bereft));
                Order::Start
            }
            State::Starting | State::Ready { .. } => Order::Use,
            State::Backoff { until } => Order::Wait { until: *until },
            State::Open { until, words } => Order::Refuse { words: self.refusal(words, *until) },
        }
    }

    /// Something became of the worker. What cannot be, a death while none runs for one, changes nothing.
    pub fn hear(&mut self, event: Event, now: Duration) {
        self.tick(now);
        match (&self.state, event) {
            (State::Starting, Event::Started) => self.state = State::Ready { since: now },
            (State::Starting | State::Ready { .. }, Event::Failed | Event::Left) => self.state = State::Idle,
            (State::Starting | State::Ready { .. }, Event::Died { reason, jitter }) => {
                self.die(reason, jitter, now);
            }
            _ => {}
        }
    }

    /// Time passed: what is over is forgotten.
    pub fn tick(&mut self, now: Duration) {
        if let Some(back) = self.seen.checked_sub(now) {
            self.set_back(back);
        }
        self.seen = now;
        while self.deaths.front().is_some_and(|&when| now.saturating_sub(when) >= self.window) {
            self.deaths.pop_front();
        }
        match self.state {
            State::Backoff { until } | State::Open { until, .. } if until <= now => self.state = State::Idle,
            State::Ready { since } if now.saturating_sub(since) >= self.window => self.rests = 0,
            _ => {}
        }
    }

    /// For the Activity page. Whether a worker that is ready works, its owner knows.
    pub fn doing(&self) -> EngineDoing {
        match &self.state {
            State::Idle => EngineDoing::NotRunning,
            State::Starting => EngineDoing::Loading,
            State::Ready { .. } => EngineDoing::Ready,
            State::Backoff { .. } => EngineDoing::Waiting,
            State::Open { .. } => EngineDoing::LeftAlone,
        }
    }

    /// The circuit was open, and no worker has lived through a window since.
    pub fn on_trial(&self) -> bool {
        self.rests > 0
    }

    /// How long it waits or is left alone from now on.
    pub fn rests(&self) -> Option<Duration> {
        match &self.state {
            State::Backoff { until } | State::Open { until, .. } => Some(until.saturating_sub(self.seen)),
            State::Idle | State::Starting | State::Ready { .. } => None,
        }
    }

    /// Starts that followed a death.
    pub fn restarts(&self) -> u64 {
        self.restarts
    }

    fn die(&mut self, reason: String, jitter: u16, now: Duration) {
        self.deaths.push_back(now);
        let oldest = self.deaths.front().copied().unwrap_or(now);
        self.state = if self.rests > 0 {
            let longest = LONGEST_REST.max(self.window);
            let rest = self.window.saturating_mul(1 << self.rests.min(16)).min(longest);
            let words = format!("The model's process died again when it was tried once more. {reason}");
            self.rests = self.rests.saturating_add(1);
            State::Open { until: now.saturating_add(rest), words }
        } else if self.deaths.len() >= self.most {
            let words = format!(
                "The model's process died {} times within {} s. {reason}",
                self.deaths.len(),
                self.window.as_secs()
            );
            self.rests = 1;
            State::Open { until: oldest.saturating_add(self.window), words }
        } else {
            State::Backoff { until: now.saturating_add(self.wait(jitter)) }
        };
        self.bereft = true;
    }

    /// How long after the latest death the next start is.
    fn wait(&self, jitter: u16) -> Duration {
        let doublings = self.deaths.len().saturating_sub(1).min(16) as u32;
        let half = FIRST_WAIT.saturating_mul(1 << doublings).min(self.window) / 2;
        half + half * u32::from(jitter) / u32::from(u16::MAX)
    }

    fn refusal(&self, words: &str, until: Duration) -> String {
        format!("{words} It is not started again for {} s.", self.seconds(until))
    }

    fn seconds(&self, until: Duration) -> u64 {
        until.saturating_sub(self.seen).as_secs() + 1
    }

    /// Moves what is remembered back with the clock.
    fn set_back(&mut self, by: Duration) {
        let moved = |moment: &mut Duration| *moment = moment.saturating_sub(by);
        self.deaths.iter_mut().for_each(moved);
        match &mut self.state {
            State::Ready { since: moment }
            | State::Backoff { until: moment }
            | State::Open { until: moment, .. } => moved(moment),
            State::Idle | State::Starting => {}
        }
    }
}

/// The end of a process in the user's words: by the signal or status it ended with, and its last words.
/// `out_of_memory` says whether the kernel ended a process for want of memory meanwhile; `None` where it can't be
/// asked. An allocation that fails makes a program abort with words that Rust's library chose.
pub fn explain(
    signal: Option<i32>,
    status: Option<i32>,
    last_words: &str,
    out_of_memory: Option<bool>,
) -> String {
    const SHORT_OF_MEMORY: &str = "close other programs, or work without the model until there is more";
    match (signal, status, out_of_memory) {
        (Some(SIGKILL), _, Some(true)) => {
            format!("the computer ran out of memory, and the system ended it (signal 9); {SHORT_OF_MEMORY}")
        }
        (Some(SIGKILL), _, Some(false)) => {
            "another program ended it (signal 9); the computer did not run out of memory".into()
        }
        (Some(SIGKILL), _, None) => format!(
            "it was killed (signal 9), most likely because the computer ran out of memory; {SHORT_OF_MEMORY}"
        ),
        (Some(SIGABRT), ..) if last_words.contains("memory allocation of") => {
            format!("the computer has too little free memory for it; {SHORT_OF_MEMORY}")
        }
        (Some(SIGILL), ..) => "it met an instruction that this processor lacks (signal 4)".into(),
        (Some(signal), ..) => format!("signal {signal}"),
        (None, Some(status), _) => format!("exit status {status}"),
        (None, None, _) => "for an unknown reason".into(),
    }
}

#[cfg(test)]
mod tests;
