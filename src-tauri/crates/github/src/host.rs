//! Which GitHub is spoken to.

use crate::GithubError;

/// github.com, a GitHub Enterprise Server, or one that a test made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Base of the REST API, without a slash at the end: `https://api.github.com`.
    pub api: String,
    /// Base of the pages and of git: `https://github.com`.
    pub web: String,
}

impl Default for Host {
    fn default() -> Self {
        Self { api: "https://api.github.com".to_owned(), web: "https://github.com".to_owned() }
    }
}

impl Host {
    /// From the base address of an API, as Enterprise gives it: `https://git.example.edu/api/v3`. A bare
    /// server name gets the usual path. `https://api.college.ghe.com` has none.
    ///
    /// # Errors
    /// [`GithubError::Address`] when it is no https address (http only on this machine).
    pub fn from_api(address: &str) -> Result<Self, GithubError> {
        let bad = || GithubError::Address(address.to_owned());
        let (scheme, rest) = address.trim().split_once("://").unwrap_or(("https", address.trim()));
        let full = format!("{scheme}://{}", rest.trim_end_matches('/'));
        let uri: http::Uri = full.parse().map_err(|_| bad())?;
        let (scheme, authority) = (uri.scheme_str().ok_or_else(bad)?, uri.authority().ok_or_else(bad)?);
        let local = matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if uri.query().is_some() || authority.as_str().contains('@') || !(scheme == "https" || local) {
            return Err(bad());
        }
        let authority = authority.as_str().to_ascii_lowercase();
        if matches!(authority.as_str(), "github.com" | "www.github.com" | "api.github.com") {
            return Ok(Self::default());
        }
        // GitHub Enterprise Cloud with data residency: the API has a name of its own and no path.
        if let Some(name) = authority.strip_suffix(".ghe.com") {
            let name = name.strip_prefix("api.").unwrap_or(name);
            return Ok(Self {
                api: format!("{scheme}://api.{name}.ghe.com"),
                web: format!("{scheme}://{name}.ghe.com"),
            });
        }
        let path = match uri.path() {
            "" | "/" => "/api/v3",
            path => path,
        };
        Ok(Self { api: format!("{scheme}://{authority}{path}"), web: format!("{scheme}://{authority}") })
    }

    /// The page on which the user types the code. Made here and not taken from an answer: only this
    /// address is ever opened.
    pub fn device_page(&self) -> String {
        format!("{}/login/device", self.web)
    }

    /// Name to show: `github.com`.
    pub fn name(&self) -> &str {
        self.web.split("://").nth(1).unwrap_or(&self.web)
    }

    /// True for an address of a repository on this host; its token may go there and nowhere else.
    pub fn owns(&self, url: &str) -> bool {
        url.strip_prefix(&self.web).is_some_and(|rest| rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_paste_them() {
        let enterprise = Host::from_api("https://git.example.edu/api/v3/").unwrap();
        assert_eq!(enterprise.api, "https://git.example.edu/api/v3");
        assert_eq!(enterprise.device_page(), "https://git.example.edu/login/device");
        assert_eq!(Host::from_api("git.example.edu").unwrap(), enterprise);
        assert_eq!(Host::from_api("github.com").unwrap(), Host::default());
        let resident = Host::from_api("https://api.college.ghe.com").unwrap();
        assert_eq!(resident.device_page(), "https://college.ghe.com/login/device");
        assert_eq!(Host::from_api("college.ghe.com").unwrap(), resident);
        assert_eq!(Host::from_api("http://127.0.0.1:4000/api/v3").unwrap().web, "http://127.0.0.1:4000");
        for bad in
            ["http://git.example.edu/api/v3", "https://user:pass@git.example.edu", "ftp://x", "https://", ""]
        {
            assert!(
                Host::from_api(bad).is_err(),
                "{bad:?}: a token would travel in the clear or to another place than the one shown"
            );
        }
    }

    #[test]
    fn a_token_goes_to_its_own_host_only() {
        let host = Host::default();
        assert!(host.owns("https://github.com/asha/tracker.git"));
        for other in
            ["https://github.com.evil.example/a/b", "https://gitlab.com/a/b", "http://github.com/a/b"]
        {
            assert!(!host.owns(other), "{other} would be given the user's token");
        }
    }
}
