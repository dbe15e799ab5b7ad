//! The text model at work: prefill, decode under a grammar, score.

mod contrast;

use std::path::Path;
use std::sync::Arc;

use candle_core::Tensor;
use internflow_protocol::{FailureKind, Output};
use serde_json::Value;

use crate::chat;
use crate::control::{Control, Failure};
use crate::files::open_gguf;
use crate::grammar::{Constraint, Grammars};
use crate::pace::Pace;
use crate::qwen2::{Memory, Qwen2};
use crate::sample::{Random, choose, log_probability};
use crate::vocabulary::Vocabulary;

/// Tokens of a prompt in one pass. A cancel waits for part of a layer of it: 64 keep that below a tenth
/// of a second on two slow cores, and longer passes are hardly faster.
const PREFILL_CHUNK: usize = 64;
/// Rows of logits at a time while scoring: 152 k floats each.
const SCORE_ROWS: usize = 32;

/// Tokens guessed ahead, see [`draft`]: the first time, and after a guess that was right to its end. On two
/// cores reading one token takes 130 ms, three 162 ms, eight 345 ms; and a guess tends to be wrong at
/// once or right throughout.
const DRAFT: [usize; 2] = [2, 7];

/// A loaded text model. Chat and fill-in-the-middle have a memory each: judging a candidate between two
/// questions about the same code must not make the second one read that code again.
pub struct TextEngine {
    model: Qwen2,
    vocabulary: Arc<Vocabulary>,
    grammars: Grammars,
    chat: Thread,
    middle: Thread,
    pace: Pace,
    /// Most tokens guessed ahead.
    draft: [usize; 2],
}

/// A conversation: what was read, and the model's memory of it.
struct Thread {
    memory: Memory,
    /// As long as the memory; the prefix that the next prompt may share.
    tokens: Vec<u32>,
}

/// What to write, and how.
pub struct Prompt {
    pub system: String,
    pub user: String,
    pub schema: Option<Value>,
    pub max_tokens: u32,
    pub temperature: f32,
    pub seed: u64,
}

impl TextEngine {
    pub fn load(path: &Path, context: usize) -> Result<Self, Failure> {
        let (mut file, content) = open_gguf(path)?;
        let vocabulary = Arc::new(Vocabulary::from_gguf(&content)?);
        let model = Qwen2::load(&content, &mut file, context)?;
        if vocabulary.len() > model.vocabulary() {
            return Err(Failure::model(format!(
                "The model has {} tokens but logits for {}.",
                vocabulary.len(),
                model.vocabulary()
            )));
        }
        let grammars = Grammars::new(vocabulary.clone(), model.vocabulary())?;
        let (chat, middle) = (Thread::new(&model)?, Thread::new(&model)?);
        Ok(Self { model, vocabulary, grammars, chat, middle, pace: Pace::default(), draft: DRAFT })
    }

    /// Length of a row of logits.
    pub fn width(&self) -> usize {
        self.model.vocabulary()
    }

    /// Answers a chat message; [`Output::Text`].
    pub fn generate(&mut self, prompt: &Prompt, control: &Control) -> Result<Output, Failure> {
        self.generate_in_pieces(prompt, control, &mut |_| {})
    }

