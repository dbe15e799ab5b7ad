//! Who is signed in.

use std::collections::{BTreeMap, BTreeSet};

use internflow_domain::Account;
use serde::Deserialize;

use crate::{Client, GithubError, Host};

#[derive(Deserialize)]
struct User {
    id: u64,
    login: String,
    name: Option<String>,
    email: Option<String>,
}

#[derive(Deserialize)]
struct Email {
    email: String,
    verified: bool,
}

#[derive(Deserialize)]
struct Installations {
    #[serde(default)]
    installations: Vec<Installation>,
}

#[derive(Deserialize)]
struct Installation {
    #[serde(default)]
    permissions: BTreeMap<String, String>,
}

/// What the token may do: the permissions of the App where it is installed, or a classic token's scopes.
/// Of a fine-grained token GitHub tells nothing.
async fn permissions(client: &Client) -> Result<Vec<String>, GithubError> {
    let asked: Result<Installations, _> =
        client.get("/user/installations", Some(&[("per_page", "100")])).await;
    let installed = match asked {
        Ok(found) => found.installations,
        // Said of every token that is not an App's.
        Err(GithubError::Refused { .. } | GithubError::NotFound(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    let mut all: BTreeSet<String> = BTreeSet::new();
    for one in installed {
        all.extend(one.permissions.iter().map(|(what, how)| format!("{}: {how}", what.replace('_', " "))));
    }
    if all.is_empty() {
        all.extend(client.token().scopes);
    }
    Ok(all.into_iter().collect())
}

/// Asks who the token belongs to, which addresses are theirs and what it may do. The caller fills in `kept`,
/// the page to take the access back, and the end of a token that is renewed.
///
/// # Errors
/// Those of [`Client::get`].
pub async fn account(client: &Client, host: &Host) -> Result<Account, GithubError> {
    let user: User = client.get("/user", None::<&()>).await?;
    // A token without the permission to read addresses is still a sign-in.
    let emails: Vec<Email> = match client.get("/user/emails", Some(&[("per_page", "100")])).await {
        Ok(emails) => emails,
        Err(GithubError::Refused { .. } | GithubError::NotFound(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    let mut all: Vec<String> =
        emails.into_iter().filter(|email| email.verified).map(|email| email.email.to_lowercase()).collect();
    all.extend(user.email.map(|email| email.to_lowercase()));
    // What GitHub writes into commits made on its pages, and into those of users who hide their address.
    let noreply = if host.web == Host::default().web {
        "users.noreply.github.com".to_owned()
    } else {
        format!("users.noreply.{}", host.name())
    };
    let login = user.login.to_lowercase();
    all.push(format!("{}+{login}@{noreply}", user.id));
    all.push(format!("{login}@{noreply}"));
    let mut emails: Vec<String> = Vec::new();
    for email in all {
        if !emails.contains(&email) {
            emails.push(email);
        }
    }
    let permissions = permissions(client).await?;
    Ok(Account {
        host: host.name().to_owned(),
        login: user.login,
        name: user.name,
        emails,
        permissions,
        expires_at: client.token().expires_at,
        renewable_until: None,
        kept: false,
        revoke_page: String::new(),
    })
}
