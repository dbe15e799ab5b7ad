//! Eightfold's career sites: pages of ten by one of two interfaces, of which a site answers one (`/api/pcsx/search`,
//! or the older `/api/apply/v2/jobs`), and an answer of its own for each posting. Undocumented; as the sites use it.

use serde_json::Value;
use url::Url;

use super::{Listed, Row, escaped, json, parameter, path, subdomain};
use crate::board::Board;
use crate::crawl::Request;
use crate::posting::Posting;

pub(super) fn first(host: &str, domain: &str) -> Request {
    page(host, domain, true, 0).or(page(host, domain, false, 0))
}

fn page(host: &str, domain: &str, newer: bool, from: u64) -> Request {
    let domain = escaped(domain);
    let address = match newer {
        true => format!("https://{host}/api/pcsx/search?domain={domain}&query=&location=&start={from}"),
        false => format!("https://{host}/api/apply/v2/jobs?domain={domain}&start={from}&num=10"),
    };
    Request::get(address).after(from)
}

pub(super) fn read(
    board: &Board,
    host: &str,
    domain: &str,
    asked: &Request,
    answer: &Value,
) -> Result<Listed, String> {
    let newer = answer["data"].is_object();
    let found = if newer { &answer["data"] } else { answer };
    let list = found["positions"].as_array().ok_or("its answer has no positions")?;
    let total = json::count(found, "count");
    let rows: Vec<Row> = list.iter().map(|job| posting(board, host, domain, job)).collect();
    let end = asked.from + rows.len() as u64;
    let more = !rows.is_empty() && total.is_none_or(|total| end < total);
    let next = more.then(|| page(host, domain, newer, end)).into_iter().collect();
    Ok(Listed { next, total, ..Listed::rows(rows) })
}

fn posting(board: &Board, host: &str, domain: &str, job: &Value) -> Row {
    let title = json::words(job, "name").or_else(|| json::words(job, "posting_name"));
    let mut posting = json::named(board, json::words(job, "id"), title)?;
    let (id, domain) = (escaped(&posting.id), escaped(domain));
    let page = || format!("https://{host}/careers/job/{id}?domain={domain}");
    posting.address = Some(json::words(job, "canonicalPositionUrl").unwrap_or_else(page));
    posting.places = json::each(job, "locations");
    if posting.places.is_empty() {
        posting.places = json::each(job, "location");
    }
    posting.department = json::words(job, "department");
    posting.mode = json::mode(job, "workLocationOption").or_else(|| json::mode(job, "work_location_option"));
    posting.published = json::day(job, "postedTs").or_else(|| json::day(job, "t_create"));
    posting.updated = json::day(job, "t_update");
    let newer = format!("https://{host}/api/pcsx/position_details?position_id={id}&domain={domain}&hl=en");
    let detail = Request::get(format!("https://{host}/api/apply/v2/jobs/{id}?domain={domain}"));
    posting.ask(detail.or(Request::get(newer)));
    Ok(posting)
}

pub(super) fn fill(posting: &mut Posting, answer: &Value) -> Result<(), String> {
    let job = if answer["data"].is_object() { &answer["data"] } else { answer };
    let text = json::words(job, "job_description").or_else(|| json::words(job, "jobDescription"));
    posting.description = text.ok_or("its answer has no description")?;
    posting.employment = json::words(job, "efcustomTextEmploymentType")
        .or_else(|| json::words(job, "type"))
        .or(posting.employment.take());
    Ok(())
}

/// `firm.eightfold.ai/careers?domain=firm.com`, and hosts of a company's own with Eightfold's paths.
pub(super) fn recognise(url: &Url) -> Option<Board> {
    let host = url.host_str()?;
    let parts = path(url);
    let domain = parameter(url, "domain");
    let api = matches!(parts.as_slice(), ["api", "pcsx" | "apply", ..]);
    match subdomain(url, "eightfold.ai") {
        // Without a parameter the sites take the firm's name for its domain.
        Some(firm) if !matches!(firm, "app" | "static") => {
            let domain = domain.unwrap_or_else(|| format!("{firm}.com"));
            Some(Board::Eightfold { host: host.to_owned(), domain })
        }
        _ if api || matches!(parts.as_slice(), ["careers"] | ["careers", "job", ..]) => {
            Some(Board::Eightfold { host: host.to_owned(), domain: domain? })
        }
        _ => None,
    }
}

pub(super) fn is_payload(value: &Value) -> bool {
    let found = if value["data"].is_object() { &value["data"] } else { value };
    found["positions"].as_array().is_some_and(|list| list.first().is_none_or(|job| !job["name"].is_null()))
}
