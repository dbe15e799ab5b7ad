//! A letter to go with the résumé: plain sentences from the same facts, which the user may put into their own words.

use std::path::PathBuf;

use anyhow::Result;
use chrono::{Datelike, NaiveDate};
use internflow_domain::{ApiError, AskedSkill, Bullet, ErrorCode, Fact, Letter, Standing};
use serde::Deserialize;
use ts_rs::TS;

use super::{Master, Opening, asked, keep, opening, suggest};
use crate::api::Id;
use crate::facts::and;
use crate::jobs::{self, fit};
use crate::resume::{Exported, may_be_written, write_atomically};
use crate::{Core, blocking, gate};

/// Words that a letter should at least have, and has at most.
const LENGTH: (usize, usize) = (150, 250);
/// Characters of a letter in the user's own words.
const MOST: usize = 20_000;

#[derive(Debug, Deserialize, TS)]
pub struct SetLetter {
    /// Of the opening.
    #[ts(type = "number")]
    pub id: i64,
    /// Null for ours again.
    pub text: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ExportLetter {
    #[ts(type = "number")]
    pub id: i64,
    pub format: LetterFormat,
    /// Where to write; null for the exports folder.
    pub path: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum LetterFormat {
    Txt,
    Md,
}

/// The letter for an opening: the user's own words, else ours.
pub async fn letter(core: &Core, args: Id) -> Result<Letter> {
    let opening = opening(core, args.id).await?;
    let profile = core.store.profile().await?;
    let fit = fit::of_advert(core, &profile, &opening.posting, &opening.advert).await?;
    let master = Master::of(core, profile).await?;
    let own = core.store.variant(args.id).await?.letter;
    let today = jobs::today(core);
    blocking(move || {
        let asked = asked::requirements(&fit, &master);
        let draft = draft(&opening, &master, &asked, today);
        let unproven = own.as_deref().map(|own| unproven(own, &draft, &opening, &master, &asked));
        let edited = own.is_some();
        let text = own.unwrap_or(draft);
        let words = text.split_whitespace().count() as u32;
        Ok(Letter { text, edited, words, unproven: unproven.unwrap_or_default() })
    })
    .await
}

pub async fn set_letter(core: &Core, args: SetLetter) -> Result<()> {
    if args.text.as_ref().is_some_and(|text| text.chars().count() > MOST) {
        let message = format!("A letter has at most {MOST} characters. One page is enough for most.");
        return Err(ApiError::new(ErrorCode::BadRequest, message).into());
    }
    opening(core, args.id).await?;
    let mut variant = core.store.variant(args.id).await?;
    variant.letter = args.text.filter(|text| !text.trim().is_empty());
    keep(core, args.id, &variant).await
}

/// Writes the letter as a file. Markdown and text are the same: it has paragraphs and nothing else.
pub async fn export_letter(core: &Core, args: ExportLetter) -> Result<Exported> {
    let extension = match args.format {
        LetterFormat::Txt => "txt",
        LetterFormat::Md => "md",
    };
    may_be_written(args.path.as_deref(), extension)?;
    let text = letter(core, Id { id: args.id }).await?.text + "\n";
    let role = opening(core, args.id).await?.role;
    let stem = core.engines.typesetter.file_stem(&core.store.profile().await?, &format!("{role} Letter"));
    let usual = || core.config.data_dir.join("exports").join(format!("{stem}.{extension}"));
    let path = args.path.map_or_else(usual, PathBuf::from);
    blocking(move || {
        write_atomically(&path, text.as_bytes())?;
        Ok(Exported { path: path.display().to_string(), bytes: text.len() as u64 })
    })
    .await
}

fn draft(opening: &Opening, master: &Master, asked: &[AskedSkill], today: NaiveDate) -> String {
    let basics = &master.profile.basics;
    let company = opening.posting.company.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let company = company.map(|name| name.split_whitespace().take(super::ROLE).collect::<Vec<_>>().join(" "));
    let greeting = company.as_ref().map_or("Dear Sir or Madam,".to_owned(), |name| format!("Dear {name},"));
    let at = company.map(|name| format!(" at {name}")).unwrap_or_default();
    let role = if opening.role.is_empty() { "an intern" } else { opening.role.as_str() };
    let advert = format!("{}\n{}", opening.posting.title, opening.posting.description);
    let theirs = suggest::runs(&advert);
    let ours = |text: &String| suggest::runs(text).is_disjoint(&theirs);
    let mut opened: Vec<String> =
        [format!("I am applying as {role}{at}.")].into_iter().filter(ours).collect();
    opened.extend(studies(master, today));

    let of = |standing, most| -> Vec<&AskedSkill> {
        asked.iter().filter(|asked| asked.skill.standing == standing).take(most).collect()
    };
    let names =
        |of: &[&AskedSkill]| and(&of.iter().map(|asked| asked.skill.name.as_str()).collect::<Vec<_>>());
    let proven = of(Standing::Proven, 5);
    let required: Vec<&AskedSkill> = asked.iter().filter(|asked| asked.skill.required).take(6).collect();
    let mut shown = Vec::new();
    if !required.is_empty() {
        shown.push(format!("You ask for {}.", names(&required)));
    }
    if !proven.is_empty() {
        shown.push(format!("Code that I wrote shows {}.", names(&proven)));
    }
    shown.extend(proven.iter().filter_map(|asked| {
        let proof = asked.skill.proofs.iter().find(|proof| !master.private.contains(&proof.repository_id))?;
        let count = proof.method.split(',').next().unwrap_or_default();
        let (skill, repository) = (&asked.skill.name, &proof.repository);
        Some(format!("For {skill}, look at {repository}: {count}."))
    }));
    let claimed = of(Standing::Claimed, 3);
    if !claimed.is_empty() {
        shown.push(format!(
            "I have also worked with {}, outside of the code that I can show.",
            names(&claimed)
        ));
    }
    shown.retain(ours);
    // Of what is missing it says nothing: that code does not show it is no fact about the student.
    let mut honest = vec![
        "Each line of my résumé leads to the commits behind it, so what I say here can be checked."
            .to_owned(),
        "I would be glad to go through that code with you and to answer for every part of it.".to_owned(),
    ];
    if !basics.email.trim().is_empty() {
        honest.push(format!("You can reach me at {}.", basics.email.trim()));
    }
    let end = format!("Yours sincerely,\n{}", basics.name.trim());

    let mut work: Vec<String> = Vec::new();
    let letter = |work: &[String]| {
        let paragraphs = [
            greeting.clone(),
            opened.join(" "),
            shown.join(" "),
            work.join(" "),
            honest.join(" "),
            end.clone(),
        ];
        let kept: Vec<String> = paragraphs.into_iter().filter(|text| !text.trim().is_empty()).collect();
        kept.join("\n\n")
    };
    let count = |text: &str| text.split_whitespace().count();
    for sentence in telling(master, asked) {
        let now = count(&letter(&work));
        if now >= LENGTH.0 {
            break;
        }
        if now + count(&sentence) <= LENGTH.1 {
            work.push(sentence);
        }
    }
    letter(&work)
}

/// What the student studies, of the newest entry of their education.
fn studies(master: &Master, today: NaiveDate) -> Option<String> {
    let newest = master.profile.newest_education()?;
    let (degree, area) = (newest.study_type.trim(), newest.area.trim());
    let what = match (degree.is_empty(), area.is_empty()) {
        (true, true) => return None,
        (false, true) => degree.to_owned(),
        (true, false) => area.to_owned(),
        (false, false) => format!("{area} ({degree})"),
    };
    let at = newest.institution.trim();
    let at = if at.is_empty() { String::new() } else { format!(" at {at}") };
    let year: Option<i32> = newest.end_date.get(..4).and_then(|year| year.parse().ok());
    Some(match year {
        Some(year) if year >= today.year() => format!("I study {what}{at} and finish in {year}."),
        Some(year) => format!("I studied {what}{at} and finished in {year}."),
        None => format!("I study {what}{at}."),
    })
}

/// Bullets as sentences, those that show most of what is asked first. Words of the user's own are not proven and stay
/// out.
fn telling(master: &Master, asked: &[AskedSkill]) -> Vec<String> {
    let shows = |bullet: &Bullet| {
        asked.iter().filter(|asked| asked.bullets.iter().any(|one| one.id == bullet.id)).count()
    };
    let mut bullets: Vec<&Bullet> = master.bullets.iter().filter(|bullet| !bullet.edited).collect();
    bullets.sort_by_key(|bullet| std::cmp::Reverse(shows(bullet)));
    let sentence = |bullet: &Bullet| {
        let mut letters = bullet.text.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
        let told = format!("I {first}{}", letters.as_str());
        match bullet.private || bullet.text.contains(&bullet.repository) {
            true => told,
            false => format!("In {}, {told}", bullet.repository),
        }
    };
    bullets.into_iter().map(sentence).collect()
}

/// What the user's own words claim and nothing proves. Sentences of ours are proven.
fn unproven(own: &str, draft: &str, opening: &Opening, master: &Master, asked: &[AskedSkill]) -> Vec<String> {
    let fact = |text: String| Fact { text, method: String::new() };
    let mut facts = vec![fact(asked::words(&master.profile)), fact(opening.role.clone())];
    facts.extend(opening.posting.company.clone().map(fact));
    facts.extend(master.bullets.iter().flat_map(|bullet| bullet.facts.clone()));
    for asked in asked.iter().filter(|asked| asked.skill.standing == Standing::Proven) {
        facts.push(fact(format!("uses {}", asked.skill.name)));
        facts.extend(asked.skill.proofs.iter().map(|proof| fact(proof.method.clone())));
    }
    let sentences = own.split_inclusive(['.', '!', '?', '\n']).map(str::trim).filter(|text| !text.is_empty());
    sentences
        .filter(|sentence| !draft.contains(sentence))
        .filter_map(|sentence| {
            let why = gate::unproven(sentence, &facts)?;
            let shown: String = sentence.chars().take(80).collect();
            Some(format!("“{shown}”: {why}"))
        })
        .collect()
}
