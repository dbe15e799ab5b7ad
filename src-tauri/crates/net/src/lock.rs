//! One download of a model at a time, over all processes of this machine.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use crate::NetError;

const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Waits until no other process works in `folder` (which must exist). The lock ends when the value
/// is dropped or its process dies; the empty lock file stays, since removing it would race.
pub(crate) async fn acquire(folder: &Path) -> Result<File, NetError> {
    let path = folder.join(".lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|e| NetError::file(&path, "opened", e, 0))?;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(LOOK_AGAIN).await,
            Err(TryLockError::Error(e)) => return Err(NetError::file(&path, "locked", e, 0)),
        }
    }
}
