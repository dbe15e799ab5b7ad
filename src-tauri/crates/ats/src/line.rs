//! Lines of a document in reading order: what every extractor gives and the section parser takes.

use crate::contact;

/// How a line belongs to the one above it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Mark {
    #[default]
    Plain,
    /// The first line of an item of a list.
    Bullet,
    /// The rest of the line above, which was full.
    Continues,
}

/// A line of text and what its look says about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Line {
    /// Without its bullet; a tab stands where a wide gap is.
    pub text: String,
    pub mark: Mark,
    /// More room above than between lines of a paragraph.
    pub gap: bool,
    /// Points; 0 where it is not known.
    pub size: f32,
    /// Bytes of the text that are set bold, from its start.
    pub bold: usize,
    /// Smaller or paler than the text around it.
    pub quiet: bool,
    /// Level of a heading style of Word, 0 for the title.
    pub heading: Option<u8>,
}

impl Line {
    /// The line as it is shown.
    pub(crate) fn shown(&self) -> String {
        match self.mark {
            Mark::Bullet => format!("• {}", self.text),
            _ => self.text.clone(),
        }
    }
}

/// All lines as one text, line by line.
pub(crate) fn text_of(lines: &[Line]) -> String {
    lines.iter().map(Line::shown).collect::<Vec<_>>().join("\n")
}

/// Takes the bullet off a line that begins with one.
pub(crate) fn bullet(text: &str) -> Option<&str> {
    // The last five are the bullets that Word takes from Symbol and Wingdings.
    const SIGNS: &str = "•◦▪‣●○■□◆◇➢➤►▸✓✔∙·⁃\u{F0B7}\u{F0A7}\u{F0D8}\u{F0FC}\u{F076}";
    let trimmed = text.trim_start();
    let first = trimmed.chars().next()?;
    let rest = &trimmed[first.len_utf8()..];
    // A dash or a star is a bullet only where white space follows.
    let dash = matches!(first, '-' | '–' | '—' | '*' | '+') && rest.starts_with([' ', '\t']);
    (SIGNS.contains(first) || dash).then(|| rest.trim())
}

/// A paragraph: lines that belong together, and the number of the first.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Paragraph {
    pub line: Line,
    /// From 1.
    pub number: usize,
}

/// Joins lines that continue the one above.
pub(crate) fn paragraphs(lines: &[Line]) -> Vec<Paragraph> {
    let mut all: Vec<Paragraph> = Vec::new();
    for (i, line) in lines.iter().enumerate().filter(|(_, line)| !line.text.trim().is_empty()) {
        // In a narrow column every line looks full, and still a line of addresses stands for itself.
        let address = contact::reaches(&line.text);
        match all.last_mut() {
            Some(last) if line.mark == Mark::Continues && (!address || last.item()) => {
                let all_bold = last.line.bold == last.line.text.len();
                // A hyphen at the end of a line may belong to the word: it stays.
                if !last.line.text.ends_with('-') {
                    last.line.text.push(' ');
                }
                if all_bold {
                    last.line.bold = last.line.text.len() + line.bold;
                }
                last.line.text.push_str(line.text.trim());
            }
            _ => all.push(Paragraph { line: line.clone(), number: i + 1 }),
        }
    }
    all
}

impl Paragraph {
    /// An item of a list.
    pub(crate) fn item(&self) -> bool {
        self.line.mark == Mark::Bullet
    }
}
