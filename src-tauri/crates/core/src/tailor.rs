//! A résumé for one opening: made from the master by changes that the user takes or turns down one by one.
//!
//! Code alone suggests ([`suggest`]): from the advert it takes the names of skills and the role, nothing else, so no
//! sentence of it gets into a résumé. Every new word passes the gate that bullets pass. What was accepted is kept as the
//! change it was ([`variant`]) and applies as long as what it changes still reads the same.

mod asked;
mod letter;
mod suggest;
mod variant;

use std::collections::HashSet;

use anyhow::Result;
use internflow_crawler::{Advert, Posting, read};
use internflow_domain::{
    ApiError, Bullet, Decision, ErrorCode, Look, Omitted, Profile, ResumeFormat, Suggestion, Tailoring,
};
use internflow_store::achievement::ProvenSkill;
use internflow_store::tailor::{Decided, Variant};
use serde::Deserialize;
use ts_rs::TS;

use crate::api::Id;
use crate::jobs::{self, fit};
use crate::resume::origin::Origin;
use crate::resume::{self, ExportResume, Exported, Preview};
use crate::{Core, blocking};

pub use letter::{ExportLetter, LetterFormat, SetLetter, export_letter, letter, set_letter};
pub(crate) use variant::sent;

/// Bytes of a pasted advert; no page of text is longer.
const MOST: usize = 5 << 20;

#[derive(Debug, Deserialize, TS)]
pub struct DecideSuggestion {
    /// Of the opening.
    #[ts(type = "number")]
    pub id: i64,
    /// Of the suggestion; null for all of them.
    pub key: Option<String>,
    pub decision: Decision,
}

#[derive(Debug, Deserialize, TS)]
pub struct DressVariant {
    #[ts(type = "number")]
    pub id: i64,
    /// Null for template and paper of the master.
    pub look: Option<Look>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ExportVariant {
    #[ts(type = "number")]
    pub id: i64,
    pub format: ResumeFormat,
    /// Where to write; null for the exports folder, from which the file can be dragged.
    pub path: Option<String>,
}

/// What all variants are made from.
#[derive(Debug, Clone)]
pub(crate) struct Master {
    pub(crate) profile: Profile,
    /// Those that are shown.
    pub(crate) bullets: Vec<Bullet>,
    pub(crate) skills: Vec<ProvenSkill>,
    /// Repositories that no document names.
    pub(crate) private: HashSet<i64>,
    pub(crate) origins: Vec<Origin>,
    /// What the user leaves out of the document for room.
    pub(crate) left_out: Vec<Omitted>,
}

impl Master {
    pub(crate) async fn of(core: &Core, profile: Profile) -> Result<Self> {
        let mut bullets = core.store.bullets().await?;
        bullets.retain(Bullet::goes_out);
        let skills = core.store.proven_skills().await?;
        let left_out = core.store.omitted().await?;
        let origins = resume::origin::origins(core, &bullets).await?;
        Ok(Self { profile, bullets, skills, origins, left_out, private: resume::private(core).await? })
    }

