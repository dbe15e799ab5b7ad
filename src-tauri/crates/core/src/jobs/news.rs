//! What the user is told of new openings: once of each, several at once, not in their quiet hours. Decided on the
//! crawler's thread when nothing is read or compared any more, and written down before it is shown.

use anyhow::{Context, Result};
use chrono::{DateTime, Days, Local, Offset, TimeDelta, Utc};
use internflow_crawler::freshness::Known;
use internflow_crawler::notify::{self, Alive, News, Told};
use internflow_crawler::{Answer, Board, Filled, Posting};
use internflow_domain::Task;
use internflow_store::activity::{Claimed, NewTask};
use internflow_store::job_news::{NewNotice, NoticeRow, UntoldJob};
use internflow_store::posting::MemberRow;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::visit::Visits;
use super::{closeness, crawl, openings};
use crate::api::{Id, Nothing};
use crate::queue::Meter;
use crate::settings::{self, Settings};
use crate::{Core, counted};

pub(crate) const TASK: &str = "job_news";

/// What is older was no news when it was found.
const NEWS_DAYS: u64 = 30;
/// An opening that its board listed this short ago is there.
const FRESH: TimeDelta = TimeDelta::minutes(30);
/// Openings that are asked for before one notice; the others wait for the next.
const ASKED: usize = 20;
/// Openings that are looked at. Those with a flag stay among them, so it is more than are told.
const MOST: u32 = 500;
/// Notices that are shown.
const SHOWN: u32 = 20;

/// What the user was told of new openings: once of each, several at once.
#[derive(Debug, Serialize, TS)]
pub struct JobNotice {
    #[ts(type = "number")]
    pub id: i64,
    /// Seconds since 1970 UTC.
    #[ts(type = "number")]
    pub at: i64,
    /// "3 new openings for you".
    pub title: String,
    /// Which, and why, in one sentence.
    pub says: String,
    /// The best first.
    pub jobs: Vec<ToldJob>,
    /// The user has seen it.
    pub seen: bool,
}

/// An opening as the user was told of it.
#[derive(Debug, Serialize, Deserialize, TS)]
pub struct ToldJob {
    #[ts(type = "number")]
    pub id: i64,
    pub title: String,
    pub company: Option<String>,
    pub score: u32,
    /// Why it fits, in a sentence.
    pub why: String,
}

/// The newest first.
pub async fn notices(core: &Core, _: Nothing) -> Result<Vec<JobNotice>> {
    let rows = core.store.job_notices(SHOWN).await?;
    rows.into_iter()
        .map(|NoticeRow { id, at, title, says, jobs, seen }| {
            Ok(JobNotice { id, at, title, says, jobs: serde_json::from_str(&jobs)?, seen })
        })
        .collect()
}

/// The user has seen a notice, and those before it.
pub async fn seen(core: &Core, args: Id) -> Result<()> {
    core.store.see_job_notices(args.id).await?;
    core.announce("job_news");
    Ok(())
}

/// Queues telling what is to be told now; `None` where that is nothing.
pub(super) async fn due(core: &Core, now: DateTime<Utc>) -> Result<Option<Task>> {
    let settings = settings::get(core, Nothing {}).await?;
    if settings.news_bar == 0 {
        // Whoever switches it on later is told of what comes then.
        core.store.count_as_told().await?;
        return Ok(None);
    }
    for kind in [crawl::TASK, openings::MATCH, closeness::TASK, TASK] {
        if core.store.is_open_kind(kind).await? {
            return Ok(None);
        }
    }
    let (news, _) = news(core, &settings, now).await?;
    let waiting = notify::waiting(&news, &told(core).await?, &rules(&settings), now, offset(now)).len();
    if waiting == 0 {
        return Ok(None);
    }
    let task = NewTask {
        kind: TASK,
        title: format!("Tell of {}", counted(waiting, "new opening")),
        dedupe: TASK.to_owned(),
        payload: String::new(),
    };
    core.enqueue(&task).await.map(Some)
}

