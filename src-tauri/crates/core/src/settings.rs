//! What the user chose about the app itself.

use anyhow::Result;
use internflow_domain::{ApiError, ErrorCode, Look, Strictness, Tone, Usage};
use internflow_github::Host;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::api::Nothing;
use crate::{Core, blocking, outside};

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

/// What the machine runs on, and how it is connected. Null where it does not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
pub struct Supply {
    pub on_battery: Option<bool>,
    /// The connection is paid by volume.
    pub metered: Option<bool>,
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
    /// How the next bullets speak.
    pub tone: Tone,
    /// Whose English they are written in.
    pub usage: Usage,
    /// Hours between two looks at a job board; 0 for none.
    pub crawl_hours: u32,
    /// No board is read by itself over a connection that is paid by volume.
    pub spare_metered: bool,
    /// No board is read by itself on battery.
    pub spare_battery: bool,
    /// Days after which a closed opening that is not tracked is forgotten; 0 for never.
    pub forget_closed_days: u32,
    /// Score from which on the user is told of a new opening, 30 to 100; 0 for never.
    pub news_bar: u32,
    /// Minutes of the local day between which nothing is told, over midnight where the first is the greater; equal for
    /// at any time.
    pub quiet_from: u32,
    pub quiet_to: u32,
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
            tone: Tone::default(),
            usage: Usage::default(),
            crawl_hours: 12,
            spare_metered: false,
            spare_battery: false,
            forget_closed_days: 90,
            news_bar: 70,
            quiet_from: 22 * 60,
            quiet_to: 8 * 60,
            comment_on_github: false,
            model_address: String::new(),
            model_name: String::new(),
            model_plain_http: false,
        }
    }
}

const KEY: &str = "settings";
/// Minutes.
const DAY: u32 = 24 * 60;

pub async fn get(core: &Core, _: Nothing) -> Result<Settings> {
    Ok(core.store.setting(KEY).await?.map(|text| read(&text)).unwrap_or_default())
}

/// A value that an older or newer version wrote differently is a default, not an error, and costs no other its value.
fn read(text: &str) -> Settings {
    if let Ok(all) = serde_json::from_str(text) {
        return all;
    }
    let (Ok(Value::Object(stored)), Ok(Value::Object(mut known))) =
        (serde_json::from_str(text), serde_json::to_value(Settings::default()))
    else {
        return Settings::default();
    };
    for (name, value) in stored {
        let Some(usual) = known.insert(name.clone(), value) else { continue };
        if serde_json::from_value::<Settings>(Value::Object(known.clone())).is_err() {
            known.insert(name, usual);
        }
    }
    serde_json::from_value(Value::Object(known)).unwrap_or_default()
}

pub async fn set(core: &Core, settings: Settings) -> Result<()> {
    if !settings.github_api.trim().is_empty() {
        Host::from_api(&settings.github_api)
            .map_err(|error| ApiError::new(ErrorCode::BadRequest, error.to_string()))?;
    }
    outside::check(&settings)?;
    let refused = |message: &str| Err(ApiError::new(ErrorCode::BadRequest, message).into());
    // Below it are those whom a condition of the employer shuts out.
    if settings.news_bar != 0 && !(30..=100).contains(&settings.news_bar) {
        return refused("New openings are told from a score of 30 to 100 on, or never.");
    }
    if settings.quiet_from >= DAY || settings.quiet_to >= DAY {
        return refused("The quiet hours begin and end at a time of the day.");
    }
    core.store.set_setting(KEY, &serde_json::to_string(&settings)?).await?;
    core.announce("settings");
    // Whether a code can be asked for depends on them.
    core.announce("account");
    Ok(())
}

/// What the machine runs on now, and how it is connected.
pub async fn supply(core: &Core, _: Nothing) -> Result<Supply> {
    let ask = core.config.supply;
    blocking(move || Ok(ask())).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_of_another_version_costs_no_other_its_own() {
        let mut stored = serde_json::to_value(Settings { news_bar: 44, ..Settings::default() }).unwrap();
        stored["theme"] = "sepia".into();
        stored["unheard_of"] = 1.into();
        let kept = read(&stored.to_string());
        assert_eq!(kept, Settings { news_bar: 44, ..Settings::default() }, "only the theme is the usual one");
        assert_eq!(read("no JSON"), Settings::default());
    }
}
