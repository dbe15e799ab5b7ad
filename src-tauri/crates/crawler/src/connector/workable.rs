//! Workable's widget API: one answer with all postings, a posting with several places once for each.
//! <https://help.workable.com/hc/en-us/articles/115012771647> describes the widget; the fields are those it is
//! answered with.

use serde_json::Value;
use url::Url;

use super::{Listed, Row, escaped, json, path, sections, subdomain};
use crate::Mode;
use crate::board::Board;
use crate::crawl::Request;

pub(super) fn first(slug: &str) -> Request {
    let slug = escaped(slug);
    Request::get(format!("https://apply.workable.com/api/v1/widget/accounts/{slug}?details=true")).whole()
}

pub(super) fn read(board: &Board, slug: &str, answer: &Value) -> Result<Listed, String> {
    let jobs = answer["jobs"].as_array().ok_or("its answer has no jobs")?;
    let company = json::words(answer, "name");
    let row = |job: &Value| -> Row {
        let mut posting = json::begun(board, job, "shortcode", "title")?;
        let page = || format!("https://apply.workable.com/{}/j/{}/", escaped(slug), escaped(&posting.id));
        posting.address = Some(json::words(job, "url").unwrap_or_else(page));
        posting.company = company.clone();
        for place in json::list(job, "locations") {
            if json::flag(place, "hidden") != Some(true)
                && let Some(place) = json::joined(place, &["city", "region", "country"])
            {
                posting.add_place(place);
            }
        }
        if posting.places.is_empty() {
            posting.places.extend(json::joined(job, &["city", "state", "country"]));
        }
        let remote = json::flag(job, "telecommuting").and_then(|remote| remote.then_some(Mode::Remote));
        posting.mode = json::mode(job, "workplace_type").or(remote);
        posting.employment = json::words(job, "employment_type");
        posting.department = json::words(job, "department").or_else(|| json::words(job, "function"));
        posting.published = json::day(job, "published_on").or_else(|| json::day(job, "created_at"));
        posting.description = sections([
            (None, json::words(job, "description")),
            (Some("Requirements"), json::words(job, "requirements")),
            (Some("Benefits"), json::words(job, "benefits")),
        ]);
        Ok(posting)
    };
    Ok(Listed::rows(jobs.iter().map(row).collect()))
}

/// `apply.workable.com/firm`, the API, and the older `firm.workable.com`.
pub(super) fn recognise(url: &Url) -> Option<Board> {
    let parts = path(url);
    let slug = match url.host_str()? {
        "apply.workable.com" if parts.first() == Some(&"api") => {
            parts.iter().position(|part| *part == "accounts").and_then(|at| parts.get(at + 1)).copied()
        }
        // A short link to a posting names no board.
        "apply.workable.com" => parts.first().copied().filter(|part| *part != "j"),
        _ => subdomain(url, "workable.com").filter(|name| !matches!(*name, "jobs" | "help" | "resources")),
    }?;
    Some(Board::Workable { slug: slug.to_owned() })
}

pub(super) fn is_payload(value: &Value) -> bool {
    value["jobs"].get(0).is_some_and(|job| !job["shortcode"].is_null())
}
