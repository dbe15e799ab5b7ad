//! `review`: findings of commits as text, JSON, SARIF or Markdown.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::ValueEnum;
use internflow_core::Core;
use internflow_core::repositories::{self, AddRepository, OneCommit};
use internflow_core::reviews::{self, StartReview};
use internflow_domain::{Commit, Finding, Repository, Review, Severity, StoredFinding, Strictness, short};
use internflow_git::Repo;

use crate::{show, wait};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of a git repository.
    repo: PathBuf,
    /// One commit. Without a choice, HEAD.
    #[arg(long, value_name = "REV", conflicts_with_all = ["range", "last"])]
    commit: Option<String>,
    /// The commits of B that are not in A.
    #[arg(long, value_name = "A..B", conflicts_with = "last")]
    range: Option<String>,
    /// Only commits of this e-mail address; `auto` for your own.
    #[arg(long, value_name = "EMAIL|auto")]
    author: Option<String>,
    /// The newest N commits.
    #[arg(long, value_name = "N")]
    last: Option<usize>,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// File to write instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Without the model: seconds instead of minutes.
    #[arg(long)]
    rules_only: bool,
    /// Let the model also name problems itself: twice the time, and most of what it adds is wrong.
    #[arg(long, conflicts_with = "rules_only")]
    questions: bool,
    /// Show all findings, those that are at least minor and more likely right than wrong, or of them the serious
    /// ones. Without a choice, all.
    #[arg(long, value_name = "strict|balanced|serious", value_parser = strictness)]
    show: Option<Strictness>,
    /// Exit with 3 when a finding is at least this severe.
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    fail_on: Option<Severity>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
    Md,
}

fn strictness(text: &str) -> Result<Strictness, String> {
    Strictness::parse(text).ok_or_else(|| "one of strict, balanced, serious".to_owned())
}

fn severity(text: &str) -> Result<Severity, String> {
    Severity::parse(text).ok_or_else(|| "one of info, minor, major, critical".to_owned())
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    let repository = add(core, &args.repo).await?;
    let commits = choose(core, &repository, &args).await?;
    let shas = commits.iter().map(|commit| commit.sha.clone()).collect();
    let start = StartReview {
        repository_id: repository.id,
        shas,
        rules_only: args.rules_only,
        questions: args.questions.then_some(true),
        without: Vec::new(),
    };
    let tasks = reviews::start(core, start).await?;
    let mut failed = Ok(());
    wait::for_tasks(core, &tasks, async |task| {
        // The first failure is told; reviews that are done are shown all the same.
        if failed.is_ok() {
            failed = wait::outcome(task);
        }
        Ok(())
    })
    .await?;
    let mut done = Vec::new();
    for commit in &commits {
        let one = OneCommit { repository_id: repository.id, sha: commit.sha.clone() };
        if let Some(mut review) = reviews::get(core, one).await? {
            if let Some(show) = args.show {
                review.findings.retain(|stored| {
                    let Finding { severity, confidence, .. } = stored.finding;
                    show.admits(severity, confidence, stored.quiet.is_some())
                });
            }
            done.push((commit.clone(), review));
        }
    }
    let stored: Vec<&StoredFinding> = done.iter().flat_map(|(_, review)| open(review)).collect();
    let findings: Vec<&Finding> = stored.iter().map(|stored| &stored.finding).collect();
    let text = match args.format {
        Format::Text => text(&repository, &done),
        Format::Json => serde_json::to_string_pretty(&stored)? + "\n",
        Format::Sarif => serde_json::to_string_pretty(&reviews::sarif(&repository, &findings))? + "\n",
        Format::Md => reviews::export::markdown(&repository, &done),
    };
    show::write(args.out.as_deref(), &text)?;
    failed?;
    let bad = args.fail_on.is_some_and(|least| findings.iter().any(|finding| finding.severity >= least));
    Ok(ExitCode::from(if bad { 3 } else { 0 }))
}

/// Adds the folder to the app's repositories, or finds it there.
pub(crate) async fn add(core: &Core, path: &Path) -> Result<Repository> {
    let path = std::path::absolute(path)?;
    repositories::add(core, AddRepository { path: path.to_string_lossy().into_owned() }).await
}

fn open(review: &Review) -> impl Iterator<Item = &StoredFinding> {
    review.findings.iter().filter(|stored| stored.dismissed.is_none())
}

