//! The API key of the user's own model: in the keyring, or in memory for this run; in no file.
//!
//! A key is kept for one server, so that a change of the address sends it to nobody else.

use std::sync::Arc;

use anyhow::Result;
use internflow_net::Address;
use tokio::sync::watch;

use super::KeyState;
use crate::Core;
use crate::keyring::patiently;

/// The setting that says for which server the keyring has a key: where there is none, no keyring is opened.
const KEPT_FOR: &str = "model_key";

/// A key without a keyring; cheap to clone.
pub(crate) type State = watch::Sender<Option<Arc<ForThisRun>>>;

/// Never printed: no `Debug`.
pub(crate) struct ForThisRun {
    origin: String,
    key: String,
}

pub(crate) fn state() -> State {
    watch::Sender::new(None)
}

/// Where the key for this server is.
pub(super) async fn stands(core: &Core, address: &Address) -> Result<KeyState> {
    let origin = address.origin();
    if for_this_run(core, &origin).is_some() {
        return Ok(KeyState::ThisRun);
    }
    let kept = core.store.setting(KEPT_FOR).await?;
    Ok(if kept.is_some_and(|kept| kept == origin) { KeyState::Kept } else { KeyState::None })
}

/// The key for this server.
pub(super) async fn find(core: &Core, address: &Address) -> Result<Option<String>> {
    let origin = address.origin();
    match stands(core, address).await? {
        KeyState::None => Ok(None),
        KeyState::ThisRun => Ok(for_this_run(core, &origin)),
        KeyState::Kept => {
            let secrets = core.engines.secrets.clone();
            Ok(patiently(move || secrets.get(&name(&origin))).await?)
        }
    }
}

/// Keeps the key for this server in place of the one before; an empty one is only deleted.
pub(super) async fn set(core: &Core, address: &Address, key: &str) -> Result<()> {
    let origin = address.origin();
    core.model_key.send_replace(None);
    let before = core.store.setting(KEPT_FOR).await?.filter(|kept| !kept.is_empty());
    if let Some(before) = before.filter(|before| key.is_empty() || *before != origin) {
        let secrets = core.engines.secrets.clone();
        match patiently(move || secrets.delete(&name(&before))).await {
            Ok(()) => core.store.set_setting(KEPT_FOR, "").await?,
            Err(error) if key.is_empty() => return Err(error.into()),
            // The new one goes first; the old one is of no more use to us.
            Err(error) => tracing::warn!(%error, "an old API key is still in the keyring"),
        }
    }
    if key.is_empty() {
        return Ok(());
    }
    let (secrets, entry, secret) = (core.engines.secrets.clone(), name(&origin), key.to_owned());
    match patiently(move || secrets.set(&entry, &secret)).await {
        Ok(()) => core.store.set_setting(KEPT_FOR, &origin).await,
        Err(error) => {
            tracing::warn!(%error, "the API key lasts for this run only");
            core.model_key.send_replace(Some(Arc::new(ForThisRun { origin, key: key.to_owned() })));
            Ok(())
        }
    }
}

fn for_this_run(core: &Core, origin: &str) -> Option<String> {
    core.model_key.borrow().as_ref().filter(|held| held.origin == origin).map(|held| held.key.clone())
}

/// Of the keyring's entry.
fn name(origin: &str) -> String {
    format!("model:{origin}")
}
