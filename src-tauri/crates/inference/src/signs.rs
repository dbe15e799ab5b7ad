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
    /// It showed a sign.
    pub fn heard(&self) {
        self.past(|past| past.heard(Instant::now()));
    }

    /// It is gone, and was silent since its last sign.
    pub fn end(&self) {
        self.past(|past| past.end(Instant::now()));
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
        self.note(now);
        self.last = Some(now);
    }

    fn end(&mut self, now: Instant) {
        self.note(now);
        self.last = None;
    }

    /// The silence that ends now. Before its first sign a process reads its program from the disk.
    fn note(&mut self, now: Instant) {
        // On some systems the time goes on while the computer sleeps.
        let silence = self.last.map(|last| now - last).filter(|silence| *silence <= REMEMBERED);
        let Some(silence) = silence else { return };
        while self.silences.back().is_some_and(|(_, shorter)| *shorter <= silence) {
            self.silences.pop_back();
        }
        self.silences.push_back((now, silence));
    }

    fn longest(&mut self, now: Instant) -> Duration {
        while self.silences.front().is_some_and(|(ended, _)| now - *ended > REMEMBERED) {
            self.silences.pop_front();
        }
        let over = self.silences.front().map_or(Duration::ZERO, |(_, silence)| *silence);
        let now = self.last.map(|last| now - last).filter(|silence| *silence <= REMEMBERED);
        over.max(now.unwrap_or_default())
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
        for seconds in [9, 1, 4, 1, 1] {
            now += second * seconds;
            past.heard(now);
        }
        assert_eq!(past.longest(now), second * 4, "before its first sign it was no process yet");
        now += second * 6;
        assert_eq!(past.longest(now), second * 6, "it goes on");
        past.end(now);
        now += second * 20;
        assert_eq!(past.longest(now), second * 6, "a process that is gone is not silent, but was");
        now += second * 11;
        assert_eq!(past.longest(now), Duration::ZERO, "what is long ago tells nothing of now");
        past.heard(now);
        now += second * 3600;
        past.heard(now);
        assert_eq!(past.longest(now), Duration::ZERO, "the computer slept");
    }
}
