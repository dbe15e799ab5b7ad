//! Lever's Postings API: pages of a list; requirements stand in `lists`, apart from the description. Boards of the
//! EU instance have a host of their own. <https://github.com/lever/postings-api>

use serde_json::Value;
use url::Url;

use super::{Listed, Row, escaped, json, path, sections};
use crate::board::Board;
use crate::crawl::Request;

/// Postings a request.
const PAGE: u64 = 100;

pub(super) fn first(slug: &str) -> Request {
    let eu = page("api.eu.lever.co", slug, 0);
    page("api.lever.co", slug, 0).or(eu)
}

fn page(host: &str, slug: &str, from: u64) -> Request {
    let slug = escaped(slug);
    Request::get(format!("https://{host}/v0/postings/{slug}?mode=json&skip={from}&limit={PAGE}")).after(from)
}

pub(super) fn read(board: &Board, asked: &Request, answer: &Value) -> Result<Listed, String> {
    let Board::Lever { slug } = board else { return Err("this is no board of Lever".to_owned()) };
    if is_posting(answer) {
        return Ok(Listed::rows(vec![posting(board, answer)]));
    }
    let list = answer.as_array().ok_or("its answer is no list of postings")?;
    let rows: Vec<Row> = list.iter().map(|job| posting(board, job)).collect();
    // No total is stated. A short page may be the host's own limit, so only an empty one is the end.
    let host = if asked.address.contains("//api.eu.") { "api.eu.lever.co" } else { "api.lever.co" };
    let next = (!rows.is_empty()).then(|| page(host, slug, asked.from + rows.len() as u64));
    Ok(Listed { next: next.into_iter().collect(), ..Listed::rows(rows) })
}

fn posting(board: &Board, job: &Value) -> Row {
    let mut posting = json::begun(board, job, "id", "text")?;
    posting.address = json::words(job, "hostedUrl");
    posting.places = json::each(job, "categories.allLocations");
    if posting.places.is_empty() {
        posting.places = json::each(job, "categories.location");
    }
    posting.employment = json::words(job, "categories.commitment");
    posting.department = json::joined(job, &["categories.department", "categories.team"]);
    posting.mode = json::mode(job, "workplaceType");
    posting.published = json::day(job, "createdAt");
    posting.pay = match json::at(job, "salaryRange") {
        Value::Object(_) => {
            let (min, max) = (json::words(job, "salaryRange.min"), json::words(job, "salaryRange.max"));
            let range = [min, max].into_iter().flatten().collect::<Vec<_>>().join(" – ");
            let currency = json::words(job, "salaryRange.currency").unwrap_or_default();
            let interval = json::words(job, "salaryRange.interval").unwrap_or_default().replace('-', " ");
            (!range.is_empty()).then(|| format!("{currency} {range} {interval}").trim().to_owned())
        }
        _ => json::words(job, "salaryRange"),
    };
    let opening = json::words(job, "description").or_else(|| json::words(job, "descriptionPlain"));
    let closing = json::words(job, "additional").or_else(|| json::words(job, "additionalPlain"));
    let salary = json::words(job, "salaryDescription").or_else(|| json::words(job, "salaryDescriptionPlain"));
    let lists: Vec<_> = json::list(job, "lists")
        .iter()
        .map(|part| {
            (json::words(part, "text"), json::words(part, "content").map(|c| format!("<ul>{c}</ul>")))
        })
        .collect();
    let lists = lists.iter().map(|(heading, content)| (heading.as_deref(), content.clone()));
    posting.description =
        sections([(None, opening)].into_iter().chain(lists).chain([(None, salary), (None, closing)]));
    Ok(posting)
}

/// `jobs.lever.co/firm`, `jobs.eu.lever.co/firm/posting` and the API.
pub(super) fn recognise(url: &Url) -> Option<Board> {
    let parts = path(url);
    let slug = match url.host_str()? {
        "jobs.lever.co" | "jobs.eu.lever.co" => parts.first(),
        "api.lever.co" | "api.eu.lever.co" if parts.get(1) == Some(&"postings") => parts.get(2),
        _ => None,
    }?;
    Some(Board::Lever { slug: (*slug).to_owned() })
}

pub(super) fn is_payload(value: &Value) -> bool {
    is_posting(value) || value.get(0).is_some_and(is_posting)
}

fn is_posting(job: &Value) -> bool {
    !job["hostedUrl"].is_null() && !job["text"].is_null()
}
