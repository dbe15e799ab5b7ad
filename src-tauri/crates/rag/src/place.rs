//! Where an index lies: a folder, or a store of objects that LanceDB reads and writes over the network.

use std::path::PathBuf;

use internflow_domain::EngineError;

/// Where an index lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder of this machine.
    Folder(PathBuf),
    /// An address as LanceDB takes it, `s3://bucket/prefix`. Keys, region and endpoint come from the environment, as
    /// for every tool of the AWS family (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, …).
    Store(String),
}

impl From<PathBuf> for Place {
    fn from(folder: PathBuf) -> Self {
        Self::Folder(folder)
    }
}

impl Place {
    /// A folder's path, or the address of a store. An error, in words for whoever set it, when this build cannot
    /// speak to such a store.
    pub fn parse(address: &str) -> Result<Self, String> {
        match address.split_once("://") {
            None => Ok(Self::Folder(address.into())),
            Some(("s3", _)) if cfg!(feature = "s3") => Ok(Self::Store(address.to_owned())),
            Some(("s3", _)) => Err(format!(
                "{address} is in an object store, and this build of InternFlow has no S3 in it. Build it with \
                 `--features s3`, or name a folder."
            )),
            Some((scheme, _)) => Err(format!(
                "{address} begins with {scheme}://, which is no place for an index. Name a folder, or s3://bucket/prefix."
            )),
        }
    }

    /// There is nothing, as far as can be told without asking a network.
    pub(crate) fn is_gone(&self) -> bool {
        match self {
            Self::Folder(folder) => !folder.exists(),
            Self::Store(_) => false,
        }
    }

    pub(crate) fn address(&self) -> Result<&str, EngineError> {
        match self {
            Self::Store(address) => Ok(address),
            Self::Folder(folder) => folder
                .to_str()
                .ok_or_else(|| EngineError::Failed("the index folder's name is not Unicode".into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_this_build_cannot_reach_is_said() {
        assert_eq!(Place::parse("/srv/index"), Ok(Place::Folder("/srv/index".into())));
        let store = Place::parse("s3://bucket/index");
        assert_eq!(store.is_ok(), cfg!(feature = "s3"), "{store:?}");
        for address in ["ftp://host/index", "gs://bucket/index"] {
            let error = Place::parse(address).expect_err("no place for an index");
            assert!(error.contains(address) && error.contains("folder"), "says what to do: {error}");
        }
    }
}
