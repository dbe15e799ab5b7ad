//! What LanceDB wrote, brought to the disk: it syncs nothing itself, and a cut of the power may leave a version whose
//! numbers are zeros.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// Which files are known to be on the disk, with their length and time.
#[derive(Debug, Default)]
pub(crate) struct Durable {
    known: Mutex<HashMap<PathBuf, (u64, Option<SystemTime>)>>,
}

impl Durable {
    /// All that is below `root` is on the disk when this returns. What was so the last time costs a look.
    pub(crate) fn sync(&self, root: &Path) -> io::Result<()> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut now, mut folders) = (HashMap::new(), BTreeSet::new());
        let mut left = vec![root.to_owned()];
        while let Some(folder) = left.pop() {
            let Some(entries) = there(fs::read_dir(&folder))? else { continue };
            for entry in entries {
                let (path, kind) = entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))?;
                if kind.is_dir() {
                    left.push(path);
                    continue;
                }
                let Some(file) = there(File::options().append(true).open(&path))? else { continue };
                let about = file.metadata()?;
                let state = (about.len(), about.modified().ok());
                if known.get(&path) != Some(&state) {
                    file.sync_all()?;
                    // A file is lost with its name, and with that of each folder that it lies in.
                    folders.extend(
                        path.ancestors().skip(1).take_while(|at| at.starts_with(root)).map(Path::to_owned),
                    );
                }
                now.insert(path, state);
            }
        }
        #[cfg(unix)]
        for folder in
            folders.iter().map(PathBuf::as_path).chain(root.parent().filter(|_| !folders.is_empty()))
        {
            if let Some(folder) = there(File::open(folder))? {
                folder.sync_all()?;
            }
        }
        *known = now;
        Ok(())
    }
}

/// `None` for what was removed meanwhile: old versions are.
fn there<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}
