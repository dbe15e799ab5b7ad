//! Claims from what was counted and read, and what was left out.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use anyhow::Result;
use internflow_code::{BuiltKind, Gain, Quantity, Sureness, speedups, themes};
use internflow_domain::{
    Claim, ClaimKind, ClaimLines, Commit, Contribution, ContributionKind, Fact, Ledger, NotCounted,
    Repository, short,
};
use internflow_git::Repo;

use super::history::{History, origin};
use super::told::{Fixed, message};
use super::{MOST_COMMITS, Made};
use crate::authorship::Mine;
use crate::counted;
use crate::facts::Counted;

/// Features that are claimed of one repository.
const MOST_FEATURES: usize = 40;
/// Fixes whose lines are traced back, those that change most.
const MOST_TRACED: usize = 40;
/// Names that a test is said to cover.
const MOST_COVERED: usize = 4;
const DAY: i64 = 86_400;

/// All that a ledger is made from.
pub(super) struct Of {
    pub(super) repository: Repository,
    pub(super) sha: String,
    pub(super) mine: Mine,
    pub(super) counted: Counted,
    /// Everybody's, newest first.
    pub(super) commits: Vec<Commit>,
    /// The user wrote these.
    pub(super) own: Vec<Commit>,
    pub(super) fixed: Vec<Fixed>,
    pub(super) history: History,
    pub(super) reviews: Vec<Contribution>,
}

/// Puts the ledger together. Within a kind the heavier comes first, and time has no part in it.
pub(super) fn ledger(repo: &Repo, of: Of, now: i64) -> Result<Ledger> {
    let mut claims = features(&of.history);
    claims.extend(of.counted.made.iter().map(|made| built(made, &of.counted.defined)));
    claims.extend(fixes(repo, &of));
    claims.extend(faster(&of.own));
    claims.extend(dropped(repo, &of)?);
    claims.extend(skills(&of.counted));
    claims.extend(consistency(&of.own));
    claims.extend(reviews(&of));
    claims.sort_by(|a, b| (a.kind, b.weight, &a.what).cmp(&(b.kind, a.weight, &b.what)));
    let left_out = left_out(&of);
    let (repository, sha, method) = (of.repository.name, of.sha, of.counted.method);
    Ok(Ledger { repository, sha, made_at: now, stale: false, method, claims, left_out })
}

fn claim(kind: ClaimKind, what: impl Into<String>, weight: u32, commits: Vec<String>) -> Claim {
    Claim {
        kind,
        what: what.into(),
        detail: String::new(),
        lines: None,
        method: String::new(),
        numbers: Vec::new(),
        weight,
        commits,
        url: None,
    }
}

fn number(text: impl Into<String>, method: impl Into<String>) -> Fact {
    Fact { text: text.into(), method: method.into() }
}

fn features(history: &History) -> Vec<Claim> {
    let one = |theme: internflow_code::Theme| {
        let days = (theme.last - theme.first) / DAY + 1;
        let mut numbers = vec![
            number(format!("{} lines", theme.authored), "lines that these commits added, git log --numstat"),
            number(counted(theme.files.len(), "file"), "files that these commits change"),
        ];
        if theme.commits.len() > 1 {
            numbers.push(number(counted(theme.commits.len(), "commit"), "commits of the theme"));
            let query = "from the first to the last of these commits";
            numbers.push(number(counted(days as usize, "day"), query));
        }
        let files: Vec<&str> = theme.files.iter().take(3).map(String::as_str).collect();
        Claim {
            detail: files.join(", "),
            method: "commits that belong together by their files, their symbols and their time".to_owned(),
            numbers,
            ..claim(ClaimKind::Feature, theme.name, theme.authored, theme.commits)
        }
    };
    themes(&history.changes).into_iter().take(MOST_FEATURES).map(one).collect()
}

fn built(made: &Made, defined: &HashSet<String>) -> Claim {
    let (kind, thing) = (kind(made.thing.kind), &made.thing);
    let last = |name: &str| name.rsplit(['.', ':']).next().unwrap_or(name).to_owned();
    let covers: BTreeSet<String> =
        thing.calls.iter().map(|name| last(name)).filter(|name| defined.contains(name)).collect();
    let covered: Vec<&str> = covers.iter().take(MOST_COVERED).map(String::as_str).collect();
    let detail = match covered.as_slice() {
        [] => thing.detail.clone(),
        names => format!("covers {}", names.join(", ")),
    };
    let mut numbers = vec![number(
        format!("{} of its {} lines are yours", made.mine, made.all),
        format!("git blame of {} at HEAD", made.path),
    )];
    if !covers.is_empty() {
        let text = counted(covers.len(), "function") + " of the program called";
        numbers.push(number(text, "names that the test calls and that files outside of the tests define"));
    }
    let lines =
        ClaimLines { path: made.path.clone(), start_line: thing.start_line, end_line: thing.end_line };
    Claim {
        detail,
        lines: Some(lines),
        method: format!("{} of its {} lines are yours", made.mine, made.all),
        numbers,
        ..claim(kind, thing.name.clone(), made.mine, made.commits.iter().cloned().collect())
    }
}

