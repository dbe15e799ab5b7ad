//! What is known about source text: languages, chunks, tests, manifests, deterministic rules and
//! secrets. Pure functions over strings: no I/O, no clock, and no input makes them panic.
//!
//! Lines are numbered from 1 and end at `\n`; a `\r` before it belongs to the line end. Ranges of
//! lines are inclusive.

mod chunk;
mod ci;
mod complexity;
mod document;
mod entry;
mod imports;
mod language;
mod manifest;
mod notebook;
mod patch;
mod patched;
mod readme;
pub mod rules;
mod signature;
mod symbol;
mod syntax;
mod technology;
mod tests_in;
mod triage;
mod variant;
mod words;

pub use chunk::{CHUNKER, Chunk, ChunkKind, chunks};
pub use ci::ci_system;
pub use complexity::branches;
pub use entry::{EntryPoint, entry_points};
pub use imports::{Import, Package, Sources, imports};
pub use language::Language;
pub use manifest::{Declared, Framework, declared, frameworks};
pub use notebook::readable;
pub use patch::{still_parses, unified_diff};
pub use patched::{Misfit, Patched, patched};
pub use readme::first_paragraph;
pub use rules::{Replacement, Rule, SourceFile, Violation, apply, check, mask_secrets, rules};
pub use signature::{Call, Takes, calls, narrowed, takes};
pub use symbol::{Enclosing, Symbol, enclosing, symbols};
pub use technology::{Technology, TechnologyKind, technologies, technologies_in};
pub use tests_in::{is_test_path, test_functions};
pub use triage::{formatting_only, skip_reason};
pub use variant::{EditKind, Variant, variant_parses, variants};
pub use words::{query_words, split_words};
