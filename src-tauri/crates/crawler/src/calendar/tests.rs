//! The file as a strict reader of RFC 5545 sees it. The reader is made from the grammar, not from the writer.

use std::collections::{HashMap, HashSet};

use chrono::TimeZone;

use super::*;
use crate::track::tests::{at_stage, day, entry};

/// A property: its name, its parameters with their values, and its value.
#[derive(Debug, PartialEq)]
struct Property {
    name: String,
    parameters: Vec<(String, String)>,
    value: String,
}

/// A component: its name, its properties, and what is inside.
#[derive(Debug, Default)]
struct Component {
    name: String,
    properties: Vec<Property>,
    inside: Vec<Component>,
}

impl Component {
    /// The value of a property that is there once.
    fn one(&self, name: &str) -> &str {
        let all: Vec<&str> =
            self.properties.iter().filter(|p| p.name == name).map(|p| p.value.as_str()).collect();
        assert_eq!(all.len(), 1, "{name} of {} is there once: {all:?}", self.name);
        all[0]
    }
}

/// Section 3.1: lines end with CRLF, have 75 octets at most, and go on where the next begins with a space.
fn unfolded(file: &str) -> Vec<String> {
    let body = file.strip_suffix("\r\n").expect("the last line ends too");
    let mut lines: Vec<String> = Vec::new();
    for line in body.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains(['\r', '\n']), "a lone end of line: {line:?}");
        assert!(line.chars().all(|c| c == '\t' || !c.is_control()), "a control character: {line:?}");
        match line.strip_prefix([' ', '\t']) {
            Some(more) => lines.last_mut().expect("a first line is no continuation").push_str(more),
            None => lines.push(line.to_owned()),
        }
    }
    lines
}

/// `name *(";" param) ":" value`.
fn property(line: &str) -> Property {
    let (head, value) = line.split_once(':').unwrap_or_else(|| panic!("no value: {line}"));
    let mut parts = head.split(';');
    let name = parts.next().unwrap_or_default();
    let is_name = |n: &str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    assert!(is_name(name), "no name: {line}");
    let parameter = |part: &str| {
        let (key, value) = part.split_once('=').unwrap_or_else(|| panic!("no parameter: {line}"));
        assert!(is_name(key) && !value.contains(['"', ',']), "{line}");
        (key.to_owned(), value.to_owned())
    };
    Property { name: name.to_owned(), parameters: parts.map(parameter).collect(), value: value.to_owned() }
}

fn read(file: &str) -> Component {
    let mut open = vec![Component::default()];
    for line in unfolded(file) {
        let found = property(&line);
        match found.name.as_str() {
            "BEGIN" => open.push(Component { name: found.value, ..Component::default() }),
            "END" => {
                let done = open.pop().expect("something is open");
                assert_eq!(done.name, found.value, "what ends is what began last");
                open.last_mut().expect("an outer one").inside.push(done);
            }
            _ => open.last_mut().expect("a component").properties.push(found),
        }
    }
    let mut root = open.pop().expect("the file");
    assert!(
        open.is_empty() && root.properties.is_empty() && root.inside.len() == 1,
        "one calendar and no more"
    );
    root.inside.remove(0)
}

/// Section 3.3.11, the other way round.
fn text(value: &str) -> String {
    let mut out = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(c @ ('\\' | ';' | ',')) => out.push(c),
                other => panic!("no such escape: {other:?}"),
            },
            ';' | ',' => panic!("not escaped: {value}"),
            c => out.push(c),
        }
    }
    out
}

fn date(value: &str) -> NaiveDate {
    assert_eq!(value.len(), 8, "{value}");
    NaiveDate::parse_from_str(value, "%Y%m%d").unwrap_or_else(|e| panic!("{value}: {e}"))
}

/// Events by their names; every rule of sections 3.4, 3.6.1 and 3.6.6 that they must keep is looked at.
fn check(file: &str) -> HashMap<String, (NaiveDate, String)> {
    let calendar = read(file);
    assert_eq!((calendar.name.as_str(), calendar.one("VERSION")), ("VCALENDAR", "2.0"));
    assert!(!calendar.one("PRODID").is_empty() && !calendar.inside.is_empty());
    let mut names = HashSet::new();
    let mut found = HashMap::new();
    for event in &calendar.inside {
        assert_eq!(event.name, "VEVENT");
        let stamp = event.one("DTSTAMP");
        assert!(chrono::NaiveDateTime::parse_from_str(stamp, "%Y%m%dT%H%M%SZ").is_ok(), "in UTC: {stamp}");
        assert!(names.insert(event.one("UID").to_owned()), "two events of one name");
        assert!(event.one("SEQUENCE").parse::<u32>().is_ok());
        for found in event.properties.iter().filter(|p| matches!(p.name.as_str(), "DTSTART" | "DTEND")) {
            let expected = [("VALUE".to_owned(), "DATE".to_owned())];
            assert_eq!(found.parameters, expected, "{} is a day", found.name);
        }
        let (from, to) = (date(event.one("DTSTART")), date(event.one("DTEND")));
        assert_eq!((to - from).num_days(), 1, "the end is the day after, which does not count");
        let [alarm] = &event.inside[..] else { panic!("one alarm") };
        assert_eq!((alarm.name.as_str(), alarm.one("ACTION")), ("VALARM", "DISPLAY"));
        assert_eq!(text(alarm.one("DESCRIPTION")), text(event.one("SUMMARY")));
        let trigger = alarm.one("TRIGGER").trim_start_matches('-');
        let hours = trigger.strip_prefix("PT").and_then(|rest| rest.strip_suffix('H'));
        assert!(hours.is_some_and(|hours| hours.parse::<u32>().is_ok()), "a duration: {trigger}");
        found.insert(event.one("UID").to_owned(), (from, text(event.one("SUMMARY"))));
    }
    found
}

