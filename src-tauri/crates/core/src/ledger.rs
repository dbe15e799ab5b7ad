//! The claim ledger: what the user built in a repository, thing by thing, each with the lines that are still there and
//! the commits behind them; what they fixed, and what became faster by their own word. Counted by code.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use anyhow::Result;
use internflow_code::{Built, BuiltKind, Gain, Language, Quantity, Sureness, built, fix, speedups};
use internflow_domain::{Claim, ClaimKind, ClaimLines, Commit, Fact, Ledger, Repository, short};
use internflow_git::Repo;

use crate::authorship::Mine;
use crate::facts::{self, Topic};
use crate::{Core, authorship, blocking, counted, repositories};

/// Files of a commit that are looked at to tell whether it fixes the program.
const MOST_FILES: usize = 50;
/// Names that a fact gives as examples.
const NAMED: usize = 4;

/// A thing of which at least half of the lines are the user's.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) path: String,
    pub(crate) thing: Built,
    /// Lines of it that are the user's, of those that are not empty.
    mine: u32,
    all: u32,
    pub(crate) commits: BTreeSet<String>,
}

/// What of a file's things is the user's. `authors` has the commit of each line that they wrote, `text` is the file
/// at HEAD.
pub(crate) fn made(path: &str, language: Language, text: &str, authors: &HashMap<u32, String>) -> Vec<Made> {
    let lines: Vec<&str> = text.lines().collect();
    let things = built(path, Some(language), text).into_iter();
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
const BULLETS: [(BuiltKind, usize, &str, &str, &[&str]); 6] = [
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
pub(crate) fn topics(made: &[Made], mine: &[&Commit], method: &str) -> Vec<Topic> {
    let topic = |(kind, least, one, many, verbs): (BuiltKind, usize, &str, &str, &'static [&'static str])| {
        let of: Vec<&Made> = made.iter().filter(|made| made.thing.kind == kind).collect();
        if of.len() < least {
            return None;
        }
        let count = format!("{} {}", of.len(), if of.len() == 1 { one } else { many });
        let files: BTreeSet<&str> = of.iter().map(|made| made.path.as_str()).collect();
        let mut facts = vec![Fact {
            text: count.clone(),
            method: format!(
                "syntax trees of {} at HEAD; at least half of each one's lines are yours, {method}",
                counted(files.len(), "file")
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
        let mut named: Vec<&Made> = of.clone();
        named.sort_by_key(|made| std::cmp::Reverse(made.all));
        let named = &named[..named.len().min(NAMED)];
        facts.extend(named.iter().map(|made| Fact {
            text: made.thing.name.clone(),
            method: format!("{}:{}", made.path, made.thing.start_line),
        }));
        let commits: BTreeSet<&String> = of.iter().flat_map(|made| &made.commits).collect();
        let names: Vec<&str> = named.iter().take(2).map(|made| made.thing.name.as_str()).collect();
        let with = tool.map(|tool| format!(" with {tool}")).unwrap_or_default();
        Some(Topic {
            slot: format!("built:{}", kind.as_str()),
            facts,
            subjects: facts::subjects(mine, |commit| commits.contains(&commit.sha)),
            commits: mine.iter().filter(|c| commits.contains(&c.sha)).map(|c| c.sha.clone()).collect(),
            plain: format!("{} {count}{with}, such as {}.", verbs[0], facts::and(&names)),
            verbs,
        })
    };
    BULLETS.into_iter().filter_map(topic).collect()
}

/// Every claim of the user's work in a repository.
pub async fn ledger(core: &Core, repository: &Repository) -> Result<Ledger> {
    let mine = authorship::mine(core, repository).await?;
    let (id, path, name) = (repository.id, repository.path.clone(), repository.name.clone());
    blocking(move || {
        let counted = facts::count(id, &path, &mine)?;
        let claims = things(&counted.made).into_iter().chain(told(&path, &mine)?).collect();
        Ok(Ledger { repository: name, method: counted.method, claims })
    })
    .await
}

fn things(made: &[Made]) -> Vec<Claim> {
    let claim = |made: &Made| Claim {
        kind: match made.thing.kind {
            BuiltKind::Endpoint => ClaimKind::Endpoint,
            BuiltKind::Command => ClaimKind::Command,
            BuiltKind::Screen => ClaimKind::Screen,
            BuiltKind::Model => ClaimKind::Model,
            BuiltKind::Test => ClaimKind::Test,
            BuiltKind::Benchmark => ClaimKind::Benchmark,
            BuiltKind::Job => ClaimKind::Job,
            BuiltKind::Service => ClaimKind::Service,
            BuiltKind::Migration => ClaimKind::Migration,
        },
        what: made.thing.name.clone(),
        detail: made.thing.detail.clone(),
        lines: Some(ClaimLines {
            path: made.path.clone(),
            start_line: made.thing.start_line,
            end_line: made.thing.end_line,
        }),
        method: format!("{} of its {} lines are yours", made.mine, made.all),
        commits: made.commits.iter().cloned().collect(),
    };
    made.iter().map(claim).collect()
}

/// What the messages of the user's commits bear out.
fn told(path: &str, mine: &Mine) -> Result<Vec<Claim>> {
    let repo = Repo::open(Path::new(path))?;
    let mut claims = Vec::new();
    let log = repositories::masked(repo.log()?);
    let own: Vec<&Commit> = log.commits.iter().filter(|commit| mine.wrote(commit)).collect();
    let shas: Vec<String> = own.iter().map(|commit| commit.sha.clone()).collect();
    let changed: HashMap<String, Vec<String>> = repo
        .file_sizes(&shas, MOST_FILES)?
        .into_iter()
        .map(|of| (of.sha, of.files.into_iter().flatten().map(|file| file.path).collect()))
        .collect();
    for commit in own {
        let message = format!("{}\n\n{}", commit.subject, commit.body);
        let paths: Vec<&str> = changed.get(&commit.sha).into_iter().flatten().map(String::as_str).collect();
        let claim = |kind, what: &str, detail: String, method: String| Claim {
            kind,
            what: what.to_owned(),
            detail,
            lines: None,
            method,
            commits: vec![commit.sha.clone()],
        };
        if let Some(found) = fix(&message, &paths, &[]).filter(|found| found.sureness >= Sureness::Likely) {
            let sure = if found.sureness == Sureness::Sure { "surely" } else { "likely" };
            let method = format!("{sure} a fix, by the message of {}", short(&commit.sha));
            claims.push(claim(ClaimKind::Fix, &commit.subject, String::new(), method));
        }
        for found in speedups(&message) {
            let method = format!("stated in the message of {}: {}", short(&commit.sha), found.sentence);
            claims.push(claim(ClaimKind::Speedup, &found.what, gain(&found.gain, &found.hedge), method));
        }
    }
    Ok(claims)
}

fn gain(gain: &Gain, hedge: &str) -> String {
    let quantity = |of: &Quantity| format!("{} {}", of.value, of.unit).trim().to_owned();
    let said = match gain {
        Gain::FromTo { before, after } => format!("from {} to {}", quantity(before), quantity(after)),
        Gain::Times(times) => format!("{times} times"),
        Gain::Percent(percent) => format!("{percent} %"),
    };
    format!("{hedge} {said}").trim().to_owned()
}
