//! A log file that does not grow for ever: `core.jsonl`, and before it `core.1.jsonl` up to `core.4.jsonl`.
//!
//! Lines are redacted here, on the thread that writes them, so that whoever logs does not wait for it. What can't be
//! written is counted and gone: a full disk must not stop the app.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use internflow_core::redact::redact;

/// Bytes after which a new file is begun, and files that are kept.
pub(crate) const BYTES: u64 = 10_000_000;
const FILES: u32 = 5;

/// Lines of all logs that could not be written since the app was started.
static LOST: AtomicU64 = AtomicU64::new(0);

pub(crate) fn lost() -> u64 {
    LOST.load(Ordering::Relaxed)
}

/// Takes whole lines, one a call, and never fails.
#[derive(Debug)]
pub(crate) struct Rolling {
    folder: PathBuf,
    component: &'static str,
    limit: u64,
    /// With its length; opened again after an error.
    file: Option<(File, u64)>,
}

impl Rolling {
    /// `limit` in bytes.
    pub(crate) fn new(folder: &Path, component: &'static str, limit: u64) -> Self {
        Self { folder: folder.to_owned(), component, limit, file: None }
    }

    /// The newest is 0.
    fn path(&self, number: u32) -> PathBuf {
        match number {
            0 => self.folder.join(format!("{}.jsonl", self.component)),
            n => self.folder.join(format!("{}.{n}.jsonl", self.component)),
        }
    }

    fn put(&mut self, line: &str) -> io::Result<()> {
        let (mut file, mut length) = match self.file.take() {
            Some(open) => open,
            None => self.open()?,
        };
        if length > 0 && length + line.len() as u64 > self.limit {
            drop(file);
            self.roll()?;
            (file, length) = self.open()?;
        }
        file.write_all(line.as_bytes())?;
        self.file = Some((file, length + line.len() as u64));
        Ok(())
    }

    fn open(&self) -> io::Result<(File, u64)> {
        let file = File::options().create(true).append(true).open(self.path(0))?;
        let length = file.metadata()?.len();
        Ok((file, length))
    }

    /// Each file takes the next one's name; the oldest goes.
    fn roll(&self) -> io::Result<()> {
        for number in (0..FILES - 1).rev() {
            match fs::rename(self.path(number), self.path(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

impl Write for Rolling {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.put(&redact(&String::from_utf8_lossy(line))).is_err() {
            LOST.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_files_are_kept_and_no_line_is_cut() {
        let folder = std::env::temp_dir().join(format!("internflow-rolling-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let mut log = Rolling::new(&folder, "core", 1_000);
        for n in 0..400 {
            log.write_all(format!("{{\"n\":{n},\"who\":\"asha@example.edu\"}}\n").as_bytes())
                .expect("it takes all");
        }
        let texts: Vec<String> =
            (0..FILES + 1).filter_map(|number| fs::read_to_string(log.path(number)).ok()).collect();
        fs::remove_dir_all(&folder).expect("it is removed");
        assert_eq!(texts.len(), 5, "no sixth file");
        assert!(
            texts.iter().all(|text| text.len() <= 1_000 && text.ends_with("}\n")),
            "whole lines up to the limit"
        );
        assert!(
            texts[0].contains("\"n\":399") && !texts[1].contains("\"n\":399"),
            "the newest is under the plain name"
        );
        assert!(!texts.concat().contains("asha"), "what reaches the disk is redacted");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_loses_lines_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("internflow-full-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        std::os::unix::fs::symlink("/dev/full", folder.join("core.jsonl")).expect("a link");
        let mut log = Rolling::new(&folder, "core", BYTES);
        let before = lost();
        log.write_all(b"{}\n").expect("a full disk is no error of who logs");
        assert_eq!(lost(), before + 1, "it is counted");
        fs::remove_file(folder.join("core.jsonl")).expect("room is made");
        log.write_all(b"{}\n").expect("it goes on");
        let text = fs::read_to_string(folder.join("core.jsonl")).expect("the log is there again");
        fs::remove_dir_all(&folder).expect("it is removed");
        assert_eq!(text, "{}\n");
    }
}
