//! Recruitee's Careers Site API: one answer with all postings; requirements stand apart from the description.
//! <https://docs.recruitee.com/reference/offers>
//!
//! From February 2027 it is said to want a token that only the company has; then it answers 401 and the board's
//! own pages remain.

use serde_json::Value;
use url::Url;

use super::{Listed, Row, json, label, sections, subdomain};
use crate::Mode;
use crate::board::Board;
use crate::crawl::Request;

pub(super) fn first(slug: &str) -> Request {
    Request::get(format!("https://{}.recruitee.com/api/offers/", label(slug))).whole()
}

pub(super) fn read(board: &Board, answer: &Value) -> Result<Listed, String> {
    let offers = answer["offers"].as_array().ok_or("its answer has no offers")?;
    Ok(Listed::rows(offers.iter().map(|offer| posting(board, offer)).collect()))
}

fn posting(board: &Board, offer: &Value) -> Row {
    let mut posting = json::begun(board, offer, "id", "title")?;
    posting.address = json::words(offer, "careers_url");
    posting.company = json::words(offer, "company_name");
    for place in json::list(offer, "locations") {
        if let Some(place) =
            json::joined(place, &["city", "state", "country"]).or_else(|| json::words(place, ""))
        {
            posting.add_place(place);
        }
    }
    if posting.places.is_empty() {
        let place = json::words(offer, "location").or_else(|| json::joined(offer, &["city", "country"]));
        posting.places.extend(place);
    }
    let is = |field: &str| json::flag(offer, field) == Some(true);
    posting.mode = match (is("hybrid"), is("remote"), is("on_site")) {
        (true, _, _) => Some(Mode::Hybrid),
        (_, true, _) => Some(Mode::Remote),
        (_, _, true) => Some(Mode::Office),
        _ => None,
    };
    posting.employment = json::words(offer, "employment_type_code");
    posting.department = json::words(offer, "department");
    posting.published = json::day(offer, "published_at").or_else(|| json::day(offer, "created_at"));
    posting.updated = json::day(offer, "updated_at");
    posting.closes = json::day(offer, "close_at");
    posting.description = sections([
        (None, json::words(offer, "description")),
        (Some("Requirements"), json::words(offer, "requirements")),
    ]);
    Ok(posting)
}

/// `firm.recruitee.com`, with any path.
pub(super) fn recognise(url: &Url) -> Option<Board> {
    let slug = subdomain(url, "recruitee.com")
        .filter(|name| !matches!(*name, "api" | "docs" | "app" | "support"))?;
    Some(Board::Recruitee { slug: slug.to_owned() })
}

pub(super) fn is_payload(value: &Value) -> bool {
    value["offers"]
        .as_array()
        .is_some_and(|offers| offers.first().is_none_or(|offer| !offer["title"].is_null()))
}
