//! `jobs`: what an advert says, and what a job board lists.

use std::fmt::Write;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use chrono::Local;
use clap::{Subcommand, ValueEnum};
use internflow_core::Core;
use internflow_core::jobs::{BoardLook, LookAtBoard, PostingLook};
use internflow_crawler::{Advert, Kind, Mode, Per, Ppo, Range, Start, Stated};

use crate::show;

/// Adverts of internships and jobs.
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
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Bytes of an advert that are read: no page of text is longer.
const MOST: u64 = 5 << 20;

impl Args {
    /// It is about a file and nothing else: the database, which an open window holds, is not needed.
    pub(crate) fn alone(&self) -> Option<Result<ExitCode>> {
        match &self.command {
            Command::Read { file, format } => Some(read(file, *format)),
            Command::Board { .. } => None,
        }
    }
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    match args.command {
        Command::Read { file, format } => read(&file, format),
        Command::Board { address, format, through } => {
            let found = internflow_core::jobs::look(core, LookAtBoard { address, through }).await?;
            match format {
                Format::Json => show::line(&serde_json::to_string_pretty(&found)?),
                Format::Text => show::line(board(&found)?.trim_end()),
            }
            // Nothing read and something refused is no answer.
            let failed = found.postings.is_empty() && !found.complete;
            Ok(ExitCode::from(u8::from(failed)))
        }
    }
}

/// The postings, two lines each, and what was not read.
fn board(found: &BoardLook) -> Result<String> {
    let mut text = String::new();
    for posting in &found.postings {
        let PostingLook { title, company, places, kind, stipend, closes, address, flags, .. } = posting;
        let pay = stipend.map(|(min, max)| between(&Range { min, max }, |n| format!("₹{n}"), " a month"));
        let closes = closes.as_ref().map(|date| format!("apply by {date}"));
        let places = (!places.is_empty()).then(|| places.join(", "));
        let parts = [company.clone(), places, kind.clone(), pay, closes];
        writeln!(text, "{title}\n  {}", parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))?;
        if let Some(address) = address {
            writeln!(text, "  {address}")?;
        }
        for flag in flags {
            writeln!(text, "  Look twice: {flag}")?;
        }
    }
    let postings = found.postings.len();
    writeln!(
        text,
        "\n{postings} {} ({})",
        if postings == 1 { "posting" } else { "postings" },
        found.connector
    )?;
    for why in &found.skipped {
        writeln!(text, "Not read: {why}")?;
    }
    Ok(text)
}

