//! The text model as the app has it, for trials from a script: in a worker process, through its supervisor.
//!
//! `text WORKER MODEL_FILE THREADS` answers each line of stdin with one line of JSON:
//! - `{"prefix": …, "continuations": […]}`: the natural-log probability of each, `{"scores": […]}`
//! - `{"prefix": …, "text": …, "edits": [[start, end, replacement]], "lines": …}`: `{"gains": […]}`
//! - `{"system": …, "user": …, "schema": …, "max_tokens": …}`: `{"text": …, "complete": …}`
//!
//! and `"seconds"` with each.

use std::io::{BufRead, Write, stdin, stdout};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use internflow_domain::{TextModel, TextRequest};
use internflow_inference::{WorkerConfig, text_model};
use serde::Deserialize;
use serde_json::{Value, json};

/// Tokens that fit, as in the app.
const CONTEXT: u32 = 8192;

#[derive(Deserialize)]
#[serde(untagged)]
enum Asked {
    Score { prefix: String, continuations: Vec<String> },
    Contrast { prefix: String, text: String, edits: Vec<(usize, usize, String)>, lines: Option<u32> },
    Generate { system: String, user: String, schema: Option<Value>, max_tokens: u32 },
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let mut next = || args.next().context("text WORKER MODEL_FILE THREADS");
    let (worker, file, threads) = (PathBuf::from(next()?), PathBuf::from(next()?), next()?.parse()?);
    let model = text_model(WorkerConfig::new(worker, "text", threads), file, CONTEXT);
    for line in stdin().lock().lines() {
        let started = Instant::now();
        let mut answer = match serde_json::from_str(&line?)? {
            Asked::Score { prefix, continuations } => {
                json!({ "scores": model.score(prefix, continuations).await? })
            }
            Asked::Contrast { prefix, text, edits, lines } => {
                let edits = edits.into_iter().map(|(start, end, new)| (start..end, new)).collect();
                json!({ "gains": model.contrast(prefix, text, edits, lines).await? })
            }
            Asked::Generate { system, user, schema, max_tokens } => {
                let request = TextRequest { system, user, schema, max_tokens, temperature: 0.0, seed: 0 };
                let said = model.generate(request).await?;
                json!({ "text": said.text, "complete": said.complete })
            }
        };
        answer["seconds"] = json!(started.elapsed().as_secs_f64());
        writeln!(stdout().lock(), "{answer}")?;
    }
    Ok(())
}
