//! Headings: which line begins a section, and what the section holds.

use crate::dates::expression;
use crate::line::Paragraph;

/// What a section holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Summary,
    Education,
    Experience,
    Projects,
    Responsibility,
    Skills,
    Achievements,
    Certifications,
    Publications,
    Languages,
    Interests,
    /// Contact data under a heading of its own.
    Contact,
    /// A name that systems know and whose content goes into no field: references, declaration.
    Aside,
}

/// Names of sections, in lower case, without "and", signs and digits.
const NAMES: &[(Section, &str)] = &[
    (
        Section::Summary,
        "summary, professional summary, career summary, profile, profile summary, about, about me, \
         objective, career objective, executive summary, personal statement, professional profile",
    ),
    (
        Section::Education,
        "education, education details, educational qualifications, educational qualification, educational \
         background, education background, academics, academic details, academic qualifications, academic \
         qualification, academic background, academic profile, academic record, qualifications, education \
         training, scholastic record",
    ),
    (
        Section::Experience,
        "experience, work experience, professional experience, work history, employment, employment \
         history, internships, internship, internship experience, internships experience, experience \
         internships, industry experience, industrial experience, relevant experience, career history, \
         work, research experience, industrial training, training, trainings, training internships, \
         internships training, teaching experience",
    ),
    (
        Section::Projects,
        "projects, project, academic projects, personal projects, key projects, technical projects, \
         project work, project experience, projects experience, selected projects, side projects, major \
         projects, minor projects, open source, open source contributions, course projects, research \
         projects, projects undertaken",
    ),
    (
        Section::Responsibility,
        "positions of responsibility, position of responsibility, positions responsibility, leadership, \
         leadership experience, responsibilities, volunteering, volunteer experience, volunteer work, \
         volunteer, extracurricular activities, extra curricular activities, extracurriculars, extra \
         curriculars, co curricular activities, activities, leadership activities, extracurricular, por, \
         clubs, leadership extracurricular, community service",
    ),
    (
        Section::Skills,
        "skills, technical skills, key skills, skill set, skillset, core skills, core competencies, \
         technologies, technical expertise, technical proficiency, computer skills, it skills, tools \
         technologies, skills tools, programming skills, skills summary, technical skills tools, areas of \
         expertise, tech stack, professional skills, software skills, soft skills, programming languages, \
         technical summary, skills abilities",
    ),
    (
        Section::Achievements,
        "achievements, awards, honors, honours, awards achievements, achievements awards, honors awards, \
         honours awards, awards honors, awards honours, scholastic achievements, academic achievements, \
         accomplishments, key achievements, awards recognition, recognition, scholarships, honors \
         achievements, competitive programming, achievements certifications, awards certifications",
    ),
    (
        Section::Certifications,
        "certifications, certification, certificates, courses, licenses certifications, licences \
         certifications, courses certifications, certifications courses, online courses, professional \
         certifications, certifications training, relevant coursework, coursework, moocs, certifications \
         achievements",
    ),
    (
        Section::Publications,
        "publications, papers, research publications, patents, publications patents, research papers, \
         research",
    ),
    (Section::Languages, "languages, languages known, language proficiency, language"),
    (
        Section::Interests,
        "interests, hobbies, hobbies interests, interests hobbies, personal interests, areas of interest, \
         area of interest, fields of interest",
    ),
    (
        Section::Contact,
        "contact, contact details, contact information, contact me, personal details, personal \
         information, personal profile, links, online profiles, profiles, coding profiles, social links",
    ),
    (
        Section::Aside,
        "references, declaration, referees, strengths, additional information, miscellaneous, others, \
         other",
    ),
];

/// The section that a line with this text begins.
pub(crate) fn named(text: &str) -> Option<Section> {
    if text.chars().count() > 60 || text.contains('\t') || text.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let words: String = text
        .chars()
        .map(|c| if c.is_alphabetic() { c.to_lowercase().next().unwrap_or(c) } else { ' ' })
        .collect();
    let words: Vec<&str> = words.split_whitespace().filter(|w| *w != "and").collect();
    // Letters set apart: "E D U C A T I O N".
    let spaced = words.len() > 3 && words.iter().all(|w| w.chars().count() == 1);
    let name = words.join(if spaced { "" } else { " " });
    let known = NAMES
        .iter()
        .find(|(_, names)| names.split(", ").any(|known| known == name))
        .map(|(section, _)| *section);
    known.filter(|_| !text.trim_end().ends_with(['.', ',']) && !text.contains(['(', '|']))
}

/// What a paragraph is among headings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Role {
    Heading(Section),
    /// Looks like the headings of the document and has no name that a system knows.
    Unusual,
    Text,
}

/// How the headings of a document look, learned from those with a known name.
pub(crate) struct Looks {
    sizes: Vec<f32>,
    capitals: bool,
    body: f32,
    styled: bool,
}

impl Looks {
    pub(crate) fn of(paragraphs: &[Paragraph]) -> Self {
        let known: Vec<&Paragraph> =
            paragraphs.iter().filter(|p| !p.item() && named(&p.line.text).is_some()).collect();
        let mut sizes: Vec<f32> = paragraphs.iter().map(|p| p.line.size).filter(|s| *s > 0.0).collect();
        sizes.sort_by(f32::total_cmp);
        Self {
            sizes: known.iter().map(|p| p.line.size).filter(|s| *s > 0.0).collect(),
            capitals: !known.is_empty() && known.iter().all(|p| capital(&p.line.text)),
            body: sizes.get(sizes.len() / 2).copied().unwrap_or_default(),
            styled: known.iter().any(|p| p.line.heading == Some(1)),
        }
    }

    pub(crate) fn role(&self, paragraph: &Paragraph) -> Role {
        let line = &paragraph.line;
        if paragraph.item() || line.heading == Some(0) {
            return Role::Text;
        }
        // Where Word's headings are used, a word in a lower style is no heading of a section.
        let lower = self.styled && line.heading != Some(1);
        if let Some(section) =
            named(&line.text).filter(|_| !lower || line.heading.is_none() && capital(&line.text))
        {
            return Role::Heading(section);
        }
        let short = line.text.split_whitespace().count() <= 5 && line.text.chars().count() <= 45;
        let worded =
            !line.text.contains(['\t', '@', '|', '·', ',', '/']) && !expression!(r"\d").is_match(&line.text);
        if !short || !worded || self.sizes.is_empty() && !self.capitals && !self.styled {
            return Role::Text;
        }
        let sized = self.sizes.iter().any(|s| (s - line.size).abs() < 0.1) && line.size > 1.04 * self.body;
        let unusual = if self.styled {
            line.heading == Some(1)
        } else if sized {
            line.gap && (!self.capitals || capital(&line.text))
        } else {
            line.size == 0.0 && self.capitals && capital(&line.text) && line.gap
        };
        if unusual { Role::Unusual } else { Role::Text }
    }
}

fn capital(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_in_every_dress() {
        for (text, section) in [
            ("EDUCATION", Section::Education),
            ("Work Experience:", Section::Experience),
            ("Awards & Achievements", Section::Achievements),
            ("P R O J E C T S", Section::Projects),
            ("Positions of Responsibility", Section::Responsibility),
            ("— Technical Skills —", Section::Skills),
        ] {
            assert_eq!(named(text), Some(section), "{text:?} is a heading that systems know");
        }
        for text in ["Languages: Rust, Python", "My Journey", "Experience with Rust.", ""] {
            assert_eq!(named(text), None, "{text:?} begins no section");
        }
    }
}
