//! The crawler: a thread of its own with its own runtime, below normal priority, on which boards are read when they are
//! due. What goes wrong on it is felt by nobody else, and it begins again after a pause.

use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use internflow_crawler::polite::Circuit;
use internflow_crawler::schedule::{BoardState, Clock, Conditions, Ended, due, next_due};
use internflow_domain::{CrawlOutcome, Trouble};
use internflow_store::job_board::BoardRow;

use super::crawl::{self, moment};
use super::news;
use crate::api::Nothing;
use crate::settings::{Settings, Supply};
use crate::{Core, counted, queue, settings};

/// Between two looks at the clock at most: a laptop that wakes up is noticed soon.
const LOOK: Duration = Duration::from_secs(60);
/// And at least, so that a board whose crawl was refused is not queued all the time.
const LEAST: Duration = Duration::from_secs(1);
/// Nothing tells yet whether the connection is paid by volume; who pays so turns crawls off.
const UNMETERED: Conditions =
    Conditions { metered: false, on_battery: false, when_metered: true, when_on_battery: true };
/// The first pause after the thread broke off; doubled up to the longest.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);
/// Between two looks whether openings of which the user may be told are still there.
const NEWS: TimeDelta = TimeDelta::minutes(30);

/// Runs the crawler's thread until the queue stops.
pub(crate) async fn run(core: Core) {
    let mut pause = PAUSE;
    loop {
        let (ended, wait) = tokio::sync::oneshot::channel();
        let of_thread = core.clone();
        let started = std::thread::Builder::new().name("crawler".to_owned()).spawn(move || {
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| thread(of_thread)));
            let _ = ended.send(
                result.unwrap_or_else(|_| Err(anyhow::anyhow!("it panicked; the log names the place"))),
            );
        });
        let result = match started {
            Ok(_) => wait.await.unwrap_or_else(|_| Err(anyhow::anyhow!("it ended without a word"))),
            Err(error) => Err(error.into()),
        };
        let Err(error) = result else { return };
        tracing::error!(error = format!("{error:#}"), "the crawler broke off and begins again");
        let trouble = Trouble { message: format!("It broke off: {error:#}."), at: core.now() };
        let until = core.now() + pause.as_secs() as i64;
        core.signals
            .pasts()
            .send_modify(|pasts| pasts.entry(crawl::TASK).or_default().broke_off(trouble, until));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = core.signals.stopping() => return,
        }
        pause = (pause * 2).min(LONGEST);
    }
}

/// `Ok` when the queue stopped.
fn thread(core: Core) -> Result<()> {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(5) {
        tracing::debug!(%error, "the crawler keeps the usual priority");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // A single command in the terminal begins nothing by itself.
        let schedule = async {
            match core.config.resumes {
                true => Schedule::new(core.clone()).run().await,
                false => std::future::pending().await,
            }
        };
        tokio::select! {
            () = queue::lane(core.clone(), &[crawl::TASK, news::TASK]) => {}
            () = schedule => {}
        }
    });
    Ok(())
}

/// Queues crawls of boards that are due, and what is to be told of them.
pub(crate) struct Schedule {
    core: Core,
    clock: Clock,
    /// When something was last to be told: what could not be asked for then is not asked for each minute.
    told: Option<DateTime<Utc>>,
}

impl Schedule {
    pub(crate) fn new(core: Core) -> Self {
        Self { core, clock: Clock::default(), told: None }
    }

    /// Queues telling of new openings, unless that was done a moment ago.
    async fn tell(&mut self, now: DateTime<Utc>) -> Result<()> {
        let rested = self.told.is_none_or(|told| told > now || now - told >= NEWS);
        if rested && news::due(&self.core, now).await?.is_some() {
            self.told = Some(now);
        }
        Ok(())
    }

