//! The labelled snippets of tests/fixtures/built: each must give what it says, or nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelled {
    snippet: Vec<Snippet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Snippet {
    path: String,
    text: String,
    /// `kind name first-last`.
    built: Vec<String>,
    /// `test: name, name`, for the tests whose calls are labelled.
    #[serde(default)]
    calls: Vec<String>,
}

/// What came out of one half, by kind: right, invented, missed.
#[derive(Default)]
struct Score {
    by_kind: BTreeMap<String, [u32; 3]>,
    snippets: u32,
    empty: u32,
    wrong: Vec<String>,
}

impl Score {
    fn total(&self) -> [u32; 3] {
        self.by_kind.values().fold([0; 3], |sum, one| [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]])
    }
}

fn snippets(half: &str) -> Vec<Snippet> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/built").join(half);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the fixtures are here")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    let read = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).expect("a fixture is text");
        toml::from_str::<Labelled>(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
            .snippet
    };
    files.iter().flat_map(read).collect()
}

/// A label without its lines, and its lines.
fn parted(label: &str) -> (&str, &str) {
    label.rsplit_once(' ').expect("a label ends with its lines")
}

fn score(half: &str) -> Score {
    let mut score = Score::default();
    for Snippet { path, text, built: want, calls } in snippets(half) {
        let language = Language::of(&path, text.lines().next().unwrap_or(""));
        let found = built(&path, language, &text);
        let labels: Vec<String> = found
            .iter()
            .map(|one| format!("{} {} {}-{}", one.kind.as_str(), one.name, one.start_line, one.end_line))
            .collect();
        score.snippets += 1;
        score.empty += u32::from(want.is_empty());
        let mut tally = |label: &str, place: usize| {
            let kind = label.split(' ').next().unwrap_or_default().to_owned();
            score.by_kind.entry(kind).or_default()[place] += 1;
        };
        for label in &labels {
            match want.iter().find(|wanted| parted(wanted).0 == parted(label).0) {
                Some(wanted) => {
                    tally(label, 0);
                    if wanted != label {
                        score.wrong.push(format!("{path}: {label}, not {}", parted(wanted).1));
                    }
                }
                None => {
                    tally(label, 1);
                    score.wrong.push(format!("{path}: invented {label}"));
                }
            }
        }
        for wanted in
            want.iter().filter(|wanted| !labels.iter().any(|label| parted(label).0 == parted(wanted).0))
        {
            tally(wanted, 2);
            score.wrong.push(format!("{path}: missed {wanted}"));
        }
        let called: Vec<String> =
            found.iter().map(|one| format!("{}: {}", one.name, one.calls.join(", "))).collect();
        let unlike = |label: &&String| !called.contains(*label);
        score
            .wrong
            .extend(calls.iter().filter(unlike).map(|label| format!("{path}: {called:?}, not {label}")));
    }
    score
}

/// Precision and recall by kind.
fn table(score: &Score) -> String {
    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole.max(1));
    let mut table = format!("{} snippets, {} of them with nothing to find\n", score.snippets, score.empty);
    let total = ("all".to_owned(), score.total());
    for (kind, [right, invented, missed]) in score.by_kind.iter().chain([(&total.0, &total.1)]) {
        let (precision, recall) = (share(*right, right + invented), share(*right, right + missed));
        table.push_str(&format!("{kind}: {right} right, precision {precision:.2}, recall {recall:.2}\n"));
    }
    table
}

#[test]
fn what_is_labelled_is_found_and_nothing_else() {
    let tune = score("tune");
    eprintln!("tune: {}", table(&tune));
    assert!(tune.wrong.is_empty(), "a claim on a résumé must be true: {:#?}", tune.wrong);
    assert!(tune.snippets >= 70 && tune.empty >= 24, "{} snippets, {} empty", tune.snippets, tune.empty);
}

/// Only totals: who reads what is wrong in this half would tune on it.
#[test]
fn what_nobody_tuned_on_is_found_as_well() {
    let report = score("report");
    eprintln!("report: {}", table(&report));
    let [right, invented, missed] = report.total();
    assert!(invented * 100 <= right * 3, "{invented} of {} claims are invented", right + invented);
    assert!(missed * 100 <= (right + missed) * 5, "{missed} of {} things are missed", right + missed);
    assert!(report.snippets >= 70 && report.empty >= 24, "{} snippets", report.snippets);
}

