//! Cuts a file into pieces that mean something by themselves: functions, classes, paragraphs, cells.

use crate::document::{self, Outline};
use crate::notebook::{self, Cell};
use crate::syntax::{self, Lines};
use crate::{Language, Symbol, symbol};

/// Changes when the pieces of the same text would: what was cut before is then cut again.
pub const CHUNKER: &str = "3";

/// Longer pieces are cut at statements, with the signature repeated, or at blank lines. An embedder reads
/// the first 256 tokens of a piece, which are about 30 lines.
const MAX_LINES: u32 = 50;
/// A class this short stays in one piece with its methods.
const SMALL_CLASS: u32 = 40;
/// Configuration up to this many lines stays in one piece: its parts say nothing by themselves.
const MAX_CONFIGURATION: u32 = 500;
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
    /// Qualified name of the function or class, or the headings above (`Guide > Install`); None at top level.
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
    let pieces = match (language, notebook::cells(language, &lines, text)) {
        (_, Some(cells)) => by_cells(language, &cells, &lines, text),
        (Language::Markdown | Language::Text, None) => {
            let line = |number| lines.text(number, text);
            document::pieces(language, (1, lines.count()), &line, &mut Outline::default())
        }
        _ => of_code(language, &lines, text),
    };
    pieces.into_iter().flat_map(|piece| cut(&piece, &lines, text)).collect()
}

/// A run of lines with one owner.
pub(crate) struct Piece {
    symbol: Option<Symbol>,
    /// The headings above, for documents.
    title: Option<String>,
    kind: ChunkKind,
    /// Lines of a chunk of it.
    limit: u32,
    first: u32,
    last: u32,
}

impl Piece {
    fn code(symbol: Option<Symbol>, first: u32, last: u32) -> Self {
        let kind = symbol.as_ref().map_or(ChunkKind::TopLevel, |symbol| symbol.kind);
        Self { symbol, title: None, kind, limit: MAX_LINES, first, last }
    }

    /// Lines of a document, or of code that is not parsed.
    pub(crate) fn section(title: Option<String>, limit: u32, first: u32, last: u32) -> Self {
        Self { symbol: None, title, kind: ChunkKind::Section, limit, first, last }
    }
}

fn of_code(language: Language, lines: &Lines, text: &str) -> Vec<Piece> {
    let whole = language.is_configuration() && lines.count() <= MAX_CONFIGURATION;
    let limit = if whole { MAX_CONFIGURATION } else { MAX_LINES };
    match syntax::parse(language, text) {
        Some(tree) => by_symbols(&symbol::symbols_of(&tree, text), lines),
        None => vec![Piece::section(None, limit, 1, lines.count())],
    }
}

