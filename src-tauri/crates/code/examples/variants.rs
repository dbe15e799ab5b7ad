//! The one-edit variants of lines, for trials from a script: each line of stdin is
//! `{"path": …, "text": …, "added": [[first, last]]}`, each line of the answer an array of variants.

use std::io::{BufRead, Write, stdin, stdout};

use anyhow::{Context, Result};
use internflow_code::{Language, enclosing, variant_parses, variants};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Asked {
    path: String,
    text: String,
    added: Vec<(u32, u32)>,
}

fn main() -> Result<()> {
    for line in stdin().lock().lines() {
        let Asked { path, text, added } = serde_json::from_str(&line?)?;
        let language =
            Language::of(&path, &text).with_context(|| format!("{path} is in no known language"))?;
        let all: Vec<_> = variants(language, &text, &added)
            .into_iter()
            .filter(|variant| variant_parses(language, &text, variant))
            .map(|variant| {
                let around = enclosing(language, &text, variant.line).map(|of| (of.start_line, of.end_line));
                json!({
                    "line": variant.line, "kind": variant.kind.name(), "start": variant.range.start,
                    "end": variant.range.end, "to": variant.replacement, "edited": variant.apply(&text),
                    "function": around,
                })
            })
            .collect();
        writeln!(stdout().lock(), "{}", serde_json::Value::Array(all))?;
    }
    Ok(())
}
