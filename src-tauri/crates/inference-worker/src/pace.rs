//! On how many threads the text model computes while other programs want the processor, too.
//!
//! candle shares each product among all threads and waits for the last of them, two hundred times a token. Where
//! another program has one of the cores, that last thread is one that is not running: the whole model then goes
//! at the pace at which the system lets it run for a moment. One thread alone, on the core that is left, is faster
//! (`cargo xtask bench text`). Neither the cores nor their load say when (a laptop's other hyperthread is no
//! core), so both ways are timed on the passes that are computed anyway.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use candle_core::utils::barrier_pool;

/// So many times slower than the fastest pass so far is worth a look at the other way.
const SLOW: f64 = 2.5;
/// So many passes must be slow in a row: one is, whenever the system is busy for a moment.
const STRIKES: u32 = 2;
/// How long one thread goes on alone before all are tried again, the first time and at most.
const REST: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(30)];

/// Which way, and what each has cost.
#[derive(Default)]
pub struct Pace {
    /// The fastest pass of all threads, seconds for what one token costs.
    best: Option<f64>,
    /// The latest passes of one thread.
    alone: Option<f64>,
    strikes: u32,
    resting: Option<Rest>,
}

#[derive(Clone, Copy)]
struct Rest {
    until: Instant,
    length: Duration,
}

impl Pace {
    /// Reads `tokens` by `work`, on as many threads as are faster now.
    pub fn read<T: Send, E: Send>(
        &mut self,
        tokens: usize,
        work: impl FnOnce() -> Result<T, E> + Send,
    ) -> Result<T, E> {
        let started = Instant::now();
        let is_alone = self.is_alone(started);
        let read = if is_alone { alone(work) } else { work() }?;
        let seconds = started.elapsed().as_secs_f64() / weight(tokens);
        self.learn(is_alone, seconds, Instant::now());
        Ok(read)
    }

    /// Does what belongs to the pass that was read last, in the same way.
    pub fn finish<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        if self.is_alone(Instant::now()) { alone(work) } else { work() }
    }

    fn is_alone(&self, now: Instant) -> bool {
        self.resting.is_some_and(|rest| now < rest.until)
    }

    /// `seconds` for what one token costs.
    fn learn(&mut self, was_alone: bool, seconds: f64, now: Instant) {
        if was_alone {
            self.alone = Some(self.alone.map_or(seconds, |before| before * 0.7 + seconds * 0.3));
            return;
        }
        let best = self.best.map_or(seconds, |best| best.min(seconds));
        self.best = Some(best);
        if seconds <= self.alone.map_or(best * SLOW, |alone| alone.max(best * SLOW / 2.0)) {
            (self.strikes, self.resting) = (0, None);
            return;
        }
        self.strikes += 1;
        if self.resting.is_none() && self.strikes < STRIKES {
            return;
        }
        let length = self.resting.map_or(REST[0], |rest| (rest.length * 2).min(REST[1]));
        self.resting = Some(Rest { until: now + length, length });
    }
}

/// What reading `tokens` in one pass costs, in passes of one token: the weights are fetched from memory once.
/// As measured on two cores: one 130 ms, three 162, eight 345, sixty-four 1,300.
fn weight(tokens: usize) -> f64 {
    1.0 + 0.15 * tokens.saturating_sub(1) as f64
}

/// Does `work` on one thread. candle does not share a product that is computed on a thread of its own pool.
fn alone<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let pool = barrier_pool();
    if pool.n_workers() == 0 {
        return work();
    }
    let (tell, told) = channel();
    let work = Mutex::new(Some((work, tell)));
    let told = Mutex::new(told);
    let done = Mutex::new(None);
    pool.execute(|thread| {
        if thread == 0 {
            if let Some((work, tell)) = locked(&work).take() {
                // A panic must not go through the pool, which it would leave locked. Nobody listens only when the
                // caller is gone, and with it the process.
                let _ = tell.send(catch_unwind(AssertUnwindSafe(work)));
            }
        } else if thread == pool.n_workers() {
            // The caller. While it waits here it does not turn in candle's loop, which takes a core.
            *locked(&done) = locked(&told).recv().ok();
        }
    });
    match done.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(Ok(done)) => done,
        Some(Err(panic)) => resume_unwind(panic),
        None => unreachable!("thread 0 is always run, and says how it ended"),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Each is locked once, by one thread.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The passes of `seconds`, each told as what `pace` chose; how many of them were of one thread.
    fn passes(pace: &mut Pace, now: &mut Instant, count: usize, seconds: [f64; 2]) -> usize {
        let mut of_one = 0;
        for _ in 0..count {
            let is_alone = pace.is_alone(*now);
            of_one += usize::from(is_alone);
            let took = seconds[usize::from(is_alone)];
            *now += Duration::from_secs_f64(took);
            pace.learn(is_alone, took, *now);
        }
        of_one
    }

    #[test]
    fn one_thread_works_while_the_others_are_kept_from_it() {
        let (mut pace, mut now) = (Pace::default(), Instant::now());
        assert_eq!(passes(&mut pace, &mut now, 100, [0.1, 0.18]), 0, "a quiet machine is used whole");
        let of_one = passes(&mut pace, &mut now, 200, [1.2, 0.2]);
        assert!(of_one > 185, "a busy one gives most of the time to one thread: {of_one}");
        let started = now;
        while passes(&mut pace, &mut now, 1, [0.1, 0.18]) == 1 {}
        assert!(now - started <= REST[1] + Duration::from_secs(1), "what was busy is quiet again some day");
        assert_eq!(passes(&mut pace, &mut now, 50, [0.1, 0.18]), 0, "and all threads work again");
    }

    #[test]
    fn a_slow_moment_changes_nothing_and_a_slow_machine_is_not_a_busy_one() {
        let (mut pace, mut now) = (Pace::default(), Instant::now());
        passes(&mut pace, &mut now, 20, [0.1, 0.2]);
        passes(&mut pace, &mut now, 1, [2.0, 0.2]);
        assert_eq!(passes(&mut pace, &mut now, 20, [0.1, 0.2]), 0);
        // Hot, it runs at a third of its speed: one thread would be slower still.
        let of_one = passes(&mut pace, &mut now, 200, [0.3, 0.6]);
        assert!(of_one <= 5, "tried, and given up: {of_one}");
    }

    #[test]
    fn work_alone_gives_its_answer_and_its_panic() {
        assert_eq!((0..50).map(|n| alone(move || n * n)).sum::<i32>(), 40_425);
        let error = std::panic::catch_unwind(|| alone(|| -> i32 { panic!("no such row") }));
        let told = error.expect_err("a panic must not be lost");
        assert!(told.downcast_ref::<&str>().is_some_and(|said| said.contains("no such row")));
        assert_eq!(alone(|| 7), 7, "and the pool still works");
    }
}
