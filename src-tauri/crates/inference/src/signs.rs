//! Signs of life of a worker: how long it was silent between them. Each kind of question takes as long as it takes; a
//! process that works tells so every second, whatever it works on.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// For so long a silence is remembered.
const REMEMBERED: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Default)]
pub struct Signs(Arc<Mutex<Past>>);

#[derive(Debug, Default)]
struct Past {
    /// The last sign of a process that runs.
    last: Option<Instant>,
    /// Silences by when they ended, the longest first: one that came before a longer one tells nothing.
    silences: VecDeque<(Instant, Duration)>,
}

impl Signs {
    /// A process was started.
    pub fn begin(&self) {
        self.past(|past| past.last = Some(Instant::now()));
    }

    /// It showed a sign.
    pub fn heard(&self) {
        self.past(|past| past.heard(Instant::now()));
    }

    /// It is gone.
    pub fn end(&self) {
        self.past(|past| past.last = None);
    }

    /// The longest silence of the last half minute, also one that still goes on.
    pub fn longest(&self) -> Duration {
        self.past(|past| past.longest(Instant::now()))
    }

    fn past<T>(&self, of: impl FnOnce(&mut Past) -> T) -> T {
        // Nothing in here panics; what a panic left would be a past all the same.
        of(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Past {
    fn heard(&mut self, now: Instant) {
        let silence = self.last.map_or(Duration::ZERO, |last| now - last);
        while self.silences.back().is_some_and(|(_, shorter)| *shorter <= silence) {
            self.silences.pop_back();
        }
        self.silences.push_back((now, silence));
        self.last = Some(now);
    }

    fn longest(&mut self, now: Instant) -> Duration {
        while self.silences.front().is_some_and(|(ended, _)| now - *ended > REMEMBERED) {
            self.silences.pop_front();
        }
        let over = self.silences.front().map_or(Duration::ZERO, |(_, silence)| *silence);
        over.max(self.last.map_or(Duration::ZERO, |last| now - last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_silence_is_remembered_for_a_while() {
        let (mut past, mut now) = (Past::default(), Instant::now());
        let second = Duration::from_secs(1);
        assert_eq!(past.longest(now), Duration::ZERO, "nobody is there to be silent");
        past.last = Some(now);
        for seconds in [1, 4, 1, 1] {
            now += second * seconds;
            past.heard(now);
        }
        assert_eq!(past.longest(now), second * 4);
        now += second * 6;
        assert_eq!(past.longest(now), second * 6, "it goes on");
        past.last = None;
        now += second * 20;
        assert_eq!(past.longest(now), second * 4, "a process that is gone is not silent");
        now += second * 10;
        assert!(past.longest(now) <= second, "what is long ago tells nothing of now");
    }
}
