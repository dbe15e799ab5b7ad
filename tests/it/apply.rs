//! A finding's fix in the user's working copy: one file, only when asked, and out of it again.

use std::path::{Path, PathBuf};

use internflow_tests::{Cli, Served, TestRepo};
use serde_json::{Value, json};

const PATH: &str = "src/check.py";
const FLAWED: &str = "def f(x):\n    if x == None:\n        return 1\n    return 2\n";
const FIXED: &str = "def f(x):\n    if x is None:\n        return 1\n    return 2\n";

fn flawed() -> TestRepo {
    TestRepo::with(&[("Check", &[(PATH, FLAWED)])])
}

/// A running app with a repository whose newest commit was reviewed.
struct Stage {
    cli: Cli,
    served: Served,
    repo: TestRepo,
    id: Value,
    sha: String,
    finding: Value,
}

impl Stage {
    fn new(repo: TestRepo) -> Self {
        let folder = repo.path().to_owned();
        Self::of(repo, &folder)
    }

    /// `folder` is what is added: the repository itself or a copy of it.
    fn of(repo: TestRepo, folder: &Path) -> Self {
        let cli = Cli::new();
        let served = Served::start(&cli);
        let id = served.call("repository_add", json!({ "path": folder })).expect("it is added")["id"].clone();
        let sha = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
        let tasks = served
            .call("review_start", json!({ "repository_id": id, "shas": [sha], "rules_only": true }))
            .expect("it is queued");
        served.ended(&tasks[0]["id"]);
        let review = served.call("review_get", json!({ "repository_id": id, "sha": sha })).expect("a review");
        let findings = review["findings"].as_array().expect("findings");
        let finding = findings.iter().find(|f| f["fix"].is_string()).expect("this rule has a fix").clone();
        Self { cli, served, repo, id, sha, finding }
    }

    fn file(&self) -> PathBuf {
        self.repo.path().join(PATH)
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.file()).expect("the file is there")
    }

    fn write(&self, text: impl AsRef<[u8]>) {
        std::fs::write(self.file(), text).expect("the file is written");
    }

    fn call(&self, name: &str, folder: Option<&Path>) -> Result<Value, Value> {
        self.served.call(name, json!({ "finding_id": self.finding["id"], "folder": folder }))
    }

    fn apply(&self) -> Value {
        self.call("finding_apply", None).expect("it is applied")
    }

    fn undo(&self) -> Result<Value, Value> {
        self.served.call("finding_undo", json!({ "finding_id": self.finding["id"] }))
    }

    fn applied(&self) -> Value {
        let one = json!({ "repository_id": self.id, "sha": self.sha });
        self.served.call("finding_applied", one).expect("a list")
    }

    /// It is refused with these words, also when only asked about, and the file stays as it is.
    fn refused(&self, folder: Option<&Path>, words: &[&str]) {
        let before = std::fs::read(self.file()).ok();
        let error = self.call("finding_apply", folder).expect_err("it must not be written");
        let asked = self.call("finding_target", folder);
        let problem = match &asked {
            Ok(target) => target["problem"].clone(),
            Err(error) => error["message"].clone(),
        };
        for word in words {
            assert!(error["message"].to_string().contains(word), "`{word}` tells what to do: {error}");
            assert!(problem.to_string().contains(word), "and before anybody confirms: {problem}");
        }
        assert_eq!(std::fs::read(self.file()).ok(), before, "{error}");
        assert_eq!(self.applied(), json!([]), "{error}");
    }
}

