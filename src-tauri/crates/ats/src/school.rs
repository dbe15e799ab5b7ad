//! Schools: which words are the school, which the degree, which the score.

use crate::contact::parts;
use crate::dates::expression;
use crate::entry::{Group, without_dates};
use crate::fields::{Found, School};
use crate::line::Paragraph;

/// A score as written, with its word if it has one.
pub(crate) fn score(text: &str) -> Option<&str> {
    let score = expression!(
        r"(?i)\b(?:c\.?g\.?p\.?a\.?|s?gpa|cpi|spi|score|percentage|percentile|marks|aggregate|grade)\b[\s:–=-]*\(?\d+(?:\.\d+)?(?:\s?/\s?\d+(?:\.\d+)?)?\s?%?|\bgrade\s[A-FOS]\+?(?:\b|$)|\b\d{1,3}(?:\.\d+)?\s?%(?:\s?\([A-Za-z. ]{2,20}\))?|\b\d{1,2}(?:\.\d{1,2})?\s?(?:/\s?10(?:\.0+)?\s?)?(?:c\.?g\.?p\.?a\.?|gpa|cpi)\b|\b\d{1,2}(?:\.\d+)?\s?/\s?(?:10|4|5|100|500|600)(?:\.0+)?\b|^\d{1,2}\.\d{1,3}$"
    );
    score.find(text).map(|m| m.as_str().trim())
}

fn names_a_school(text: &str) -> bool {
    expression!(r"(?i)\b(?:institutes?|universit(?:y|ies)|colleges?|schools?|academy|vidyalayas?|vidya|vidyapeeth|mandir|iit|nit|iiit|bits|iisc|iiser|polytechnic|convent|gurukul|faculty of|campus)\b|(?:विद्यालय|महाविद्यालय|विश्वविद्यालय|கல்லூரி|பல்கலைக்கழகம்)")
        .is_match(text)
}

fn names_a_degree(text: &str) -> bool {
    expression!(r"(?i)\b(?:b\.?\s?tech|m\.?\s?tech|b\.?\s?e|m\.?\s?e|b\.?\s?sc|m\.?\s?sc|b\.?\s?com|b\.?\s?a|m\.?\s?a|bca|mca|bba|mba|b\.?\s?arch|b\.?\s?pharm|b\.?\s?des|ph\.?\s?d|bachelors?|masters?|diploma|degree|integrated|class\s(?:x|xii|10|12|ten|twelve)|x(?:ii)?th|1[02]\s?th|hsc|ssc|cbse|icse|isc|intermediate|matriculation|senior secondary|higher secondary|secondary|10\+2|minor|honou?rs)\b")
        .is_match(text)
}

/// A row of column titles says nothing.
pub(crate) fn is_table_head(paragraph: &Paragraph) -> bool {
    let parts = parts(&paragraph.line.text);
    let title = expression!(
        r"(?i)^(?:degree|qualification|course|examination|exam|class|standard|institut(?:e|ion)|school|college|university|board|year|passing year|year of passing|cgpa|score|marks|percentage|cgpa ?/ ?%|cgpa or %|%|specialization|stream)(?:\s*[/&]\s*\S+)*$"
    );
    parts.len() > 2 && parts.iter().all(|part| title.is_match(part))
}

/// An entry of the education.
pub(crate) fn school(group: &Group<'_>) -> School {
    let mut school = School::default();
    let mut text: Vec<&Paragraph> = Vec::new();
    for (i, paragraph) in group.head.iter().chain(&group.bullets).enumerate() {
        let words = &paragraph.line.text;
        let remark = expression!(
            r"(?i)^(?:relevant |key )?(?:coursework|courses|subjects|electives|activities|thesis|minor in|achievements?|awards?)\b\s*[:–-]"
        );
        // Below the facts stand remarks.
        let told =
            i > 0 && (remark.is_match(words) || i > 1 && school.degree.is_some() && score(words).is_none());
        if told {
            text.push(paragraph);
            continue;
        }
        facts(&mut school, paragraph, i == 0);
    }
    if school.school.is_none() {
        // A degree that names no school stands in its place.
        school.school = school.degree.take();
    }
    school.text = crate::contact::joined(&text);
    school
}

fn facts(school: &mut School, paragraph: &Paragraph, first: bool) {
    let (rest, dates) = without_dates(&paragraph.line.text, paragraph.number);
    school.dates = school.dates.take().or(dates);
    let found = |text: &str| {
        let text = text.trim_matches(|c: char| c.is_whitespace() || ",;|·–—-:".contains(c));
        Some(Found::new(text, paragraph.number)).filter(|f| !f.value.is_empty())
    };
    let all = parts(&rest);
    let pieces: Vec<&str> = match all.as_slice() {
        // One line with everything: "B.Tech, NIT Trichy".
        [one] if names_a_degree(one) && names_a_school(one) => dash_or_comma(one),
        _ => all,
    };
    for piece in pieces {
        let piece = match score(piece).filter(|_| school.score.is_none()) {
            Some(score) => {
                school.score = found(score);
                piece.replacen(score, "", 1)
            }
            None => piece.to_owned(),
        };
        let Some(piece) = found(piece.trim_end_matches(" ()").trim_end_matches(" (")) else { continue };
        let degree = names_a_degree(&piece.value) && !names_a_school(&piece.value);
        if school.school.is_none() && (names_a_school(&piece.value) || first && !degree) {
            school.school = Some(piece);
        } else if school.degree.is_none() && (degree || !first) {
            school.degree = Some(piece);
        } else {
            school.facts.push(piece);
        }
    }
}

/// Parts a line where the school begins.
fn dash_or_comma(text: &str) -> Vec<&str> {
    if let Some(at) = expression!(r"\s[–—-]\s|\sfrom\s|\sat\s").find(text) {
        return vec![&text[..at.start()], &text[at.end()..]];
    }
    let mut from = 0;
    for (at, _) in text.match_indices(", ") {
        if names_a_degree(&text[from..at]) && names_a_school(&text[at..]) {
            return vec![&text[..at], &text[at + 2..]];
        }
        from = at + 2;
    }
    vec![text]
}
