//! What every test needs: repositories made on the spot with git, a data folder of its own, and the
//! terminal host as a user runs it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// E-mail of the student who commits in test repositories.
pub const STUDENT: &str = "asha@example.edu";

/// A repository in a temporary folder, with the student configured as its user.
pub struct TestRepo {
    pub folder: TempDir,
}

impl TestRepo {
    /// `git init` with one branch, `main`, and no commit.
    pub fn empty() -> Self {
        let repo = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo.git(&["config", "user.name", "Asha Rao"]);
        repo.git(&["config", "user.email", STUDENT]);
        repo
    }

    /// A repository with these commits: message, then path and content of each file.
    pub fn with(commits: &[(&str, &[(&str, &str)])]) -> Self {
        let repo = Self::empty();
        for (message, files) in commits {
            repo.commit(message, files);
        }
        repo
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes the files and commits everything as the student. Returns the full id.
    pub fn commit(&self, message: &str, files: &[(&str, &str)]) -> String {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
        self.commit_bytes(message, &files)
    }

    pub fn commit_bytes(&self, message: &str, files: &[(&str, &[u8])]) -> String {
        for (path, bytes) in files {
            let path = self.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("folders are made");
            std::fs::write(path, bytes).expect("a file is written");
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    /// Runs git here, apart from the configuration of whoever runs the tests.
    pub fn git(&self, args: &[&str]) -> String {
        let output = Command::new("git")
            .args(args)
            .current_dir(self.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_DATE", "2026-03-02T10:00:00+0530")
            .env("GIT_COMMITTER_DATE", "2026-03-02T10:00:00+0530")
            .output()
            .expect("git is installed");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?}: {complaint}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// What a run of the terminal host gave back.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The terminal host with a data folder of its own and no models.
pub struct Cli {
    pub data: TempDir,
    models: PathBuf,
}

impl Default for Cli {
    fn default() -> Self {
        Self::new()
    }
}

impl Cli {
    pub fn new() -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        let models = data.path().join("models");
        Self { data, models }
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        let output: Output = self.command(args).output().expect("the terminal host runs");
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The command before it runs, for tests that talk to it.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(executable("internflow-cli"));
        command
            .arg("--data-dir")
            .arg(self.data.path())
            .args(args)
            .env("INTERNFLOW_MODELS", &self.models)
            .env("HOME", self.data.path())
            .env_remove("INTERNFLOW_DATA_DIR");
        command
    }
}

/// A program of this workspace, built beside the tests.
pub fn executable(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test knows itself");
    let folder = test.parent().and_then(Path::parent).expect("tests run in target/PROFILE/deps");
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.is_file(),
        "{} is not built: run `cargo build --workspace` first, as `cargo xtask test` does",
        path.display()
    );
    path
}
