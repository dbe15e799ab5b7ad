//! One page: how far the spacing and the margins have to give way, and what could be left out where that is not
//! enough. It is proposed and never done.

use std::cmp::Reverse;

use internflow_domain::{EngineError, EntryKind, Fit, Look, Omission, Profile};

use crate::omit::{Listed, listed, without};
use crate::sheet::sheet;
use crate::typeset;
use crate::world::Shop;

/// What a proof, the newest date and the first place in its list are worth for a bullet.
const PROOF: f32 = 1.0;
const NEWNESS: f32 = 1.0;
const PLACE: f32 = 0.5;

/// Sets the profile and, when it takes more than a page, proposes the fewest omissions that bring it onto one:
/// the least valuable of all bullets first, an entry when its last bullet goes. Pinned bullets stay.
pub fn fit(
    shop: &Shop,
    profile: &Profile,
    look: Look,
    proven: &[String],
    pinned: &[String],
) -> Result<Fit, EngineError> {
    let set = typeset::typeset(shop, &sheet(profile, look.template), look)?;
    let pages = set.document.pages().len();
    let mut proposal = Vec::new();
    if pages > 1 {
        let all = by_value(profile, proven, pinned);
        let fits =
            |count: usize| typeset::fits(shop, &sheet(&without(profile, &all[..count]), look.template), look);
        let (mut too_few, mut enough) = (0, all.len());
        if fits(enough)? {
            while enough - too_few > 1 {
                let middle = usize::midpoint(too_few, enough);
                if fits(middle)? { enough = middle } else { too_few = middle }
            }
            proposal = all[..enough].to_vec();
        }
    }
    // Who leaves a whole entry out need not be asked for its bullets.
    let whole: Vec<(EntryKind, usize)> =
        proposal.iter().filter(|o| o.bullet.is_none()).map(|o| (o.kind, o.entry)).collect();
    proposal.retain(|o| o.bullet.is_none() || !whole.contains(&(o.kind, o.entry)));
    Ok(Fit { pages, step: set.step, proposal })
}

/// A bullet, or an entry without any.
struct Candidate<'a> {
    of: &'a Listed,
    bullet: Option<usize>,
    newness: f32,
    proven: bool,
    value: f32,
}

/// Everything that may be left out, the least valuable first. The first bullet of the newest job and of the newest
/// project stays in any case.
fn by_value(profile: &Profile, proven: &[String], pinned: &[String]) -> Vec<Omission> {
    let entries = listed(profile);
    let mut dates: Vec<&String> = entries.iter().filter_map(|e| e.ended.as_ref()).collect();
    dates.sort_unstable();
    dates.dedup();
    let cleaned = |texts: &[String]| texts.iter().map(|text| crate::clean::clean(text)).collect::<Vec<_>>();
    let (proven, pinned) = (cleaned(proven), cleaned(pinned));
    let mut all: Vec<Candidate<'_>> = Vec::new();
    for of in &entries {
        // An entry without a date may be new or old.
        let newness = of.ended.as_ref().and_then(|ended| dates.binary_search(&ended).ok());
        let newness = newness.map_or(0.5, |rank| (rank + 1) as f32 / dates.len() as f32);
        let mut candidate = |bullet: Option<usize>, place: f32, proven: bool| {
            let value = NEWNESS * newness + PLACE * place + if proven { PROOF } else { 0.0 };
            all.push(Candidate { of, bullet, newness, proven, value });
        };
        for (i, bullet) in of.bullets.iter().enumerate().filter(|(_, bullet)| !pinned.contains(bullet)) {
            candidate(Some(i), 1.0 - i as f32 / of.bullets.len() as f32, proven.contains(bullet));
        }
        if of.bullets.is_empty() {
            candidate(None, 0.0, false);
        }
    }
    for kind in [EntryKind::Work, EntryKind::Project] {
        let of_kind = all.iter().enumerate().filter(|(_, c)| c.of.kind == kind && c.bullet.unwrap_or(0) == 0);
        let newest = of_kind
            .max_by(|(_, a), (_, b)| a.newness.total_cmp(&b.newness).then(b.of.entry.cmp(&a.of.entry)));
        if let Some(at) = newest.map(|(at, _)| at) {
            all.remove(at);
        }
    }
    all.sort_by(|a, b| {
        a.value
            .total_cmp(&b.value)
            .then_with(|| Reverse((a.of.entry, a.bullet)).cmp(&Reverse((b.of.entry, b.bullet))))
    });
    let mut left: Vec<usize> = entries.iter().map(|entry| entry.bullets.len()).collect();
    let at = |of: &Listed| entries.iter().position(|e| std::ptr::eq(e, of)).unwrap_or_default();
    all.into_iter()
        .map(|candidate| {
            let left = &mut left[at(candidate.of)];
            *left = left.saturating_sub(1);
            omission(&candidate, *left == 0, !proven.is_empty())
        })
        .collect()
}

