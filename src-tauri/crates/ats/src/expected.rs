//! What a profile in the JSON Resume format (<https://jsonresume.org/schema>) should read back as, once it was
//! exported. Written apart from the exporter, so that one checks the other.

use serde_json::Value;

use crate::dates::iso;
use crate::fields::{Dates, Entry, Fields, Found, School};
use crate::section::split_skills;

/// The fields of a profile. What has an unexpected shape is left out, as in an export.
pub fn expected(profile: &Value) -> Fields {
    let basics = &profile["basics"];
    let place = &basics["location"];
    let place = joined(", ", [text(&place["city"]), text(&place["region"]), text(&place["countryCode"])]);
    let extra = |key: &str, line: fn(&Value) -> String| -> Vec<Found> {
        items(&profile[key]).map(line).filter_map(known).collect()
    };
    Fields {
        name: known(text(&basics["name"])),
        headline: known(text(&basics["label"])),
        email: known(text(&basics["email"])),
        phone: known(text(&basics["phone"])),
        location: known(place),
        links: links(basics),
        summary: known(text(&basics["summary"])),
        education: items(&profile["education"]).map(school).filter(|s| *s != School::default()).collect(),
        experience: stated(items(&profile["work"]).map(|w| job(w, "name"))),
        projects: stated(items(&profile["projects"]).map(project)),
        responsibility: stated(items(&profile["volunteer"]).map(|v| job(v, "organization"))),
        skills: items(&profile["skills"]).flat_map(skills).collect(),
        achievements: extra("awards", |a| line(&a["title"], &[&a["awarder"], &a["summary"]], &a["date"])),
        certifications: extra("certificates", |c| line(&c["name"], &[&c["issuer"]], &c["date"])),
        publications: extra("publications", |p| {
            line(&p["name"], &[&p["publisher"], &p["summary"]], &p["releaseDate"])
        }),
        languages: extra("languages", |l| line(&l["language"], &[&l["fluency"]], &Value::Null)),
        interests: extra("interests", |i| {
            let keywords = Value::from(joined(", ", texts(&i["keywords"])));
            line(&i["name"], &[&keywords], &Value::Null)
        }),
    }
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten().filter(|item| item.is_object())
}

/// A text as an export shows it: one line, ligatures apart.
fn text(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    let text = crate::compare::plain(text);
    let mut apart = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{FB00}' => apart.push_str("ff"),
            '\u{FB01}' => apart.push_str("fi"),
            '\u{FB02}' => apart.push_str("fl"),
            '\u{FB03}' => apart.push_str("ffi"),
            '\u{FB04}' => apart.push_str("ffl"),
            // Signs without a public meaning are not exported.
            '\u{E000}'..='\u{F8FF}' => {}
            c => apart.push(c),
        }
    }
    apart
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().map(text).filter(|t| !t.is_empty()).collect()
}

fn known(text: String) -> Option<Found> {
    (!text.is_empty()).then(|| Found::known(text))
}

fn joined(separator: &str, parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(separator)
}

/// An address as people write it.
fn address(url: &Value) -> String {
    let text = text(url);
    let lower = text.to_lowercase();
    let scheme = ["https://", "http://", "mailto:"].iter().find(|scheme| lower.starts_with(**scheme));
    let rest = scheme.map_or(text.as_str(), |scheme| &text[scheme.len()..]);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.strip_suffix('/').unwrap_or(rest).to_owned()
}

/// Home page and accounts, each once.
fn links(basics: &Value) -> Vec<Found> {
    let mut all: Vec<String> = vec![address(&basics["url"])];
    for account in items(&basics["profiles"]) {
        let url = address(&account["url"]);
        let named = joined(": ", [text(&account["network"]), text(&account["username"])]);
        all.push(if url.is_empty() { named } else { url });
    }
    let mut kept: Vec<Found> = Vec::new();
    for link in all {
        if !kept.iter().any(|k| k.value.eq_ignore_ascii_case(&link)) {
            kept.extend(known(link));
        }
    }
    kept
}

/// From start to end; with `ongoing`, what has no end lasts until now.
fn dates(item: &Value, ongoing: bool) -> Option<Dates> {
    let read = |key: &str| iso(&text(&item[key])).unwrap_or_default();
    let (start, end) = (read("startDate"), read("endDate"));
    let (start, end) = match (start.is_empty(), end.is_empty()) {
        (true, true) => return None,
        (false, true) if ongoing => (start, "present".to_owned()),
        (false, true) => (start.clone(), start),
        (true, false) => (end.clone(), end),
        (false, false) => (start, end),
    };
    Some(Dates { start, end, line: None })
}

fn school(item: &Value) -> School {
    let degree = joined(", ", [text(&item["studyType"]), text(&item["area"])]);
    let name = text(&item["institution"]);
    // A degree without a school stands in its place.
    let (name, degree) = if name.is_empty() { (degree, String::new()) } else { (name, degree) };
    let courses = joined(", ", texts(&item["courses"]));
    School {
        school: known(name),
        degree: known(degree),
        dates: dates(item, false),
        score: known(text(&item["score"])),
        facts: Vec::new(),
        text: (!courses.is_empty()).then(|| Found::known(format!("Coursework: {courses}"))),
    }
}

fn job(item: &Value, organisation: &str) -> Entry {
    let (position, organisation) = (text(&item["position"]), text(&item[organisation]));
    let (title, organisation) =
        if position.is_empty() { (organisation, position) } else { (position, organisation) };
    Entry {
        title: known(title),
        organisation: known(organisation),
        dates: dates(item, true),
        facts: known(text(&item["location"])).into_iter().collect(),
        links: known(address(&item["url"])).into_iter().collect(),
        text: known(text(&item["summary"])),
        bullets: texts(&item["highlights"]).into_iter().map(Found::known).collect(),
    }
}

fn project(item: &Value) -> Entry {
    Entry {
        title: known(text(&item["name"])),
        organisation: None,
        dates: dates(item, false),
        facts: known(joined(", ", texts(&item["keywords"]))).into_iter().collect(),
        links: known(address(&item["url"])).into_iter().collect(),
        text: known(text(&item["description"])),
        bullets: texts(&item["highlights"]).into_iter().map(Found::known).collect(),
    }
}

fn stated(entries: impl Iterator<Item = Entry>) -> Vec<Entry> {
    entries.filter(|entry| *entry != Entry::default()).collect()
}

fn skills(item: &Value) -> Vec<Found> {
    let keywords = texts(&item["keywords"]);
    let named = if keywords.is_empty() { vec![text(&item["name"])] } else { keywords };
    named.iter().flat_map(|k| split_skills(k)).map(Found::known).collect()
}

/// "Label: text · date".
fn line(label: &Value, parts: &[&Value], date: &Value) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let words = joined(": ", [text(label), joined(". ", parts.iter().map(|part| text(part)))]);
    let given = text(date);
    let month = |iso: &str| MONTHS.get(iso.get(5..7)?.parse::<usize>().ok()?.checked_sub(1)?).copied();
    let shown = match iso(&given) {
        Some(iso) if given.starts_with(iso.as_str()) => match month(&iso) {
            Some(month) => format!("{month} {}", &iso[..4]),
            None => given,
        },
        _ => given,
    };
    if words.is_empty() { words } else { joined(" · ", [words, shown]) }
}
