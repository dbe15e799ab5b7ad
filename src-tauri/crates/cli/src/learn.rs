//! `learn`: what you repeat and what you stopped doing, by the findings in your own commits.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use internflow_core::Core;
use internflow_core::account::day;
use internflow_core::reviews::learn::{self, LearnFrom};
use internflow_domain::{Example, Habit, Learning, Trend, short};

use crate::show::Written;
use crate::{repos, review, show};

/// See what you repeat and what you stopped doing, by the findings in your own commits.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Name, owner/name or folder of a repository; without it, all.
    #[arg(value_name = "REPO")]
    repo: Option<String>,
    #[arg(long, value_enum, default_value = "md")]
    format: Written,
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    let repository_id = match args.repo.as_deref() {
        None => None,
        Some(folder) if Path::new(folder).is_dir() => Some(review::add(core, Path::new(folder)).await?.id),
        Some(name) => Some(repos::find(core, name).await?.id),
    };
    let learning = learn::learning(core, LearnFrom { repository_id }).await?;
    match args.format {
        Written::Json => show::line(&serde_json::to_string_pretty(&learning)?),
        Written::Md => show::line(markdown(&learning)?.trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}

fn markdown(learning: &Learning) -> Result<String> {
    let Learning { commits, reviewed, months, habits } = learning;
    let mut text =
        format!("# What there is to learn\n\n{reviewed} of {commits} commits of yours are reviewed.\n");
    if *commits == 0 {
        text.push_str("\nNo commit counts as yours. `git config user.email YOU@…` says who you are.\n");
    } else if *reviewed == 0 {
        text.push_str("\nReview some first: `internflow-cli review REPO --author auto --last 20`.\n");
    } else if habits.is_empty() {
        text.push_str("\nNothing was found in them. Review more, older ones too, to see a course.\n");
    }
    for (trend, title) in [
        (Trend::Repeats, "What you repeat"),
        (Trend::Stopping, "What you do less"),
        (Trend::Stopped, "What you stopped doing"),
        (Trend::Once, "Seen in one commit"),
    ] {
        let of_trend: Vec<&Habit> = habits.iter().filter(|habit| habit.trend == trend).collect();
        if !of_trend.is_empty() {
            writeln!(text, "\n## {title}")?;
        }
        for habit in of_trend {
            about(&mut text, habit)?;
        }
    }
    if !months.is_empty() {
        writeln!(text, "\n## Month by month\n\n| month | reviewed | found |\n|---|--:|---|")?;
    }
    for month in months {
        let found: Vec<String> =
            month.found.iter().map(|one| format!("{} {}", one.findings, one.category.as_str())).collect();
        let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
        writeln!(text, "| {} | {} | {found} |", month.month, month.reviewed)?;
    }
    Ok(text)
}

fn about(text: &mut String, habit: &Habit) -> Result<()> {
    let counted = |n: u32, what: &str| if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") };
    writeln!(
        text,
        "\n### {}\n\n{} in {}, first {}, last {} ({}).\n\n{}",
        habit.message,
        counted(habit.findings, "finding"),
        counted(habit.commits, "commit"),
        day(habit.first.time),
        day(habit.last.time),
        habit.rule,
        habit.lesson
    )?;
    for example in &habit.examples {
        let Example { at, path, line, before, after, changed_in } = example;
        writeln!(text, "\n- {}, {path}:{line} in {}\n\n      {before}", at.repository, short(&at.sha))?;
        match (after.as_deref(), changed_in) {
            (Some(""), Some(sha)) => writeln!(text, "\n  You took it away in {}.", short(sha))?,
            (Some(after), Some(sha)) => {
                writeln!(text, "\n  Since {} it reads:\n\n{}", short(sha), indented(after))?;
            }
            (Some(after), None) => writeln!(text, "\n  Proposed:\n\n{}", indented(after))?,
            (None, _) => {}
        }
    }
    Ok(())
}

fn indented(code: &str) -> String {
    code.lines().map(|line| format!("      {line}")).collect::<Vec<_>>().join("\n")
}
