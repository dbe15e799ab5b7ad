//! Deterministic rules, written as data: TOML files beside this one, compiled once.
//!
//! A rule is a tree-sitter query whose `@match` capture is the place it reports; secrets are regular
//! expressions. Besides tree-sitter's own text predicates a query may use those of [`predicate`]. A file of
//! rules may say which paths it is for.
//! Every rule carries an example that fires and one that does not; tests hold it to both.

mod arguments;
mod conditions;
mod copies;
mod engine;
mod flow;
mod pattern;
mod predicate;
mod secret;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail, ensure};
use internflow_domain::{Category, Severity};
use regex::Regex;
use serde::Deserialize;
use tree_sitter::Query;

use crate::Language;

pub use engine::{Replacement, SourceFile, Violation, apply, check};
pub use secret::mask_secrets;

/// One thing that is wrong wherever it stands, as its TOML file tells it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `language/name`, as in `python/mutable-default`; `secret/name` and `workflow/name` for what is written in
    /// any language, or only in some files of one. Never changes once released.
    pub id: String,
    pub severity: Severity,
    pub category: Category,
    /// One sentence: what is wrong.
    pub message: String,
    /// Two or three sentences a student learns from.
    pub why: String,
    /// Names of the languages it looks at; empty for every file.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Code that breaks the rule at line `bad_line`.
    pub bad: String,
    #[serde(default = "one")]
    pub bad_line: u32,
    /// The same, done right.
    pub good: String,
    /// Also looks into tests.
    #[serde(default = "yes")]
    pub tests: bool,
    /// tree-sitter query; empty for secrets.
    #[serde(default)]
    pub(crate) query: String,
    /// Files that contain none of these words are not looked at.
    #[serde(default)]
    pub(crate) requires: Vec<String>,
    /// What replaces the captured node `@fix` (else `@match`): text with `{capture}` filled in. Only for
    /// rewrites that are right in every case.
    pub(crate) fix: Option<String>,
    /// An expression for the text of `@match`, where that holds several lines that the grammar does not tell
    /// apart, as a script inside another file. What is reported is each of its matches, or the group `place`
    /// in it, outside comments.
    pub(crate) at: Option<String>,
    /// For secrets: the expression; its group `secret` is what is masked.
    pub(crate) regex: Option<String>,
    /// For secrets: least entropy of the secret in bits a character.
    #[serde(default)]
    pub(crate) entropy: f64,
}

fn one() -> u32 {
    1
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    /// An expression for the paths of the files that the rules are for; without it all are.
    paths: Option<String>,
    /// An expression: a file whose text matches is not looked at.
    unless: Option<String>,
    rule: Vec<Rule>,
}

/// Which files the rules of one TOML file look at.
pub(crate) struct Scope {
    /// Indices of the rules.
    rules: Range<usize>,
    paths: Option<Regex>,
    unless: Option<Regex>,
}

impl Scope {
    fn holds(&self, path: &str, text: &str) -> bool {
        self.paths.as_ref().is_none_or(|paths| paths.is_match(path))
            && self.unless.as_ref().is_none_or(|unless| !unless.is_match(text))
    }
}

const FILES: &[(&str, &str)] = &[
    ("python.toml", include_str!("python.toml")),
    ("python_flow.toml", include_str!("python_flow.toml")),
    ("javascript.toml", include_str!("javascript.toml")),
    ("javascript_flow.toml", include_str!("javascript_flow.toml")),
    ("react.toml", include_str!("react.toml")),
    ("java.toml", include_str!("java.toml")),
    ("java_flow.toml", include_str!("java_flow.toml")),
    ("c.toml", include_str!("c.toml")),
    ("c_flow.toml", include_str!("c_flow.toml")),
    ("go.toml", include_str!("go.toml")),
    ("go_flow.toml", include_str!("go_flow.toml")),
    ("rust.toml", include_str!("rust.toml")),
    ("rust_flow.toml", include_str!("rust_flow.toml")),
    ("csharp.toml", include_str!("csharp.toml")),
    ("shell.toml", include_str!("shell.toml")),
    ("dockerfile.toml", include_str!("dockerfile.toml")),
    ("workflow.toml", include_str!("workflow.toml")),
    ("secrets.toml", include_str!("secrets.toml")),
];

/// The rules with what was compiled from them.
pub(crate) struct Compiled {
    pub(crate) rules: Vec<Rule>,
    /// One a TOML file, in their order.
    scopes: Vec<Scope>,
    /// What is reported within a node, by rule.
    pub(crate) ats: BTreeMap<usize, Regex>,
    /// One query a language with the patterns of all its rules, made when first asked for.
    queries: BTreeMap<Language, OnceLock<Option<LanguageQuery>>>,
    /// The secret rules: index into `rules`, expression.
    pub(crate) secrets: Vec<(usize, Regex)>,
}

