//! A file to send with a question: what helps to find out what is wrong, and nothing that says whose it is.
//!
//! It holds versions, checks, settings, the queue and the last lines of the logs. Of a line it holds the words that
//! are part of the program, numbers, and names out of the program; texts, which may be code, paths or names, are left
//! out and counted.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use internflow_domain::Check;
use internflow_store::copy;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use ts_rs::TS;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::doctor;
use crate::api::Nothing;
use crate::redact::redact;
use crate::resume::{Exported, may_be_written, write_atomically};
use crate::settings::{self, Settings};
use crate::{Core, account, blocking, logs};

/// Lines of each component, and tasks.
const LINES: usize = 500;
const TASKS: u32 = 200;
/// Texts of lines that are names out of the program.
const KEPT: [&str; 6] = ["component", "command", "kind", "name", "confined", "version"];

#[derive(Debug, Deserialize, TS)]
pub struct WriteBundle {
    /// The file to write; null for one in the exports folder.
    pub path: Option<String>,
}

/// Writes the file.
pub async fn bundle(core: &Core, args: WriteBundle) -> Result<Exported> {
    may_be_written(args.path.as_deref(), "zip")?;
    let (data_dir, models_dir) = (core.config.data_dir.clone(), core.config.models_dir.clone());
    let path = args.path.map_or_else(
        || data_dir.join("exports").join(format!("InternFlow-diagnostics-{}.zip", account::day(core.now()))),
        PathBuf::from,
    );
    let checks = doctor(core, Nothing {}).await?;
    let chosen = chosen(&settings::get(core, Nothing {}).await?);
    let tasks: Vec<Value> = core
        .store
        .tasks(TASKS)
        .await?
        .iter()
        .map(|task| {
            json!({
                "id": task.id, "kind": task.kind, "state": task.state, "attempts": task.attempts,
                "created_at": task.created_at, "progress": [task.progress.done, task.progress.total],
                "error": task.error.as_ref().map(|error| error.code),
            })
        })
        .collect();
    let about = json!({
        "version": env!("CARGO_PKG_VERSION"), "os": std::env::consts::OS, "arch": std::env::consts::ARCH,
        "schema": copy::newest(), "made_at": core.now(), "started_at": core.started_at,
    });
    blocking(move || {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let mut put = |name: &str, text: String| -> Result<()> {
            zip.start_file(name, SimpleFileOptions::default())?;
            Ok(zip.write_all(text.as_bytes())?)
        };
        put("about.json", serde_json::to_string_pretty(&about)?)?;
        let checks: Vec<Value> =
            checks.iter().map(|check| anonymous(check, &data_dir, &models_dir)).collect();
        put("checks.json", serde_json::to_string_pretty(&checks)?)?;
        put("settings.json", serde_json::to_string_pretty(&chosen)?)?;
        put("tasks.json", serde_json::to_string_pretty(&tasks)?)?;
        for component in logs::components(&data_dir) {
            let lines = logs::raw(&data_dir, &component);
            let last = lines.iter().skip(lines.len().saturating_sub(LINES));
            let text: String = last.map(|line| format!("{}\n", slim(line))).collect();
            put(&format!("logs/{component}.jsonl"), text)?;
        }
        let bytes = zip.finish()?.into_inner();
        write_atomically(&path, &bytes)?;
        Ok(Exported { path: path.display().to_string(), bytes: bytes.len() as u64 })
    })
    .await
}

/// The settings without addresses and names: whether there are any.
fn chosen(settings: &Settings) -> Value {
    json!({
        "theme": settings.theme, "sync_minutes": settings.sync_minutes, "review_new": settings.review_new,
        "strictness": settings.strictness, "questions": settings.questions, "look": settings.look,
        "crawl_hours": settings.crawl_hours, "comment_on_github": settings.comment_on_github,
        "github_enterprise": !settings.github_api.is_empty(), "own_client_id": !settings.github_client_id.is_empty(),
        "own_model": !settings.model_address.is_empty() && !settings.model_name.is_empty(),
        "model_plain_http": settings.model_plain_http,
    })
}

/// A check without the folders it names.
fn anonymous(check: &Check, data_dir: &Path, models_dir: &Path) -> Value {
    let text = |text: &str| {
        let text = text.replace(&models_dir.display().to_string(), "(models folder)");
        let text = redact(&text.replace(&data_dir.display().to_string(), "(data folder)"));
        let words = text.split(' ').map(|word| match word.contains('\\') || word.matches('/').count() > 1 {
            true => "(path)",
            false => word,
        });
        words.collect::<Vec<_>>().join(" ")
    };
    json!({ "name": check.name, "ok": check.ok, "found": text(&check.found), "mend": text(&check.mend) })
}

/// A line of a log without the texts in it.
fn slim(line: &Value) -> Value {
    let spans = line["spans"].as_array().map(Vec::as_slice).unwrap_or_default();
    let spans: Vec<Value> = spans.iter().map(|span| Value::Object(plain(span, &["id"]))).collect();
    json!({
        "timestamp": line["timestamp"], "level": line["level"], "target": line["target"],
        "fields": plain(&line["fields"], &["message"]), "spans": spans,
    })
}

/// Numbers, and of the texts those that the program itself has; how many others there were.
fn plain(object: &Value, more: &[&str]) -> Map<String, Value> {
    let mut kept = Map::new();
    let mut left_out = 0;
    for (name, value) in object.as_object().into_iter().flatten() {
        let is_ours = KEPT.contains(&name.as_str()) || more.contains(&name.as_str());
        if value.is_number() || value.is_boolean() || is_ours {
            kept.insert(name.clone(), value.clone());
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        kept.insert("texts_left_out".to_owned(), left_out.into());
    }
    kept
}