fn read(file: &Path, format: Format) -> Result<ExitCode> {
    let mut bytes = Vec::new();
    match file.as_os_str() == "-" {
        true => std::io::stdin().lock().take(MOST).read_to_end(&mut bytes),
        false => std::fs::File::open(file).and_then(|opened| opened.take(MOST).read_to_end(&mut bytes)),
    }
    .with_context(|| {
        format!("{} can't be read. Name a text file, or `-` for standard input", file.display())
    })?;
    let advert = internflow_crawler::read(&String::from_utf8_lossy(&bytes), Local::now().date_naive());
    match format {
        Format::Json => show::line(&serde_json::to_string_pretty(&advert)?),
        Format::Text => show::line(text(&advert)?.trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}

/// What is stated, a line each; what is not, together at the end.
fn text(advert: &Advert) -> Result<String> {
    let Advert { title, company, kind, flags, skills_required, skills_optional, hidden, .. } = advert;
    let mut text = String::new();
    let name = |stated: &Option<Stated<String>>, what: &str| -> String {
        stated.as_ref().map_or_else(|| what.to_owned(), |stated| stated.value.clone())
    };
    writeln!(text, "{}\n{}\n", name(title, "No title"), name(company, "No employer is named"))?;
    let months = |range: &Range| between(range, |n| n.to_string(), " months");
    let rows: Vec<(&str, Option<(String, &str)>)> = vec![
        (
            "What it is",
            stated(kind, |kind| match kind {
                Kind::Internship => "internship".to_owned(),
                Kind::NewGraduate => "job for new graduates".to_owned(),
                Kind::Job => "job".to_owned(),
            }),
        ),
        ("Duration", stated(&advert.duration_months, months)),
        (
            "Start",
            stated(&advert.start, |start| match start {
                Start::Immediate => "at once".to_owned(),
                Start::Month { year, month } => format!("{year}-{month:02}"),
            }),
        ),
        ("Stipend", stated(&advert.stipend, |range| between(range, |n| format!("₹{n}"), " a month"))),
        ("Salary", stated(&advert.salary_lpa, |range| between(range, |n| format!("₹{n}"), " lakh a year"))),
        (
            "Pay",
            stated(&advert.foreign_pay, |pay| {
                let per = match pay.per {
                    Per::Hour => "an hour",
                    Per::Month => "a month",
                    Per::Year => "a year",
                };
                format!("{} {per}", between(&pay.amount, |n| format!("{n} {}", pay.currency), ""))
            }),
        ),
        ("Unpaid", stated(&advert.unpaid, |_| "yes".to_owned())),
        (
            "Offer after it",
            stated(&advert.ppo, |ppo| match ppo {
                Ppo::Promised => "promised".to_owned(),
                Ppo::Possible => "possible".to_owned(),
            }),
        ),
        ("Place", all(&advert.places, String::clone)),
        (
            "Work",
            stated(&advert.mode, |mode| match mode {
                Mode::Remote => "remote".to_owned(),
                Mode::Hybrid => "hybrid".to_owned(),
                Mode::Office => "at the office".to_owned(),
            }),
        ),
        ("Batch", all(&advert.batches, i32::to_string)),
        ("Degree", all(&advert.degrees, String::clone)),
        ("CGPA from", stated(&advert.cgpa_min, f64::to_string)),
        ("Marks from", stated(&advert.percent_min, |percent| format!("{percent} %"))),
        ("Experience", stated(&advert.experience_min_years, |years| format!("{years} years"))),
        ("Bond", stated(&advert.bond_months, |months| format!("{months} months"))),
        ("Posted", stated(&advert.posted, |date| date.to_string())),
        ("Apply by", stated(&advert.deadline, |date| date.to_string())),
    ];
    let mut open = Vec::new();
    for (what, value) in rows {
        match value {
            Some((value, from)) => writeln!(text, "{what:<15} {value}\n{:<15} “{}”", "", brief(from))?,
            None => open.push(what),
        }
    }
    for (what, skills) in [("Asks for", skills_required), ("Would like", skills_optional)] {
        if !skills.is_empty() {
            let names: Vec<&str> = skills.iter().map(|skill| skill.value.as_str()).collect();
            writeln!(text, "{what:<15} {}", names.join(", "))?;
        }
    }
    writeln!(text, "Not stated      {}", open.join(", ").to_lowercase())?;
    for flag in flags {
        writeln!(text, "\nLook twice: {}\n  “{}”", flag.value.reason, brief(&flag.from))?;
    }
    if *hidden {
        writeln!(text, "\nThe page holds text that a reader does not see. It was not read.")?;
    }
    Ok(text)
}

fn stated<T>(of: &Option<Stated<T>>, show: impl Fn(&T) -> String) -> Option<(String, &str)> {
    of.as_ref().map(|stated| (show(&stated.value), stated.from.as_str()))
}

fn all<T>(of: &[Stated<T>], show: impl Fn(&T) -> String) -> Option<(String, &str)> {
    let first = of.first()?;
    Some((of.iter().map(|stated| show(&stated.value)).collect::<Vec<_>>().join(", "), &first.from))
}

fn between(range: &Range, show: impl Fn(f64) -> String, unit: &str) -> String {
    match (range.min, range.max) {
        (Some(min), Some(max)) if min == max => format!("{}{unit}", show(min)),
        (Some(min), Some(max)) => format!("{} to {}{unit}", show(min), show(max)),
        (Some(min), None) => format!("from {}{unit}", show(min)),
        (None, Some(max)) => format!("up to {}{unit}", show(max)),
        (None, None) => String::new(),
    }
}

/// A sentence on one line.
fn brief(sentence: &str) -> String {
    const LONGEST: usize = 160;
    let line = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
