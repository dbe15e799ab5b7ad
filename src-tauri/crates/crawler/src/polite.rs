//! How fast hosts are asked, and when a board is left alone for a while. Pure: the caller brings the time and the
//! randomness, and keeps the state, of which a board's is stored and shown.
//!
//! The clock may jump. A pause is kept as its begin and its length, and a begin that lies ahead becomes now: so a
//! clock that is set back makes no pause longer than it was meant to be.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Between two requests to a host.
pub const GAP: Duration = Duration::from_secs(1);
/// Requests to a host at once.
pub const CONNECTIONS: u32 = 2;
/// The first pause of a host in trouble that names none; doubled each time in a row.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// The longest of them.
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);
/// The longest that we wait because a host says so; who says more is asked once a day.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);
/// Failed crawls in a row that open a board's circuit.
const FAILURES: u32 = 3;
/// How long a circuit is open first; doubled each time that the trial fails.
const FIRST_OPEN: Duration = Duration::from_secs(60 * 60);
const LONGEST_OPEN: Duration = Duration::from_secs(24 * 60 * 60);
/// A trial that was not heard of for so long was lost, with the process that made it.
const TRIAL: Duration = Duration::from_secs(30 * 60);

/// A span of time by its begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    pub since: DateTime<Utc>,
    /// Seconds and below.
    pub length: Duration,
}

impl Pause {
    fn new(since: DateTime<Utc>, length: Duration) -> Self {
        Self { since, length }
    }

    /// When it ends.
    pub fn until(&self) -> DateTime<Utc> {
        self.since + TimeDelta::from_std(self.length).unwrap_or(TimeDelta::zero())
    }

    /// What is left of it; zero when it is over. Takes note of a clock that was set back.
    fn left(&mut self, now: DateTime<Utc>) -> Duration {
        self.since = self.since.min(now);
        (self.until() - now).to_std().unwrap_or_default()
    }
}

/// Whether a request may go to a host now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    /// It was counted as begun.
    Now,
    /// Ask again after this time.
    In(Duration),
    /// Ask again when one of the running requests has ended.
    Busy,
}

/// What a host answered; the texts are those of its headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard<'a> {
    /// `None` where no answer came.
    pub status: Option<u16>,
    pub retry_after: Option<&'a str>,
    /// The host's own time, against which it counts.
    pub date: Option<&'a str>,
}

/// The pace of one host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Host {
    /// Since the last request began.
    gap: Option<Pause>,
    /// The host asked for it, or was in trouble.
    pause: Option<Pause>,
    running: u32,
    /// Answers in a row that told of trouble.
    failures: u32,
    /// The pause between requests that its robots.txt asks for.
    delay: Duration,
}

impl Host {
    /// Sets the pause that its robots.txt asks for; less than [`GAP`] changes nothing.
    pub fn set_delay(&mut self, delay: Duration) {
        self.delay = delay;
    }

    /// Asks to send a request. After [`Ready::Now`] it counts as running until [`Host::heard`] or [`Host::gave_up`].
    pub fn ask(&mut self, now: DateTime<Utc>) -> Ready {
        let left = |pause: &mut Option<Pause>| pause.as_mut().map_or(Duration::ZERO, |pause| pause.left(now));
        let wait = left(&mut self.gap).max(left(&mut self.pause));
        if !wait.is_zero() {
            return Ready::In(wait);
        }
        if self.running >= CONNECTIONS {
            return Ready::Busy;
        }
        self.running += 1;
        self.gap = Some(Pause::new(now, GAP.max(self.delay)));
        Ready::Now
    }

    /// A request ended. `jitter`, from 0 to 1, spreads those that were refused together.
    pub fn heard(&mut self, heard: &Heard<'_>, now: DateTime<Utc>, jitter: f64) {
        self.gave_up();
        let trouble = matches!(heard.status, None | Some(429 | 500..));
        if !trouble {
            self.failures = 0;
            return;
        }
        let told = heard.retry_after.and_then(|text| retry_after(text, heard.date, now));
        let length =
            told.unwrap_or_else(|| spread(doubled(FIRST_PAUSE, self.failures, LONGEST_PAUSE), jitter));
        self.failures = self.failures.saturating_add(1);
        let pause = Pause::new(now, length);
        // Two answers cross each other: the longer pause is kept.
        if self.pause.is_none_or(|before| before.until() < pause.until() || before.since > now) {
            self.pause = Some(pause);
        }
    }

