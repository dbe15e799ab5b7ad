//! Everything that enters by the same door as a user. One binary, so that it links once.

mod achievements;
mod bad_input;
mod bindings;
mod browser_host;
mod github;
mod recovery;
mod resume;
mod reviews;
mod tidy;