    /// As [`TextEngine::generate`]; `heard` gets what was written since it was last called, except the end.
    pub fn generate_in_pieces(
        &mut self,
        prompt: &Prompt,
        control: &Control,
        heard: &mut dyn FnMut(String),
    ) -> Result<Output, Failure> {
        let mut constraint =
            prompt.schema.as_ref().map(|schema| self.grammars.constrain(schema)).transpose()?;
        let mut said = chat::chat(&self.vocabulary, &prompt.system, &prompt.user)?;
        let prompt_tokens = said.len();
        let room = self.room_after(prompt_tokens)?;
        let end = prompt_tokens + room.min(prompt.max_tokens as usize);
        let reused = self.chat.rewind(&said);
        let mut random = Random::new(prompt.seed);

        // What the grammar forces at the start (`{"findings":[`) is read along with the prompt.
        let (more, mut cut) = forced(&mut constraint, end - prompt_tokens)?;
        said.extend(more);
        let mut pending = said[reused..].to_vec();
        let mut complete = !cut && is_complete(&constraint);
        let mut trusted = false;
        let mut told = Told::default();
        'writing: while !complete && said.len() < end {
            let most = self.draft[usize::from(trusted)]
                .min(end - said.len())
                .min(PREFILL_CHUNK.saturating_sub(pending.len()));
            // Only at temperature 0, where a right guess changes nothing but the time.
            let guess = match prompt.temperature {
                0.0 => guess(&said, most, &mut constraint),
                _ => Vec::new(),
            };
            pending.extend(&guess);
            let rows = self.chat.advance(&self.model, &mut self.pace, &pending, 1 + guess.len(), control)?;
            // The row after a part of the guess holds as long as that part is what the model says.
            let mut right = 0;
            pending.clear();
            while let (true, Some(row)) = (pending.is_empty(), rows.get(right)) {
                let answer = &said[prompt_tokens..];
                let token = self.next_token(row, &mut constraint, prompt.temperature, &mut random, answer)?;
                let Some(token) = token else {
                    complete = constraint.is_none();
                    break 'writing;
                };
                if let Some(constraint) = &mut constraint {
                    constraint.consume(token)?;
                }
                let from = said.len();
                said.push(token);
                let more;
                (more, cut) = forced(&mut constraint, end - said.len())?;
                said.extend(more);
                complete = !cut && is_complete(&constraint);
                if complete || said.len() >= end {
                    break 'writing;
                }
                let new = &said[from..];
                let same = guess[right..].iter().zip(new).take_while(|(a, b)| a == b).count();
                right += same;
                pending.extend(&new[same..]);
            }
            if let Some(piece) = told.more(&self.vocabulary, &said[prompt_tokens..]) {
                heard(piece);
            }
            trusted = right > 0 && right == guess.len();
            self.chat.truncate(self.chat.tokens.len() - (guess.len() - right));
        }
        let answer = &said[prompt_tokens..];
        Ok(Output::Text {
            text: self.vocabulary.decode(answer),
            complete,
            prompt_tokens: prompt_tokens as u32,
            reused_tokens: reused as u32,
            output_tokens: answer.len() as u32,
        })
    }

    /// Natural-log probability of each continuation after `prefix`; [`Output::Scores`].
    pub fn score(
        &mut self,
        prefix: &str,
        continuations: &[String],
        control: &Control,
    ) -> Result<Output, Failure> {
        let prefix = chat::fill_in_the_middle(&self.vocabulary, prefix)?;
        if prefix.is_empty() {
            return Err(Failure::new(FailureKind::BadRequest, "Nothing can be scored without a prefix."));
        }
        Ok(Output::Scores { values: self.score_after(&prefix, continuations, control)? })
    }

    /// Natural-log probability of each continuation after the tokens of `head`, of which there is at least one.
    fn score_after(
        &mut self,
        head: &[u32],
        continuations: &[String],
        control: &Control,
    ) -> Result<Vec<f32>, Failure> {
        let room = self.room_after(head.len())?;
        let reused = self.middle.rewind(head);
        let first = self.middle.advance(&self.model, &mut self.pace, &head[reused..], 1, control)?;
        let first = first.first().map_or(&[][..], Vec::as_slice);
        let mut values = Vec::with_capacity(continuations.len());
        for continuation in continuations {
            let tokens = self.vocabulary.encode(continuation)?;
            if tokens.len() > room {
                return Err(self.too_long(head.len() + tokens.len()));
            }
            self.middle.truncate(head.len());
            values.push(self.score_one(first, &tokens, control)?);
        }
        Ok(values)
    }

    /// Sum over `tokens`, the first of which is judged by the logits `first`.
    fn score_one(&mut self, first: &[f32], tokens: &[u32], control: &Control) -> Result<f32, Failure> {
        let no_number = || Failure::new(FailureKind::Internal, "The model's probabilities are not numbers.");
        let Some((&head, rest)) = tokens.split_first() else { return Ok(0.0) };
        let mut sum = log_probability(first, head).ok_or_else(no_number)?;
        // The last token is judged, but nothing after it: it need not be read.
        for (start, chunk) in tokens[..rest.len()].chunks(SCORE_ROWS).enumerate() {
            let hidden = self.middle.read(&self.model, &mut self.pace, chunk, control)?;
            let logits = self.pace.finish(|| self.model.logits(&hidden))?;
            let next = &rest[start * SCORE_ROWS..][..chunk.len()];
            for (row, &token) in logits.chunks_exact(self.model.vocabulary()).zip(next) {
                sum += log_probability(row, token).ok_or_else(no_number)?;
            }
        }
        Ok(sum)
    }

    /// The model's next token, or `None` when it ends its answer or goes round in circles.
    fn next_token(
        &self,
        logits: &[f32],
        constraint: &mut Option<Constraint>,
        temperature: f32,
        random: &mut Random,
        answer: &[u32],
    ) -> Result<Option<u32>, Failure> {
        let stuck = repeats(answer);
        let Some(constraint) = constraint else {
            let all = 0..self.vocabulary.len() as u32;
            let token = choose(logits, all, temperature, random);
            return Ok(token.filter(|&token| !stuck && !self.vocabulary.is_special(token)));
        };
        let allowed = constraint.allowed()?;
        let quote = self.vocabulary.encode("\"")?;
        if let (true, [quote]) = (stuck, quote.as_slice())
            && allowed.is_allowed(*quote)
        {
            return Ok(Some(*quote));
        }
        match choose(logits, allowed.iter(), temperature, random) {
            // The grammar lets an answer end that could also go on, and the model ends it.
            Some(token) if self.vocabulary.is_special(token) => {
                constraint.consume(token)?;
                Ok(None)
            }
            Some(token) => Ok(Some(token)),
            None => Err(Failure::new(FailureKind::Internal, "The model's logits are not numbers.")),
        }
    }

    /// Tokens that fit after a prompt of this length; at least one.
    fn room_after(&self, prompt: usize) -> Result<usize, Failure> {
        match self.model.context().checked_sub(prompt) {
            Some(room) if room > 0 => Ok(room),
            _ => Err(self.too_long(prompt)),
        }
    }

    fn too_long(&self, tokens: usize) -> Failure {
        let context = self.model.context();
        Failure::new(
            FailureKind::TooLong,
            format!("The prompt has {tokens} tokens; the model reads less than {context} at a time."),
        )
    }
}

