//! `ats`: what an applicant tracking system gets out of a résumé file.

use std::fmt::Write;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use internflow_ats::{Dates, Entry, FieldCheck, Fields, Found, Reader, compare, expected, read_back};

use crate::show;
use crate::show::Format;

/// Read a résumé as an applicant tracking system does: every field with its line, and what breaks.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A PDF or Word file; `-` for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The profile that the file was made from: each field is compared with it.
    #[arg(long, value_name = "profile.json")]
    profile: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let Args { file, profile, format } = args;
    let most = internflow_ats::MOST_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    match file.as_os_str() == "-" {
        true => std::io::stdin().lock().take(most).read_to_end(&mut bytes),
        false => std::fs::File::open(file).and_then(|opened| opened.take(most).read_to_end(&mut bytes)),
    }
    .with_context(|| {
        format!("{} can't be read. Name a PDF or Word file, or `-` for standard input", file.display())
    })?;
    let back = read_back(&bytes);
    let wanted = match profile {
        Some(path) => Some(wanted(path)?),
        None => None,
    };
    let checks: Option<Vec<(Reader, Vec<FieldCheck>)>> = wanted.map(|wanted| {
        back.readings.iter().map(|reading| (reading.reader, compare(&wanted, &reading.fields))).collect()
    });
    match format {
        Format::Json => {
            let mut value = serde_json::to_value(&back)?;
            if let Some(checks) = checks {
                let checks = checks.into_iter().map(|(_, checks)| checks).collect::<Vec<_>>();
                value["checks"] = serde_json::to_value(checks)?;
            }
            show::line(&serde_json::to_string_pretty(&value)?);
        }
        Format::Text => show::line(text(&back, checks.as_deref())?.trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}

fn wanted(path: &PathBuf) -> Result<Fields> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} can't be read. Name a JSON Resume profile", path.display()))?;
    let profile = serde_json::from_str(&text)
        .with_context(|| format!("{} is not a JSON Resume profile", path.display()))?;
    Ok(expected(&profile))
}

fn text(back: &internflow_ats::ReadBack, checks: Option<&[(Reader, Vec<FieldCheck>)]>) -> Result<String> {
    let mut text = String::new();
    match (checks, back.readings.first()) {
        (Some(checks), _) => {
            for (reader, checks) in checks {
                let right = checks.iter().filter(|check| check.ok).count();
                writeln!(text, "{}: {right} of {} fields are read back", named(*reader), checks.len())?;
                for check in checks.iter().filter(|check| !check.ok) {
                    writeln!(
                        text,
                        "  {}\n    is   “{}”\n    read “{}”",
                        check.field, check.expected, check.read
                    )?;
                }
            }
        }
        (None, Some(reading)) => {
            write_fields(&mut text, &reading.fields)?;
            write_differences(&mut text, &back.differences)?;
        }
        (None, None) => {}
    }
    for problem in &back.problems {
        writeln!(text, "\n{}", problem.breaks)?;
        if !problem.found.is_empty() {
            writeln!(text, "  Where  {}", problem.found)?;
        }
        writeln!(text, "  Why    {}\n  Mend   {}", problem.why, problem.mend)?;
    }
    if back.problems.is_empty() {
        writeln!(text, "\nNothing was found that breaks.")?;
    }
    Ok(text)
}

/// The first few differences; one wrong order shifts all that follows.
fn write_differences(text: &mut String, all: &[FieldCheck]) -> std::fmt::Result {
    const SHOWN: usize = 5;
    for FieldCheck { field, expected, read, .. } in all.iter().take(SHOWN) {
        writeln!(text, "\nAnother program reads {field} as “{read}”, not “{expected}”")?;
    }
    if all.len() > SHOWN {
        writeln!(text, "\nand {} more fields otherwise", all.len() - SHOWN)?;
    }
    Ok(())
}

fn named(reader: Reader) -> &'static str {
    match reader {
        Reader::ByPlace => "As it stands on the page",
        Reader::ByOrder => "In the order of the file",
        Reader::ByStyle => "With styles and lists",
        Reader::PlainWords => "Words alone",
    }
}

fn write_fields(text: &mut String, fields: &Fields) -> std::fmt::Result {
    let mut missing = Vec::new();
    for (what, found) in [
        ("Name", &fields.name),
        ("Headline", &fields.headline),
        ("Mail", &fields.email),
        ("Phone", &fields.phone),
        ("Place", &fields.location),
        ("Summary", &fields.summary),
    ] {
        match found {
            Some(found) => write_found(text, what, found)?,
            None => missing.push(what.to_lowercase()),
        }
    }
    for link in &fields.links {
        write_found(text, "Link", link)?;
    }
    for school in &fields.education {
        writeln!(text, "\nEducation")?;
        for (what, found) in
            [("School", &school.school), ("Degree", &school.degree), ("Score", &school.score)]
        {
            found.iter().try_for_each(|found| write_found(text, what, found))?;
        }
        school.dates.iter().try_for_each(|dates| write_dates(text, dates))?;
        school.facts.iter().try_for_each(|found| write_found(text, "Fact", found))?;
        school.text.iter().try_for_each(|found| write_found(text, "Below", found))?;
    }
    let sections = [
        ("Experience", &fields.experience),
        ("Project", &fields.projects),
        ("Position", &fields.responsibility),
    ];
    for (what, entries) in sections {
        entries.iter().try_for_each(|entry| write_entry(text, what, entry))?;
    }
    for (what, found) in [
        ("Skills", &fields.skills),
        ("Achievements", &fields.achievements),
        ("Certifications", &fields.certifications),
        ("Publications", &fields.publications),
        ("Languages", &fields.languages),
        ("Interests", &fields.interests),
    ] {
        match found.as_slice() {
            [] => missing.push(what.to_lowercase()),
            found => {
                let values: Vec<&str> = found.iter().map(|found| found.value.as_str()).collect();
                writeln!(text, "\n{what}\n  {}", values.join(if what == "Skills" { ", " } else { "\n  " }))?;
            }
        }
    }
    if !missing.is_empty() {
        writeln!(text, "\nNot found  {}", missing.join(", "))?;
    }
    Ok(())
}

fn write_entry(text: &mut String, what: &str, entry: &Entry) -> std::fmt::Result {
    writeln!(text, "\n{what}")?;
    for (what, found) in [("Title", &entry.title), ("At", &entry.organisation)] {
        found.iter().try_for_each(|found| write_found(text, what, found))?;
    }
    entry.dates.iter().try_for_each(|dates| write_dates(text, dates))?;
    entry.facts.iter().chain(&entry.links).try_for_each(|found| write_found(text, "Fact", found))?;
    entry.text.iter().try_for_each(|found| write_found(text, "Text", found))?;
    entry.bullets.iter().try_for_each(|found| write_found(text, "Bullet", found))
}

fn write_found(text: &mut String, what: &str, found: &Found) -> std::fmt::Result {
    let line = found.line.map(|line| format!("  (line {line})")).unwrap_or_default();
    writeln!(text, "{what:<10} {}{line}", found.value)
}

fn write_dates(text: &mut String, dates: &Dates) -> std::fmt::Result {
    let shown = if dates.start == dates.end {
        dates.start.clone()
    } else {
        format!("{} to {}", dates.start, dates.end)
    };
    writeln!(text, "{:<10} {shown}", "Time")
}
