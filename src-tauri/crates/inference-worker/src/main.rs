//! Runs one model in a process of its own and answers the core over stdin and stdout.
//!
//! A process, not a thread: only its end contains an abort, an out-of-memory kill or a stack overflow
//! of the numeric code, and gives the memory back. It opens no socket and writes no file, and where the system
//! can, it makes itself unable to (see [`confine`]). Stdout carries frames and nothing else; words for the log
//! go to stderr. The one argument is the folder that holds the model.

mod bert;
mod chat;
mod confine;
mod control;
mod embed;
mod files;
mod gguf;
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

use std::path::Path;

fn main() {
    process::settle();
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("InternFlow starts this program with a model's folder; it is not for use by hand.");
        std::process::exit(serve::NOT_CONFINED);
    };
    // Before the threads of `serve`, which inherit it.
    match confine::confine(Path::new(&folder)) {
        Ok(confined) => {
            if !confined.whole {
                eprintln!("not fully confined: {}", confined.words);
            }
            std::process::exit(serve::serve(confined.words));
        }
        Err(error) => {
            eprintln!("{error:#}");
            std::process::exit(serve::NOT_CONFINED);
        }
    }
}
