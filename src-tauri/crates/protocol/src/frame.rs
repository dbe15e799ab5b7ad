//! Frames: four bytes of length, little-endian, then that many bytes of JSON.

use std::io::{self, Read, Write};

use serde::{Serialize, de::DeserializeOwned};

/// Longest body of a frame. A length above it is never believed, so garbage cannot make the reader
/// wait for, or allocate, gigabytes.
pub const MAX_FRAME_BYTES: usize = 64 << 20;

const HEADER_BYTES: usize = 4;

/// Why a stream of frames cannot be read any further, or a message not be sent.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    #[error("a frame of {bytes} bytes was announced; the limit is {MAX_FRAME_BYTES}")]
    TooLong { bytes: usize },
    #[error("the stream ended in the middle of a frame")]
    Truncated,
    #[error("a frame does not hold a message of this protocol: {0}")]
    Malformed(#[source] serde_json::Error),
    #[error("the message cannot be written as JSON: {0}")]
    Unwritable(#[source] serde_json::Error),
    #[error("reading or writing frames failed: {0}")]
    Io(#[from] io::Error),
}

/// The bytes of `message` as one frame.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, FrameError> {
    let mut frame = vec![0; HEADER_BYTES];
    serde_json::to_writer(&mut frame, message).map_err(FrameError::Unwritable)?;
    let body = frame.len() - HEADER_BYTES;
    if body > MAX_FRAME_BYTES {
        return Err(FrameError::TooLong { bytes: body });
    }
    // The limit is far below u32::MAX, so the cast keeps the value.
    frame[..HEADER_BYTES].copy_from_slice(&(body as u32).to_le_bytes());
    Ok(frame)
}

/// Reads a frame's body.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, FrameError> {
    serde_json::from_slice(body).map_err(FrameError::Malformed)
}

/// Writes one frame and flushes it.
pub fn write_frame<T: Serialize>(to: &mut impl Write, message: &T) -> Result<(), FrameError> {
    to.write_all(&encode(message)?)?;
    Ok(to.flush()?)
}

/// Waits for the next message; `None` when the stream ended between two frames.
pub fn read_frame<T: DeserializeOwned>(from: &mut impl Read) -> Result<Option<T>, FrameError> {
    let mut header = [0; HEADER_BYTES];
    match read_full(from, &mut header)? {
        0 => return Ok(None),
        HEADER_BYTES => {}
        _ => return Err(FrameError::Truncated),
    }
    let mut body = vec![0; body_length(header)?];
    if read_full(from, &mut body)? != body.len() {
        return Err(FrameError::Truncated);
    }
    decode(&body).map(Some)
}

/// Cuts frames out of bytes that arrive in pieces of any size, for readers that cannot block.
#[derive(Debug, Default)]
pub struct FrameDecoder {
    buffer: Vec<u8>,
}

impl FrameDecoder {
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole message, or `None` until more bytes are pushed. After an error the stream has
    /// lost its frame borders and must be given up.
    pub fn next_message<T: DeserializeOwned>(&mut self) -> Result<Option<T>, FrameError> {
        let Some(header) = self.buffer.first_chunk::<HEADER_BYTES>() else { return Ok(None) };
        let end = HEADER_BYTES + body_length(*header)?;
        if self.buffer.len() < end {
            return Ok(None);
        }
        let message = decode(&self.buffer[HEADER_BYTES..end]);
        self.buffer.drain(..end);
        message.map(Some)
    }

    /// True when the bytes so far end in the middle of a frame.
    pub fn is_mid_frame(&self) -> bool {
        !self.buffer.is_empty()
    }
}

fn body_length(header: [u8; HEADER_BYTES]) -> Result<usize, FrameError> {
    let bytes = u32::from_le_bytes(header) as usize;
    if bytes > MAX_FRAME_BYTES { Err(FrameError::TooLong { bytes }) } else { Ok(bytes) }
}

