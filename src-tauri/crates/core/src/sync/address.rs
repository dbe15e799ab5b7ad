//! Addresses of repositories as people type and copy them, and the folder that each gets.

use anyhow::Result;
use internflow_domain::{ApiError, ErrorCode};
use internflow_github::Host;
use sha2::{Digest, Sha256};

/// Where a repository is.
pub(super) struct Address {
    pub(super) full_name: String,
    pub(super) url: String,
}

impl Address {
    /// From `owner/name` on `host`, or an https address as a browser or `git clone` has it.
    pub(super) fn parse(text: &str, host: &Host) -> Result<Self> {
        let text = text.trim().trim_end_matches('/');
        let bad = || {
            let message = format!(
                "`{text}` is no repository. Give owner/name, or an address like {}/owner/name.",
                host.web
            );
            ApiError::new(ErrorCode::BadRequest, message)
        };
        let word = |part: &&str| {
            !part.is_empty()
                && *part != "."
                && *part != ".."
                && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.~".contains(c))
        };
        let (base, path) = match text.split_once("://") {
            Some((scheme, rest)) => {
                let (authority, path) = rest.split_once('/').ok_or_else(bad)?;
                let local = authority.split(':').next().is_some_and(|name| name == "127.0.0.1");
                if authority.contains('@') || !(scheme == "https" || (scheme == "http" && local)) {
                    return Err(bad().into());
                }
                (format!("{scheme}://{authority}"), path)
            }
            None => (host.web.clone(), text),
        };
        let path = path.strip_suffix(".git").unwrap_or(path);
        let mut parts: Vec<&str> = path.split('/').collect();
        if base == host.web {
            // What follows the name is a page of the repository.
            parts.truncate(2);
        }
        if parts.len() < 2 || !parts.iter().all(word) {
            return Err(bad().into());
        }
        let path = parts.join("/");
        Ok(Self { url: format!("{base}/{path}.git"), full_name: path })
    }
}

/// A folder's name made of an address: letters, digits and dashes, different for different addresses.
pub(super) fn file_name(url: &str) -> String {
    let words: String = url
        .trim_end_matches(".git")
        .rsplit('/')
        .take(2)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect::<Vec<_>>()
        .join("-")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .take(60)
        .collect();
    let digest = Sha256::digest(url.as_bytes());
    format!("{words}-{:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_copy_them() {
        let host = Host::default();
        let parse = |text: &str| Address::parse(text, &host).map(|address| (address.full_name, address.url));
        let wanted = ("asha/tracker".to_owned(), "https://github.com/asha/tracker.git".to_owned());
        for text in [
            "asha/tracker",
            " https://github.com/asha/tracker ",
            "https://github.com/asha/tracker.git",
            "https://github.com/asha/tracker/tree/main/src",
            "https://github.com/asha/tracker/",
        ] {
            assert_eq!(parse(text).expect(text), wanted, "{text}");
        }
        for text in [
            "",
            "tracker",
            "asha/../tracker",
            "http://github.com/asha/tracker",
            "https://asha:secret@github.com/asha/tracker",
            "file:///etc/passwd",
            "ssh://git@github.com/asha/tracker",
            "asha/tracker?x=1",
            "https://github.com/asha",
        ] {
            assert!(
                parse(text).is_err(),
                "{text} is nothing we can fetch, or leaves the machine unencrypted"
            );
        }
    }

    #[test]
    fn two_addresses_never_share_a_folder() {
        let names =
            ["https://github.com/a/b-c.git", "https://github.com/a-b/c.git", "https://git.example/a/b-c.git"]
                .map(file_name);
        assert!(
            names.iter().all(|name| names.iter().filter(|other| *other == name).count() == 1),
            "{names:?}"
        );
        assert!(names.iter().all(|name| !name.contains(['/', '.', '\\'])), "{names:?}");
    }
}