impl Thread {
    fn new(model: &Qwen2) -> Result<Self, Failure> {
        Ok(Self { memory: model.memory()?, tokens: Vec::new() })
    }

    /// Reads `tokens` in chunks; logits after each of the last `rows`, which fit one chunk with all
    /// that is read unless there is one.
    fn advance(
        &mut self,
        model: &Qwen2,
        pace: &mut Pace,
        tokens: &[u32],
        rows: usize,
        control: &Control,
    ) -> Result<Vec<Vec<f32>>, Failure> {
        let mut last = None;
        for chunk in tokens.chunks(PREFILL_CHUNK) {
            let hidden = self.read(model, pace, chunk, control)?;
            let rows = rows.min(chunk.len());
            last = Some(hidden.narrow(0, chunk.len() - rows, rows)?);
        }
        let last = last.ok_or_else(|| Failure::new(FailureKind::Internal, "An empty prompt was read."))?;
        let logits = pace.finish(|| model.logits(&last))?;
        Ok(logits.chunks_exact(model.vocabulary()).map(<[f32]>::to_vec).collect())
    }

    fn read(
        &mut self,
        model: &Qwen2,
        pace: &mut Pace,
        tokens: &[u32],
        control: &Control,
    ) -> Result<Tensor, Failure> {
        let hidden = pace.read(tokens.len(), || model.forward(&mut self.memory, tokens, control))?;
        self.tokens.extend(tokens);
        Ok(hidden)
    }

    /// Keeps what the memory shares with `wanted` and says how much that is: never all of it, since
    /// the logits after the last token are needed again.
    fn rewind(&mut self, wanted: &[u32]) -> usize {
        let shared = self.tokens.iter().zip(wanted).take_while(|(a, b)| a == b).count();
        let kept = shared.min(wanted.len().saturating_sub(1));
        self.truncate(kept);
        kept
    }

    fn truncate(&mut self, length: usize) {
        self.memory.truncate(length);
        self.tokens.truncate(length);
        debug_assert_eq!(self.memory.length(), self.tokens.len());
    }
}

