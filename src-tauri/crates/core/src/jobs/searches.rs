//! Searches of openings that the user keeps.

use anyhow::Result;
use internflow_domain::{ApiError, ErrorCode, JobKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::list::JobOrder;
use crate::Core;
use crate::api::Nothing;

const KEY: &str = "job_searches";
/// What fits into a list that one chooses from.
const MOST: usize = 50;

/// A search of openings that the user keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobSearch {
    /// As the user calls it; no two are called the same.
    pub name: String,
    pub text: String,
    pub kind: Option<JobKind>,
    pub remote: bool,
    pub order: JobOrder,
}

#[derive(Debug, Deserialize, TS)]
pub struct DropJobSearch {
    pub name: String,
}

/// In the order in which they were kept.
pub async fn searches(core: &Core, _: Nothing) -> Result<Vec<JobSearch>> {
    // A value that another version wrote differently is none, not an error.
    Ok(core.store.setting(KEY).await?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Keeps a search; one that is called the same is replaced.
pub async fn keep(core: &Core, search: JobSearch) -> Result<()> {
    let refused = |message: &str| ApiError::new(ErrorCode::BadRequest, message);
    let search = JobSearch { name: search.name.trim().to_owned(), ..search };
    if search.name.is_empty() {
        return Err(refused("Give the search a name, so that you find it again.").into());
    }
    let mut all = searches(core, Nothing {}).await?;
    let is_full = all.len() >= MOST;
    match all.iter_mut().find(|known| known.name == search.name) {
        Some(known) => *known = search,
        None if is_full => {
            return Err(refused("There are 50 searches already. Remove one that you no longer need.").into());
        }
        None => all.push(search),
    }
    write(core, &all).await
}

/// Forgets a search.
pub async fn drop(core: &Core, args: DropJobSearch) -> Result<()> {
    let mut all = searches(core, Nothing {}).await?;
    all.retain(|search| search.name != args.name);
    write(core, &all).await
}

async fn write(core: &Core, all: &[JobSearch]) -> Result<()> {
    core.store.set_setting(KEY, &serde_json::to_string(all)?).await?;
    core.announce("job_searches");
    Ok(())
}
