//! The user's profile.

use anyhow::Result;
use internflow_domain::Profile;

use crate::{Store, from_json, to_json};

impl Store {
    /// The profile, empty before the first save.
    pub async fn profile(&self) -> Result<Profile> {
        let text: Option<String> = sqlx::query_scalar("SELECT profile FROM resume_profile WHERE id = 1")
            .fetch_optional(&self.read)
            .await?;
        text.as_deref().map_or_else(|| Ok(Profile::default()), from_json)
    }

    pub async fn set_profile(&self, profile: &Profile) -> Result<()> {
        sqlx::query("INSERT OR REPLACE INTO resume_profile (id, profile) VALUES (1, ?)")
            .bind(to_json(profile)?)
            .execute(&self.write)
            .await?;
        Ok(())
    }
}
