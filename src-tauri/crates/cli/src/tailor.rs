//! `tailor` and `letter`: what an advert asks of the résumé, what to change for it, and the letter to go with it.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use internflow_core::Core;
use internflow_core::api::Id;
use internflow_core::tailor::{self, DecideSuggestion};
use internflow_domain::{AskedSkill, Change, Decision, Keyword, Standing, Suggestion, Tailoring, short};

use crate::show::Format;
use crate::{resume, show};

/// Bytes of an advert that are read, one more than the core takes: it says when there are too many.
const MOST: u64 = (5 << 20) + 1;

/// Say what an advert asks of your résumé, and what to change in it for this one.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A JSON Resume instead of the app's own profile.
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// The advert: a saved page or text, `-` for standard input, or the number of an opening of `jobs list`.
    #[arg(long, value_name = "FILE|-|ID")]
    job: String,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Suggestions of an opening to take, by their keys, or `all`.
    #[arg(long, value_name = "KEY")]
    accept: Vec<String>,
    /// Suggestions of an opening to turn down, by their keys, or `all`.
    #[arg(long, value_name = "KEY")]
    reject: Vec<String>,
}

/// Write the letter for an opening, in plain sentences from the same facts.
#[derive(clap::Args)]
pub(crate) struct LetterArgs {
    /// Number of the opening in `jobs list`.
    #[arg(long, value_name = "ID")]
    job: i64,
    /// File to write; standard output without it.
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    let profile = args.profile.as_deref().map(resume::profile).transpose()?;
    let opening = args.job.parse::<i64>().ok().filter(|_| !Path::new(&args.job).exists());
    let found = match opening {
        Some(id) => {
            for (keys, decision) in [(&args.accept, Decision::Accepted), (&args.reject, Decision::Rejected)] {
                for key in keys {
                    let key = (key != "all").then(|| key.clone());
                    let decided = DecideSuggestion { id, key, decision };
                    tailor::decide_for(core, decided, profile.clone()).await?;
                }
            }
            tailor::of_opening(core, id, profile).await?
        }
        None if !args.accept.is_empty() || !args.reject.is_empty() => {
            bail!(
                "Suggestions are kept for an opening. Take the advert in with `jobs import` and name its number."
            )
        }
        None => tailor::pasted(core, &read(&args.job)?, profile).await?,
    };
    match args.format {
        Format::Json => show::line(&serde_json::to_string_pretty(&found)?),
        Format::Text => show::line(text(&found).trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn letter(core: &Core, args: LetterArgs) -> Result<ExitCode> {
    let letter = tailor::letter(core, Id { id: args.job }).await?;
    show::write(args.out.as_deref(), &(letter.text + "\n"))?;
    for unproven in &letter.unproven {
        show::note(&format!("Your own words, {unproven}."));
    }
    Ok(ExitCode::SUCCESS)
}

fn read(file: &str) -> Result<String> {
    let mut bytes = Vec::new();
    match file {
        "-" => std::io::stdin().lock().take(MOST).read_to_end(&mut bytes),
        _ => std::fs::File::open(file).and_then(|opened| opened.take(MOST).read_to_end(&mut bytes)),
    }
    .with_context(|| {
        format!("{file} can't be read. Name a text file, `-` for standard input, or the number of an opening")
    })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn text(found: &Tailoring) -> String {
    let at = found.company.as_ref().map(|company| format!(" at {company}")).unwrap_or_default();
    let mut text = format!("{}{at}\n", if found.role.is_empty() { "An opening" } else { &found.role });
    for (standing, title) in [
        (Standing::Proven, "Your code shows"),
        (Standing::Claimed, "You say so"),
        (Standing::Missing, "Missing"),
    ] {
        let of: Vec<&AskedSkill> =
            found.requirements.iter().filter(|asked| asked.skill.standing == standing).collect();
        if !of.is_empty() {
            text.push_str(&format!("\n{title}\n"));
        }
        of.into_iter().for_each(|asked| requirement(&mut text, asked));
    }
    let listed = |here: bool| {
        let of = |keyword: &&Keyword| keyword.spellings.iter().any(|spelling| spelling.in_resume) == here;
        let shown: Vec<String> = found.keywords.iter().filter(of).map(spelled).collect();
        shown.join(", ")
    };
    for (title, all) in [("Keywords in the résumé", listed(true)), ("Keywords missing", listed(false))] {
        if !all.is_empty() {
            text.push_str(&format!("\n{title}: {all}\n"));
        }
    }
    if !found.suggestions.is_empty() {
        text.push_str("\nSuggestions (--accept KEY, --reject KEY)\n");
    }
    found.suggestions.iter().for_each(|one| suggestion(&mut text, one));
    text
}

fn requirement(text: &mut String, asked: &AskedSkill) {
    let skill = &asked.skill;
    let welcome = if skill.required { "" } else { " (would be welcome)" };
    text.push_str(&format!("  {}{welcome}  “{}”\n", skill.name, skill.from));
    for proof in &skill.proofs {
        let commits: Vec<&str> = proof.commits.iter().take(3).map(|sha| short(sha)).collect();
        text.push_str(&format!("    {} in {}  {}\n", proof.method, proof.repository, commits.join(" ")));
    }
    asked.bullets.iter().for_each(|bullet| text.push_str(&format!("    • {}\n", bullet.text)));
}

/// "JavaScript (JS in the advert)".
fn spelled(keyword: &Keyword) -> String {
    let of = |advert: bool| -> Vec<&str> {
        let asked = keyword.spellings.iter().filter(|one| if advert { one.in_advert } else { one.in_resume });
        asked.map(|one| one.text.as_str()).collect()
    };
    let (theirs, ours) = (of(true), of(false));
    match () {
        () if ours.is_empty()
            || theirs.iter().any(|one| ours.iter().any(|our| our.eq_ignore_ascii_case(one))) =>
        {
            keyword.skill.clone()
        }
        () => format!("{} ({} in the advert)", ours.join(", "), theirs.join(", ")),
    }
}

fn suggestion(text: &mut String, one: &Suggestion) {
    let decision = match one.decision {
        Decision::Open => "",
        Decision::Accepted => "  accepted",
        Decision::Rejected => "  rejected",
    };
    text.push_str(&format!("  {}{decision}  {}\n", one.key, one.why));
    let (before, after) = match &one.change {
        Change::Headline { before, after } | Change::Words { before, after, .. } => {
            (before.as_str(), after.clone())
        }
        Change::Skill { line, before, after } => (before.as_str(), format!("{after}  ({line})")),
        Change::First { text, .. } => ("", format!("first: {text}")),
        Change::Without { text, .. } => (text.as_str(), String::new()),
    };
    for (mark, words) in [("-", before), ("+", after.as_str())] {
        if !words.is_empty() {
            text.push_str(&format!("    {mark} {words}\n"));
        }
    }
}
