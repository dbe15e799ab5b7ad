//! Entries of a section: which paragraphs belong to one job, project or school, and what each of them says.

use crate::contact::{is_link, parts};
use crate::dates::{self, expression};
use crate::fields::{Dates, Entry, Found};
use crate::line::Paragraph;

/// A heading line with what stands under it.
#[derive(Debug, Default)]
pub(crate) struct Group<'a> {
    pub head: Vec<&'a Paragraph>,
    pub bullets: Vec<&'a Paragraph>,
}

/// Whose parts are read: they differ in what follows the title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Job,
    Project,
}

/// Parts the paragraphs of a section into entries.
pub(crate) fn groups(section: &[Paragraph]) -> Vec<Group<'_>> {
    // A list without titles: each item is an entry.
    if section.iter().all(Paragraph::item) {
        return section.iter().map(|item| Group { head: vec![item], bullets: Vec::new() }).collect();
    }
    let styled = section.iter().any(|p| p.line.heading.is_some_and(|level| level > 1));
    let mut all: Vec<Group<'_>> = Vec::new();
    for (i, paragraph) in section.iter().enumerate() {
        let Some(group) = all.last_mut() else {
            all.push(Group::default());
            push(&mut all, paragraph);
            continue;
        };
        let new = !paragraph.item()
            && if styled {
                paragraph.line.heading.is_some()
            } else {
                let dated =
                    |p: &Paragraph| dates::find(&p.line.text[name_with_year(&p.line.text)..]).is_some();
                let next_dated =
                    section.get(i + 1).is_some_and(|next| !next.line.gap && !next.item() && dated(next));
                let has_date = group.head.iter().any(|p| dated(p));
                let bold = |p: &Paragraph| p.line.bold > 0;
                !group.bullets.is_empty()
                    || paragraph.line.gap && !paragraph.line.quiet
                    || has_date && (dated(paragraph) || next_dated)
                    || bold(paragraph) && group.head.len() > 1 && !group.head.last().is_some_and(|p| bold(p))
            };
        if new {
            all.push(Group::default());
        }
        push(&mut all, paragraph);
    }
    all
}

fn push<'a>(all: &mut [Group<'a>], paragraph: &'a Paragraph) {
    if let Some(group) = all.last_mut() {
        if paragraph.item() { group.bullets.push(paragraph) } else { group.head.push(paragraph) }
    }
}

/// A job, project or position.
pub(crate) fn entry(group: &Group<'_>, sort: Sort) -> Entry {
    let mut entry = Entry {
        bullets: group.bullets.iter().map(|p| Found::new(p.line.text.replace('\t', " "), p.number)).collect(),
        ..Entry::default()
    };
    let mut text: Vec<&Paragraph> = Vec::new();
    for (i, paragraph) in group.head.iter().enumerate() {
        let organisation_open = sort == Sort::Job && entry.organisation.is_none() && i == 1;
        if i == 0 {
            title(&mut entry, paragraph, sort);
        } else if text.is_empty() && (is_facts(&paragraph.line.text) || paragraph.line.quiet) {
            let open = organisation_open && !paragraph.line.quiet && !group.head[0].line.text.contains(',');
            facts(&mut entry, paragraph, open);
        } else if text.is_empty() && sort == Sort::Project && i == 1 && is_list(&paragraph.line.text) {
            facts(&mut entry, paragraph, false);
        } else if text.is_empty() && organisation_open && is_name(&paragraph.line.text) {
            facts(&mut entry, paragraph, true);
        } else {
            text.push(paragraph);
        }
    }
    entry.text = crate::contact::joined(&text);
    entry
}

/// Takes the dates out of a text. What is left has no separators at its ends.
pub(crate) fn without_dates(text: &str, number: usize) -> (String, Option<Dates>) {
    match dates::find(text) {
        Some(spot) => {
            let rest = format!("{}\t{}", &text[..spot.range.start], &text[spot.range.end..]);
            let rest = expression!(r"(?i)\b(?:expected|graduating|graduation|since|from|duration|batch|year)\b\s*:?\s*(?:in|of)?\s*\t")
                .replace(&rest, "\t")
                .into_owned();
            (trimmed(&rest).to_owned(), Some(Dates { line: Some(number), ..spot.dates }))
        }
        None => (trimmed(text).to_owned(), None),
    }
}

/// Where a name ends that has a year at its end, "Smart India Hackathon 2024"; 0 where the text begins with no such. A
/// bare year that goes on from a word and ends the line or its left part is one.
fn name_with_year(text: &str) -> usize {
    let Some(spot) = dates::find(text) else { return 0 };
    let (before, after) = (&text[..spot.range.start], &text[spot.range.end..]);
    let word = before.strip_suffix(' ').and_then(|before| before.chars().next_back());
    let ends = after.trim().is_empty() || after.starts_with('\t');
    if spot.range.len() == 4 && ends && word.is_some_and(char::is_alphabetic) { spot.range.end } else { 0 }
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ",;|·•–—-:".contains(c)).trim_end_matches(" (").trim()
}

