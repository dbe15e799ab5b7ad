//! How openings fit what the student's code proves and what they wish.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Result;
use chrono::NaiveDate;
use internflow_crawler::matching::{
    About, Candidate, Match, PartKind, Proof, ProvenSkill, Requirement, matched as match_with,
};
use internflow_crawler::next::next_commits;
use internflow_crawler::{Advert, Mode, Posting};
use internflow_domain::{
    Education, FitPart, FitRule, FitSkill, Job, JobFit, JobWishes, NextSkill, NextSkillJob, Profile,
    SkillProof,
};
use internflow_store::job::{Listed, Listing};
use serde::Serialize;

use super::crawl::moment;
use super::{closeness, openings, wishes};
use crate::api::Nothing;
use crate::{Core, models};

/// Openings that suggestions are made from: the best, saved or not.
const LOOKED_AT: u32 = 60;
/// Openings that are shown with all their reasons.
const SHOWN: usize = 10;
/// Suggestions.
const MOST: usize = 6;
/// Why there are no points for closeness.
const NO_EMBEDDER: &str = "The search model is not on this computer, so how near the work is to what you made is not \
                           measured and these points stay out. The Models page gets it.";

/// A student as openings are matched with them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Student {
    candidate: Candidate,
    /// What stands behind each claim that proves a skill.
    proofs: HashMap<String, SkillProof>,
    /// Vectors of what they made.
    pub(super) own: Arc<Vec<Vec<f32>>>,
    /// The model that makes such vectors is here.
    embeds: bool,
}

/// Who looks for a job; `None` while nothing is known of them.
pub(super) async fn student(core: &Core) -> Result<Option<Student>> {
    let profile = core.store.profile().await?;
    student_with(core, &profile).await
}

async fn student_with(core: &Core, profile: &Profile) -> Result<Option<Student>> {
    let wishes = wishes::wishes(core, Nothing {}).await?;
    let skills = core.store.proven_skills().await?;
    let claimed: Vec<String> =
        profile.skills.iter().flat_map(|skill| skill.keywords.iter().chain([&skill.name]).cloned()).collect();
    if skills.is_empty()
        && claimed.is_empty()
        && profile.education.is_empty()
        && wishes == JobWishes::default()
    {
        return Ok(None);
    }
    let names: HashMap<i64, String> =
        core.store.repositories().await?.into_iter().map(|one| (one.id, one.name)).collect();
    let mut proofs = HashMap::new();
    let mut proven: Vec<ProvenSkill> = Vec::new();
    for skill in skills {
        let claim = format!("{}:{}", skill.repository_id, skill.name);
        let proof = Proof { claim: claim.clone(), count: skill.uses, last: None };
        match proven.iter_mut().find(|known| known.skill == skill.name) {
            Some(known) => known.by.push(proof),
            None => proven.push(ProvenSkill { skill: skill.name.clone(), by: vec![proof] }),
        }
        let repository = names.get(&skill.repository_id).cloned().unwrap_or_default();
        let (repository_id, method, commits) = (skill.repository_id, skill.method, skill.commits);
        proofs.insert(claim, SkillProof { repository_id, repository, method, commits });
    }
    let candidate = Candidate { proven, claimed, ..told(&wishes, profile) };
    let (own, embeds) = (Arc::new(closeness::own(core).await?), models::embeds(core).await?);
    Ok(Some(Student { candidate, proofs, own, embeds }))
}

/// What the student said of themselves: in their wishes, else in the newest entry of their education.
fn told(wishes: &JobWishes, profile: &Profile) -> Candidate {
    let said = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let newest = profile.newest_education();
    let of = |field: fn(&Education) -> &String| newest.and_then(|entry| said(field(entry)));
    let cgpa = of(|entry| &entry.score).and_then(|score| score.split(['/', ' ']).next()?.parse().ok());
    let india = profile.basics.location.country_code.eq_ignore_ascii_case("IN")
        || profile.basics.phone.trim_start().starts_with("+91");
    Candidate {
        batch: wishes.batch.or_else(|| of(|entry| &entry.end_date)?.get(..4)?.parse().ok()),
        degree: said(&wishes.degree).or_else(|| of(|entry| &entry.study_type)),
        branch: said(&wishes.branch).or_else(|| of(|entry| &entry.area)),
        cgpa: wishes.cgpa.or(cgpa.filter(|cgpa| (0.0..=10.0).contains(cgpa))),
        country: india.then(|| "India".to_owned()),
        places: wishes.places.clone(),
        modes: if wishes.remote { vec![Mode::Remote] } else { Vec::new() },
        unpaid: !wishes.paid_only,
        ..Candidate::default()
    }
}

/// `near` is how near the posting is to what the student made; `None` where that is not known.
pub(super) fn matched(
    student: &Student,
    (posting, advert): (&Posting, &Advert),
    near: Option<f64>,
    today: NaiveDate,
) -> Match {
    match_with(&student.candidate, advert, posting, near, today)
}

/// An opening as it is matched with a student of whom something is known, `None` where it has no posting any more.
async fn matched_now(core: &Core, student: &Student, id: i64) -> Result<Option<Match>> {
    let Some((posting, advert)) = openings::speaker(&core.store.job_members(id).await?)? else {
        return Ok(None);
    };
    let near = closeness::of(core, &student.own, &[(id, &posting)]).await?;
    let today = moment(core).date_naive();
    Ok(Some(matched(student, (&posting, &advert), near.get(&id).copied(), today)))
}

