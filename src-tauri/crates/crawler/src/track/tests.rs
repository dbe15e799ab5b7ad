//! Applications through their stages, and the table of them.

use chrono::TimeZone;

use super::*;

pub(crate) fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).expect("a date")
}

fn at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 1, 9, 0, 0).single().expect("a time")
}

pub(crate) fn entry(posting: &str) -> Entry {
    let address = Some("https://jobs.lever.co/saffron/1");
    Entry::new(posting, "Backend Intern", "Saffron Labs", address, day(1))
}

pub(crate) fn at_stage(posting: &str, moves: &[(ApplicationState, u32)]) -> Entry {
    let mut entry = entry(posting);
    for (to, on) in moves {
        entry.move_to(*to, day(*on), at()).unwrap_or_else(|no| panic!("{no}"));
    }
    entry
}

#[test]
fn moves_that_there_are() {
    use ApplicationState::{Applied, Interview, Offer, Rejected, Saved, Test, Withdrawn};
    let forward = |from: ApplicationState| -> Vec<ApplicationState> {
        match from {
            Saved => vec![Applied, Withdrawn],
            Applied => vec![Test, Interview, Offer, Rejected, Withdrawn],
            Test => vec![Interview, Offer, Rejected, Withdrawn],
            Interview => vec![Offer, Rejected, Withdrawn],
            Offer => vec![Rejected, Withdrawn],
            Rejected | Withdrawn => vec![],
        }
    };
    for from in ApplicationState::ALL {
        let path: &[(ApplicationState, u32)] = if from == Saved { &[] } else { &[(Applied, 2), (from, 3)] };
        let start = at_stage("a", if from == Applied { &path[..1] } else { path });
        for to in ApplicationState::ALL {
            let mut entry = start.clone();
            let moved = entry.move_to(to, day(9), at());
            let backward = (to as u8) < from as u8 && !(from == Withdrawn && to == Rejected)
                || is_over(from) && to != from;
            let corrects = entry.history().last().map(|line| &line.what)
                == Some(&What::Moved { from, to, correction: true });
            assert_eq!(moved.is_ok(), forward(from).contains(&to) || backward, "{from:?} to {to:?}");
            assert_eq!(
                corrects, backward,
                "{from:?} to {to:?}: what is taken back stays on record as a correction"
            );
            let kept = &entry.history()[..start.history().len()];
            assert_eq!(kept, start.history(), "no line of the history is ever lost");
        }
    }
    let no = entry("a")
        .move_to(ApplicationState::Offer, day(2), at())
        .expect_err("nobody offers without an application");
    assert_eq!(no.to_string(), "There is no way from Saved to Offer. Mark it as applied first.");
}

#[test]
fn follow_ups_come_when_they_are_due_and_go_when_shut() {
    let rules = Rules::default();
    let mut saved = entry("saved");
    saved.set_deadline(Some(day(20)), day(1), at());
    let applied = at_stage("applied", &[(ApplicationState::Applied, 10)]);
    let mut met = at_stage("met", &[(ApplicationState::Applied, 2), (ApplicationState::Interview, 8)]);
    met.set_interview(Some(day(16)), day(8), at());
    let all = [
        saved,
        applied,
        met,
        at_stage("over", &[(ApplicationState::Applied, 2), (ApplicationState::Rejected, 5)]),
    ];
    let on = |entries: &[Entry], rules: &Rules, on: u32| -> Vec<String> {
        due(entries, rules, day(on))
            .into_iter()
            .map(|(e, f)| format!("{} {}", e.posting, f.due.format("%d")))
            .collect()
    };
    assert_eq!(on(&all, &rules, 16), Vec::<String>::new());
    assert_eq!(on(&all, &rules, 17), ["applied 17", "saved 17"]);
    assert_eq!(on(&all, &rules, 18), ["applied 17", "saved 17", "met 18"]);
    assert_eq!(on(&all, &rules, 21), ["applied 17", "met 18"], "the last day to apply is over");
    assert_eq!(on(&all, &Rules { ask: None, ..rules }, 21), ["met 18"], "a rule that is shut says nothing");
    let mut shut = all.clone();
    shut[1].shut(Reminder::Ask, day(17), day(17), at());
    assert_eq!(on(&shut, &rules, 21), ["met 18"]);
    shut[2].shut(Reminder::Thanks, day(18), day(18), at());
    shut[2].set_interview(Some(day(22)), day(19), at());
    assert_eq!(on(&shut, &rules, 24), ["met 24"], "a second interview has its own thanks");
    // A rejection that was none: the employer still has not answered since the tenth.
    let mut wrong = all[1].clone();
    wrong.move_to(ApplicationState::Rejected, day(12), at()).expect("a move");
    wrong.move_to(ApplicationState::Applied, day(13), at()).expect("a correction");
    assert_eq!(on(&[wrong], &rules, 17), ["applied 17"], "a correction is no new application");
}

