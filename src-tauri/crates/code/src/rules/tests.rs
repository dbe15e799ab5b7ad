//! Every rule is held to its own examples, and the engine to hostile text.

use std::time::{Duration, Instant};

use super::*;
use crate::still_parses;

/// The languages a rule looks at; None stands for a file of no known language.
fn languages(rule: &Rule) -> Vec<Option<Language>> {
    if rule.languages.is_empty() {
        return vec![None];
    }
    rule.languages.iter().map(|name| Language::parse(name)).collect()
}

/// A path that the rule is for.
fn path_of(rule: &Rule) -> &'static str {
    if rule.id.starts_with("workflow/") { ".github/workflows/example.yml" } else { "src/example" }
}

fn whole(path: &str, language: Option<Language>, text: &str) -> Vec<Violation> {
    check(&SourceFile { path, language, text }, &[(1, u32::MAX)])
}

fn places(found: &[Violation]) -> Vec<(&str, u32)> {
    found.iter().map(|v| (v.rule.id.as_str(), v.line)).collect()
}

#[test]
fn every_rule_compiles_in_every_language_it_names() {
    let compiled = Compiled::new(FILES).expect("the rule files are well formed");
    for language in compiled.queries.keys() {
        if let Err(error) = compiled.compile(*language) {
            panic!("{error:#}");
        }
    }
}

#[test]
fn every_rule_explains_itself() {
    for rule in rules() {
        let sentences = rule.why.matches(['.', '?']).count();
        assert!(sentences >= 2, "{}: a student needs more than one sentence", rule.id);
        assert!(
            rule.message.ends_with(['.', '?']) && !rule.message.contains('\n'),
            "{}: one sentence",
            rule.id
        );
        assert!(rule.query.is_empty() != rule.regex.is_none(), "{}: a query or an expression", rule.id);
        assert!(!rule.bad.trim().is_empty() && !rule.good.trim().is_empty(), "{}: both examples", rule.id);
        let family = rule.id.split('/').next().unwrap_or_default();
        let of_its_own = matches!(family, "secret" | "workflow");
        assert!(of_its_own || Language::parse(family).is_some(), "{}: language/name", rule.id);
        if let Some(regex) = &rule.regex {
            assert!(regex.contains("?P<secret>"), "{}: without the group nothing would be masked", rule.id);
        }
    }
}

#[test]
fn every_rule_reports_its_bad_example_and_nothing_else() {
    for rule in rules() {
        for language in languages(rule) {
            let found = whole(path_of(rule), language, &rule.bad);
            assert_eq!(places(&found), [(rule.id.as_str(), rule.bad_line)], "{} in {language:?}", rule.id);
        }
    }
}

#[test]
fn no_rule_reports_a_good_example() {
    for rule in rules() {
        for language in languages(rule) {
            let found = whole(path_of(rule), language, &rule.good);
            assert_eq!(places(&found), [], "the good example of {} in {language:?}", rule.id);
        }
    }
}

#[test]
fn examples_are_code_that_parses() {
    for rule in rules() {
        for language in languages(rule).into_iter().flatten() {
            for (what, text) in [("bad", &rule.bad), ("good", &rule.good)] {
                let tree = crate::syntax::parse_for_rules(language, text).expect("an example is small");
                assert!(
                    !tree.root_node().has_error(),
                    "{}: the {what} example is no {}",
                    rule.id,
                    language.label()
                );
            }
        }
    }
}

#[test]
fn fixes_mend_the_example_and_keep_it_parsing() {
    for rule in rules().iter().filter(|rule| rule.fix.is_some()) {
        for language in languages(rule).into_iter().flatten() {
            let found = whole("src/example", Some(language), &rule.bad);
            let fix = found.first().and_then(|v| v.fix.as_ref());
            let fix = fix.unwrap_or_else(|| panic!("{}: its own example is not mended", rule.id));
            let mended = apply(&rule.bad, fix);
            assert!(still_parses(language, &rule.bad, &mended), "{}: {mended}", rule.id);
            assert!(!mended.contains(['{', '}']) || rule.bad.contains('{'), "{}: {mended}", rule.id);
            assert_eq!(places(&whole("src/example", Some(language), &mended)), [], "{}: {mended}", rule.id);
        }
    }
}

