//! Entries and bullets that may be left out of a résumé: a list of them, and a profile without some of them.

use internflow_domain::{EntryKind, Omission, Profile};
use serde_json::Value;

use crate::clean::clean;

/// An entry as far as it matters for leaving it out.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    pub kind: EntryKind,
    /// From 0 among its kind, in the order of the profile.
    pub entry: usize,
    pub title: String,
    /// When it ended: a year, or an ISO date; `9999` for what goes on; `None` when the profile does not say.
    pub ended: Option<String>,
    /// As they are shown; an empty one is not shown.
    pub bullets: Vec<String>,
}

/// Entries of the lists from which something may be left out. Schools and skills are not among them.
pub fn listed(profile: &Profile) -> Vec<Listed> {
    let work = profile.work.iter().enumerate().map(|(entry, w)| Listed {
        kind: EntryKind::Work,
        entry,
        title: clean(if w.position.is_empty() { &w.name } else { &w.position }),
        ended: ended(&w.start_date, &w.end_date, true),
        bullets: w.highlights.iter().map(|h| clean(h)).collect(),
    });
    let projects = profile.projects.iter().enumerate().map(|(entry, p)| Listed {
        kind: EntryKind::Project,
        entry,
        title: clean(&p.name),
        ended: ended(&p.start_date, &p.end_date, false),
        bullets: p.highlights.iter().map(|h| clean(h)).collect(),
    });
    let volunteering = volunteer(profile).iter().enumerate().map(|(entry, v)| {
        let text = |key: &str| v[key].as_str().unwrap_or_default();
        Listed {
            kind: EntryKind::Volunteering,
            entry,
            title: clean(if text("position").is_empty() { text("organization") } else { text("position") }),
            ended: ended(text("startDate"), text("endDate"), true),
            bullets: texts(&v["highlights"]).map(clean).collect(),
        }
    });
    work.chain(projects).chain(volunteering).collect()
}

/// The profile without these entries and bullets; what is not there is left out already.
pub(crate) fn without(profile: &Profile, omissions: &[Omission]) -> Profile {
    let mut left = profile.clone();
    for entry in 0..left.work.len() {
        thin(&mut left.work[entry].highlights, omissions, EntryKind::Work, entry);
    }
    for entry in 0..left.projects.len() {
        thin(&mut left.projects[entry].highlights, omissions, EntryKind::Project, entry);
    }
    keep(&mut left.work, omissions, EntryKind::Work);
    keep(&mut left.projects, omissions, EntryKind::Project);
    if let Some(Value::Array(items)) = left.other.get_mut("volunteer") {
        for (entry, item) in items.iter_mut().enumerate() {
            if let Some(Value::Array(bullets)) = item.get_mut("highlights") {
                thin(bullets, omissions, EntryKind::Volunteering, entry);
            }
        }
        keep(items, omissions, EntryKind::Volunteering);
    }
    left
}

fn thin<T>(bullets: &mut Vec<T>, omissions: &[Omission], kind: EntryKind, entry: usize) {
    retain(bullets, |bullet| {
        omissions.iter().any(|o| o.kind == kind && o.entry == entry && o.bullet == Some(bullet))
    });
}

fn keep<T>(entries: &mut Vec<T>, omissions: &[Omission], kind: EntryKind) {
    retain(entries, |entry| {
        omissions.iter().any(|o| o.kind == kind && o.entry == entry && o.bullet.is_none())
    });
}

/// Removes the items whose place is omitted.
fn retain<T>(items: &mut Vec<T>, omitted: impl Fn(usize) -> bool) {
    let mut place = 0;
    items.retain(|_| {
        place += 1;
        !omitted(place - 1)
    });
}

fn volunteer(profile: &Profile) -> &[Value] {
    profile.other.get("volunteer").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    // Something else than a text keeps its place, so that the others keep theirs.
    list.as_array().into_iter().flatten().map(|item| item.as_str().unwrap_or_default())
}

fn ended(start: &str, end: &str, ongoing: bool) -> Option<String> {
    let (start, end) = (clean(start), clean(end));
    let given = match (start.is_empty(), end.is_empty()) {
        (_, false) => end,
        (false, true) if ongoing => return Some("9999".to_owned()),
        _ => start,
    };
    let year = |part: &&str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit());
    let found = given.split(|c: char| !c.is_ascii_digit()).find(year)?;
    Some(if given.starts_with(found) { given } else { found.to_owned() })
}
