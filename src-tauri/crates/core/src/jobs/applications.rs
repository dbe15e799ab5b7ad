//! What became of applications: their history, reminders, and files to take along. The app itself never applies.

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use internflow_crawler::calendar::calendar as ics;
use internflow_crawler::track::{Entry, Reminder, Rules, What, csv};
use internflow_domain::{
    ApiError, Application, ApplicationState, ApplicationStep, ErrorCode, FollowUp, TrackedJob,
};
use internflow_store::job::{JobRow, Listed, Listing};
use serde::Deserialize;
use ts_rs::TS;

use super::crawl::moment;
use super::list::announce;
use super::openings;
use crate::api::Nothing;
use crate::resume::{Exported, write_atomically};
use crate::{Core, blocking, tailor};

/// Applications that are listed.
const MOST: u32 = 2_000;

#[derive(Debug, Deserialize, TS)]
pub struct TrackJob {
    #[ts(type = "number")]
    pub id: i64,
    /// Null: it is not tracked any more, and its history is gone.
    pub state: Option<ApplicationState>,
}

#[derive(Debug, Deserialize, TS)]
pub struct NoteJob {
    #[ts(type = "number")]
    pub id: i64,
    pub notes: String,
    /// `2026-12-15`, or null.
    pub deadline: Option<String>,
    /// Day of the interview, or null.
    pub interview: Option<String>,
    /// File name of the résumé that was sent; empty when not said.
    pub resume: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct SetFollowUp {
    #[ts(type = "number")]
    pub id: i64,
    /// As [`FollowUp::kind`] has it: the reminder is done with.
    pub kind: String,
}

/// Follows an opening up, or moves its application on.
pub async fn track(core: &Core, args: TrackJob) -> Result<()> {
    let row = core.store.job(args.id).await?.ok_or_else(|| ApiError::not_found("opening"))?;
    let Some(state) = args.state else {
        core.store.set_application(args.id, None).await?;
        announce(core, args.id);
        return Ok(());
    };
    let now = moment(core);
    let today = now.date_naive();
    let mut entry = match entry(&row)? {
        Some(entry) => entry,
        None => begun(core, &row, now).await?,
    };
    use ApplicationState::{Applied, Saved, Withdrawn};
    if entry.stage() == Saved && !matches!(state, Saved | Applied | Withdrawn) {
        // Whoever is at a test has applied.
        entry.move_to(Applied, today, now)?;
    }
    if entry.stage() != state {
        entry.move_to(state, today, now)?;
    }
    // What was made for it is what was sent, unless the user said otherwise.
    if !matches!(state, Saved | Withdrawn)
        && entry.resume().is_none()
        && let Some(name) = tailor::sent(core, args.id).await?
    {
        entry.sent(&name, today, now);
    }
    write(core, args.id, &entry).await
}

async fn begun(core: &Core, row: &JobRow, now: DateTime<Utc>) -> Result<Entry> {
    let members = core.store.job_members(row.job.id).await?;
    let address = openings::speaker(&members)?.and_then(|(posting, _)| posting.address);
    let key = members.first().map(|member| member.key.clone()).unwrap_or_default();
    let company = row.job.company.as_deref().unwrap_or_default();
    let today = now.date_naive();
    let mut entry = Entry::new(&key, &row.job.title, company, address.as_deref(), today);
    entry.set_deadline(row.job.deadline.as_deref().and_then(|day| day.parse().ok()), today, now);
    Ok(entry)
}

pub async fn note(core: &Core, args: NoteJob) -> Result<()> {
    let day = |text: &Option<String>, what: &str| -> Result<Option<NaiveDate>> {
        let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        text.map(|text| {
            text.parse().map_err(|_| {
                ApiError::new(
                    ErrorCode::BadRequest,
                    format!("{what} `{text}` is no day. Write it as 2026-12-15."),
                )
                .into()
            })
        })
        .transpose()
    };
    let (deadline, interview) =
        (day(&args.deadline, "The deadline")?, day(&args.interview, "The interview")?);
    let mut entry = tracked_entry(core, args.id).await?;
    let now = moment(core);
    let today = now.date_naive();
    if noted(&entry) != args.notes.trim() {
        entry.note(args.notes.trim(), today, now);
    }
    entry.set_deadline(deadline, today, now);
    entry.set_interview(interview, today, now);
    if entry.resume().unwrap_or_default() != args.resume.trim() {
        entry.sent(args.resume.trim(), today, now);
    }
    write(core, args.id, &entry).await
}

/// Ends a reminder.
pub async fn follow_up(core: &Core, args: SetFollowUp) -> Result<()> {
    let mut entry = tracked_entry(core, args.id).await?;
    let now = moment(core);
    let open = entry.follow_ups(&Rules::default()).into_iter().find(|open| kind(open.reminder) == args.kind);
    if let Some(open) = open {
        entry.shut(open.reminder, open.due, now.date_naive(), now);
        write(core, args.id, &entry).await?;
    }
    Ok(())
}

/// All that are tracked.
pub async fn tracked(core: &Core, _: Nothing) -> Result<Vec<TrackedJob>> {
    let (rows, _) = core.store.jobs(&Listing::best(Listed::Tracked, MOST)).await?;
    let all = rows
        .into_iter()
        .map(|row| Ok(shown(&row)?.map(|application| TrackedJob { job: row.job, application })));
    Ok(all.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// Deadlines, interviews and reminders as an iCalendar file in the exports folder.
pub async fn calendar(core: &Core, _: Nothing) -> Result<Exported> {
    let text = ics(&entries(core).await?, &Rules::default(), moment(core)).ok_or_else(|| {
        ApiError::new(
            ErrorCode::BadRequest,
            "There is no deadline, interview or reminder to write into a calendar yet.",
        )
    })?;
    exported(core, "applications.ics", text).await
}

/// The applications as a table in the exports folder.
pub async fn table(core: &Core, _: Nothing) -> Result<Exported> {
    let text = csv(&entries(core).await?, &Rules::default());
    exported(core, "applications.csv", text).await
}

async fn exported(core: &Core, name: &str, text: String) -> Result<Exported> {
    let path = core.config.data_dir.join("exports").join(name);
    blocking(move || {
        write_atomically(&path, text.as_bytes())?;
        Ok(Exported { path: path.display().to_string(), bytes: text.len() as u64 })
    })
    .await
}

async fn entries(core: &Core) -> Result<Vec<Entry>> {
    let (rows, _) = core.store.jobs(&Listing::best(Listed::Tracked, MOST)).await?;
    Ok(rows.iter().map(entry).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

fn entry(row: &JobRow) -> Result<Option<Entry>> {
    Ok(row.application.as_deref().map(serde_json::from_str).transpose()?)
}

async fn tracked_entry(core: &Core, id: i64) -> Result<Entry> {
    let row = core.store.job(id).await?.ok_or_else(|| ApiError::not_found("opening"))?;
    entry(&row)?.ok_or_else(|| ApiError::new(ErrorCode::BadRequest, "Save the opening first.").into())
}

async fn write(core: &Core, id: i64, entry: &Entry) -> Result<()> {
    let text = serde_json::to_string(entry)?;
    core.store.set_application(id, Some((&text, entry.stage()))).await?;
    announce(core, id);
    Ok(())
}

/// An application as it is shown; `None` where the opening is not tracked.
pub(super) fn shown(row: &JobRow) -> Result<Option<Application>> {
    let Some(entry) = entry(row)? else { return Ok(None) };
    let saved = entry.saved.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
    let mut history = vec![ApplicationStep { at: saved, state: ApplicationState::Saved }];
    let mut done = Vec::new();
    for line in entry.history() {
        match &line.what {
            What::Moved { to, .. } => {
                history.push(ApplicationStep { at: line.at.timestamp(), state: *to });
            }
            What::Shut { reminder, due } => done.push(FollowUp {
                kind: kind(*reminder).to_owned(),
                on: due.to_string(),
                what: match reminder {
                    Reminder::Ask => "Ask for an answer",
                    Reminder::Thanks => "Say thanks for the interview",
                    Reminder::Apply => "Apply before the last day",
                }
                .to_owned(),
                done: true,
            }),
            _ => {}
        }
    }
    let open = entry.follow_ups(&Rules::default()).into_iter().map(|open| FollowUp {
        kind: kind(open.reminder).to_owned(),
        on: open.due.to_string(),
        // A day may follow it.
        what: open.says.trim_end_matches('.').to_owned(),
        done: false,
    });
    Ok(Some(Application {
        state: entry.stage(),
        follow_ups: open.chain(done).collect(),
        history,
        notes: noted(&entry).to_owned(),
        deadline: entry.deadline().map(|day| day.to_string()),
        interview: entry.interview().map(|day| day.to_string()),
        resume: entry.resume().unwrap_or_default().to_owned(),
    }))
}

/// The notes as they were last written.
fn noted(entry: &Entry) -> &str {
    entry.notes().last().map(|(_, text)| text).unwrap_or_default()
}

fn kind(reminder: Reminder) -> &'static str {
    match reminder {
        Reminder::Ask => "ask",
        Reminder::Thanks => "thanks",
        Reminder::Apply => "apply",
    }
}
