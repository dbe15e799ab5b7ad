//! Many small edits of one text, weighed in one reading of it.

use internflow_protocol::{Edit, FailureKind, Output};

use super::{PREFILL_CHUNK, TextEngine};
use crate::chat;
use crate::control::{Control, Failure};

/// Where an edit leaves the text, and what the two go on with.
struct Fork {
    /// Tokens of the text before it.
    at: usize,
    written: u32,
    edited: u32,
}

impl TextEngine {
    /// For each edit how much likelier (nats) the edited text is than `text` at the first token in which they
    /// differ, after `prefix`; [`Output::Scores`]. An edit that changes nothing, or only the text's end, is 0.
    pub fn contrast(
        &mut self,
        prefix: &str,
        text: &str,
        edits: &[Edit],
        control: &Control,
    ) -> Result<Output, Failure> {
        let prefix = chat::fill_in_the_middle(&self.vocabulary, prefix)?;
        let own = self.vocabulary.encode(text)?;
        let mut forks = Vec::with_capacity(edits.len());
        for edit in edits {
            control.check()?;
            forks.push(self.fork(text, &own, edit)?);
        }
        if prefix.is_empty() {
            return Err(Failure::new(FailureKind::BadRequest, "Nothing can be weighed without a prefix."));
        }
        let room = self.room_after(prefix.len())?;
        if own.len() > room {
            return Err(self.too_long(prefix.len() + own.len()));
        }
        let mut all = prefix.clone();
        all.extend(&own);
        // The row after the last token before the text is the first that is asked about.
        let reused = self.middle.rewind(&prefix);
        let mut values = vec![0.0; edits.len()];
        let mut start = reused;
        for chunk in all[reused..].chunks(PREFILL_CHUNK) {
            let hidden = self.middle.read(&self.model, &mut self.pace, chunk, control)?;
            let mut here: Vec<(usize, &Fork)> = forks
                .iter()
                .enumerate()
                .filter_map(|(index, fork)| Some((index, fork.as_ref()?)))
                .filter(|(_, fork)| (start..start + chunk.len()).contains(&(prefix.len() + fork.at - 1)))
                .collect();
            here.sort_by_key(|(_, fork)| fork.at);
            // The words of the whole vocabulary are weighed once for all edits that part at one token.
            for edits in here.chunk_by(|a, b| a.1.at == b.1.at) {
                let row = hidden.narrow(0, prefix.len() + edits[0].1.at - 1 - start, 1)?;
                let logits = self.pace.finish(|| self.model.logits(&row))?;
                let logit = |token: u32| logits.get(token as usize).copied().unwrap_or(f32::NAN);
                for (index, fork) in edits {
                    let gain = logit(fork.edited) - logit(fork.written);
                    if !gain.is_finite() {
                        let why = "The model's logits are not numbers.";
                        return Err(Failure::new(FailureKind::Internal, why));
                    }
                    values[*index] = gain;
                }
            }
            start += chunk.len();
        }
        Ok(Output::Scores { values })
    }

    /// For each edit how much likelier (nats) the edited text is than `text` over the edit's line and `lines` whole
    /// lines after it, after `prefix`; [`Output::Scores`]. What [`TextEngine::contrast`] has just read of the same
    /// text is not read again.
    pub fn contrast_lines(
        &mut self,
        prefix: &str,
        text: &str,
        edits: &[Edit],
        lines: usize,
        control: &Control,
    ) -> Result<Output, Failure> {
        let prefix = chat::fill_in_the_middle(&self.vocabulary, prefix)?;
        let bad = |why| Failure::new(FailureKind::BadRequest, why);
        if prefix.is_empty() {
            return Err(bad("Nothing can be weighed without a prefix."));
        }
        let mut at = Vec::with_capacity(edits.len());
        for (index, edit) in edits.iter().enumerate() {
            let (Some(before), Some(after)) = (text.get(..edit.start), text.get(edit.end..)) else {
                return Err(bad("An edit is not within the text."));
            };
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let ends = after.match_indices('\n').map(|(at, _)| edit.end + at + 1);
            at.push((start, ends.chain([text.len()]).nth(lines).unwrap_or(text.len()), index));
        }
        // From the last line to the first: what was read before a line stays read.
        at.sort_by(|a, b| b.cmp(a));
        let mut values = vec![0.0; edits.len()];
        for of_line in at.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let (start, end, _) = of_line[0];
            let mut head = prefix.clone();
            head.extend(self.vocabulary.encode(&text[..start])?);
            let edited = of_line.iter().map(|&(_, _, index)| {
                let Edit { start: from, end: to, text: with } = &edits[index];
                format!("{}{with}{}", &text[start..*from], &text[*to..end.max(*to)])
            });
            let windows: Vec<String> = std::iter::once(text[start..end].to_owned()).chain(edited).collect();
            let scores = self.score_after(&head, &windows, control)?;
            for (&(_, _, index), score) in of_line.iter().zip(&scores[1..]) {
                values[index] = score - scores[0];
            }
        }
        Ok(Output::Scores { values })
    }

    fn fork(&self, text: &str, own: &[u32], edit: &Edit) -> Result<Option<Fork>, Failure> {
        let (Some(before), Some(after)) = (text.get(..edit.start), text.get(edit.end..)) else {
            return Err(Failure::new(FailureKind::BadRequest, "An edit is not within the text."));
        };
        // Only the line it is in: what comes later is the same, and tokens do not reach over a line's end.
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let end = after.find('\n').map_or(text.len(), |at| edit.end + at);
        let head = self.vocabulary.encode(&text[..line])?;
        if !own.starts_with(&head) {
            return self.fork_in_all(own, &format!("{before}{}{after}", edit.text));
        }
        let edited = self.vocabulary.encode(&format!(
            "{}{}{}",
            &text[line..edit.start],
            edit.text,
            &text[edit.end..end]
        ))?;
        Ok(differ(&own[head.len()..], &edited).map(|(at, written, edited)| Fork {
            at: head.len() + at,
            written,
            edited,
        }))
    }

    fn fork_in_all(&self, own: &[u32], edited: &str) -> Result<Option<Fork>, Failure> {
        let edited = self.vocabulary.encode(edited)?;
        Ok(differ(own, &edited).map(|(at, written, edited)| Fork { at, written, edited }))
    }
}

