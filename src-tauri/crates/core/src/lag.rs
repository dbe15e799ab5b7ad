//! How late the core's runtime is. A ticker is due every ten milliseconds; how much later than that it ran is what a
//! poll that blocks a thread of the runtime costs everybody else. For `cargo xtask bench isolation`.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

const TICK: Duration = Duration::from_millis(10);

/// A ticker of the runtime that it was started in. Ends with its last handle.
#[derive(Debug, Clone)]
pub struct Lag {
    asked: mpsc::Sender<oneshot::Sender<Vec<f64>>>,
}

impl Lag {
    /// Starts the ticker; needs a running runtime.
    pub fn start() -> Self {
        let (asked, mut asks) = mpsc::channel::<oneshot::Sender<Vec<f64>>>(1);
        tokio::spawn(async move {
            let (mut due, mut late) = (Instant::now() + TICK, Vec::new());
            loop {
                tokio::select! {
                    biased;
                    () = sleep_until(due) => {
                        late.push(due.elapsed().as_secs_f64() * 1e3);
                        // From when it was due, not from now: a runtime that stood still for a second was late a
                        // hundred times.
                        due += TICK;
                    }
                    ask = asks.recv() => match ask {
                        // Whoever asked may have left.
                        Some(answer) => { let _ = answer.send(std::mem::take(&mut late)); }
                        None => return,
                    },
                }
            }
        });
        Self { asked }
    }

    /// By how many milliseconds each tick since the last call was late.
    pub async fn taken(&self) -> Vec<f64> {
        let (answer, late) = oneshot::channel();
        if self.asked.send(answer).await.is_err() {
            return Vec::new();
        }
        late.await.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_poll_that_blocks_is_seen_with_every_tick_that_it_kept() {
        let lag = Lag::start();
        tokio::time::sleep(Duration::from_millis(50)).await;
        lag.taken().await;
        std::thread::sleep(Duration::from_millis(200));
        tokio::time::sleep(Duration::from_millis(50)).await;
        let late = lag.taken().await;
        let worst = late.iter().copied().fold(0.0, f64::max);
        assert!(worst > 150.0, "the runtime stood still for 200 ms: {late:?}");
        let kept = late.iter().filter(|ms| **ms > 20.0).count();
        assert!(kept > 10, "a stall counts once for each tick in it, or it would hide in the p99: {late:?}");
    }
}
