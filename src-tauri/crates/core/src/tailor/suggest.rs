//! What to change in the résumé for an opening.

use std::collections::{BTreeMap, HashSet};

use internflow_crawler::keywords::{abbreviates, canonical, named, of_character, spelled};
use internflow_domain::{AskedSkill, Bullet, Change, Decision, Fact, JobKind, Profile, Standing, Suggestion};

use super::asked::words;
use super::{Master, Opening};
use crate::{counted, gate, resume};

/// Bullets of a repository that stay, whatever the advert asks for.
const FEWEST: usize = 2;
/// Words that an advert and a résumé may have in common in one go.
const RUN: usize = 6;

/// All changes that the gate lets pass, the headline first, then bullets by how much of what is asked they show.
pub(super) fn suggestions(opening: &Opening, master: &Master, asked: &[AskedSkill]) -> Vec<Suggestion> {
    let advert = format!("{}\n{}", opening.posting.title, opening.posting.description);
    let runs = runs(&advert);
    let mut all: Vec<Suggestion> = headline(opening, master).into_iter().collect();
    let spellings = spellings(&advert, asked);
    all.extend(order(master, asked));
    all.extend(reworded(master, asked, &spellings));
    all.extend(skills(master, asked, &spellings));
    all.retain(|one| !copies(&one.change, &runs));
    all
}

fn suggestion(key: String, why: String, change: Change) -> Suggestion {
    Suggestion { key, change, why, decision: Decision::Open }
}

/// The role under the name, as what it is: applied for.
fn headline(opening: &Opening, master: &Master) -> Option<Suggestion> {
    let Opening { role, advert, .. } = opening;
    let before = master.profile.basics.label.trim();
    let intern = advert.kind.as_ref().is_some_and(|kind| kind.value == JobKind::Internship);
    // A trade, and an internship in it, is what is applied for: the gate keeps such words out of bullets. A rank stays
    // out of here, too.
    let kept = |word: &&str| !(intern && matches!(*word, "intern" | "internship" | "engineer" | "developer"));
    let small = role.to_lowercase();
    let claims = small.split_whitespace().filter(kept).collect::<Vec<&str>>().join(" ");
    let facts = [Fact { text: before.to_owned(), method: String::new() }];
    let said = before.to_lowercase().contains(&role.to_lowercase());
    if role.is_empty() || said || gate::unproven(&claims, &facts).is_some() {
        return None;
    }
    let after = match before.is_empty() {
        true => format!("Applying for {role}"),
        false => format!("Applying for {role} · {before}"),
    };
    let why = "Who sorts applications sees at once which one it is for.".to_owned();
    Some(suggestion("headline".to_owned(), why, Change::Headline { before: before.to_owned(), after }))
}

/// Bullets that come first, and bullets that say nothing of what is asked.
fn order(master: &Master, asked: &[AskedSkill]) -> Vec<Suggestion> {
    let mut by_repository: BTreeMap<i64, Vec<(&Bullet, Vec<&AskedSkill>)>> = BTreeMap::new();
    for bullet in &master.bullets {
        let shows = asked.iter().filter(|asked| asked.bullets.iter().any(|one| one.id == bullet.id));
        by_repository.entry(bullet.repository_id).or_default().push((bullet, shows.collect()));
    }
    let weight = |shows: &[&AskedSkill]| -> usize {
        shows.iter().map(|asked| if asked.skill.required { 3 } else { 1 }).sum()
    };
    let (mut first, mut without) = (Vec::new(), Vec::new());
    for bullets in by_repository.values() {
        let mut left = bullets.len();
        let telling = bullets.iter().filter(|(_, shows)| !shows.is_empty()).count();
        for (at, (bullet, shows)) in bullets.iter().enumerate() {
            let weaker = bullets[..at].iter().any(|(_, before)| weight(before) < weight(shows));
            if weaker {
                let (bullet_id, text) = (bullet.id, bullet.text.clone());
                let why = format!("It shows {}, and the advert asks for that.", names(shows));
                let change = Change::First { bullet: bullet_id, text };
                first.push((weight(shows), suggestion(format!("first:{bullet_id}"), why, change)));
            }
        }
        for (bullet, _) in bullets.iter().rev().filter(|(_, shows)| shows.is_empty()) {
            if telling == 0 || left <= FEWEST {
                break;
            }
            left -= 1;
            let why = format!(
                "Nothing of what the advert asks for shows in it; {} of {} do show some.",
                counted(telling, "bullet"),
                bullet.repository
            );
            let change = Change::Without { bullet: bullet.id, text: bullet.text.clone() };
            without.push(suggestion(format!("without:{}", bullet.id), why, change));
        }
    }
    first.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    first.into_iter().map(|(_, one)| one).chain(without).collect()
}

fn names(shows: &[&AskedSkill]) -> String {
    crate::facts::and(&shows.iter().map(|asked| asked.skill.name.as_str()).collect::<Vec<_>>())
}

/// How the advert spells each skill that is asked for and proven, by the taxonomy's name.
fn spellings<'a>(advert: &str, asked: &'a [AskedSkill]) -> BTreeMap<&'a str, String> {
    let named = named(advert);
    let proven = asked.iter().filter(|asked| asked.skill.standing == Standing::Proven);
    proven
        .filter(|asked| !of_character(&asked.skill.name))
        .filter_map(|asked| {
            let skill = asked.skill.name.as_str();
            let spelling = *spelled(advert, skill, &named).first()?;
            // Somebody shouts, or writes all small: that is no other spelling.
            let same = spelling.eq_ignore_ascii_case(skill);
            Some((skill, if same { skill.to_owned() } else { spelling.to_owned() }))
        })
        .collect()
}