/// How far an answer was told while it was written.
#[derive(Default)]
struct Told {
    tokens: usize,
    /// The beginning of a character whose end is in a later token.
    rest: Vec<u8>,
}

impl Told {
    /// What of `answer` was not told yet, up to its last whole character.
    fn more(&mut self, vocabulary: &Vocabulary, answer: &[u32]) -> Option<String> {
        self.rest.extend(answer[self.tokens..].iter().flat_map(|&id| vocabulary.bytes(id)));
        self.tokens = answer.len();
        let whole = match std::str::from_utf8(&self.rest) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.rest.len(),
        };
        let piece: Vec<u8> = self.rest.drain(..whole).collect();
        (!piece.is_empty()).then(|| String::from_utf8_lossy(&piece).into_owned())
    }
}

/// Up to `most` tokens that may come after `said` and that the grammar lets through.
fn guess(said: &[u32], most: usize, constraint: &mut Option<Constraint>) -> Vec<u32> {
    let guess = draft(said, most);
    let valid = match constraint {
        Some(constraint) if !guess.is_empty() => constraint.would_pass(guess),
        _ => guess.len(),
    };
    guess[..valid].to_vec()
}

/// What followed the last words when they were said before: answers about code quote it.
///
/// Prompt lookup decoding (Saxena 2023), after the three or else two last tokens.
fn draft(said: &[u32], most: usize) -> &[u32] {
    [3, 2]
        .into_iter()
        .filter(|&words| said.len() > words)
        .find_map(|words| {
            let (before, last) = (&said[..said.len() - 1], &said[said.len() - words..]);
            let at = before.windows(words).rposition(|earlier| earlier == last)?;
            said.get(at + words..(at + words + most).min(said.len()))
        })
        .unwrap_or(&[])
}

/// What the grammar forces next, at most `limit` tokens of it; true when that is not all.
fn forced(constraint: &mut Option<Constraint>, limit: usize) -> Result<(Vec<u32>, bool), Failure> {
    let mut tokens = constraint.as_mut().map_or(Ok(Vec::new()), Constraint::forced)?;
    let cut = tokens.len() > limit;
    tokens.truncate(limit);
    Ok((tokens, cut))
}

fn is_complete(constraint: &Option<Constraint>) -> bool {
    constraint.as_ref().is_some_and(Constraint::is_complete)
}

/// True when the answer's end is the same passage three times over, the sign of a small model that
/// will not stop by itself. Passages of 12 to 40 tokens: shorter ones recur in honest code.
fn repeats(answer: &[u32]) -> bool {
    (12..=40).any(|period| {
        answer.len().checked_sub(3 * period).is_some_and(|start| {
            let tail = &answer[start..];
            tail[..2 * period] == tail[period..]
        })
    })
}

#[cfg(test)]
mod tests {
    use candle_core::quantized::GgmlDType;
    use serde_json::json;

    use super::*;
    use crate::tiny;

    pub(super) fn engine(context: usize) -> TextEngine {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tiny.gguf");
        tiny::write(&path, GgmlDType::F32, false);
        TextEngine::load(&path, context).unwrap()
    }

    fn prompt(user: &str, schema: Option<Value>) -> Prompt {
        Prompt { system: "s".into(), user: user.into(), schema, max_tokens: 300, temperature: 0.0, seed: 1 }
    }

    fn text(output: Output) -> (String, bool, u32, u32) {
        match output {
            Output::Text { text, complete, reused_tokens, output_tokens, .. } => {
                (text, complete, reused_tokens, output_tokens)
            }
            other => panic!("not a text: {other:?}"),
        }
    }

    pub(super) fn scores(engine: &mut TextEngine, prefix: &str, continuations: &[&str]) -> Vec<f32> {
        let continuations: Vec<String> = continuations.iter().map(|s| s.to_string()).collect();
        match engine.score(prefix, &continuations, &Control::new(0)).unwrap() {
            Output::Scores { values } => values,
            other => panic!("not scores: {other:?}"),
        }
    }

