//! Markdown (CommonMark), with every special character of the user's words escaped.

use crate::sheet::{Entry, Part, Sheet};

/// The sheet as Markdown, ending with a newline.
pub fn markdown(sheet: &Sheet) -> String {
    let mut blocks = Vec::new();
    if !sheet.name.is_empty() {
        blocks.push(format!("# {}", escape(&sheet.name)));
    }
    blocks.push(paragraph(&sheet.label));
    blocks.push(sheet.contact.iter().map(linked).collect::<Vec<_>>().join(" · "));
    blocks.push(paragraph(&sheet.summary));
    for section in &sheet.sections {
        blocks.push(format!("## {}", escape(section.title)));
        section.entries.iter().for_each(|entry| write_entry(&mut blocks, entry));
        let lines = section.lines.iter().map(|line| {
            let label = (!line.label.is_empty())
                .then(|| format!("**{}**", linked_text(&line.label, line.url.as_deref())));
            let head = [label, (!line.text.is_empty()).then(|| escape(&line.text))];
            let head = head.into_iter().flatten().collect::<Vec<_>>().join(": ");
            let date =
                if line.date.is_empty() { String::new() } else { format!(" · {}", escape(&line.date)) };
            format!("- {head}{date}")
        });
        blocks.push(lines.collect::<Vec<_>>().join("\n"));
    }
    blocks.retain(|b| !b.is_empty());
    blocks.join("\n\n") + "\n"
}

fn write_entry(blocks: &mut Vec<String>, entry: &Entry) {
    if !entry.headline().is_empty() {
        blocks.push(format!("### {}", escape(&entry.headline())));
    }
    blocks.push(entry.facts().iter().map(linked).collect::<Vec<_>>().join(" · "));
    blocks.push(paragraph(&entry.text));
    blocks.push(entry.bullets.iter().map(|b| format!("- {}", paragraph(b))).collect::<Vec<_>>().join("\n"));
}

fn linked(part: &Part) -> String {
    linked_text(&part.text, part.url.as_deref())
}

fn linked_text(text: &str, url: Option<&str>) -> String {
    match url {
        // Addresses are percent-encoded, so that nothing in them can close the angle brackets.
        Some(url) => format!("[{}](<{url}>)", escape(text)),
        None => paragraph(text),
    }
}

/// Escaped text that also cannot begin a heading, list, quotation or rule.
pub(crate) fn paragraph(text: &str) -> String {
    let text = escape(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let after = text.as_bytes().get(digits + 1).unwrap_or(&b' ');
    match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 && *after == b' ' => {
            format!("{}\\{}", &text[..digits], &text[digits..])
        }
        Some(b'#' | b'+' | b'-' | b'=') if digits == 0 => format!("\\{text}"),
        _ => text,
    }
}

pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_[]<>|~&$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    // A closing run of number signs would vanish from a heading.
    match out.strip_suffix('#') {
        Some(rest) => format!("{rest}\\#"),
        None => out,
    }
}

#[cfg(test)]
mod tests {
    use internflow_domain::Template;

    use super::*;
    use crate::samples;

    #[test]
    fn words_are_never_markup() {
        let cases = [
            ("*bold* _it_ `code`", r"\*bold\* \_it\_ \`code\`"),
            ("<script>", r"\<script\>"),
            ("[a](b)", r"\[a\](b)"),
            ("# not a heading", r"\# not a heading"),
            ("1. not a list", r"1\. not a list"),
            ("94.2%", "94.2%"),
            ("- no bullet", r"\- no bullet"),
            ("C#", r"C\#"),
            ("", ""),
        ];
        for (given, wanted) in cases {
            assert_eq!(paragraph(given), wanted, "{given:?} must show as typed");
        }
    }

    #[test]
    fn structure_and_order() {
        let text = markdown(&crate::sheet::sheet(&samples::student(), Template::default()));
        samples::assert_order(&text.to_lowercase(), &samples::READING_ORDER);
        assert!(text.contains("\n\n### tidewater\n\n"), "a project is a heading of its own:\n{text}");
        assert!(text.contains("](<https://github.com/asharao/tidewater>)"), "links stay live:\n{text}");
    }
}