/// Looks whether the openings are still there, and tells of those that are.
pub(crate) async fn run(core: &Core, claimed: &Claimed) -> Result<()> {
    let settings = settings::get(core, Nothing {}).await?;
    let now = crawl::moment(core);
    let (news, untold) = news(core, &settings, now).await?;
    let (rules, mut told) = (rules(&settings), told(core).await?);
    let mut waiting = match settings.news_bar {
        0 => Vec::new(),
        _ => notify::waiting(&news, &told, &rules, now, offset(now)),
    };
    waiting.truncate(ASKED);
    let mut meter = Meter::new(core, claimed, None);
    meter.begin(waiting.len() as u32);
    let mut visits = None;
    let mut checked = Vec::new();
    for news in waiting {
        meter.report(format!("Looking whether {} is still there", news.title)).await?;
        let id = news.cluster.parse().context("an opening without a number")?;
        checked.push((news, alive(core, &mut visits, id, now).await?));
        meter.advance();
    }
    let Some(notice) = notify::notice(&checked, &mut told, &rules, now) else {
        return core.store.finish_written(claimed, core.now()).await;
    };
    let of = |cluster: &String| untold.iter().find(|one| one.job.id.to_string() == *cluster);
    let told: Vec<&UntoldJob> = notice.clusters.iter().filter_map(of).collect();
    let shown: Vec<ToldJob> = told
        .iter()
        .map(|one| ToldJob {
            id: one.job.id,
            title: one.job.title.clone(),
            company: one.job.company.clone(),
            score: one.job.score.unwrap_or_default(),
            why: one.job.why.clone(),
        })
        .collect();
    let postings: Vec<String> = told.iter().flat_map(|one| one.postings.clone()).collect();
    let jobs = serde_json::to_string(&shown)?;
    let written = NewNotice { title: &notice.title, says: &notice.says, jobs: &jobs, postings: &postings };
    core.store.tell_jobs(claimed, &written, core.now()).await?;
    core.announce("job_news");
    Ok(())
}

/// All that is not told yet, with the openings in the same order.
async fn news(core: &Core, settings: &Settings, now: DateTime<Utc>) -> Result<(Vec<News>, Vec<UntoldJob>)> {
    let since = now.date_naive().checked_sub_days(Days::new(NEWS_DAYS)).unwrap_or_default().to_string();
    let jobs = core.store.untold_jobs(settings.news_bar, &since, MOST).await?;
    let news = jobs.iter().map(|UntoldJob { job, postings }| News {
        cluster: job.id.to_string(),
        members: postings.clone(),
        title: job.title.clone(),
        company: job.company.clone().unwrap_or_else(|| "an employer that is not named".to_owned()),
        score: job.score.unwrap_or_default() as i32,
        why: job.why.clone(),
        // Whom a condition shuts out scores below any bar.
        withheld: !job.flags.is_empty(),
    });
    Ok((news.collect(), jobs))
}

async fn told(core: &Core) -> Result<Told> {
    let last = core.store.last_told().await?.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    Ok(Told::last(last))
}

fn rules(settings: &Settings) -> notify::Settings {
    let (from, to) = (settings.quiet_from, settings.quiet_to);
    notify::Settings {
        bar: settings.news_bar as i32,
        quiet: (from != to).then_some((from, to)),
        ..notify::Settings::default()
    }
}

/// Minutes that local time is ahead of UTC, at that moment.
fn offset(now: DateTime<Utc>) -> i32 {
    now.with_timezone(&Local).offset().fix().local_minus_utc() / 60
}

/// Whether an opening is still there: anywhere that lists it.
async fn alive(core: &Core, visits: &mut Option<Visits>, id: i64, now: DateTime<Utc>) -> Result<Alive> {
    let members = core.store.job_members(id).await?;
    let listed = || members.iter().filter(|member| member.is_open);
    for member in listed() {
        let known: Known = serde_json::from_str(&member.known)?;
        if known.missing == 0 && known.last_seen <= now && now - known.last_seen < FRESH {
            return Ok(Alive::Yes);
        }
    }
    let mut found = Alive::Gone;
    for member in listed() {
        let visits = match visits {
            Some(visits) => visits,
            None => {
                let through = core.config.boards_through.as_deref();
                visits.insert(Visits::new(core, core.own_net()?, through)?)
            }
        };
        match asked(core, visits, member).await? {
            Alive::Yes => return Ok(Alive::Yes),
            Alive::Unknown => found = Alive::Unknown,
            Alive::Gone => {}
        }
    }
    Ok(found)
}

