//! What is remembered of every exchange with another machine.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// One exchange: who was asked, why, and how many bytes went each way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Host name, with the port where it is not the usual one.
    pub host: String,
    /// In the user's words: "download of model all-minilm-l6-v2".
    pub reason: String,
    /// Bytes of request line, headers and body before encryption.
    pub bytes_sent: u64,
    /// Bytes of the answer's body that arrived.
    pub bytes_received: u64,
    /// HTTP status; `None` when there was no answer or the protocol has none.
    pub status: Option<u16>,
    /// Milliseconds since 1970 UTC.
    pub started_at: i64,
}

/// Receives every exchange when it is over, also a failed one.
pub type Ledger = Arc<dyn Fn(Exchange) + Send + Sync>;

/// Milliseconds since 1970 UTC.
pub(crate) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as i64)
}

/// An exchange that is going on. Dropping it writes it to the ledger, so that a cancelled download
/// is remembered too.
pub(crate) struct Open {
    pub exchange: Exchange,
    ledger: Ledger,
}

impl Open {
    pub fn new(ledger: &Ledger, host: String, reason: &str, bytes_sent: u64) -> Self {
        let exchange = Exchange {
            host,
            reason: reason.to_owned(),
            bytes_sent,
            bytes_received: 0,
            status: None,
            started_at: now(),
        };
        Self { exchange, ledger: ledger.clone() }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        (self.ledger)(self.exchange.clone());
    }
}