#[test]
fn a_fix_of_several_lines_stays_one_statement() {
    // The parser forgives a line that ends too early; Python does not.
    let text = "assert (\n    a and\n    b,\n    'both',\n)\n";
    let found = whole("a.py", Some(Language::Python), text);
    let fix = found[0].fix.as_ref().expect("the assertion is mended");
    assert_eq!(apply(text, fix), "assert (a and\n    b), 'both'\n");
}

#[test]
fn secrets_never_reach_a_quote() {
    for rule in rules().iter().filter(|rule| rule.regex.is_some()) {
        let regex = Regex::new(rule.regex.as_deref().unwrap_or_default()).expect("compiled by another test");
        let secret = regex.captures(&rule.bad).and_then(|c| c.name("secret")).expect("the example matches");
        let found = whole("src/example", None, &rule.bad);
        assert!(found[0].quote.contains("****"), "{}: {}", rule.id, found[0].quote);
        assert!(
            !found[0].quote.contains(secret.as_str()),
            "{}: the secret would be stored and shown",
            rule.id
        );
    }
    // A rule of another kind on the same line must not carry it along either.
    let secret = &rules().iter().find(|r| r.id == "secret/github-token").expect("the rule exists").bad;
    let text = format!("x = eval(request.y); {secret}\n");
    let found = whole("a.py", Some(Language::Python), &text);
    assert_eq!(found.len(), 2, "{:?}", places(&found));
    assert!(found.iter().all(|v| !v.quote.contains("q7Zt4Kx9")));
}

#[test]
fn only_added_lines_are_reported() {
    let text = "if a == None and b:\n    pass\nif c == None and d:\n    pass\n";
    let file = SourceFile { path: "a.py", language: Some(Language::Python), text };
    let lines = |added: &[(u32, u32)]| check(&file, added).iter().map(|v| v.line).collect::<Vec<_>>();
    assert_eq!(lines(&[(3, 3)]), [3]);
    assert_eq!(lines(&[(1, 1), (3, 4)]), [1, 3]);
    assert_eq!(lines(&[(2, 2)]), [0_u32; 0]);
    assert_eq!(lines(&[]), [0_u32; 0]);
    assert_eq!(lines(&[(0, 0), (90, 99), (9, 2)]), [0_u32; 0], "ranges outside the file say nothing");
}

#[test]
fn a_word_beside_an_argument_hides_nothing_and_is_not_taken_away() {
    let java = "class A {\n  void f(Statement s, String n) throws Exception {\n    s.executeQuery(\n        // looked at already\n        \"select * from t where n = '\" + n + \"'\" /* fine */);\n  }\n}\n";
    let python = "import subprocess\n\n\ndef f(name):\n    subprocess.run(  # ignore the next line\n        'ls ' + name, shell=True)\n";
    for (path, language, text) in [("A.java", Language::Java, java), ("a.py", Language::Python, python)] {
        let file = SourceFile { path, language: Some(language), text };
        let found = check(&file, &[(1, 99)]);
        assert!(!found.is_empty(), "a comment in {path} hides what is wrong");
        let bare: String = text
            .replace("// looked at already", "")
            .replace(" /* fine */", "")
            .replace("  # ignore the next line", "");
        let lines = |found: &[Violation]| -> Vec<(String, u32)> {
            found.iter().map(|one| (one.rule.id.clone(), one.line)).collect()
        };
        assert_eq!(lines(&found), lines(&check(&SourceFile { text: &bare, ..file }, &[(1, 99)])));
    }
    let text = "if a == None:  # because\n    pass\nif f(1,  # one\n     2) == None:\n    pass\n";
    let file = SourceFile { path: "a.py", language: Some(Language::Python), text };
    let fixes: Vec<_> =
        check(&file, &[(1, 9)]).into_iter().map(|one| (one.line, one.fix.is_some())).collect();
    assert_eq!(fixes, [(1, true), (3, false)], "a fix that would lose a comment is none");
}

#[test]
fn windows_line_ends_change_nothing() {
    for rule in rules() {
        for language in languages(rule) {
            let text = rule.bad.replace('\n', "\r\n");
            let found = whole(path_of(rule), language, &text);
            assert_eq!(places(&found), [(rule.id.as_str(), rule.bad_line)], "{} in {language:?}", rule.id);
            assert!(!found[0].quote.contains('\r'), "{}: quotes end before the line does", rule.id);
        }
    }
}

#[test]
fn rules_that_leave_tests_alone_do() {
    for rule in rules().iter().filter(|rule| !rule.tests) {
        for language in languages(rule) {
            assert_eq!(places(&whole("tests/example", language, &rule.bad)), [], "{} in a test", rule.id);
        }
    }
}