    /// Ends when the queue stops.
    async fn run(mut self) {
        loop {
            let wait = self.step().await.unwrap_or_else(|error| {
                tracing::warn!(error = format!("{error:#}"), "no board is due this minute");
                LOOK
            });
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.core.signals.stopping() => return,
            }
        }
    }

    /// Queues one crawl of all boards that are due by now; returns how long to wait before the next look.
    pub(crate) async fn step(&mut self) -> Result<Duration> {
        let settings = settings::get(&self.core, Nothing {}).await?;
        let hours = settings.crawl_hours;
        let now = moment(&self.core);
        let rows: Vec<BoardRow> =
            self.core.store.job_boards().await?.into_iter().filter(|row| row.is_on).collect();
        let mut boards = rows.iter().map(|row| state(row, hours)).collect::<Result<Vec<_>>>()?;
        let before = boards.clone();
        self.clock.look(&mut boards, now);
        // What lay ahead of a clock that was set back counts as of now, at the next look as well.
        for ((row, before), after) in
            rows.iter().zip(&before).zip(&boards).filter(|((_, before), after)| before != after)
        {
            tracing::info!(board = row.name, ?before.asked, "the clock was set back");
            let circuit = serde_json::to_string(&after.circuit)?;
            let (added, asked) = (after.added.timestamp(), after.asked.map(|asked| asked.timestamp()));
            self.core.store.set_job_times(row.id, added, asked, &circuit).await?;
        }
        self.tell(now).await?;
        if hours == 0 {
            return Ok(LOOK);
        }
        let conditions = conditions(&self.core, &settings).await?;
        let places = due(&boards, &self.clock, &conditions, now);
        let ids: Vec<i64> = places.into_iter().map(|place| rows[place].id).collect();
        if !ids.is_empty() && !self.core.store.is_open_kind(crawl::TASK).await? {
            crawl::enqueue(&self.core, &ids, format!("Read {}", counted(ids.len(), "job board"))).await?;
        }
        let next = next_due(&boards, &self.clock, &UNMETERED, now);
        let wait = next.and_then(|next| (next - now).to_std().ok()).unwrap_or(LOOK);
        Ok(wait.clamp(LEAST, LOOK))
    }
}

/// When the next board is due, seconds since 1970 UTC; `None` where none is asked by itself.
pub(crate) async fn next(core: &Core) -> Result<Option<i64>> {
    let settings = settings::get(core, Nothing {}).await?;
    let hours = settings.crawl_hours;
    if hours == 0 || !core.config.resumes {
        return Ok(None);
    }
    let rows = core.store.job_boards().await?;
    let boards =
        rows.iter().filter(|row| row.is_on).map(|row| state(row, hours)).collect::<Result<Vec<_>>>()?;
    let conditions = conditions(core, &settings).await?;
    let next = next_due(&boards, &Clock::default(), &conditions, moment(core));
    Ok(next.map(|next| next.timestamp()))
}

/// What the machine is like, as far as the user makes crawls depend on it. What it does not say holds nothing up.
pub(super) async fn conditions(core: &Core, settings: &Settings) -> Result<Conditions> {
    let (when_metered, when_on_battery) = (!settings.spare_metered, !settings.spare_battery);
    let supply = match when_metered && when_on_battery {
        true => Supply::default(),
        false => settings::supply(core, Nothing {}).await?,
    };
    Ok(Conditions {
        metered: supply.metered.unwrap_or_default(),
        on_battery: supply.on_battery.unwrap_or_default(),
        when_metered,
        when_on_battery,
    })
}

