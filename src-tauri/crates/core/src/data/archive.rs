//! One file with everything of the user: a zip archive with a manifest, the database, and the files that fixes
//! changed as they were. No token is in it: those are in the keyring.
//!
//! An archive is read as something that a stranger may have made: nothing is believed that was not compared, and
//! nothing is written but below the given folder.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use internflow_domain::{ApiError, ErrorCode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::place;

/// Of the archive, not of the database in it.
const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
const DATABASE: &str = "internflow.db";
/// Folder of the files that fixes changed.
const FILES: &str = "backups/";
/// Longest manifest, in bytes, and most parts: a repository has not so many fixes.
const LONGEST_MANIFEST: u64 = 16 * 1024 * 1024;
const MOST_PARTS: usize = 50_000;
/// Largest sum of all parts, in bytes. Below the second a part may be as much smaller in the archive as it wants; above
/// it not more than so many times, which no database is.
const LARGEST: u64 = 32 * 1024 * 1024 * 1024;
const UNSUSPICIOUS: u64 = 64 * 1024 * 1024;
const SMALLER: u64 = 200;

/// What an archive says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub format: u32,
    /// Version of the app that wrote it.
    pub app: String,
    /// Schema of the database in it.
    pub schema: i64,
    /// Seconds since 1970 UTC.
    pub made_at: i64,
    /// The data folder it is of, as it was named and as it is without links: paths in the database begin with it.
    pub folders: Vec<String>,
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part {
    pub name: String,
    pub bytes: u64,
    /// Hexadecimal.
    pub sha256: String,
}

/// Writes an archive with this copy of the database and the changed files of the data folder. Beside `target` first:
/// an older archive there stays whole until the new one is. Returns its size in bytes.
pub(super) fn write(target: &Path, database: &Path, schema: i64, data_dir: &Path, now: i64) -> Result<u64> {
    let mut part = target.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let written = || -> Result<u64> {
        place::folder_for(target)?;
        let mut zip = ZipWriter::new(BufWriter::new(File::create(&part)?));
        let mut parts = vec![add(&mut zip, DATABASE, database)?];
        let files = place::files(data_dir);
        for file in below(&files)? {
            let inner = file.strip_prefix(&files)?;
            let Some(name) = inner.to_str() else { continue };
            parts.push(add(&mut zip, &format!("{FILES}{}", name.replace('\\', "/")), &file)?);
        }
        let manifest = Manifest {
            format: FORMAT,
            app: env!("CARGO_PKG_VERSION").to_owned(),
            schema,
            made_at: now,
            folders: place::names(data_dir),
            parts,
        };
        zip.start_file(MANIFEST, SimpleFileOptions::default())?;
        zip.write_all(&serde_json::to_vec_pretty(&manifest)?)?;
        let file = zip.finish()?.into_inner().map_err(|error| error.into_error())?;
        file.sync_all()?;
        let bytes = file.metadata()?.len();
        fs::rename(&part, target)?;
        place::sync_folder(target)?;
        Ok(bytes)
    };
    written().map_err(|error| {
        let _ = fs::remove_file(&part);
        error.context(format!(
            "{} can't be written; an older file there is unchanged. Check space and permission, or choose another \
             place",
            target.display()
        ))
    })
}

fn add(zip: &mut ZipWriter<BufWriter<File>>, name: &str, file: &Path) -> Result<Part> {
    let mut source = File::open(file)?;
    let large = source.metadata()?.len() > u64::from(u32::MAX) / 2;
    zip.start_file(
        name,
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(large),
    )?;
    let (bytes, sha256) = pass_on(&mut source, zip)?;
    Ok(Part { name: name.to_owned(), bytes, sha256 })
}

/// The files that fixes changed, in the folder and below it, but for the backups of the database.
fn below(files: &Path) -> Result<Vec<PathBuf>> {
    let (mut found, mut open) = (Vec::new(), vec![files.to_owned()]);
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            if kind.is_dir() && path != files.join("database") {
                open.push(path);
            } else if kind.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Copies to the end; bytes and sha256 of what was copied.
fn pass_on(from: &mut impl Read, to: &mut impl Write) -> io::Result<(u64, String)> {
    let (mut sha, mut bytes, mut buffer) = (Sha256::new(), 0_u64, vec![0_u8; 1 << 16]);
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, format!("{:x}", sha.finalize())));
        }
        sha.update(&buffer[..read]);
        to.write_all(&buffer[..read])?;
        bytes += read as u64;
    }
}