#[test]
fn only_a_working_copy_of_the_repository_is_written() {
    let stage = Stage::new(flawed());
    let other = TestRepo::with(&[("Other", &[(PATH, FLAWED)])]);
    let plain = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir_all(plain.path().join("src")).expect("folders are made");
    std::fs::write(plain.path().join(PATH), FLAWED).expect("a file");
    let bare = plain.path().join("bare.git");
    other.git(&["clone", "--quiet", "--bare", ".", &bare.to_string_lossy()]);
    let refused = |folder: &Path, words: &[&str]| stage.refused(Some(folder), words);
    refused(&plain.path().join("nowhere"), &["There is no folder", "Check the path"]);
    refused(plain.path(), &["not a git repository"]);
    refused(other.path(), &["does not have the reviewed commit", "Choose another folder"]);
    refused(&bare, &["bare repository"]);
    refused(&stage.repo.path().join("src"), &["not the top folder", "Choose that one"]);
    refused(Path::new("src"), &["no complete path"]);
    for folder in [other.path(), plain.path()] {
        assert_eq!(std::fs::read_to_string(folder.join(PATH)).expect("it is there"), FLAWED);
    }
    let gone = stage.served.call("finding_apply", json!({ "finding_id": 999, "folder": null }));
    assert_eq!(gone.expect_err("there is none")["code"], "not_found");
}

/// A repository whose own configuration says that its working copy is somewhere else.
#[test]
fn what_a_repository_calls_its_working_copy_is_not_believed() {
    let stage = Stage::new(flawed());
    let outside = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir_all(outside.path().join("src")).expect("folders are made");
    std::fs::write(outside.path().join(PATH), FLAWED).expect("a file");
    stage.repo.git(&["config", "core.worktree", &outside.path().to_string_lossy()]);
    let answer = stage.call("finding_apply", Some(stage.repo.path()));
    assert!(answer.is_err(), "{answer:?}");
    assert_eq!(std::fs::read_to_string(outside.path().join(PATH)).expect("it is there"), FLAWED);
    assert_eq!(stage.text(), FLAWED);
}

#[cfg(unix)]
#[test]
fn nothing_behind_a_link_is_written() {
    use std::os::unix::fs::symlink;
    let stage = Stage::new(flawed());
    let outside = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(outside.path().join("check.py"), FLAWED).expect("a file");
    let (file, folder) = (stage.file(), stage.repo.path().join("src"));
    std::fs::remove_file(&file).expect("the file goes");
    symlink(outside.path().join("check.py"), &file).expect("a link");
    stage.refused(None, &["symbolic link", "by hand"]);
    std::fs::remove_file(&file).expect("the link goes");
    std::fs::remove_dir(&folder).expect("the folder goes");
    symlink(outside.path(), &folder).expect("a link");
    stage.refused(None, &["symbolic link", "by hand"]);
    let there = std::fs::read_to_string(outside.path().join("check.py")).expect("it is there");
    assert_eq!(there, FLAWED, "the file of another folder is none of ours");
}

/// Git itself makes no such tree; somebody who wants to harm does.
#[test]
fn names_that_lead_elsewhere_are_refused() {
    let name = format!("evil-{}.py", std::process::id());
    for folder in ["..", ".git"] {
        let repo = TestRepo::with(&[("Begin", &[("a.txt", "a\n")])]);
        let tree = |listing: String| {
            std::fs::write(repo.path().join(".git/listing"), listing).expect("a file");
            let made = std::process::Command::new("sh")
                .args(["-c", "git mktree < .git/listing"])
                .current_dir(repo.path())
                .output()
                .expect("git runs");
            assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
            String::from_utf8_lossy(&made.stdout).trim().to_owned()
        };
        let target = repo.path().join(folder).join(&name);
        std::fs::write(&target, FLAWED).expect("a file");
        let blob = |rev: &[&str]| repo.git(rev).trim().to_owned();
        let evil = blob(&["hash-object", "-w", &target.to_string_lossy()]);
        let inner = tree(format!("100644 blob {evil}\t{name}\n"));
        let old = blob(&["rev-parse", "HEAD:a.txt"]);
        let outer = tree(format!("040000 tree {inner}\t{folder}\n100644 blob {old}\ta.txt\n"));
        let commit = repo.git(&["commit-tree", &outer, "-p", "HEAD", "-m", "Evil"]);
        repo.git(&["update-ref", "HEAD", commit.trim()]);
        let stage = Stage::new(repo);
        assert_eq!(stage.finding["path"], format!("{folder}/{name}"), "reviews read it, which harms nobody");
        let error = stage.call("finding_apply", None).expect_err("it leads out of the folder");
        let asked = stage.call("finding_target", None).expect_err("nor is it ever opened");
        for error in [error, asked] {
            assert!(error["message"].to_string().contains("never writes there"), "{error}");
        }
        assert_eq!(std::fs::read_to_string(&target).expect("it is there"), FLAWED);
        std::fs::remove_file(target).expect("it is ours");
    }
}