    /// A request ended that says nothing about the host: it was cancelled.
    pub fn gave_up(&mut self) {
        self.running = self.running.saturating_sub(1);
    }
}

/// The wait that `Retry-After` asks for: seconds, or a date in one of the three spellings of HTTP. At least a
/// second, at most a day. <https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3>
pub fn retry_after(text: &str, date: Option<&str>, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    let wait = match text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        // More digits than a number holds mean "very long".
        true => Duration::from_secs(text.parse().unwrap_or(u64::MAX)),
        false => (http_date(text)? - date.and_then(http_date).unwrap_or(now)).to_std().unwrap_or_default(),
    };
    Some(wait.clamp(Duration::from_secs(1), LONGEST_RETRY_AFTER))
}

fn http_date(text: &str) -> Option<DateTime<Utc>> {
    let forms = ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    forms
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text.trim(), form).ok())
        .map(|time| time.and_utc())
}

fn doubled(first: Duration, times: u32, most: Duration) -> Duration {
    first.saturating_mul(1_u32.checked_shl(times).unwrap_or(u32::MAX)).min(most)
}

/// Between half of it and all of it.
fn spread(length: Duration, jitter: f64) -> Duration {
    let jitter = if jitter.is_finite() { jitter.clamp(0.0, 1.0) } else { 1.0 };
    length.mul_f64(0.5 + jitter / 2.0)
}

/// Whether a board is crawled, as stored and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Circuit {
    /// It is crawled.
    Closed {
        /// Failed crawls in a row.
        failures: u32,
    },
    /// It is left alone.
    Open {
        pause: Pause,
        /// For the user.
        reason: String,
        /// Trials that failed.
        trials: u32,
    },
    /// One crawl tries whether it works again.
    HalfOpen { trial: Pause, reason: String, trials: u32 },
}

impl Default for Circuit {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

impl Circuit {
    /// Asks to crawl the board. An open circuit whose time is over becomes half open and lets one crawl through.
    pub fn ask(&mut self, now: DateTime<Utc>) -> bool {
        match self {
            Self::Closed { .. } => true,
            Self::Open { pause, reason, trials } => {
                let over = pause.left(now).is_zero();
                if over {
                    let (reason, trials) = (std::mem::take(reason), *trials);
                    *self = Self::HalfOpen { trial: Pause::new(now, TRIAL), reason, trials };
                }
                over
            }
            Self::HalfOpen { trial, .. } => {
                let lost = trial.left(now).is_zero();
                if lost {
                    *trial = Pause::new(now, TRIAL);
                }
                lost
            }
        }
    }

    /// A crawl of the board was answered throughout.
    pub fn worked(&mut self) {
        *self = Self::default();
    }

    /// A crawl of the board failed. `lasting` is what won't pass by itself, such as a board that is not there:
    /// it opens the circuit at once, for as long as circuits are ever open.
    pub fn failed(&mut self, reason: &str, lasting: bool, now: DateTime<Utc>, jitter: f64) {
        let (failures, trials) = match self {
            Self::Closed { failures } => (failures.saturating_add(1), 0),
            // A crawl that began before the circuit opened adds nothing.
            Self::Open { .. } => return,
            Self::HalfOpen { trials, .. } => (FAILURES, trials.saturating_add(1)),
        };
        if failures < FAILURES && !lasting {
            *self = Self::Closed { failures };
            return;
        }
        let length = if lasting { LONGEST_OPEN } else { doubled(FIRST_OPEN, trials, LONGEST_OPEN) };
        let pause = Pause::new(now, spread(length, jitter));
        *self = Self::Open { pause, reason: reason.to_owned(), trials };
    }

    /// The user asks for a crawl now, whatever happened before.
    pub fn reset(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests;