/// A line of facts: dates, links, or several short parts.
fn is_facts(text: &str) -> bool {
    let parts = parts(text);
    let short = parts.iter().all(|part| part.chars().count() <= 200);
    let dated = dates::find(text).is_some_and(|spot| text.len() - spot.range.len() < 60);
    short && (parts.len() > 1 || is_link(text)) || dated
}

/// A few words that may name an organisation.
fn is_name(text: &str) -> bool {
    text.chars().count() <= 60
        && !text.ends_with(['.', ':', ';'])
        && text.chars().next().is_some_and(char::is_uppercase)
}

/// Technologies: "Python, FastAPI". A sentence has longer parts, or begins small.
fn is_list(text: &str) -> bool {
    let parts: Vec<&str> = text.split(", ").collect();
    let longest = if parts.len() > 1 { 3 } else { 2 };
    !text.ends_with(['.', ':', '!', '?'])
        && parts.iter().all(|part| {
            part.split_whitespace().count() <= longest && part.chars().next().is_some_and(char::is_uppercase)
        })
}

fn facts(entry: &mut Entry, paragraph: &Paragraph, organisation: bool) {
    let (rest, dates) = without_dates(&paragraph.line.text, paragraph.number);
    if entry.dates.is_none() {
        entry.dates = dates;
    }
    for (i, part) in parts(&rest).into_iter().enumerate() {
        let found = Found::new(trimmed(part), paragraph.number);
        if is_link(part) {
            entry.links.push(found);
        } else if organisation && i == 0 {
            entry.organisation = Some(found);
        } else if !found.value.is_empty() {
            entry.facts.push(found);
        }
    }
}

fn title(entry: &mut Entry, paragraph: &Paragraph, sort: Sort) {
    let line = &paragraph.line;
    let (name, behind) = line.text.split_at(name_with_year(&line.text));
    let (behind, dates) = without_dates(behind, paragraph.number);
    let rest = if name.is_empty() { behind } else { format!("{}\t{behind}", trimmed(name)) };
    entry.dates = dates;
    let found =
        |text: &str| Some(Found::new(trimmed(text), paragraph.number)).filter(|f| !f.value.is_empty());
    // The title is set bold and what follows is not.
    let bold =
        line.text.get(..line.bold).map(trimmed).filter(|bold| !bold.is_empty() && rest.starts_with(*bold));
    let (first, tail) = match bold {
        Some(bold) if bold.len() < rest.len() => (bold, &rest[bold.len()..]),
        _ => split(&rest, sort),
    };
    entry.title = found(first);
    let tail = trimmed(tail);
    let tail = tail.strip_prefix("at ").or_else(|| tail.strip_prefix("@ ")).unwrap_or(tail);
    let mut tail_parts = parts(tail).into_iter().filter(|part| !trimmed(part).is_empty());
    if sort == Sort::Job {
        entry.organisation = tail_parts.next().and_then(found);
    }
    for part in tail_parts {
        if is_link(part) { entry.links.extend(found(part)) } else { entry.facts.extend(found(part)) }
    }
}

/// Title and what follows it, by separators alone.
fn split(text: &str, sort: Sort) -> (&str, &str) {
    if let Some(at) = expression!(r"\t|\s[|·•]\s").find(text) {
        return (&text[..at.start()], &text[at.end()..]);
    }
    if sort == Sort::Project {
        return (text, "");
    }
    if let Some(at) = expression!(r"\s[–—-]\s|\s@\s|\sat\s").find(text) {
        return (&text[..at.start()], &text[at.end()..]);
    }
    at_comma(text)
}

/// "Backend Intern, Ledgerly Payments": the title goes as far as the last part that names a role.
fn at_comma(text: &str) -> (&str, &str) {
    let role = expression!(
        r"(?i)\b(?:interns?|internship|trainee|engineer|developer|analyst|designer|lead|head|member|manager|coordinator|co-?ordinator|president|secretary|captain|volunteer|assistant|researcher|scientist|associate|fellow|tutor|mentor|founder|contributor|ambassador|consultant|freelancer|apprentice|executive|organi[sz]er|representative|treasurer|editor|sde|tester|administrator|architect|instructor|student|chair(?:person|man)?|director|officer|specialist|programmer)\b"
    );
    let form =
        expression!(r"(?i)^(?:(?:pvt|private)\.?\s)?(?:inc|ltd|limited|llc|llp|corp|gmbh|co|pvt ltd)\.?$");
    let all: Vec<usize> = text.match_indices(", ").map(|(at, _)| at).collect();
    let commas: Vec<usize> = all.iter().copied().filter(|at| !form.is_match(&text[at + 2..])).collect();
    // A name with its legal form is a firm, and all before it is the title.
    if let (Some(last), true) = (commas.last(), commas.len() < all.len()) {
        return (&text[..*last], &text[last + 2..]);
    }
    let mut from = 0;
    let mut end = commas.first().copied();
    for at in &commas {
        if role.is_match(&text[from..*at]) {
            end = Some(*at);
        }
        from = *at + 2;
    }
    end.map_or((text, ""), |at| (&text[..at], &text[at + 2..]))
}
