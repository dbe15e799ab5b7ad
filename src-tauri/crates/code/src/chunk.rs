//! Cuts a file into pieces that mean something by themselves: functions, classes, sections.

use crate::syntax::{self, Lines};
use crate::{Language, Symbol, symbol};

/// Longer pieces are cut at statements, with the signature repeated.
const MAX_LINES: u32 = 120;
/// A class this short stays in one piece with its methods.
const SMALL_CLASS: u32 = 40;
/// Plain text and code that is not parsed is cut at blank lines into pieces of about this size.
const TEXT_LINES: u32 = 60;
/// A piece is never larger than this, whatever its lines look like.
const MAX_BYTES: usize = 16_000;

/// What a chunk is a piece of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChunkKind {
    Function,
    Method,
    Class,
    /// Code outside functions and classes.
    TopLevel,
    /// A part of a document, under its heading.
    Section,
}

impl ChunkKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Method => "method",
            Self::Class => "class",
            Self::TopLevel => "top_level",
            Self::Section => "section",
        }
    }
}

/// A piece of a file. The lines of a file's chunks do not overlap, and only lines without words
/// (blank, closing brackets) are in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Qualified name of the function or class, or the heading; None at top level.
    pub symbol: Option<String>,
    pub kind: ChunkKind,
    /// From 1.
    pub start_line: u32,
    /// Inclusive.
    pub end_line: u32,
    /// The lines, joined by `\n`; in later pieces of a long function after its signature and `…`.
    pub text: String,
}

/// Cuts `text` into chunks in the order of its lines.
pub fn chunks(language: Language, text: &str) -> Vec<Chunk> {
    let lines = Lines::of(text);
    let pieces = if language == Language::Markdown {
        headings(&lines, text)
    } else {
        match syntax::parse(language, text) {
            Some(tree) => by_symbols(&symbol::symbols_of(&tree, text), &lines),
            None => vec![Piece::new(None, 1, lines.count())],
        }
    };
    let kind = |piece: &Piece| match (&piece.symbol, language.grammar()) {
        (_, None) => ChunkKind::Section,
        (None, Some(_)) => ChunkKind::TopLevel,
        (Some(symbol), _) => symbol.kind,
    };
    pieces.into_iter().flat_map(|piece| cut(&piece, kind(&piece), &lines, text)).collect()
}

/// A run of lines with one owner.
struct Piece {
    symbol: Option<Symbol>,
    /// The heading, for documents.
    title: Option<String>,
    first: u32,
    last: u32,
}

impl Piece {
    fn new(symbol: Option<Symbol>, first: u32, last: u32) -> Self {
        Self { symbol, title: None, first, last }
    }
}

/// Gives every line to the outermost function around it, else to the innermost class, else to none.
fn by_symbols(symbols: &[Symbol], lines: &Lines) -> Vec<Piece> {
    let mut owner: Vec<Option<usize>> = vec![None; lines.count() as usize];
    let whole: Vec<bool> = (0..symbols.len()).map(|i| stays_whole(&symbols[i..])).collect();
    for (index, symbol) in symbols.iter().enumerate() {
        let taken = |o: &Option<usize>| o.is_some_and(|i| whole[i]);
        let range = symbol.doc_line.saturating_sub(1) as usize..(symbol.end_line as usize).min(owner.len());
        for line in owner.get_mut(range).unwrap_or_default() {
            if !taken(line) {
                *line = Some(index);
            }
        }
    }
    let mut pieces: Vec<Piece> = Vec::new();
    for (index, owner) in owner.iter().enumerate() {
        let line = index as u32 + 1;
        match pieces.last_mut() {
            Some(piece) if piece.symbol.as_ref() == owner.map(|i| &symbols[i]) => piece.last = line,
            _ => pieces.push(Piece::new(owner.map(|i| symbols[i].clone()), line, line)),
        }
    }
    pieces
}

