//! Everything about one opening.

use anyhow::Result;
use internflow_crawler::Posting;
use internflow_domain::{ApiError, JobDetail, JobSource};

use super::crawl::moment;
use super::{applications, facts, fit, openings};
use crate::Core;
use crate::api::Id;

pub async fn get(core: &Core, args: Id) -> Result<JobDetail> {
    let row = core.store.job(args.id).await?.ok_or_else(|| ApiError::not_found("opening"))?;
    let members = core.store.job_members(args.id).await?;
    let (posting, advert) = openings::speaker(&members)?.ok_or_else(|| ApiError::not_found("opening"))?;
    let sources = members.iter().map(|member| {
        let posting: Posting = serde_json::from_str(&member.posting)?;
        let board = member.board.clone();
        Ok(JobSource {
            posting_id: member.id,
            board: board.unwrap_or_else(|| "Pasted by you, or of a board that you left".to_owned()),
            address: posting.address,
            places: posting.places,
            open: member.is_open,
        })
    });
    let fit = fit::student(core).await?.map(|student| {
        let found = fit::matched(&student, &posting, &advert, moment(core).date_naive());
        fit::shown(&student, found)
    });
    Ok(JobDetail {
        sources: sources.collect::<Result<_>>()?,
        facts: facts::stated(&advert),
        flags: facts::flags(&advert),
        text: posting.description,
        hidden_text: advert.hidden,
        fit,
        application: applications::shown(&row)?,
        job: row.job,
    })
}
