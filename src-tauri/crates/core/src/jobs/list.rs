//! The openings as lists show them, and what the user decides about them.

use anyhow::{Context, Result};
use internflow_crawler::cluster;
use internflow_domain::{ApiError, Job, JobKind, JobWishes};
use internflow_store::job::{Listed, Listing, Order};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::crawl::moment;
use super::{openings, wishes};
use crate::Core;
use crate::api::Nothing;

/// Openings that are shown at once; whoever looks for others filters.
const MOST: u32 = 200;

/// Which openings are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum JobShow {
    Open,
    Hidden,
    Closed,
}

/// In which order openings are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum JobOrder {
    /// The best fit first, then the newest.
    #[default]
    Fit,
    Newest,
    /// The next last day to apply first; then those that are over, and those that state none.
    Deadline,
}

#[derive(Debug, Deserialize, TS)]
pub struct ListJobs {
    pub show: JobShow,
    /// Words that must all occur in title, company, places or skills.
    pub text: String,
    pub kind: Option<JobKind>,
    pub remote: bool,
    #[serde(default)]
    pub order: JobOrder,
}

#[derive(Debug, Serialize, TS)]
pub struct JobList {
    /// At most 200.
    pub jobs: Vec<Job>,
    /// How many there are in all.
    pub total: u32,
    /// What the user should know, or null.
    pub notice: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
pub struct HideJob {
    #[ts(type = "number")]
    pub id: i64,
    /// Null shows it again.
    pub reason: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
pub struct HideCompany {
    pub company: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct SplitJob {
    #[ts(type = "number")]
    pub id: i64,
    /// The posting that is another opening.
    #[ts(type = "number")]
    pub posting_id: i64,
}

pub async fn list(core: &Core, args: ListJobs) -> Result<JobList> {
    let listed = match args.show {
        JobShow::Open => Listed::Open,
        JobShow::Hidden => Listed::Hidden,
        JobShow::Closed => Listed::Closed,
    };
    let words: Vec<String> = args.text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let kind = args.kind.map(serde_json::to_value).transpose()?;
    let kind = kind.as_ref().and_then(|kind| kind.as_str());
    let today = moment(core).date_naive().to_string();
    let order = match args.order {
        JobOrder::Fit => Order::Fit,
        JobOrder::Newest => Order::Newest,
        JobOrder::Deadline => Order::Deadline { today: &today },
    };
    let asked = Listing { listed, words: &words, kind, remote: args.remote, order, limit: MOST };
    let (rows, total) = core.store.jobs(&asked).await?;
    let unmatched = rows.iter().any(|row| row.job.score.is_none());
    let notice = unmatched.then(|| {
        "Nothing is known of you yet, so the newest come first. Make bullets from a repository or say what you look for."
            .to_owned()
    });
    Ok(JobList { jobs: rows.into_iter().map(|row| row.job).collect(), total, notice })
}

pub async fn hide(core: &Core, args: HideJob) -> Result<()> {
    let reason = args.reason.as_deref().map(str::trim);
    if !core.store.hide_job(args.id, reason).await? {
        return Err(ApiError::not_found("opening").into());
    }
    announce(core, args.id);
    Ok(())
}

/// Hides all openings of a company, also those that come later.
pub async fn hide_company(core: &Core, args: HideCompany) -> Result<()> {
    let key = cluster::company(&args.company);
    let mut wishes: JobWishes = wishes::wishes(core, Nothing {}).await?;
    if !key.is_empty() && !wishes.hidden_companies.iter().any(|known| cluster::company(known) == key) {
        wishes.hidden_companies.push(args.company.trim().to_owned());
        wishes::set_wishes(core, wishes).await?;
    }
    core.store.hide_jobs_of(&key, &hidden_company(&args.company)).await?;
    core.announce("jobs");
    Ok(())
}

/// The reason that openings of a hidden company are hidden for.
pub(super) fn hidden_company(company: &str) -> String {
    format!("You hid {}", company.trim())
}

/// Takes a posting out of its opening, for good.
pub async fn split(core: &Core, args: SplitJob) -> Result<()> {
    let members = core.store.job_members(args.id).await?;
    let posting = members.iter().find(|member| member.id == args.posting_id);
    let key = posting.map(|posting| posting.key.clone()).ok_or_else(|| ApiError::not_found("posting"))?;
    let others: Vec<String> =
        members.into_iter().map(|member| member.key).filter(|other| *other != key).collect();
    if others.is_empty() {
        return Ok(());
    }
    core.store.split_posting(&key, &others).await?;
    openings::settle(core, &others)
        .await
        .context("the posting was taken out, and the list is made anew at the next crawl")?;
    announce(core, args.id);
    Ok(())
}

/// Says that an opening changed.
pub(super) fn announce(core: &Core, id: i64) {
    core.announce("jobs");
    core.announce(format!("job:{id}"));
}
