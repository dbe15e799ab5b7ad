//! Documents in pieces: a few paragraphs each, under the headings that they belong to.

use crate::Language;
use crate::chunk::Piece;

/// Paragraphs are put together up to this size; more is not seen by the embedder.
const MAX_LINES: u32 = 15;
const MAX_BYTES: usize = 1_200;
/// A smaller piece goes with its neighbour.
const MIN_LINES: u32 = 3;
const MIN_BYTES: usize = 300;
/// A list or a table without a blank line is cut at this many lines.
const LONGEST: u32 = 30;
/// A title is kept up to this many bytes.
const MAX_TITLE: usize = 120;

/// The headings around a place, outermost first.
#[derive(Default)]
pub(crate) struct Outline {
    open: Vec<(usize, String)>,
    /// How headings are underlined in a plain text, by level: each text has its own way.
    marks: Vec<(char, bool)>,
}

impl Outline {
    /// `Guide > Install`; None before the first heading.
    pub(crate) fn path(&self) -> Option<String> {
        let titles: Vec<&str> = self.open.iter().map(|(_, title)| title.as_str()).collect();
        (!titles.is_empty()).then(|| titles.join(" > "))
    }

    fn enter(&mut self, level: usize, title: &str) {
        let inner = self.open.iter().position(|(open, _)| *open >= level).unwrap_or(self.open.len());
        self.open.truncate(inner);
        self.open.push((level, title[..title.floor_char_boundary(MAX_TITLE)].to_owned()));
    }
}

/// A section with the lines at which its paragraphs begin.
struct Section {
    title: Option<String>,
    level: usize,
    first: u32,
    last: u32,
    /// There is nothing but headings in it yet.
    bare: bool,
    paragraphs: Vec<u32>,
}

/// The pieces of the lines `first..=last` of a document. `line` gives a line without its end; `outline` knows
/// the headings that came before.
pub(crate) fn pieces<'a>(
    language: Language,
    (first, last): (u32, u32),
    line: &impl Fn(u32) -> &'a str,
    outline: &mut Outline,
) -> Vec<Piece> {
    let sections = sections(language, (first, last), line, outline);
    sections.iter().flat_map(|section| paragraphs(section, line)).collect()
}

fn sections<'a>(
    language: Language,
    (first, last): (u32, u32),
    line: &impl Fn(u32) -> &'a str,
    outline: &mut Outline,
) -> Vec<Section> {
    let new =
        |title, level, first, last| Section { title, level, first, last, bare: true, paragraphs: Vec::new() };
    let mut done = Vec::new();
    let mut section = new(outline.path(), 0, first, first.saturating_sub(1));
    let (mut number, mut after_blank) = (first, true);
    if let Some(end) = front_matter(language, (first, last), line) {
        (section.last, section.bare, number) = (end, false, end + 1);
    }
    // Character and length of what fences the lines.
    let mut fence: Option<(char, usize)> = None;
    while number <= last {
        let text = line(number).trim_end();
        let found = match fence {
            None => heading(language, (number, last), line, after_blank, outline),
            Some(_) => None,
        };
        if let Some((level, title, lines)) = found {
            outline.enter(level, title);
            let end = (number + lines - 1).min(last);
            // A heading with nothing under it goes with what comes below.
            if section.bare && level > section.level {
                (section.title, section.level, section.last) = (outline.path(), level, end);
            } else {
                done.push(std::mem::replace(&mut section, new(outline.path(), level, number, end)));
            }
            (number, after_blank) = (end + 1, true);
            continue;
        }
        let blank = text.trim().is_empty();
        if !blank {
            if after_blank && fence.is_none() {
                section.paragraphs.push(number);
            }
            section.bare = false;
        }
        fence = match fence {
            Some((c, length)) if closes(text, c, length) => None,
            Some(open) => Some(open),
            None => opens(text),
        };
        after_blank = blank;
        section.last = number;
        number += 1;
    }
    done.push(section);
    done
}

