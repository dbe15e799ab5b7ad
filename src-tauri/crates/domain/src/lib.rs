//! The words InternFlow is written in: ids, findings, commits, résumés, events, errors, and the
//! ports behind which the engines sit. No I/O and no runtime: every other room may depend on this
//! one, and this one depends on none.
//!
//! Every type that crosses the window's door derives [`ts_rs::TS`]; the UI's copy of them,
//! `ui/src/api/bindings.ts`, is generated, and a test fails when it is stale.

mod absent;
mod account;
mod analysis;
mod bullet;
mod claim;
mod component;
mod diff;
mod error;
mod event;
mod finding;
mod handout;
mod import;
mod job;
mod learning;
mod look;
mod model;
mod own_rule;
mod port;
mod profile;
mod read_back;
mod repository;
mod search;
mod tailor;
mod task;

pub use absent::Absent;
pub use account::*;
pub use analysis::*;
pub use bullet::*;
pub use claim::*;
pub use component::*;
pub use diff::*;
pub use error::*;
pub use event::*;
pub use finding::*;
pub use handout::*;
pub use import::*;
pub use job::*;
pub use learning::*;
pub use look::*;
pub use model::*;
pub use own_rule::*;
pub use port::*;
pub use profile::*;
pub use read_back::*;
pub use repository::*;
pub use search::*;
pub use tailor::*;
pub use task::*;
