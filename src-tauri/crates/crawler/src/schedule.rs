//! When each board is due. Pure: the caller brings the time in UTC, so that no summer time matters, and keeps the state.
//!
//! The clock may jump. A crawl that lies ahead of it counts as of now, so a clock that is set back starves no board and
//! asks none too early. A long time without a look was a sleep, or a clock that was set forward: nobody can tell which.
//! The boards that fell due in it are spread over a while, each asked once, whatever the length of the sleep.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::polite::Circuit;

/// Between two looks from which on the machine counts as having slept. More than [`SPREAD`], so that waiting for a
/// board's turn is no sleep.
const SLEPT: TimeDelta = TimeDelta::minutes(60);
/// Over which the boards that fell due in a sleep are spread.
const SPREAD: TimeDelta = TimeDelta::minutes(30);
/// How late a timer may be.
const LATE: TimeDelta = TimeDelta::minutes(1);
/// Between two crawls of a board at least, whatever is set.
const SHORTEST: TimeDelta = TimeDelta::hours(1);
const LONGEST: TimeDelta = TimeDelta::days(30);
/// How much sooner or later than set a board is due, so that boards that began together part.
const JITTER: f64 = 0.1;

/// How a crawl ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// The whole board was read, or it said that nothing changed.
    Complete,
    Partial,
    Failed,
}

/// What is kept of a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardState {
    /// Names the board among all of all connectors.
    pub key: String,
    /// Between two crawls: an hour to thirty days.
    pub every_hours: u32,
    /// When it was added.
    pub added: DateTime<Utc>,
    /// When the last crawl began.
    pub asked: Option<DateTime<Utc>>,
    /// How it ended; `None` while it runs, or where it was lost with its process.
    pub ended: Option<Ended>,
    pub circuit: Circuit,
}

impl BoardState {
    pub fn new(key: &str, every_hours: u32, added: DateTime<Utc>) -> Self {
        Self {
            key: key.to_owned(),
            every_hours,
            added,
            asked: None,
            ended: None,
            circuit: Circuit::default(),
        }
    }

    /// A crawl begins.
    pub fn begin(&mut self, now: DateTime<Utc>) {
        self.asked = Some(now);
        self.ended = None;
    }

    /// The least time from the begin of the last crawl to the next, whatever the circuit allows. What was not read in
    /// full is tried again sooner.
    pub fn gap(&self) -> TimeDelta {
        let every = TimeDelta::hours(self.every_hours.into()).clamp(SHORTEST, LONGEST);
        let gap = match self.ended {
            None | Some(Ended::Complete) => every,
            Some(Ended::Partial) => every / 2,
            Some(Ended::Failed) => every / 4,
        };
        scaled(gap, 1.0 - JITTER + 2.0 * JITTER * share(&self.key, "gap")).max(scaled(SHORTEST, 0.5))
    }

    /// When it would be due had the machine never slept.
    fn time(&self) -> DateTime<Utc> {
        let rested = self.asked.map_or(self.added, |asked| asked + self.gap());
        match &self.circuit {
            Circuit::Closed { .. } => rested,
            Circuit::Open { pause, .. } | Circuit::HalfOpen { trial: pause, .. } => pause.until().max(rested),
        }
    }
}

/// What the machine is like, and what the user allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    /// The connection is paid by volume.
    pub metered: bool,
    pub on_battery: bool,
    /// Crawl nevertheless.
    pub when_metered: bool,
    pub when_on_battery: bool,
}

impl Conditions {
    /// No board is asked.
    pub fn quiet(&self) -> bool {
        self.metered && !self.when_metered || self.on_battery && !self.when_on_battery
    }
}

/// What is remembered of the clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    looked: Option<DateTime<Utc>>,
    /// When the last sleep ended.
    woke: Option<DateTime<Utc>>,
}

impl Clock {
    /// Takes note of the time, before [`due`] is asked: whether the machine slept, and whether the clock was set back.
    pub fn look(&mut self, boards: &mut [BoardState], now: DateTime<Utc>) {
        if self.looked.is_none_or(|looked| now - looked > SLEPT) {
            self.woke = Some(now);
        }
        self.looked = Some(now);
        self.woke = self.woke.map(|woke| woke.min(now));
        for board in boards {
            board.added = board.added.min(now);
            board.asked = board.asked.map(|asked| asked.min(now));
            if let Circuit::Open { pause, .. } | Circuit::HalfOpen { trial: pause, .. } = &mut board.circuit {
                pause.since = pause.since.min(now);
            }
        }
    }

    /// The board's turn: its time, or, if that fell into a sleep, a moment soon after it, for each board another.
    fn turn(&self, board: &BoardState) -> DateTime<Utc> {
        let time = board.time();
        match self.woke.filter(|woke| time < *woke - LATE) {
            Some(woke) => woke + scaled(SPREAD, share(&board.key, "turn")),
            None => time,
        }
    }
}

/// Places in `boards` of those that are due, the longest waiting first. Nothing while [`Conditions::quiet`].
pub fn due(boards: &[BoardState], clock: &Clock, conditions: &Conditions, now: DateTime<Utc>) -> Vec<usize> {
    if conditions.quiet() {
        return Vec::new();
    }
    let mut all: Vec<(DateTime<Utc>, &str, usize)> = boards
        .iter()
        .enumerate()
        .filter(|(_, board)| clock.turn(board) <= now)
        .map(|(place, board)| (board.time(), board.key.as_str(), place))
        .collect();
    all.sort();
    all.into_iter().map(|(_, _, place)| place).collect()
}

/// When the next board is due; `now` where one is. `None` without boards, and while [`Conditions::quiet`]: then ask
/// again when the conditions change.
pub fn next_due(
    boards: &[BoardState],
    clock: &Clock,
    conditions: &Conditions,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if conditions.quiet() {
        return None;
    }
    boards.iter().map(|board| clock.turn(board).max(now)).min()
}

fn scaled(length: TimeDelta, by: f64) -> TimeDelta {
    TimeDelta::milliseconds((length.num_milliseconds() as f64 * by) as i64)
}

/// From 0 to 1, by the board's key and what it is for: the same on every machine and every day.
fn share(key: &str, purpose: &str) -> f64 {
    let digits = crate::posting::hashed(&[key, purpose]);
    let number = u32::from_str_radix(crate::page::first(&digits, 8), 16).unwrap_or_default();
    f64::from(number) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests;
