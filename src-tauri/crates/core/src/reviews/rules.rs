//! Findings of the deterministic rules.

use internflow_code::{SourceFile, Violation, check, mask_secrets, still_parses, unified_diff};
use internflow_domain::{Finding, Source};

use super::Reviewed;

/// Runs all rules over the added lines, worst first.
pub(super) fn findings(sha: &str, files: &[Reviewed]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = files
        .iter()
        .flat_map(|file| {
            let source = SourceFile { path: file.path(), language: file.language, text: file.text() };
            check(&source, &file.added).into_iter().map(|violation| finding(sha, file, violation))
        })
        .collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

fn finding(sha: &str, file: &Reviewed, violation: Violation) -> Finding {
    let rule = violation.rule;
    let fix = violation.fix.and_then(|fix| {
        let text = file.text();
        let fixed = format!("{}{}{}", text.get(..fix.start_byte)?, fix.text, text.get(fix.end_byte..)?);
        let parses = file.language.is_none_or(|language| still_parses(language, text, &fixed));
        let patch = unified_diff(file.path(), text, &fixed);
        // A patch that would print a secret again is worse than none.
        (parses && mask_secrets(&patch) == patch).then_some(patch)
    });
    Finding {
        commit: sha.to_owned(),
        path: file.path().to_owned(),
        line: violation.line,
        end_line: violation.end_line,
        severity: rule.severity,
        category: rule.category,
        source: Source::Rule,
        rule: rule.id.clone(),
        message: rule.message.clone(),
        why: rule.why.clone(),
        quote: violation.quote,
        fix,
        confidence: 0.9,
    }
}