const OLD: &str =
    "from flask import Flask\n\napp = Flask(__name__)\n\n@app.get('/a')\ndef a():\n    return load('a')\n";

fn names(built: &[Built]) -> Vec<String> {
    built.iter().map(|one| format!("{} {} {}", one.kind.as_str(), one.name, one.start_line)).collect()
}

#[test]
fn only_what_is_new_is_added() {
    let python = Some(Language::Python);
    let change = |new: &str| names(&added("app.py", python, Some(OLD), new));
    let moved = OLD.replace("app = ", "# The application.\nimport os\n\napp = ").replace("'/a'", "\"/a\"");
    assert!(change(&moved).is_empty(), "moved lines and other quotes build nothing");
    assert!(
        change(&OLD.replace("load('a')", "fetch('a')")).is_empty(),
        "an endpoint that is changed was there"
    );
    let more = format!("{OLD}\n@app.post('/b')\ndef b():\n    return ''\n");
    assert_eq!(change(&more), ["endpoint POST /b 9"]);
    assert_eq!(names(&removed("app.py", python, &more, Some(OLD))), ["endpoint POST /b 9"]);
    assert!(removed("app.py", python, OLD, Some(&more)).is_empty());
    assert_eq!(names(&added("app.py", python, None, OLD)), ["endpoint GET /a 5"]);
    assert_eq!(names(&removed("app.py", python, OLD, None)), ["endpoint GET /a 5"]);
}

#[test]
fn what_others_wrote_builds_nothing() {
    for path in ["vendor/app.py", "node_modules/x/app.py", "build/app.py"] {
        assert!(built(path, Some(Language::Python), OLD).is_empty(), "{path}");
    }
    let generated = format!("# Generated by a tool. Do not edit.\n{OLD}");
    assert!(built("app.py", Some(Language::Python), &generated).is_empty());
}

#[test]
fn details_say_with_what_and_by_whom() {
    let found = built("app.py", Some(Language::Python), OLD);
    assert_eq!(found[0].detail, "Flask, a");
    let compose = "services:\n  db:\n    image: postgres:17\n";
    assert_eq!(built("compose.yml", Some(Language::Yaml), compose)[0].detail, "Compose, postgres:17");
}

