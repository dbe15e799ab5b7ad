//! How well labelled adverts are read, for `cargo xtask bench adverts`: `adverts FOLDER [misses]`.

#[path = "../tests/common/mod.rs"]
mod common;

use std::io::Write;

use anyhow::{Context, Result};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().context("adverts FOLDER [misses]")?;
    let score = common::score(std::path::Path::new(&folder))?;
    let mut out = std::io::stdout().lock();
    if arguments.next().as_deref() == Some("misses") {
        for miss in &score.misses {
            writeln!(out, "{miss}")?;
        }
    }
    write!(out, "{}", common::table(&score))?;
    Ok(())
}
