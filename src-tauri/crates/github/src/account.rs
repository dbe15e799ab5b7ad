//! Who is signed in.

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

/// Asks who the token belongs to and which addresses are theirs. `kept`, expiry and the page to take the
/// access back are the caller's to fill in.
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
    Ok(Account {
        host: host.name().to_owned(),
        login: user.login,
        name: user.name,
        emails,
        permissions: Vec::new(),
        expires_at: None,
        renewable_until: None,
        kept: false,
        revoke_page: format!("{}/settings/apps/authorizations", host.web),
    })
}
