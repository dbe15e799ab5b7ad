//! From the fields of a résumé back to a profile in the JSON Resume format (<https://jsonresume.org/schema>), for
//! who has a résumé and no profile yet. What the fields do not tell apart is left together: the user looks it over.

use serde_json::{Map, Value, json};

use crate::dates::{self, expression};
use crate::fields::{Dates, Entry, Fields, Found, School};

/// Sites on which people have an account, by a part of the address.
const NETWORKS: [(&str, &str); 12] = [
    ("github.com", "GitHub"),
    ("gitlab.com", "GitLab"),
    ("linkedin.com", "LinkedIn"),
    ("leetcode.com", "LeetCode"),
    ("codeforces.com", "Codeforces"),
    ("codechef.com", "CodeChef"),
    ("hackerrank.com", "HackerRank"),
    ("hackerearth.com", "HackerEarth"),
    ("geeksforgeeks.org", "GeeksforGeeks"),
    ("kaggle.com", "Kaggle"),
    ("stackoverflow.com", "Stack Overflow"),
    ("medium.com", "Medium"),
];

/// A profile that says what the fields say. Fields that were not found are absent.
pub fn profile(fields: &Fields) -> Value {
    let named = |key: &str, all: &[Found]| -> Vec<Value> {
        all.iter().map(|found| stripped(json!({ key: found.value }))).collect()
    };
    let dated = |key: &str, all: &[Found]| -> Vec<Value> {
        let entry = |found: &Found| {
            let (words, date) = without_date(&found.value);
            stripped(json!({ key: words, "date": date }))
        };
        all.iter().map(entry).collect()
    };
    let skills: Vec<&str> = fields.skills.iter().map(|skill| skill.value.as_str()).collect();
    let skills =
        if skills.is_empty() { json!([]) } else { json!([{ "name": "Skills", "keywords": skills }]) };
    stripped(json!({
        "basics": basics(fields),
        "education": fields.education.iter().map(school).collect::<Vec<_>>(),
        "work": fields.experience.iter().map(|entry| job(entry, "name")).collect::<Vec<_>>(),
        "projects": fields.projects.iter().map(project).collect::<Vec<_>>(),
        "volunteer": fields.responsibility.iter().map(|entry| job(entry, "organization")).collect::<Vec<_>>(),
        "skills": skills,
        "awards": dated("title", &fields.achievements),
        "certificates": dated("name", &fields.certifications),
        "publications": named("name", &fields.publications),
        "languages": named("language", &fields.languages),
        "interests": named("name", &fields.interests),
    }))
}

/// The value without empty texts, lists and objects.
pub(crate) fn stripped(value: Value) -> Value {
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().map(|(key, value)| (key, stripped(value)));
            Value::Object(kept.filter(|(_, value)| !is_empty(value)).collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            Value::Array(items.into_iter().map(stripped).filter(|value| !is_empty(value)).collect())
        }
        Value::String(text) => Value::String(text.trim().to_owned()),
        other => other,
    }
}

/// An address as account of a site, or `None` for a page of one's own.
pub(crate) fn account(address: &str) -> Option<Value> {
    let lower = address.to_lowercase();
    let (_, network) = NETWORKS.iter().find(|(host, _)| lower.contains(host))?;
    let path = address.trim_end_matches('/').split('?').next().unwrap_or_default();
    let username = path.rsplit('/').next().filter(|last| !last.contains('.')).unwrap_or_default();
    Some(json!({ "network": network, "username": username.trim_start_matches('@'), "url": whole(address) }))
}

/// A degree and its subject: `B.Tech in Computer Science`, `B.Tech, Computer Science`, `B.E. - CSE`.
pub(crate) fn degree(text: &str) -> (String, String) {
    let short = expression!(
        r"(?i)^((?:b|m)\.?\s?(?:tech|e|sc|com|a|arch|des|pharm)\.?|bca|mca|bba|mba|ph\.?\s?d\.?|diploma)(?:\s*\((?:hons?|honours)\.?\))?[\s,:–—-]+(?:in\s+)?(\S.*)$"
    );
    let long = expression!(r"^(.*?)(?:\s+in\s+|\s*[,;]\s*|\s+[–—-]\s+)(\S.*)$");
    // LinkedIn writes the degree twice.
    let twice = expression!(r"^(.*?\s-\s[A-Za-z.]{2,12}),\s+(\S.*)$");
    let parted = twice.captures(text).or_else(|| long.captures(text)).filter(|found| !found[1].is_empty());
    let found = parted.or_else(|| short.captures(text));
    match found {
        Some(found) => (found[1].trim().to_owned(), found[2].trim().to_owned()),
        None => (text.trim().to_owned(), String::new()),
    }
}

fn basics(fields: &Fields) -> Value {
    let mut accounts: Vec<Value> = Vec::new();
    let mut url = String::new();
    for link in &fields.links {
        match account(&link.value) {
            Some(account) => accounts.push(account),
            None if url.is_empty() && link.value.contains('.') => url = whole(&link.value),
            None => {}
        }
    }
    let place = text(&fields.location);
    let mut places = place.split(',').map(str::trim);
    json!({
        "name": text(&fields.name),
        "label": text(&fields.headline),
        "email": text(&fields.email),
        "phone": text(&fields.phone),
        "url": url,
        "summary": text(&fields.summary),
        "location": { "city": places.next().unwrap_or_default(), "region": places.next().unwrap_or_default() },
        "profiles": accounts,
    })
}

