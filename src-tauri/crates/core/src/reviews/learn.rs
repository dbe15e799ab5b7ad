//! What the user repeats and what they stopped doing. Counted, from the findings in their own commits; no model has
//! a word in it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use internflow_code::mask_secrets;
use internflow_domain::{
    CategoryCount, DiffLine, Example, Habit, Learning, LearningMonth, LineKind, Seen, Source, Trend,
};
use internflow_git::Repo;
use internflow_store::learn::{OwnFinding, OwnReview};
use serde::Deserialize;
use ts_rs::TS;

use crate::{Core, authorship, blocking, repositories};

/// Commits that make up "lately".
const LATELY: usize = 10;
/// Examples of a habit, and findings that are looked at for them.
const EXAMPLES: usize = 2;
const CANDIDATES: usize = 6;
/// Lines of what came in the place of one.
const LINES: usize = 6;
/// A quote of this many bytes may be the beginning of its line only.
const CUT: usize = 390;

#[derive(Debug, Deserialize, TS)]
pub struct LearnFrom {
    /// Null for all repositories.
    #[ts(type = "number | null")]
    pub repository_id: Option<i64>,
}

pub async fn learning(core: &Core, args: LearnFrom) -> Result<Learning> {
    let repositories = match args.repository_id {
        Some(id) => vec![repositories::one(core, id).await?],
        None => core.store.repositories().await?,
    };
    let mut commits = 0;
    let mut reviews = Vec::new();
    for repository in repositories {
        let mine = authorship::mine(core, &repository).await?;
        commits += repository.mine;
        let own = core.store.own_reviews(repository.id, &mine.emails, mine.import.as_deref()).await?;
        reviews.extend(own.into_iter().map(|review| Reviewed {
            repository_id: repository.id,
            repository: repository.name.clone(),
            folder: repository.path.clone(),
            kinds: kinds(&review),
            review,
        }));
    }
    // In one repository the history says what came first, however clocks were set; between several only they do.
    if args.repository_id.is_none() {
        reviews.sort_by_key(|one| (Reverse(one.review.time), one.repository_id, one.review.position));
    }
    // Old lines are read from git, which blocks.
    blocking(move || {
        Ok(Learning {
            commits,
            reviewed: reviews.len() as u32,
            months: months(&reviews),
            habits: habits(&reviews),
        })
    })
    .await
}

/// A reviewed commit of the user, with the repository it is in.
struct Reviewed {
    repository_id: i64,
    repository: String,
    folder: String,
    /// Ends of the names of the files that were looked at.
    kinds: BTreeSet<String>,
    review: OwnReview,
}

impl Reviewed {
    fn seen(&self) -> Seen {
        Seen {
            repository_id: self.repository_id,
            repository: self.repository.clone(),
            sha: self.review.sha.clone(),
            time: self.review.time,
        }
    }

    fn found<'a>(&'a self, rule: &'a str) -> impl Iterator<Item = &'a OwnFinding> {
        self.review.findings.iter().filter(move |own| own.finding.rule == rule)
    }

    fn has(&self, rule: &str) -> bool {
        self.found(rule).next().is_some()
    }

    /// A model looked at it, too.
    fn by_model(&self) -> bool {
        self.review.summary.as_ref().is_some_and(|summary| summary.model.is_some())
            || self.review.findings.iter().any(|own| own.finding.source == Source::Model)
    }
}

fn kinds(review: &OwnReview) -> BTreeSet<String> {
    let reviewed = review.summary.iter().flat_map(|summary| &summary.reviewed);
    let found = review.findings.iter().map(|own| &own.finding.path);
    reviewed.chain(found).map(|path| kind(path)).collect()
}

/// End of a file's name, or the whole name where it has none.
fn kind(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(_, end)| end).to_lowercase()
}

