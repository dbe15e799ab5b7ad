//! The interview defence pack: for each bullet of the résumé the code behind it, the questions that it invites, and the
//! spot where reviews found most fault with it. Made anew each time: what counts is HEAD.

mod code;
mod questions;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use internflow_domain::{
    ApiError, Bullet, BulletShown, Defence, DefendedBullet, ErrorCode, Handout, HandoutFormat, HandoutPart,
    Repository, StoredFinding, WeakSpot, short,
};
use serde::Deserialize;
use ts_rs::TS;

use crate::resume::{self, Exported, may_be_written, write_atomically};
use crate::reviews::{self, ListFindings, StateAsked};
use crate::{Core, blocking, counted, repositories, tailor};
use code::Lines;

#[derive(Debug, Deserialize, TS)]
pub struct OfDefence {
    /// The opening whose variant is defended; null for the master.
    #[ts(type = "number | null")]
    pub id: Option<i64>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ExportDefence {
    #[ts(type = "number | null")]
    pub id: Option<i64>,
    pub format: HandoutFormat,
    /// Where to write; null for the exports folder.
    pub path: Option<String>,
}

/// The bullets that a résumé shows, in its order, each with its defence.
pub async fn get(core: &Core, args: OfDefence) -> Result<Defence> {
    let bullets = tailor::bullets(core, args.id).await?;
    let mut of: BTreeMap<i64, Vec<Bullet>> = BTreeMap::new();
    for bullet in &bullets {
        of.entry(bullet.repository_id).or_default().push(bullet.clone());
    }
    let mut found: BTreeMap<i64, DefendedBullet> = BTreeMap::new();
    for (repository_id, bullets) in of {
        let repository = repositories::one(core, repository_id).await?;
        let open = ListFindings { repository_id, state: StateAsked::Open };
        let findings = reviews::findings(core, open).await?.findings;
        let defended = blocking(move || defended(&repository, &bullets, &findings)).await?;
        found.extend(defended.into_iter().map(|one| (one.bullet.id, one)));
    }
    Ok(Defence { bullets: bullets.iter().filter_map(|bullet| found.remove(&bullet.id)).collect() })
}

fn defended(
    repository: &Repository,
    bullets: &[Bullet],
    findings: &[StoredFinding],
) -> Result<Vec<DefendedBullet>> {
    let mut read = code::Reading::of(&repository.path, bullets)?;
    bullets
        .iter()
        .map(|bullet| {
            let commits = read.commits(bullet);
            let (code, lines) = read.code(bullet)?;
            Ok(DefendedBullet {
                questions: questions::questions(bullet, &commits, &code),
                bullet: BulletShown {
                    id: bullet.id,
                    repository: bullet.repository.clone(),
                    text: bullet.text.clone(),
                },
                repository_id: bullet.repository_id,
                commits,
                commit_count: bullet.commits.len() as u32,
                weakest: weakest(findings, &lines),
                code: code.into_iter().map(|piece| piece.excerpt).collect(),
            })
        })
        .collect()
}

/// The worst of the open findings on these lines; they come the worst first.
fn weakest(findings: &[StoredFinding], lines: &Lines) -> Option<WeakSpot> {
    let on = |stored: &&StoredFinding| {
        stored.shown
            && stored.now.as_ref().is_some_and(|place| {
                lines
                    .get(&place.path)
                    .is_some_and(|lines| (place.line..=place.end_line).any(|line| lines.contains(&line)))
            })
    };
    let all: Vec<&StoredFinding> = findings.iter().filter(on).collect();
    let worst = all.first()?;
    let place = worst.now.as_ref()?;
    Some(WeakSpot {
        path: place.path.clone(),
        line: place.line,
        message: worst.finding.message.clone(),
        why: worst.finding.why.clone(),
        open: all.len() as u32,
    })
}

/// Writes the pack.
pub async fn export(core: &Core, args: ExportDefence) -> Result<Exported> {
    may_be_written(args.path.as_deref(), args.format.extension())?;
    let mut defence = get(core, OfDefence { id: args.id }).await?;
    let private = resume::private(core).await?;
    for one in defence.bullets.iter_mut().filter(|one| private.contains(&one.repository_id)) {
        // Its code is shown on this computer and goes into no file.
        one.bullet.repository = resume::PRIVATE.to_owned();
        (one.code, one.commits, one.questions, one.weakest) = (Vec::new(), Vec::new(), Vec::new(), None);
    }
    if defence.bullets.is_empty() {
        let message = "The résumé shows no bullet yet. Build bullets from your repositories first.";
        return Err(ApiError::new(ErrorCode::BadRequest, message).into());
    }
    let profile = core.store.profile().await?;
    let stem = core.engines.typesetter.file_stem(&profile, "Interview Notes");
    let usual = || core.config.data_dir.join("exports").join(format!("{stem}.{}", args.format.extension()));
    let path = args.path.map_or_else(usual, PathBuf::from);
    let typesetter = core.engines.typesetter.clone();
    blocking(move || {
        let bytes = typesetter.handout(&handout(&defence), args.format)?;
        write_atomically(&path, &bytes)?;
        Ok(Exported { path: path.display().to_string(), bytes: bytes.len() as u64 })
    })
    .await
}

fn handout(defence: &Defence) -> Handout {
    let mut parts = Vec::new();
    let mut repository = "";
    for one in &defence.bullets {
        if one.bullet.repository != repository {
            repository = &one.bullet.repository;
            parts.push(HandoutPart::Heading(repository.to_owned()));
        }
        parts.push(HandoutPart::Claim(one.bullet.text.clone()));
        for piece in &one.code {
            let place = match piece.end_line > piece.line {
                true => format!("{}:{}-{}", piece.path, piece.line, piece.end_line),
                false => format!("{}:{}", piece.path, piece.line),
            };
            parts.push(HandoutPart::Code { place, text: piece.text.clone() });
        }
        if !one.commits.is_empty() {
            parts.push(HandoutPart::Text(format!(
                "{} behind it:",
                counted(one.commit_count as usize, "commit")
            )));
            let commits = one.commits.iter();
            parts.push(HandoutPart::List(
                commits.map(|of| format!("{} {}, {}", short(&of.sha), of.day, of.subject)).collect(),
            ));
        }
        parts.push(HandoutPart::Text("Be ready for:".to_owned()));
        parts.push(HandoutPart::List(one.questions.clone()));
        if let Some(weak) = &one.weakest {
            parts.push(HandoutPart::Text(format!(
                "Weakest spot ({} open there): {}:{}. {} {}",
                counted(weak.open as usize, "finding"),
                weak.path,
                weak.line,
                weak.message,
                weak.why
            )));
        }
    }
    Handout {
        title: "Interview notes".to_owned(),
        lead: "Each line of the résumé with the code behind it, what may be asked about it, and where it is \
               weakest. For you alone."
            .to_owned(),
        parts,
    }
}
