//! The look at a model's file before it is believed. Not among the targets of the tests: the engine is known to its
//! worker alone, whose own tests do the same.
#![no_main]

#[path = "../../../src-tauri/crates/inference-worker/src/gguf.rs"]
mod gguf;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = gguf::read(&mut std::io::Cursor::new(data));
});