/// How an opening fits; `None` while nothing is known of the student.
pub(super) async fn of(core: &Core, id: i64) -> Result<Option<JobFit>> {
    let Some(student) = student(core).await? else { return Ok(None) };
    Ok(matched_now(core, &student, id).await?.map(|found| shown(&student, found)))
}

/// How an advert fits the student, whose profile this is.
pub(crate) async fn of_advert(
    core: &Core,
    profile: &Profile,
    posting: &Posting,
    advert: &Advert,
) -> Result<JobFit> {
    let student = student_with(core, profile).await?.unwrap_or_default();
    // How near it is to the code is a part of the score, which is not shown beside what is asked for.
    let found = matched(&student, (posting, advert), None, moment(core).date_naive());
    Ok(shown(&student, found))
}

/// A match as it is shown.
fn shown(student: &Student, found: Match) -> JobFit {
    JobFit {
        score: found.score.clamp(0, 100) as u32,
        says: found.says,
        parts: found
            .parts
            .into_iter()
            .map(|part| FitPart {
                name: match part.kind {
                    PartKind::Required => "Required skills",
                    PartKind::Optional => "Other skills",
                    PartKind::Closeness => "Closeness to your work",
                    PartKind::Conditions => "Conditions",
                    PartKind::Wishes => "Your wishes",
                    PartKind::Limit => "Taken off",
                }
                .to_owned(),
                points: part.points,
                of: part.most,
                why: match part.kind {
                    PartKind::Closeness if !student.embeds && student.own.is_empty() => {
                        NO_EMBEDDER.to_owned()
                    }
                    _ => part.says,
                },
            })
            .collect(),
        rules: found
            .rules
            .into_iter()
            .map(|rule| FitRule {
                name: match rule.about {
                    About::Batch => "Year of graduation",
                    About::Degree => "Degree",
                    About::Branch => "Branch",
                    About::Cgpa => "CGPA",
                    About::Percent => "Marks",
                    About::Experience => "Experience",
                    About::Permit => "Permit to work",
                    About::Deadline => "Deadline",
                    About::Kind => "Kind of work",
                    About::Place => "Place",
                    About::Mode => "Remote or office",
                    About::Pay => "Pay",
                }
                .to_owned(),
                verdict: rule.verdict,
                why: rule.says,
                from: rule.from.unwrap_or_default(),
            })
            .collect(),
        skills: found.requirements.into_iter().map(|asked| skill(student, asked)).collect(),
    }
}

fn skill(student: &Student, asked: Requirement) -> FitSkill {
    FitSkill {
        name: asked.skill,
        required: asked.required,
        standing: asked.standing,
        from: asked.from,
        proofs: asked.by.iter().filter_map(|proof| student.proofs.get(&proof.claim).cloned()).collect(),
    }
}

/// An opening with how it fits.
#[derive(Debug, Serialize)]
pub struct MatchedJob {
    pub job: Job,
    pub fit: JobFit,
}

/// The openings that fit best.
#[derive(Debug, Serialize)]
pub struct BestJobs {
    pub jobs: Vec<MatchedJob>,
    /// Skills that would open more of them.
    pub next: Vec<NextSkill>,
}

/// The best openings with their reasons. `profile` counts instead of the user's own.
pub async fn best(core: &Core, profile: Option<&Profile>) -> Result<BestJobs> {
    let student = match profile {
        Some(profile) => student_with(core, profile).await?,
        None => student(core).await?,
    };
    let student = student.unwrap_or_default();
    let (rows, _) = core.store.jobs(&Listing::best(Listed::Open, LOOKED_AT)).await?;
    let mut jobs = Vec::new();
    for row in rows {
        if let Some(found) = matched_now(core, &student, row.job.id).await? {
            let fit = shown(&student, found);
            jobs.push(MatchedJob {
                job: Job { score: Some(fit.score), why: fit.says.clone(), ..row.job },
                fit,
            });
        }
    }
    jobs.sort_by_key(|matched| std::cmp::Reverse(matched.fit.score));
    jobs.truncate(SHOWN);
    Ok(BestJobs { jobs, next: next_skills(core, Nothing {}).await? })
}

/// Missing skills that would open most of the user's openings: of those that are tracked, else of the best.
pub async fn next_skills(core: &Core, _: Nothing) -> Result<Vec<NextSkill>> {
    let Some(student) = student(core).await? else { return Ok(Vec::new()) };
    let (mut rows, _) = core.store.jobs(&Listing::best(Listed::Tracked, LOOKED_AT)).await?;
    if rows.is_empty() {
        (rows, _) = core.store.jobs(&Listing::best(Listed::Open, LOOKED_AT)).await?;
    }
    let mut matches = Vec::new();
    for row in &rows {
        let found = matched_now(core, &student, row.job.id).await?;
        matches.extend(found.map(|found| (row.job.id.to_string(), found)));
    }
    let named = |keys: Vec<String>| {
        let all = rows.iter().filter(|row| keys.contains(&row.job.id.to_string()));
        all.map(|row| NextSkillJob {
            id: row.job.id,
            title: row.job.title.clone(),
            company: row.job.company.clone(),
        })
        .collect::<Vec<_>>()
    };
    let next = next_commits(&matches).into_iter().take(MOST);
    Ok(next
        .map(|next| NextSkill {
            name: next.skill,
            says: next.says,
            opens: named(next.opens),
            nearer: named(next.nearer),
        })
        .collect())
}
