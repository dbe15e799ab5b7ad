//! SmartRecruiters' Posting API: pages of a list without descriptions, and an answer of its own for each posting.
//! An unknown company is answered like one without postings.
//! <https://developers.smartrecruiters.com/docs/posting-api>

use serde_json::Value;
use url::Url;

use super::{Listed, Row, escaped, filled_by, json, path, sections};
use crate::Mode;
use crate::board::Board;
use crate::crawl::Request;
use crate::posting::Posting;

/// Postings a request; more are not given.
const PAGE: u64 = 100;

pub(super) fn first(slug: &str) -> Request {
    page(slug, 0)
}

fn page(slug: &str, from: u64) -> Request {
    let slug = escaped(slug);
    Request::get(format!(
        "https://api.smartrecruiters.com/v1/companies/{slug}/postings?limit={PAGE}&offset={from}"
    ))
    .after(from)
}

pub(super) fn read(board: &Board, slug: &str, asked: &Request, answer: &Value) -> Result<Listed, String> {
    // A saved answer may be that of one posting.
    if answer["jobAd"].is_object() {
        return Ok(Listed::rows(vec![posting(board, slug, answer).map(|row| filled_by(fill, row, answer))]));
    }
    let list = answer["content"].as_array().ok_or("its answer has no postings")?;
    let total = json::count(answer, "totalFound");
    let rows: Vec<Row> = list.iter().map(|job| posting(board, slug, job)).collect();
    let end = asked.from + rows.len() as u64;
    let more = !rows.is_empty() && total.is_none_or(|total| end < total);
    let next = more.then(|| page(slug, end)).into_iter().collect();
    Ok(Listed { next, total, ..Listed::rows(rows) })
}

fn posting(board: &Board, slug: &str, job: &Value) -> Row {
    let mut posting = json::begun(board, job, "id", "name")?;
    let company = json::words(job, "company.identifier").unwrap_or_else(|| slug.to_owned());
    posting.address =
        Some(format!("https://jobs.smartrecruiters.com/{}/{}", escaped(&company), escaped(&posting.id)));
    posting.company = json::words(job, "company.name");
    posting.places = json::each(job, "location.fullLocation");
    if posting.places.is_empty() {
        posting.places.extend(json::joined(job, &["location.city", "location.region", "location.country"]));
    }
    posting.mode = match (json::flag(job, "location.remote"), json::flag(job, "location.hybrid")) {
        (_, Some(true)) => Some(Mode::Hybrid),
        (Some(true), _) => Some(Mode::Remote),
        _ => None,
    };
    posting.employment = json::words(job, "typeOfEmployment");
    posting.department = json::words(job, "department").or_else(|| json::words(job, "function"));
    posting.published = json::day(job, "releasedDate");
    let (slug, id) = (escaped(slug), escaped(&posting.id));
    posting.ask(Request::get(format!("https://api.smartrecruiters.com/v1/companies/{slug}/postings/{id}")));
    Ok(posting)
}

pub(super) fn fill(posting: &mut Posting, answer: &Value) -> Result<(), String> {
    if json::at(answer, "jobAd.sections").as_object().is_none() {
        return Err("its answer has no text".to_owned());
    }
    let parts =
        ["companyDescription", "jobDescription", "qualifications", "additionalInformation"].map(|name| {
            let part = json::at(answer, "jobAd.sections").get(name).unwrap_or(&Value::Null);
            (json::words(part, "title"), json::words(part, "text"))
        });
    posting.description = sections(parts.iter().map(|(heading, text)| (heading.as_deref(), text.clone())));
    if let Some(address) = json::words(answer, "postingUrl") {
        posting.address = Some(address);
    }
    Ok(())
}

/// `careers.smartrecruiters.com/Firm`, `jobs.smartrecruiters.com/Firm/posting` and the API.
pub(super) fn recognise(url: &Url) -> Option<Board> {
    let parts = path(url);
    let slug = match url.host_str()? {
        "careers.smartrecruiters.com" | "jobs.smartrecruiters.com" => parts.first(),
        "api.smartrecruiters.com" if parts.get(1) == Some(&"companies") => parts.get(2),
        _ => None,
    }?;
    Some(Board::SmartRecruiters { slug: (*slug).to_owned() })
}

pub(super) fn is_payload(value: &Value) -> bool {
    value["content"].is_array() && !value["totalFound"].is_null()
        || json::at(value, "jobAd.sections").is_object()
}
