//! JSON Resume, in and out: a file is checked field by field so that an error names the field and the
//! line, and written back with everything that InternFlow does not know.

use std::fmt;

use internflow_domain::Profile;
use serde_json::{Map, Value};

use super::locate::{Step, line_of};
use super::shape::{PROFILE, Shape};

/// Why a text is not a JSON Resume, in words for the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileError {
    /// Field, as in `education[0].score`; empty when the whole file is meant.
    pub path: String,
    /// Line in the text, from 1; `None` when there is none to point at.
    pub line: Option<usize>,
    /// A full sentence with path, line and what to do.
    pub message: String,
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ProfileError {}

/// Reads a JSON Resume. Fields may be absent or null; fields that InternFlow does not show are kept.
///
/// # Errors
/// When the text is no JSON, or a field that InternFlow shows holds the wrong kind of value.
pub fn parse_profile(text: &str) -> Result<Profile, ProfileError> {
    let text = text.trim_start_matches('\u{FEFF}');
    if text.trim().is_empty() {
        return Err(whole(None, "The profile is empty. Give a file in the JSON Resume format."));
    }
    let mut value: Value = serde_json::from_str(text).map_err(|e| syntax_error(&e))?;
    let mut path = Vec::new();
    check(&mut value, &PROFILE, &mut path).map_err(|found| {
        let line = line_of(text, &path);
        if path.is_empty() {
            return whole(line, &format!("The profile must be a JSON object in braces, found {found}."));
        }
        wrong_kind(&path, line, found)
    })?;
    serde_json::from_value(value).map_err(|e| {
        whole(None, &format!("The profile could not be read: {e}. Compare it with the JSON Resume schema."))
    })
}

/// The profile as pretty JSON Resume with `$schema` first if there is one, without the empty fields
/// that the user never filled in (an empty `email` is against the schema).
pub fn json(profile: &Profile) -> serde_json::Result<Vec<u8>> {
    let mut fields = match serde_json::to_value(profile)? {
        Value::Object(fields) => fields,
        other => return serde_json::to_vec_pretty(&other),
    };
    let mut out = Map::new();
    if let Some(schema) = fields.shift_remove("$schema") {
        out.insert("$schema".to_owned(), schema);
    }
    out.append(&mut fields);
    let mut value = Value::Object(out);
    prune(&mut value, &PROFILE);
    let mut bytes = serde_json::to_vec_pretty(&value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Drops nulls of known fields. On error `path` is left at the field, and the kind found is returned.
fn check(value: &mut Value, shape: &Shape, path: &mut Vec<Step>) -> Result<(), &'static str> {
    match (shape, value) {
        (Shape::Text, Value::String(_)) => Ok(()),
        (Shape::Object(fields), Value::Object(map)) => {
            for (name, shape) in fields.iter() {
                if map.get(*name).is_some_and(Value::is_null) {
                    map.shift_remove(*name);
                }
                if let Some(value) = map.get_mut(*name) {
                    path.push(Step::Key(name));
                    check(value, shape, path)?;
                    path.pop();
                }
            }
            Ok(())
        }
        (Shape::Texts, Value::Array(items)) => check_items(items, &Shape::Text, path),
        (Shape::Objects(fields), Value::Array(items)) => check_items(items, &Shape::Object(fields), path),
        (_, value) => Err(kind(value)),
    }
}

fn check_items(items: &mut Vec<Value>, shape: &Shape, path: &mut Vec<Step>) -> Result<(), &'static str> {
    for (i, item) in items.iter_mut().enumerate().filter(|(_, item)| !item.is_null()) {
        path.push(Step::Index(i));
        check(item, shape, path)?;
        path.pop();
    }
    items.retain(|item| !item.is_null());
    Ok(())
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Removes known fields that are empty, innermost first; list items stay.
fn prune(value: &mut Value, shape: &Shape) {
    match (shape, value) {
        (Shape::Object(fields), Value::Object(map)) => {
            for (name, shape) in fields.iter() {
                let Some(field) = map.get_mut(*name) else { continue };
                prune(field, shape);
                let empty = match field {
                    Value::String(text) => text.is_empty(),
                    Value::Array(items) => items.is_empty(),
                    Value::Object(fields) => fields.is_empty(),
                    _ => false,
                };
                if empty {
                    map.shift_remove(*name);
                }
            }
        }
        (Shape::Objects(fields), Value::Array(items)) => {
            items.iter_mut().for_each(|item| prune(item, &Shape::Object(fields)));
        }
        _ => {}
    }
}

fn wrong_kind(path: &[Step], line: Option<usize>, found: &str) -> ProfileError {
    let wanted = wanted_at(path);
    let mend = match (wanted, found) {
        ("text", "a number" | "true or false") => " Write it in quotes.",
        ("a list of texts" | "a list of objects", "text" | "an object") => " Put it in square brackets.",
        _ => "",
    };
    let name = name(path);
    let at = line.map(|n| format!(" (line {n})")).unwrap_or_default();
    ProfileError { message: format!("{name} must be {wanted}, found {found}{at}.{mend}"), path: name, line }
}

/// What the table wants at a path that the check has walked.
fn wanted_at(path: &[Step]) -> &'static str {
    let mut shape = &PROFILE;
    let mut in_list = false;
    for step in path {
        match (step, shape) {
            (Step::Key(key), Shape::Object(fields) | Shape::Objects(fields)) => {
                if let Some((_, inner)) = fields.iter().find(|(name, _)| name == key) {
                    shape = inner;
                }
                in_list = false;
            }
            _ => in_list = true,
        }
    }
    match shape {
        Shape::Texts if in_list => "text",
        Shape::Objects(_) if in_list => "an object",
        shape => shape.wanted(),
    }
}

fn name(path: &[Step]) -> String {
    let mut name = String::new();
    for step in path {
        match step {
            Step::Key(key) => {
                name.push_str(if name.is_empty() { "" } else { "." });
                name.push_str(key);
            }
            Step::Index(i) => name.push_str(&format!("[{i}]")),
        }
    }
    name
}

fn syntax_error(e: &serde_json::Error) -> ProfileError {
    let full = e.to_string();
    let reason = full.split(" at line ").next().unwrap_or(&full);
    let at = format!("line {}, column {}", e.line(), e.column());
    whole(
        Some(e.line()),
        &format!("The profile is not valid JSON: {reason} ({at}). Correct it there, or export it again."),
    )
}

fn whole(line: Option<usize>, message: &str) -> ProfileError {
    ProfileError { path: String::new(), line, message: message.to_owned() }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
