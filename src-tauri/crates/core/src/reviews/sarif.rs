//! Findings as SARIF 2.1.0, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use internflow_code::rules;
use internflow_domain::{Category, Finding, Repository, Severity, Source};
use serde_json::{Value, json};

/// One log with one run.
pub fn sarif(repository: &Repository, findings: &[&Finding]) -> Value {
    let mut descriptors: Vec<Value> = rules()
        .iter()
        .map(|rule| descriptor(&rule.id, &rule.message, &rule.why, rule.severity, rule.category))
        .collect();
    descriptors.extend(Category::ALL.map(|category| {
        let id = format!("model/{}", category.as_str());
        let message = format!("A {} problem found by the text model.", category.as_str());
        descriptor(
            &id,
            &message,
            "A small local model found it and it passed judgement; read it with the code beside it.",
            Severity::Minor,
            category,
        )
    }));
    for finding in findings {
        // The user's own rules are described by what they found.
        if !descriptors.iter().any(|known| known["id"] == finding.rule) {
            let Finding { rule, message, why, severity, category, .. } = finding;
            descriptors.push(descriptor(rule, message, why, *severity, *category));
        }
    }
    let index = |rule: &str| descriptors.iter().position(|descriptor| descriptor["id"] == rule);
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, index(&finding.rule))).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "InternFlow",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": descriptors,
            }},
            "columnKind": "utf16CodeUnits",
            "properties": {"repository": repository.name},
            "results": results,
        }],
    })
}

fn descriptor(id: &str, message: &str, why: &str, severity: Severity, category: Category) -> Value {
    json!({
        "id": id,
        "shortDescription": {"text": message},
        "fullDescription": {"text": why},
        "help": {"text": why},
        "defaultConfiguration": {"level": level(severity)},
        "properties": {"tags": [category.as_str()]},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::Major => "error",
        Severity::Minor => "warning",
        Severity::Info => "note",
    }
}

fn result(finding: &Finding, rule_index: Option<usize>) -> Value {
    let location = json!({"uri": uri(&finding.path), "uriBaseId": "%SRCROOT%"});
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": {"text": format!("{} {}", finding.message, finding.why)},
        "locations": [{"physicalLocation": {
            "artifactLocation": location,
            "region": {
                "startLine": finding.line,
                "endLine": finding.end_line,
                "snippet": {"text": finding.quote},
            },
        }}],
        "partialFingerprints": {"internflow/v1": finding.fingerprint()},
        "rank": f64::from(finding.confidence) * 100.0,
        "properties": {
            "commit": finding.commit,
            "severity": finding.severity.as_str(),
            "category": finding.category.as_str(),
            "source": match finding.source { Source::Rule => "rule", Source::Model => "model" },
        },
    });
    if let Some(index) = rule_index {
        result["ruleIndex"] = json!(index);
    }
    if let Some(fix) = &finding.fix {
        result["fixes"] = json!([{
            "description": {"text": "Proposed change"},
            "artifactChanges": [{"artifactLocation": location, "replacements": replacements(fix)}],
        }]);
    }
    result
}

/// The replacements of a unified diff of one file. A region from column 1 of a line to column 1 of the
/// line after it is whole lines; an empty one is the place of an insertion.
fn replacements(patch: &str) -> Vec<Value> {
    let mut found = Vec::new();
    // Next line of the old file, lines removed at it, text put there.
    let (mut line, mut removed, mut inserted) = (0_u64, 0_u64, String::new());
    let mut flush = |line: u64, removed: &mut u64, inserted: &mut String| {
        if *removed > 0 || !inserted.is_empty() {
            let start = line - *removed;
            found.push(json!({
                "deletedRegion": {"startLine": start.max(1), "startColumn": 1, "endLine": line.max(1), "endColumn": 1},
                "insertedContent": {"text": std::mem::take(inserted)},
            }));
            *removed = 0;
        }
    };
    for text in patch.lines().filter(|text| !text.starts_with("--- ") && !text.starts_with("+++ ")) {
        if let Some(header) = text.strip_prefix("@@ -") {
            flush(line, &mut removed, &mut inserted);
            line = header.split([',', ' ']).next().and_then(|n| n.parse().ok()).unwrap_or(1);
        } else if text.starts_with('-') {
            removed += 1;
            line += 1;
        } else if let Some(added) = text.strip_prefix('+') {
            inserted.push_str(added);
            inserted.push('\n');
        } else if text.starts_with(' ') {
            flush(line, &mut removed, &mut inserted);
            line += 1;
        }
    }
    flush(line, &mut removed, &mut inserted);
    found
}

/// A path as a relative URI reference: everything but unreserved characters and `/` is escaped (RFC 3986).
fn uri(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_becomes_the_region_it_replaces() {
        let patch = "--- a/x.py\n+++ b/x.py\n@@ -4,4 +4,4 @@\n a\n b\n-if x == None:\n+if x is None:\n c\n";
        let found = replacements(patch);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["deletedRegion"]["startLine"], 6, "editors replace the wrong line otherwise");
        assert_eq!(found[0]["deletedRegion"]["endLine"], 7);
        assert_eq!(found[0]["insertedContent"]["text"], "if x is None:\n");
    }

    #[test]
    fn paths_are_valid_uri_references() {
        assert_eq!(uri("src/my file#1.py"), "src/my%20file%231.py");
    }
}
