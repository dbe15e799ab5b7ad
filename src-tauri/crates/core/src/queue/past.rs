//! What the lanes did since the app was opened. Kept in memory: a row of the task table says when its work was asked
//! for, and not how long it waited.

use std::collections::{BTreeMap, VecDeque};

use internflow_domain::Trouble;

/// By the first kind of the lane, and [`super::DATABASE`].
pub(crate) type Pasts = BTreeMap<&'static str, Past>;

/// Latest runs of which the seconds are kept.
const LATEST: usize = 200;

#[derive(Debug, Clone, Default)]
pub(crate) struct Past {
    /// Of runs that were not stopped by the user, oldest first.
    pub seconds: VecDeque<f32>,
    /// Times its thread began again.
    pub restarts: u32,
    /// What went wrong last that is no task's.
    pub trouble: Option<Trouble>,
    /// Why the thread broke off last, and until when it then paused.
    pub broke_off: Option<(Trouble, i64)>,
}

impl Past {
    pub(crate) fn ran(&mut self, seconds: f32) {
        if self.seconds.len() == LATEST {
            self.seconds.pop_front();
        }
        self.seconds.push_back(seconds);
    }

    pub(crate) fn broke_off(&mut self, trouble: Trouble, until: i64) {
        self.restarts += 1;
        self.broke_off = Some((trouble, until));
    }
}
