//! The operating system's keyring: Keychain, Credential Manager, Secret Service. Nothing else: a machine
//! without one gets an error and no file.

use internflow_domain::{EngineError, SecretStore};
use keyring::{Entry, Error};

/// Under which the keyring's own window lists us.
const SERVICE: &str = "in.internflow.app";

pub(crate) struct Keyring;

impl SecretStore for Keyring {
    fn get(&self, name: &str) -> Result<Option<String>, EngineError> {
        match Entry::new(SERVICE, name).and_then(|entry| entry.get_password()) {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(told(&error)),
        }
    }

    fn set(&self, name: &str, secret: &str) -> Result<(), EngineError> {
        Entry::new(SERVICE, name).and_then(|entry| entry.set_password(secret)).map_err(|error| told(&error))
    }

    fn delete(&self, name: &str) -> Result<(), EngineError> {
        match Entry::new(SERVICE, name).and_then(|entry| entry.delete_credential()) {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(told(&error)),
        }
    }
}

fn told(error: &Error) -> EngineError {
    EngineError::Failed(format!(
        "The keyring of this computer can't be used ({error}). Unlock it, or install gnome-keyring or KWallet."
    ))
}