fn stamp() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 28, 6, 30, 0).single().expect("a time")
}

fn days(file: &str) -> Vec<(u32, String)> {
    use chrono::Datelike;
    let mut all: Vec<(u32, String)> =
        check(file).into_values().map(|(day, says)| (day.day(), says)).collect();
    all.sort();
    all
}

#[test]
fn deadlines_interviews_and_follow_ups_are_days() {
    let mut saved = entry("saved");
    saved.set_deadline(Some(day(20)), day(1), stamp());
    let mut met = at_stage("met", &[(ApplicationState::Applied, 2), (ApplicationState::Interview, 8)]);
    met.set_interview(Some(day(16)), day(8), stamp());
    let mut over = at_stage("over", &[(ApplicationState::Applied, 2), (ApplicationState::Rejected, 9)]);
    over.set_deadline(Some(day(25)), day(1), stamp());
    let file = calendar(&[saved, met, over], &Rules::default(), stamp()).expect("a file");
    let expected = [
        (16, "Interview: Backend Intern at Saffron Labs"),
        (17, "Apply for Backend Intern at Saffron Labs: 20 November 2026 is the last day."),
        (18, "Thank Saffron Labs for the interview for Backend Intern."),
        (20, "Last day to apply: Backend Intern at Saffron Labs"),
    ];
    assert_eq!(
        days(&file),
        expected.map(|(day, says)| (day, says.to_owned())),
        "what is over asks for nothing"
    );
    assert!(file.contains("\r\nURL:https://jobs.lever.co/saffron/1\r\n"));
}

#[test]
fn strangers_text_stays_text() {
    for title in [
        "Intern; C, C++ \\ Rust",
        "END:VEVENT\r\nEND:VCALENDAR",
        "line\nbreak\rand\u{0}bell\u{7}\u{85}",
        "प्रशिक्षु इंजीनियर – बेंगलुरु, जिसका नाम पचहत्तर अक्षरों से बहुत लंबा है",
        "👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻",
        &"x".repeat(1_000),
        &"é".repeat(300),
        " ",
        "",
    ] {
        let address = format!("https://x.example/{title}");
        let mut hostile = Entry::new(title, title, "Firm, Inc.", Some(&address), day(1));
        hostile.set_deadline(Some(day(20)), day(1), stamp());
        let found = check(&calendar(&[hostile], &Rules::default(), stamp()).expect("a file"));
        let shown: String = title
            .replace("\r\n", "\n")
            .replace('\r', "\n")
            .chars()
            .filter(|c| *c == '\n' || !c.is_control())
            .collect();
        let expected = format!("Last day to apply: {shown} at Firm, Inc.");
        assert!(found.values().any(|(_, says)| *says == expected), "{title:?}: {found:?}");
    }
}

#[test]
fn a_file_that_is_read_again_moves_what_was_there() {
    let mut moved = entry("a");
    moved.set_deadline(Some(day(20)), day(1), stamp());
    let first = calendar(std::slice::from_ref(&moved), &Rules::default(), stamp()).expect("a file");
    moved.set_deadline(Some(day(24)), day(2), stamp());
    let second = calendar(std::slice::from_ref(&moved), &Rules::default(), stamp()).expect("a file");
    let names = |file: &str| check(file).into_keys().collect::<HashSet<_>>();
    assert_eq!(names(&first), names(&second), "another name would leave the old day in the calendar");
    let number = |file: &str| read(file).inside[0].one("SEQUENCE").parse::<u32>().expect("a number");
    assert!(number(&second) > number(&first), "a calendar takes the change only with a greater number");
    assert_eq!(calendar(&[], &Rules::default(), stamp()), None, "a calendar without events is no calendar");
    assert_eq!(calendar(&[entry("b")], &Rules::default(), stamp()), None);
}
