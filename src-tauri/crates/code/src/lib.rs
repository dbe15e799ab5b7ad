//! What is known about source text: languages, chunks, tests, manifests, deterministic rules and
//! secrets. Pure functions over strings: no I/O, no clock, and no input makes them panic.
//!
//! Lines are numbered from 1 and end at `\n`; a `\r` before it belongs to the line end. Ranges of
//! lines are inclusive.

mod built;
mod chunk;
mod ci;
mod complexity;
mod document;
mod entry;
mod imports;
mod language;
mod manifest;
mod message;
mod notebook;
mod opening;
mod patch;
mod patched;
mod readme;
pub mod rules;
mod signature;
mod symbol;
mod syntax;
mod technology;
mod tests_in;
mod themes;
mod triage;
mod variant;
mod words;

pub use built::{Built, BuiltKind, Edited, added, built, gained, removed};
pub use chunk::{CHUNKER, Chunk, ChunkKind, chunks};
pub use ci::ci_system;
pub use complexity::branches;
pub use entry::{EntryPoint, entry_points};
pub use imports::{Import, Package, Sources, imports};
pub use language::Language;
pub use manifest::{Became, Declared, DependencyChange, Framework, declared, dependency_changes, frameworks};
pub use message::{Fix, FixSign, Gain, Quantity, Speedup, Sureness, fix, speedups};
pub use notebook::{program as notebook_program, readable};
pub use opening::opening;
pub use patch::{still_parses, unified_diff};
pub use patched::{Misfit, Patched, patched};
pub use readme::first_paragraph;
pub use rules::{Replacement, Rule, SourceFile, Violation, apply, check, mask_secrets, rules};
pub use signature::{Call, Takes, calls, narrowed, takes};
pub use symbol::{Enclosing, Symbol, enclosing, symbols};
pub use technology::{Technology, TechnologyKind, technologies, technologies_in};
pub use tests_in::{is_test_path, test_functions};
pub use themes::{Change, Theme, Touched, themes};
pub use triage::{formatting_only, skip_reason};
pub use variant::{EditKind, Variant, variant_parses, variants};
pub use words::{query_words, split_words};
