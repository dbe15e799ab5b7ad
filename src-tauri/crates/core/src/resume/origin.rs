//! Where a project lies and when it was worked on, by its repository.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::DateTime;
use internflow_domain::{Bullet, Project};

use crate::Core;

/// What the repository of a project says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) repository_id: i64,
    /// Address that anybody can open; empty where there is none.
    url: String,
    /// Months of the first and the last commit behind the bullets, `2026-05`.
    from: String,
    to: String,
}

impl Origin {
    /// Says it where the user said nothing.
    pub(crate) fn complete(&self, project: &mut Project) {
        if project.url.is_empty() {
            project.url.clone_from(&self.url);
        }
        if project.start_date.is_empty() && project.end_date.is_empty() {
            project.start_date.clone_from(&self.from);
            project.end_date.clone_from(&self.to);
        }
    }
}

/// The origins of the repositories that these bullets are about, without those that no document names.
pub(crate) async fn origins(core: &Core, bullets: &[Bullet]) -> Result<Vec<Origin>> {
    let mut commits: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for bullet in bullets.iter().filter(|bullet| !bullet.private) {
        commits.entry(bullet.repository_id).or_default().extend(bullet.commits.iter().map(String::as_str));
    }
    let month = |seconds: i64| DateTime::from_timestamp(seconds, 0).map(|at| at.format("%Y-%m").to_string());
    let mut origins = Vec::new();
    for (repository_id, commits) in commits {
        let Some((first, last)) = core.store.span(repository_id, &commits).await? else { continue };
        let remote = core.store.repository(repository_id).await?.and_then(|repository| repository.remote);
        let url = remote.filter(|remote| !remote.private && remote.url.starts_with("https://"));
        origins.push(Origin {
            repository_id,
            url: url.map(|remote| remote.url.trim_end_matches(".git").to_owned()).unwrap_or_default(),
            from: month(first).unwrap_or_default(),
            to: month(last).unwrap_or_default(),
        });
    }
    Ok(origins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_user_says_stays() {
        let origin = |from: &str| Origin {
            repository_id: 1,
            url: "https://github.com/asha/shop".into(),
            from: from.into(),
            to: "2026-05".into(),
        };
        let mut project = Project { url: "https://shop.example".into(), ..Project::default() };
        origin("2026-02").complete(&mut project);
        let said =
            |project: &Project| [&project.url, &project.start_date, &project.end_date].map(String::clone);
        assert_eq!(said(&project), ["https://shop.example", "2026-02", "2026-05"]);
        let mut dated = Project { start_date: "2025".into(), ..Project::default() };
        origin("2026-02").complete(&mut dated);
        assert_eq!(said(&dated), ["https://github.com/asha/shop", "2025", ""], "it goes on until now");
    }
}