/// Files that no person writes, each made to cost the most where it is read.
fn hostile() -> Vec<(&'static str, String)> {
    let noise = |times: u32| -> String {
        let letter = |n: u32| char::from_u32((n.wrapping_mul(2_654_435_761) >> 11) & 0x2FF).unwrap_or('x');
        (0..times).map(|n| if n % 80 == 79 { '\n' } else { letter(n) }).collect()
    };
    let with =
        |start: &str, again: &str, times: usize, end: &str| format!("{start}{}{end}", again.repeat(times));
    let chain = ".get(a)\n".repeat(300);
    vec![
        // A line of a megabyte is no program; where nothing says so it is read as it is.
        ("a.py", with("x = '", "\\n", 480_000, "'")),
        ("a.js", "f(a);".repeat(20_000)),
        ("Jenkinsfile", "stage('x') {".repeat(80_000)),
        ("schema.prisma", with("model ", "x", 900_000, " {\n}\n")),
        // Brackets that never close.
        ("a.py", "(\n".repeat(50_000)),
        ("src/a.rs", "[\n".repeat(50_000)),
        ("pages/a.tsx", "{\n".repeat(50_000)),
        ("A.java", "f(\n".repeat(50_000)),
        ("a.go", "[{\n".repeat(10_000)),
        // Decorators and attributes.
        ("app.py", with("import flask\n", "@a.get('/x')\n", 20_000, "def f(): pass\n")),
        ("src/a.rs", with("", "#[get(\"/x\")]\n", 5_000, "fn f() {}\n")),
        ("src/b.rs", "#[test]\nfn f() { g!(x.y(1)); }\n".repeat(1_500)),
        (
            "a.ts",
            with(
                "@A()\n",
                "@A()\n",
                4_000,
                &with("@Controller('a')\nclass B {\n", "@Get() c() {}\n", 3_000, "}"),
            ),
        ),
        (
            "A.cs",
            with("[A]\n", "[A]\n", 4_000, &with("class B : C {\n", "[HttpGet] void D() {}\n", 3_000, "}")),
        ),
        ("A.java", with("@A\n", "@A\n", 4_000, &with("class B {\n", "@Get void c() {}\n", 3_000, "}"))),
        // What would look through itself again and again.
        ("tests/a.test.js", "describe('a', () => { it('b', () => { c(); });\n".repeat(1_500)),
        (
            "tests/b.test.js",
            with("", "it('a', () => {\n", 120, &with("", "b();\n", 5_000, &"});\n".repeat(120))),
        ),
        (
            "tests/c.test.js",
            with(
                &with("describe('", "\\n", 20_000, "', () => {\n"),
                "it('a', () => { b(); });\n",
                3_000,
                "});",
            ),
        ),
        ("b.ts", with("import express from 'express';\n", &format!("app{chain};\n"), 12, "")),
        (
            "c.tsx",
            with("const X = () => [", "<a/>,\n", 10_000, &with("];\n", "export default X;\n", 3_000, "")),
        ),
        (
            "d.tsx",
            with("import 'vue-router';\nx = ", "{ path: '/', element:\n", 200, &"a(<b/>,\n".repeat(100)),
        ),
        ("src/c.rs", with("use clap::Command;\nfn f() { a", ".subcommand(Command::new(\"x\"))\n", 300, " }")),
        ("src/d.rs", with("fn f() {\n", "a.route(b, c);\n", 3_000, "}")),
        ("src/e.rs", "use self::a;\n".repeat(4_000)),
        (
            "a_test.go",
            with(
                "package a\n",
                "import \"a/b\"\n",
                600,
                &with("func TestA(t *testing.T) {\n", "a.b()\n", 4_000, "}"),
            ),
        ),
        ("b.py", with("", "class A(A): pass\n", 1_500, "from pydantic import BaseModel\n")),
        ("a.cpp", "TEST(A, B) {\n".repeat(1_500)),
        ("a.sql", "create table x (\n".repeat(15_000)),
        ("a.kt", with("import androidx.compose\n", "@A\nfun AScreen(\n", 10_000, "")),
        ("compose.yml", with("services:\n", "  a:\n    image: b\n", 3_000, "")),
        // Noise, and names in letters that run from right to left.
        ("c.py", noise(30_000)),
        ("b.kt", noise(30_000)),
        ("tests/test_a.py", "def test_\u{202e}\u{5d0}\u{5d1}\u{301}(): \u{5d2}()\n".repeat(2_000)),
        ("e.ts", "\u{202e}export class \u{645}\u{631} {}\n".repeat(2_000)),
    ]
}

#[test]
fn hostile_text_is_bounded() {
    for (path, text) in hostile() {
        let language = Language::of(path, &text);
        let found = built(path, language, &text);
        assert!(found.len() <= MOST, "{path} has {} things in it", found.len());
        assert!(
            found.iter().all(|one| one.name.len() <= LONGEST && one.start_line <= one.end_line),
            "{path}"
        );
    }
}

#[test]
fn every_language_reads_whatever_it_is_given() {
    let paths = [
        "tests/test_a.py",
        "a.py",
        "tests/a.test.js",
        "a.ts",
        "pages/a.tsx",
        "a_test.go",
        "A.java",
        "src/a.rs",
        "A.cs",
        "a.cpp",
        "a.sql",
        "a.kt",
        "compose.yml",
        ".gitlab-ci.yml",
        "Dockerfile",
        "Jenkinsfile",
        "schema.prisma",
    ];
    for (_, text) in hostile() {
        let part = &text[..text.floor_char_boundary(600)];
        for path in paths {
            assert!(built(path, Language::of(path, part), part).len() <= MOST, "{path}");
        }
    }
}

#[test]
fn a_real_file_is_read_to_its_end() {
    let test = "test('adds', async () => {\n  const queue = new Queue({ limit: 2 });\n  queue.add(() => load(1));\n  \
                expect(await queue.size()).toBe(1);\n});\n";
    let many: String = (0..1_500).map(|n| test.replace("adds", &format!("adds {n}"))).collect();
    let found = built("a.test.js", Some(Language::JavaScript), &many);
    assert_eq!(found.len(), 1_500, "what bounds hostile text must not cut what people write");
    assert_eq!(found[1_499].calls, ["Queue", "Queue.add", "load", "Queue.size"]);
}

#[test]
fn broken_code_gives_what_is_whole() {
    let broken = format!("{OLD}\n@app.post('/b'\ndef b(:\n    return ''\n");
    assert_eq!(names(&built("app.py", Some(Language::Python), &broken)), ["endpoint GET /a 5"]);
}
