//! Values as boards mean them: a number where a text was, a text where a number was, an object that only holds a
//! name. What has no plain meaning is not stated.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use serde_json::Value;

use super::Row;
use crate::Mode;
use crate::board::Board;
use crate::crawl::Skipped;
use crate::posting::Posting;

/// The value at a path such as `location.name`; numbers count places of a list, and no path is the value itself.
pub(super) fn at<'v>(value: &'v Value, path: &str) -> &'v Value {
    path.split('.').filter(|key| !key.is_empty()).fold(value, |value, key| match value {
        Value::Array(list) => key.parse::<usize>().ok().and_then(|n| list.get(n)).unwrap_or(&Value::Null),
        value => value.get(key).unwrap_or(&Value::Null),
    })
}

/// The list at a path, or nothing.
pub(super) fn list<'v>(value: &'v Value, path: &str) -> &'v [Value] {
    at(value, path).as_array().map_or(&[], Vec::as_slice)
}

/// The text at a path: a text that is not empty, a number, or the name of an object.
pub(super) fn words(value: &Value, path: &str) -> Option<String> {
    match at(value, path) {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        object @ Value::Object(_) => ["name", "label", "text", "value", "title"]
            .iter()
            .find_map(|key| object.get(key)?.as_str().map(|text| text.trim().to_owned())),
        Value::Array(list) => {
            let all: Vec<String> =
                list.iter().filter(|v| !v.is_array()).filter_map(|item| words(item, "")).collect();
            Some(all.join(", "))
        }
        _ => None,
    }
    .filter(|text| !text.is_empty())
}

/// Each text at a path, of a list or of a single value.
pub(super) fn each(value: &Value, path: &str) -> Vec<String> {
    match at(value, path) {
        Value::Array(list) => list.iter().filter_map(|item| words(item, "")).collect(),
        single => words(single, "").into_iter().collect(),
    }
}

/// Texts of several fields that belong together: "Pune, Maharashtra, India".
pub(super) fn joined(value: &Value, paths: &[&str]) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in paths.iter().filter_map(|path| words(value, path)) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Yes or no, also written as a text or as 0 and 1.
pub(super) fn flag(value: &Value, path: &str) -> Option<bool> {
    match at(value, path) {
        Value::Bool(yes) => Some(*yes),
        Value::Number(number) => match number.as_i64() {
            Some(1) => Some(true),
            Some(0) => Some(false),
            _ => None,
        },
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A count, also written as a text.
pub(super) fn count(value: &Value, path: &str) -> Option<u64> {
    match at(value, path) {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The day at a path: a date, a time with or without zone, or seconds or milliseconds since 1970 UTC.
pub(super) fn day(value: &Value, path: &str) -> Option<NaiveDate> {
    match at(value, path) {
        Value::String(text) => day_of(text),
        Value::Number(number) => stamp(number.as_i64().or_else(|| number.as_f64().map(|n| n as i64))?),
        _ => None,
    }
}

/// A date as boards and feeds write them; nothing relative ("3 days ago"), and no year is guessed.
pub(super) fn day_of(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    if text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit()) {
        return stamp(text.parse().ok()?);
    }
    let iso = text.get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
    let mail = || DateTime::parse_from_rfc2822(text).ok().map(|time| time.date_naive());
    let others = || {
        ["%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d"]
            .iter()
            .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
    };
    let with_time =
        || NaiveDateTime::parse_from_str(text, "%a, %d %b %Y %H:%M:%S GMT").ok().map(|t| t.date());
    iso.or_else(mail).or_else(others).or_else(with_time).filter(plausible)
}

fn stamp(number: i64) -> Option<NaiveDate> {
    let seconds = if number.abs() >= 100_000_000_000 { number / 1000 } else { number };
    DateTime::from_timestamp(seconds, 0).map(|time| time.date_naive()).filter(plausible)
}

/// Zero and "0001-01-01" are how some boards write "none".
fn plausible(day: &NaiveDate) -> bool {
    use chrono::Datelike;
    (2000..2100).contains(&day.year())
}

/// Where the work is done, as boards name it.
pub(super) fn mode_of(text: &str) -> Option<Mode> {
    let word: String =
        text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    match word.as_str() {
        "remote" | "fullyremote" | "telecommute" | "remotelocal" | "remoteglobal" | "orawfhremote"
        | "workfromhome" => Some(Mode::Remote),
        "hybrid" | "orahybrid" | "flexible" | "remoteflexible" => Some(Mode::Hybrid),
        "onsite" | "office" | "inoffice" | "inperson" | "oraonsite" | "workfromoffice" => Some(Mode::Office),
        _ => None,
    }
}

/// The mode at a path.
pub(super) fn mode(value: &Value, path: &str) -> Option<Mode> {
    words(value, path).and_then(|text| mode_of(&text))
}

/// A posting of a list, begun with its id and title; without them it can't be told apart or shown.
pub(super) fn begun(board: &Board, value: &Value, id: &str, title: &str) -> Row {
    named(board, words(value, id), words(value, title))
}

/// As [`begun`], for those whose id or title stand in several places.
pub(super) fn named(board: &Board, id: Option<String>, title: Option<String>) -> Row {
    match (id, title) {
        (None, title) => {
            let which =
                title.map_or_else(|| "a posting".to_owned(), |title| format!("the posting “{title}”"));
            Err(Skipped { id: None, why: format!("{which} has no id") })
        }
        (Some(id), None) => Err(Skipped { id: Some(id), why: "it has no title".to_owned() }),
        (Some(id), Some(title)) => Ok(Posting::new(board, id, title)),
    }
}
