//! What begins by itself: syncs in the background, and a look at the contributions after signing in and
//! once a day.
//!
//! The clock is asked again every minute instead of sleeping until something is due: a laptop that slept
//! for a night wakes up to one sync of each repository and not to one for each that was missed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::account::Now;
use crate::api::Nothing;
use crate::{Core, settings, sync};

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
                    if let Err(error) = self.step().await {
                        tracing::warn!(error = format!("{error:#}"), "nothing is synced this minute");
                    }
                }
                Ok(()) = self.account.changed() => {
                    let arrived = matches!(**self.account.borrow_and_update(), Now::In(_));
                    if arrived && let Err(error) = sync::enqueue_contributions(&self.core).await {
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
