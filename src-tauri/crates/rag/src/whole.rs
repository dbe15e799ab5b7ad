//! Whether the manifests of a table are whole. LanceDB trusts what stands in them: it panics on one that was cut, and takes
//! one of zeros for that of a table without columns.
//!
//! A manifest ends with a footer of 16 bytes: where its message begins (u64), two numbers of the format's version (u16 each),
//! and `LANC`. There, the message has its length (u32) before it. All little-endian (lance.org/format/file, "Manifest").

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

const FOOTER: u64 = 16;
const LENGTH: u64 = 4;

/// A manifest in `versions` that is not whole. Without such a folder there is none.
pub(crate) fn damaged(versions: &Path) -> io::Result<Option<PathBuf>> {
    let entries = match fs::read_dir(versions) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        let is_manifest = path.extension().is_some_and(|extension| extension == "manifest");
        if is_manifest && !is_whole(&path)? {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn is_whole(path: &Path) -> io::Result<bool> {
    let mut file = match File::open(path) {
        // An old version is removed while others are read.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        file => file?,
    };
    let size = file.metadata()?.len();
    if size < FOOTER {
        return Ok(false);
    }
    let mut footer = [0; FOOTER as usize];
    file.seek(SeekFrom::Start(size - FOOTER))?;
    file.read_exact(&mut footer)?;
    let [position @ .., _, _, _, _, b'L', b'A', b'N', b'C'] = footer else { return Ok(false) };
    let position = u64::from_le_bytes(position);
    let Some(begins) = position.checked_add(LENGTH).filter(|begins| *begins <= size - FOOTER) else {
        return Ok(false);
    };
    let mut length = [0; LENGTH as usize];
    file.seek(SeekFrom::Start(position))?;
    file.read_exact(&mut length)?;
    let length = u64::from(u32::from_le_bytes(length));
    // A message of nothing has no columns.
    Ok(length > 0 && length <= size - FOOTER - begins)
}
