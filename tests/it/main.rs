//! Everything that enters by the same door as a user. One binary, so that it links once.

mod achievements;
mod analysis;
mod apply;
mod authorship;
mod bad_input;
mod bindings;
mod browser_host;
mod callers;
mod comments;
mod embeddings;
mod export;
mod github;
mod jobs;
mod keyring;
mod learn;
mod outside;
mod own_rules;
mod recovery;
mod resume;
mod reviews;
mod rules;
mod search;
mod stage;
mod state;
mod tidy;