/// The last line of the settings between `---` at the top of a Markdown file.
fn front_matter<'a>(
    language: Language,
    (first, last): (u32, u32),
    line: &impl Fn(u32) -> &'a str,
) -> Option<u32> {
    let opens = language == Language::Markdown && first == 1 && line(1).trim_end() == "---";
    (opens && line(2).contains(':'))
        .then(|| (2..=last.min(100)).find(|number| line(*number).trim_end() == "---"))
        .flatten()
}

/// Character and length of a line that opens a block of code.
fn opens(text: &str) -> Option<(char, usize)> {
    let text = text.trim_start();
    let c = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = text.chars().take_while(|one| *one == c).count();
    let inline = c == '`' && text[length..].contains('`');
    (length >= 3 && !inline).then_some((c, length))
}

fn closes(text: &str, c: char, length: usize) -> bool {
    let text = text.trim();
    text.len() >= length && text.chars().all(|one| one == c)
}

/// Level and title of the heading that starts at a line, with the number of its lines.
fn heading<'a>(
    language: Language,
    (number, last): (u32, u32),
    line: &impl Fn(u32) -> &'a str,
    after_blank: bool,
    outline: &mut Outline,
) -> Option<(usize, &'a str, u32)> {
    let text = line(number).trim_end();
    let indent = text.len() - text.trim_start_matches(' ').len();
    // Further in, it is code.
    let text = if indent < 4 { &text[indent..] } else { text };
    // `## Title` in Markdown, `== Title` in AsciiDoc.
    let mark = if language == Language::Markdown { '#' } else { '=' };
    let level = text.chars().take_while(|c| *c == mark).count();
    if (1..=6).contains(&level) && text[level..].starts_with([' ', '\t']) {
        let title = text[level..].trim();
        // `## Title ##`, but not `# C#`.
        let open = title.trim_end_matches(mark);
        let title = if open.is_empty() || open.ends_with([' ', '\t']) { open.trim_end() } else { title };
        return (!title.is_empty()).then_some((level, title, 1));
    }
    let below = |lines: u32| if number + lines <= last { line(number + lines).trim_end() } else { "" };
    if !after_blank {
        return None;
    }
    if language == Language::Markdown {
        let level = match rule(below(1))? {
            ('=', _) => 1,
            ('-', _) => 2,
            _ => return None,
        };
        let is_text = !text.trim().is_empty() && !text.starts_with(['-', '*', '+', '>', '|', '<', '\t', ' ']);
        return is_text.then_some((level, text, 2));
    }
    let (title, under, over) = match rule(text) {
        Some((c, _)) => (below(1).trim(), rule(below(2)).filter(|(under, _)| *under == c)?, true),
        None => (text, rule(below(1))?, false),
    };
    let (c, length) = under;
    // As reStructuredText wants it, so that a rule below a paragraph is none.
    if title.is_empty() || length < 3 || length + 1 < title.chars().count() || rule(title).is_some() {
        return None;
    }
    let known = outline.marks.iter().position(|mark| *mark == (c, over));
    let level = known.unwrap_or_else(|| {
        outline.marks.push((c, over));
        outline.marks.len() - 1
    });
    Some((level + 1, title, if over { 3 } else { 2 }))
}

/// A line of one punctuation mark only: which, and how often.
fn rule(text: &str) -> Option<(char, usize)> {
    let c = text.chars().next().filter(|c| "=-~^\"'`#*+.:_".contains(*c))?;
    (text.len() >= 2 && text.chars().all(|one| one == c)).then_some((c, text.len()))
}

