//! Deadlines, interviews and follow-ups as an iCalendar file. <https://www.rfc-editor.org/rfc/rfc5545>
//!
//! Follow-ups are events of a whole day and not tasks (`VTODO`): the calendars that students have, Google's first among
//! them, leave tasks out when they read a file. Each event keeps its name, and its number grows with the entry's
//! history, so a file that is read again moves what was there and adds nothing twice.

use chrono::{DateTime, Days, NaiveDate, Utc};
use internflow_domain::ApplicationState;

use crate::posting::hashed;
use crate::track::{Entry, Reminder, Rules, is_over};

/// Octets of a line without its end.
const LINE: usize = 75;

/// An event of one day.
struct Event<'e> {
    entry: &'e Entry,
    /// What keeps it apart from the other events of its entry.
    kind: &'static str,
    day: NaiveDate,
    summary: String,
    /// When the alarm goes off, from the begin of the day.
    alarm: &'static str,
}

/// The file, or `None` where there is nothing to write: a calendar without an event is none. `stamp` is the time of
/// writing it.
pub fn calendar(entries: &[Entry], rules: &Rules, stamp: DateTime<Utc>) -> Option<String> {
    let events: Vec<Event<'_>> = entries.iter().flat_map(|entry| events(entry, rules)).collect();
    if events.is_empty() {
        return None;
    }
    let mut out = String::new();
    for text in
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//InternFlow//Applications//EN", "CALSCALE:GREGORIAN"]
    {
        write(&mut out, text);
    }
    events.iter().for_each(|event| add(&mut out, event, stamp));
    write(&mut out, "END:VCALENDAR");
    Some(out)
}

fn events<'e>(entry: &'e Entry, rules: &Rules) -> Vec<Event<'e>> {
    let Entry { title, company, .. } = entry;
    let stage = entry.stage();
    let of = |kind, day: Option<NaiveDate>, summary, alarm| {
        day.map(|day| Event { entry, kind, day, summary, alarm })
    };
    // Nine in the morning of the day before, and of the day.
    let (before, morning) = ("-PT15H", "PT9H");
    let deadline = entry.deadline().filter(|_| stage == ApplicationState::Saved);
    let interview = entry.interview().filter(|_| !is_over(stage));
    let mut all = vec![
        of("deadline", deadline, format!("Last day to apply: {title} at {company}"), before),
        of("interview", interview, format!("Interview: {title} at {company}"), before),
    ];
    for follow_up in entry.follow_ups(rules) {
        let kind = match follow_up.reminder {
            Reminder::Ask => "ask",
            Reminder::Thanks => "thanks",
            Reminder::Apply => "apply",
        };
        all.push(of(kind, Some(follow_up.due), follow_up.says, morning));
    }
    all.into_iter().flatten().collect()
}

fn add(out: &mut String, event: &Event<'_>, stamp: DateTime<Utc>) {
    let day = |day: NaiveDate| day.format("%Y%m%d").to_string();
    // The last day that there is has no next one; then the event ends where its default does.
    let end = event.day.checked_add_days(Days::new(1));
    let web = |address: &&String| {
        (address.starts_with("https://") || address.starts_with("http://"))
            && address.chars().all(|c| c.is_ascii_graphic())
    };
    let summary = escaped(&event.summary);
    let mut lines = vec![
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@internflow", hashed(&[&event.entry.posting, event.kind])),
        format!("DTSTAMP:{}", stamp.format("%Y%m%dT%H%M%SZ")),
        format!("SEQUENCE:{}", event.entry.history().len()),
        format!("DTSTART;VALUE=DATE:{}", day(event.day)),
    ];
    lines.extend(end.map(|end| format!("DTEND;VALUE=DATE:{}", day(end))));
    lines.push(format!("SUMMARY:{summary}"));
    lines.extend(event.entry.address.as_ref().filter(web).map(|address| format!("URL:{address}")));
    // Nobody is busy for a whole day because a date ends on it.
    lines.push("TRANSP:TRANSPARENT".to_owned());
    lines.extend(["BEGIN:VALARM", "ACTION:DISPLAY"].map(str::to_owned));
    lines.push(format!("DESCRIPTION:{summary}"));
    lines.push(format!("TRIGGER:{}", event.alarm));
    lines.extend(["END:VALARM", "END:VEVENT"].map(str::to_owned));
    lines.iter().for_each(|line| write(out, line));
}

/// A value of the type TEXT. Control characters have no way to be written and are dropped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' | '\r' => out.push_str("\\n"),
            c if c.is_control() && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}

/// Adds a line, folded: what follows a fold begins with a space, which counts.
fn write(out: &mut String, line: &str) {
    let mut room = LINE;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE - 1;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests;
