//! A wall around libraries that were not made for hostile files. A panic and a deep recursion stop at the wall;
//! what takes too long is left behind.
//!
//! Not contained: memory that runs out and a stack that overflows in spite of its size end the process, and a
//! thread that is left behind works on until it is done. Only a process of its own would stop those, so sizes
//! are checked before a library sees a file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;

/// Bytes; only what is used takes memory.
const STACK: usize = 256 << 20;

/// Why there is no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lost {
    Panicked,
    TooSlow,
}

/// Runs `work` on a thread with a large stack and waits for it at most `limit`.
pub(crate) fn contained<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Lost> {
    let (done, result) = mpsc::sync_channel(1);
    let thread = std::thread::Builder::new().name("ats".to_owned()).stack_size(STACK).spawn(move || {
        // Nobody waits any more when the time is over: then the result is dropped.
        let _ = done.send(catch_unwind(AssertUnwindSafe(work)));
    });
    if thread.is_err() {
        return Err(Lost::Panicked);
    }
    match result.recv_timeout(limit) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) | Err(mpsc::RecvTimeoutError::Disconnected) => Err(Lost::Panicked),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(Lost::TooSlow),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_and_a_long_wait_stop_at_the_wall() {
        let long = Duration::from_secs(600);
        assert_eq!(contained(long, || 7), Ok(7));
        assert_eq!(contained(long, || -> u8 { panic!("a library gave up") }), Err(Lost::Panicked));
        let slow = contained(Duration::from_millis(5), move || std::thread::sleep(long));
        assert_eq!(slow, Err(Lost::TooSlow), "the page must not wait for a file that never ends");
    }
}
