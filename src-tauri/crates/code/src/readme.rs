//! What a README says first about its project.

use std::sync::LazyLock;

use regex::Regex;

/// Bytes of a paragraph that is shown; it ends at a sentence where it can.
const LONGEST: usize = 600;
/// Shorter lines are labels.
const SHORTEST: usize = 20;

/// The first paragraph of a README in Markdown, reStructuredText or plain text that is prose, with its line
/// (from 1). Titles, badges, pictures, lists, tables, code and comments are passed over.
pub fn first_paragraph(text: &str) -> Option<(String, u32)> {
    let mut paragraph: Vec<&str> = Vec::new();
    let mut start = 0;
    let mut fence: Option<&str> = None;
    let mut comment = false;
    for (line, number) in text.lines().chain([""]).zip(1..) {
        let bare = line.trim();
        if let Some(end) = fence {
            fence = (!bare.starts_with(end)).then_some(end);
            continue;
        }
        if comment {
            comment = !bare.contains("-->");
            continue;
        }
        if paragraph.is_empty() {
            fence = ["```", "~~~"].into_iter().find(|fence| bare.starts_with(fence));
            comment = bare.starts_with("<!--") && !bare.contains("-->");
            if fence.is_some() || comment || !begins_prose(line) {
                continue;
            }
            start = number;
        } else if is_underline(bare) {
            // What stood above the line was a title.
            paragraph.clear();
            continue;
        }
        if !bare.is_empty() && !bare.starts_with('#') && !bare.starts_with("```") {
            paragraph.push(bare);
            continue;
        }
        let prose = plain(&paragraph.join(" "));
        if prose.len() >= SHORTEST && prose.contains(' ') {
            return Some((shortened(&prose), start));
        }
        paragraph.clear();
    }
    None
}

/// A line with which a paragraph may begin.
fn begins_prose(line: &str) -> bool {
    let bare = line.trim();
    let is_code = line.starts_with("    ") || line.starts_with('\t');
    let is_mark = bare.starts_with(['#', '<', '|', '>', '=', '+', '!', ':', '-', '*', '.'])
        && !bare.starts_with("**")
        && !bare.starts_with("<b>")
        && !bare.starts_with("<p>");
    let is_badge = bare.starts_with("[![") || bare.starts_with("[!");
    !(bare.is_empty() || is_code || is_mark || is_badge || is_underline(bare))
}

/// `=====` or `-----` below a title.
fn is_underline(bare: &str) -> bool {
    let mut letters = bare.chars();
    letters
        .next()
        .is_some_and(|first| "=-~^\"'`*+#".contains(first) && bare.len() > 2 && letters.all(|c| c == first))
}

/// Words without the marks of Markdown, reStructuredText and HTML.
fn plain(text: &str) -> String {
    static MARKS: LazyLock<[(Regex, &str); 5]> = LazyLock::new(|| {
        [
            (r"!\[[^\]]*\]\([^)]*\)", ""),
            (r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])", "$1"),
            (r"`([^`<]+?)\s*<[^>`]*>`__?", "$1"),
            (r"</?[A-Za-z][^>]*>", ""),
            (r"\*\*|__|`", ""),
        ]
        .map(|(pattern, with)| {
            (
                Regex::new(pattern).expect("the pattern is part of the program and is compiled by the tests"),
                with,
            )
        })
    });
    let plain =
        MARKS.iter().fold(text.to_owned(), |text, (mark, with)| mark.replace_all(&text, *with).into_owned());
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most [`LONGEST`] bytes, up to the end of a sentence where one ends in the second half of them.
fn shortened(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let cut = &text[..text.floor_char_boundary(LONGEST)];
    match cut.rfind(". ") {
        Some(end) if end > LONGEST / 2 => cut[..=end].to_owned(),
        _ => format!("{}…", cut.rsplit_once(' ').map_or(cut, |(words, _)| words)),
    }
}

#[cfg(test)]
mod tests {
    use super::first_paragraph;

    #[test]
    fn the_first_prose_is_found_behind_titles_and_badges() {
        let cases = [
            (
                "# Shop\n\n[![CI](https://x/y.svg)](https://x)\n![Logo](a.png)\n\n<!-- two\nlines -->\nSells **things** to\n[people](https://x) in `Kochi`.\n\nMore.\n",
                Some(("Sells things to people in Kochi.", 8)),
            ),
            (
                "Shop\n====\n\n.. image:: a.png\n\nA shop with `orders <https://x>`_ and payments.\n",
                Some(("A shop with orders and payments.", 6)),
            ),
            ("# A\n\n- one\n- two\n\n```\nsome code that is long enough\n```\n", None),
            (
                "<h1 align=\"center\">Shop</h1>\n<p>Sells things to people.</p>\n",
                Some(("Sells things to people.", 2)),
            ),
            (
                "# A\n\nTODO\n\nThe real text comes after it.\n## Next\n",
                Some(("The real text comes after it.", 5)),
            ),
            ("", None),
        ];
        for (text, want) in cases {
            let found = first_paragraph(text);
            let found = found.as_ref().map(|(text, line)| (text.as_str(), *line));
            assert_eq!(found, want, "{text}");
        }
    }

    #[test]
    fn a_long_paragraph_ends_with_a_sentence() {
        let text = "This sentence has some words. ".repeat(60);
        let (cut, _) = first_paragraph(&text).expect("it is prose");
        assert!(cut.len() <= 600 && cut.ends_with("words."), "{cut}");
        let (cut, _) = first_paragraph(&"ü ".repeat(900)).expect("a sentence without an end");
        assert!(cut.ends_with('…') && cut.len() < 610, "{cut}");
    }
}
