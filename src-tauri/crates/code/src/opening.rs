//! What the first comment of a file says about it.

/// Words by which a comment is known that speaks of something else: rights, tools, encodings.
const OF_NO_USE: [&str; 18] = [
    "copyright",
    "licensed under",
    "license:",
    "the license",
    "mit license",
    "apache license",
    "gnu ",
    "spdx",
    "all rights",
    "eslint",
    "prettier",
    "coding:",
    "generated",
    "todo:",
    "fixme",
    "pylint",
    "rustfmt",
    "vim:",
];
/// What heads a student's file and says nothing of it.
const HEADS: [&str; 6] = ["author", "roll no", "name:", "date:", "@", ":"];
/// Shorter ones are labels.
const SHORTEST: usize = 20;
/// Lines within which a first comment begins: imports may stand before it.
const WITHIN: usize = 60;

/// The first paragraph of prose in a comment or docstring near the beginning of a file, without the signs of the comment.
pub fn opening(text: &str) -> Option<String> {
    let mut block = Block::default();
    let mut ends_with: Option<&str> = None;
    for line in text.lines().take(WITHIN).chain([""]) {
        let bare = line.trim();
        let begins =
            BLOCKS.iter().find(|(start, _)| ends_with.is_none() && bare.starts_with(start) && bare != "/**/");
        // A comment of another kind is another comment.
        if begins.is_some()
            && let Some(said) = block.end()
        {
            return Some(said);
        }
        let bare = begins.map_or(bare, |(start, end)| {
            ends_with = Some(end);
            &bare[start.len()..]
        });
        let said = match ends_with {
            Some(end) => match bare.split_once(end) {
                Some((said, _)) => {
                    ends_with = None;
                    Some(said)
                }
                None => Some(bare.trim_start_matches('*')),
            },
            None => LINES.iter().find_map(|sign| bare.strip_prefix(sign)),
        };
        let head = |said: &str| HEADS.iter().any(|head| said.to_lowercase().starts_with(head));
        let said = said.map(str::trim).filter(|said| !said.is_empty() && !head(said));
        // A comment of nothing ends a paragraph, and code ends a comment.
        let goes_on = said.is_some() && (begins.is_none() || ends_with.is_some());
        block.0.extend(said.map(str::to_owned));
        if !goes_on && let Some(said) = block.end() {
            return Some(said);
        }
    }
    None
}

/// Signs of comments of several lines, longest first, each with what ends it.
const BLOCKS: [(&str, &str); 6] = [
    ("/**", "*/"),
    ("/*", "*/"),
    ("<!--", "-->"),
    ("\"\"\"", "\"\"\""),
    ("r\"\"\"", "\"\"\""),
    ("'''", "'''"),
];
/// Signs of comments of a line, longest first.
const LINES: [&str; 5] = ["//!", "///", "//", "# ", "--"];

#[derive(Default)]
struct Block(Vec<String>);

impl Block {
    /// What was said, when it is prose about the file. The next paragraph begins.
    fn end(&mut self) -> Option<String> {
        let said = std::mem::take(&mut self.0).join(" ");
        let lower = said.to_lowercase();
        let letters = said.chars().filter(|c| c.is_alphabetic() || c.is_whitespace()).count();
        let is_prose = said.len() >= SHORTEST && letters * 5 >= said.chars().count() * 4;
        (is_prose && !OF_NO_USE.iter().any(|word| lower.contains(word))).then_some(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_comment_that_speaks_of_the_file_is_found() {
        for (text, said) in [
            (
                "// Copyright 2024 Asha. All rights reserved.\n\n//! Reads orders of the shop\n//! and keeps them.\n//!\n//! More.\nfn a() {}\n",
                Some("Reads orders of the shop and keeps them."),
            ),
            (
                "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\"\"\"Signs a token for the shop.\"\"\"\n",
                Some("Signs a token for the shop."),
            ),
            (
                "'use strict';\n\n/**\n * Queue of work with a limit.\n * @param a first\n */\n",
                Some("Queue of work with a limit."),
            ),
            (
                "\"\"\"\nLedger of the hostel mess.\n\nLong story.\n\"\"\"\nimport os\n",
                Some("Ledger of the hostel mess."),
            ),
            (
                "\"\"\"\nAuthor: Asha, Roll no 7\nA todo list for students of a hostel.\n\"\"\"\n",
                Some("A todo list for students of a hostel."),
            ),
            ("import os\n\n# x = old_call(1); y = other(2)\nx = 1\n", None),
            ("#include <stdio.h>\nint main() { return 0; }\n", None),
            ("", None),
        ] {
            assert_eq!(opening(text).as_deref(), said, "{text}");
        }
    }
}