    #[test]
    fn noise_in_a_grammar_is_still_valid_json() {
        let schema = json!({
            "type": "object",
            "properties": {
                "findings": {"type": "array", "minItems": 1, "maxItems": 2, "items": {
                    "type": "object",
                    "properties": {
                        "severity": {"enum": ["major", "minor"]},
                        "quote": {"type": "string", "maxLength": 12},
                        "line": {"type": "integer", "minimum": 1, "maximum": 99}
                    },
                    "required": ["severity", "quote", "line"],
                    "additionalProperties": false
                }}
            },
            "required": ["findings"],
            "additionalProperties": false
        });
        let mut engine = engine(1024);
        for (seed, temperature) in [(1, 0.0), (2, 1.0), (3, 1.0), (4, 2.0)] {
            let request = Prompt { seed, temperature, ..prompt("review this", Some(schema.clone())) };
            let (text, complete, ..) = text(engine.generate(&request, &Control::new(0)).unwrap());
            assert!(complete, "{text}");
            let answer: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
            let findings = answer["findings"].as_array().unwrap();
            assert!((1..=2).contains(&findings.len()), "{text}");
            for finding in findings {
                assert!(["major", "minor"].contains(&finding["severity"].as_str().unwrap()), "{text}");
                assert!(finding["quote"].as_str().unwrap().chars().count() <= 12, "{text}");
                assert!((1..=99).contains(&finding["line"].as_i64().unwrap()), "{text}");
            }
            assert!(text.starts_with("{\"findings\":[{\"severity\":\"m"), "no free whitespace: {text}");
        }
    }

    #[test]
    fn the_pieces_are_the_beginning_of_the_text() {
        let schema = json!({"type": "object", "properties": {"a": {"type": "string", "minLength": 20, "maxLength": 40}},
            "required": ["a"], "additionalProperties": false});
        let request = Prompt { temperature: 1.0, ..prompt("x", Some(schema)) };
        let mut engine = engine(512);
        let mut pieces = Vec::new();
        let written = engine.generate_in_pieces(&request, &Control::new(0), &mut |piece| pieces.push(piece));
        let (whole, ..) = text(written.unwrap());
        assert!(pieces.len() > 5, "the reader waits for no more than a few tokens: {pieces:?}");
        assert!(whole.starts_with(&pieces.concat()), "{pieces:?} is not the beginning of {whole}");
        let (again, ..) = text(engine.generate(&request, &Control::new(0)).unwrap());
        assert_eq!(again, whole, "telling it changes nothing");
    }

    #[test]
    fn a_shared_prefix_is_reused_and_changes_no_answer() {
        let schema = json!({"type": "object", "properties": {"a": {"type": "string", "maxLength": 30}},
            "required": ["a"], "additionalProperties": false});
        let long = "x = 1\n".repeat(60);
        let mut engine = engine(2048);
        engine.generate(&prompt(&format!("{long}first"), Some(schema.clone())), &Control::new(0)).unwrap();
        let second = prompt(&format!("{long}second"), Some(schema));
        let (warm, _, reused, _) = text(engine.generate(&second, &Control::new(0)).unwrap());
        assert!(reused > 300, "360 characters are shared, {reused} tokens were reused");
        let mut fresh = super::tests::engine(2048);
        let (cold, _, none, _) = text(fresh.generate(&second, &Control::new(0)).unwrap());
        assert_eq!(none, 0);
        assert_eq!(warm, cold, "a warm cache must not change an answer");
    }

    #[test]
    fn guessing_ahead_changes_no_answer() {
        let schema = json!({"type": "object", "properties": {"a": {"type": "string", "maxLength": 90}},
            "required": ["a"], "additionalProperties": false});
        let mut guessed = 0;
        for user in ["abcabcabcabcabcabc", "x = 1\nx = 2\nx = 1\n", "0000000000", "the a the b the a"] {
            for schema in [None, Some(schema.clone())] {
                let mut engine = engine(1024);
                let (with, _, _, count) =
                    text(engine.generate(&prompt(user, schema.clone()), &Control::new(0)).unwrap());
                let kept = engine.chat.tokens.clone();
                engine = self::engine(1024);
                engine.draft = [0, 0];
                let (without, _, _, expected) =
                    text(engine.generate(&prompt(user, schema), &Control::new(0)).unwrap());
                assert_eq!((&with, count), (&without, expected), "after {user}");
                guessed += usize::from(kept != engine.chat.tokens);
            }
        }
        assert!(guessed > 0, "no guess was ever read, so this proves nothing");
    }

