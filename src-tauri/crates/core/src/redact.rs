//! What no log and no report may hold: tokens, passwords, e-mail addresses and the name of the home folder.

use std::sync::LazyLock;

use regex::Regex;

const MASK: &str = "****";

/// Tokens that are known by how they begin.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(?:gh[oprsu]_|github_pat_|glpat-|sk-|hf_|xox[abprs]-|AKIA|eyJ)[A-Za-z0-9_.-]{12,}")
});
/// Values that are called what they are: `token=…`, `"password": "…"`, `Authorization: Bearer …`.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)((?:token|passw(?:or)?d|secret|api[_-]?key|authorization)[\\"']*\s*[:=]\s*[\\"']*(?:(?:bearer|basic)\s+)?|\b(?:bearer|basic)\s+)[^\s"'\\,;&)}]{6,}"#,
    )
});
/// Who asks, in an address.
static USER: LazyLock<Regex> = LazyLock::new(|| pattern(r#"://[^\s/@"'\\]+@"#));
static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"));
/// The home folder as it is, and as JSON spells it.
static HOME: LazyLock<Vec<String>> = LazyLock::new(|| {
    let home = std::env::home_dir().map(|home| home.to_string_lossy().into_owned()).unwrap_or_default();
    // One that is the root of the disk names nobody, and is in everything.
    if home.len() < 3 {
        return Vec::new();
    }
    let mut spelled = vec![home.replace('\\', "\\\\"), home];
    spelled.dedup();
    spelled
});

/// The text without them. A line stays a line, and JSON stays JSON.
pub fn redact(text: &str) -> String {
    let text = TOKEN.replace_all(text, MASK);
    let text = NAMED.replace_all(&text, format!("${{1}}{MASK}"));
    let text = USER.replace_all(&text, format!("://{MASK}@"));
    let text = EMAIL.replace_all(&text, MASK);
    HOME.iter().fold(text.into_owned(), |text, home| text.replace(home, "~"))
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the program and is compiled by the tests")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_is_masked_and_json_stays_json() {
        let home = std::env::home_dir().expect("a home").join("projects").display().to_string();
        let line = serde_json::json!({
            "message": "asked https://asha:hunter2hunter2@git.example.org/x with Authorization: Bearer abc.def-ghi",
            "token": "opaque-and-nameless-1", "a": "ghp_0123456789abcdefABCDEF", "path": home,
            "nested": "{\"password\":\"correct horse\"}", "who": "asha.rao+in@example.edu",
        });
        let masked = redact(&line.to_string());
        for secret in ["hunter2", "abc.def", "opaque", "ghp_01", "correct", "asha", &home] {
            assert!(!masked.contains(secret), "{secret} would be in a log: {masked}");
        }
        let read: serde_json::Value = serde_json::from_str(&masked).expect("who reads logs expects JSON");
        assert!(read["path"].as_str().is_some_and(|path| path.starts_with('~')), "{masked}");
        let plain = r#"{"message":"the token could not be renewed","basic":3,"took_ms":12}"#;
        assert_eq!(redact(plain), plain, "what is no secret says what happened");
    }
}
