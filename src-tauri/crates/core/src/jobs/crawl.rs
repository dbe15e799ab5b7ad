//! Crawls of the boards that are followed, on a thread of their own. Boards of one host wait for each other, hosts do
//! not. Each board writes what it lists as it is read, and how its crawl ended at its end.

use std::collections::{BTreeMap, HashMap, VecDeque};

use anyhow::Result;
use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt};
use internflow_crawler::freshness::{self, Known, Outcome, Seen};
use internflow_crawler::polite::Circuit;
use internflow_crawler::{Answer, Board, Crawl, Filled, Posting};
use internflow_domain::{CrawlOutcome, Task};
use internflow_store::activity::{Claimed, NewTask};
use internflow_store::job_board::{BoardRow, CrawlEnd};
use internflow_store::posting::{KnownRow, PostingRow};
use serde::{Deserialize, Serialize};

use super::visit::{Validators, Visits};
use super::{closeness, openings};
use crate::api::Nothing;
use crate::queue::Meter;
use crate::{Core, counted, settings};

pub(crate) const TASK: &str = "crawl";

/// Hosts that are asked at once.
const HOSTS: usize = 8;
/// Texts that are asked for one by one in a crawl of a board; the rest comes with the next.
const TEXTS: usize = 60;

#[derive(Serialize, Deserialize)]
struct Payload {
    board_ids: Vec<i64>,
}

/// Queues a crawl of all boards that are on, now.
pub async fn start(core: &Core, _: Nothing) -> Result<Task> {
    let boards = core.store.job_boards().await?;
    let ids: Vec<i64> = boards.iter().filter(|board| board.is_on).map(|board| board.id).collect();
    let title = format!("Read {}", counted(ids.len(), "job board"));
    enqueue(core, &ids, title).await
}

/// Queues a crawl of these boards.
pub(super) async fn enqueue(core: &Core, board_ids: &[i64], title: String) -> Result<Task> {
    let ids: Vec<String> = board_ids.iter().map(i64::to_string).collect();
    let task = NewTask {
        kind: TASK,
        title,
        dedupe: format!("crawl:{}", ids.join(",")),
        payload: serde_json::to_string(&Payload { board_ids: board_ids.to_vec() })?,
    };
    core.enqueue(&task).await
}

pub(crate) async fn run(core: &Core, claimed: &Claimed) -> Result<()> {
    let payload: Payload = serde_json::from_str(&claimed.payload)?;
    let boards = core.store.job_boards().await?;
    let boards = boards.into_iter().filter(|board| board.is_on && payload.board_ids.contains(&board.id));
    let mut by_host: BTreeMap<String, Vec<BoardRow>> = BTreeMap::new();
    let mut all = 0;
    for row in boards {
        let first = Crawl::new(serde_json::from_str(&row.board)?).1;
        let host = url::Url::parse(&first.address).ok().and_then(|url| url.host_str().map(str::to_owned));
        by_host.entry(host.unwrap_or_default()).or_default().push(row);
        all += 1;
    }
    let mut meter = Meter::new(core, claimed, Some("boards".to_owned()));
    meter.begin(all);
    meter.report("Asking the first boards").await?;
    // Its connections end with the crawl, and none of them is on the runtime of the window.
    let net = core.own_net()?;
    let lanes = by_host
        .into_values()
        .map(|rows| Ok((Visits::new(core, net.clone(), core.config.boards_through.as_deref())?, rows)));
    let lanes: Vec<(Visits, Vec<BoardRow>)> = lanes.collect::<Result<_>>()?;
    let meter = tokio::sync::Mutex::new(meter);
    // Each lane reports by itself: one that is not polled may hold the only connection that writes.
    futures::stream::iter(lanes)
        .map(Ok)
        .try_for_each_concurrent(HOSTS, async |(mut visits, rows)| {
            for row in rows {
                // A board that can't be written costs the others nothing.
                if let Err(error) = board(core, &mut visits, &row).await {
                    tracing::warn!(
                        board = row.title,
                        error = format!("{error:#}"),
                        "the crawl of a board broke off"
                    );
                }
                let mut meter = meter.lock().await;
                meter.advance();
                meter.report(format!("Read {}", row.title)).await?;
            }
            anyhow::Ok(())
        })
        .await?;
    forget_closed(core).await?;
    core.store.finish_written(claimed, core.now()).await?;
    core.announce("jobs");
    core.announce("boards");
    closeness::due(core).await
}