    #[test]
    fn what_followed_the_same_words_is_guessed() {
        assert_eq!(draft(&[1, 2, 3, 4, 5, 9, 1, 2, 3], 2), [4, 5]);
        assert_eq!(draft(&[7, 2, 3, 4, 5, 9, 2, 3, 8, 2, 3], 9), [8, 2, 3], "the latest counts");
        assert!(draft(&[1, 2, 3, 4], 2).is_empty(), "nothing was said twice");
        assert_eq!(draft(&[6, 6, 6, 6], 2), [6], "no further than what was said");
        assert!(draft(&[1], 2).is_empty());
    }

    #[test]
    fn scores_are_log_probabilities_whatever_was_asked_before() {
        let mut engine = engine(512);
        let prefix = "<|fim_prefix|>if a <|fim_suffix|> b:\n<|fim_middle|>";
        let together = scores(&mut engine, prefix, &["<", ">= 10 and x", ""]);
        assert_eq!(together[2], 0.0, "an empty continuation is certain");
        assert!(together[0] < 0.0 && together[1] < together[0], "{together:?}");
        engine.generate(&prompt("something else", None), &Control::new(0)).unwrap();
        let alone = scores(&mut engine, prefix, &[">= 10 and x"]);
        assert!((alone[0] - together[1]).abs() < 1e-2, "{alone:?} against {together:?}");
        // The chain rule: p(ab) = p(a) p(b | a).
        let first = scores(&mut engine, prefix, &[">= 10"])[0];
        let then = scores(&mut engine, &format!("{prefix}>= 10"), &[" and x"])[0];
        assert!((first + then - together[1]).abs() < 1e-2, "{first} + {then} against {}", together[1]);
        // All single bytes, the merge and the control tokens make up everything there is.
        let long = "y".repeat(3 * SCORE_ROWS + 1);
        let in_pieces = scores(&mut engine, prefix, &[&long])[0];
        let (head, tail) = long.split_at(50);
        let sum = scores(&mut engine, prefix, &[head])[0]
            + scores(&mut engine, &format!("{prefix}{head}"), &[tail])[0];
        assert!((in_pieces - sum).abs() < 0.05, "rows of several chunks are matched with the wrong tokens");
    }

    #[test]
    fn limits_are_told_and_kept() {
        let mut engine = engine(64);
        let error = engine.generate(&prompt(&"x".repeat(100), None), &Control::new(0)).unwrap_err();
        assert_eq!(error.kind, FailureKind::TooLong);
        let error = engine.score("", &["a".into()], &Control::new(0)).unwrap_err();
        assert_eq!(error.kind, FailureKind::BadRequest);
        let schema = json!({"type": "object", "properties": {"a": {"type": "string", "minLength": 500}},
            "required": ["a"], "additionalProperties": false});
        let cut = Prompt { max_tokens: 9, ..prompt("x", Some(schema)) };
        let (_, complete, _, tokens) = text(engine.generate(&cut, &Control::new(0)).unwrap());
        assert!(!complete && tokens == 9, "an answer that is cut off must say so");
        let error =
            engine.generate(&prompt("x", Some(json!({"type": "strange"}))), &Control::new(0)).unwrap_err();
        assert_eq!(error.kind, FailureKind::BadRequest, "{}", error.message);
        let stopped = Control::new(0);
        stopped.cancel();
        let error = engine.generate(&prompt("x", None), &stopped).unwrap_err();
        assert_eq!(error.kind, FailureKind::Cancelled);
        assert!(!scores(&mut engine, "a", &["b"]).is_empty(), "and the engine is usable afterwards");
    }

    #[test]
    fn a_passage_that_comes_three_times_is_noticed() {
        let passage: Vec<u32> = (0..15).collect();
        assert!(repeats(&[vec![99, 98], passage.repeat(3)].concat()));
        assert!(!repeats(&passage.repeat(2)), "twice happens in honest text");
        assert!(!repeats(&[passage.repeat(3), vec![77]].concat()), "it has ended by itself");
        assert!(!repeats(&(0..100).collect::<Vec<u32>>()));
    }
}
