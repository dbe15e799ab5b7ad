//! Writing to the terminal and to files.

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;

/// How a command answers: for a person, or for a program.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

/// How a command answers that makes a document.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Written {
    Json,
    Md,
}

/// A line on standard output. A reader that went away (`| head`) is no error.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// A line for the person at the terminal, beside the output.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

pub(crate) fn error(text: &str) {
    note(&format!("internflow-cli: {text}"));
}

pub(crate) fn is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// Writes to the file, or to standard output without one.
pub(crate) fn write(out: Option<&Path>, text: &str) -> Result<()> {
    let Some(path) = out else {
        line(text.trim_end_matches('\n'));
        return Ok(());
    };
    std::fs::write(path, text).with_context(|| {
        format!("{} can't be written. Check the folder, the permission and the space", path.display())
    })
}