#[test]
fn a_line_of_a_script_in_another_file_is_reported_by_itself() {
    let text = "FROM debian:12\nRUN make \\\n && chmod 777 /a \\\n # chmod 777 /b\n && chmod -R 777 /c\n";
    let file = SourceFile { path: "Dockerfile", language: Some(Language::Dockerfile), text };
    let lines = |added: &[(u32, u32)]| check(&file, added).iter().map(|v| v.line).collect::<Vec<_>>();
    assert_eq!(lines(&[(1, 5)]), [3, 5], "the third is a comment");
    assert_eq!(lines(&[(5, 5)]), [5], "the instruction began earlier, this line is new");
    assert_eq!(lines(&[(2, 2)]), [0_u32; 0]);
    assert_eq!(check(&file, &[(5, 5)])[0].quote, "&& chmod -R 777 /c");
}

#[test]
fn rules_for_some_files_leave_others_alone() {
    let of = |id: &str| rules().iter().find(|rule| rule.id == id).expect("the rule exists");
    let workflow = &of("workflow/script-injection").bad;
    for path in ["deploy/values.yaml", ".github/workflows/old/test.yml", ".github/dependabot.yml"] {
        assert_eq!(places(&whole(path, Some(Language::Yaml), workflow)), [], "{path} is no workflow");
    }
    let script = &of("shell/unquoted-argument").bad;
    assert_eq!(whole("tools/tidy.sh", Some(Language::Shell), script).len(), 1);
    for path in ["tools/tidy.zsh", "tools/tidy.fish", ".zshrc"] {
        assert_eq!(places(&whole(path, Some(Language::Shell), script)), [], "{path} is another language");
    }
    let zsh = script.replace("#!/bin/sh", "#!/usr/bin/env zsh");
    assert_eq!(
        places(&whole("tools/tidy", Some(Language::Shell), &zsh)),
        [],
        "zsh keeps a value in one piece"
    );
}

#[test]
fn two_thousand_lines_are_checked_in_a_moment() {
    // Meant to stay under 200 ms in an optimised build; the bound only catches a change of complexity.
    let python = "async def load(a, b=None):\n    if a is None and b:\n        return [x for x in b]\n    await save(a, 'x')\n";
    let script = "async function load(a, b) {\n  if (a === null) return b.map((x) => x.id);\n  await save(a, 'x');\n}\n";
    for (language, text) in [(Language::Python, python), (Language::TypeScript, script)] {
        let text = text.repeat(500);
        whole("a", Some(language), "x");
        let start = Instant::now();
        let found = whole("src/a", Some(language), &text);
        assert!(start.elapsed() < Duration::from_secs(2), "{}: {:?}", language.name(), start.elapsed());
        assert_eq!(places(&found), [], "ordinary code is not reported");
    }
}

#[test]
fn hostile_text_is_survived_in_bounded_time() {
    let megabyte = format!("x = {}\n", "a + ".repeat(250_000));
    let texts = [
        "(".repeat(100_000),
        "[{".repeat(50_000),
        "f(".repeat(50_000),
        "}".repeat(100_000),
        "if a:\n ".repeat(20_000),
        "\0".repeat(10_000),
        "a\0b = eval(x)\0\n\u{feff}\u{202e}\r\r\n".to_owned(),
        "\"".to_owned(),
        String::new(),
        "é".repeat(100_000),
        format!("password = {}\n", "'\"".repeat(20_000)),
    ];
    assert_eq!(places(&whole("src/a", Some(Language::Python), &megabyte)), [], "one line of a megabyte");
    assert_eq!(places(&whole("src/a", None, &megabyte)), []);
    let languages = [
        Language::Python,
        Language::JavaScript,
        Language::Tsx,
        Language::Java,
        Language::C,
        Language::Go,
        Language::Rust,
        Language::CSharp,
        Language::Shell,
        Language::Dockerfile,
        Language::Yaml,
    ];
    for language in languages {
        let path = if language == Language::Yaml { ".github/workflows/a.yml" } else { "src/a" };
        for text in &texts {
            let start = Instant::now();
            let found = whole(path, Some(language), text);
            assert!(found.iter().all(|v| v.quote.len() <= 400), "a quote is shown, not a file");
            let head: String = text.chars().take(12).collect();
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "{} {head:?}: {:?}",
                language.name(),
                start.elapsed()
            );
        }
    }
}
