//! The sentences of a message that are the author's own.

/// Bytes of a message that are read.
const MOST_BYTES: usize = 20_000;
/// Longer sentences are tables or logs.
const LONGEST: usize = 400;
const MOST: usize = 400;

/// A sentence with its white space squeezed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) text: String,
    /// From 1, of its first word.
    pub(super) line: u32,
}

/// The sentences of a message: the subject, what ends with a full stop, and each item of a list. Quoted lines,
/// trailers and what another project's release notes say are left out. A line that ends with a colon goes with
/// those that follow it when they say before and after.
pub(super) fn sentences(message: &str) -> Vec<Sentence> {
    let message = &message[..message.floor_char_boundary(MOST_BYTES)];
    let mut found: Vec<Sentence> = Vec::new();
    let mut open: Option<Sentence> = None;
    for (line, number) in message.lines().zip(1_u32..) {
        let plain = line.trim();
        if is_foreign(plain) {
            break;
        }
        let item = plain.strip_prefix(['-', '*', '+', '•']).filter(|rest| rest.starts_with([' ', '\t']));
        let is_code = line.starts_with("    ") && item.is_none();
        if plain.is_empty() || plain.starts_with(['>', '|', '#']) || is_code || is_trailer(plain) {
            found.extend(open.take());
            continue;
        }
        let words = item.unwrap_or(plain).trim();
        let goes_on = match &open {
            Some(open) => item.is_none() && number > 2 || continues(&open.text, words),
            None => false,
        };
        if !goes_on {
            found.extend(open.take());
        }
        for part in parts(words) {
            match open.as_mut() {
                Some(open) if !ends(&open.text) => {
                    open.text.push(' ');
                    push(&mut open.text, part);
                }
                _ => {
                    found.extend(open.take());
                    let mut text = String::new();
                    push(&mut text, part);
                    open = Some(Sentence { text, line: number });
                }
            }
        }
        if found.len() >= MOST {
            break;
        }
    }
    found.extend(open);
    found.retain(|sentence| (1..=LONGEST).contains(&sentence.text.len()));
    found.truncate(MOST);
    found
}

/// The words with one blank between them, as far as they can matter.
fn push(text: &mut String, part: &str) {
    for (index, word) in part.split_whitespace().enumerate() {
        if text.len() > LONGEST {
            return;
        }
        if index > 0 {
            text.push(' ');
        }
        text.push_str(word);
    }
}

/// Cut behind each full stop that a blank and a capital, a digit or a sign follow.
fn parts(line: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, _) in line.match_indices(['.', '!', '?', ';']) {
        let rest = &line[at + 1..];
        let next = rest.trim_start().chars().next();
        let ends = rest.starts_with(' ') && next.is_some_and(|c| !c.is_lowercase());
        if ends && !line[from..at].ends_with("vs") && !line[from..at].ends_with("approx") {
            parts.push(&line[from..=at]);
            from = at + 1;
        }
    }
    parts.push(&line[from..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn ends(text: &str) -> bool {
    text.ends_with(['.', '!', '?', ';'])
}

/// `Before: 120 ms` behind `Time to load 10,000 rows:`, and `After: 35 ms` behind that.
fn continues(open: &str, words: &str) -> bool {
    let starts = |word: &str| words.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let after = starts("after") || starts("now");
    (open.ends_with(':') && (starts("before") || starts("was") || after))
        || (after && open.to_ascii_lowercase().contains("before"))
}

/// Here begins what tools and other projects wrote.
fn is_foreign(line: &str) -> bool {
    let lower = line.trim_start_matches(['#', '*', ' ']).to_ascii_lowercase();
    line.starts_with("<details")
        || line.starts_with("```")
        || line.starts_with("diff --git")
        || line == "---"
        || ["release notes", "changelog", "commits"]
            .iter()
            .any(|head| lower.strip_prefix(head).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))
}

/// `Signed-off-by: …`, `Co-authored-by: …`, `Reviewed-by: …`.
fn is_trailer(line: &str) -> bool {
    line.split_once(": ").is_some_and(|(key, _)| key.ends_with("-by") && !key.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::sentences;

    #[test]
    fn a_message_is_its_authors_sentences() {
        let message = "Speed up  search (#12)\n\nThe index is built once. It took 2.5 s before,\nnow 0.3 s. \
                       See e.g. the docs\n\n- first item\n- second\n  goes on\n> quoted\n\nLoad time:\n- before: 3 s\n- after: 1 s\n\n\
                       Signed-off-by: A <a@example.org>\n\nRelease notes\nTheirs is 3x faster.\n";
        let found: Vec<String> =
            sentences(message).into_iter().map(|one| format!("{} {}", one.line, one.text)).collect();
        assert_eq!(
            found,
            [
                "1 Speed up search (#12)",
                "3 The index is built once.",
                "3 It took 2.5 s before, now 0.3 s.",
                "4 See e.g. the docs",
                "6 first item",
                "7 second goes on",
                "11 Load time: before: 3 s after: 1 s",
            ]
        );
    }
}
