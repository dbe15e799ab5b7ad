//! What bears a sentence out: the excerpt, and the few lines of it, that have its words.

use std::collections::HashSet;

use internflow_code::query_words;
use internflow_domain::{Citation, Statement};
use internflow_store::search::ChunkRow;

use crate::{search, squeeze};

/// Lines of an excerpt that the model reads; with five excerpts 570 to 800 tokens where it was looked at, which are read
/// once for all sentences.
const LINES: usize = 24;
/// Lines of a citation at most.
const CITED: usize = 8;

/// The lines of an excerpt that the model reads.
pub(super) fn shown(row: &ChunkRow) -> Vec<&str> {
    let mut lines = search::own_lines(row);
    lines.truncate(LINES);
    lines
}

/// What a sentence speaks of.
struct Subject {
    words: Vec<String>,
    /// What stands between backticks, without white space.
    names: Vec<String>,
}

impl Subject {
    fn of(sentence: &str) -> Self {
        let names = sentence.split('`').skip(1).step_by(2);
        Self {
            words: query_words(sentence),
            names: names.map(|name| squeeze(name.trim_end_matches("()"))).collect(),
        }
    }

    /// Which words and names stand in `text`, by number: the names after the words.
    fn within(&self, text: &str) -> HashSet<usize> {
        let has: HashSet<String> =
            internflow_code::split_words(text).split(' ').map(str::to_lowercase).collect();
        let squeezed = squeeze(text);
        let words = self.words.iter().map(|word| has.contains(word));
        let names = self.names.iter().map(|name| squeezed.contains(name));
        words.chain(names).enumerate().filter(|(_, is)| *is).map(|(number, _)| number).collect()
    }

    /// A name is worth as much as several words: it is there or it is not.
    fn weight(&self, found: &HashSet<usize>) -> usize {
        found.iter().map(|number| if *number < self.words.len() { 1 } else { 3 }).sum()
    }
}

/// The excerpt that bears a sentence out, by what the model saw of it: the one it names, unless another has
/// clearly more of its words. `None` when none has two of them, or when it speaks of a name (between backticks)
/// that is in none.
pub(super) fn support(sentence: &str, named: usize, excerpts: &[ChunkRow]) -> Option<usize> {
    let subject = Subject::of(sentence);
    let found: Vec<HashSet<usize>> = excerpts
        .iter()
        .map(|row| {
            let symbol = row.symbol.as_deref().unwrap_or("");
            subject.within(&format!("{} {symbol} {}", row.path, shown(row).join("\n")))
        })
        .collect();
    let mut names = subject.words.len()..subject.words.len() + subject.names.len();
    if names.any(|name| !found.iter().any(|found| found.contains(&name))) {
        return None;
    }
    let scores: Vec<usize> = found.iter().map(|found| subject.weight(found)).collect();
    let (best, most) =
        scores.iter().enumerate().max_by_key(|(index, score)| (**score, std::cmp::Reverse(*index)))?;
    if *most < 2 {
        return None;
    }
    let own = scores.get(named).copied().unwrap_or(0);
    Some(if own * 3 >= most * 2 { named } else { best })
}

/// Most words of one are in the other.
pub(super) fn is_like(old: &str, new: &str) -> bool {
    // Their beginnings: "appends" and "appended" say the same.
    let stems = |text: &str| -> Vec<String> {
        query_words(text).iter().map(|word| word.chars().take(6).collect()).collect()
    };
    let (old, new) = (stems(old), stems(new));
    let shared = new.iter().filter(|word| old.contains(word)).count();
    shared * 5 >= new.len() * 4
}

/// The shortest run of an excerpt's lines that has most of what a sentence speaks of; where no line has any of
/// it, the first lines.
pub(super) fn citation(row: &ChunkRow, sentence: &str) -> Citation {
    let subject = Subject::of(sentence);
    let found: Vec<HashSet<usize>> = shown(row).into_iter().map(|line| subject.within(line)).collect();
    let longest = found.len().min(CITED);
    let (mut first, mut count, mut most) = (0, longest, 0);
    for length in 1..=longest {
        for (start, run) in found.windows(length).enumerate() {
            let weight = subject.weight(&run.iter().flatten().copied().collect());
            if weight > most {
                (first, count, most) = (start, length, weight);
            }
        }
    }
    let start_line = row.start_line as u32 + first as u32;
    Citation {
        path: row.path.clone(),
        symbol: row.symbol.clone(),
        start_line,
        end_line: start_line + (count as u32).saturating_sub(1),
    }
}

/// A place without a word of the model.
pub(super) fn place(row: &ChunkRow, question: &str) -> Statement {
    let name = row.symbol.as_deref().unwrap_or(&row.path);
    Statement { text: format!("`{name}`"), at: citation(row, question) }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::ask) fn row(path: &str, symbol: &str, text: &str) -> ChunkRow {
        ChunkRow {
            id: 0,
            repository_id: 1,
            path: path.into(),
            symbol: Some(symbol.into()),
            start_line: 1,
            end_line: text.lines().count() as i64,
            text: text.into(),
            text_hash: String::new(),
        }
    }

    #[test]
    fn a_sentence_is_cited_where_its_words_are() {
        let excerpts = [
            row(
                "signer.py",
                "Signer.sign",
                "def sign(self, value):\n    return value + self.sep + self.get_signature(value)",
            ),
            row(
                "timed.py",
                "TimestampSigner.unsign",
                "def unsign(self, value, max_age):\n    raise SignatureExpired(age)",
            ),
        ];
        let said = "`sign` appends the separator `self.sep` and the signature to the value.";
        assert_eq!(support(said, 0, &excerpts), Some(0));
        assert_eq!(
            support("`Signer.sign` appends the signature.", 0, &excerpts),
            Some(0),
            "as the prompt calls it"
        );
        assert_eq!(support(said, 1, &excerpts), Some(0), "the model named the wrong excerpt");
        assert_eq!(
            support("It raises `SignatureExpired` when the age is over `max_age`.", 1, &excerpts),
            Some(1)
        );
        assert_eq!(support("It calls `encrypt_value` first.", 0, &excerpts), None, "there is no such name");
        assert_eq!(support("Everything runs in the cloud.", 0, &excerpts), None, "no word of it is there");
    }

    #[test]
    fn a_citation_is_the_lines_and_not_the_function() {
        let body: Vec<String> = (0..60).map(|n| format!("    step_{n}()")).collect();
        let text = format!(
            "def sign(self, value):\n{}\n    signature = self.get_signature(value)\n    return value + signature\n{}",
            body[..10].join("\n"),
            body[10..].join("\n")
        );
        let mut one = row("signer.py", "Signer.sign", &text);
        (one.start_line, one.end_line) = (101, 163);
        let at = citation(&one, "The signature comes from `get_signature` and is returned after the value.");
        assert_eq!((at.start_line, at.end_line), (112, 112), "one lands on the line, not at the top");
        let at = citation(&one, "It calls `step_8` and `step_11`.");
        assert_eq!((at.start_line, at.end_line), (110, 115), "both names, and no line more");
        let at = citation(&one, "Nothing of this.");
        assert_eq!((at.start_line, at.end_line), (101, 108), "a few lines at most");
        assert_eq!(
            support("It calls `step_50` at the end of `sign`.", 0, &[one]),
            None,
            "the model did not see that far: it guessed"
        );
    }

    #[test]
    fn going_round_in_circles_is_noticed() {
        assert!(is_like(
            "The signer appends the signature.",
            "The signature is appended; the signer appends the signature."
        ));
        assert!(!is_like("The signer appends the signature.", "An expired value raises an error."));
    }
}