/// A spelling so that both are found: the long form with the short one in brackets, or the advert's own.
fn joined(written: &str, theirs: &str) -> Option<String> {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let (ours, other) = (letters(written), letters(theirs));
    if ours.contains(&other) {
        return None;
    }
    Some(match () {
        () if abbreviates(theirs, written) => format!("{written} ({theirs})"),
        () if abbreviates(written, theirs) => format!("{theirs} ({written})"),
        () => theirs.to_owned(),
    })
}

/// Bullets whose proven skills the advert spells otherwise.
fn reworded(master: &Master, asked: &[AskedSkill], spellings: &BTreeMap<&str, String>) -> Vec<Suggestion> {
    let of = |bullet: &Bullet| {
        let mut after = bullet.text.clone();
        let mut facts = bullet.facts.clone();
        let (mut done, mut said): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        // From behind, so that the places before stay where they are; each skill once.
        for (skill, at) in named(&bullet.text).into_iter().rev() {
            let shown = asked.iter().any(|asked| {
                asked.skill.name == skill && asked.bullets.iter().any(|one| one.id == bullet.id)
            });
            let Some(theirs) = spellings.get(skill).filter(|_| shown && !done.contains(&skill)) else {
                continue;
            };
            let Some(instead) = joined(&bullet.text[at.clone()], theirs) else { continue };
            facts.push(Fact { text: format!("uses {instead}"), method: "another name of it".to_owned() });
            after.replace_range(at, &instead);
            done.push(skill);
            said.push(theirs);
        }
        let passes = after != bullet.text && gate::refuse(&after, &facts).is_none();
        passes.then(|| {
            let why = format!(
                "The advert writes {}. It is the same, under the name they look for.",
                crate::facts::and(&said)
            );
            let change = Change::Words { bullet: bullet.id, before: bullet.text.clone(), after };
            suggestion(format!("words:{}", bullet.id), why, change)
        })
    };
    master.bullets.iter().filter_map(of).collect()
}

/// Proven skills that the lines of skills do not name, or name otherwise.
fn skills(master: &Master, asked: &[AskedSkill], spellings: &BTreeMap<&str, String>) -> Vec<Suggestion> {
    let document = master.document();
    let text = words(&document);
    let in_text = named(&text);
    let of = |asked: &AskedSkill| {
        let skill = &asked.skill;
        let theirs = spellings.get(skill.name.as_str())?;
        let proof = skill.proofs.first()?;
        let key = format!("skill:{}", skill.name);
        let listed = document.skills.iter().find_map(|line| {
            let keyword = line.keywords.iter().find(|keyword| canonical(keyword) == skill.name)?;
            Some((line.name.clone(), keyword.clone()))
        });
        if let Some((line, before)) = listed {
            let after = joined(&before, theirs)?;
            let why = format!("The advert writes {theirs}. It is the same, under the name they look for.");
            return Some(suggestion(key, why, Change::Skill { line, before, after }));
        }
        let there = spelled(&text, &skill.name, &in_text);
        if there.iter().any(|there| there.eq_ignore_ascii_case(theirs)) {
            return None;
        }
        let why = format!("{} in {} shows it, and the advert asks for it.", proof.method, proof.repository);
        let line = line_of(master, &document, &skill.name);
        let after = theirs.clone();
        Some(suggestion(key, why, Change::Skill { line, before: String::new(), after }))
    };
    asked.iter().filter_map(of).collect()
}

/// The line of skills that a skill belongs to: of its kind, else the last one.
fn line_of(master: &Master, document: &Profile, skill: &str) -> String {
    let kind =
        master.skills.iter().find(|proven| canonical(&proven.name) == skill).map(|proven| &proven.kind);
    let usual = kind.and_then(|kind| resume::group(kind)).unwrap_or("Tools and testing");
    let same = document.skills.iter().find(|line| line.name.eq_ignore_ascii_case(usual));
    same.or(document.skills.last()).map_or_else(|| usual.to_owned(), |line| line.name.clone())
}

/// Every run of more than [`RUN`] words.
pub(super) fn runs(text: &str) -> HashSet<Vec<String>> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.windows(RUN + 1).map(<[String]>::to_vec).collect()
}

/// The new words have a run of the advert's that was not there before.
fn copies(change: &Change, advert: &HashSet<Vec<String>>) -> bool {
    let (before, after) = match change {
        Change::Headline { before, after }
        | Change::Words { before, after, .. }
        | Change::Skill { before, after, .. } => (before, after),
        Change::First { .. } | Change::Without { .. } => return false,
    };
    let known = runs(before);
    runs(after).iter().any(|run| advert.contains(run) && !known.contains(run))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_stand_where_one_is_short_for_the_other() {
        assert_eq!(joined("JavaScript", "JS").as_deref(), Some("JavaScript (JS)"));
        assert_eq!(joined("K8s", "Kubernetes").as_deref(), Some("Kubernetes (K8s)"));
        assert_eq!(joined("continuous integration", "CI/CD").as_deref(), Some("CI/CD"));
        for same in [("PostgreSQL", "Postgres"), ("Node.js", "nodejs"), ("Python", "python")] {
            assert_eq!(joined(same.0, same.1), None, "a program finds {} in {}", same.1, same.0);
        }
    }

    #[test]
    fn more_than_six_words_of_an_advert_are_a_copy() {
        let advert = runs("You will build the order pipeline with Python and Redis");
        let change =
            |after: &str| Change::Words { bullet: 1, before: "Built it".into(), after: after.into() };
        assert!(copies(&change("Did build the order pipeline with Python and"), &advert), "seven words");
        assert!(!copies(&change("Did build the order pipeline with Python or"), &advert), "six are not");
    }
}
