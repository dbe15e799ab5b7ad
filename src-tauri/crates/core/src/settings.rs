//! What the user chose about the app itself.

use anyhow::Result;
use internflow_domain::{ApiError, ErrorCode, Look, Strictness};
use internflow_github::Host;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::Nothing;
use crate::{Core, outside};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the operating system has it.
    #[default]
    System,
    Light,
    Dark,
}

/// Which new commits of the user are reviewed by themselves when a sync brings them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReviewNew {
    /// On every branch.
    All,
    #[default]
    DefaultBranch,
    /// None before the user says so.
    Ask,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    pub theme: Theme,
    /// API address of a GitHub Enterprise Server; empty for github.com.
    pub github_api: String,
    /// Client id of the GitHub App to sign in with; empty for the one this build came with.
    pub github_client_id: String,
    /// Minutes between two syncs in the background; 0 for none.
    pub sync_minutes: u32,
    pub review_new: ReviewNew,
    /// Which findings are shown.
    pub strictness: Strictness,
    /// Reviews also let the model name problems itself.
    pub questions: bool,
    /// Template and paper of the résumé.
    pub look: Look,
    /// Hours between two looks at a job board; 0 for none.
    pub crawl_hours: u32,
    /// Findings may be posted as comments on GitHub; each time the user is asked.
    pub comment_on_github: bool,
    /// Address of a server with OpenAI's API, whose model answers questions; with or without `/v1` at its end.
    pub model_address: String,
    /// Name of that model as its server knows it; empty to ask the model on this computer.
    pub model_name: String,
    /// The address may be unencrypted where it is in a private network.
    pub model_plain_http: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            github_api: String::new(),
            github_client_id: String::new(),
            sync_minutes: 30,
            review_new: ReviewNew::default(),
            strictness: Strictness::default(),
            questions: false,
            look: Look::default(),
            crawl_hours: 12,
            comment_on_github: false,
            model_address: String::new(),
            model_name: String::new(),
            model_plain_http: false,
        }
    }
}

const KEY: &str = "settings";

pub async fn get(core: &Core, _: Nothing) -> Result<Settings> {
    // A value that an older or newer version wrote differently is a default, not an error.
    Ok(core.store.setting(KEY).await?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

pub async fn set(core: &Core, settings: Settings) -> Result<()> {
    if !settings.github_api.trim().is_empty() {
        Host::from_api(&settings.github_api)
            .map_err(|error| ApiError::new(ErrorCode::BadRequest, error.to_string()))?;
    }
    outside::check(&settings)?;
    core.store.set_setting(KEY, &serde_json::to_string(&settings)?).await?;
    core.announce("settings");
    // Whether a code can be asked for depends on them.
    core.announce("account");
    Ok(())
}
