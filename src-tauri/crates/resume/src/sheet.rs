//! The content of a résumé in reading order, before any format: every writer (Typst, Word, Markdown,
//! text) walks the same sheet, so that all of them say the same in the same order.

use internflow_domain::{Education, Profile, Project, Skill, Template, Work};
use serde::Serialize;

use crate::clean::{address, clean, mail_address, phone_address, shown_address};
use crate::dates::range;
use crate::dress::Dress;
use crate::extra;

/// A whole résumé; all texts are cleaned, single lines.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sheet {
    /// Title of the document for its metadata.
    pub title: String,
    pub name: String,
    pub label: String,
    pub contact: Vec<Part>,
    pub summary: String,
    /// Only sections with content.
    pub sections: Vec<Section>,
}

/// A text with the address it leads to.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Part {
    pub text: String,
    pub url: Option<String>,
}

/// A heading with what stands under it: entries, or lines where one line each is enough.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    pub title: &'static str,
    pub entries: Vec<Entry>,
    pub lines: Vec<Line>,
}

/// A school, a job, a project.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Entry {
    pub title: String,
    pub subtitle: String,
    pub date: String,
    /// Facts beside the dates: degree, place, technologies, address.
    pub meta: Vec<Part>,
    pub text: String,
    pub bullets: Vec<String>,
}

/// "Languages: Rust, Python".
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Line {
    pub label: String,
    pub text: String,
    pub date: String,
    pub url: Option<String>,
}

impl Entry {
    /// Title and subtitle as one text.
    pub fn headline(&self) -> String {
        joined(", ", [&self.title, &self.subtitle])
    }

    /// Dates first, then the other facts.
    pub fn facts(&self) -> Vec<Part> {
        let date = plain(&self.date);
        date.into_iter().chain(self.meta.iter().cloned()).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Lays a profile out in the reading order of a template.
pub fn sheet(profile: &Profile, template: Template) -> Sheet {
    let name = clean(&profile.basics.name);
    let mut sections = vec![
        entries("Education", profile.education.iter().map(education)),
        entries("Experience", profile.work.iter().map(work)),
        entries("Projects", profile.projects.iter().map(project)),
        lines("Skills", profile.skills.iter().map(skill)),
    ];
    sections.extend(extra::sections(&profile.other));
    sections.retain(|s| !s.entries.is_empty() || !s.lines.is_empty());
    let order = Dress::of(template).order;
    sections.sort_by_key(|s| order.iter().position(|title| *title == s.title).unwrap_or(order.len()));
    Sheet {
        title: if name.is_empty() { "Résumé".to_owned() } else { format!("Résumé of {name}") },
        name,
        label: clean(&profile.basics.label),
        contact: contact(profile),
        summary: clean(&profile.basics.summary),
        sections,
    }
}

pub(crate) fn entries(title: &'static str, all: impl Iterator<Item = Entry>) -> Section {
    Section { title, entries: all.filter(|e| !e.is_empty()).collect(), lines: Vec::new() }
}

pub(crate) fn lines(title: &'static str, all: impl Iterator<Item = Line>) -> Section {
    let stated = |l: &Line| !l.label.is_empty() || !l.text.is_empty();
    Section { title, entries: Vec::new(), lines: all.filter(stated).collect() }
}

/// Non-empty texts with a separator between them.
pub(crate) fn joined(separator: &str, parts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let kept: Vec<String> = parts.into_iter().map(|p| clean(p.as_ref())).filter(|p| !p.is_empty()).collect();
    kept.join(separator)
}

pub(crate) fn plain(text: &str) -> Option<Part> {
    let text = clean(text);
    (!text.is_empty()).then_some(Part { text, url: None })
}

pub(crate) fn web(url: &str) -> Option<Part> {
    let text = shown_address(url);
    (!text.is_empty()).then(|| Part { text, url: address(url) })
}

fn contact(profile: &Profile) -> Vec<Part> {
    let basics = &profile.basics;
    let place = joined(", ", [&basics.location.city, &basics.location.region, &basics.location.country_code]);
    let with = |part: Option<Part>, url: Option<String>| part.map(|p| Part { url, ..p });
    let mut parts = vec![
        with(plain(&basics.email), mail_address(&clean(&basics.email))),
        with(plain(&basics.phone), phone_address(&clean(&basics.phone))),
        plain(&place),
        web(&basics.url),
    ];
    for profile in &basics.profiles {
        let named = || plain(&joined(": ", [&profile.network, &profile.username]));
        parts.push(web(&profile.url).or_else(named));
    }
    let mut seen: Vec<Part> = Vec::new();
    for part in parts.into_iter().flatten() {
        // The home page is often listed among the profiles once more.
        if !seen.iter().any(|s| s.text.eq_ignore_ascii_case(&part.text)) {
            seen.push(part);
        }
    }
    seen
}

fn education(e: &Education) -> Entry {
    let degree = joined(", ", [&e.study_type, &e.area]);
    let score = clean(&e.score);
    // A bare number needs a word; "CGPA 8.9" and "94%" speak for themselves.
    let bare = !score.is_empty() && score.chars().all(|c| c.is_ascii_digit() || "./ ".contains(c));
    let score = if bare { format!("Score {score}") } else { score };
    let courses = joined(", ", &e.courses);
    let institution = clean(&e.institution);
    let (title, degree) =
        if institution.is_empty() { (degree, String::new()) } else { (institution, degree) };
    Entry {
        title,
        date: range(&e.start_date, &e.end_date, false),
        meta: [plain(&degree), plain(&score)].into_iter().flatten().collect(),
        text: if courses.is_empty() { courses } else { format!("Coursework: {courses}") },
        ..Entry::default()
    }
}

fn work(w: &Work) -> Entry {
    let (title, subtitle) = titled(&w.position, &w.name);
    Entry {
        title,
        subtitle,
        date: range(&w.start_date, &w.end_date, true),
        meta: [plain(&w.location), web(&w.url)].into_iter().flatten().collect(),
        text: clean(&w.summary),
        bullets: bullets(&w.highlights),
    }
}

fn project(p: &Project) -> Entry {
    Entry {
        title: clean(&p.name),
        date: range(&p.start_date, &p.end_date, false),
        meta: [plain(&joined(", ", &p.keywords)), web(&p.url)].into_iter().flatten().collect(),
        text: clean(&p.description),
        bullets: bullets(&p.highlights),
        ..Entry::default()
    }
}

fn skill(s: &Skill) -> Line {
    Line { label: clean(&s.name), text: joined(", ", &s.keywords), ..Line::default() }
}

/// Position and organisation, or the one of them that is stated.
pub(crate) fn titled(position: &str, organisation: &str) -> (String, String) {
    match (clean(position), clean(organisation)) {
        (position, organisation) if position.is_empty() => (organisation, position),
        both => both,
    }
}

pub(crate) fn bullets(highlights: &[String]) -> Vec<String> {
    highlights.iter().map(|h| clean(h)).filter(|h| !h.is_empty()).collect()
}
