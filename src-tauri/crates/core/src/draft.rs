//! A sentence while it is written, for who waits for it. It is told and not kept: what is kept was checked.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use internflow_domain::Event;

use crate::Core;

/// Milliseconds between two pieces: eyes need no more, and a fast model would crowd other events out.
const APART: u64 = 80;

/// Tells what a model has written so far of the property `says` of its JSON.
pub(crate) struct Draft<'a> {
    core: &'a Core,
    topic: String,
    begun: Instant,
    /// Milliseconds from `begun` to when the next piece may be told.
    next: AtomicU64,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(core: &'a Core, topic: String) -> Self {
        Self { core, topic, begun: Instant::now(), next: AtomicU64::new(0) }
    }

    /// Takes all that is written so far.
    pub(crate) fn tell(&self, so_far: &str) {
        let now = self.begun.elapsed().as_millis() as u64;
        if now < self.next.load(Ordering::Relaxed) {
            return;
        }
        let text = said(so_far);
        if text.is_empty() {
            return;
        }
        self.next.store(now + APART, Ordering::Relaxed);
        // No receiver is no error: the terminal host may not be listening.
        let _ = self.core.events.send(Event::Piece { topic: self.topic.clone(), text });
    }
}

/// The text of `says` in JSON that has not ended; empty before it begins.
fn said(json: &str) -> String {
    let text = json.split_once("\"says\"").map_or("", |(_, after)| after).trim_start();
    let text = text.strip_prefix(':').unwrap_or_default().trim_start();
    let mut chars = text.strip_prefix('"').unwrap_or_default().chars();
    let mut said = String::new();
    while let Some(c) = chars.next().filter(|c| *c != '"') {
        match c {
            '\\' => match chars.next() {
                Some('n' | 't' | 'r' | 'b' | 'f') => said.push(' '),
                Some('u') => drop(chars.nth(3)),
                Some(c) => said.push(c),
                None => break,
            },
            c => said.push(c),
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_read_out_of_unfinished_json() {
        let whole = "{\"from\":2,\"says\":\"It calls `sign(\\\"a\\\")`\\nonce.\",\"more\":1}";
        assert_eq!(said(whole), "It calls `sign(\"a\")` once.");
        for end in 0..whole.len() {
            let so_far = said(&whole[..end]);
            assert!("It calls `sign(\"a\")` once.".starts_with(&so_far), "{end}: {so_far}");
        }
        assert_eq!(said("```json\n{ \"says\" : \"Thr"), "Thr", "as servers write it");
        assert_eq!(said("<think>What says the user?"), "");
    }
}
