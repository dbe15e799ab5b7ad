//! The claim ledger: what the user built in a repository, thing by thing, each with the lines that are still there and
//! the commits behind them; the features they worked on, what they fixed, and what became faster by their own word.
//! Counted by code, in a task of its own, and kept until it is counted again.

mod claims;
mod history;
pub(crate) mod told;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use anyhow::Result;
use internflow_code::{Built, BuiltKind, Language, built};
use internflow_domain::{Commit, Fact, Ledger, Task, Tone};
use internflow_git::Repo;
use internflow_store::activity::{Claimed, NewTask};
use internflow_store::repository::HistoryFilter;
use serde::{Deserialize, Serialize};

use crate::facts::{self, Frame, Manner, Topic, Work};
use crate::queue::Meter;
use crate::repositories::OfRepository;
use crate::{Core, authorship, blocking, counted, repositories};

pub(crate) const TASK: &str = "ledger";

/// Commits of the user whose changes are read one by one, the newest; the rest is left out and said so.
const MOST_COMMITS: usize = 600;
/// Commits between two looks at whether to go on.
const BATCH: usize = 20;
/// Names that a fact gives as examples.
const NAMED: usize = 4;

/// A thing of which at least half of the lines are the user's.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) path: String,
    pub(crate) thing: Built,
    /// Lines of it that are the user's, of those that are not empty.
    pub(crate) mine: u32,
    pub(crate) all: u32,
    pub(crate) commits: BTreeSet<String>,
}

/// What of a file's things is the user's. `authors` has the commit of each line that they wrote, `text` is the file
/// at HEAD.
pub(crate) fn made(
    path: &str,
    language: Option<Language>,
    text: &str,
    authors: &HashMap<u32, String>,
) -> Vec<Made> {
    let lines: Vec<&str> = text.lines().collect();
    let things = built(path, language, text).into_iter();
    things
        .filter_map(|thing| {
            let written = (thing.start_line..=thing.end_line)
                .filter(|line| lines.get(*line as usize - 1).is_some_and(|text| !text.trim().is_empty()));
            let (mut mine, mut all, mut commits) = (0, 0, BTreeSet::new());
            for line in written {
                all += 1;
                if let Some(commit) = authors.get(&line) {
                    mine += 1;
                    commits.insert(commit.clone());
                }
            }
            (mine > 0 && mine * 2 >= all).then(|| Made { path: path.to_owned(), thing, mine, all, commits })
        })
        .collect()
}

/// Kinds that get a bullet of their own, the least number that is worth one, how one and several are called, and the
/// verbs.
const BULLETS: [Kind; 6] = [
    (BuiltKind::Endpoint, 2, "endpoint", "endpoints", &["Built", "Implemented"]),
    (BuiltKind::Command, 2, "command", "commands", &["Added", "Programmed"]),
    (BuiltKind::Screen, 2, "screen", "screens", &["Created", "Built"]),
    (BuiltKind::Model, 3, "data model", "data models", &["Designed", "Modelled"]),
    (BuiltKind::Migration, 2, "database migration", "database migrations", &["Wrote", "Designed"]),
    (
        BuiltKind::Job,
        1,
        "job of continuous integration",
        "jobs of continuous integration",
        &["Automated", "Configured"],
    ),
];

/// A topic for each kind of thing that the user built some of.
pub(crate) fn topics(made: &[Made], work: &Work) -> Vec<Topic> {
    BULLETS.iter().filter_map(|kind| topic(made, work, kind)).collect()
}

type Kind = (BuiltKind, usize, &'static str, &'static str, &'static [&'static str]);

fn topic(made: &[Made], work: &Work, &(kind, least, one, many, verbs): &Kind) -> Option<Topic> {
    let manner = work.manner;
    let of: Vec<&Made> = made.iter().filter(|made| made.thing.kind == kind).collect();
    if of.len() < least {
        return None;
    }
    let count = format!("{} {}", of.len(), if of.len() == 1 { one } else { many });
    let files: BTreeSet<&str> = of.iter().map(|made| made.path.as_str()).collect();
    let mut facts = vec![Fact {
        text: count.clone(),
        method: format!(
            "syntax trees of {} at HEAD; at least half of each one's lines are yours, {}",
            counted(files.len(), "file"),
            work.method()
        ),
    }];
    let tools: BTreeSet<&str> = of
        .iter()
        .filter_map(|made| made.thing.detail.split(',').next())
        .filter(|tool| !tool.is_empty())
        .collect();
    let tool = (tools.len() == 1 && kind != BuiltKind::Job).then(|| tools.first().copied()).flatten();
    facts.extend(
        tool.map(|tool| Fact { text: format!("uses {tool}"), method: "what they are made with".into() }),
    );
    let name = |made: &&Made| manner.name(&made.thing.name).is_some();
    let mut named: Vec<&Made> = of.iter().copied().filter(name).collect();
    named.sort_by_key(|made| std::cmp::Reverse(made.all));
    let names: Vec<&str> = named.iter().map(|made| made.thing.name.as_str()).collect();
    named.truncate(NAMED);
    facts.extend(named.iter().map(|made| Fact {
        text: made.thing.name.clone(),
        method: format!("{}:{}", made.path, made.thing.start_line),
    }));
    let commits: BTreeSet<&String> = of.iter().flat_map(|made| &made.commits).collect();
    let shown = if manner.tone == Tone::Technical { NAMED } else { 2 };
    let which = match &names[..names.len().min(shown)] {
        [] => String::new(),
        all if all.len() == of.len() => format!(": {}", facts::and(all)),
        some => format!(", among them {}", facts::and(some)),
    };
    let with = tool.map(|tool| format!(" with {tool}")).unwrap_or_default();
    let before = format!("{} {count}{with}", verbs[0]);
    let plain = whole(&before, &which);
    let (before, after) = match of.len() {
        1 => (before + " for ", which),
        _ => (before + &which + ", some of them for ", String::new()),
    };
    let in_these = |commit: &Commit| commits.contains(&commit.sha);
    Some(Topic {
        slot: format!("built:{}", kind.as_str()),
        facts,
        told: work.told(None, &[], &names, in_these),
        commits: work.newest(in_these),
        frame: Frame::new(plain, before, after),
        verbs,
    })
}

