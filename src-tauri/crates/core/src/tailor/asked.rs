//! What an advert asks for, with what bears it out in the résumé, and how both spell it.

use std::collections::BTreeSet;

use internflow_crawler::Posting;
use internflow_crawler::keywords::{canonical, counterpart, implied, named, of_character, spelled};
use internflow_domain::{AskedSkill, Bullet, BulletShown, JobFit, Keyword, Profile, Spelling, Standing};
use internflow_store::achievement::ProvenSkill;
use serde_json::Value;

use super::Master;

/// Skills of the advert, required ones first, each with the bullets whose facts name it.
pub(super) fn requirements(fit: &JobFit, master: &Master) -> Vec<AskedSkill> {
    let bullets = &master.bullets;
    let shows: Vec<BTreeSet<String>> = bullets.iter().map(|bullet| shown(bullet, &master.skills)).collect();
    let with_bullets = |skill: &internflow_domain::FitSkill| AskedSkill {
        skill: skill.clone(),
        bullets: match skill.standing {
            Standing::Proven => bullets
                .iter()
                .zip(&shows)
                .filter(|(_, shows)| shows.contains(&skill.name))
                .map(|(bullet, _)| BulletShown {
                    id: bullet.id,
                    repository: bullet.repository.clone(),
                    text: bullet.text.clone(),
                })
                .collect(),
            Standing::Claimed | Standing::Missing => Vec::new(),
        },
    };
    fit.skills.iter().map(with_bullets).collect()
}

/// Skills that a bullet shows: those its facts name, and the languages that its commits are in. Its words do not count:
/// the user may have changed them.
fn shown(bullet: &Bullet, proven: &[ProvenSkill]) -> BTreeSet<String> {
    let written = |skill: &&ProvenSkill| {
        skill.repository_id == bullet.repository_id
            && skill.kind == "language"
            && skill.commits.iter().any(|commit| bullet.commits.contains(commit))
    };
    let mut skills: BTreeSet<String> =
        proven.iter().filter(written).map(|skill| canonical(&skill.name)).collect();
    for fact in &bullet.facts {
        let told = fact.text.strip_prefix("uses ").or_else(|| fact.text.strip_prefix("written in "));
        let Some(told) = told else { continue };
        // A fact names its skills one by one; the taxonomy may know them by other names.
        for name in told.split(", ").flat_map(|part| part.split(" and ")) {
            let skill = canonical(name);
            skills.extend(implied(&skill).into_iter().map(str::to_owned));
            skills.insert(skill);
        }
    }
    skills
}

/// Spellings of the skills that a program would look for.
pub(super) fn keywords(asked: &[AskedSkill], posting: &Posting, document: &Profile) -> Vec<Keyword> {
    let (advert, resume) = (format!("{}\n{}", posting.title, posting.description), words(document));
    let (in_advert, in_resume) = (named(&advert), named(&resume));
    let keyword = |asked: &AskedSkill| {
        let skill = &asked.skill.name;
        let mut spellings: Vec<Spelling> = Vec::new();
        let mut add = |text: &str, in_advert: bool, in_resume: bool| match spellings
            .iter_mut()
            .find(|known| known.text.eq_ignore_ascii_case(text))
        {
            Some(known) => {
                known.in_advert |= in_advert;
                known.in_resume |= in_resume;
            }
            None => spellings.push(Spelling { text: text.to_owned(), in_advert, in_resume }),
        };
        let (theirs, ours) = (spelled(&advert, skill, &in_advert), spelled(&resume, skill, &in_resume));
        theirs.iter().for_each(|text| add(text, true, false));
        ours.iter().for_each(|text| add(text, false, true));
        if let Some(other) = theirs.first().or(ours.first()).and_then(|text| counterpart(skill, text)) {
            add(&other, false, false);
        }
        Keyword { skill: skill.clone(), required: asked.skill.required, spellings }
    };
    asked.iter().filter(|asked| !of_character(&asked.skill.name)).map(keyword).collect()
}

/// Every text of a document, one a line, as a program reads it.
pub(super) fn words(document: &Profile) -> String {
    fn collect(value: &Value, found: &mut String) {
        match value {
            Value::String(text) => {
                found.push_str(text);
                found.push('\n');
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            Value::Object(fields) => fields.values().for_each(|field| collect(field, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut found = String::new();
    collect(&serde_json::json!(document), &mut found);
    found
}
