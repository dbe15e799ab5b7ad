//! From postings to openings: what is stored of a posting, which of them are one opening, and what lists show of it.

use std::collections::HashMap;

use anyhow::Result;
use chrono::{DateTime, Utc};
use internflow_crawler::cluster::{self, Opening, Sketch, clusters};
use internflow_crawler::freshness::{Known, State};
use internflow_crawler::{Advert, Mode, Posting, Range, read, visible};
use internflow_domain::{Job, PayRange};
use internflow_store::activity::{Claimed, NewTask};
use internflow_store::job::JobView;
use internflow_store::posting::{MemberRow, PostingRow};

use super::crawl::moment;
use super::fit::{self, Student};
use super::{closeness, list, wishes};
use crate::api::Nothing;
use crate::queue::Meter;
use crate::{Core, blocking, counted};

pub(crate) const MATCH: &str = "match";

/// Openings that are made anew in one go.
const AT_ONCE: usize = 50;

/// Names a posting among all of all boards.
pub(super) fn key(board: &str, id: &str) -> String {
    format!("{board}#{id}")
}

/// A posting as it is stored: of its description what a reader sees, with what that states. `board` is the board's
/// name among all.
pub(super) fn row(
    board: &str,
    mut posting: Posting,
    known: &Known,
    listed_hash: String,
    now: DateTime<Utc>,
) -> Result<PostingRow> {
    let advert = read(&posting.advert(), now.date_naive());
    posting.description = visible(&posting.description).text;
    let company = posting.company.clone().or(advert.company.as_ref().map(|stated| stated.value.clone()));
    posting.company = company;
    Ok(PostingRow {
        key: key(board, &posting.id),
        source_id: posting.id.clone(),
        known: serde_json::to_string(known)?,
        is_open: known.state == State::Open,
        listed_hash,
        advert: serde_json::to_string(&advert)?,
        company: cluster::company(posting.company.as_deref().unwrap_or_default()),
        sketch: serde_json::to_string(&Sketch::of(&posting.description))?,
        posting: serde_json::to_string(&posting)?,
    })
}

/// Puts postings that are in no opening yet into one, and makes anew what lists show of the openings that changed.
/// `changed` are keys of postings.
pub(super) async fn settle(core: &Core, changed: &[String]) -> Result<()> {
    let companies = core.store.unclustered_companies().await?;
    let mut ids = Vec::new();
    if !companies.is_empty() {
        let rows = core.store.openings_of(&companies).await?;
        let apart = core.store.apart().await?;
        let found = blocking(move || {
            let mut kept = HashMap::new();
            let mut all = Vec::new();
            for row in rows {
                let posting: Posting = serde_json::from_str(&row.posting)?;
                if let Some(founder) = row.founder {
                    kept.insert(row.key.clone(), founder);
                }
                all.push(Opening {
                    key: row.key,
                    company: posting.company.unwrap_or_default(),
                    title: posting.title,
                    places: posting.places,
                    sketch: serde_json::from_str(&row.sketch)?,
                });
            }
            let found = clusters(&all, &kept, &apart);
            Ok(found.into_iter().map(|cluster| (cluster.id, cluster.members)).collect::<Vec<_>>())
        })
        .await?;
        ids = core.store.set_clusters(&found).await?;
    }
    ids.extend(core.store.jobs_with(changed).await?);
    ids.sort_unstable();
    ids.dedup();
    refresh(core, &ids).await
}

/// Queues holding all openings against the student again: more of their code is known, or they wish something else.
pub(crate) async fn rematch(core: &Core) -> Result<()> {
    let ids = core.store.job_ids().await?;
    if !ids.is_empty() {
        let task = NewTask {
            kind: MATCH,
            title: format!("Compare {} with you", counted(ids.len(), "opening")),
            dedupe: MATCH.to_owned(),
            payload: String::new(),
        };
        core.enqueue(&task).await?;
    }
    core.announce("jobs");
    Ok(())
}

/// Holds all openings against the student.
pub(crate) async fn run(core: &Core, claimed: &Claimed) -> Result<()> {
    let ids = core.store.job_ids().await?;
    let mut meter = Meter::new(core, claimed, None);
    let mut student = fit::student(core).await?;
    loop {
        meter.begin(ids.len() as u32);
        for ids in ids.chunks(AT_ONCE) {
            refresh(core, ids).await?;
            meter.add(ids.len() as u32);
            meter.report("Comparing openings with you").await?;
        }
        // Who changes their wishes meanwhile asks for no second run: this one goes on.
        let now = fit::student(core).await?;
        if now == student {
            break;
        }
        student = now;
    }
    core.store.finish_written(claimed, core.now()).await?;
    core.announce("jobs");
    closeness::due(core).await
}

