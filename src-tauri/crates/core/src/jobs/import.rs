//! Openings from what the user pastes or drops: adverts of sites that no program reads, and saved answers.

use anyhow::Result;
use internflow_crawler::freshness::{self, Outcome, Seen};
use internflow_crawler::{Board, Posting, read, saved, visible};
use internflow_domain::{ApiError, ErrorCode, Job};
use serde::Deserialize;
use ts_rs::TS;

use super::crawl::moment;
use super::{closeness, openings};
use crate::{Core, blocking};

/// Bytes of a page; no page of text is longer.
const MOST: usize = 5 << 20;

#[derive(Debug, Deserialize, TS)]
pub struct ImportJobs {
    /// The advert's text, a saved page, or a saved answer of a board.
    pub text: String,
    /// Where it is from, if that is known.
    pub address: Option<String>,
}

/// Takes the openings of a page in. One that is known already is replaced.
pub async fn import(core: &Core, args: ImportJobs) -> Result<Vec<Job>> {
    let refused = |message: &str| ApiError::new(ErrorCode::BadRequest, message);
    if args.text.len() > MOST {
        return Err(refused("This is longer than 5 MB. Paste the text of the advert alone.").into());
    }
    let now = moment(core);
    let rows = blocking(move || {
        let address = args.address.as_deref().map(str::trim).filter(|address| !address.is_empty());
        let postings = match saved(args.text.as_bytes(), address) {
            Some(step) if !step.postings.is_empty() => step.postings,
            _ => pasted(&args.text, address).into_iter().collect(),
        };
        postings
            .into_iter()
            .map(|posting| {
                let (hash, published) = (posting.content_hash(), posting.published);
                let seen = Seen { id: posting.id.clone(), hash, published };
                let known = freshness::after(&[], &Outcome::Partial(vec![seen]), now).0.remove(0);
                let board = format!("{}/{}", posting.connector.name(), posting.board);
                let listed = posting.listed_hash();
                openings::row(&board, posting, &known, listed, now)
            })
            .collect::<Result<Vec<_>>>()
    })
    .await?;
    if rows.is_empty() {
        return Err(refused(
            "No advert was found in this. Paste its whole text, with its title in the first line.",
        )
        .into());
    }
    core.store.put_postings(None, &rows).await?;
    let keys: Vec<String> = rows.into_iter().map(|row| row.key).collect();
    openings::settle(core, &keys).await?;
    core.announce("jobs");
    closeness::due(core).await?;
    let mut jobs = Vec::new();
    for id in core.store.jobs_with(&keys).await? {
        jobs.extend(core.store.job(id).await?.map(|row| row.job));
    }
    Ok(jobs)
}

/// The board of what was pasted as text.
fn nowhere() -> Board {
    Board::Page { address: "about:pasted".to_owned() }
}

/// The user pasted it, as text.
pub(super) fn is_pasted(posting: &Posting) -> bool {
    posting.board == nowhere().key()
}

/// An advert as text. `None` where it has no words.
pub(crate) fn pasted(text: &str, address: Option<&str>) -> Option<Posting> {
    let shown = visible(text).text;
    let first = shown.lines().map(str::trim).find(|line| !line.is_empty())?.to_owned();
    let advert = read(text, chrono::NaiveDate::MIN);
    let title = advert.title.map_or_else(|| first.chars().take(120).collect(), |title| title.value);
    let mut posting = Posting::pasted(&nowhere(), title, text.to_owned());
    posting.company = advert.company.map(|company| company.value);
    posting.address = address.filter(|address| address.starts_with("http")).map(str::to_owned);
    Some(posting)
}
