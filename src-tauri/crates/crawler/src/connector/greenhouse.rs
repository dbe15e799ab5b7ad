//! Greenhouse's Job Board API: one answer with all postings. The HTML in `content` is escaped once more.
//! <https://docs.greenhouse.io/job-board.html>

use serde_json::Value;
use url::Url;

use super::{Listed, Row, escaped, json, parameter, path};
use crate::board::Board;
use crate::crawl::Request;

pub(super) fn first(slug: &str) -> Request {
    Request::get(format!("https://boards-api.greenhouse.io/v1/boards/{}/jobs?content=true", escaped(slug)))
        .whole()
}

pub(super) fn read(board: &Board, answer: &Value) -> Result<Listed, String> {
    // A saved answer may be that of one posting.
    let one = is_posting(answer).then(|| std::slice::from_ref(answer));
    let jobs = one.or(answer["jobs"].as_array().map(Vec::as_slice)).ok_or("its answer has no jobs")?;
    let rows = jobs.iter().map(|job| posting(board, job)).collect();
    Ok(Listed { total: json::count(answer, "meta.total"), ..Listed::rows(rows) })
}

fn posting(board: &Board, job: &Value) -> Row {
    let mut posting = json::begun(board, job, "id", "title")?;
    posting.address = json::words(job, "absolute_url");
    posting.company = json::words(job, "company_name");
    posting.places = json::each(job, "location");
    if posting.places.is_empty() {
        posting.places = json::each(job, "offices");
    }
    posting.description = json::words(job, "content").unwrap_or_default();
    posting.published = json::day(job, "first_published");
    posting.updated = json::day(job, "updated_at");
    posting.closes = json::day(job, "application_deadline");
    posting.department = json::words(job, "departments.0");
    // Fields of the company's own; these names are the usual ones.
    for field in json::list(job, "metadata") {
        let name = json::words(field, "name").unwrap_or_default().to_lowercase();
        match name.as_str() {
            "employment type" | "job type" | "time type" => posting.employment = json::words(field, "value"),
            "workplace type" | "work mode" | "location type" => posting.mode = json::mode(field, "value"),
            _ => {}
        }
    }
    Ok(posting)
}

/// `boards.greenhouse.io/firm`, `job-boards.greenhouse.io/firm/jobs/1`, also `.eu.`, the embedded board
/// (`/embed/job_board?for=firm`) and the API.
pub(super) fn recognise(url: &Url) -> Option<Board> {
    let host = url.host_str()?;
    let parts = path(url);
    let slug = match host {
        "boards-api.greenhouse.io" | "api.greenhouse.io" => {
            (parts.get(1) == Some(&"boards")).then(|| parts.get(2).map(|s| (*s).to_owned()))?
        }
        "boards.greenhouse.io"
        | "job-boards.greenhouse.io"
        | "boards.eu.greenhouse.io"
        | "job-boards.eu.greenhouse.io" => match parts.first() {
            Some(&"embed") => parameter(url, "for"),
            Some(slug) => Some((*slug).to_owned()),
            None => None,
        },
        _ => None,
    }?;
    Some(Board::Greenhouse { slug })
}

pub(super) fn is_payload(value: &Value) -> bool {
    let list = value["jobs"].as_array();
    is_posting(value) || list.is_some_and(|jobs| jobs.first().map_or(!value["meta"].is_null(), is_posting))
}

fn is_posting(job: &Value) -> bool {
    !job["absolute_url"].is_null() && (!job["internal_job_id"].is_null() || !job["updated_at"].is_null())
}
