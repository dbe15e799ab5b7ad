//! What the account did beside commits, also in other people's repositories: no list of an account's own
//! repositories shows a pull request that somebody else merged.

use chrono::{DateTime, Utc};
use internflow_domain::{Contribution, ContributionKind, ContributionState};
use octocrab::Page;
use serde::Deserialize;

use crate::{Client, GithubError};

/// Pages of 100 read for each kind; the search itself ends after 1,000.
const PAGES: usize = 10;

#[derive(Deserialize)]
struct Item {
    number: u32,
    title: String,
    state: String,
    html_url: String,
    repository_url: String,
    created_at: DateTime<Utc>,
    pull_request: Option<PullRequest>,
}

#[derive(Deserialize)]
struct PullRequest {
    merged_at: Option<DateTime<Utc>>,
}

/// Pull requests and issues the account opened, and the pull requests of others that it reviewed.
///
/// # Errors
/// Those of [`Client::get`].
pub async fn contributions(client: &Client, login: &str) -> Result<Vec<Contribution>, GithubError> {
    let kinds = [
        (ContributionKind::PullRequest, format!("is:pr author:{login}")),
        (ContributionKind::Review, format!("is:pr reviewed-by:{login} -author:{login}")),
        (ContributionKind::Issue, format!("is:issue author:{login}")),
    ];
    let mut all = Vec::new();
    for (kind, query) in kinds {
        let first = [("q", query.as_str()), ("sort", "created"), ("order", "desc"), ("per_page", "100")];
        let mut page: Page<Item> = client.get("/search/issues", Some(&first)).await?;
        for read in 1..=PAGES {
            if page.incomplete_results == Some(true) {
                // The search ran out of time: what it left out must not vanish from what is known.
                return Err(GithubError::Incomplete);
            }
            let items = std::mem::take(&mut page.items);
            all.extend(items.into_iter().filter_map(|item| item.shown(kind, login)));
            let Some(next) = page.next.as_ref().filter(|_| read < PAGES) else { break };
            page = client.get(&next.to_string(), None::<&()>).await?;
        }
    }
    Ok(all)
}

impl Item {
    /// `None` for an item without a repository, which the search does not give.
    fn shown(self, kind: ContributionKind, login: &str) -> Option<Contribution> {
        let (_, repository) = self.repository_url.split_once("/repos/")?;
        let owner = repository.split('/').next().unwrap_or_default();
        let merged = self.pull_request.and_then(|pull| pull.merged_at);
        let state = match (self.state.as_str(), merged) {
            (_, Some(_)) => ContributionState::Merged,
            ("open", None) => ContributionState::Open,
            _ => ContributionState::Closed,
        };
        Some(Contribution {
            kind,
            elsewhere: !owner.eq_ignore_ascii_case(login),
            repository: repository.to_owned(),
            number: self.number,
            title: self.title,
            state,
            at: merged.unwrap_or(self.created_at).timestamp(),
            url: self.html_url,
        })
    }
}
