//! `jobs`: what an advert says, what boards list, how openings fit, and what became of applications.

mod show;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use chrono::Local;
use clap::Subcommand;
use internflow_core::Core;
use internflow_core::api::{Id, Nothing};
use internflow_core::jobs::{
    self, AddBoard, ImportJobs, JobOrder, JobShow, ListJobs, LookAtBoard, SetBoard, TrackJob,
};
use internflow_domain::{ApplicationState, JobBoard};

use crate::show::Format;
use crate::{show as out, wait};

/// Internships and jobs.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Say what an advert states, each value with its sentence, and what to look at twice.
    Read {
        /// A saved page or text; `-` for standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Look at what a job board lists now, politely: its robots.txt first, one request a second. Nothing is kept.
    Board {
        /// Any address of it: the company's careers page, one of its postings.
        #[arg(value_name = "ADDRESS")]
        address: String,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
        /// An address of this machine under which every host is asked instead; for tests.
        #[arg(long, value_name = "ADDRESS", hide = true)]
        through: Option<String>,
    },
    /// The boards that are followed.
    Sources {
        #[command(subcommand)]
        command: Option<Sources>,
    },
    /// Read all boards that are on, now, and keep what they list.
    Crawl {
        /// Addresses to follow first, one a line; `#` begins a comment.
        #[arg(long, value_name = "FILE")]
        sources: Option<PathBuf>,
    },
    /// Openings.
    List {
        /// Words that must all occur in title, company, places or skills.
        words: Vec<String>,
        #[arg(long, value_name = "open|hidden|closed", value_parser = listed, default_value = "open")]
        show: JobShow,
        #[arg(long)]
        remote: bool,
        /// The best fit first, the newest, or the next last day to apply.
        #[arg(long, value_name = "fit|newest|deadline", value_parser = ordered, default_value = "fit")]
        order: JobOrder,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Everything about one opening, with how it fits.
    Show {
        id: i64,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// How the openings fit you: the best with their reasons, and what to learn next.
    Match {
        /// A JSON Resume whose skills count as said by you, instead of the app's own.
        #[arg(long, value_name = "FILE")]
        profile: Option<PathBuf>,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Take in a saved page, a saved answer of a board, or the text of an advert.
    Import {
        /// `-` for standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Where it is from.
        #[arg(long, value_name = "ADDRESS")]
        address: Option<String>,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Follow an opening up, or move its application on.
    Track {
        id: i64,
        #[arg(value_name = "saved|applied|test|interview|offer|rejected|withdrawn", value_parser = state)]
        state: ApplicationState,
    },
}

#[derive(Subcommand)]
enum Sources {
    /// Follow a board, by any address of it.
    Add {
        address: String,
    },
    List {
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Ask a board no more; its openings stay.
    Off {
        id: i64,
    },
    On {
        id: i64,
    },
    /// Companies whose boards may be followed.
    Catalogue,
}

/// Bytes of an advert that are read: no page of text is longer.
const MOST: u64 = 5 << 20;

fn listed(text: &str) -> Result<JobShow, String> {
    serde_json::from_value(text.into()).map_err(|_| "one of open, hidden, closed".to_owned())
}

fn ordered(text: &str) -> Result<JobOrder, String> {
    serde_json::from_value(text.into()).map_err(|_| "one of fit, newest, deadline".to_owned())
}

fn state(text: &str) -> Result<ApplicationState, String> {
    let all = || ApplicationState::ALL.map(ApplicationState::as_str).join(", ");
    ApplicationState::parse(text).ok_or_else(|| format!("one of {}", all()))
}

impl Args {
    /// It is about a file and nothing else: the database, which an open window holds, is not needed.
    pub(crate) fn alone(&self) -> Option<Result<ExitCode>> {
        match &self.command {
            Command::Read { file, format } => Some(read(file, *format)),
            _ => None,
        }
    }
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    let json = |value: serde_json::Result<String>| value.map(|text| out::line(&text));
    match args.command {
        Command::Read { file, format } => return read(&file, format),
        Command::Board { address, format, through } => {
            let found = jobs::look(core, LookAtBoard { address, through }).await?;
            match format {
                Format::Json => json(serde_json::to_string_pretty(&found))?,
                Format::Text => out::line(show::board(&found)?.trim_end()),
            }
            // Nothing read and something refused is no answer.
            let failed = found.postings.is_empty() && !found.complete;
            return Ok(ExitCode::from(u8::from(failed)));
        }
        Command::Sources { command } => return sources(core, command).await,
        Command::Crawl { sources } => return crawl(core, sources.as_deref()).await,
        Command::List { words, show: which, remote, order, format } => {
            let asked = ListJobs { show: which, text: words.join(" "), kind: None, remote, order };
            let found = jobs::list(core, asked).await?;
            match format {
                Format::Json => json(serde_json::to_string_pretty(&found))?,
                Format::Text => out::line(show::list(&found)?.trim_end()),
            }
        }
        Command::Show { id, format } => {
            let found = jobs::get(core, Id { id }).await?;
            match format {
                Format::Json => json(serde_json::to_string_pretty(&found))?,
                Format::Text => out::line(show::detail(&found)?.trim_end()),
            }
        }
        Command::Match { profile, format } => {
            let profile = profile.as_deref().map(crate::resume::profile).transpose()?;
            let found = jobs::best(core, profile.as_ref()).await?;
            match format {
                Format::Json => json(serde_json::to_string_pretty(&found))?,
                Format::Text => out::line(show::best(&found)?.trim_end()),
            }
        }
        Command::Import { file, address, format } => {
            let text = String::from_utf8_lossy(&bytes(&file)?).into_owned();
            let found = jobs::import(core, ImportJobs { text, address }).await?;
            match format {
                Format::Json => json(serde_json::to_string_pretty(&found))?,
                Format::Text => out::line(show::jobs(&found)?.trim_end()),
            }
        }
        Command::Track { id, state } => {
            jobs::track(core, TrackJob { id, state: Some(state) }).await?;
            out::line(&format!("{id} is {}", state.as_str()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn sources(core: &Core, command: Option<Sources>) -> Result<ExitCode> {
    match command.unwrap_or(Sources::List { format: Format::Text }) {
        Sources::Add { address } => {
            let board = jobs::add(core, AddBoard { address }).await?;
            out::line(&format!("{} {} ({})", board.id, board.name, board.connector));
        }
        Sources::List { format } => {
            let boards = jobs::boards(core, Nothing {}).await?;
            match format {
                Format::Json => out::line(&serde_json::to_string_pretty(&boards)?),
                Format::Text => out::line(show::sources(&boards)?.trim_end()),
            }
        }
        Sources::Off { id } => jobs::set(core, SetBoard { id, on: false }).await?,
        Sources::On { id } => jobs::set(core, SetBoard { id, on: true }).await?,
        Sources::Catalogue => {
            for listed in jobs::catalogue(core, Nothing {}).await? {
                out::line(&format!("{:<28} {}", listed.name, listed.address));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn crawl(core: &Core, sources: Option<&Path>) -> Result<ExitCode> {
    if let Some(file) = sources {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?;
        for (number, line) in text.lines().enumerate() {
            let address = line.split_once(" #").map_or(line, |(address, _)| address).trim();
            if !address.is_empty() && !address.starts_with('#') {
                let args = AddBoard { address: address.to_owned() };
                jobs::add(core, args)
                    .await
                    .with_context(|| format!("{} line {}", file.display(), number + 1))?;
            }
        }
    }
    let task = jobs::crawl_all(core, Nothing {}).await?;
    let mut failed = Ok(());
    wait::for_tasks(core, &[task], async |task| {
        failed = wait::outcome(task);
        Ok(())
    })
    .await?;
    failed?;
    let boards: Vec<JobBoard> = jobs::boards(core, Nothing {}).await?;
    out::line(show::sources(&boards)?.trim_end());
    Ok(ExitCode::SUCCESS)
}

fn bytes(file: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match file.as_os_str() == "-" {
        true => std::io::stdin().lock().take(MOST).read_to_end(&mut bytes),
        false => std::fs::File::open(file).and_then(|opened| opened.take(MOST).read_to_end(&mut bytes)),
    }
    .with_context(|| {
        format!("{} can't be read. Name a text file, or `-` for standard input", file.display())
    })?;
    Ok(bytes)
}

fn read(file: &Path, format: Format) -> Result<ExitCode> {
    let bytes = bytes(file)?;
    let advert = internflow_crawler::read(&String::from_utf8_lossy(&bytes), Local::now().date_naive());
    match format {
        Format::Json => out::line(&serde_json::to_string_pretty(&advert)?),
        Format::Text => out::line(show::advert(&advert)?.trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}
