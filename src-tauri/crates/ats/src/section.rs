//! The section parser: from lines to fields. It knows no file format.

use std::ops::Range;

use crate::contact;
use crate::dates::expression;
use crate::entry::{Sort, entry, groups};
use crate::fields::{Fields, Found};
use crate::heading::{Looks, Role, Section};
use crate::line::{Line, Paragraph, paragraphs};
use crate::school;

/// What the parser got, and the headings that it did not know.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub fields: Fields,
    /// Headings that systems know.
    pub headings: usize,
    pub unusual: Vec<Found>,
}

/// Reads the fields of a document.
pub(crate) fn parse(lines: &[Line]) -> Parsed {
    let all = paragraphs(lines);
    let looks = Looks::of(&all);
    let roles: Vec<Role> = all.iter().map(|p| looks.role(p)).collect();
    let mut parsed = Parsed::default();
    let first = roles.iter().position(|role| matches!(role, Role::Heading(_))).unwrap_or(all.len());
    let mut sections: Vec<(Section, Range<usize>)> = Vec::new();
    let mut open = None;
    for (i, role) in roles.iter().enumerate().skip(first) {
        match role {
            Role::Text => continue,
            Role::Heading(section) => {
                parsed.headings += 1;
                close(&mut sections, open.replace((*section, i + 1)), i);
            }
            Role::Unusual => {
                parsed.unusual.push(Found::new(&*all[i].line.text, all[i].number));
                close(&mut sections, open.take(), i);
            }
        }
    }
    close(&mut sections, open, all.len());
    for (section, range) in sections {
        read(section, &all[range], &mut parsed.fields);
    }
    contact::read(&all[..first], &mut parsed.fields);
    let fields = &mut parsed.fields;
    // A system looks for mail and phone everywhere.
    let anywhere = |find: fn(&str) -> Option<&str>| {
        all.iter().find_map(|p| find(&p.line.text).map(|text| Found::new(text, p.number)))
    };
    fields.email = fields.email.take().or_else(|| anywhere(contact::email));
    fields.phone = fields.phone.take().or_else(|| anywhere(contact::phone));
    parsed
}

fn close(sections: &mut Vec<(Section, Range<usize>)>, open: Option<(Section, usize)>, end: usize) {
    sections.extend(open.map(|(section, start)| (section, start..end)));
}

fn read(section: Section, all: &[Paragraph], fields: &mut Fields) {
    let entries = |sort| groups(all).iter().map(|group| entry(group, sort)).collect::<Vec<_>>();
    let lines = || all.iter().map(whole);
    match section {
        Section::Summary => fields.summary = contact::joined(&all.iter().collect::<Vec<_>>()),
        Section::Education => {
            let rows: Vec<Paragraph> = all.iter().filter(|p| !school::is_table_head(p)).cloned().collect();
            fields.education.extend(groups(&rows).iter().map(school::school));
        }
        Section::Experience => fields.experience.extend(entries(Sort::Job)),
        Section::Projects => fields.projects.extend(entries(Sort::Project)),
        Section::Responsibility => fields.responsibility.extend(entries(Sort::Job)),
        Section::Skills => fields.skills.extend(all.iter().flat_map(skills)),
        Section::Achievements => fields.achievements.extend(lines()),
        Section::Certifications => fields.certifications.extend(lines()),
        Section::Publications => fields.publications.extend(lines()),
        Section::Languages => fields.languages.extend(lines()),
        Section::Interests => fields.interests.extend(lines()),
        Section::Contact => contact::reach(all, fields),
        Section::Aside => {}
    }
}

fn whole(paragraph: &Paragraph) -> Found {
    Found::new(paragraph.line.text.replace('\t', " "), paragraph.number)
}

/// The skills of a line, without the name of their group.
fn skills(paragraph: &Paragraph) -> Vec<Found> {
    let text = paragraph.line.text.replace('\t', ", ");
    let label = expression!(r"^[^:,;]{1,40}\s?:\s*,?\s*");
    split_skills(&label.replace(&text, ""))
        .into_iter()
        .map(|skill| Found::new(skill, paragraph.number))
        .collect()
}

/// Parts at commas and signs that are not in brackets.
pub(crate) fn split_skills(text: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match all.last_mut() {
            Some(last) if depth > 0 || !matches!(c, ',' | ';' | '|' | '•' | '·') => last.push(c),
            _ => all.push(String::new()),
        }
    }
    all.iter().map(|s| s.trim().trim_end_matches('.').to_owned()).filter(|s| !s.is_empty()).collect()
}
