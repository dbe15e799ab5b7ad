//! schema.org's JobPosting, as pages hold it in scripts of the type `application/ld+json`.
//! <https://schema.org/JobPosting>, <https://developers.google.com/search/docs/appearance/structured-data/job-posting>

use serde_json::Value;

use super::{Row, json, sections};
use crate::Mode;
use crate::board::Board;
use crate::crawl::Skipped;
use crate::posting::hashed;

/// Things inside things; pages nest three.
const DEEPEST: usize = 12;

/// The data in the scripts of a page; scripts that are no JSON are left out.
pub(super) fn in_html(html: &str) -> Vec<Value> {
    let lower = html.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = lower[at..].find("<script").map(|n| at + n) {
        let Some(start) = lower[open..].find('>').map(|n| open + n + 1) else { break };
        let end = lower[start..].find("</script").map_or(lower.len(), |n| start + n);
        if lower[open..start].contains("ld+json")
            && let Some(value) = lenient(&html[start..end])
        {
            found.push(value);
        }
        at = end;
    }
    found
}

/// JSON as content systems write it: inside a comment, or with line breaks inside a text.
fn lenient(script: &str) -> Option<Value> {
    let text = script.trim();
    let text = text.strip_prefix("<!--").unwrap_or(text).trim_start_matches("//<![CDATA[");
    let text = text.trim().trim_end_matches("-->").trim_end_matches("//]]>").trim().trim_end_matches(';');
    serde_json::from_str(text).ok().or_else(|| {
        let joined: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(&joined).ok()
    })
}

/// All JobPostings in a value, wherever they stand: alone, in a list, in a graph, in a list of items.
pub(super) fn postings<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    walk(value, 0, &mut |object| {
        let is = is_a(object, "JobPosting");
        if is {
            found.push(object);
        }
        !is
    });
}

/// Addresses in lists of items: a page that lists postings of other pages.
pub(super) fn listed(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(value, 0, &mut |object| {
        if is_a(object, "ListItem") {
            found.extend(json::words(object, "url").or_else(|| match &object["item"] {
                Value::String(address) => Some(address.clone()),
                item => json::words(item, "url").or_else(|| json::words(item, "@id")),
            }));
        }
        true
    });
    found
}

fn walk<'v>(value: &'v Value, depth: usize, visit: &mut dyn FnMut(&'v Value) -> bool) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|item| walk(item, depth + 1, visit)),
        Value::Object(object) if visit(value) => {
            object.values().for_each(|item| walk(item, depth + 1, visit))
        }
        _ => {}
    }
}

fn is_a(object: &Value, kind: &str) -> bool {
    json::each(object, "@type").iter().any(|name| name.rsplit(['/', ':']).next() == Some(kind))
}

pub(super) fn is_payload(value: &Value) -> bool {
    let mut found = Vec::new();
    postings(value, &mut found);
    !found.is_empty()
}

/// Reads one JobPosting that stands on the page `address`.
pub(super) fn posting(board: &Board, job: &Value, address: &str) -> Row {
    let title =
        json::words(job, "title").or_else(|| json::words(job, "name")).map(|t| crate::visible(&t).text);
    let company = json::words(job, "hiringOrganization").map(|name| crate::visible(&name).text);
    let places = places(job);
    let Some(title) = title.filter(|title| !title.is_empty()) else {
        let id = identifier(job).unwrap_or_else(|| hashed(&[&super::feed::bare(address)]));
        return Err(Skipped { id: Some(id), why: format!("the posting at {address} has no title") });
    };
    // Without a number of its own: what a reader would tell it by.
    let id = identifier(job).unwrap_or_else(|| {
        let mut parts = vec![title.as_str(), company.as_deref().unwrap_or_default()];
        parts.extend(places.iter().map(String::as_str));
        hashed(&parts)
    });
    let mut posting = json::named(board, Some(id), Some(title.replace('\n', " ")))?;
    posting.address =
        json::words(job, "url").filter(|url| url.starts_with("http")).or(Some(address.to_owned()));
    posting.company = company;
    posting.places = places;
    posting.published = json::day(job, "datePosted");
    posting.updated = json::day(job, "dateModified");
    posting.closes = json::day(job, "validThrough");
    posting.employment = json::words(job, "employmentType");
    posting.department = json::words(job, "occupationalCategory").or_else(|| json::words(job, "industry"));
    let remote =
        json::words(job, "jobLocationType").is_some_and(|kind| kind.eq_ignore_ascii_case("TELECOMMUTE"));
    posting.mode = remote.then_some(Mode::Remote);
    posting.pay = pay(job);
    let more = [
        ("Responsibilities", "responsibilities"),
        ("Qualifications", "qualifications"),
        ("Experience", "experienceRequirements"),
        ("Education", "educationRequirements"),
        ("Skills", "skills"),
        ("Benefits", "jobBenefits"),
    ];
    let description = json::words(job, "description").unwrap_or_default();
    // Many pages repeat in a field what the description says.
    let more = more.into_iter().filter_map(|(heading, field)| {
        let text = said(job, field)?;
        (!description.contains(&text)).then_some((Some(heading), Some(text)))
    });
    let more: Vec<_> = more.collect();
    posting.description = match more.is_empty() {
        true => description,
        false => sections([(None, Some(description.clone()))].into_iter().chain(more)),
    };
    Ok(posting)
}

/// The employer's own number.
fn identifier(job: &Value) -> Option<String> {
    let value = match &job["identifier"] {
        Value::Object(_) => json::words(job, "identifier.value"),
        _ => json::words(job, "identifier"),
    };
    value.filter(|value| !value.starts_with("http"))
}

/// A text, a list of texts, or things with a name or, for degrees and experience, a category.
fn said(job: &Value, field: &str) -> Option<String> {
    json::words(job, field).or_else(|| {
        let months = json::words(job, &format!("{field}.monthsOfExperience")).map(|n| format!("{n} months"));
        months.or_else(|| json::words(job, &format!("{field}.credentialCategory")))
    })
}

fn places(job: &Value) -> Vec<String> {
    let single = [job["jobLocation"].clone()];
    let list = job["jobLocation"].as_array().map_or(&single[..], Vec::as_slice);
    let mut found: Vec<String> = Vec::new();
    for place in list {
        let parts = ["address.addressLocality", "address.addressRegion", "address.addressCountry"];
        let named = json::joined(place, &parts).or_else(|| json::words(place, "address"));
        if let Some(place) = named.or_else(|| json::words(place, ""))
            && !found.contains(&place)
        {
            found.push(place);
        }
    }
    if found.is_empty() {
        found = json::each(job, "applicantLocationRequirements");
    }
    found
}

/// "INR 15000 – 20000 a month".
fn pay(job: &Value) -> Option<String> {
    let salary = &job["baseSalary"];
    let amount = match (json::words(salary, "value.minValue"), json::words(salary, "value.maxValue")) {
        (Some(min), Some(max)) if min != max => format!("{min} – {max}"),
        (Some(one), _) | (None, Some(one)) => one,
        _ => json::words(salary, "value.value").or_else(|| json::words(salary, "value"))?,
    };
    // Content systems write zero for "not stated".
    if amount.chars().all(|c| matches!(c, '0' | '.')) {
        return None;
    }
    let currency =
        json::words(salary, "currency").or_else(|| json::words(job, "salaryCurrency")).unwrap_or_default();
    let unit = json::words(salary, "value.unitText").or_else(|| json::words(salary, "unitText"));
    let unit = unit.map(|unit| format!(" per {}", unit.to_lowercase())).unwrap_or_default();
    Some(format!("{currency} {amount}{unit}").trim().to_owned())
}
