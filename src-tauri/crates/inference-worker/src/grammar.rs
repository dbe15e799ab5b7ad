//! Answers that follow a JSON schema: at every step, which tokens may come next.

use std::sync::Arc;

use internflow_protocol::FailureKind;
use llguidance::api::TopLevelGrammar;
use llguidance::{Matcher, ParserFactory};
use serde_json::{Value, json};
use toktrie::{InferenceCapabilities, SimpleVob, TokEnv, TokRxInfo, TokTrie, TokenizerEnv};

use crate::control::Failure;
use crate::vocabulary::Vocabulary;

/// Builds constraints for one vocabulary.
pub struct Grammars {
    factory: ParserFactory,
}

struct Environment {
    trie: TokTrie,
    vocabulary: Arc<Vocabulary>,
}

impl TokenizerEnv for Environment {
    fn tok_trie(&self) -> &TokTrie {
        &self.trie
    }

    fn tokenize_bytes(&self, bytes: &[u8]) -> Vec<u32> {
        self.trie.tokenize_with_greedy_fallback(bytes, |text| {
            self.vocabulary.encode(text).unwrap_or_else(|_| self.trie.greedy_tokenize(text.as_bytes()))
        })
    }
}

impl Grammars {
    /// `width` is the length of a row of logits; ids beyond the vocabulary are never allowed.
    pub fn new(vocabulary: Arc<Vocabulary>, width: usize) -> Result<Self, Failure> {
        let end = vocabulary.special("<|im_end|>")?;
        let mut words: Vec<Vec<u8>> = (0..width as u32).map(|id| vocabulary.bytes(id).to_vec()).collect();
        for (name, id) in vocabulary.specials() {
            // Marked, so that no string of a grammar ever matches a control token's name.
            if let Some(word) = words.get_mut(id as usize) {
                *word = [&[TokTrie::SPECIAL_TOKEN_MARKER], name.as_bytes()].concat();
            }
        }
        let trie = TokTrie::from(&TokRxInfo::new(width as u32, end), &words);
        let environment: TokEnv = Arc::new(Environment { trie, vocabulary });
        let capabilities = InferenceCapabilities { ff_tokens: true, ..Default::default() };
        let slices = llguidance::earley::SlicedBiasComputer::json_slices();
        let mut factory = ParserFactory::new(&environment, capabilities, &slices)
            .map_err(|e| Failure::model(format!("No grammar can be built on the model's vocabulary: {e}")))?;
        factory.quiet();
        Ok(Self { factory })
    }

    /// A constraint that only lets JSON through that follows `schema`, without free whitespace.
    pub fn constrain(&self, schema: &Value) -> Result<Constraint, Failure> {
        let mut schema = schema.clone();
        let Some(object) = schema.as_object_mut() else {
            return Err(unusable("it is not an object"));
        };
        // Free whitespace is where a small model gets lost: it writes spaces until the limit.
        object.entry("x-guidance").or_insert_with(|| json!({ "whitespace_flexible": false }));
        let parser =
            self.factory.create_parser(TopLevelGrammar::from_json_schema(schema)).map_err(unusable)?;
        let matcher = Matcher::new(Ok(parser));
        Ok(Constraint { matcher })
    }
}

/// The state of one answer.
pub struct Constraint {
    matcher: Matcher,
}

impl Constraint {
    /// Tokens that must come next whatever the model thinks; already consumed.
    pub fn forced(&mut self) -> Result<Vec<u32>, Failure> {
        if self.is_complete() {
            return Ok(Vec::new());
        }
        let tokens = self.matcher.consume_ff_tokens();
        match self.matcher.get_error() {
            Some(error) => Err(broken(error)),
            None => Ok(tokens),
        }
    }

    /// Tokens that may come next.
    pub fn allowed(&mut self) -> Result<SimpleVob, Failure> {
        self.matcher.compute_mask().map_err(broken)
    }

    /// Goes on by a token that was allowed.
    pub fn consume(&mut self, token: u32) -> Result<(), Failure> {
        self.matcher.consume_token(token).map_err(broken)
    }

    /// How many of `tokens` could come next, in this order.
    pub fn would_pass(&mut self, tokens: &[u32]) -> usize {
        self.matcher.validate_tokens(tokens).unwrap_or(0)
    }

    /// True when the answer is whole and nothing can follow.
    pub fn is_complete(&self) -> bool {
        self.matcher.is_stopped()
    }
}

fn unusable(error: impl std::fmt::Display) -> Failure {
    Failure::new(FailureKind::BadRequest, format!("The answer's JSON schema cannot be used: {error}"))
}

fn broken(error: impl std::fmt::Display) -> Failure {
    Failure::new(FailureKind::Internal, format!("The answer's grammar failed: {error}"))
}