/// Puts the paragraphs of a section together.
fn paragraphs<'a>(section: &Section, line: &impl Fn(u32) -> &'a str) -> Vec<Piece> {
    let bytes = |first: u32, last: u32| (first..=last).map(|n| line(n).len() + 1).sum::<usize>();
    let fits = |first: u32, last: u32| last - first < MAX_LINES && bytes(first, last) <= MAX_BYTES;
    let small = |first: u32, last: u32| last - first + 1 < MIN_LINES && bytes(first, last) < MIN_BYTES;
    let inner = section.paragraphs.iter().copied().filter(|start| *start > section.first);
    let starts: Vec<u32> = std::iter::once(section.first).chain(inner).collect();
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([section.last]);
    let mut parts: Vec<(u32, u32)> = Vec::new();
    for (first, last) in starts.iter().copied().zip(ends) {
        match parts.last_mut() {
            Some(part) if fits(part.0, last) || small(part.0, part.1) => part.1 = last,
            _ => parts.push((first, last)),
        }
    }
    if let [.., before, end] = &mut parts[..]
        && small(end.0, end.1)
    {
        before.1 = end.1;
        parts.pop();
    }
    let piece = |(first, last)| Piece::section(section.title.clone(), LONGEST, first, last);
    parts.into_iter().filter(|(first, last)| first <= last).map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chunks;

    #[track_caller]
    fn check(language: Language, text: &str, expected: &[&str]) {
        let found: Vec<String> = chunks(language, text)
            .into_iter()
            .map(|c| format!("{} {}-{}", c.symbol.unwrap_or_default(), c.start_line, c.end_line))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn pieces_know_the_headings_above_them() {
        check(
            Language::Markdown,
            "intro\n\n# One\ntext\n```\n# no heading\n```\n## Two ##\n\nmore\n# C#\n\nlast\n",
            &[" 1-1", "One 3-7", "One > Two 8-10", "C# 11-13"],
        );
        check(
            Language::Markdown,
            "Guide\n=====\n\nSays it.\n\nInstall\n-------\n\n    # a comment\n\n| a |\n|---|\n- one\n---\n",
            &["Guide 1-4", "Guide > Install 6-14"],
        );
    }

    #[test]
    fn a_heading_with_nothing_under_it_goes_with_what_follows() {
        check(
            Language::Markdown,
            "# Guide\n\n## Install\n\nRun it.\n\n## Empty\n## Use\n\nUse it.\n",
            &["Guide > Install 1-5", "Guide > Empty 7-7", "Guide > Use 8-10"],
        );
    }

    #[test]
    fn paragraphs_are_put_together_and_code_is_not_torn() {
        let paragraph = "a paragraph\nof two lines\n\n";
        let found = chunks(Language::Markdown, &paragraph.repeat(60));
        assert_eq!(found.len(), 12, "180 lines in pieces of 15");
        let code = format!("```\n{}```\n", "one\n\n".repeat(9));
        check(
            Language::Markdown,
            &format!("# Use\n\n{}{code}\nafter it\n", paragraph.repeat(3)),
            &["Use 1-10", "Use 12-33"],
        );
        let long = format!("{}\n\n", "word ".repeat(200));
        assert_eq!(chunks(Language::Text, &long.repeat(4)).len(), 4, "a line may be as long as a paragraph");
        assert_eq!(
            chunks(Language::Text, &"- item\n".repeat(100)).len(),
            4,
            "a long list is cut all the same"
        );
    }

    #[test]
    fn settings_at_the_top_are_no_heading() {
        check(Language::Markdown, "---\ntitle: Notes\n---\n# Notes\n\ntext\n\n---\n", &[" 1-3", "Notes 4-8"]);
        check(Language::Markdown, "---\n\ntext\n", &[" 1-3"]);
    }

    #[test]
    fn plain_texts_have_headings_of_their_own() {
        check(
            Language::Text,
            "=====\nGuide\n=====\n\nInstall\n-------\n\nRun it.\n\nUse\n---\n\nUse it.\nA dash\n--\n",
            &["Guide > Install 1-8", "Guide > Use 10-15"],
        );
        check(Language::Text, "= Guide\n\n== Install\n\nRun it.\n", &["Guide > Install 1-5"]);
        check(Language::Text, "a = b\n\nc\n", &[" 1-3"]);
    }
}