/// Makes anew what lists show of these openings.
pub(super) async fn refresh(core: &Core, ids: &[i64]) -> Result<()> {
    let student = fit::student(core).await?;
    let nothing = Vec::new();
    let own = student.as_ref().map_or(&nothing, |student| student.own.as_ref());
    let hidden = wishes::wishes(core, Nothing {}).await?.hidden_companies;
    let today = moment(core).date_naive();
    for ids in ids.chunks(AT_ONCE) {
        let mut members = Vec::new();
        for id in ids {
            members.push((*id, core.store.job_members(*id).await?));
        }
        let mut speakers = Vec::new();
        for (id, members) in &members {
            speakers.extend(speaker(members)?.map(|(posting, _)| (*id, posting)));
        }
        let postings: Vec<(i64, &Posting)> = speakers.iter().map(|(id, posting)| (*id, posting)).collect();
        let near = closeness::of(core, own, &postings).await?;
        let student = student.clone();
        let made = blocking(move || {
            let made = members.iter().map(|(id, members)| {
                let student = student.as_ref().map(|student| (student, near.get(id).copied()));
                view(*id, members, student, today)
            });
            Ok(made.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect::<Vec<_>>())
        })
        .await?;
        let views = made.iter().map(|(job, words)| JobView {
            id: job.id,
            job,
            words,
            company: cluster::company(job.company.as_deref().unwrap_or_default()),
        });
        core.store.set_job_views(&views.collect::<Vec<_>>()).await?;
    }
    for company in hidden {
        core.store.hide_jobs_of(&cluster::company(&company), &list::hidden_company(&company)).await?;
    }
    Ok(())
}

/// The posting that speaks for its opening, with what its text states: the first that is open, else the first.
pub(super) fn speaker(members: &[MemberRow]) -> Result<Option<(Posting, Advert)>> {
    let Some(row) = members.iter().find(|row| row.is_open).or(members.first()) else { return Ok(None) };
    Ok(Some((serde_json::from_str(&row.posting)?, serde_json::from_str(&row.advert)?)))
}

/// It can be applied to somewhere.
pub(super) fn is_open(members: &[MemberRow]) -> bool {
    members.iter().any(|row| row.is_open)
}

/// What lists show of an opening, with its words. The student comes with how near it is to what they made.
fn view(
    id: i64,
    members: &[MemberRow],
    student: Option<(&Student, Option<f64>)>,
    today: chrono::NaiveDate,
) -> Result<Option<(Job, String)>> {
    let Some((posting, advert)) = speaker(members)? else { return Ok(None) };
    let mut places: Vec<String> = Vec::new();
    let mut day = None;
    for row in members {
        let member: Posting = serde_json::from_str(&row.posting)?;
        let known: Known = serde_json::from_str(&row.known)?;
        day = [day, Some(known.day())].into_iter().flatten().min();
        let stated: Advert = serde_json::from_str(&row.advert)?;
        let named = match stated.places.is_empty() {
            true => member.places,
            false => stated.places.into_iter().map(|place| place.value).collect(),
        };
        for place in named {
            if !places.iter().any(|known| known.eq_ignore_ascii_case(&place)) {
                places.push(place);
            }
        }
    }
    let found = student.map(|(student, near)| fit::matched(student, (&posting, &advert), near, today));
    let job = Job {
        id,
        title: posting.title.clone(),
        company: posting.company.clone(),
        places,
        kind: advert.kind.as_ref().map(|kind| kind.value),
        mode: posting.mode.or(advert.mode.as_ref().map(|mode| mode.value)).map(|mode| {
            match mode {
                Mode::Remote => "remote",
                Mode::Hybrid => "hybrid",
                Mode::Office => "office",
            }
            .to_owned()
        }),
        stipend: advert.stipend.as_ref().map(|stated| range(&stated.value)),
        salary_lpa: advert.salary_lpa.as_ref().map(|stated| range(&stated.value)),
        day: day.unwrap_or(today).to_string(),
        deadline: posting
            .closes
            .or(advert.deadline.as_ref().map(|stated| stated.value))
            .map(|day| day.to_string()),
        open: is_open(members),
        score: found.as_ref().map(|found| found.score.clamp(0, 100) as u32),
        why: found.map(|found| found.says).unwrap_or_default(),
        flags: advert.flags.iter().map(|flag| flag.value.reason.clone()).collect(),
        hidden: None,
        tracked: None,
    };
    let skills =
        advert.skills_required.iter().chain(&advert.skills_optional).map(|skill| skill.value.as_str());
    let mut words = vec![job.title.as_str()];
    words.extend(job.company.as_deref());
    words.extend(job.places.iter().map(String::as_str));
    words.extend(skills);
    let words = words.join(" ").to_lowercase();
    Ok(Some((job, words)))
}

fn range(range: &Range) -> PayRange {
    PayRange { min: range.min, max: range.max }
}