#[test]
fn the_file_is_changed_as_told_and_put_back() {
    let stage = Stage::new(flawed());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(stage.file(), PermissionsExt::from_mode(0o750)).expect("it is ours");
    }
    let target = stage.call("finding_target", None).expect("it is looked at");
    assert_eq!((&target["line"], &target["problem"]), (&json!(2), &Value::Null), "{target}");
    assert_eq!(stage.text(), FLAWED, "looking changes nothing");
    let backups = stage.cli.data.path().join("backups");
    assert!(!backups.exists(), "looking keeps nothing");

    let applied = stage.apply();
    assert_eq!(stage.text(), FIXED);
    assert_eq!((&applied["file"], &applied["line"]), (&target["file"], &json!(2)));
    assert_eq!(applied["backup"], target["backup"], "the copy is where the user was told");
    let backup = PathBuf::from(applied["backup"].as_str().expect("a path"));
    assert!(backup.starts_with(&backups) && backup.ends_with(PATH), "{}", backup.display());
    assert_eq!(std::fs::read_to_string(&backup).expect("a copy"), FLAWED);
    assert_eq!(stage.applied(), json!([applied]));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(&stage.file()), mode(&backup)), (0o750, 0o750), "who may read it stays the same");
    }
    let left: Vec<_> = std::fs::read_dir(stage.repo.path().join("src")).expect("a folder").collect();
    assert_eq!(left.len(), 1, "nothing of ours is left beside it: {left:?}");

    stage.undo().expect("nobody has edited it");
    assert_eq!(stage.text(), FLAWED);
    assert_eq!(stage.applied(), json!([]));
    let again = stage.undo().expect_err("it is out already");
    assert!(again["message"].to_string().contains("Nothing was changed"), "{again}");

    let second = stage.apply();
    assert_ne!(second["backup"], applied["backup"], "an earlier copy is never written over");
}

#[test]
fn an_edit_since_is_not_lost() {
    let stage = Stage::new(flawed());
    let applied = stage.apply();
    let edited = format!("{FIXED}\n\ndef g():\n    return 3\n");
    stage.write(&edited);
    let error = stage.undo().expect_err("it would take the edit with it");
    for words in ["was edited after the fix", applied["backup"].as_str().expect("a path")] {
        assert!(error["message"].as_str().is_some_and(|message| message.contains(words)), "{error}");
    }
    assert_eq!(stage.text(), edited);
    assert_eq!(stage.applied()[0]["edited"], true, "the page offers no undo any more");
    let error = stage.call("finding_apply", None).expect_err("it is there already");
    assert!(error["message"].to_string().contains("has this change already"), "{error}");
}

#[test]
fn the_file_as_it_is_now_decides() {
    let stage = Stage::new(flawed());
    stage.write(FLAWED.replace("== None", "!= None"));
    stage.refused(None, &["not as it was reviewed", "by hand"]);
    stage.write(format!("{FLAWED}{FLAWED}"));
    stage.refused(None, &["several times", "by hand"]);
    stage.write(FIXED);
    stage.refused(None, &["has this change already"]);
    stage.write(b"# caf\xe9\ndef f(x):\n    if x == None:\n        return 1\n    return 2\n");
    stage.refused(None, &["not UTF-8", "save it as UTF-8"]);
    stage.write(FLAWED.replace("    return 2\n", "    return (2\n"));
    stage.apply();
    stage.write(FLAWED);
    std::fs::remove_file(stage.file()).expect("the file goes");
    let error = stage.call("finding_apply", None).expect_err("there is no file");
    assert!(error["message"].to_string().contains("moved or deleted"), "{error}");
    assert!(!stage.file().exists());

    stage.write(format!("import os\n\n\n{FLAWED}"));
    assert_eq!(stage.apply()["line"], 5, "the change follows its lines");
    assert_eq!(stage.text(), format!("import os\n\n\n{FIXED}"));
}

