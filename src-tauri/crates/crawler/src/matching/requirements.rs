//! Skills of the advert against those of the student.

use std::collections::{BTreeMap, BTreeSet};

use internflow_domain::Standing;

use super::{Candidate, Proof, ProvenSkill, Requirement};
use crate::page::expression;
use crate::skills::known::{canonical, implied, named, of_character, same_kind};
use crate::{Advert, Stated};

/// All skills that the advert names, each once.
pub(super) fn requirements(candidate: &Candidate, advert: &Advert) -> Vec<Requirement> {
    let shown = Shown::of(candidate);
    let mut found: Vec<Requirement> = Vec::new();
    for (list, required) in [(&advert.skills_required, true), (&advert.skills_optional, false)] {
        let wanted: BTreeSet<String> = list.iter().map(|stated| canonical(&stated.value)).collect();
        for Stated { value, from } in list {
            let skill = canonical(value);
            if found.iter().any(|before| before.skill == skill) {
                continue;
            }
            let or: Vec<String> = alternatives(&skill, from)
                .into_iter()
                .filter(|other| wanted.contains(*other))
                .map(str::to_owned)
                .collect();
            let counts = !of_character(&skill);
            let (standing, by, through) = shown.standing(&skill);
            found.push(Requirement {
                standing,
                by,
                through,
                skill,
                required,
                from: from.clone(),
                or,
                counts,
            });
        }
    }
    found
}

/// Requirements of which one is enough, each group once, in order.
pub(crate) fn groups(requirements: &[Requirement]) -> Vec<Vec<&Requirement>> {
    let mut done = BTreeSet::new();
    let mut groups = Vec::new();
    for first in requirements.iter().filter(|requirement| requirement.counts) {
        if !done.insert(first.skill.as_str()) {
            continue;
        }
        let mut group = vec![first];
        for other in requirements.iter().filter(|r| r.counts && r.required == first.required) {
            if first.or.contains(&other.skill) && done.insert(other.skill.as_str()) {
                group.push(other);
            }
        }
        groups.push(group);
    }
    groups
}

/// Other skills of the sentence that an "or" puts in place of this one. In "Java, Python or Go" all three are, since
/// they are of one kind; in "Docker, Java or Python" only the last two.
fn alternatives(skill: &str, sentence: &str) -> Vec<&'static str> {
    let or = expression!(r"(?i)^\s*,?\s*(?:\bor\b)\s*$");
    let comma = expression!(r"^\s*[,/]\s*$");
    let hits = named(sentence);
    let gap = |at: usize| &sentence[hits[at].1.end..hits[at + 1].1.start];
    let mut run: BTreeSet<usize> = BTreeSet::new();
    for at in 0..hits.len().saturating_sub(1) {
        if !or.is_match(gap(at)) {
            continue;
        }
        let mut first = at;
        while first > 0
            && (or.is_match(gap(first - 1))
                || comma.is_match(gap(first - 1)) && same_kind(hits[first - 1].0, hits[at].0))
        {
            first -= 1;
        }
        let mut last = at + 1;
        while last + 1 < hits.len() && or.is_match(gap(last)) {
            last += 1;
        }
        if hits[first..=last].iter().any(|(name, _)| *name == skill) {
            run.extend(first..=last);
        }
    }
    run.into_iter().map(|at| hits[at].0).filter(|name| *name != skill).collect()
}

/// What the student has, with what each skill implies, by the taxonomy's names.
struct Shown {
    proven: BTreeMap<String, (Vec<Proof>, BTreeSet<String>)>,
    claimed: BTreeMap<String, BTreeSet<String>>,
    /// Proven or claimed by its own name.
    direct: (BTreeSet<String>, BTreeSet<String>),
}

impl Shown {
    fn of(candidate: &Candidate) -> Self {
        let mut shown = Self {
            proven: BTreeMap::new(),
            claimed: BTreeMap::new(),
            direct: (BTreeSet::new(), BTreeSet::new()),
        };
        for ProvenSkill { skill, by } in &candidate.proven {
            // A skill with no proof is not proven, whatever list it is in.
            if by.is_empty() {
                shown.claim(skill);
                continue;
            }
            let skill = canonical(skill);
            for other in implied(&skill) {
                let (proofs, through) = shown.proven.entry(other.to_owned()).or_default();
                proofs.extend(by.iter().cloned());
                through.insert(skill.clone());
            }
            shown.proven.entry(skill.clone()).or_default().0.extend(by.iter().cloned());
            shown.direct.0.insert(skill);
        }
        for skill in &candidate.claimed {
            shown.claim(skill);
        }
        shown
    }

    fn claim(&mut self, skill: &str) {
        let skill = canonical(skill);
        for other in implied(&skill) {
            self.claimed.entry(other.to_owned()).or_default().insert(skill.clone());
        }
        self.claimed.entry(skill.clone()).or_default();
        self.direct.1.insert(skill);
    }

    /// How a skill stands, what proves it, and the skills through which the student has it.
    fn standing(&self, skill: &str) -> (Standing, Vec<Proof>, Vec<String>) {
        let through = |direct: &BTreeSet<String>, all: &BTreeSet<String>| match direct.contains(skill) {
            true => Vec::new(),
            false => all.iter().cloned().collect(),
        };
        if let Some((proofs, by)) = self.proven.get(skill) {
            let mut all = proofs.clone();
            // The order in which a student's claims are stored must not show.
            all.sort_by(|a, b| (b.count, b.last, &a.claim).cmp(&(a.count, a.last, &b.claim)));
            all.dedup();
            return (Standing::Proven, all, through(&self.direct.0, by));
        }
        match self.claimed.get(skill) {
            Some(by) => (Standing::Claimed, Vec::new(), through(&self.direct.1, by)),
            None => (Standing::Missing, Vec::new(), Vec::new()),
        }
    }
}
