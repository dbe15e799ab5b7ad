//! Hacker News's monthly "Ask HN: Who is hiring?", by the search that its makers point to: the newest thread, then
//! the thread with all its comments in one answer. <https://hn.algolia.com/api>
//!
//! A comment on the first level is an advert when its first line names firm, role and place between bars, as the
//! thread asks for; answers to adverts are not read.

use serde_json::Value;
use url::Url;

use super::{Listed, Row, json, parameter, path};
use crate::board::Board;
use crate::crawl::{Request, Skipped};
use crate::page::expression;
use crate::posting::Posting;

pub(super) fn first(thread: Option<u64>) -> Request {
    match thread {
        Some(thread) => item(&thread.to_string()).whole(),
        None => Request::get(
            "https://hn.algolia.com/api/v1/search_by_date?tags=story,author_whoishiring&hitsPerPage=12",
        ),
    }
}

fn item(id: &str) -> Request {
    Request::get(format!("https://hn.algolia.com/api/v1/items/{id}"))
}

pub(super) fn read(board: &Board, answer: &Value) -> Result<Listed, String> {
    if let Some(hits) = answer["hits"].as_array() {
        // The same account also asks who wants to be hired.
        let newest = hits.iter().find(|hit| {
            json::words(hit, "title").is_some_and(|title| title.to_lowercase().contains("who is hiring"))
        });
        let thread = newest.and_then(|hit| json::words(hit, "objectID")).ok_or("no thread was found")?;
        let thread: String = thread.chars().filter(char::is_ascii_digit).collect();
        return Ok(Listed { next: vec![item(&thread)], ..Listed::default() });
    }
    let comments = answer["children"].as_array().ok_or("its answer is no thread")?;
    let adverts = comments.iter().filter(|comment| json::words(comment, "text").is_some());
    Ok(Listed::rows(adverts.map(|comment| posting(board, comment)).collect()))
}

fn posting(board: &Board, comment: &Value) -> Row {
    let id = json::words(comment, "id");
    let text = json::words(comment, "text").unwrap_or_default();
    let visible = crate::visible(&text).text;
    let head = visible.lines().next().unwrap_or_default();
    let pieces: Vec<&str> = head.split('|').map(str::trim).filter(|piece| !piece.is_empty()).collect();
    let [company, rest @ ..] = pieces.as_slice() else { return Err(no_head(id)) };
    if rest.is_empty() {
        return Err(no_head(id));
    }
    let role = expression!(
        r"(?i)\b(?:engineers?|developers?|designers?|scientists?|interns?|internships?|analysts?|managers?|sre|devops|full[- ]?stack|front[- ]?end|back[- ]?end|researchers?|programmers?|architects?|leads?|head of|founding|multiple|various|several)\b"
    );
    let title = rest.iter().find(|piece| role.is_match(piece)).or(rest.first());
    let mut posting: Posting = json::named(board, id, title.map(|title| (*title).to_owned()))?;
    posting.address = Some(format!("https://news.ycombinator.com/item?id={}", posting.id));
    // "Firm (https://firm.example)".
    let name = company.split(['(', '[']).next().unwrap_or(company).trim().trim_end_matches([',', '-', ':']);
    posting.company = Some(name.to_owned()).filter(|name| !name.is_empty());
    posting.mode = rest.iter().find_map(|piece| json::mode_of(piece));
    let kind = expression!(r"(?i)^(?:full[- ]?time|part[- ]?time|interns?|internships?|contract(?:or)?)\b");
    posting.employment = rest.iter().find(|piece| kind.is_match(piece)).map(|piece| (*piece).to_owned());
    posting.places = places(rest, &posting.title);
    posting.published = json::day(comment, "created_at_i").or_else(|| json::day(comment, "created_at"));
    posting.description = text;
    Ok(posting)
}

fn no_head(id: Option<String>) -> Skipped {
    Skipped { id, why: "its first line does not name firm and role".to_owned() }
}

/// The pieces that are neither role nor mode, contract, pay or address.
fn places(pieces: &[&str], title: &str) -> Vec<String> {
    let other = expression!(
        r"(?i)https?:|\bwww\.|[\w.]+@|[$€£₹]|\b(?:full|part)[- ]?time\b|\bcontract|\binterns?\b|\bvisa\b|\bequity\b|\bsalary\b|\d+k\b"
    );
    let place = |piece: &&&str| {
        **piece != title && json::mode_of(piece).is_none() && !other.is_match(piece) && piece.len() < 80
    };
    pieces.iter().filter(place).take(2).map(|piece| (*piece).to_owned()).collect()
}

/// A thread on `news.ycombinator.com`, or its jobs account.
pub(super) fn recognise(url: &Url) -> Option<Board> {
    match url.host_str()? {
        "news.ycombinator.com" => match path(url).as_slice() {
            ["item"] => Some(Board::HackerNews { thread: Some(parameter(url, "id")?.parse().ok()?) }),
            ["submitted"] if parameter(url, "id")? == "whoishiring" => {
                Some(Board::HackerNews { thread: None })
            }
            _ => None,
        },
        "hn.algolia.com" => match path(url).as_slice() {
            ["api", "v1", "items", id] => Some(Board::HackerNews { thread: Some(id.parse().ok()?) }),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn is_payload(value: &Value) -> bool {
    value["children"].is_array() && (!value["story_id"].is_null() || !value["author"].is_null())
}
