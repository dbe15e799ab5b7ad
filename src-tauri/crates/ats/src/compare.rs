//! Field by field: what should be in a file, and what was read from it.

use serde::{Deserialize, Serialize};

use crate::dates::expression;
use crate::fields::{Dates, Entry, Fields, Found};

/// One field of a résumé, expected and read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldCheck {
    /// Path of the field, as in `experience[0].bullets[1]`.
    pub field: String,
    /// Empty when nothing should be there.
    pub expected: String,
    /// Empty when nothing was read.
    pub read: String,
    pub ok: bool,
}

/// Compares every field that one of both has, in the order of a résumé. White space, signs without a shape, the
/// writing of a phone number or an address, and the word beside a score make no difference.
pub fn compare(expected: &Fields, read: &Fields) -> Vec<FieldCheck> {
    let (expected, read) = (flat(expected), flat(read));
    let value = |of: &[(String, String)], field: &str| {
        of.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let surplus = read.iter().filter(|(field, _)| !expected.iter().any(|(name, _)| name == field));
    let fields: Vec<&String> = expected.iter().chain(surplus).map(|(field, _)| field).collect();
    fields
        .into_iter()
        .map(|field| {
            let (expected, read) = (value(&expected, field), value(&read, field));
            let ok = same(field, &expected, &read);
            FieldCheck { field: field.clone(), expected, read, ok }
        })
        .collect()
}

/// All fields with their paths.
fn flat(fields: &Fields) -> Vec<(String, String)> {
    let mut all = Vec::new();
    one(&mut all, "name", &fields.name);
    one(&mut all, "headline", &fields.headline);
    one(&mut all, "email", &fields.email);
    one(&mut all, "phone", &fields.phone);
    one(&mut all, "location", &fields.location);
    many(&mut all, "links", &fields.links);
    one(&mut all, "summary", &fields.summary);
    for (i, school) in fields.education.iter().enumerate() {
        let at = |name: &str| format!("education[{i}].{name}");
        one(&mut all, &at("school"), &school.school);
        one(&mut all, &at("degree"), &school.degree);
        all.extend(school.dates.as_ref().map(|dates| (at("dates"), shown(dates))));
        one(&mut all, &at("score"), &school.score);
        many(&mut all, &at("facts"), &school.facts);
        one(&mut all, &at("text"), &school.text);
    }
    entries(&mut all, "experience", &fields.experience);
    entries(&mut all, "projects", &fields.projects);
    entries(&mut all, "responsibility", &fields.responsibility);
    many(&mut all, "skills", &fields.skills);
    many(&mut all, "achievements", &fields.achievements);
    many(&mut all, "certifications", &fields.certifications);
    many(&mut all, "publications", &fields.publications);
    many(&mut all, "languages", &fields.languages);
    many(&mut all, "interests", &fields.interests);
    all
}

fn entries(all: &mut Vec<(String, String)>, section: &str, entries: &[Entry]) {
    for (i, entry) in entries.iter().enumerate() {
        let at = |name: &str| format!("{section}[{i}].{name}");
        one(all, &at("title"), &entry.title);
        one(all, &at("organisation"), &entry.organisation);
        all.extend(entry.dates.as_ref().map(|dates| (at("dates"), shown(dates))));
        many(all, &at("facts"), &entry.facts);
        many(all, &at("links"), &entry.links);
        one(all, &at("text"), &entry.text);
        many(all, &at("bullets"), &entry.bullets);
    }
}

fn one(all: &mut Vec<(String, String)>, field: &str, found: &Option<Found>) {
    all.extend(found.as_ref().map(|found| (field.to_owned(), found.value.clone())));
}

fn many(all: &mut Vec<(String, String)>, field: &str, found: &[Found]) {
    all.extend(found.iter().enumerate().map(|(i, found)| (format!("{field}[{i}]"), found.value.clone())));
}

fn shown(dates: &Dates) -> String {
    match dates.start == dates.end {
        true => dates.start.clone(),
        false => format!("{} – {}", dates.start, dates.end),
    }
}

fn same(field: &str, expected: &str, read: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    if field == "phone" {
        return digits(expected) == digits(read);
    }
    if field.ends_with(".score") {
        let numbers = |text: &str| -> Vec<String> {
            expression!(r"\d+(?:\.\d+)?").find_iter(text).map(|m| m.as_str().to_owned()).collect()
        };
        let found = numbers(expected);
        return !found.is_empty() && found == numbers(read) || plain(expected) == plain(read);
    }
    if field.contains("links[") {
        return address(expected) == address(read);
    }
    plain(expected) == plain(read)
}

/// An address without what does not matter for where it leads.
fn address(text: &str) -> String {
    let text = plain(text).to_lowercase();
    let rest = text.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    rest.trim_end_matches('/').to_owned()
}

/// One line without signs that have no shape or that no text font has.
pub(crate) fn plain(text: &str) -> String {
    let shapeless = |c: char| {
        c.is_control() && !c.is_whitespace()
            || matches!(c,
                '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
                | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{20E3}' | '\u{2190}'..='\u{2BFF}'
                | '\u{1F000}'..='\u{1FBFF}' | '\u{E0000}'..='\u{E0FFF}')
    };
    let kept: String = text.chars().filter(|c| !shapeless(*c)).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}
