//! The logs as they lie in the data folder, one file a component: read back, filtered, the newest first.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{Core, blocking};

/// Bytes that are read of each component, from its newest line backwards.
const TAIL: u64 = 4_000_000;
/// Lines that are given at most.
const MOST: usize = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
}

impl LogLevel {
    pub fn parse(word: &str) -> Option<Self> {
        let all =
            [("error", Self::Error), ("warn", Self::Warn), ("info", Self::Info), ("debug", Self::Debug)];
        all.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, level)| level)
    }
}

/// Which lines.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ReadLogs {
    /// Null for all components.
    pub component: Option<String>,
    /// This bad or worse; null for all.
    pub level: Option<LogLevel>,
    /// Only what was written for the command with this id; null for all.
    pub id: Option<String>,
    /// At most so many, the newest.
    pub limit: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LogLine {
    /// RFC 3339, UTC.
    pub at: String,
    pub level: LogLevel,
    pub component: String,
    pub message: String,
    /// What else the line says: "took_ms=12 error=…".
    pub details: String,
    /// Of the command for which it was written; the same from the click to the worker's frame.
    pub id: Option<String>,
    /// Name of that command, or kind of its task.
    pub on_behalf_of: Option<String>,
    #[ts(type = "number | null")]
    pub task: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Logs {
    /// All that have written something.
    pub components: Vec<String>,
    /// The newest first.
    pub lines: Vec<LogLine>,
}

pub async fn get(core: &Core, args: ReadLogs) -> Result<Logs> {
    let data_dir = core.config.data_dir.clone();
    blocking(move || Ok(read(&data_dir, &args))).await
}

/// Reads the logs of a data folder, also while an app writes into them. A line that can't be read is left out.
pub fn read(data_dir: &Path, which: &ReadLogs) -> Logs {
    let components = components(data_dir);
    let mut lines: Vec<LogLine> = components
        .iter()
        .filter(|component| which.component.as_ref().is_none_or(|only| only == *component))
        .flat_map(|component| {
            raw(data_dir, component).into_iter().filter_map(move |line| parsed(component, &line)).filter(
                move |line| {
                    which.level.is_none_or(|level| line.level <= level)
                        && which.id.as_ref().is_none_or(|id| line.id.as_ref() == Some(id))
                },
            )
        })
        .collect();
    lines.sort_by(|a, b| b.at.cmp(&a.at));
    lines.truncate(MOST.min(which.limit as usize));
    Logs { components, lines }
}

/// Components that have a log, by name.
pub(crate) fn components(data_dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(data_dir.join("logs")).into_iter().flatten().flatten();
    let mut found: Vec<String> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            name.strip_suffix(".jsonl").filter(|component| !component.contains('.')).map(str::to_owned)
        })
        .collect();
    found.sort();
    found
}

/// Lines of a component as JSON, the oldest first.
pub(crate) fn raw(data_dir: &Path, component: &str) -> Vec<Value> {
    let file = |number: &str| data_dir.join("logs").join(format!("{component}{number}.jsonl"));
    let newest = tail(&file(""), TAIL);
    let before = tail(&file(".1"), TAIL.saturating_sub(newest.len() as u64));
    let both = before.lines().chain(newest.lines());
    both.filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// The end of a file. What it begins with may be half a line.
fn tail(file: &Path, bytes: u64) -> String {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(file)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(bytes)))?;
        let mut text = Vec::new();
        file.take(bytes).read_to_end(&mut text)?;
        Ok(text)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
}

fn parsed(component: &str, line: &Value) -> Option<LogLine> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let fields = line["fields"].as_object()?;
    let spans = line["spans"].as_array().map(Vec::as_slice).unwrap_or_default();
    let said = |field: &str| spans.iter().rev().find_map(|span| span.get(field).cloned());
    let on_behalf_of = said("kind").or(said("command")).as_ref().and_then(text);
    Some(LogLine {
        at: text(&line["timestamp"])?,
        level: LogLevel::parse(line["level"].as_str()?)?,
        component: component.to_owned(),
        message: fields.get("message").and_then(text).unwrap_or_default(),
        details: details(fields),
        id: said("id").as_ref().and_then(text).filter(|id| !id.is_empty()),
        on_behalf_of,
        task: said("task").and_then(|task| task.as_i64()),
    })
}

fn details(fields: &Map<String, Value>) -> String {
    let rest = fields.iter().filter(|(name, _)| *name != "message");
    let said = rest.map(|(name, value)| match value.as_str() {
        Some(text) => format!("{name}={text}"),
        None => format!("{name}={value}"),
    });
    said.collect::<Vec<_>>().join(" ")
}