fn kind(kind: BuiltKind) -> ClaimKind {
    match kind {
        BuiltKind::Endpoint => ClaimKind::Endpoint,
        BuiltKind::Command => ClaimKind::Command,
        BuiltKind::Screen => ClaimKind::Screen,
        BuiltKind::Model => ClaimKind::Model,
        BuiltKind::Test => ClaimKind::Test,
        BuiltKind::Benchmark => ClaimKind::Benchmark,
        BuiltKind::Job => ClaimKind::Job,
        BuiltKind::Service => ClaimKind::Service,
        BuiltKind::Migration => ClaimKind::Migration,
    }
}

fn fixes(repo: &Repo, of: &Of) -> Vec<Claim> {
    let times: HashMap<String, i64> =
        of.commits.iter().map(|commit| (commit.sha.clone(), commit.time)).collect();
    let mut fixed: Vec<&Fixed> = of.fixed.iter().collect();
    fixed.sort_by_key(|fixed| std::cmp::Reverse(fixed.lines));
    let one = |(rank, fixed): (usize, &Fixed)| {
        let commit = of.own.iter().find(|commit| commit.sha == fixed.sha)?;
        let tests = of.history.tests.get(&fixed.sha).map_or(0, Vec::len);
        let sureness = if tests > 0 { Sureness::Sure } else { fixed.sureness };
        let (word, weight) = match sureness {
            Sureness::Sure => ("surely", 3_000),
            Sureness::Likely => ("likely", 2_000),
            Sureness::Perhaps => ("perhaps", 1_000),
        };
        let mut numbers =
            vec![number(counted(fixed.lines as usize, "line") + " changed", "git show --numstat")];
        if tests > 0 {
            numbers.push(number(counted(tests, "new test"), "tests that the same commit adds"));
        }
        // A line that can't be traced has no turnaround, and the fix stands all the same.
        let came =
            if rank < MOST_TRACED { origin(repo, &fixed.sha, &times).unwrap_or_default() } else { None };
        if let Some((sha, time)) = came {
            let days = (commit.time - time).max(0) / DAY;
            let after =
                if days == 0 { "the same day".to_owned() } else { counted(days as usize, "day") + " later" };
            let query =
                format!("git blame, before the fix, of the lines it takes away: written in {}", short(&sha));
            numbers.push(number(format!("fixed {after}"), query));
        }
        let method = format!("{word} a fix, by the message and the files of {}", short(&fixed.sha));
        let claim = claim(
            ClaimKind::Fix,
            commit.subject.clone(),
            weight + fixed.lines.min(999),
            vec![fixed.sha.clone()],
        );
        Some(Claim { method, numbers, ..claim })
    };
    fixed.into_iter().enumerate().filter_map(one).collect()
}

