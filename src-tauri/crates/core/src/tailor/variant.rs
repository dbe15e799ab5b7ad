//! A variant: the master with what the user accepted for an opening.

use anyhow::Result;
use internflow_domain::{Bullet, Change, Decision, Profile, Skill, Suggestion};
use internflow_store::tailor::{Decided, Variant};

use super::Master;
use crate::{Core, resume};

/// The bullets of a variant in its order. A change of words applies while the bullet reads as it did when it was
/// accepted.
pub(super) fn bullets(master: &Master, variant: &Variant) -> Vec<Bullet> {
    let accepted = accepted(variant);
    let place = |bullet: &Bullet| {
        let first = |change: &&Change| matches!(change, Change::First { bullet: id, .. } if *id == bullet.id);
        accepted.iter().position(first).unwrap_or(usize::MAX)
    };
    let mut bullets = master.bullets.clone();
    for change in &accepted {
        match change {
            Change::Without { bullet, .. } => bullets.retain(|one| one.id != *bullet),
            Change::Words { bullet, before, after } => {
                let same = bullets.iter_mut().find(|one| one.id == *bullet && one.text == *before);
                if let Some(same) = same {
                    same.text.clone_from(after);
                }
            }
            Change::Headline { .. } | Change::First { .. } | Change::Skill { .. } => {}
        }
    }
    bullets.sort_by_key(place);
    bullets
}

fn accepted(variant: &Variant) -> Vec<&Change> {
    variant.decisions.iter().filter(|one| one.accepted).map(|one| &one.change).collect()
}

/// The document of a variant.
pub(super) fn document(master: &Master, variant: &Variant) -> Profile {
    let mut document = master.profile.clone();
    resume::merge_bullets(&mut document, &bullets(master, variant), &master.skills);
    resume::left_out::without(&mut document, &master.left_out);
    resume::origin::complete(&mut document, &master.origins);
    for change in accepted(variant) {
        match change {
            Change::Headline { before, after } if document.basics.label.trim() == before => {
                document.basics.label.clone_from(after);
            }
            Change::Skill { line, before, after } => name(&mut document.skills, line, before, after),
            _ => {}
        }
    }
    document
}

/// Names a skill in its line, in place of its other spelling where it has one.
fn name(skills: &mut Vec<Skill>, line: &str, before: &str, after: &str) {
    let known = skills.iter().position(|one| one.name == line);
    if before.is_empty() {
        let at = known.unwrap_or_else(|| {
            skills.push(Skill { name: line.to_owned(), ..Skill::default() });
            skills.len() - 1
        });
        // The user may have named it by themselves since.
        if !skills[at].keywords.iter().any(|one| one.eq_ignore_ascii_case(after)) {
            skills[at].keywords.push(after.to_owned());
        }
    } else if let Some(at) = known {
        skills[at].keywords.iter_mut().filter(|one| *one == before).for_each(|one| after.clone_into(one));
    }
}

/// The suggestions with what the user said of them, and what was accepted before and is suggested no more: it still
/// applies. What changed since the user spoke is open again.
pub(super) fn with_decisions(
    mut made: Vec<Suggestion>,
    master: &Master,
    variant: &Variant,
) -> Vec<Suggestion> {
    for Decided { key, accepted, why, change } in &variant.decisions {
        let decision = if *accepted { Decision::Accepted } else { Decision::Rejected };
        match made.iter_mut().find(|one| one.key == *key) {
            Some(one) if one.change == *change => one.decision = decision,
            Some(_) => {}
            None if *accepted && applies(change, master) => {
                made.push(Suggestion { key: key.clone(), change: change.clone(), why: why.clone(), decision })
            }
            None => {}
        }
    }
    made
}

fn applies(change: &Change, master: &Master) -> bool {
    match change {
        Change::Headline { before, .. } => master.profile.basics.label.trim() == before,
        Change::Skill { .. } => true,
        Change::First { bullet, text: before } | Change::Without { bullet, text: before } => {
            master.bullets.iter().any(|one| one.id == *bullet && one.text == *before)
        }
        Change::Words { bullet, before, .. } => {
            master.bullets.iter().any(|one| one.id == *bullet && one.text == *before)
        }
    }
}

/// Name of the file of an opening's variant that was last written; what is sent is that.
pub(crate) async fn sent(core: &Core, job_id: i64) -> Result<Option<String>> {
    Ok(core.store.variant(job_id).await?.exported)
}