fn months(reviews: &[Reviewed]) -> Vec<LearningMonth> {
    let mut months: BTreeMap<&str, LearningMonth> = BTreeMap::new();
    for one in reviews {
        let Some(name) = one.review.month.as_deref() else { continue };
        let empty = || LearningMonth { month: name.to_owned(), reviewed: 0, found: Vec::new() };
        let month = months.entry(name).or_insert_with(empty);
        month.reviewed += 1;
        for own in &one.review.findings {
            let category = own.finding.category;
            match month.found.iter_mut().find(|count| count.category == category) {
                Some(count) => count.findings += 1,
                None => month.found.push(CategoryCount { category, findings: 1 }),
            }
        }
    }
    months.into_values().collect()
}

fn habits(reviews: &[Reviewed]) -> Vec<Habit> {
    let rules: BTreeSet<&str> =
        reviews.iter().flat_map(|one| &one.review.findings).map(|own| own.finding.rule.as_str()).collect();
    let mut habits: Vec<Habit> = rules.into_iter().filter_map(|rule| habit(rule, reviews)).collect();
    // Sorting is stable: by rule where all else is equal.
    habits.sort_by_key(|habit| (habit.trend, Reverse(habit.commits), Reverse(habit.findings)));
    habits
}

fn habit(rule: &str, reviews: &[Reviewed]) -> Option<Habit> {
    let with: Vec<&Reviewed> = reviews.iter().filter(|one| one.has(rule)).collect();
    let (last, first) = (with.first()?, with.last()?);
    let newest = &last.found(rule).next()?.finding;
    Some(Habit {
        rule: rule.to_owned(),
        source: newest.source,
        category: newest.category,
        message: newest.message.clone(),
        lesson: newest.why.clone(),
        findings: with.iter().map(|one| one.found(rule).count() as u32).sum(),
        commits: with.len() as u32,
        first: first.seen(),
        last: last.seen(),
        trend: trend(rule, newest.source, &with, reviews),
        examples: examples(rule, &with),
    })
}

/// Only commits count in which the habit could have been found: those with files of its kind and, where only the
/// model finds it, those that the model has read.
fn trend(rule: &str, source: Source, with: &[&Reviewed], reviews: &[Reviewed]) -> Trend {
    if with.len() < 2 {
        return Trend::Once;
    }
    let kinds: BTreeSet<String> =
        with.iter().flat_map(|one| one.found(rule)).map(|own| kind(&own.finding.path)).collect();
    let could = reviews
        .iter()
        .filter(|one| !one.kinds.is_disjoint(&kinds) && (source == Source::Rule || one.by_model()));
    let has: Vec<bool> = could.map(|one| one.has(rule)).collect();
    let (lately, earlier) = has.split_at(LATELY.min(has.len()));
    let count = |commits: &[bool]| commits.iter().filter(|has| **has).count();
    let (now, before) = (count(lately), count(&earlier[..LATELY.min(earlier.len())]));
    match now {
        0 => Trend::Stopped,
        _ if before >= 2 && now * 2 <= before => Trend::Stopping,
        _ => Trend::Repeats,
    }
}

/// Lines of the user, those first that they have changed since, the newest before others.
fn examples(rule: &str, with: &[&Reviewed]) -> Vec<Example> {
    let mut newest: Vec<(&Reviewed, &OwnFinding)> = Vec::new();
    for one in with {
        for own in one.found(rule) {
            let other = |known: &(&Reviewed, &OwnFinding)| known.1.finding.quote != own.finding.quote;
            if newest.len() < CANDIDATES && newest.iter().all(other) {
                newest.push((one, own));
            }
        }
    }
    let learned = newest.iter().filter_map(|(one, own)| {
        let sha = own.fixed.as_deref()?;
        Some(example(one, own, Some(changed(&one.folder, sha, own)?), Some(sha)))
    });
    let mut examples: Vec<Example> = learned.take(EXAMPLES).collect();
    let mut others: Vec<Example> = newest
        .iter()
        .map(|(one, own)| example(one, own, own.finding.fix.as_deref().map(proposed), None))
        .filter(|other| examples.iter().all(|known| known.before != other.before))
        .collect();
    others.sort_by_key(|other| other.after.is_none());
    others.truncate(EXAMPLES - examples.len());
    examples.extend(others);
    examples
}

