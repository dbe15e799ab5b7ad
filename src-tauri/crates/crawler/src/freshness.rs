//! What a crawl says about the postings of a board that were there before: new, changed, closed, reopened.
//!
//! A posting is closed when two complete crawls running did not list it. A failed or partial crawl closes nothing:
//! it only tells of those that it saw. And nothing grows younger: the day of a posting is the earliest that its
//! source or we ourselves know of.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Complete crawls running that did not list a posting before it counts as closed: boards lose rows for an hour.
const MISSING: u32 = 2;

/// Whether a posting can be applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Open,
    Closed,
}

/// What is kept of a posting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub id: String,
    pub state: State,
    pub first_seen: DateTime<Utc>,
    pub last_seen: DateTime<Utc>,
    /// Complete crawls running that did not list it.
    pub missing: u32,
    /// [`crate::Posting::content_hash`] when its text was last read.
    pub hash: Option<String>,
    /// The earliest day of publication that the source ever stated.
    pub published: Option<NaiveDate>,
}

impl Known {
    /// The day that it counts as being of, in UTC. Never later than it was the day before.
    pub fn day(&self) -> NaiveDate {
        let seen = self.first_seen.date_naive();
        self.published.map_or(seen, |published| published.min(seen))
    }
}

/// A posting that a crawl listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub id: String,
    /// `None` where its text was not read this time: then it is not changed.
    pub hash: Option<String>,
    pub published: Option<NaiveDate>,
}

/// How a crawl ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The whole board was read; among those seen are the ones that were listed and skipped.
    Complete(Vec<Seen>),
    /// Some of the board was read.
    Partial(Vec<Seen>),
    /// The board says that nothing changed since the last complete crawl.
    Unchanged,
    Failed,
}

/// What happened to a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    New,
    Changed,
    Closed,
    Reopened,
}

/// The postings after a crawl, and what happened, each at most once a crawl: those seen in the order of the crawl,
/// then those closed in the order of `known`.
pub fn after(known: &[Known], outcome: &Outcome, now: DateTime<Utc>) -> (Vec<Known>, Vec<(String, Event)>) {
    let mut all = known.to_vec();
    let mut events = Vec::new();
    let (seen, complete): (&[Seen], bool) = match outcome {
        Outcome::Complete(seen) => (seen, true),
        Outcome::Partial(seen) => (seen, false),
        Outcome::Failed => (&[], false),
        Outcome::Unchanged => {
            // What was missing then is still missing, so it counts; what was there is still there.
            for posting in &mut all {
                if posting.missing > 0 {
                    miss(posting, &mut events);
                } else if posting.state == State::Open {
                    posting.last_seen = posting.last_seen.max(now);
                }
            }
            return (all, events);
        }
    };
    let mut places: HashMap<String, usize> =
        all.iter().enumerate().map(|(at, p)| (p.id.clone(), at)).collect();
    let mut listed = vec![false; all.len()];
    for posting in seen {
        match places.get(&posting.id) {
            Some(at) => {
                // A board that lists one twice says it once.
                if !std::mem::replace(&mut listed[*at], true) {
                    events.extend(see(&mut all[*at], posting, now).map(|event| (posting.id.clone(), event)));
                }
            }
            None => {
                places.insert(posting.id.clone(), all.len());
                listed.push(true);
                all.push(Known {
                    id: posting.id.clone(),
                    state: State::Open,
                    first_seen: now,
                    last_seen: now,
                    missing: 0,
                    hash: posting.hash.clone(),
                    published: posting.published,
                });
                events.push((posting.id.clone(), Event::New));
            }
        }
    }
    if complete {
        for (posting, listed) in all.iter_mut().zip(listed) {
            if !listed {
                miss(posting, &mut events);
            }
        }
    }
    (all, events)
}

fn see(known: &mut Known, seen: &Seen, now: DateTime<Utc>) -> Option<Event> {
    let was = known.state;
    // The first hash that is read of a posting is no change of it.
    let changed = matches!((&known.hash, &seen.hash), (Some(before), Some(after)) if before != after);
    known.state = State::Open;
    known.missing = 0;
    // A clock that was set back makes nothing unseen.
    known.last_seen = known.last_seen.max(now);
    known.hash = seen.hash.clone().or(known.hash.take());
    known.published = [known.published, seen.published].into_iter().flatten().min();
    match was {
        State::Closed => Some(Event::Reopened),
        State::Open => changed.then_some(Event::Changed),
    }
}

fn miss(known: &mut Known, events: &mut Vec<(String, Event)>) {
    known.missing = known.missing.saturating_add(1);
    if known.state == State::Open && known.missing >= MISSING {
        known.state = State::Closed;
        events.push((known.id.clone(), Event::Closed));
    }
}

#[cfg(test)]
mod tests;
