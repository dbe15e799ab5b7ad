//! Which new openings the student is told of: above their bar, once each ever, several at once, never in their quiet
//! hours, and only after somebody looked whether the opening is still there.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Serialize};

/// Openings that one notice names; it counts the rest.
const NAMED: usize = 3;

/// What the user set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The score from which on an opening is told.
    pub bar: i32,
    /// Minutes of the local day, from and to; over midnight where the first is the greater.
    pub quiet: Option<(u32, u32)>,
    /// Hours between two notices at least.
    pub gap_hours: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { bar: 70, quiet: Some((22 * 60, 8 * 60)), gap_hours: 4 }
    }
}

/// An opening that may be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// [`crate::cluster::Cluster::id`].
    pub cluster: String,
    /// Its members' keys.
    pub members: Vec<String>,
    pub title: String,
    pub company: String,
    pub score: i32,
    /// [`crate::matching::Match::says`].
    pub why: String,
    /// The student may not apply, the advert has a flag, or its firm is hidden.
    pub withheld: bool,
}

/// What was told. Postings are remembered, not clusters: those may be split and joined later.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    postings: BTreeSet<String>,
    last: Option<DateTime<Utc>>,
}

impl Told {
    /// When something was told last, for a caller that leaves out what it told of before.
    pub fn last(last: Option<DateTime<Utc>>) -> Self {
        Self { postings: BTreeSet::new(), last }
    }

    /// Counts openings as told without telling them: those that are there when notices are switched on.
    pub fn skip<'n>(&mut self, all: impl IntoIterator<Item = &'n News>) {
        all.into_iter().for_each(|news| self.postings.extend(news.members.iter().cloned()));
    }

    fn knows(&self, news: &News) -> bool {
        news.members.iter().any(|member| self.postings.contains(member))
    }
}

/// Whether an opening is still there, asked right before it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alive {
    Yes,
    Gone,
    /// The source did not answer. It is told another time.
    Unknown,
}

/// What is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub title: String,
    /// One sentence: which, and why.
    pub says: String,
    /// The clusters that it tells, the best first.
    pub clusters: Vec<String>,
}

/// The openings to be told now, the best first. Look whether they are alive, then ask [`notice`]. `offset` is the local
/// time's from UTC, in minutes.
pub fn waiting<'n>(
    news: &'n [News],
    told: &Told,
    settings: &Settings,
    now: DateTime<Utc>,
    offset: i32,
) -> Vec<&'n News> {
    if is_quiet(settings, now, offset) || !rested(told, settings, now) {
        return Vec::new();
    }
    let mut all: Vec<&News> = news
        .iter()
        .filter(|news| news.score >= settings.bar && !news.withheld && !told.knows(news))
        .collect();
    all.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.cluster.cmp(&b.cluster)));
    all
}

/// One notice of those that are alive, which then count as told for ever; `None` where there are none. Store `told`
/// before it is shown: a notice that is lost is better than one that comes twice.
pub fn notice(
    checked: &[(&News, Alive)],
    told: &mut Told,
    settings: &Settings,
    now: DateTime<Utc>,
) -> Option<Notice> {
    let mut alive: Vec<&News> = Vec::new();
    for (news, state) in checked {
        if *state == Alive::Yes && !told.knows(news) {
            told.postings.extend(news.members.iter().cloned());
            alive.push(news);
        }
    }
    let best = alive.first()?;
    told.last = Some(now);
    let name = |news: &News| format!("{} at {} ({})", news.title, news.company, news.score);
    let (title, says) = match alive.len() {
        1 => (
            format!("{} at {}", best.title, best.company),
            format!("It scores {}, your bar is {}. {}", best.score, settings.bar, best.why),
        ),
        count => {
            let names: Vec<String> = alive.iter().take(NAMED).map(|news| name(news)).collect();
            let more = count.saturating_sub(NAMED);
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            let title = format!("{count} new openings for you");
            (title, format!("They score at least your bar of {}: {}{rest}.", settings.bar, names.join(", ")))
        }
    };
    Some(Notice { title, says, clusters: alive.iter().map(|news| news.cluster.clone()).collect() })
}

fn is_quiet(settings: &Settings, now: DateTime<Utc>, offset: i32) -> bool {
    let Some((from, to)) = settings.quiet else { return false };
    let local = now + TimeDelta::minutes(offset.into());
    let minute = local.hour() * 60 + local.minute();
    match from <= to {
        true => (from..to).contains(&minute),
        false => minute >= from || minute < to,
    }
}

/// Enough time passed since the last notice. One that lies ahead is of a clock that was set back, and waits no longer.
fn rested(told: &Told, settings: &Settings, now: DateTime<Utc>) -> bool {
    let gap = TimeDelta::hours(settings.gap_hours.into());
    told.last.is_none_or(|last| last > now || now - last >= gap)
}

#[cfg(test)]
mod tests;
