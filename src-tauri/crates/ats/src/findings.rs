//! What breaks in a text that could be read: signs, headings, dates, and what is missing.

use crate::contact;
use crate::dates::vague;
use crate::fields::Found;
use crate::line::Line;
use crate::problem::{Kind, Problem};
use crate::section::Parsed;

/// Pages of a student's résumé.
const FEW_PAGES: usize = 2;

/// Lines from which a résumé needs headings.
const SHORT: usize = 8;

/// Signs in a text that mean nothing, or not what they look like.
pub(crate) fn signs(lines: &[Line]) -> Vec<Problem> {
    let icon = |c: char| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}');
    let ligature = |c: char| matches!(c, '\u{FB00}'..='\u{FB06}');
    let broken = |c: char| c == char::REPLACEMENT_CHARACTER || c.is_control() && c != '\t';
    let told = |kind: Kind, sign: &dyn Fn(char) -> bool| {
        let mut hit = lines.iter().map(|line| line.text.trim()).filter(|text| text.contains(sign));
        let first = hit.next()?;
        let rest = match hit.count() {
            0 => String::new(),
            1 => ", and one more line".to_owned(),
            more => format!(", and {more} more lines"),
        };
        Some(Problem::new(kind, &format!("“{first}”{rest}")))
    };
    let all = [told(Kind::Icons, &icon), told(Kind::Ligatures, &ligature), told(Kind::BrokenText, &broken)];
    all.into_iter().flatten().collect()
}

/// The problems of a text and of what was found in it.
pub(crate) fn problems(lines: &[Line], parsed: &Parsed, pages: usize) -> Vec<Problem> {
    let mut all = signs(lines);
    let mut add = |kind: Kind, found: &str| all.push(Problem::new(kind, found));
    if pages > FEW_PAGES {
        add(Kind::ManyPages, &format!("{pages} pages"));
    }
    for heading in &parsed.unusual {
        add(Kind::UnusualHeading, &heading.value);
    }
    if parsed.headings == 0 && lines.len() >= SHORT {
        add(Kind::NoHeadings, "");
    }
    let fields = &parsed.fields;
    let undated = |title: &Option<Found>| {
        let title = title.as_ref()?;
        let below = title.line.and_then(|line| lines.get(line..)).unwrap_or_default();
        let hint = below.iter().take(2).map(|l| l.text.as_str()).find(|text| vague(text));
        Some(hint.map_or_else(|| title.value.clone(), |hint| format!("{}: “{hint}”", title.value)))
    };
    let schools = fields.education.iter().filter(|s| s.dates.is_none()).filter_map(|s| undated(&s.school));
    let jobs = fields.experience.iter().filter(|e| e.dates.is_none()).filter_map(|e| undated(&e.title));
    for title in schools.chain(jobs) {
        add(Kind::UnreadableDate, &title);
    }
    if fields.name.is_none() {
        add(Kind::NoName, "");
    }
    if fields.email.is_none() {
        add(Kind::NoEmail, "");
    }
    // A name beside a number is enough; some students leave the number out on purpose.
    if fields.phone.is_none() && !lines.iter().any(|line| contact::phone(&line.text).is_some()) {
        add(Kind::NoPhone, "");
    }
    all
}