#[test]
fn line_ends_are_those_of_the_working_copy() {
    let windows = |text: &str| text.replace('\n', "\r\n");
    let stage = Stage::new(flawed());
    stage.write(windows(FLAWED));
    stage.apply();
    assert_eq!(stage.text(), windows(FIXED), "checked out by git with other line ends than it keeps");
    stage.undo().expect("nobody has edited it");
    assert_eq!(stage.text(), windows(FLAWED));

    let stage = Stage::new(TestRepo::with(&[("Check", &[(PATH, windows(FLAWED).as_str())])]));
    stage.apply();
    assert_eq!(stage.text(), windows(FIXED));
    let unended = FLAWED.trim_end();
    let stage = Stage::new(TestRepo::with(&[("Check", &[(PATH, unended)])]));
    stage.apply();
    assert_eq!(stage.text(), FIXED.trim_end(), "no line end is added at the end");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_only_be_read_is_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::new(flawed());
    std::fs::set_permissions(stage.file(), PermissionsExt::from_mode(0o444)).expect("it is ours");
    stage.refused(None, &["read-only", "Allow writing"]);
}

#[test]
fn the_user_points_at_the_working_copy_of_a_bare_repository_once() {
    let repo = flawed();
    let bare = tempfile::tempdir().expect("a temporary folder");
    let copy = bare.path().join("tracker.git");
    repo.git(&["clone", "--quiet", "--bare", ".", &copy.to_string_lossy()]);
    let stage = Stage::of(repo, &copy);
    assert_eq!(stage.call("finding_target", None), Ok(Value::Null), "then the page asks for a folder");
    let error = stage.call("finding_apply", None).expect_err("nobody has named one");
    assert!(error["message"].to_string().contains("Choose the folder"), "{error}");
    stage.call("finding_apply", Some(stage.repo.path())).expect("it is a working copy of it");
    assert_eq!(stage.text(), FIXED);
    stage.undo().expect("nobody has edited it");
    stage.call("finding_apply", Some(stage.repo.path())).expect("again");
    let target = stage.call("finding_target", None).expect("it is known");
    assert!(target["folder"].is_string(), "the last one is proposed: {target}");
}

#[test]
fn the_terminal_does_the_same() {
    let (cli, repo) = (Cli::new(), flawed());
    let path = repo.path().to_string_lossy().into_owned();
    let ran = cli.run(&["review", &path, "--rules-only", "--format", "json"]);
    let findings: Vec<Value> = serde_json::from_str(&ran.out).expect("an array");
    let finding = findings.iter().find(|f| f["fix"].is_string()).expect("this rule has a fix");
    let id = finding["id"].to_string();
    let text = || std::fs::read_to_string(repo.path().join(PATH)).expect("the file is there");

    let ran = cli.run(&["apply", "999"]);
    assert_eq!((ran.code, ran.err.contains("does not exist")), (1, true), "{}", ran.err);
    let ran = cli.run(&["apply", &id, "--folder", &cli.data.path().to_string_lossy()]);
    assert_eq!((ran.code, ran.err.contains("not a git repository")), (1, true), "{}", ran.err);
    assert_eq!(cli.run(&["apply", &id, "--undo", "--folder", "."]).code, 2, "they do not go together");
    assert_eq!(text(), FLAWED);

    let ran = cli.run(&["apply", &id]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.contains("at line 2") && ran.out.contains("backups") && ran.out.contains("--undo"),
        "{}",
        ran.out
    );
    assert_eq!(text(), FIXED);
    let ran = cli.run(&["apply", &id, "--undo"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(text(), FLAWED);
}