fn state(row: &BoardRow, hours: u32) -> Result<BoardState> {
    let time = |seconds: i64| DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or_default();
    let mut state = BoardState::new(&row.name, hours.max(1), time(row.added_at));
    state.circuit = serde_json::from_str::<Circuit>(&row.circuit)?;
    state.asked = row.crawled_at.map(time);
    state.ended = row.outcome().map(|outcome| match outcome {
        CrawlOutcome::Complete | CrawlOutcome::Unchanged => Ended::Complete,
        CrawlOutcome::Partial => Ended::Partial,
        CrawlOutcome::Failed => Ended::Failed,
    });
    Ok(state)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::time::{SystemTime, UNIX_EPOCH};

    use internflow_domain::{Embedder, EngineError, TaskState};
    use internflow_store::activity::NewTask;
    use internflow_store::job_board::CrawlEnd;
    use internflow_store::search::{ChunkRow, IndexedFile, Words};

    use super::*;
    use crate::jobs::{AddBoard, add};
    use crate::{Engines, ask, testing};

    static NOW: AtomicI64 = AtomicI64::new(1_790_000_000);

    fn clock() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(NOW.load(Ordering::Relaxed) as u64)
    }

    /// Whether a crawl is begun in these hours, looked at each half hour. It is done at once.
    async fn crawled_in(schedule: &mut Schedule, hours: i64) -> usize {
        let core = schedule.core.clone();
        let mut crawls = 0;
        for _ in 0..hours * 2 {
            NOW.fetch_add(30 * 60, Ordering::Relaxed);
            schedule.step().await.expect("a look at the clock");
            let Some(claimed) = core.store.claim(&[crawl::TASK], 0, true).await.expect("the queue") else {
                continue;
            };
            crawls += 1;
            for board in core.store.job_boards().await.expect("boards") {
                let (outcome, skipped) = (CrawlOutcome::Complete, Vec::new());
                let ended =
                    CrawlEnd { circuit: &board.circuit, outcome, skipped: &skipped, validators: None };
                core.store.end_crawl(board.id, &ended, &[], core.now()).await.expect("it is written");
            }
            core.store.end_task(&claimed, TaskState::Done, None, core.now()).await.expect("it ends");
        }
        crawls
    }

    /// An embedder that never answers: a question asked of it takes as long as the longest review.
    struct Silent;

    #[async_trait::async_trait]
    impl Embedder for Silent {
        async fn embed(&self, _: Vec<String>) -> Result<Vec<Vec<f32>>, EngineError> {
            std::future::pending().await
        }

        fn dimension(&self) -> usize {
            1
        }

        fn version(&self) -> String {
            "silent".to_owned()
        }
    }

    /// Waits until a task of this kind has begun.
    async fn begun(core: &Core, kind: &str) {
        loop {
            let tasks = core.store.tasks(50).await.expect("tasks");
            if tasks.iter().any(|task| task.kind == kind && task.attempts > 0) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A repository with one function that questions are asked about, and a question that waits.
    async fn ask(core: &Core) {
        let id = core.store.add_repository("/shop", "shop").await.expect("a repository");
        let file = IndexedFile { path: "a.py".into(), blob: "b".into(), language: None, left_out: None };
        let row = ChunkRow {
            id: 0,
            repository_id: id,
            path: "a.py".into(),
            symbol: Some("orders".into()),
            start_line: 1,
            end_line: 2,
            text: "def orders(): pass".into(),
            text_hash: "h".into(),
        };
        core.store.replace_chunks(id, &file, vec![(row, Words::default())]).await.expect("a function");
        let rows: Vec<i64> = core.store.unplaced(id, 1).await.expect("it").iter().map(|row| row.id).collect();
        core.store.set_placed(&rows).await.expect("it counts as embedded");
        let payload = format!(r#"{{"repository_id":{id},"question":"Where are orders kept?"}}"#);
        let task = NewTask { kind: ask::TASK, title: "Answer".to_owned(), dedupe: "ask".to_owned(), payload };
        let question = "Where are orders kept?";
        core.store.add_answer(id, question, None, "head", &task, core.now()).await.expect("it is queued");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_board_that_falls_due_in_a_long_review_is_read_within_five_seconds() {
        let folder = tempfile::tempdir().expect("a folder");
        let core = testing::core_in(folder.path(), SystemTime::now, Engines::absent()).await;
        ask(&core).await;
        let board = AddBoard { address: "https://jobs.lever.co/mitrakosh".to_owned() };
        let id = add(&core, board).await.expect("it is followed").id;
        let row = core.store.job_board(id).await.expect("boards").expect("the board");
        let gap = state(&row, Settings::default().crawl_hours).expect("its state").gap();
        let due = core.now() + 8;
        core.store
            .set_job_times(id, row.added_at, Some(due - gap.num_seconds()), &row.circuit)
            .await
            .expect("its last crawl was a gap ago, less eight seconds");
        core.close().await;
        drop(core);

        let engines = Engines { embedder: Arc::new(Silent), ..Engines::absent() };
        let (core, queue) = testing::running(folder.path(), SystemTime::now, engines).await;
        let patience = Duration::from_secs(60);
        tokio::time::timeout(patience, begun(&core, ask::TASK)).await.expect("the long task runs");
        tokio::time::timeout(patience, begun(&core, crawl::TASK)).await.expect("the board is read");
        let late = core.now() - due;
        assert!((-1..=5).contains(&late), "a crawl waits for no review: it began {late} s after it was due");
        let answer =
            core.store.tasks(50).await.expect("tasks").into_iter().find(|task| task.kind == ask::TASK);
        assert_eq!(answer.map(|task| task.state), Some(TaskState::Running), "which went on meanwhile");
        queue.stop().await;
    }

    #[tokio::test]
    async fn a_board_is_due_twice_a_day_and_never_when_the_user_says_so() {
        let (core, _folder) = testing::core(clock).await;
        let board = AddBoard { address: "https://jobs.lever.co/mitrakosh".to_owned() };
        add(&core, board).await.expect("it is followed");
        let mut schedule = Schedule::new(core.clone());
        assert_eq!(crawled_in(&mut schedule, 2).await, 1, "what is new is read at once");
        assert_eq!(crawled_in(&mut schedule, 8).await, 0, "and then rests");
        let crawls = crawled_in(&mut schedule, 24 * 5).await;
        assert!(
            (9..=11).contains(&crawls),
            "every twelve hours, give or take an hour: {crawls} in five days"
        );
        // Somebody sets the clock back by three years.
        NOW.fetch_add(-3 * 365 * 24 * 60 * 60, Ordering::Relaxed);
        let crawls = crawled_in(&mut schedule, 48).await;
        assert!((3..=5).contains(&crawls), "a wrong clock starves no board: {crawls} in two days");
        let never = Settings { crawl_hours: 0, ..Settings::default() };
        settings::set(&core, never).await.expect("it is set");
        assert_eq!(crawled_in(&mut schedule, 48).await, 0);
    }
}