fn example(one: &Reviewed, own: &OwnFinding, after: Option<String>, changed_in: Option<&str>) -> Example {
    Example {
        at: one.seen(),
        path: own.finding.path.clone(),
        line: own.finding.line,
        before: own.finding.quote.clone(),
        after,
        changed_in: changed_in.map(str::to_owned),
    }
}

/// What the commit `sha` put in the place of the line; `None` when it can't be told.
fn changed(folder: &str, sha: &str, own: &OwnFinding) -> Option<String> {
    let files = Repo::open(Path::new(folder)).ok()?.change(sha).ok()?;
    let is_it = |path: &str| path == own.path || path == own.finding.path;
    let file = files
        .iter()
        .map(|file| &file.diff)
        .find(|diff| is_it(&diff.path) || diff.old_path.as_deref().is_some_and(is_it))?;
    file.hunks.iter().find_map(|hunk| replaced(&hunk.lines, &own.finding.quote))
}

/// The lines that stand where the quoted one was taken away.
fn replaced(lines: &[DiffLine], quote: &str) -> Option<String> {
    let at = lines.iter().position(|line| line.kind == LineKind::Removed && is_quoted(&line.text, quote))?;
    let changed = |line: &&DiffLine| line.kind != LineKind::Context;
    let start = at - lines[..at].iter().rev().take_while(changed).count();
    let block = || lines[start..].iter().take_while(changed);
    let added: Vec<&str> =
        block().filter(|line| line.kind == LineKind::Added).map(|line| line.text.as_str()).collect();
    let removed = block().filter(|line| line.kind == LineKind::Removed).count();
    // Line for line where as many came as went.
    let nth = lines[start..at].iter().filter(|line| line.kind == LineKind::Removed).count();
    Some(if added.len() == removed { shown(&added[nth..=nth]) } else { shown(&added) })
}

fn is_quoted(line: &str, quote: &str) -> bool {
    let line = line.trim();
    line == quote
        || quote.contains("****") && mask_secrets(line) == quote
        || quote.len() >= CUT && line.starts_with(quote)
}

/// The lines that a patch adds.
fn proposed(fix: &str) -> String {
    let lines = fix.lines().skip_while(|line| !line.starts_with("@@")).skip(1);
    let added: Vec<&str> = lines.filter_map(|line| line.strip_prefix('+')).collect();
    shown(&added)
}

/// A few lines without the indentation that all have, and without secrets.
fn shown(lines: &[&str]) -> String {
    let blank = |line: &&&str| !line.trim().is_empty();
    let indented = |line: &&str| line.len() - line.trim_start().len();
    let indentation = lines.iter().filter(blank).map(indented).min().unwrap_or(0);
    let cut = |line: &&str| line.get(indentation..).unwrap_or("").trim_end().to_owned();
    let mut shown: Vec<String> = lines.iter().take(LINES).map(cut).collect();
    if lines.len() > LINES {
        shown.push("…".to_owned());
    }
    mask_secrets(&shown.join("\n"))
}

#[cfg(test)]
mod tests {
    use internflow_domain::{Category, Finding, ReviewSummary, Severity};

    use super::*;

    fn finding(rule: &str, path: &str) -> OwnFinding {
        let source = if rule.starts_with("model/") { Source::Model } else { Source::Rule };
        let finding = Finding {
            commit: String::new(),
            path: path.into(),
            line: 1,
            end_line: 1,
            severity: Severity::Minor,
            category: Category::Correctness,
            source,
            rule: rule.into(),
            message: "m".into(),
            why: "w".into(),
            quote: "q".into(),
            fix: None,
            confidence: 0.9,
        };
        OwnFinding { path: finding.path.clone(), finding, fixed: None }
    }

