//! The repositories an account can see.

use chrono::{DateTime, Utc};
use internflow_domain::{Relation, RemoteRepository};
use octocrab::Page;
use serde::Deserialize;

use crate::{Client, GithubError};

/// Repositories on a page, GitHub's most.
const PAGE: &str = "100";
/// Pages read at most: an account with more than 3,000 repositories is a machine.
const PAGES: usize = 30;

/// What we read of GitHub's repository. Everything else may change without us noticing.
#[derive(Debug, Clone, Deserialize)]
pub struct Slim {
    pub full_name: String,
    pub clone_url: String,
    description: Option<String>,
    language: Option<String>,
    pub private: bool,
    pub fork: bool,
    #[serde(default)]
    archived: bool,
    #[serde(default)]
    size: u64,
    pushed_at: Option<DateTime<Utc>>,
    owner: Owner,
    /// Only in the answer about one repository, not in lists.
    #[serde(default)]
    template_repository: Option<serde::de::IgnoredAny>,
}

#[derive(Debug, Clone, Deserialize)]
struct Owner {
    login: String,
    #[serde(rename = "type")]
    kind: String,
}

impl Slim {
    /// Made from a template, whose files its first commit holds.
    pub fn is_from_template(&self) -> bool {
        self.template_repository.is_some()
    }

    /// As the app shows it to `login`.
    pub fn shown(self, login: &str) -> RemoteRepository {
        let relation = match () {
            () if self.owner.login.eq_ignore_ascii_case(login) => Relation::Own,
            () if self.owner.kind == "Organization" => Relation::Organization,
            () => Relation::Collaborator,
        };
        RemoteRepository {
            full_name: self.full_name,
            description: self.description.filter(|text| !text.is_empty()),
            language: self.language,
            relation,
            private: self.private,
            fork: self.fork,
            archived: self.archived,
            size_kb: self.size,
            pushed_at: self.pushed_at.map(|at| at.timestamp()),
            repository_id: None,
        }
    }
}

/// All repositories of the account, of its organisations, and those it works on, last pushed first.
///
/// # Errors
/// Those of [`Client::get`].
pub async fn list(client: &Client) -> Result<Vec<Slim>, GithubError> {
    let first =
        [("affiliation", "owner,collaborator,organization_member"), ("sort", "pushed"), ("per_page", PAGE)];
    let mut page: Page<Slim> = client.get("/user/repos", Some(&first)).await?;
    let mut all = std::mem::take(&mut page.items);
    for _ in 1..PAGES {
        let Some(next) = &page.next else { break };
        page = client.get(&next.to_string(), None::<&()>).await?;
        all.append(&mut page.items);
    }
    Ok(all)
}

/// One repository by `owner/name`. A repository that was renamed or moved answers with its new name.
///
/// # Errors
/// [`GithubError::NotFound`] when it is gone or hidden, or those of [`Client::get`].
pub async fn one(client: &Client, full_name: &str) -> Result<Slim, GithubError> {
    client.get(&format!("/repos/{full_name}"), None::<&()>).await
}
