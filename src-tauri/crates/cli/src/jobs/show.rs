//! Openings, boards and adverts as text.

use std::fmt::Write;

use anyhow::Result;
use internflow_core::jobs::facts::{self, between};
use internflow_core::jobs::{BestJobs, BoardLook, JobList, PostingLook};
use internflow_crawler::{Advert, Range, Stated};
use internflow_domain::{
    BoardCircuit, CrawlOutcome, Job, JobBoard, JobDetail, JobFact, JobFit, PayRange, Standing, Verdict,
};

/// The postings, two lines each, and what was not read.
pub(super) fn board(found: &BoardLook) -> Result<String> {
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

/// What an advert states, a line each; what it does not, together at the end.
pub(super) fn advert(advert: &Advert) -> Result<String> {
    let mut text = String::new();
    let name = |stated: &Option<Stated<String>>, what: &str| -> String {
        stated.as_ref().map_or_else(|| what.to_owned(), |stated| stated.value.clone())
    };
    writeln!(
        text,
        "{}\n{}\n",
        name(&advert.title, "No title"),
        name(&advert.company, "No employer is named")
    )?;
    text.push_str(&stated(&facts::stated(advert))?);
    writeln!(text, "Not stated      {}", facts::not_stated(advert).join(", ").to_lowercase())?;
    text.push_str(&twice(&facts::flags(advert))?);
    if advert.hidden {
        writeln!(text, "\nThe page holds text that a reader does not see. It was not read.")?;
    }
    Ok(text)
}

fn stated(facts: &[JobFact]) -> Result<String> {
    let mut text = String::new();
    for JobFact { label, value, from } in facts {
        writeln!(text, "{label:<15} {value}\n{:<15} “{}”", "", brief(from))?;
    }
    Ok(text)
}

fn twice(flags: &[JobFact]) -> Result<String> {
    let mut text = String::new();
    for JobFact { value, from, .. } in flags {
        writeln!(text, "\nLook twice: {value}\n  “{}”", brief(from))?;
    }
    Ok(text)
}

/// Boards, a line each with what is wrong below.
pub(super) fn sources(boards: &[JobBoard]) -> Result<String> {
    let mut text = String::new();
    if boards.is_empty() {
        writeln!(
            text,
            "No board is followed. `jobs sources add ADDRESS` follows one, `jobs sources catalogue` names some."
        )?;
    }
    for board in boards {
        let state = match (&board.circuit, board.outcome) {
            _ if !board.on => "off".to_owned(),
            (BoardCircuit::Open { until, .. }, _) => {
                let until = chrono::DateTime::from_timestamp(*until, 0).unwrap_or_default();
                format!("left alone until {}", until.with_timezone(&chrono::Local).format("%Y-%m-%d %H:%M"))
            }
            (BoardCircuit::HalfOpen { .. }, _) => "being tried again".to_owned(),
            (BoardCircuit::Closed, None) => "not read yet".to_owned(),
            (BoardCircuit::Closed, Some(CrawlOutcome::Complete | CrawlOutcome::Unchanged)) => {
                "read".to_owned()
            }
            (BoardCircuit::Closed, Some(CrawlOutcome::Partial)) => "read in part".to_owned(),
            (BoardCircuit::Closed, Some(CrawlOutcome::Failed)) => "could not be read".to_owned(),
        };
        writeln!(
            text,
            "{:>4}  {:<28} {:<16} {:>4} open  {state}",
            board.id, board.name, board.connector, board.open
        )?;
        if let BoardCircuit::Open { reason, .. } | BoardCircuit::HalfOpen { reason } = &board.circuit {
            writeln!(text, "      {reason}")?;
        }
        for why in &board.skipped {
            writeln!(text, "      Not read: {why}")?;
        }
    }
    Ok(text)
}

pub(super) fn list(found: &JobList) -> Result<String> {
    let mut text = jobs(&found.jobs)?;
    let shown = found.jobs.len();
    writeln!(text, "\n{shown} of {}", found.total)?;
    if let Some(notice) = &found.notice {
        writeln!(text, "{notice}")?;
    }
    Ok(text)
}

pub(super) fn jobs(jobs: &[Job]) -> Result<String> {
    let mut text = String::new();
    for job in jobs {
        text.push_str(&one(job)?);
    }
    Ok(text)
}

fn one(job: &Job) -> Result<String> {
    let mut text = String::new();
    let score = job.score.map_or_else(|| "  –".to_owned(), |score| format!("{score:>3}"));
    writeln!(text, "{:>5}  {score}  {}", job.id, job.title)?;
    let pay = |range: &Option<PayRange>, unit: &str| {
        range.map(|PayRange { min, max }| between(&Range { min, max }, |n| format!("₹{n}"), unit))
    };
    let places = (!job.places.is_empty()).then(|| job.places.join(", "));
    let pay = pay(&job.stipend, " a month").or(pay(&job.salary_lpa, " lakh a year"));
    let parts = [
        job.company.clone(),
        places,
        job.mode.clone().filter(|mode| mode != "office"),
        Some(pay.unwrap_or_else(|| "pay not stated".to_owned())),
        job.deadline.as_ref().map(|day| format!("apply by {day}")),
        job.tracked.map(|state| state.as_str().to_owned()),
    ];
    writeln!(text, "            {}", parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))?;
    if !job.why.is_empty() {
        writeln!(text, "            {}", job.why)?;
    }
    for flag in &job.flags {
        writeln!(text, "            Look twice: {flag}")?;
    }
    if let Some(reason) = &job.hidden {
        writeln!(text, "            Hidden: {reason}")?;
    }
    Ok(text)
}