/// The first place at which both go on and differ, with what they go on with.
fn differ(own: &[u32], edited: &[u32]) -> Option<(usize, u32, u32)> {
    let at = own.iter().zip(edited).position(|(a, b)| a != b)?;
    Some((at, own[at], edited[at]))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{engine, scores};
    use super::*;

    #[test]
    fn over_lines_an_edit_weighs_what_a_score_of_the_lines_weighs() {
        let (prefix, text) = ("<|fim_prefix|>ab<|fim_suffix|>c<|fim_middle|>", "abc\ndbe\nfa\nb");
        let edit = |start: usize, end: usize, text: &str| Edit { start, end, text: text.into() };
        let edits = [edit(0, 1, "b"), edit(5, 6, "e"), edit(6, 6, "a"), edit(11, 12, "f")];
        let mut one = engine(256);
        one.contrast(prefix, text, &edits, &Control::new(0)).unwrap();
        let Output::Scores { values } =
            one.contrast_lines(prefix, text, &edits, 1, &Control::new(0)).unwrap()
        else {
            panic!("not scores")
        };
        let second =
            scores(&mut engine(256), &format!("{prefix}abc\n"), &["dbe\nfa\n", "dee\nfa\n", "dbae\nfa\n"]);
        let first = scores(&mut engine(256), prefix, &["abc\ndbe\n", "bbc\ndbe\n"]);
        let last = scores(&mut engine(256), &format!("{prefix}abc\ndbe\nfa\n"), &["b", "f"]);
        let expected = [first[1] - first[0], second[1] - second[0], second[2] - second[0], last[1] - last[0]];
        for (value, expected) in values.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-3, "{values:?} {expected}");
        }
    }

    #[test]
    fn an_edit_weighs_what_a_score_of_its_first_token_weighs() {
        let (prefix, text) = ("<|fim_prefix|>ab<|fim_suffix|>c<|fim_middle|>", "abc\ndbe\nfa");
        let edit = |start: usize, end: usize, text: &str| Edit { start, end, text: text.into() };
        let edits = [edit(5, 6, "e"), edit(0, 1, "b"), edit(2, 2, ""), edit(8, 9, "c")];
        let mut one = engine(256);
        let Output::Scores { values } = one.contrast(prefix, text, &edits, &Control::new(0)).unwrap() else {
            panic!("not scores")
        };
        assert_eq!(values[2], 0.0, "an edit that changes nothing");
        let first = scores(&mut engine(256), prefix, &["b", "a"]);
        assert!((values[1] - (first[0] - first[1])).abs() < 1e-3, "{values:?} {first:?}");
        let after = scores(&mut engine(256), &format!("{prefix}abc\nd"), &["e", "b"]);
        assert!((values[0] - (after[0] - after[1])).abs() < 1e-3, "{values:?} {after:?}");
        let Output::Scores { values: again } = one.contrast(prefix, text, &edits, &Control::new(0)).unwrap()
        else {
            panic!("not scores")
        };
        for (a, b) in values.iter().zip(&again) {
            assert!((a - b).abs() < 1e-3, "what is remembered changes nothing");
        }
    }
}
