//! What the user chose about the app itself.

use anyhow::Result;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Core;
use crate::api::Nothing;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the operating system has it.
    #[default]
    System,
    Light,
    Dark,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    pub theme: Theme,
}

const KEY: &str = "settings";

pub async fn get(core: &Core, _: Nothing) -> Result<Settings> {
    // A value that an older or newer version wrote differently is a default, not an error.
    Ok(core.store.setting(KEY).await?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

pub async fn set(core: &Core, settings: Settings) -> Result<()> {
    core.store.set_setting(KEY, &serde_json::to_string(&settings)?).await?;
    core.announce("settings");
    Ok(())
}
