//! What begins by itself: syncs in the background, a backup each day, and a look at the contributions after signing in and
//! once a day.
//!
//! The clock is asked again every minute instead of sleeping until something is due: a laptop that slept
//! for a night wakes up to one sync of each repository and not to one for each that was missed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::account::Now;
use crate::api::Nothing;
use crate::{Core, data, settings, sync};

/// Between two looks at the clock.
const LOOK: Duration = Duration::from_secs(60);

/// The loop that starts what is due.
pub(crate) struct Schedule {
    core: Core,
    account: watch::Receiver<Arc<Now>>,
}

impl Schedule {
    pub(crate) fn new(core: &Core) -> Self {
        Self { core: core.clone(), account: core.account.subscribe() }
    }

    /// Never returns; drop it to stop.
    pub(crate) async fn run(&mut self) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {
                    data::backup::due(&self.core).await;
                    if let Err(error) = self.step().await {
                        tracing::warn!(error = format!("{error:#}"), "nothing is synced this minute");
                    }
                }
                Ok(()) = self.account.changed() => {
                    let arrived = matches!(**self.account.borrow_and_update(), Now::In(_));
                    if arrived && let Err(error) = sync::contributions_due(&self.core).await {
                        tracing::warn!(error = format!("{error:#}"), "contributions are not looked at");
                    }
                }
            }
        }
    }

    /// Queues the syncs that are due by now.
    pub(crate) async fn step(&self) -> anyhow::Result<()> {
        let minutes = settings::get(&self.core, Nothing {}).await?.sync_minutes;
        if minutes > 0 {
            sync::enqueue_older(&self.core, i64::from(minutes) * 60).await?;
            if matches!(**self.account.borrow(), Now::In(_)) {
                sync::contributions_due(&self.core).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::time::{SystemTime, UNIX_EPOCH};

    use internflow_domain::Remote;

    use super::*;
    use crate::testing;

    static NOW: AtomicI64 = AtomicI64::new(1_790_000_000);

    fn clock() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(NOW.load(Ordering::Relaxed) as u64)
    }

    fn later(seconds: i64) -> i64 {
        NOW.fetch_add(seconds, Ordering::Relaxed) + seconds
    }

    #[tokio::test]
    async fn a_night_of_sleep_is_one_sync_and_a_wrong_clock_is_not_the_end() {
        let (core, _folder) = testing::core(clock).await;
        let mut ids = Vec::new();
        for name in ["asha/tracker", "asha/shop"] {
            let id = core.store.add_repository(&format!("/{name}"), name).await.unwrap();
            let remote = Remote {
                full_name: name.to_owned(),
                url: format!("https://github.com/{name}.git"),
                fork: false,
                private: false,
                template: false,
                news: Vec::new(),
                synced_at: None,
                problem: None,
            };
            core.store.set_remote(id, &remote).await.unwrap();
            core.store.sync_begins(id, core.now()).await.unwrap();
            ids.push(id);
        }
        let schedule = Schedule::new(&core);
        let queued = async || {
            schedule.step().await.unwrap();
            let tasks = core.store.tasks(50).await.unwrap();
            tasks.iter().filter(|task| task.kind == sync::TASK).count()
        };

        later(4 * 60);
        sync::due(&core, Nothing {}).await.unwrap();
        assert_eq!(queued().await, 0, "the window got the focus, and what is here is four minutes old");
        later(25 * 60);
        assert_eq!(queued().await, 0, "every thirty minutes, and these are twenty-nine");
        later(8 * 60 * 60);
        assert_eq!(queued().await, 2, "after the night each of the two is due");
        later(60);
        assert_eq!(queued().await, 2, "sixteen were missed, and one catches up with all of them");

        for id in &ids {
            crate::repositories::stop(&core, *id).await.unwrap();
            core.store.sync_begins(*id, core.now()).await.unwrap();
        }
        later(6 * 60);
        sync::due(&core, Nothing {}).await.unwrap();
        assert_eq!(queued().await, 4, "whoever comes back to the window after six minutes has the news");
        for id in &ids {
            crate::repositories::stop(&core, *id).await.unwrap();
        }
        // Daylight saving moves no clock that counts seconds; somebody who sets the clock does.
        later(-3 * 365 * 24 * 60 * 60);
        assert_eq!(queued().await, 6, "a sync that was begun in the future says that the clock was wrong");
    }
}
