//! What is kept of an account: its tokens in the keyring, the API's answers in the database.

use std::sync::Arc;

use anyhow::Result;
use async_trait::async_trait;
use internflow_domain::{EngineError, SecretStore};
use internflow_github::session::Keeps;
use internflow_github::{GithubError, Host, Remembered, Remembers, Tokens};
use internflow_store::Store;
use internflow_store::account::RememberedRow;

use crate::Core;
use crate::keyring::patiently;

pub(super) fn keyring(core: &Core, host: &Host) -> Keyring {
    Keyring { secrets: core.engines.secrets.clone(), name: format!("github:{}", host.name()) }
}

/// Tokens in the operating system's keyring.
pub(super) struct Keyring {
    secrets: Arc<dyn SecretStore>,
    name: String,
}

impl Keyring {
    pub(super) async fn find(&self) -> Result<Option<Tokens>, GithubError> {
        let (secrets, name) = (self.secrets.clone(), self.name.clone());
        let kept = patiently(move || secrets.get(&name)).await.map_err(told)?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()))
    }
}

#[async_trait]
impl Keeps for Keyring {
    async fn keep(&self, tokens: Option<&Tokens>) -> Result<(), GithubError> {
        let (secrets, name) = (self.secrets.clone(), self.name.clone());
        let text = tokens.map(serde_json::to_string).transpose();
        let text = text.map_err(|error| GithubError::Keyring(error.to_string()))?;
        patiently(move || match text {
            Some(text) => secrets.set(&name, &text),
            None => secrets.delete(&name),
        })
        .await
        .map_err(told)
    }
}

fn told(error: EngineError) -> GithubError {
    GithubError::Keyring(error.to_string())
}

/// Answers of the API, in the database.
pub(super) struct Answers {
    pub(super) store: Store,
    pub(super) login: String,
}

#[async_trait]
impl Remembers for Answers {
    async fn find(&self, url: &str) -> Option<Remembered> {
        let row = self.store.remembered(&self.login, url).await.ok()??;
        Some(Remembered { etag: row.etag, link: row.link, body: row.body })
    }

    async fn put(&self, url: &str, answer: Remembered) {
        if self.login.is_empty() {
            return;
        }
        let row = RememberedRow { etag: answer.etag, link: answer.link, body: answer.body };
        if let Err(error) = self.store.remember(&self.login, url, &row).await {
            // Only costs one request of the budget.
            tracing::warn!(error = format!("{error:#}"), "an answer of GitHub is not remembered");
        }
    }
}
