//! The tracker as a table of comma-separated values by RFC 4180, safe to open in a spreadsheet.
//! <https://www.rfc-editor.org/rfc/rfc4180>

use chrono::NaiveDate;
use internflow_domain::ApplicationState;

use super::{Entry, Rules, is_over, name};

const HEADER: [&str; 14] = [
    "Company",
    "Title",
    "Stage",
    "Saved",
    "Applied",
    "Test",
    "Interview",
    "Offer",
    "Over",
    "Last day to apply",
    "Follow up",
    "Résumé",
    "Notes",
    "Address",
];

/// A header and a line an entry, in their order. Days are written as `2026-11-28`.
pub fn csv(entries: &[Entry], rules: &Rules) -> String {
    let mut out = line(&HEADER.map(str::to_owned));
    entries.iter().for_each(|entry| out += &line(&cells(entry, rules)));
    out
}

fn cells(entry: &Entry, rules: &Rules) -> [String; 14] {
    let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    let reached = |stage| day(entry.reached(stage));
    let stage = entry.stage();
    let notes: Vec<String> = entry.notes().map(|(on, text)| format!("{on}: {text}")).collect();
    [
        entry.company.clone(),
        entry.title.clone(),
        name(stage).to_owned(),
        reached(ApplicationState::Saved),
        reached(ApplicationState::Applied),
        reached(ApplicationState::Test),
        day(entry.interview().or_else(|| entry.reached(ApplicationState::Interview))),
        reached(ApplicationState::Offer),
        day(entry.reached(stage).filter(|_| is_over(stage))),
        day(entry.deadline()),
        day(entry.follow_ups(rules).first().map(|follow_up| follow_up.due)),
        entry.resume().unwrap_or_default().to_owned(),
        notes.join("\n"),
        entry.address.clone().unwrap_or_default(),
    ]
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(&defused(cell))).collect();
    cells.join(",") + "\r\n"
}

/// A cell that no spreadsheet takes for a formula: adverts are written by strangers. Spaces before the sign are looked
/// through, since some programs drop them.
fn defused(cell: &str) -> String {
    let sign = cell.trim_start_matches([' ', '\u{a0}', '\u{feff}']).chars().next();
    let formula =
        matches!(sign, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'));
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

fn quoted(cell: &str) -> String {
    match cell.contains(['"', ',', '\r', '\n']) || cell.starts_with(' ') || cell.ends_with(' ') {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    }
}
