//! What the student looks for, and may apply to.

use anyhow::Result;
use internflow_domain::{ApiError, ErrorCode, JobWishes};

use super::openings;
use crate::Core;
use crate::api::Nothing;

const KEY: &str = "job_wishes";

pub async fn wishes(core: &Core, _: Nothing) -> Result<JobWishes> {
    // A value that another version wrote differently is a default, not an error.
    Ok(core.store.setting(KEY).await?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

pub async fn set_wishes(core: &Core, wishes: JobWishes) -> Result<()> {
    let refused = |message: &str| Err(ApiError::new(ErrorCode::BadRequest, message).into());
    if wishes.cgpa.is_some_and(|cgpa| !(0.0..=10.0).contains(&cgpa)) {
        return refused("A CGPA is between 0 and 10. Leave it empty where your college gives per cent.");
    }
    if wishes.batch.is_some_and(|year| !(1980..=2100).contains(&year)) {
        return refused("The year of graduation has four digits, such as 2027.");
    }
    core.store.set_setting(KEY, &serde_json::to_string(&wishes)?).await?;
    openings::rematch(core).await
}