pub(super) fn detail(found: &JobDetail) -> Result<String> {
    let mut text = one(&found.job)?;
    writeln!(text)?;
    for source in &found.sources {
        let address = source.address.as_deref().unwrap_or("no page");
        writeln!(text, "{}: {address}{}", source.board, if source.open { "" } else { " (closed)" })?;
    }
    writeln!(text)?;
    text.push_str(&stated(&found.facts)?);
    text.push_str(&twice(&found.flags)?);
    if let Some(fit) = &found.fit {
        text.push_str(&how(fit)?);
    }
    writeln!(text, "\n{}", found.text.trim())?;
    Ok(text)
}

fn how(fit: &JobFit) -> Result<String> {
    let mut text = format!("\n{} of 100. {}\n", fit.score, fit.says);
    for part in &fit.parts {
        writeln!(text, "  {:>3} of {:>2}  {}: {}", part.points, part.of, part.name, part.why)?;
    }
    for rule in fit.rules.iter().filter(|rule| rule.verdict != Verdict::NotStated) {
        let sign = match rule.verdict {
            Verdict::Met => "yes",
            Verdict::NotMet => "no",
            Verdict::NotStated | Verdict::Unknown => "?",
        };
        writeln!(text, "  {sign:<4} {}: {}", rule.name, rule.why)?;
    }
    for skill in &fit.skills {
        let standing = match skill.standing {
            Standing::Proven => "proven",
            Standing::Claimed => "claimed",
            Standing::Missing => "missing",
        };
        let kind = if skill.required { "" } else { " (helps)" };
        writeln!(text, "  {standing:<8} {}{kind}", skill.name)?;
        for proof in &skill.proofs {
            let commit = proof.commits.first().map(|sha| format!(", {}", internflow_domain::short(sha)));
            writeln!(
                text,
                "           {}: {}{}",
                proof.repository,
                proof.method,
                commit.unwrap_or_default()
            )?;
        }
    }
    Ok(text)
}

/// The best openings with their reasons, and what would open more.
pub(super) fn best(found: &BestJobs) -> Result<String> {
    let mut text = String::new();
    if found.jobs.is_empty() {
        writeln!(
            text,
            "There are no openings yet. `jobs sources add ADDRESS` follows a board, `jobs crawl` reads it."
        )?;
    }
    for matched in &found.jobs {
        text.push_str(&one(&matched.job)?);
        text.push_str(&how(&matched.fit)?);
        writeln!(text)?;
    }
    for next in &found.next {
        writeln!(text, "Next: {} – {}", next.name, next.says)?;
    }
    Ok(text)
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
