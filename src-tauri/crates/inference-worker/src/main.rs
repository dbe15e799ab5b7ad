//! Runs one model in a process of its own and answers the core over stdin and stdout.
//!
//! A process, not a thread: only its end contains an abort, an out-of-memory kill or a stack overflow
//! of the numeric code, and gives the memory back. It opens no socket and writes no file. Stdout
//! carries frames and nothing else; words for the log go to stderr.

mod bert;
mod chat;
mod control;
mod embed;
mod files;
mod grammar;
mod pace;
mod process;
mod qwen2;
mod sample;
mod serve;
mod shape;
mod text;
#[cfg(test)]
mod tiny;
mod vocabulary;

fn main() {
    process::settle();
    std::process::exit(serve::serve());
}