/// Forgets what was closed for as long as the user set.
async fn forget_closed(core: &Core) -> Result<()> {
    let days = settings::get(core, Nothing {}).await?.forget_closed_days;
    if days > 0 {
        let forgotten = core.store.forget_closed(core.now() - i64::from(days) * 24 * 60 * 60).await?;
        tracing::debug!(forgotten, days, "postings were closed for long");
    }
    Ok(())
}

/// What a crawl of a board has heard so far.
#[derive(Default)]
struct Heard {
    seen: Vec<Seen>,
    skipped: Vec<String>,
    /// Why it broke off, and whether that will pass by itself.
    broken: Option<(String, bool)>,
    complete: bool,
    unchanged: bool,
    validators: Option<Validators>,
    /// Keys of postings that were written.
    written: Vec<String>,
    /// Texts that were asked for one by one.
    texts: usize,
    /// Texts that are left for the next crawl.
    left: usize,
}

async fn board(core: &Core, visits: &mut Visits, row: &BoardRow) -> Result<()> {
    let mut circuit: Circuit = serde_json::from_str(&row.circuit)?;
    if !circuit.ask(moment(core)) {
        return Ok(());
    }
    core.store.set_job_circuit(row.id, &serde_json::to_string(&circuit)?).await?;
    core.announce("boards");
    let rows = core.store.known_postings(row.id).await?;
    let known: HashMap<&str, &KnownRow> =
        rows.iter().map(|known| (known.source_id.as_str(), known)).collect();

    let heard = listen(core, visits, row, &known).await?;

    let now = moment(core);
    match &heard.broken {
        Some((why, lasting)) => circuit.failed(why, *lasting, now, jitter(now)),
        None => circuit.worked(),
    }
    let outcome = match () {
        () if heard.unchanged => Outcome::Unchanged,
        () if heard.complete => Outcome::Complete(heard.seen),
        () if heard.seen.is_empty() && heard.broken.is_some() => Outcome::Failed,
        () => Outcome::Partial(heard.seen),
    };
    let before: Vec<Known> =
        rows.iter().map(|row| Ok(serde_json::from_str(&row.known)?)).collect::<Result<_>>()?;
    let (after, events) = freshness::after(&before, &outcome, now);
    let as_it_was: HashMap<&str, &Known> = before.iter().map(|known| (known.id.as_str(), known)).collect();
    let known: Vec<(String, String, bool)> = after
        .iter()
        .filter(|posting| as_it_was.get(posting.id.as_str()) != Some(posting))
        .map(|posting| {
            let open = posting.state == freshness::State::Open;
            Ok((openings::key(&row.name, &posting.id), serde_json::to_string(posting)?, open))
        })
        .collect::<Result<_>>()?;
    let mut skipped = heard.skipped;
    if heard.left > 0 {
        skipped.push(format!("{} more are read at the next crawls", counted(heard.left, "text")));
    }
    let validators = heard.validators.map(|validators| serde_json::to_string(&validators)).transpose()?;
    let ended = CrawlEnd {
        circuit: &serde_json::to_string(&circuit)?,
        outcome: match outcome {
            Outcome::Complete(_) => CrawlOutcome::Complete,
            Outcome::Partial(_) => CrawlOutcome::Partial,
            Outcome::Unchanged => CrawlOutcome::Unchanged,
            Outcome::Failed => CrawlOutcome::Failed,
        },
        skipped: &skipped,
        validators: validators.as_deref(),
    };
    core.store.end_crawl(row.id, &ended, &known, core.now()).await?;
    let mut changed = heard.written;
    changed.extend(events.iter().map(|(id, _)| openings::key(&row.name, id)));
    openings::settle(core, &changed).await?;
    core.announce("boards");
    core.announce("jobs");
    Ok(())
}