/// A cell of code stays in one piece unless it defines several things; text is cut as a document is.
fn by_cells(language: Language, cells: &[Cell], lines: &Lines, text: &str) -> Vec<Piece> {
    let code = of_code(language, lines, text);
    let comment = notebook::comment_of(language);
    let mut outline = Outline::default();
    let mut pieces = Vec::new();
    for cell in cells {
        if cell.prose {
            let line = |number| match lines.text(number, text).strip_prefix(comment) {
                Some(line) if number > cell.first => line.strip_prefix(' ').unwrap_or(line),
                _ => "",
            };
            let range = (cell.first, cell.last);
            pieces.extend(document::pieces(Language::Markdown, range, &line, &mut outline));
            continue;
        }
        let start = code.partition_point(|piece| piece.last < cell.first);
        let inside = || code[start..].iter().take_while(|piece| piece.first <= cell.last);
        let mut symbols = inside().filter_map(|piece| piece.symbol.as_ref());
        let symbol = symbols.next();
        let several = symbols.any(|other| Some(other) != symbol);
        let mut own = match several || cell.last - cell.first >= MAX_LINES {
            true => inside()
                .map(|piece| {
                    let (first, last) = (piece.first.max(cell.first), piece.last.min(cell.last));
                    Piece::code(piece.symbol.clone(), first, last)
                })
                .collect(),
            false => vec![Piece::code(symbol.cloned(), cell.first, cell.last)],
        };
        for piece in own.iter_mut().filter(|piece| piece.symbol.is_none()) {
            piece.title = outline.path();
        }
        pieces.extend(own);
    }
    pieces
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
            _ => pieces.push(Piece::code(owner.map(|i| symbols[i].clone()), line, line)),
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
fn cut(piece: &Piece, lines: &Lines, text: &str) -> Vec<Chunk> {
    let worded = |n: &u32| lines.text(*n, text).chars().any(char::is_alphanumeric);
    let written = |n: &u32| !lines.text(*n, text).trim().is_empty();
    let Some(word) = (piece.first..=piece.last).find(worded) else { return Vec::new() };
    let end = (piece.first..=piece.last).rev().find(written).unwrap_or(word);
    // A function may begin with a bracket, a document with a fence; other code begins with a word.
    let first = match (&piece.symbol, piece.kind) {
        (Some(_), _) => piece.first.max(word.saturating_sub(1)),
        (None, ChunkKind::Section) => (piece.first..=word).find(written).unwrap_or(word),
        (None, _) => word,
    };
    let name = piece.title.clone().or_else(|| piece.symbol.as_ref().map(|s| s.name.clone()));
    let mut chunks = Vec::new();
    let mut bytes_from = first;
    while bytes_from <= end {
        let last = break_before(piece, bytes_from, end, lines, text);
        if (bytes_from..=last).any(|n| worded(&n)) {
            let mut body = bounded(lines.join(bytes_from, last, text));
            if bytes_from > first
                && let Some(symbol) = &piece.symbol
            {
                body = format!("{}\n…\n{body}", symbol.signature);
            }
            chunks.push(Chunk {
                symbol: name.clone(),
                kind: piece.kind,
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
/// statement (else blank line) that keeps the chunk within the piece's limit and [`MAX_BYTES`].
fn break_before(piece: &Piece, first: u32, end: u32, lines: &Lines, text: &str) -> u32 {
    let mut bytes = 0;
    let mut most = first;
    for line in first..=end.min(first.saturating_add(piece.limit - 1)) {
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
        assert_eq!(places(Language::Java, &text), ["class A 1-3", "method A.f 5-26", "method A.g 28-49"]);
    }

    #[test]
    fn a_long_function_is_cut_at_statements_and_repeats_its_signature() {
        let text = format!("def f(a):\n{}", "    if a:\n        g(\n            a)\n".repeat(100));
        let chunks = chunks(Language::Python, &text);
        assert_eq!(chunks.len(), 7, "301 lines in pieces of at most 50");
        assert!(chunks[1].text.starts_with("def f(a):\n…\n    if a:\n"), "{}", &chunks[1].text[..40]);
        assert!(chunks.iter().all(|c| c.end_line - c.start_line < MAX_LINES));
    }

    #[test]
    fn a_script_is_cut_at_its_functions() {
        let text = "#!/bin/sh\nset -eu\n\n# Says it.\nsay() {\n  echo \"$1\"\n}\n\nsay hello\n";
        assert_eq!(places(Language::Shell, text), ["top_level  1-2", "function say 4-7", "top_level  9-9"]);
    }

    #[test]
    fn c_sharp_is_cut_at_its_methods() {
        let method = |name: &str| {
            format!(
                "    [Fact]\n    public void {name}()\n    {{\n{}    }}\n\n",
                "        Call();\n".repeat(20)
            )
        };
        let text = format!(
            "using System;\n\nnamespace Shop;\n\n// doc\nclass A\n{{\n{}{}}}\n",
            method("F"),
            method("G")
        );
        assert_eq!(
            places(Language::CSharp, &text),
            [
                "top_level  1-1",
                "class Shop 3-3",
                "class Shop.A 5-7",
                "method Shop.A.F 8-31",
                "method Shop.A.G 33-56"
            ]
        );
    }

    #[test]
    fn a_notebook_is_cut_at_its_cells() {
        let cells = [
            "# %% [markdown]\n# # Orders\n#\n# What was ordered.",
            "# %%\nimport csv\n\nrows = list(csv.reader(open('a.csv')))",
            "# %% [markdown]\n# ## Totals",
            "# %%\ndef total(rows):\n    return sum(rows)\n\ntotal(rows)",
            "# %%\ndef mean(rows):\n    return total(rows) / len(rows)\n\ndef least(rows):\n    return min(rows)",
            "# %%\nmean(rows)",
        ];
        let text = cells.join("\n\n") + "\n";
        assert_eq!(
            places(Language::Python, &text),
            [
                "section Orders 1-4",
                "top_level Orders 7-9",
                "section Orders > Totals 11-12",
                "function total 14-18",
                "function mean 20-22",
                "function least 24-25",
                "top_level Orders > Totals 28-28",
            ]
        );
        let plain = "x = 1\n# %%\ny = 2\n";
        assert_eq!(places(Language::Python, plain), ["top_level  1-3"], "a comment in a script is no cell");
        let julia = "# %% kernel=\"julia\"\nf(x) = x\n\n# %%\nf(1)\n";
        assert_eq!(
            places(Language::Julia, julia),
            ["top_level  1-2", "top_level  5-5"],
            "not parsed, but cut"
        );
    }

    #[test]
    fn configuration_stays_whole() {
        let manifest = format!("{{\n{}}}\n", "  \"a\": 1,\n\n".repeat(150));
        assert_eq!(places(Language::Json, &manifest), ["section  1-302"]);
        assert_eq!(places(Language::Yaml, &"- a: 1\n\n".repeat(150)), ["section  1-299"]);
        let data = "- a: 1\n\n".repeat(1_000);
        assert!(places(Language::Yaml, &data).len() >= 40, "what is longer is data, and is cut as such");
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
            &"# %%\ndef f(): 0\n".repeat(5_000),
            &"# %% [markdown]\n# # a\n# ===\n".repeat(5_000),
            &"###### a\n\n".repeat(50_000),
            &"y".repeat(30 << 20),
        ] {
            use Language::{CSharp, Cpp, Json, Markdown, Python, Text};
            for language in [Python, Cpp, CSharp, Json, Markdown, Text] {
                assert!(chunks(language, text).iter().all(|c| c.text.len() <= MAX_BYTES + 400));
            }
        }
    }
}
