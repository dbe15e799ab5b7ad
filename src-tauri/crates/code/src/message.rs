//! What the message of a commit proves: what became faster, and what it fixed.
//!
//! A message is somebody's word for it and is read as a witness, not believed: a claim needs a number and what was
//! measured, a fix needs a word for it, and what a message says about itself ("huge", "senior") counts as nothing.

mod fix;
mod sentence;
mod speed;

pub use fix::{Fix, FixSign, Sureness, fix};
pub use speed::{Gain, Quantity, Speedup, speedups};

/// What begins a subject that says which package went to which version; `(deps)` and the like before it count.
fn is_update(subject: &str) -> bool {
    let lower = subject.to_ascii_lowercase();
    let (scope, rest) = lower.split_once(": ").unwrap_or(("", &lower));
    let first = rest.split_whitespace().next().unwrap_or_default();
    scope.contains("deps")
        || matches!(first, "bump" | "bumps" | "bumped")
        || (matches!(first, "update" | "updates" | "upgrade" | "upgrades" | "upgraded")
            && rest.split_whitespace().any(is_version))
}

/// `1.2`, `v3`, `0.21.0`.
fn is_version(word: &str) -> bool {
    let plain = word.strip_prefix('v').unwrap_or(word);
    let is_number = plain.starts_with(|c: char| c.is_ascii_digit())
        && plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_number && (plain.contains('.') || plain.len() < word.len())
}
