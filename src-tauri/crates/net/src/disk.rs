//! Free space, asked before a download and when a write fails.

use std::path::Path;

use crate::NetError;

/// Bytes a user may still write to the disk that holds `folder`; `None` when the system does not say.
pub(crate) fn free_bytes(folder: &Path) -> Option<u64> {
    let folder = folder.canonicalize().ok()?;
    let disks = sysinfo::Disks::new_with_refreshed_list();
    disks
        .list()
        .iter()
        .filter(|disk| folder.starts_with(disk.mount_point()))
        .max_by_key(|disk| disk.mount_point().as_os_str().len())
        .map(|disk| disk.available_space())
}

/// Fails when `needed` more bytes certainly do not fit beside `folder`.
pub(crate) fn require(folder: &Path, needed: u64) -> Result<(), NetError> {
    match free_bytes(folder) {
        Some(free) if free < needed => {
            Err(NetError::DiskFull { folder: folder.to_owned(), needed, free: Some(free) })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_larger_than_the_disk_is_refused_with_both_sizes() {
        let folder = tempfile::tempdir().unwrap();
        require(folder.path(), 1).expect("one byte fits, else no test here could run");
        if free_bytes(folder.path()).is_none() {
            return; // The system lists no disk for the temporary folder (some containers).
        }
        let error = require(folder.path(), 1 << 62).expect_err("4 EiB fit on no disk");
        let words = error.to_string();
        assert!(
            words.contains("free") && words.contains("needed"),
            "the user must learn how much to free: {words}"
        );
    }
}