/// The first symbol is a function, or a class short enough to be kept in one piece with what is in
/// it (the symbols that follow). Namespaces and modules that hold classes are cut.
fn stays_whole(symbols: &[Symbol]) -> bool {
    let Some((first, rest)) = symbols.split_first() else { return false };
    if first.kind != ChunkKind::Class {
        return true;
    }
    let mut inside = rest.iter().take_while(|s| s.start_line <= first.end_line);
    first.end_line - first.start_line < SMALL_CLASS && !inside.any(|s| s.kind == ChunkKind::Class)
}

/// Cuts a piece into chunks of bounded size and leaves out what has no words.
fn cut(piece: &Piece, kind: ChunkKind, lines: &Lines, text: &str) -> Vec<Chunk> {
    let worded = |n: &u32| lines.text(*n, text).chars().any(char::is_alphanumeric);
    let Some(mut first) = (piece.first..=piece.last).find(worded) else { return Vec::new() };
    // A function ends with its closing bracket; top-level code with its last word.
    let end = match &piece.symbol {
        Some(_) => piece.last,
        None => (piece.first..=piece.last)
            .rev()
            .find(|n| !lines.text(*n, text).trim().is_empty())
            .unwrap_or(first),
    };
    let whole = piece.first;
    first = first.min(if piece.symbol.is_some() { whole.max(first.saturating_sub(1)) } else { first });
    let name = piece.title.clone().or_else(|| piece.symbol.as_ref().map(|s| s.name.clone()));
    let limit = if kind == ChunkKind::Section { TEXT_LINES } else { MAX_LINES };
    let mut chunks = Vec::new();
    let mut bytes_from = first;
    while bytes_from <= end {
        let last = break_before(piece, bytes_from, end, limit, lines, text);
        if (bytes_from..=last).any(|n| worded(&n)) {
            let mut body = bounded(lines.join(bytes_from, last, text));
            if bytes_from > first
                && let Some(symbol) = &piece.symbol
            {
                body = format!("{}\n…\n{body}", symbol.signature);
            }
            chunks.push(Chunk {
                symbol: name.clone(),
                kind,
                start_line: bytes_from,
                end_line: last,
                text: body,
            });
        }
        bytes_from = last + 1;
    }
    chunks
}

/// Last line of the chunk that starts at `first`: the piece's end, or the line before the last
/// statement (else blank line) that keeps the chunk within `limit` lines and [`MAX_BYTES`].
fn break_before(piece: &Piece, first: u32, end: u32, limit: u32, lines: &Lines, text: &str) -> u32 {
    let mut bytes = 0;
    let mut most = first;
    for line in first..=end.min(first.saturating_add(limit - 1)) {
        bytes += lines.range(line).len() + 1;
        if bytes > MAX_BYTES && line > first {
            break;
        }
        most = line;
    }
    if most == end {
        return end;
    }
    // A cut in the first third would leave a crumb behind.
    let least = first + (most - first) / 3;
    let statement = piece
        .symbol
        .as_ref()
        .and_then(|s| s.statements.iter().rev().find(|n| (least + 1..=most + 1).contains(*n)));
    let blank = || (least + 1..=most).rev().find(|n| lines.text(*n, text).trim().is_empty());
    statement.map(|n| n - 1).or_else(blank).unwrap_or(most)
}

/// At most [`MAX_BYTES`] of a text; only a single line can be longer.
fn bounded(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(MAX_BYTES));
    text
}

