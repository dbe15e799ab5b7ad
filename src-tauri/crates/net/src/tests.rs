//! Downloads and models against a host on this machine that drops, lies and redirects.

mod download;
mod host;
mod inside;
mod models;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::part::hex;
use crate::{Exchange, Limits, Net};

/// Bytes without a pattern that a wrong offset could hide in.
fn bytes(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..count).map(|_| next()).collect()
}

fn sha256(bytes: &[u8]) -> String {
    hex(Sha256::new_with_prefix(bytes))
}

/// A network with short waits, and what its ledger heard.
fn net() -> (Net, Arc<Mutex<Vec<Exchange>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ledger = heard.clone();
    let limits = Limits {
        connect: Duration::from_secs(2),
        idle: Duration::from_secs(2),
        attempts: 4,
        backoff: Duration::from_millis(1),
    };
    let net = Net::new(Arc::new(move |exchange| ledger.lock().unwrap().push(exchange)), limits).unwrap();
    (net, heard)
}
