//! Everything about one opening.

use anyhow::Result;
use internflow_crawler::{Advert, Posting};
use internflow_domain::{ApiError, JobDetail, JobSource};

use super::{applications, facts, fit, import, openings};
use crate::Core;
use crate::api::Id;

pub async fn get(core: &Core, args: Id) -> Result<JobDetail> {
    let row = core.store.job(args.id).await?.ok_or_else(|| ApiError::not_found("opening"))?;
    let members = core.store.job_members(args.id).await?;
    let (posting, advert) = openings::speaker(&members)?.ok_or_else(|| ApiError::not_found("opening"))?;
    let sources = members.iter().map(|member| {
        let posting: Posting = serde_json::from_str(&member.posting)?;
        let nowhere = match import::is_pasted(&posting) {
            true => "Pasted by you",
            false => "A board that you no longer follow",
        };
        Ok(JobSource {
            posting_id: member.id,
            board: member.board.clone().unwrap_or_else(|| nowhere.to_owned()),
            address: posting.address,
            places: posting.places,
            open: member.is_open,
        })
    });
    Ok(JobDetail {
        sources: sources.collect::<Result<_>>()?,
        facts: facts::stated(&advert),
        flags: facts::flags(&advert),
        text: posting.description,
        hidden_text: advert.hidden,
        fit: fit::of(core, args.id).await?,
        application: applications::shown(&row)?,
        job: row.job,
    })
}

/// The posting that speaks for an opening, with what its text states.
pub(crate) async fn advert(core: &Core, id: i64) -> Result<(Posting, Advert)> {
    let members = core.store.job_members(id).await?;
    openings::speaker(&members)?.ok_or_else(|| ApiError::not_found("opening").into())
}