/// What was counted and what it is, in as many words as a sentence needs.
fn whole(counted: &str, which: &str) -> String {
    const LEAST_WORDS: usize = 8;
    let sentence = format!("{counted}{which}");
    match sentence.split_whitespace().count() < LEAST_WORDS {
        true => format!("{counted} for the project{which}"),
        false => sentence,
    }
}

#[derive(Serialize, Deserialize)]
struct Payload {
    repository_id: i64,
}

/// Queues counting a repository anew.
pub async fn start(core: &Core, args: OfRepository) -> Result<Task> {
    let repository = repositories::one(core, args.repository_id).await?;
    let task = NewTask {
        kind: TASK,
        title: format!("Count your work in {}", repository.name),
        dedupe: format!("ledger:{}", repository.id),
        payload: serde_json::to_string(&Payload { repository_id: repository.id })?,
    };
    core.enqueue(&task).await
}

/// The ledger as it was counted last, or `None` before the first time.
pub async fn get(core: &Core, args: OfRepository) -> Result<Option<Ledger>> {
    let Some(mut ledger) = core.store.ledger(args.repository_id).await? else { return Ok(None) };
    ledger.stale = core.store.history_head(args.repository_id).await?.unwrap_or_default() != ledger.sha;
    Ok(Some(ledger))
}

pub(crate) async fn run(core: &Core, claimed: &Claimed) -> Result<()> {
    let payload: Payload = serde_json::from_str(&claimed.payload)?;
    let repository = repositories::look(core, payload.repository_id).await?;
    let mut meter = Meter::new(core, claimed, None);
    meter.report("Reading who wrote the lines").await?;
    let mine = authorship::mine(core, &repository).await?;
    let sha = core.store.history_head(repository.id).await?.unwrap_or_default();
    let (id, path, whose) = (repository.id, repository.path.clone(), mine.clone());
    let counted = blocking(move || facts::count(id, &path, &whose, Manner::default())).await?;
    let all = HistoryFilter { limit: u32::MAX, ..HistoryFilter::default() };
    let commits = core.store.history(repository.id, &all).await?.0;
    let commits: Vec<Commit> = commits.into_iter().map(|(commit, _)| commit).collect();
    let own: Vec<Commit> = commits.iter().filter(|commit| mine.wrote(commit)).cloned().collect();

    let (path, wrote) = (repository.path.clone(), own.clone());
    let (repo, fixed) = blocking(move || {
        let repo = Repo::open(Path::new(&path))?;
        let wrote: Vec<&Commit> = wrote.iter().collect();
        let fixed = told::fixed(&wrote, &told::changed(&repo, &wrote)?);
        Ok((repo, fixed))
    })
    .await?;
    let read = &own[..own.len().min(MOST_COMMITS)];
    let mut history = history::History::default();
    meter.begin(read.len() as u32);
    for batch in read.chunks(BATCH) {
        core.signals.nothing_is_written().await;
        meter.report("Reading what each commit changed").await?;
        let (repo, batch, fixed, mut so_far) = (repo.clone(), batch.to_vec(), fixed.clone(), history);
        history = blocking(move || {
            so_far.read(&repo, &batch, &fixed);
            Ok(so_far)
        })
        .await?;
        meter.add(BATCH as u32);
    }
    meter.report("Putting it together").await?;
    let reviews = core.store.contributions().await?;
    let of = claims::Of { repository, sha, mine, counted, commits, own, fixed, history, reviews };
    let now = core.now();
    let ledger = blocking(move || claims::ledger(&repo, of, now)).await?;
    core.store.finish_ledger(claimed, payload.repository_id, &ledger, now).await?;
    core.announce("ledger");
    Ok(())
}