/// Asks for one posting: its source where that answers for one, else its page, which must name it. A page that does not
/// may be made by a script, or say that it is gone; the next crawl knows.
async fn asked(core: &Core, visits: &mut Visits, member: &MemberRow) -> Result<Alive> {
    let board = match member.board_id {
        Some(id) => core.store.job_board(id).await?,
        None => None,
    };
    let Some(board) = board else { return Ok(Alive::Unknown) };
    let board: Board = serde_json::from_str(&board.board)?;
    let mut posting: Posting = serde_json::from_str(&member.posting)?;
    while let Some(request) = posting.detail.clone() {
        let Ok(answer) = visits.ask(&request, None).await else { return Ok(Alive::Unknown) };
        match board.fill(&mut posting, &Answer { status: answer.status, body: &answer.body }) {
            Filled::Done => return Ok(Alive::Yes),
            Filled::Again => {}
            Filled::Gone => return Ok(Alive::Gone),
            Filled::Broken(_) => return Ok(Alive::Unknown),
        }
    }
    let Some(address) = &posting.address else { return Ok(Alive::Unknown) };
    let Ok(answer) = visits.page(address).await else { return Ok(Alive::Unknown) };
    let names =
        || String::from_utf8_lossy(&answer.body).to_lowercase().contains(&posting.title.to_lowercase());
    Ok(match answer.status {
        404 | 410 => Alive::Gone,
        200..=299 if names() => Alive::Yes,
        _ => Alive::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use chrono::Timelike;
    use internflow_crawler::freshness::{self, Outcome, Seen, State};
    use internflow_domain::{ApplicationState, CrawlOutcome, JobWishes, Profile};
    use internflow_store::job::{Listed, Listing};
    use internflow_store::job_board::{BoardRow, CrawlEnd};

    use super::*;
    use crate::jobs::{AddBoard, TrackJob, add, set_wishes, track};
    use crate::{Engines, testing};

    static NOW: AtomicI64 = AtomicI64::new(1_790_000_000);

    fn clock() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(NOW.load(Ordering::Relaxed) as u64)
    }

    /// Openings by the days on which the board lists them, the last one not. It is down from day 20 to 26.
    const OPENINGS: [(&str, &[(u32, u32)]); 6] = [
        ("Search Intern", &[(0, 60)]),
        ("Payments Intern", &[(2, 10), (40, 50)]),
        ("Maps Intern", &[(3, 9)]),
        ("Ledger Intern", &[(5, 15), (16, 30)]),
        ("Billing Intern", &[(22, 60)]),
        ("Data Intern", &[(58, 60)]),
    ];

    fn posting(title: &str) -> Posting {
        let board = Board::Lever { slug: "saffron".to_owned() };
        let text =
            "Requirements:\n- Python\n- Docker\n- PostgreSQL\nOnly students of the 2027 batch may apply.";
        let mut posting = Posting::pasted(&board, title.to_owned(), text.to_owned());
        posting.company = Some("Saffron Labs".to_owned());
        posting
    }

    /// What a crawl of this day writes.
    async fn crawl(core: &Core, board: &BoardRow, day: u32) {
        let rows = core.store.known_postings(board.id).await.expect("postings");
        let before: Vec<Known> =
            rows.iter().map(|row| serde_json::from_str(&row.known).expect("what a crawl knows")).collect();
        let there = |days: &[(u32, u32)]| days.iter().any(|(from, to)| (*from..*to).contains(&day));
        let listed: Vec<Posting> =
            OPENINGS.iter().filter(|(_, days)| there(days)).map(|(title, _)| posting(title)).collect();
        let seen = |one: &Posting| Seen { id: one.id.clone(), hash: one.content_hash(), published: None };
        let (outcome, ended) = match day {
            20..=26 => (Outcome::Failed, CrawlOutcome::Failed),
            _ => (Outcome::Complete(listed.iter().map(seen).collect()), CrawlOutcome::Complete),
        };
        let now = crawl::moment(core);
        let (after, _) = freshness::after(&before, &outcome, now);
        let mut new = Vec::new();
        for known in after.iter().filter(|known| before.iter().all(|old| old.id != known.id)) {
            let one = listed.iter().find(|one| one.id == known.id).expect("it is listed").clone();
            new.push(openings::row(&board.name, one, known, String::new(), now).expect("a row"));
        }
        core.store.put_postings(Some(board.id), &new).await.expect("they are written");
        let known: Vec<(String, String, bool)> = after
            .iter()
            .map(|known| {
                let text = serde_json::to_string(known).expect("JSON");
                (openings::key(&board.name, &known.id), text, known.state == State::Open)
            })
            .collect();
        let end = CrawlEnd { circuit: &board.circuit, outcome: ended, skipped: &[], validators: None };
        core.store.end_crawl(board.id, &end, &known, core.now()).await.expect("the crawl ends");
        let keys: Vec<String> = known.into_iter().map(|(key, _, _)| key).collect();
        openings::settle(core, &keys).await.expect("they are openings");
        core.store.forget_closed(core.now() - 7 * 24 * 60 * 60).await.expect("the oldest are forgotten");
    }

    /// Looks whether something is to be told, and tells it.
    async fn look(core: &Core) {
        due(core, crawl::moment(core)).await.expect("a look");
        while let Some(claimed) = core.store.claim(&[TASK], 0, true).await.expect("the queue") {
            run(core, &claimed).await.expect("it is told");
        }
    }

    async fn restarted(core: Core, folder: &Path) -> Core {
        core.close().await;
        drop(core);
        testing::core_in(folder, clock, Engines::absent()).await
    }

    /// A student who says that they have the skills, and wants to be told from a score of 30 on at any time.
    async fn begin(core: &Core) -> BoardRow {
        let skills = r#"{ "skills": [{ "name": "Web", "keywords": ["Python", "Docker", "PostgreSQL"] }] }"#;
        let profile: Profile = serde_json::from_str(skills).expect("a profile");
        core.store.set_profile(&profile).await.expect("it is kept");
        set_wishes(core, JobWishes { batch: Some(2027), ..JobWishes::default() }).await.expect("wishes");
        let told = Settings { news_bar: 30, quiet_from: 0, quiet_to: 0, ..Settings::default() };
        settings::set(core, told).await.expect("settings");
        let board = AddBoard { address: "https://jobs.lever.co/saffron".to_owned() };
        let id = add(core, board).await.expect("it is followed").id;
        core.store.job_board(id).await.expect("boards").expect("the board")
    }

    #[tokio::test]
    async fn in_sixty_days_each_opening_is_told_once_and_only_what_is_tracked_is_kept() {
        let (mut core, folder) = testing::core(clock).await;
        let board = begin(&core).await;
        let mut tracked = None;
        for day in 0..60 {
            crawl(&core, &board, day).await;
            NOW.fetch_add(5 * 60, Ordering::Relaxed);
            if day == 58 {
                // The app ends while it tells; the next one goes on with the task.
                due(&core, crawl::moment(&core)).await.expect("a look").expect("something is to be told");
                core.store.claim(&[TASK], 0, true).await.expect("the queue").expect("the task");
                core = restarted(core, folder.path()).await;
            }
            look(&core).await;
            if day == 5 {
                let (open, _) = core.store.jobs(&Listing::best(Listed::Open, 10)).await.expect("openings");
                let maps = open.iter().find(|row| row.job.title == "Maps Intern").expect("it is open").job.id;
                let save = TrackJob { id: maps, state: Some(ApplicationState::Saved) };
                track(&core, save).await.expect("it is saved");
                tracked = Some(maps);
            }
            if day == 30 {
                core = restarted(core, folder.path()).await;
            }
            for _ in 0..3 {
                NOW.fetch_add(7 * 60 * 60, Ordering::Relaxed);
                look(&core).await;
            }
            NOW.fetch_add(3 * 60 * 60 - 5 * 60, Ordering::Relaxed);
        }
        let notices = notices(&core, Nothing {}).await.expect("notices");
        let mut told: Vec<&str> =
            notices.iter().flat_map(|one| &one.jobs).map(|job| job.title.as_str()).collect();
        told.sort_unstable();
        let mut all = OPENINGS.map(|(title, _)| title);
        all.sort_unstable();
        assert_eq!(told, all, "each once, though one was forgotten meanwhile and came back: {notices:#?}");
        assert!(notices.iter().flat_map(|one| &one.jobs).all(|job| !job.why.is_empty()), "each says why");

        let (closed, _) = core.store.jobs(&Listing::best(Listed::Closed, 10)).await.expect("openings");
        let ids: Vec<Option<i64>> = closed.iter().map(|row| Some(row.job.id)).collect();
        assert!(ids.contains(&tracked), "what the student tracks stays for good: {closed:#?}");
        assert!(
            closed.iter().all(|row| !row.job.title.starts_with("Ledger")),
            "what was closed weeks ago is forgotten: {closed:#?}"
        );
    }

    #[tokio::test]
    async fn nothing_is_told_in_quiet_hours_nor_of_what_came_while_it_was_off() {
        let (core, _folder) = testing::core(clock).await;
        let board = begin(&core).await;
        crawl(&core, &board, 0).await;
        let now = crawl::moment(&core);
        let minute = now.with_timezone(&Local).hour() * 60 + now.with_timezone(&Local).minute();
        let quiet = Settings {
            news_bar: 30,
            quiet_from: (minute + 23 * 60) % (24 * 60),
            quiet_to: (minute + 60) % (24 * 60),
            ..Settings::default()
        };
        settings::set(&core, quiet.clone()).await.expect("settings");
        assert!(due(&core, now).await.expect("a look").is_none(), "it is night for the student");
        settings::set(&core, Settings { news_bar: 0, ..quiet.clone() }).await.expect("settings");
        assert!(due(&core, now).await.expect("a look").is_none());
        settings::set(&core, Settings { quiet_to: quiet.quiet_from, ..quiet }).await.expect("settings");
        assert!(
            due(&core, now).await.expect("a look").is_none(),
            "what was there when it was off is no news"
        );
    }
}