fn faster(own: &[Commit]) -> Vec<Claim> {
    let of = |commit: &Commit| -> Vec<Claim> {
        let one = |found: internflow_code::Speedup| {
            let said = gain(&found.gain, &found.hedge);
            Claim {
                method: format!("stated in the message of {}: {}", short(&commit.sha), found.sentence),
                numbers: vec![number(said, format!("line {} of the commit's message", found.line))],
                ..claim(ClaimKind::Speedup, found.what, size(&found.gain), vec![commit.sha.clone()])
            }
        };
        speedups(&message(commit)).into_iter().map(one).collect()
    };
    own.iter().flat_map(of).collect()
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

/// A gain as a percentage, to compare it with others. Units that differ are not converted.
fn size(gain: &Gain) -> u32 {
    match gain {
        Gain::FromTo { before, after }
            if before.unit == after.unit && before.value > 0.0 && after.value > 0.0 =>
        {
            let (large, small) = (before.value.max(after.value), before.value.min(after.value));
            ((large / small - 1.0) * 100.0) as u32
        }
        Gain::FromTo { .. } => 1,
        Gain::Times(times) => ((times - 1.0).max(0.0) * 100.0) as u32,
        Gain::Percent(percent) => *percent as u32,
    }
}

/// Dependencies that the user took out and that no manifest at HEAD names again.
fn dropped(repo: &Repo, of: &Of) -> Result<Vec<Claim>> {
    let mut manifests: HashMap<&str, String> = HashMap::new();
    if !of.history.dropped.is_empty() {
        let wanted: HashSet<&str> = of.history.dropped.iter().map(|one| one.path.as_str()).collect();
        for file in repo.files(&of.sha)? {
            if let Some(path) = wanted.get(file.path.as_str()) {
                let text = repo.blob(&file.blob)?.unwrap_or_default();
                manifests.insert(*path, String::from_utf8_lossy(&text).into_owned());
            }
        }
    }
    let mut known: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for one in &of.history.dropped {
        let again = manifests.get(one.path.as_str()).is_none_or(|text| text.contains(one.package.as_str()));
        if !again {
            known.entry((one.package.as_str(), one.path.as_str())).or_insert(&one.sha);
        }
    }
    let one = |((package, path), sha): ((&str, &str), &str)| Claim {
        detail: format!("out of {path}"),
        method: format!("{path} before and after {}; it is not named there at HEAD", short(sha)),
        ..claim(ClaimKind::Dependency, package, 1, vec![sha.to_owned()])
    };
    Ok(known.into_iter().map(one).collect())
}

fn skills(counted: &Counted) -> Vec<Claim> {
    let one = |skill: &internflow_store::achievement::ProvenSkill| {
        let language = skill.kind == "language";
        let kind = if language { ClaimKind::Language } else { ClaimKind::Framework };
        let numbers = if language {
            vec![number(format!("{} lines are left of what you wrote", skill.uses), counted.method.clone())]
        } else {
            Vec::new()
        };
        let detail = if language { String::new() } else { skill.kind.clone() };
        let claim = claim(kind, skill.name.clone(), skill.uses, skill.commits.clone());
        Claim { detail, method: skill.method.clone(), numbers, ..claim }
    };
    counted.skills.iter().map(one).collect()
}

fn consistency(own: &[Commit]) -> Option<Claim> {
    let days: BTreeSet<i64> = own.iter().map(|commit| commit.time.div_euclid(DAY)).collect();
    let weeks: BTreeSet<i64> = days.iter().map(|day| day.div_euclid(7)).collect();
    let (first, last) = (weeks.first()?, weeks.last()?);
    let (mut run, mut longest, mut before) = (0_usize, 0, None);
    for week in &weeks {
        run = if before == Some(week - 1) { run + 1 } else { 1 };
        (longest, before) = (longest.max(run), Some(*week));
    }
    let all = (last - first + 1) as usize;
    if all < 2 {
        return None;
    }
    let query = "days of your commits by their author time, in weeks of seven days";
    Some(Claim {
        method: "git log of your commits, without merges".to_owned(),
        numbers: vec![
            number(format!("{} of {all} weeks", weeks.len()), query),
            number(counted(days.len(), "day"), "days with a commit"),
            number(format!("{} in a row", counted(longest, "week")), "the longest run of such weeks"),
        ],
        ..claim(
            ClaimKind::Consistency,
            format!("Commits in {} of {all} weeks", weeks.len()),
            weeks.len() as u32,
            Vec::new(),
        )
    })
}

fn reviews(of: &Of) -> Vec<Claim> {
    let here = of.repository.remote.as_ref().map(|remote| remote.full_name.as_str());
    let given = of
        .reviews
        .iter()
        .filter(|one| one.kind == ContributionKind::Review && here == Some(one.repository.as_str()));
    let one = |given: &Contribution| Claim {
        method: format!("reviews of your account on GitHub: {}#{}", given.repository, given.number),
        url: Some(given.url.clone()),
        ..claim(ClaimKind::Review, given.title.clone(), 1, Vec::new())
    };
    given.map(one).collect()
}

fn left_out(of: &Of) -> Vec<NotCounted> {
    let mut all = Vec::new();
    let mut add = |what: String, why: &str, commits: Vec<String>| {
        all.push(NotCounted { what, why: why.to_owned(), commits });
    };
    if let Some(import) = of.repository.import.as_ref().filter(|import| !import.mine) {
        let template = of.repository.remote.as_ref().is_some_and(|remote| remote.template);
        let why = if template {
            "the repository was made from a template, so its first commit is starter code"
        } else {
            "more than anybody writes at once; say on the repository's page that it is yours if you wrote it"
        };
        let what = format!("a first commit of {}", counted(import.size.files as usize, "file"));
        add(what, why, vec![import.sha.clone()]);
    }
    if of.repository.remote.as_ref().is_some_and(|remote| remote.fork) {
        let others = of.commits.iter().filter(|commit| commit.parents < 2 && !of.mine.has(commit)).count();
        add(counted(others, "commit"), "a fork: what its authors wrote is theirs", Vec::new());
    }
    let merges =
        of.commits.iter().filter(|c| c.parents > 1 && of.mine.emails.contains(&c.author_email)).count();
    if merges > 0 {
        add(counted(merges, "merge"), "a merge has no code of its own", Vec::new());
    }
    let shared: Vec<String> = of
        .commits
        .iter()
        .filter(|commit| of.mine.has(commit) && !of.mine.wrote(commit))
        .map(|commit| commit.sha.clone())
        .collect();
    if !shared.is_empty() {
        let why = "others wrote them with you; no line of them is surely yours";
        add(counted(shared.len(), "commit"), why, shared);
    }
    if !of.counted.sweeps.is_empty() {
        let why = "they only lay code out anew, so that their lines were written by others or before";
        add(counted(of.counted.sweeps.len(), "commit"), why, of.counted.sweeps.clone());
    }
    for (reason, count) in &of.counted.skipped {
        add(counted(*count, "file"), reason, Vec::new());
    }
    let beyond = of.own.len().saturating_sub(MOST_COMMITS);
    if beyond > 0 {
        let why =
            "features and dependencies are read from your newest 600 commits; lines are counted over all";
        add(counted(beyond, "older commit"), why, Vec::new());
    }
    all
}