    /// The `n`th newest commit, in which this file was looked at.
    fn reviewed(n: i64, path: &str, model: bool, rules: &[&str]) -> Reviewed {
        let summary = ReviewSummary {
            reviewed: vec![path.to_owned()],
            model: model.then(|| "m.gguf".to_owned()),
            ..ReviewSummary::default()
        };
        let review = OwnReview {
            sha: format!("{n:040}"),
            time: 1_000_000 - n,
            month: Some("1970-01".into()),
            position: n,
            summary: Some(summary),
            findings: rules.iter().map(|rule| finding(rule, path)).collect(),
        };
        let kinds = kinds(&review);
        Reviewed { repository_id: 1, repository: "r".into(), folder: String::new(), kinds, review }
    }

    /// How the first habit goes on after commits with (`x`) and without (`.`) it, newest first.
    fn trend_of(commits: &str) -> Trend {
        let reviews: Vec<Reviewed> = commits
            .chars()
            .enumerate()
            .map(|(n, c)| reviewed(n as i64, "a.py", false, if c == 'x' { &["python/a"] } else { &[] }))
            .collect();
        habits(&reviews)[0].trend
    }

    #[test]
    fn habits_repeat_fade_and_stop() {
        assert_eq!(trend_of("x........."), Trend::Once);
        assert_eq!(trend_of("x.x"), Trend::Repeats);
        assert_eq!(trend_of(".........xx"), Trend::Repeats, "one of the last ten");
        assert_eq!(trend_of("..........xx"), Trend::Stopped, "ten commits without it");
        assert_eq!(trend_of("x.........x.x......."), Trend::Stopping, "one after two");
        assert_eq!(trend_of("xx........x.x......."), Trend::Repeats, "as many as before");
        assert_eq!(trend_of("..........x"), Trend::Once, "once is no habit, also when it is long ago");
    }

    #[test]
    fn what_could_not_be_found_is_no_progress() {
        let mut reviews: Vec<Reviewed> = (0..12).map(|n| reviewed(n, "b.go", false, &[])).collect();
        reviews.extend((12..14).map(|n| reviewed(n, "a.py", true, &["python/a", "model/correctness"])));
        let all = habits(&reviews);
        let trends: Vec<(&str, Trend)> = all.iter().map(|habit| (habit.rule.as_str(), habit.trend)).collect();
        assert_eq!(
            trends,
            [("model/correctness", Trend::Repeats), ("python/a", Trend::Repeats)],
            "there was no Python in the commits since"
        );
        let rules_only = (0..12).map(|n| reviewed(n, "a.py", false, &[]));
        let mut reviews: Vec<Reviewed> = rules_only.collect();
        reviews.extend((12..14).map(|n| reviewed(n, "a.py", true, &["python/a", "model/correctness"])));
        let trend =
            |rule: &str| habits(&reviews).iter().find(|habit| habit.rule == rule).map(|habit| habit.trend);
        assert_eq!(trend("python/a"), Some(Trend::Stopped));
        assert_eq!(trend("model/correctness"), Some(Trend::Repeats), "nobody asked the model about them");
    }

    #[test]
    fn a_line_is_shown_with_what_came_in_its_place() {
        let line = |kind, text: &str| DiffLine { kind, old: None, new: None, text: text.into() };
        let (removed, added) = (|text| line(LineKind::Removed, text), |text| line(LineKind::Added, text));
        let context = || line(LineKind::Context, "c");
        let same = [
            context(),
            removed("  a = 1"),
            removed("  b = 2"),
            added("  a = 3"),
            added("  b = 4"),
            context(),
        ];
        assert_eq!(replaced(&same, "b = 2").as_deref(), Some("b = 4"));
        let more = [removed("  b = 2"), added("    with b:"), added("      go"), context(), added("x")];
        assert_eq!(replaced(&more, "b = 2").as_deref(), Some("with b:\n  go"));
        assert_eq!(replaced(&[removed("b = 2"), context()], "b = 2").as_deref(), Some(""), "taken away");
        assert_eq!(replaced(&[added("b = 2")], "b = 2"), None);
        assert_eq!(proposed("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-  a\n+  b\n"), "b");
    }
}