/// Fills `buffer` as far as the stream goes and says how far that was.
fn read_full(from: &mut impl Read, buffer: &mut [u8]) -> Result<usize, FrameError> {
    let mut filled = 0;
    while filled < buffer.len() {
        match from.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FailureKind, Op, Output, Reply, Request, Response};

    fn messages() -> Vec<Response> {
        vec![
            Response { id: 0, reply: Reply::Heartbeat },
            Response {
                id: 7,
                reply: Reply::Done {
                    output: Output::Vectors { values: vec![vec![0.1, -1.5e-8, 1.0 / 3.0]] },
                },
            },
            Response {
                id: 8,
                reply: Reply::Failed { kind: FailureKind::Model, message: "größer \u{1f4a5}\n\0".into() },
            },
        ]
    }

    #[test]
    fn a_message_survives_the_journey_bit_for_bit() {
        let request = Request {
            id: u64::MAX,
            deadline_ms: 90_000,
            op: Op::Generate {
                system: String::new(),
                user: "<|im_end|> \"quoted\"".into(),
                schema: Some(serde_json::json!({"z": 1, "a": 2})),
                max_tokens: 5,
                temperature: 0.7,
                seed: 1 << 63,
                pieces: true,
            },
        };
        let mut bytes = Vec::new();
        write_frame(&mut bytes, &request).unwrap();
        let read: Request = read_frame(&mut bytes.as_slice()).unwrap().unwrap();
        assert_eq!(read, request, "seeds and ids above 2^53 and the schema's key order must be kept");
        let Op::Generate { schema: Some(schema), .. } = read.op else { panic!("another operation came out") };
        assert_eq!(schema.to_string(), r#"{"z":1,"a":2}"#, "the model writes fields in the schema's order");
    }

    #[test]
    fn frames_are_found_however_the_bytes_are_cut() {
        let all: Vec<u8> = messages().iter().flat_map(|m| encode(m).unwrap()).collect();
        for size in [1, 3, 4, 5, 17, all.len()] {
            let mut decoder = FrameDecoder::default();
            let mut seen = Vec::new();
            for piece in all.chunks(size) {
                decoder.push(piece);
                while let Some(message) = decoder.next_message::<Response>().unwrap() {
                    seen.push(message);
                }
            }
            assert_eq!(seen, messages(), "pieces of {size} bytes");
            assert!(!decoder.is_mid_frame(), "nothing may be left over");
        }
    }

    #[test]
    fn half_frames_wait_in_the_decoder_and_fail_at_the_end_of_a_stream() {
        let frame = encode(&messages()[2]).unwrap();
        for cut in 1..frame.len() {
            let mut decoder = FrameDecoder::default();
            decoder.push(&frame[..cut]);
            assert!(decoder.next_message::<Response>().unwrap().is_none(), "cut at {cut}");
            assert!(decoder.is_mid_frame());
            let error = read_frame::<Response>(&mut &frame[..cut]).unwrap_err();
            assert!(matches!(error, FrameError::Truncated), "cut at {cut}: {error}");
        }
        assert!(read_frame::<Response>(&mut [].as_slice()).unwrap().is_none(), "a clean end is no error");
    }

    #[test]
    fn garbage_is_a_typed_error_and_never_a_huge_allocation() {
        // Text where frames should be: its first four bytes announce more than a gigabyte.
        let mut decoder = FrameDecoder::default();
        decoder.push(b"Segmentation fault\n");
        assert!(matches!(decoder.next_message::<Response>(), Err(FrameError::TooLong { .. })));
        let endless = [0xff; 16];
        let error = read_frame::<Response>(&mut endless.as_slice()).unwrap_err();
        assert!(matches!(error, FrameError::TooLong { bytes } if bytes == u32::MAX as usize));
        // A believable length before something that is no message.
        for body in [&b"{]"[..], b"", b"\xff\xfe", b"{\"id\":1,\"reply\":{\"type\":\"unheard_of\"}}"] {
            let mut frame = (body.len() as u32).to_le_bytes().to_vec();
            frame.extend_from_slice(body);
            let error = read_frame::<Response>(&mut frame.as_slice()).unwrap_err();
            assert!(matches!(error, FrameError::Malformed(_)), "{error}");
        }
    }

    #[test]
    fn a_message_above_the_limit_is_refused_before_it_is_sent() {
        let texts = vec!["x".repeat(MAX_FRAME_BYTES)];
        let error = encode(&Request { id: 1, deadline_ms: 0, op: Op::Embed { texts } }).unwrap_err();
        assert!(matches!(error, FrameError::TooLong { .. }), "{error}");
    }
}
