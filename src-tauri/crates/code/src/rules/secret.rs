//! Secrets in text: found by the expressions of `secrets.toml`, masked before text goes anywhere.

use std::ops::RangeInclusive;

use super::compiled;
use super::engine::Candidate;
use crate::syntax::Lines;

/// What stands where a secret stood.
const MASK: &str = "****";
/// Words of values that only look like secrets.
const PLACEHOLDERS: &[&str] = &[
    "example",
    "changeme",
    "change_me",
    "change-me",
    "placeholder",
    "your_",
    "your-",
    "yourp",
    "yours",
    "dummy",
    "sample",
    "xxxx",
    "****",
    "redacted",
    "todo",
    "replace",
    "insert",
    "fake",
    "mock",
    "localhost",
    "foobar",
    "abcdef",
    "123456789",
    "notasecret",
    "not-a-secret",
    "<",
    "${",
    "{{",
    "%(",
    "$(",
    "#{",
    "...",
    "env.",
    "process.",
];

/// Reports the secrets on these lines, one a line: the first rule that matches is the most specific.
pub(super) fn find(text: &str, lines: &Lines, range: RangeInclusive<u32>, found: &mut Vec<Candidate>) {
    for line in (*range.start()).max(1)..=(*range.end()).min(lines.count()) {
        let bytes = lines.range(line);
        let Some((rule, (from, to))) = secrets_in(lines.text(line, text)).into_iter().min() else { continue };
        let bytes = (bytes.start + from, bytes.start + to);
        found.push(Candidate { rule, line, end_line: line, bytes, fix: None });
    }
}

/// Rule and byte range of every secret on a line.
fn secrets_in(line: &str) -> Vec<(usize, (usize, usize))> {
    // Cheap and true for every expression: no secret without a run of eight characters.
    if line.len() < 12 {
        return Vec::new();
    }
    let compiled = compiled();
    let mut found = Vec::new();
    for (rule, regex) in &compiled.secrets {
        for captures in regex.captures_iter(line) {
            let Some(secret) = captures.name("secret") else { continue };
            let least = compiled.rules[*rule].entropy;
            if entropy(secret.as_str()) >= least && !is_placeholder(secret.as_str(), least > 0.0) {
                found.push((*rule, (secret.start(), secret.end())));
            }
        }
    }
    found
}

/// Masks every secret in a text. Lines stay lines, so that line numbers stay true; masking twice changes
/// nothing more.
pub fn mask_secrets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_key = false;
    for line in text.split_inclusive('\n') {
        if in_key && let Some(body) = key_body(line) {
            out.push_str(&line.replacen(body, MASK, 1));
            continue;
        }
        let mut secrets: Vec<(usize, usize)> = secrets_in(line).into_iter().map(|(_, range)| range).collect();
        secrets.sort_unstable();
        let mut done = 0;
        for (from, to) in secrets {
            if from >= done {
                out.push_str(&line[done..from]);
                out.push_str(MASK);
            }
            done = done.max(to);
        }
        out.push_str(&line[done..]);
        in_key = line.contains("PRIVATE KEY") && line.contains("BEGIN") && !line.contains("END ");
    }
    out
}

/// The base64 of a line of a private key, behind whatever a diff, a listing or a string literal puts
/// before it; None when the line is not one.
fn key_body(line: &str) -> Option<&str> {
    let body =
        line.trim_end().trim_end_matches(['\\', '"', '\'', ',', '+', ' ', ')', ';']).trim_end_matches("\\n");
    let start = body.rfind(|c: char| !(c.is_ascii_alphanumeric() || "+/=".contains(c))).map_or(0, |i| i + 1);
    let start = start + body.get(start..)?.find(|c| c != '+').unwrap_or(0);
    let body = body.get(start..)?;
    (!body.is_empty() && !line.contains("END ")).then_some(body)
}

/// Shannon entropy of the characters, in bits each.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let all = text.len().max(1) as f64;
    counts.iter().filter(|c| **c > 0).map(|c| f64::from(*c) / all).map(|p| -p * p.log2()).sum()
}

/// The value stands for a secret that is somewhere else. `guessed` values were recognised by their name
/// only and must look random too: letters with digits, and no path, template or sentence.
fn is_placeholder(value: &str, guessed: bool) -> bool {
    let lower = value.to_ascii_lowercase();
    if PLACEHOLDERS.iter().any(|p| lower.contains(p)) {
        return true;
    }
    if !guessed {
        return false;
    }
    let letters = value.bytes().any(|b| b.is_ascii_alphabetic());
    let digits = value.bytes().any(|b| b.is_ascii_digit());
    let path = value.contains("://")
        || value.starts_with(['/', '.', '$', '{', '@'])
        || value.contains(['{', '(', '<']);
    // `oauth2_token`, `pbkdf2-sha256`: words, not secrets.
    let words = value.split(['_', '-', '.', ':', '/']).filter(|part| part.len() > 2 && !part.is_empty());
    let named = value.contains(['_', '-', '.', ':', '/'])
        && words.clone().count() > 1
        && words.clone().all(|w| {
            w.trim_end_matches(|c: char| c.is_ascii_digit()).bytes().all(|b| b.is_ascii_alphabetic())
        })
        && value.len() < 24;
    !letters || !digits || path || named || lower.contains("test")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Joined when the test runs, so that this file holds no secret itself.
    fn secret(parts: &[&str]) -> String {
        parts.concat()
    }

    #[test]
    fn masking_keeps_lines_and_is_stable() {
        let token = secret(&["ghp_", "q7Zt4Kx9Lm2Np5Rv8Wy1Bd3Cf6Gh0Jk4Ms7T"]);
        let text = format!("a = 1\r\nurl = \"{token}\" # x\nb\n");
        let masked = mask_secrets(&text);
        assert_eq!(masked, "a = 1\r\nurl = \"****\" # x\nb\n");
        assert_eq!(mask_secrets(&masked), masked);
        assert_eq!(mask_secrets(""), "");
    }

    #[test]
    fn private_keys_are_masked_to_their_end_also_inside_a_diff() {
        let begin = secret(&["-----BEGIN RSA ", "PRIVATE KEY-----"]);
        let text =
            format!("+{begin}\n+MIIEowIBAAKCAQEAx\n 12 | q8Zk/5+==\n+-----END RSA PRIVATE KEY-----\n+safe\n");
        let masked = mask_secrets(&text);
        assert!(!masked.contains("MIIEow") && !masked.contains("q8Zk"), "{masked}");
        assert!(masked.ends_with("+safe\n"), "{masked}");
        assert_eq!(masked.lines().count(), text.lines().count());
    }

    #[test]
    fn names_words_and_placeholders_are_no_secrets() {
        for line in [
            "password = \"changeme123\"",
            "API_KEY = \"<your key 1>\"",
            "token = \"${TOKEN_1_FROM_ENV}\"",
            "token_type = \"bearer_oauth2\"",
            "secret = \"secret key\"",
            "csrf_token = \"csrf-token-v2\"",
            "const passwordField = \"input#pw1-field\"",
            "api_key = os.environ[\"API_KEY_2\"]",
            "password: str = \"\"",
            "DATABASE_URL=postgres://user:${PASSWORD}@db/app",
            "url = \"postgres://user:password@localhost/app\"",
        ] {
            assert_eq!(mask_secrets(line), line, "reported as a secret: {line}");
        }
    }

    #[test]
    fn entropy_tells_words_from_noise() {
        assert!(entropy("aaaaaaaa") < 0.1);
        assert!(entropy("q7Zt4Kx9Lm2Np5Rv") > 3.5);
        assert!(entropy("") < f64::EPSILON);
    }
}
