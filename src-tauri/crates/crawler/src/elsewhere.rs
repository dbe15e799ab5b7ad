//! Sites that are not crawled because their terms forbid it, with the reason to show. What they show can be pasted.

use std::sync::OnceLock;

use serde::Deserialize;
use url::Url;

/// A site that is left alone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Site {
    pub name: String,
    pub domains: Vec<String>,
    /// A sentence for the user.
    pub why: String,
}

#[derive(Deserialize)]
struct Sites {
    site: Vec<Site>,
}

/// All of them.
pub fn sites() -> &'static [Site] {
    static READ: OnceLock<Vec<Site>> = OnceLock::new();
    READ.get_or_init(|| {
        let sites: Sites = toml::from_str(include_str!("../data/not_crawled.toml"))
            .expect("data/not_crawled.toml read by the tests");
        sites.site
    })
}

/// The site of an address, if it is one that is left alone.
pub fn not_crawled(address: &str) -> Option<&'static Site> {
    let address = address.trim();
    let url = Url::parse(address).ok().filter(Url::has_host);
    let url = url.or_else(|| Url::parse(&format!("https://{address}")).ok())?;
    let host = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
    let under = |domain: &String| {
        host.strip_suffix(domain.as_str()).is_some_and(|d| d.is_empty() || d.ends_with('.'))
    };
    sites().iter().find(|site| site.domains.iter().any(under))
}
