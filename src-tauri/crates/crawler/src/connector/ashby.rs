//! Ashby's public job posting API: one answer with all postings. Unlisted ones are not shown on the board, so they
//! are not taken. <https://developers.ashbyhq.com/docs/public-job-posting-api>

use serde_json::Value;
use url::Url;

use super::{Listed, Row, escaped, json, path};
use crate::Mode;
use crate::board::Board;
use crate::crawl::Request;

pub(super) fn first(slug: &str) -> Request {
    let slug = escaped(slug);
    Request::get(format!("https://api.ashbyhq.com/posting-api/job-board/{slug}?includeCompensation=true"))
        .whole()
}

pub(super) fn read(board: &Board, answer: &Value) -> Result<Listed, String> {
    let jobs = answer["jobs"].as_array().ok_or("its answer has no jobs")?;
    let listed = jobs.iter().filter(|job| json::flag(job, "isListed") != Some(false));
    Ok(Listed::rows(listed.map(|job| posting(board, job)).collect()))
}

fn posting(board: &Board, job: &Value) -> Row {
    let address = json::words(job, "jobUrl");
    // The id is not documented; it is the last part of the address, which is.
    let last =
        address.as_deref().and_then(|address| address.rsplit('/').next()).filter(|part| part.len() >= 32);
    let id = json::words(job, "id").or_else(|| last.map(str::to_owned));
    let mut posting = json::named(board, id, json::words(job, "title"))?;
    posting.address = address;
    posting.places = json::each(job, "location");
    for other in json::list(job, "secondaryLocations") {
        if let Some(place) = json::words(other, "location").or_else(|| json::words(other, "")) {
            posting.add_place(place);
        }
    }
    posting.employment = json::words(job, "employmentType");
    posting.department = json::joined(job, &["department", "team"]);
    let remote = json::flag(job, "isRemote").and_then(|remote| remote.then_some(Mode::Remote));
    posting.mode = json::mode(job, "workplaceType").or(remote);
    posting.published = json::day(job, "publishedAt");
    posting.updated = json::day(job, "updatedAt");
    posting.closes = json::day(job, "applicationDeadline");
    posting.pay = json::words(job, "compensation.compensationTierSummary")
        .or_else(|| json::words(job, "compensation.scrapeableCompensationSalarySummary"));
    posting.description = json::words(job, "descriptionHtml")
        .or_else(|| json::words(job, "descriptionPlain"))
        .unwrap_or_default();
    Ok(posting)
}

/// `jobs.ashbyhq.com/firm`, a posting of it, and the API.
pub(super) fn recognise(url: &Url) -> Option<Board> {
    let parts = path(url);
    let slug = match url.host_str()? {
        "jobs.ashbyhq.com" => parts.first(),
        "api.ashbyhq.com" if parts.first() == Some(&"posting-api") => parts.get(2),
        _ => None,
    }?;
    // Slugs may hold spaces.
    let slug = url::form_urlencoded::parse(format!("slug={}", slug.replace('+', "%2B")).as_bytes())
        .next()
        .map(|(_, slug)| slug.into_owned())?;
    Some(Board::Ashby { slug })
}

pub(super) fn is_payload(value: &Value) -> bool {
    value["jobs"].as_array().is_some_and(|jobs| {
        jobs.first().map_or(!value["apiVersion"].is_null(), |job| {
            !job["jobUrl"].is_null() || !job["descriptionHtml"].is_null() && !job["isListed"].is_null()
        })
    })
}