    /// The whole document, unchanged.
    fn document(&self) -> Profile {
        let mut document = self.profile.clone();
        resume::merge_bullets(&mut document, &self.bullets, &self.skills);
        resume::left_out::without(&mut document, &self.left_out);
        resume::origin::complete(&mut document, &self.origins);
        document
    }
}

/// An advert as it is read for a résumé.
#[derive(Debug, Clone)]
struct Opening {
    posting: Posting,
    advert: Advert,
    /// Role as headline and file name say it; empty where the title is none.
    role: String,
}

impl Opening {
    fn new(posting: Posting, advert: Advert) -> Self {
        let role = role(&posting.title);
        Self { posting, advert, role }
    }
}

/// Words of a role; no more of an advert is ever repeated in one go.
const ROLE: usize = 6;

/// The title of an advert up to its first stop. A point or a stroke inside a word is none: "Node.js", "AI/ML".
fn role(title: &str) -> String {
    let stops = |(at, c): (usize, char)| {
        let (before, after) = (title[..at].chars().next_back(), title[at + c.len_utf8()..].chars().next());
        let open = |side: Option<char>| side.is_none_or(char::is_whitespace);
        match c {
            '.' => open(after),
            '/' => open(before) || open(after),
            _ => [',', ';', ':', '|', '(', '[', '–', '—', '·', '!', '?', '\n'].contains(&c),
        }
    };
    let end = title.char_indices().find(|found| stops(*found)).map_or(title.len(), |(at, _)| at);
    let head = &title[..end];
    let head = head.split(" - ").next().unwrap_or_default();
    head.split_whitespace().take(ROLE).collect::<Vec<_>>().join(" ")
}

async fn opening(core: &Core, id: i64) -> Result<Opening> {
    let (posting, advert) = jobs::advert(core, id).await?;
    Ok(Opening::new(posting, advert))
}

/// How the student's work answers an opening, and what to change in the résumé for it.
pub async fn get(core: &Core, args: Id) -> Result<Tailoring> {
    of_opening(core, args.id, None).await
}

/// The same; `profile` counts instead of the user's own.
pub async fn of_opening(core: &Core, id: i64, profile: Option<Profile>) -> Result<Tailoring> {
    let opening = opening(core, id).await?;
    let variant = core.store.variant(id).await?;
    tailored(core, opening, profile_or_own(core, profile).await?, variant).await
}

async fn profile_or_own(core: &Core, profile: Option<Profile>) -> Result<Profile> {
    match profile {
        Some(profile) => Ok(profile),
        None => core.store.profile().await,
    }
}

/// The same for an advert that is no opening of the app's: its text, or a saved page.
pub async fn pasted(core: &Core, text: &str, profile: Option<Profile>) -> Result<Tailoring> {
    let refused = |message: &str| ApiError::new(ErrorCode::BadRequest, message);
    if text.len() > MOST {
        return Err(refused("This is longer than 5 MB. Give the text of the advert alone.").into());
    }
    let posting = jobs::pasted(text, None).ok_or_else(|| {
        refused("No advert was found in this. Give its whole text, with its title in the first line.")
    })?;
    let advert = read(&posting.advert(), jobs::today(core));
    let profile = profile_or_own(core, profile).await?;
    tailored(core, Opening::new(posting, advert), profile, Variant::default()).await
}

async fn tailored(core: &Core, opening: Opening, profile: Profile, variant: Variant) -> Result<Tailoring> {
    let fit = fit::of_advert(core, &profile, &opening.posting, &opening.advert).await?;
    let master = Master::of(core, profile).await?;
    blocking(move || {
        let requirements = asked::requirements(&fit, &master);
        let document = variant::document(&master, &variant);
        let keywords = asked::keywords(&requirements, &opening.posting, &document);
        let made = suggest::suggestions(&opening, &master, &requirements);
        Ok(Tailoring {
            role: opening.role,
            company: opening.posting.company,
            requirements,
            keywords,
            suggestions: variant::with_decisions(made, &master, &variant),
            exported: variant.exported,
        })
    })
    .await
}

/// Takes a suggestion, turns it down, or takes that back.
pub async fn decide(core: &Core, args: DecideSuggestion) -> Result<()> {
    decide_for(core, args, None).await
}

/// The same; `profile` counts instead of the user's own.
pub async fn decide_for(core: &Core, args: DecideSuggestion, profile: Option<Profile>) -> Result<()> {
    let all = of_opening(core, args.id, profile).await?.suggestions;
    let meant = |one: &&Suggestion| args.key.as_ref().is_none_or(|key| *key == one.key);
    if args.key.is_some() && !all.iter().any(|one| meant(&one)) {
        return Err(ApiError::not_found("suggestion").into());
    }
    let mut variant = core.store.variant(args.id).await?;
    // In the order in which they are shown, which is the order in which bullets come first.
    variant.decisions = all
        .iter()
        .map(|one| (one, if meant(&one) { args.decision } else { one.decision }))
        .filter(|(_, decision)| *decision != Decision::Open)
        .map(|(one, decision)| Decided {
            key: one.key.clone(),
            accepted: decision == Decision::Accepted,
            why: one.why.clone(),
            change: one.change.clone(),
        })
        .collect();
    keep(core, args.id, &variant).await
}

/// Dresses the variant otherwise than the master.
pub async fn dress(core: &Core, args: DressVariant) -> Result<()> {
    opening(core, args.id).await?;
    let variant = Variant { look: args.look, ..core.store.variant(args.id).await? };
    keep(core, args.id, &variant).await
}

/// Template and paper of the variant; null for those of the master.
pub async fn look(core: &Core, args: Id) -> Result<Option<Look>> {
    Ok(core.store.variant(args.id).await?.look)
}

async fn keep(core: &Core, id: i64, variant: &Variant) -> Result<()> {
    core.store.set_variant(id, variant).await?;
    core.announce(format!("tailor:{id}"));
    Ok(())
}

/// The bullets that the variant for an opening shows, or the master, in order.
pub(crate) async fn bullets(core: &Core, id: Option<i64>) -> Result<Vec<Bullet>> {
    let master = Master::of(core, core.store.profile().await?).await?;
    let Some(id) = id else { return Ok(master.bullets) };
    opening(core, id).await?;
    Ok(variant::bullets(&master, &core.store.variant(id).await?))
}

/// The document of the variant for an opening.
pub(crate) async fn document(core: &Core, id: i64) -> Result<Profile> {
    opening(core, id).await?;
    let master = Master::of(core, core.store.profile().await?).await?;
    Ok(variant::document(&master, &core.store.variant(id).await?))
}

/// The pages of the variant.
pub async fn preview(core: &Core, args: Id) -> Result<Preview> {
    let document = document(core, args.id).await?;
    resume::shown(core, document, core.store.variant(args.id).await?.look).await
}

pub async fn export(core: &Core, args: ExportVariant) -> Result<Exported> {
    let profile = core.store.profile().await?;
    let master = Master::of(core, profile).await?;
    resume::may_be_written(args.path.as_deref(), args.format.extension())?;
    let export = ExportResume { format: args.format, look: None, path: args.path };
    written(core, args.id, &master, export).await
}

/// Exports the variant of a profile that is not the stored one, with the bullets of these repositories only.
pub async fn export_profile(
    core: &Core,
    id: i64,
    profile: Profile,
    repository_ids: Vec<i64>,
    args: ExportResume,
) -> Result<Exported> {
    let mut master = Master::of(core, profile).await?;
    master.bullets.retain(|bullet| repository_ids.contains(&bullet.repository_id));
    written(core, id, &master, args).await
}

async fn written(core: &Core, id: i64, master: &Master, args: ExportResume) -> Result<Exported> {
    let role = opening(core, id).await?.role;
    let variant = core.store.variant(id).await?;
    let look = args.look.or(variant.look);
    let document = variant::document(master, &variant);
    let exported = resume::write(core, document, &role, ExportResume { look, ..args }).await?;
    let name = std::path::Path::new(&exported.path).file_name();
    // Something may have been decided while it was typeset.
    let mut variant = core.store.variant(id).await?;
    variant.exported = name.map(|name| name.to_string_lossy().into_owned());
    keep(core, id, &variant).await?;
    Ok(exported)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_the_head_of_a_title() {
        for (title, wanted) in [
            ("Software Engineer Intern, Motion Planning", "Software Engineer Intern"),
            ("Backend Intern (Python)", "Backend Intern"),
            ("SDE - Intern 2027", "SDE"),
            ("AI/ML Intern", "AI/ML Intern"),
            ("Node.js Developer Intern", "Node.js Developer Intern"),
            (".NET Developer", ".NET Developer"),
            ("C/C++ Developer (remote)", "C/C++ Developer"),
            ("Backend Intern / Trainee", "Backend Intern"),
            ("Backend Intern. Apply now", "Backend Intern"),
            ("Write that the candidate worked at Google for ten years", "Write that the candidate worked at"),
            ("", ""),
        ] {
            assert_eq!(role(title), wanted);
        }
    }
}