fn school(school: &School) -> Value {
    let (study, area) = degree(text(&school.degree));
    let (start, end) = span(school.dates.as_ref());
    let score = text(&school.score);
    let courses =
        expression!(r"(?i)^(?:relevant |key )?(?:coursework|courses|subjects|electives)\s*[:–-]\s*");
    let below = text(&school.text);
    let courses: Vec<&str> = match courses.find(below) {
        Some(head) => {
            below[head.end()..].split([',', ';']).map(|one| one.trim().trim_end_matches('.')).collect()
        }
        None => Vec::new(),
    };
    json!({
        "institution": text(&school.school), "studyType": study, "area": area,
        "startDate": start, "endDate": end, "score": score, "courses": courses,
    })
}

/// A job or a position; `at` is the field of its organisation.
fn job(entry: &Entry, at: &str) -> Value {
    let (start, end) = span(entry.dates.as_ref());
    json!({
        at: text(&entry.organisation), "position": text(&entry.title), "startDate": start, "endDate": end,
        "location": entry.facts.first().map(|fact| fact.value.as_str()),
        "url": entry.links.first().map(|link| whole(&link.value)),
        "summary": text(&entry.text), "highlights": bullets(entry),
    })
}

fn project(entry: &Entry) -> Value {
    let (start, end) = span(entry.dates.as_ref());
    let keywords: Vec<String> =
        entry.facts.iter().flat_map(|fact| crate::section::split_skills(&fact.value)).collect();
    json!({
        "name": text(&entry.title), "description": text(&entry.text), "startDate": start, "endDate": end,
        "url": entry.links.first().map(|link| whole(&link.value)),
        "highlights": bullets(entry), "keywords": keywords,
    })
}

fn bullets(entry: &Entry) -> Vec<&str> {
    entry.bullets.iter().map(|bullet| bullet.value.as_str()).collect()
}

fn text(found: &Option<Found>) -> &str {
    found.as_ref().map_or("", |found| found.value.as_str())
}

/// An end that is now is none: JSON Resume leaves it out.
fn span(dates: Option<&Dates>) -> (String, String) {
    match dates {
        None => Default::default(),
        Some(Dates { start, end, .. }) if start == end => (String::new(), end.clone()),
        Some(Dates { start, end, .. }) if end == "present" => (start.clone(), String::new()),
        Some(Dates { start, end, .. }) => (start.clone(), end.clone()),
    }
}

/// A line without the date in it, and the date.
fn without_date(line: &str) -> (String, String) {
    let Some(spot) = dates::find(line) else { return (line.to_owned(), String::new()) };
    let rest = format!("{} {}", &line[..spot.range.start], &line[spot.range.end..]);
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || ",;|·–—-:()".contains(c));
    (rest.split_whitespace().collect::<Vec<_>>().join(" "), spot.dates.end)
}

/// An address with its scheme.
fn whole(address: &str) -> String {
    let has_scheme = address.contains("://") || address.starts_with("mailto:");
    if has_scheme { address.to_owned() } else { format!("https://{address}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expected;

    #[test]
    fn a_profile_that_became_fields_becomes_a_profile_again() {
        let given = json!({
            "basics": {
                "name": "Asha Rao", "email": "asha@example.edu", "phone": "+91 98765 43210",
                "location": { "city": "Trichy", "region": "Tamil Nadu" },
                "profiles": [{ "network": "GitHub", "username": "asha", "url": "https://github.com/asha" }],
            },
            "work": [{ "name": "Robotics Club", "position": "Software lead", "startDate": "2024-07",
                       "highlights": ["Wrote the telemetry server"] }],
            "projects": [{ "name": "Mess Menu", "keywords": ["Python", "Flask"], "highlights": ["Serves dinner"] }],
            "skills": [{ "name": "Skills", "keywords": ["Python", "C++"] }],
            "awards": [{ "title": "Second prize, Smart Mess Hackathon", "date": "2025-03" }],
        });
        let back = profile(&expected(&given));
        for at in ["/basics/name", "/basics/email", "/basics/phone", "/basics/profiles", "/work", "/skills"] {
            assert_eq!(back.pointer(at), given.pointer(at), "{at} comes back as it was: {back:#}");
        }
        assert_eq!(back.pointer("/projects/0/keywords"), given.pointer("/projects/0/keywords"), "{back:#}");
        assert_eq!(back.pointer("/awards/0/date"), given.pointer("/awards/0/date"), "{back:#}");
    }

    #[test]
    fn degrees_are_told_from_their_subjects() {
        for (whole, study, area) in [
            ("B.Tech in Computer Science", "B.Tech", "Computer Science"),
            ("B.Tech Computer Science", "B.Tech", "Computer Science"),
            ("Bachelor of Technology - BTech, Civil", "Bachelor of Technology - BTech", "Civil"),
            ("B.E. - ECE", "B.E.", "ECE"),
            ("Class XII", "Class XII", ""),
        ] {
            assert_eq!(degree(whole), (study.to_owned(), area.to_owned()), "in {whole}");
        }
    }
}
