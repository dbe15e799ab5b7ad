//! `index`, `search` and `ask`: a repository's code, read once and looked into.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use internflow_core::Core;
use internflow_core::api::{Id, Nothing};
use internflow_core::ask::{self, AskCode};
use internflow_core::index;
use internflow_core::outside;
use internflow_core::repositories::OfRepository;
use internflow_core::search::{self, SearchCode};
use internflow_domain::{Answer, Writer};
use serde_json::json;

use crate::show::Format;
use crate::{repos, review, show, wait};

/// Read a repository's code so that it can be searched and asked about.
#[derive(clap::Args)]
pub(crate) struct IndexArgs {
    /// Folder of the repository.
    repo: PathBuf,
    /// Say which files are not searched, and why.
    #[arg(long)]
    left_out: bool,
}

/// Look for code by a name, by words, or by what it does.
#[derive(clap::Args)]
pub(crate) struct SearchArgs {
    /// What to look for.
    query: String,
    /// Name, owner/name or path of one repository; all that were added otherwise.
    #[arg(long)]
    repo: Option<String>,
    /// Part of the path.
    #[arg(long, default_value = "")]
    path: String,
    /// A language, such as `python` or `py`.
    #[arg(long)]
    language: Option<String>,
    /// Only what you wrote at least half of.
    #[arg(long)]
    mine: bool,
    /// Most hits.
    #[arg(long, default_value_t = 10)]
    limit: u32,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Ask how something in a repository works; the answer names the lines.
#[derive(clap::Args)]
pub(crate) struct AskArgs {
    /// Folder of the repository.
    repo: PathBuf,
    question: String,
    /// Go on from your last question about this repository.
    #[arg(long)]
    follow: bool,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) async fn index(core: &Core, args: IndexArgs) -> Result<ExitCode> {
    let repository = review::add(core, &args.repo).await?;
    let done = indexed(core, repository.id).await;
    if args.left_out {
        // Also where the vectors failed: the files were read before.
        for file in index::left_out(core, OfRepository { repository_id: repository.id }).await? {
            show::line(&format!("{}  {}", file.path, file.reason));
        }
    }
    done?;
    show::note(&format!("{} can be searched.", repository.name));
    Ok(ExitCode::SUCCESS)
}

/// Waits until the repository is indexed as it is now.
async fn indexed(core: &Core, id: i64) -> Result<()> {
    let task = index::start(core, Id { id }).await?;
    let mut done = Ok(());
    wait::for_tasks(core, &[task], async |task| {
        done = wait::outcome(task);
        Ok(())
    })
    .await?;
    done
}

pub(crate) async fn search(core: &Core, args: SearchArgs) -> Result<ExitCode> {
    let repository_id = match &args.repo {
        Some(name) => Some(repos::find(core, name).await?.id),
        None => None,
    };
    let SearchArgs { query, path, language, mine, limit, .. } = args;
    let asked = SearchCode { query, repository_id, path, language, mine, limit, without: Vec::new() };
    let found = search::code(core, asked).await?;
    if args.format == Format::Json {
        show::line(&serde_json::to_string_pretty(&found.hits)?);
        return Ok(ExitCode::SUCCESS);
    }
    found.notice.iter().for_each(|notice| show::note(notice));
    if found.hits.is_empty() {
        show::note(
            "Nothing found. Try other words; `internflow-cli index REPO` reads a repository that is new.",
        );
    }
    for hit in &found.hits {
        let symbol = hit.symbol.as_deref().map(|symbol| format!("  {symbol}")).unwrap_or_default();
        show::line(&format!("{} {}:{}{symbol}", hit.repository, hit.path, hit.start_line));
        // The line that has most of the words says best why it was found.
        let words = |line: &str| {
            let line = line.to_lowercase();
            found.terms.iter().filter(|term| line.contains(*term)).count()
        };
        let lines: Vec<&str> = hit.text.lines().collect();
        let best = lines.iter().enumerate().rev().max_by_key(|(_, line)| words(line));
        if let Some((at, line)) = best {
            show::line(&format!("  {:>5}  {}", hit.start_line as usize + at, line.trim_end()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn ask(core: &Core, args: AskArgs) -> Result<ExitCode> {
    let repository = review::add(core, &args.repo).await?;
    indexed(core, repository.id).await?;
    let own = outside::get(core, Nothing {}).await?;
    if own.on && own.leaves {
        show::note(&format!("This question and the excerpts it needs leave this machine: {}", own.host));
    }
    let follows = match args.follow {
        true => {
            ask::list(core, OfRepository { repository_id: repository.id }).await?.last().map(|one| one.id)
        }
        false => None,
    };
    let question = AskCode {
        repository_id: repository.id,
        question: args.question,
        follows,
        host: (own.on && own.leaves).then_some(own.host),
    };
    let started = ask::start(core, question).await?;
    let mut done = Ok(());
    wait::for_tasks(core, std::slice::from_ref(&started.task), async |task| {
        done = wait::outcome(task);
        Ok(())
    })
    .await?;
    done?;
    let answers = ask::list(core, OfRepository { repository_id: repository.id }).await?;
    let answer = answers.into_iter().find(|one| one.id == started.id).context("the answer is gone")?;
    match args.format {
        Format::Text => text(&answer),
        Format::Json => show::line(&serde_json::to_string_pretty(&shape(&answer))?),
    }
    Ok(ExitCode::SUCCESS)
}

fn text(answer: &Answer) {
    for statement in &answer.statements {
        show::line(&statement.text);
        show::line(&format!(
            "    {}:{}-{}",
            statement.at.path, statement.at.start_line, statement.at.end_line
        ));
    }
    answer.notice.iter().for_each(|notice| show::note(notice));
    if let Some(Writer { name, host: Some(host) }) = &answer.model {
        show::note(&format!("Written by {name}. Question and excerpts left this machine: {host}"));
    }
}

/// `{question, commit, notice, model: {name, host}, answer: [{text, path, symbol, start_line, end_line}]}`.
fn shape(answer: &Answer) -> serde_json::Value {
    let statements = answer.statements.iter().map(|one| {
        json!({
            "text": one.text,
            "path": one.at.path,
            "symbol": one.at.symbol,
            "start_line": one.at.start_line,
            "end_line": one.at.end_line,
        })
    });
    json!({
        "question": answer.question,
        "commit": answer.sha,
        "notice": answer.notice,
        "model": answer.model,
        "answer": statements.collect::<Vec<_>>(),
    })
}