/// The commits asked for, newest first.
async fn choose(core: &Core, repository: &Repository, args: &Args) -> Result<Vec<Commit>> {
    let repo = Repo::open(Path::new(&repository.path))?;
    let name = &repository.name;
    if repository.commits == 0 {
        bail!("{name} has no commits yet. Commit something, then review it.");
    }
    let emails = match args.author.as_deref() {
        None => None,
        Some("auto") => {
            let emails = mine(core, repository).await?;
            if emails.is_empty() {
                bail!(
                    "Git does not know your e-mail address. Set it with `git config --global user.email YOU@…`, or name it: --author EMAIL."
                );
            }
            Some(emails)
        }
        Some(email) => Some(vec![email.to_lowercase()]),
    };
    let mut commits = match (&args.commit, &args.range) {
        (Some(rev), _) => vec![repo.commit(&repo.resolve(rev)?)?],
        (None, Some(range)) => repo.range(range)?.commits,
        (None, None) if args.last.is_none() && emails.is_none() => vec![repo.commit(&repo.resolve("HEAD")?)?],
        (None, None) => repo.log()?.commits,
    };
    if let Some(emails) = &emails {
        commits.retain(|commit| {
            std::iter::once(&commit.author_email)
                .chain(&commit.co_authors)
                .any(|email| emails.contains(email))
        });
    }
    commits.truncate(args.last.unwrap_or(usize::MAX));
    if commits.is_empty() {
        let who = emails.map(|emails| format!(" by {}", emails.join(" or "))).unwrap_or_default();
        bail!(
            "{name} has no such commits{who}. `git -C {} shortlog -se` lists its authors.",
            repository.path
        );
    }
    Ok(commits.into_iter().map(repositories::masked).collect())
}

/// The user's own addresses that have commits in this repository, or those git is configured with.
async fn mine(core: &Core, repository: &Repository) -> Result<Vec<String>> {
    let of = repositories::OfRepository { repository_id: repository.id };
    let authors = repositories::authors(core, of).await?;
    let mine: Vec<String> =
        authors.into_iter().filter(|author| author.mine).map(|author| author.email).collect();
    Ok(if mine.is_empty() { Repo::open(Path::new(&repository.path))?.configured_emails() } else { mine })
}

fn text(repository: &Repository, reviews: &[(Commit, Review)]) -> String {
    let mut text = String::new();
    for (commit, review) in reviews {
        text.push_str(&format!("{} {}  {}\n", repository.name, short(&commit.sha), commit.subject));
        for StoredFinding { id, finding, .. } in open(review) {
            let source = match finding.source {
                internflow_domain::Source::Rule => finding.rule.clone(),
                internflow_domain::Source::Model => {
                    format!("{}, {:.0} % sure", finding.rule, finding.confidence * 100.0)
                }
            };
            text.push_str(&format!(
                "\n  {}:{}  {}  {}\n      {}\n  {}\n  {}\n  ({source}, id {id})\n",
                finding.path,
                finding.line,
                finding.severity.as_str().to_uppercase(),
                finding.category.as_str(),
                finding.quote,
                finding.message,
                finding.why,
            ));
            for line in finding.fix.iter().flat_map(|fix| fix.lines()) {
                text.push_str(&format!("      {line}\n"));
            }
        }
        if let Some(summary) = &review.summary {
            let seconds = summary.took_ms as f64 / 1000.0;
            let found = match open(review).count() {
                0 => "Nothing found".to_owned(),
                1 => "1 finding".to_owned(),
                n => format!("{n} findings"),
            };
            let by = summary
                .model
                .as_deref()
                .map_or_else(|| "rules only".to_owned(), |model| format!("rules and {model}"));
            let files = match summary.reviewed.len() {
                1 => "1 file".to_owned(),
                n => format!("{n} files"),
            };
            text.push_str(&format!("\n  {found} in {files} ({by}, {seconds:.1} s)."));
            let dropped = summary.dropped_anchor + summary.dropped_judged;
            if dropped > 0 {
                text.push_str(&format!(
                    " {dropped} of the model's candidates did not hold and were dropped."
                ));
            }
            text.push('\n');
            for skipped in &summary.skipped {
                text.push_str(&format!("  Not reviewed: {} ({})\n", skipped.path, skipped.reason));
            }
        }
        text.push('\n');
    }
    text
}
