//! What goes wrong is said in one message that tells what to do, with exit status 1, and loses nothing.

use internflow_tests::{Cli, TestRepo};

/// The run failed with one line that holds all these words.
fn check(cli: &Cli, args: &[&str], words: &[&str]) {
    let ran = cli.run(args);
    assert_eq!(ran.code, 1, "{args:?}: {}{}", ran.out, ran.err);
    assert_eq!(ran.err.trim().lines().count(), 1, "one clear message: {}", ran.err);
    for word in words {
        assert!(ran.err.contains(word), "`{word}` tells the user what to do: {}", ran.err);
    }
}

fn shown(repo: &TestRepo) -> String {
    repo.path().to_string_lossy().into_owned()
}

#[test]
fn what_is_no_repository() {
    let cli = Cli::new();
    let folder = tempfile_dir();
    check(&cli, &["review", &folder.path().to_string_lossy()], &["not a git repository", "git init"]);
    check(&cli, &["review", "/nowhere/at/all"], &["no folder", "Check the path"]);
}

fn tempfile_dir() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[test]
fn a_repository_without_commits() {
    let (cli, repo) = (Cli::new(), TestRepo::empty());
    check(&cli, &["review", &shown(&repo), "--rules-only"], &["no commits yet"]);
    let ran = cli.run(&["bullets", &shown(&repo), "--plain"]);
    assert_eq!(
        (ran.code, ran.out.trim()),
        (0, ""),
        "no work gives no bullets, never an example: {}",
        ran.err
    );
}

#[test]
fn commits_that_are_not_there() {
    let (cli, repo) = (Cli::new(), TestRepo::with(&[("One", &[("a.py", "x = 1\n")])]));
    check(&cli, &["review", &shown(&repo), "--commit", "v9"], &["v9", "git log"]);
    check(&cli, &["review", &shown(&repo), "--range", "HEAD...HEAD"], &["three dots"]);
    check(
        &cli,
        &["review", &shown(&repo), "--author", "nobody@example.org", "--last", "3"],
        &["nobody@example.org", "shortlog"],
    );
}

#[test]
fn a_model_that_is_not_there_keeps_what_the_rules_found() {
    let repo = TestRepo::with(&[(
        "Leak",
        &[("a.py", "def f(a=[]):\n    return a\n\n\ndef g(n, m):\n    return n < m\n")],
    )]);
    let cli = Cli::new();
    check(
        &cli,
        &["review", &shown(&repo), "--out", &cli.data.path().join("out").to_string_lossy()],
        &["not on this machine", "models get"],
    );
    let kept = std::fs::read_to_string(cli.data.path().join("out")).expect("the report is written");
    assert!(kept.contains("python/mutable-default"), "a review cut short shows what it has: {kept}");
    check(&cli, &["bullets", &shown(&TestRepo::with(&[("Work", &[("a.py", &work())])]))], &["models get"]);
}

fn work() -> String {
    (0..40).map(|i| format!("def step_{i}(value):\n    return value + {i}\n\n\n")).collect()
}

#[test]
fn an_altered_model_is_never_loaded() {
    let repo = TestRepo::with(&[("One", &[("a.py", "def f(a):\n    return a / 0\n")])]);
    let cli = Cli::new();
    let id = "qwen2.5-coder-1.5b-instruct-q4_k_m";
    let folder = cli.data.path().join("models").join(id);
    std::fs::create_dir_all(&folder).expect("folders are made");
    std::fs::write(folder.join(format!("{id}.gguf")), b"GGUF and then something else")
        .expect("a file is written");
    check(&cli, &["review", &shown(&repo)], &["damaged", "models get"]);
    let ran = cli.run(&["models", "verify"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.out.contains("damaged"), "{}", ran.out);
}

#[test]
fn a_data_folder_in_use() {
    let cli = Cli::new();
    let mut serving =
        cli.command(&["serve"]).stdout(std::process::Stdio::piped()).spawn().expect("it starts");
    let mut first = String::new();
    let out = serving.stdout.take().expect("its output");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut first).expect("it says where it is");
    check(&cli, &["models", "list"], &["in use by another InternFlow", "--data-dir"]);
    serving.kill().expect("it is ended");
    serving.wait().expect("it ends");
    assert_eq!(cli.run(&["models", "list"]).code, 0, "a lock of a dead process holds nobody back");
}

#[test]
fn a_data_folder_that_cannot_be_made() {
    let cli = Cli::new();
    let file = cli.data.path().join("file");
    std::fs::write(&file, b"").expect("a file is written");
    let mut command = std::process::Command::new(internflow_tests::executable("internflow-cli"));
    let ran =
        command.arg("--data-dir").arg(file.join("data")).args(["models", "list"]).output().expect("it runs");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1), "{said}");
    assert!(said.contains("data folder") && said.contains("--data-dir"), "{said}");
}

#[test]
fn shallow_clones_and_odd_names() {
    let repo = TestRepo::with(&[
        ("One", &[("a.py", "x = 1\n")]),
        ("Two", &[("b c/ä\".py", "def f(a={}):\n    return a\n")]),
    ]);
    let clone = tempfile_dir();
    let url = format!("file://{}", shown(&repo));
    repo.git(&["clone", "--quiet", "--depth", "1", &url, &clone.path().join("s").to_string_lossy()]);
    let cli = Cli::new();
    let ran = cli.run(&["review", &clone.path().join("s").to_string_lossy(), "--rules-only"]);
    assert_eq!(ran.code, 0, "where history was cut, the commit is shown whole: {}", ran.err);
    assert!(ran.out.contains("ä\".py:1"), "{}", ran.out);
}

#[cfg(unix)]
#[test]
fn a_repository_that_can_only_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let repo = TestRepo::with(&[("One", &[("a.py", "def f(a=[]):\n    return a\n")])]);
    let set = |mode| {
        for folder in [repo.path().to_owned(), repo.path().join(".git")] {
            std::fs::set_permissions(folder, PermissionsExt::from_mode(mode)).expect("permissions are set");
        }
    };
    set(0o555);
    let before = listing(repo.path());
    let ran = Cli::new().run(&["review", &shown(&repo), "--rules-only"]);
    let after = listing(repo.path());
    set(0o755);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(before, after, "a review writes nothing into the repository");
}

fn listing(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path.clone());
            }
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn a_submodule_is_named_and_not_entered() {
    let (cli, repo) = (Cli::new(), TestRepo::with(&[("One", &[("a.py", "x = 1\n")])]));
    let sha = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{},lib", sha.trim())]);
    repo.git(&["commit", "-q", "-m", "Add a submodule"]);
    let ran = cli.run(&["review", &shown(&repo), "--rules-only"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("lib (submodule)"), "{}", ran.out);
}
