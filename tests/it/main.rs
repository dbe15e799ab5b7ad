//! Everything that enters by the same door as a user. One binary, so that it links once.

mod achievements;
mod analysis;
mod authorship;
mod bad_input;
mod bindings;
mod browser_host;
mod comments;
mod embeddings;
mod github;
mod keyring;
mod outside;
mod recovery;
mod resume;
mod reviews;
mod search;
mod stage;
mod tidy;
