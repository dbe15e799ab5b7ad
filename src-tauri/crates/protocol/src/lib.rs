//! What the core and an inference worker say to each other: length-prefixed JSON frames over the
//! worker's stdin and stdout. Both sides link this crate and nothing else of each other.
//!
//! The core speaks first: [`Op::Hello`], then one load operation, then work. Requests are worked on
//! in the order of arrival; [`Op::Cancel`] overtakes them. While it lives, the worker sends
//! [`Reply::Heartbeat`] every second, also in the middle of a computation.

mod frame;
mod message;

pub use frame::{FrameDecoder, FrameError, MAX_FRAME_BYTES, decode, encode, read_frame, write_frame};
pub use message::{Edit, FailureKind, Op, Output, Reply, Request, Response};

/// Raised whenever a message changes shape. Core and worker of different versions refuse each other.
pub const PROTOCOL_VERSION: u32 = 4;