/// Reads a table by the grammar of RFC 4180, and nothing else.
fn read(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut chars = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        let row = rows.last_mut().expect("a row");
        let cell = row.last_mut().expect("a cell");
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' if quoted => {
                quoted = false;
                assert!(matches!(chars.peek(), Some(',' | '\r')), "text behind a closing quote");
            }
            c if quoted => cell.push(c),
            '"' => {
                assert!(cell.is_empty(), "a quote inside a plain cell");
                quoted = true;
            }
            ',' => row.push(String::new()),
            '\r' => {
                assert_eq!(chars.next(), Some('\n'), "a line ends with both characters");
                rows.push(vec![String::new()]);
            }
            '\n' => panic!("a line feed alone"),
            c => cell.push(c),
        }
    }
    assert!(!quoted, "an open quote");
    assert_eq!(rows.pop(), Some(vec![String::new()]), "the last line ends too");
    rows
}

#[test]
fn a_table_that_a_spreadsheet_can_open() {
    let hostile =
        ["=HYPERLINK(\"http://x.example\",\"pay\")", "+1", "-2+3", "@SUM(1)", "\t=1", " =1", "\r=1", "＝1"];
    for text in hostile {
        let mut entry = Entry::new("a", text, text, None, day(1));
        entry.sent(text, day(2), at());
        let rows = read(&csv(&[entry], &Rules::default()));
        for cell in [0, 1, 11] {
            assert_eq!(rows[1][cell], format!("'{text}"), "a stranger's text must run as no formula");
        }
    }
    let mut full = at_stage("a", &[(ApplicationState::Applied, 2), (ApplicationState::Interview, 8)]);
    full.title = "Intern, \"Maps\"".to_owned();
    full.note("Asked about\nRust", day(3), at());
    full.note("Nice, calm", day(9), at());
    full.sent("Backend", day(2), at());
    let rows = read(&csv(&[full, entry("b")], &Rules::default()));
    let expected = [
        "Saffron Labs",
        "Intern, \"Maps\"",
        "Interview",
        "2026-11-01",
        "2026-11-02",
        "",
        "2026-11-08",
        "",
        "",
        "",
        "2026-11-10",
        "Backend",
        "2026-11-03: Asked about\nRust\n2026-11-09: Nice, calm",
        "https://jobs.lever.co/saffron/1",
    ];
    assert_eq!(rows[1], expected);
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "each line has as many cells as the header");
}

#[test]
fn an_entry_is_stored_as_it_is() {
    let mut entry = at_stage(
        "a",
        &[(ApplicationState::Applied, 2), (ApplicationState::Withdrawn, 3), (ApplicationState::Applied, 4)],
    );
    entry.set_deadline(Some(day(20)), day(1), at());
    entry.set_deadline(Some(day(20)), day(1), at());
    assert_eq!(entry.history().len(), 4, "what changes nothing is no event");
    let stored = serde_json::to_string(&entry).expect("an entry is stored");
    assert_eq!(serde_json::from_str::<Entry>(&stored).expect("and read again"), entry);
}