/// Unpacks the archive into `stage`, each part compared with the manifest: the database, and the files of fixes in
/// the places that they have in a data folder.
pub(super) fn read(archive: &Path, stage: &Path, newest: i64) -> Result<Manifest> {
    let file = File::open(archive)
        .with_context(|| format!("{} can't be read. Check the path and the permission", archive.display()))?;
    let packed = file.metadata()?.len();
    let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|_| refused(
        "This is no archive of InternFlow, or it was cut off. Choose the file that `Export everything` wrote, or \
         export and copy it again.",
    ))?;
    let manifest = manifest(&mut zip)?;
    if manifest.format > FORMAT || manifest.schema > newest {
        return Err(refused(format!(
            "This archive was made by InternFlow {}, which is newer than this one ({}). Update InternFlow, then import \
             it again.",
            plain(&manifest.app),
            env!("CARGO_PKG_VERSION")
        )));
    }
    check(&manifest, zip.len(), packed)?;
    for part in &manifest.parts {
        let target = stage.join(place_of(&part.name)?);
        place::folder_for(&target)?;
        let mut source = zip.by_name(&part.name).map_err(|_| damaged(&part.name))?;
        let mut out = File::options().write(true).create_new(true).open(&target)?;
        // One byte more than was said is enough to know.
        let (bytes, sha256) =
            pass_on(&mut (&mut source).take(part.bytes + 1), &mut out).with_context(|| {
                format!("{} can't be unpacked; the archive is damaged, or the disk is full", part.name)
            })?;
        if bytes != part.bytes || !sha256.eq_ignore_ascii_case(&part.sha256) {
            return Err(damaged(&part.name));
        }
        out.sync_all()?;
    }
    Ok(manifest)
}

fn manifest(zip: &mut ZipArchive<BufReader<File>>) -> Result<Manifest> {
    let unreadable = || refused("This archive has no list of its parts: it is not one of InternFlow.");
    let mut text = String::new();
    let entry = zip.by_name(MANIFEST).map_err(|_| unreadable())?;
    entry.take(LONGEST_MANIFEST).read_to_string(&mut text).map_err(|_| unreadable())?;
    // A later format may have other fields: what it is, is asked before the rest.
    let said: serde_json::Value = serde_json::from_str(&text).map_err(|_| unreadable())?;
    if said["format"].as_u64().is_some_and(|format| format > u64::from(FORMAT)) {
        let app = said["app"].as_str().unwrap_or_default().to_owned();
        return Ok(Manifest {
            format: FORMAT + 1,
            app,
            schema: 0,
            made_at: 0,
            folders: vec![],
            parts: vec![],
        });
    }
    serde_json::from_value(said).map_err(|_| unreadable())
}

/// What the manifest says can be meant.
fn check(manifest: &Manifest, entries: usize, packed: u64) -> Result<()> {
    let names: HashSet<&str> = manifest.parts.iter().map(|part| part.name.as_str()).collect();
    if names.len() != manifest.parts.len()
        || names.len() > MOST_PARTS
        || entries != names.len() + 1
        || !names.contains(DATABASE)
    {
        return Err(refused("The parts of this archive are not those that its list names. Export it again."));
    }
    let sum = manifest.parts.iter().try_fold(0_u64, |sum, part| sum.checked_add(part.bytes));
    match sum {
        Some(sum) if sum <= LARGEST && (sum <= UNSUSPICIOUS || sum / SMALLER <= packed) => Ok(()),
        _ => Err(refused("This archive would unpack to far more than it is: it is not one of InternFlow.")),
    }
}

/// Where a part goes, below the folder.
fn place_of(name: &str) -> Result<PathBuf> {
    if name == DATABASE {
        return Ok(PathBuf::from(DATABASE));
    }
    let outside =
        || refused("A part of this archive leads out of the data folder. It is not one of InternFlow.");
    let inner = name.strip_prefix(FILES).ok_or_else(outside)?;
    let mut place = PathBuf::from(FILES);
    for step in inner.split('/') {
        let mut components = Path::new(step).components();
        let plain = matches!(components.next(), Some(Component::Normal(_))) && components.next().is_none();
        // On Windows a colon leads to another drive or stream.
        if !plain || step.contains(['\\', ':', '\0']) {
            return Err(outside());
        }
        place.push(step);
    }
    // There the backups of the database lie.
    if place.starts_with(Path::new(FILES).join("database")) {
        return Err(outside());
    }
    Ok(place)
}

/// A version as it may be shown.
fn plain(version: &str) -> String {
    version.chars().filter(|c| c.is_ascii_alphanumeric() || ".-+".contains(*c)).take(24).collect()
}

fn damaged(part: &str) -> anyhow::Error {
    let part: String = part.chars().filter(|c| !c.is_control()).take(80).collect();
    refused(format!(
        "The archive is damaged: `{part}` is not as it was when it was written. Copy or export it again."
    ))
}

fn refused(message: impl Into<String>) -> anyhow::Error {
    ApiError::new(ErrorCode::BadRequest, message).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_leads_out_of_the_folder() {
        let good = place_of("backups/2026-11-28-abc1234/src/ä b.py").expect("a usual part");
        assert_eq!(good, Path::new("backups/2026-11-28-abc1234/src/ä b.py"));
        for name in [
            "",
            "backups/",
            "backups/..",
            "backups/../lock",
            "backups/a/../../b",
            "/etc/passwd",
            "backups//etc/passwd",
            "../internflow.db",
            "lock",
            "backups/a\\..\\..\\b",
            "backups/c:/x",
            "backups/database/2026.db",
            "backups/./a",
        ] {
            assert!(place_of(name).is_err(), "{name} must not be written");
        }
    }
}
