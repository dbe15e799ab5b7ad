//! When a project was worked on, by its repository.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::{DateTime, Local};
use internflow_domain::{Bullet, Profile};

use super::same_name;
use crate::Core;

/// What the repository of a project says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    repository: String,
    /// Months of the first and the last commit behind the bullets, `2026-05`.
    from: String,
    to: String,
}

/// The origins of the repositories that these bullets are about, without those that no document names.
pub(crate) async fn origins(core: &Core, bullets: &[Bullet]) -> Result<Vec<Origin>> {
    let mut commits: BTreeMap<(i64, &str), BTreeSet<&str>> = BTreeMap::new();
    for bullet in bullets.iter().filter(|bullet| bullet.goes_out() && !bullet.private) {
        let of = commits.entry((bullet.repository_id, &bullet.repository)).or_default();
        of.extend(bullet.commits.iter().map(String::as_str));
    }
    let month = |seconds: i64| {
        let at = DateTime::from_timestamp(seconds, 0).map(|at| at.with_timezone(&Local));
        at.map(|at| at.format("%Y-%m").to_string()).unwrap_or_default()
    };
    let mut origins = Vec::new();
    for ((id, repository), commits) in commits {
        let span = core.store.span(id, &commits.into_iter().collect::<Vec<_>>()).await?;
        let origin =
            |(first, last)| Origin { repository: repository.to_owned(), from: month(first), to: month(last) };
        origins.extend(span.map(origin));
    }
    Ok(origins)
}

/// Says it of each project where the user said nothing. Comes last: what is left out is known by what the user said.
pub(crate) fn complete(document: &mut Profile, origins: &[Origin]) {
    for project in &mut document.projects {
        let origin = origins.iter().find(|origin| same_name(&origin.repository, &project.name));
        if let Some(origin) = origin.filter(|_| project.start_date.is_empty() && project.end_date.is_empty())
        {
            project.start_date.clone_from(&origin.from);
            project.end_date.clone_from(&origin.to);
        }
    }
}
