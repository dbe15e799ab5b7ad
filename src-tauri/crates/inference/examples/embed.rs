//! Embeds texts as the app does, for `cargo xtask bench embed`: in a worker process, through its supervisor.
//!
//! `embed WORKER MODEL_FOLDER THREADS` answers each line of stdin, a JSON array of texts, with one line:
//! `{"seconds": …, "vectors": [[…]]}`.

use std::io::{BufRead, Write, stdin, stdout};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use internflow_domain::Embedder;
use internflow_inference::{WorkerConfig, embedder};
use serde_json::json;

/// Texts in one request, as the index sends them.
const BATCH: usize = 16;

#[tokio::main]
async fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let mut next = || args.next().context("embed WORKER MODEL_FOLDER THREADS");
    let (worker, folder, threads) = (PathBuf::from(next()?), PathBuf::from(next()?), next()?.parse()?);
    let engine = embedder(WorkerConfig::new(worker, "embedder", threads), folder, 384, "bench".into());
    for line in stdin().lock().lines() {
        let texts: Vec<String> = serde_json::from_str(&line?)?;
        // The first request starts the process and loads the model, which is not what is measured.
        engine.embed(vec!["warm".to_owned()]).await?;
        let started = Instant::now();
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            vectors.extend(engine.embed(batch.to_vec()).await?);
        }
        let answer = json!({ "seconds": started.elapsed().as_secs_f64(), "vectors": vectors });
        writeln!(stdout().lock(), "{answer}")?;
    }
    Ok(())
}