fn omission(candidate: &Candidate<'_>, last_left: bool, proofs_known: bool) -> Omission {
    let Candidate { of, bullet, newness, proven, .. } = candidate;
    let bullet = bullet.filter(|_| !last_left);
    let last = bullet.is_some_and(|i| i > 0 && i + 1 == of.bullets.len());
    let reasons = [
        (*newness < 0.5, "older"),
        (proofs_known && !proven, "not proven"),
        (last, "last in its list"),
        (bullet.is_none() && !of.bullets.is_empty(), "nothing else is left of it"),
    ];
    let why: Vec<&str> = reasons.iter().filter(|(applies, _)| *applies).map(|(_, why)| *why).collect();
    Omission {
        kind: of.kind,
        entry: of.entry,
        bullet,
        title: of.title.clone(),
        text: bullet.and_then(|i| of.bullets.get(i)).cloned().unwrap_or_default(),
        why: if why.is_empty() { "the rest is newer or stands before it".to_owned() } else { why.join(", ") },
    }
}

#[cfg(test)]
mod tests {
    use internflow_domain::{Paper, Template};

    use super::*;
    use crate::samples;

    fn proposed(profile: &Profile, look: Look, proven: &[String]) -> Fit {
        fit(&Shop::open(), profile, look, proven, &[]).expect("the profile must be set")
    }

    #[test]
    fn what_is_pinned_is_never_proposed() {
        let profile = samples::busy(16);
        let pinned = profile.projects.last().expect("a project").highlights.clone();
        let look = Look::default();
        let loose = proposed(&profile, look, &[]);
        let entry = profile.projects.len() - 1;
        assert!(loose.proposal.iter().any(|o| o.entry == entry), "unpinned it would go: {loose:?}");
        let fit = fit(&Shop::open(), &profile, look, &[], &pinned).expect("the profile must be set");
        assert!(!fit.proposal.is_empty(), "the others make room");
        assert!(fit.proposal.iter().all(|o| o.entry != entry), "the user said that it stays: {fit:?}");
    }

    #[test]
    fn the_fewest_omissions_that_fit_are_proposed() {
        let shop = Shop::open();
        let profile = samples::busy(16);
        for template in Template::ALL {
            for paper in [Paper::A4, Paper::Letter] {
                let look = Look { template, paper };
                let fit = proposed(&profile, look, &[]);
                assert!(fit.pages > 1 && fit.step == 0, "eighteen projects take more than a page: {fit:?}");
                let pages_without = |omissions: &[Omission]| {
                    let left = sheet(&without(&profile, omissions), template);
                    typeset::typeset(&shop, &left, look).expect("set").document.pages().len()
                };
                assert_eq!(pages_without(&fit.proposal), 1, "{look:?}: what is proposed must be enough");
                let fewer = &fit.proposal[..fit.proposal.len() - 1];
                assert_eq!(pages_without(fewer), 2, "{look:?}: the last of it was not needed");
            }
        }
    }

    #[test]
    fn what_is_old_or_unproven_goes_first() {
        let mut profile = samples::busy(9);
        for (i, project) in profile.projects.iter_mut().enumerate() {
            project.end_date = format!("{}", 2015 + i);
        }
        let kept = profile.projects[2].highlights.clone();
        let fit = proposed(&profile, Look::default(), &kept);
        let oldest = fit.proposal.iter().find(|o| o.entry == 0).expect("the oldest project goes");
        assert_eq!(oldest.bullet, None, "it goes as a whole: {fit:?}");
        assert!(oldest.why.contains("older") && oldest.why.contains("not proven"), "{}", oldest.why);
        assert!(
            fit.proposal.iter().all(|o| o.entry != 2 || o.kind != EntryKind::Project),
            "a proof outweighs a year: {fit:?}"
        );
        assert!(fit.proposal.iter().all(|o| o.kind == EntryKind::Project), "the newest is the job: {fit:?}");
    }

    #[test]
    fn one_page_and_hopeless_ones_get_no_proposal() {
        let fit = proposed(&samples::student(), Look::default(), &[]);
        assert_eq!((fit.pages, fit.proposal.len()), (1, 0), "a page that fits loses nothing");
        let mut profile = samples::student();
        profile.basics.summary = "Much about myself. ".repeat(600);
        let fit = proposed(&profile, Look::default(), &[]);
        assert!(fit.pages > 1 && fit.proposal.is_empty(), "no entry makes up for the summary: {}", fit.pages);
    }
}