/// The sections of a Markdown document, each under its heading. `#` inside fenced code is no heading.
fn headings(lines: &Lines, text: &str) -> Vec<Piece> {
    let mut pieces = vec![Piece::new(None, 1, 0)];
    let mut fence: Option<&str> = None;
    for number in 1..=lines.count() {
        let line = lines.text(number, text).trim_start();
        let mark = ["```", "~~~"].into_iter().find(|m| line.starts_with(m));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        let level = line.bytes().take_while(|b| *b == b'#').count();
        let heading = fence.is_none() && (1..=6).contains(&level) && line[level..].starts_with(' ');
        if heading {
            let title = line[level..].trim().trim_end_matches('#').trim().to_owned();
            pieces.push(Piece { symbol: None, title: Some(title), first: number, last: number });
        } else if let Some(piece) = pieces.last_mut() {
            piece.last = number;
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(language: Language, text: &str) -> Vec<String> {
        chunks(language, text)
            .into_iter()
            .map(|c| {
                format!(
                    "{} {} {}-{}",
                    c.kind.as_str(),
                    c.symbol.unwrap_or_default(),
                    c.start_line,
                    c.end_line
                )
            })
            .collect()
    }

    #[test]
    fn a_file_is_cut_at_its_functions() {
        let text = "import os\n\nX = 1\n\n# Says it.\ndef f():\n    return 1\n\n\nclass A:\n    def g(self):\n        return 2\n";
        assert_eq!(places(Language::Python, text), ["top_level  1-3", "function f 5-7", "class A 10-12"]);
    }

    #[test]
    fn a_large_class_is_cut_at_its_methods() {
        let method =
            |name: &str| format!("    void {name}() {{\n{}    }}\n\n", "        call();\n".repeat(20));
        let text = format!("/** doc */\nclass A {{\n    int x;\n\n{}{}}}\n", method("f"), method("g"));
        assert_eq!(places(Language::Java, &text), ["class A 1-4", "method A.f 5-26", "method A.g 28-49"]);
    }

    #[test]
    fn a_long_function_is_cut_at_statements_and_repeats_its_signature() {
        let text = format!("def f(a):\n{}", "    if a:\n        g(\n            a)\n".repeat(100));
        let chunks = chunks(Language::Python, &text);
        assert_eq!(chunks.len(), 3, "301 lines in pieces of at most 120");
        assert!(chunks[1].text.starts_with("def f(a):\n…\n    if a:\n"), "{}", &chunks[1].text[..40]);
        assert!(chunks.iter().all(|c| c.end_line - c.start_line < MAX_LINES));
    }

    #[test]
    fn documents_are_cut_at_headings() {
        let text = "intro\n\n# One\ntext\n```\n# no heading\n```\n## Two ##\n\nmore\n";
        assert_eq!(places(Language::Markdown, text), ["section  1-1", "section One 3-7", "section Two 8-10"]);
        let plain = "a paragraph\nof two lines\n\n".repeat(60);
        assert_eq!(places(Language::Text, &plain).len(), 3, "180 lines in pieces of about 60");
    }

    #[test]
    fn every_line_with_words_is_in_exactly_one_chunk() {
        let rust = include_str!("chunk.rs");
        let c = "#include <a.h>\nint f() {\n return 1; }\n\nstruct s {\n int a;\n};\n";
        let broken = "class A { void f( { int x = ; } } def f(: }\nint y;\n";
        for (language, text) in [
            (Language::Rust, rust),
            (Language::C, c),
            (Language::Java, broken),
            (Language::Python, broken),
            (Language::Yaml, rust),
            (Language::Markdown, rust),
            (Language::JavaScript, "x\r\n\r\nfunction f() {\r\n}\r\n"),
        ] {
            let lines = Lines::of(text);
            let mut times = vec![0; lines.count() as usize + 1];
            for chunk in chunks(language, text) {
                assert!(
                    chunk.start_line >= 1 && chunk.end_line <= lines.count() && !chunk.text.contains('\r')
                );
                for line in chunk.start_line..=chunk.end_line {
                    times[line as usize] += 1;
                }
            }
            for (line, times) in times.iter().enumerate().skip(1) {
                let worded = lines.text(line as u32, text).chars().any(char::is_alphanumeric);
                assert!(
                    *times <= 1 && (*times == 1 || !worded),
                    "{} line {line} is in {times} chunks",
                    language.name()
                );
            }
        }
    }

    #[test]
    fn hostile_text_gives_bounded_chunks() {
        for text in [
            "",
            "\n",
            "\r\n",
            "\0\0",
            "\u{feff}",
            &"x".repeat(1_000_000),
            &"(".repeat(1_000_000),
            &"{\n".repeat(50_000),
        ] {
            for language in [Language::Python, Language::Cpp, Language::Markdown, Language::Text] {
                assert!(chunks(language, text).iter().all(|c| c.text.len() <= MAX_BYTES + 400));
            }
        }
    }
}