/// The patterns of all rules of one language in one query: the tree is walked once.
pub(crate) struct LanguageQuery {
    pub(crate) query: Query,
    /// Index into the rules, by pattern.
    pub(crate) rule_of: Vec<usize>,
    /// Index of the capture `@match`.
    pub(crate) reported: u32,
    pub(crate) fixed: Option<u32>,
}

/// All rules, in the order of their files.
pub fn rules() -> &'static [Rule] {
    &compiled().rules
}

pub(crate) fn compiled() -> &'static Compiled {
    static COMPILED: OnceLock<Compiled> = OnceLock::new();
    // The rules are part of the program; the tests compile every one of them.
    COMPILED
        .get_or_init(|| Compiled::new(FILES).expect("the rule files are compiled by the tests of this crate"))
}

impl Compiled {
    fn new(files: &[(&str, &str)]) -> Result<Self> {
        let mut rules: Vec<Rule> = Vec::new();
        let mut scopes = Vec::new();
        for (name, text) in files {
            let file: RuleFile = toml::from_str(text).with_context(|| format!("rule file {name}"))?;
            let regex = |text: Option<String>| text.map(|text| Regex::new(&text)).transpose();
            let paths = regex(file.paths).with_context(|| format!("rule file {name}: paths"))?;
            let unless = regex(file.unless).with_context(|| format!("rule file {name}: unless"))?;
            scopes.push(Scope { rules: rules.len()..rules.len() + file.rule.len(), paths, unless });
            rules.extend(file.rule);
        }
        let mut secrets = Vec::new();
        let mut ats = BTreeMap::new();
        let mut queries = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            if rules[..index].iter().any(|r| r.id == rule.id) {
                bail!("rule {} is there twice", rule.id);
            }
            match &rule.regex {
                Some(regex) => {
                    let regex = Regex::new(regex).with_context(|| format!("rule {}: regex", rule.id))?;
                    secrets.push((index, regex));
                }
                None => ensure!(!rule.query.is_empty(), "rule {} has neither query nor regex", rule.id),
            }
            if let Some(at) = &rule.at {
                ensure!(rule.fix.is_none(), "rule {}: a fix replaces a node, not a part of one", rule.id);
                ats.insert(index, Regex::new(at).with_context(|| format!("rule {}: at", rule.id))?);
            }
            for name in &rule.languages {
                let language =
                    Language::parse(name).with_context(|| format!("rule {}: language {name}", rule.id))?;
                queries.entry(language).or_insert_with(OnceLock::new);
            }
        }
        Ok(Self { rules, scopes, ats, queries, secrets })
    }

    /// For each rule, whether it is for such a file.
    pub(crate) fn are_for(&self, path: &str, text: &str) -> Vec<bool> {
        let mut all = vec![true; self.rules.len()];
        for scope in self.scopes.iter().filter(|scope| !scope.holds(path, text)) {
            all[scope.rules.clone()].fill(false);
        }
        all
    }

    /// The query of a language; None when it has no rules.
    pub(crate) fn query(&self, language: Language) -> Option<&LanguageQuery> {
        self.queries.get(&language)?.get_or_init(|| self.compile(language).ok()).as_ref()
    }

    /// Compiles the rules of one language, naming the rule that cannot be compiled.
    fn compile(&self, language: Language) -> Result<LanguageQuery> {
        let grammar = language.rule_grammar().context("a language with rules is parsed")?;
        let mut source = String::new();
        let mut starts = Vec::new();
        let of_language = |rule: &&Rule| rule.languages.iter().any(|l| l == language.name());
        for rule in self.rules.iter().filter(of_language) {
            starts.push((source.len(), &rule.id));
            source.push_str(&rule.query);
            source.push('\n');
        }
        let rule_at =
            |byte: usize| starts.iter().rev().find(|(start, _)| *start <= byte).map(|(_, id)| id.as_str());
        let query = Query::new(&grammar, &source).map_err(|e| {
            let id = rule_at(e.offset).unwrap_or("?");
            anyhow::anyhow!("rule {id} for {}: {:?} error: {}", language.name(), e.kind, e.message)
        })?;
        let index_of = |id: &str| self.rules.iter().position(|r| r.id == id);
        let mut rule_of = Vec::new();
        for pattern in 0..query.pattern_count() {
            let id = rule_at(query.start_byte_for_pattern(pattern)).context("a pattern belongs to a rule")?;
            predicate::validate(&query, pattern)
                .with_context(|| format!("rule {id} for {}", language.name()))?;
            rule_of.push(index_of(id).context("a rule has an index")?);
        }
        let reported = query.capture_index_for_name("match").context("no rule captures @match")?;
        let fixed = query.capture_index_for_name("fix");
        Ok(LanguageQuery { query, rule_of, reported, fixed })
    }
}

#[cfg(test)]
mod tests;