/// Asks the board until it has said all, or breaks off. Postings are written as they come.
async fn listen(
    core: &Core,
    visits: &mut Visits,
    row: &BoardRow,
    known: &HashMap<&str, &KnownRow>,
) -> Result<Heard> {
    let board: Board = serde_json::from_str(&row.board)?;
    let validators: Option<Validators> = row.validators.as_deref().map(serde_json::from_str).transpose()?;
    let mut heard = Heard::default();
    let (mut crawl, first) = Crawl::new(board.clone());
    let mut to_ask = VecDeque::from([first]);
    while let Some(request) = to_ask.pop_front() {
        let with = validators.as_ref().filter(|_| request.whole);
        let answer = match visits.ask(&request, with).await {
            Ok(answer) => answer,
            Err(why) => {
                heard.skipped.push(why.clone());
                heard.broken = Some((why, false));
                break;
            }
        };
        let step = crawl.take(&request, &Answer { status: answer.status, body: &answer.body });
        (heard.complete, heard.unchanged) = (step.complete, step.unchanged);
        if let Some(why) = step.broken {
            heard.broken = Some((why, matches!(answer.status, 404 | 410)));
        } else if request.whole && answer.status != 304 {
            heard.validators = answer.validators;
        }
        for skipped in step.skipped {
            // Still listed, so it is not missing; unknown ones are none of ours yet.
            if let Some(id) = skipped.id.as_ref().filter(|id| known.contains_key(id.as_str())) {
                heard.seen.push(Seen { id: id.clone(), hash: None, published: None });
            }
            heard.skipped.push(match skipped.id {
                Some(id) => format!("{id}: {}", skipped.why),
                None => skipped.why,
            });
        }
        let mut rows = Vec::new();
        for posting in step.postings {
            rows.extend(take(core, visits, &board, row, posting, known, &mut heard).await?);
        }
        core.store.put_postings(Some(row.id), &rows).await?;
        heard.written.extend(rows.into_iter().map(|row| row.key));
        to_ask.extend(step.next);
    }
    Ok(heard)
}

/// Takes note of a posting, and asks for its text where the list has none and it is new or changed. `None` where what
/// is stored still holds.
async fn take(
    core: &Core,
    visits: &mut Visits,
    board: &Board,
    row: &BoardRow,
    mut posting: Posting,
    known: &HashMap<&str, &KnownRow>,
    heard: &mut Heard,
) -> Result<Option<PostingRow>> {
    let before = known.get(posting.id.as_str());
    let listed = posting.listed_hash();
    let unread = |heard: &mut Heard, posting: &Posting| {
        heard.seen.push(Seen { id: posting.id.clone(), hash: None, published: posting.published });
    };
    if !posting.described {
        if before.is_some_and(|before| before.listed_hash == listed) {
            unread(heard, &posting);
            return Ok(None);
        }
        if heard.texts >= TEXTS {
            heard.left += 1;
        }
        while let Some(request) = posting.detail.clone().filter(|_| heard.texts < TEXTS) {
            heard.texts += 1;
            let filled = match visits.ask(&request, None).await {
                Ok(answer) => board.fill(&mut posting, &Answer { status: answer.status, body: &answer.body }),
                Err(why) => Filled::Broken(why),
            };
            match filled {
                Filled::Done => break,
                Filled::Again => {}
                Filled::Gone => return Ok(None),
                Filled::Broken(why) => {
                    heard.skipped.push(format!("{}: {why}", posting.title));
                    break;
                }
            }
        }
        // What was read before is better than a head without a text.
        if !posting.described && before.is_some() {
            unread(heard, &posting);
            return Ok(None);
        }
    }
    if is_of_one_firm(board) {
        posting.company.get_or_insert_with(|| row.title.clone());
    }
    let hash = posting.content_hash();
    heard.seen.push(Seen { id: posting.id.clone(), hash: hash.clone(), published: posting.published });
    let stored: Option<Known> = before.map(|before| serde_json::from_str(&before.known)).transpose()?;
    if stored.as_ref().is_some_and(|stored| stored.hash == hash && hash.is_some()) {
        return Ok(None);
    }
    // A crawl that breaks off has told of it all the same.
    let known = stored.unwrap_or_else(|| {
        let one = Seen { id: posting.id.clone(), hash, published: posting.published };
        freshness::after(&[], &Outcome::Partial(vec![one]), moment(core)).0.remove(0)
    });
    // Without its text it is asked for again.
    let listed = if posting.described { listed } else { String::new() };
    openings::row(&row.name, posting, &known, listed, moment(core)).map(Some)
}

/// The board is a company's own: what it lists is of that company, though the text may not say so.
fn is_of_one_firm(board: &Board) -> bool {
    !matches!(board, Board::HackerNews { .. } | Board::Feed { .. } | Board::List { .. } | Board::Page { .. })
}

pub(super) fn moment(core: &Core) -> DateTime<Utc> {
    (core.config.clock)().into()
}

/// From 0 to 1.
fn jitter(now: DateTime<Utc>) -> f64 {
    f64::from(now.timestamp_subsec_millis().min(999)) / 1000.0
}
