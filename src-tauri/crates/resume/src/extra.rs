//! Sections of JSON Resume that InternFlow does not edit but shows: read from the part of the profile
//! that is kept as it came. What has an unexpected shape is left out here and still kept in the file.

use serde_json::{Map, Value};

use crate::clean::{address, clean};
use crate::dates::{date, range};
use crate::sheet::{Entry, Line, Section, bullets, entries, joined, lines, plain, titled, web};

type Item = Map<String, Value>;

/// Certificates, awards, publications, languages, positions of responsibility (`volunteer`) and interests, in this order.
pub fn sections(other: &Item) -> Vec<Section> {
    vec![
        lines("Certificates", items(other, "certificates").map(certificate)),
        lines("Awards", items(other, "awards").map(award)),
        lines("Publications", items(other, "publications").map(publication)),
        entries("Positions of Responsibility", items(other, "volunteer").map(volunteer)),
        lines("Languages", items(other, "languages").map(language)),
        lines("Interests", items(other, "interests").map(interest)),
    ]
}

fn items<'a>(other: &'a Item, key: &str) -> impl Iterator<Item = &'a Item> {
    other.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

fn text<'a>(item: &'a Item, key: &str) -> &'a str {
    item.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn texts(item: &Item, key: &str) -> Vec<String> {
    let list = item.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn certificate(item: &Item) -> Line {
    Line {
        label: clean(text(item, "name")),
        text: clean(text(item, "issuer")),
        date: date(text(item, "date")),
        url: address(text(item, "url")),
    }
}

fn award(item: &Item) -> Line {
    Line {
        label: clean(text(item, "title")),
        text: joined(". ", [text(item, "awarder"), text(item, "summary")]),
        date: date(text(item, "date")),
        url: None,
    }
}

fn publication(item: &Item) -> Line {
    Line {
        label: clean(text(item, "name")),
        text: joined(". ", [text(item, "publisher"), text(item, "summary")]),
        date: date(text(item, "releaseDate")),
        url: address(text(item, "url")),
    }
}

fn language(item: &Item) -> Line {
    Line { label: clean(text(item, "language")), text: clean(text(item, "fluency")), ..Line::default() }
}

fn interest(item: &Item) -> Line {
    let keywords = joined(", ", texts(item, "keywords"));
    Line { label: clean(text(item, "name")), text: keywords, ..Line::default() }
}

fn volunteer(item: &Item) -> Entry {
    let (title, subtitle) = titled(text(item, "position"), text(item, "organization"));
    Entry {
        title,
        subtitle,
        date: range(text(item, "startDate"), text(item, "endDate"), true),
        meta: [plain(text(item, "location")), web(text(item, "url"))].into_iter().flatten().collect(),
        text: clean(text(item, "summary")),
        bullets: bullets(&texts(item, "highlights")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn odd_shapes_are_left_out_and_good_ones_shown() {
        let other = json!({
            "awards": "not a list",
            "languages": [7, {"language": "Marathi", "fluency": "Native"}, {"language": 9}],
            "certificates": [{"name": "C1", "issuer": "I", "date": "2025-03-02", "url": "javascript:x"}],
        });
        let all = sections(other.as_object().expect("the test wrote an object"));
        let shown: Vec<_> = all.iter().flat_map(|s| s.lines.iter().map(move |l| (s.title, l))).collect();
        assert_eq!(shown.len(), 2, "only well-formed items appear: {shown:?}");
        assert_eq!(
            (shown[0].0, shown[0].1.date.as_str(), &shown[0].1.url),
            ("Certificates", "Mar 2025", &None)
        );
        assert_eq!((shown[1].1.label.as_str(), shown[1].1.text.as_str()), ("Marathi", "Native"));
    }
}
