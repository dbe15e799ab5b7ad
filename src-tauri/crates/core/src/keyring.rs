//! Asking the keyring of the operating system, which may be asking the user to unlock it.

use std::time::Duration;

use internflow_domain::EngineError;

use crate::blocking;

/// Longest wait: the app does not wait for ever for a prompt that nobody sees.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs `work`, which asks a [`internflow_domain::SecretStore`], off the runtime's threads.
///
/// # Errors
/// The store's own, or that it did not answer in time.
pub(crate) async fn patiently<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    match tokio::time::timeout(PATIENCE, blocking(move || Ok(work()))).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => Err(EngineError::Failed(format!("{error:#}"))),
        Err(_) => Err(EngineError::Failed(
            "The keyring did not answer for a minute. Unlock it and try again.".to_owned(),
        )),
    }
}
