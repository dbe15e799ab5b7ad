//! Plain text for application forms and tracking systems: 80 columns, one column, ASCII structure.

use crate::sheet::{Entry, Line, Part, Sheet, joined};

const COLUMNS: usize = 80;

/// The sheet as plain text, ending with a newline.
pub fn text(sheet: &Sheet) -> String {
    let mut out = String::new();
    for line in [&sheet.name, &sheet.label] {
        wrap(&mut out, line, "", "");
    }
    for part in &sheet.contact {
        wrap(&mut out, &part.text, "", "");
    }
    if !sheet.summary.is_empty() {
        out.push('\n');
        wrap(&mut out, &sheet.summary, "", "");
    }
    for section in &sheet.sections {
        out.push('\n');
        wrap(&mut out, &section.title.to_uppercase(), "", "");
        for (i, entry) in section.entries.iter().enumerate() {
            if i > 0 {
                out.push('\n');
            }
            write_entry(&mut out, entry);
        }
        for line in &section.lines {
            wrap(&mut out, &one_line(line), "", "  ");
        }
    }
    out.trim_start().to_owned()
}

fn write_entry(out: &mut String, entry: &Entry) {
    wrap(out, &entry.headline(), "", "");
    wrap(out, &facts(&entry.facts()), "", "");
    wrap(out, &entry.text, "", "");
    for bullet in &entry.bullets {
        wrap(out, bullet, "- ", "  ");
    }
}

fn facts(parts: &[Part]) -> String {
    joined(" | ", parts.iter().map(|p| &p.text))
}

fn one_line(line: &Line) -> String {
    joined(" | ", [joined(": ", [&line.label, &line.text]), line.date.clone()])
}

/// Appends `text` in lines of at most 80 characters; a longer word stands on a line of its own.
fn wrap(out: &mut String, text: &str, first: &str, rest: &str) {
    let mut width = 0;
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let length = word.chars().count();
        if width > 0 && width + 1 + length <= COLUMNS {
            out.push(' ');
            width += 1;
        } else {
            let indent = if width > 0 { rest } else { first };
            if width > 0 {
                out.push('\n');
            }
            out.push_str(indent);
            width = indent.chars().count();
        }
        out.push_str(word);
        width += length;
    }
    if width > 0 {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use internflow_domain::Template;

    use super::*;
    use crate::samples;

    #[test]
    fn eighty_columns_without_cut_words() {
        let mut profile = samples::student();
        let long = "x".repeat(120);
        profile.projects[0].highlights.push(format!("before {long} after"));
        let text = text(&crate::sheet::sheet(&profile, Template::default()));
        assert!(
            text.contains(&format!("\n  {long}\n  after\n")),
            "a long word stays whole on its own line:\n{text}"
        );
        for line in text.lines().filter(|l| !l.contains(&long)) {
            assert!(
                line.chars().count() <= 80 && line == line.trim_end(),
                "{line:?} is over 80 columns or ragged"
            );
        }
        assert!(text.starts_with("Asha Rao\nB.Tech"), "name and label come first:\n{text}");
        samples::assert_order(&text.to_lowercase(), &samples::READING_ORDER);
    }
}
