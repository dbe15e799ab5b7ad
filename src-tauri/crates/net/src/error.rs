//! What can go wrong on the way to a file, in words that say what to do.

use std::io;
use std::path::{Path, PathBuf};

/// A failed exchange or download.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    #[error(
        "The network client could not start: {0}. Check that the system's CA certificates are installed."
    )]
    Setup(String),
    /// No connection: name lookup, connect or TLS failed.
    #[error("{host} could not be reached ({cause}). Check the internet connection and try again.")]
    NoNetwork { host: String, cause: String },
    #[error("{host} was not asked, because its address is not encrypted. Use one that begins with https://.")]
    Unencrypted { host: String },
    #[error("{host} was not asked: it is on this machine or in a private network, where no job board is.")]
    Inside { host: String },
    /// The connection broke while the request or the answer was on its way.
    #[error("The connection to {host} broke off ({cause}). Check the internet connection and try again.")]
    Broken { host: String, cause: String },
    #[error("{host} sent more than {}, which no such answer has. It was not read.", size(*.most))]
    TooLarge { host: String, most: u64 },
    #[error(
        "{host} does not have {path} (HTTP {status}). It was moved or removed; an update of InternFlow may know its new place."
    )]
    NotFound { host: String, path: String, status: u16 },
    #[error("{host} refused the download (HTTP {status}). Try again later.")]
    Refused { host: String, status: u16 },
    #[error(
        "{host} wanted to continue the download unencrypted ({to}). It was stopped; nothing was taken from there."
    )]
    InsecureRedirect { host: String, to: String },
    /// The connection broke again and again. What arrived is kept and will be continued.
    #[error(
        "The download from {host} broke off {attempts} times ({cause}). {kept} bytes are kept; try again to continue from there."
    )]
    Interrupted { host: String, attempts: u32, cause: String, kept: u64 },
    #[error("{host} sent {found} bytes for {file} where {expected} were expected. The file was not used.")]
    WrongSize { host: String, file: String, expected: u64, found: u64 },
    #[error(
        "{file} is not the expected file (sha256 {found} instead of {expected}). The bad file was removed; try again."
    )]
    Checksum { file: String, expected: String, found: String },
    #[error("Not enough space in {}: {} needed, {} free. Free some space and try again; what was downloaded is kept.", .folder.display(), size(*.needed), .free.map_or_else(|| "too little".to_owned(), size))]
    DiskFull { folder: PathBuf, needed: u64, free: Option<u64> },
    #[error("{} could not be {verb}: {cause}. Check the folder's permissions.", .path.display())]
    File { path: PathBuf, verb: &'static str, cause: io::Error },
    /// pip is absent or failed.
    #[error("{0}")]
    Wheel(String),
    /// No source could give the model; the reasons in order.
    #[error("The model {model} could not be obtained. {}", .reasons.join(" "))]
    NoSource { model: String, reasons: Vec<String> },
}

impl NetError {
    /// An I/O error at `path`; a full disk gets its own words. `needed` is what was still to be written.
    pub(crate) fn file(path: &Path, verb: &'static str, cause: io::Error, needed: u64) -> Self {
        if matches!(cause.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            let folder = path.parent().unwrap_or(path).to_owned();
            let free = crate::disk::free_bytes(&folder);
            return Self::DiskFull { folder, needed, free };
        }
        Self::File { path: path.to_owned(), verb, cause }
    }

    /// True when another source may still help: the fault lies with the host, not with this machine.
    pub(crate) fn elsewhere_may_work(&self) -> bool {
        !matches!(self, Self::DiskFull { .. } | Self::File { .. })
    }
}

/// An error with its causes, outermost first: reqwest's own text hides the reason.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        cause = error.source();
    }
    text
}

/// Bytes as people read them: `1.1 GB`.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.0} KB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.0} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}
