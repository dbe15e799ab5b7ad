//! The boards that openings are read from: what names one, and which one a pasted address or a saved answer is of.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::connector;
use crate::elsewhere;

/// A kind of source; there is a file for each in `connector/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Connector {
    Greenhouse,
    Lever,
    Ashby,
    SmartRecruiters,
    Workable,
    Recruitee,
    Workday,
    Keka,
    Personio,
    Oracle,
    Eightfold,
    HackerNews,
    Feed,
    List,
    Page,
}

impl Connector {
    /// The word for it, as stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Greenhouse => "greenhouse",
            Self::Lever => "lever",
            Self::Ashby => "ashby",
            Self::SmartRecruiters => "smartrecruiters",
            Self::Workable => "workable",
            Self::Recruitee => "recruitee",
            Self::Workday => "workday",
            Self::Keka => "keka",
            Self::Personio => "personio",
            Self::Oracle => "oracle",
            Self::Eightfold => "eightfold",
            Self::HackerNews => "hackernews",
            Self::Feed => "feed",
            Self::List => "list",
            Self::Page => "page",
        }
    }
}

/// One board, as `data/boards.toml` and the user's own list write it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "connector", rename_all = "lowercase")]
pub enum Board {
    Greenhouse {
        slug: String,
    },
    Lever {
        slug: String,
    },
    Ashby {
        slug: String,
    },
    SmartRecruiters {
        slug: String,
    },
    Workable {
        slug: String,
    },
    Recruitee {
        slug: String,
    },
    Workday {
        host: String,
        tenant: String,
        site: String,
    },
    Keka {
        slug: String,
    },
    Personio {
        slug: String,
    },
    Oracle {
        host: String,
        site: String,
    },
    Eightfold {
        host: String,
        domain: String,
    },
    /// The monthly thread of that number, or the newest.
    HackerNews {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<u64>,
    },
    /// RSS, Atom or JSON Feed.
    Feed {
        address: String,
    },
    /// A list that a community keeps in a Git repository: a Markdown or JSON file.
    List {
        address: String,
    },
    /// A page or a site with schema.org's JobPosting in it, or its sitemap.
    Page {
        address: String,
    },
}

impl Board {
    pub fn connector(&self) -> Connector {
        match self {
            Self::Greenhouse { .. } => Connector::Greenhouse,
            Self::Lever { .. } => Connector::Lever,
            Self::Ashby { .. } => Connector::Ashby,
            Self::SmartRecruiters { .. } => Connector::SmartRecruiters,
            Self::Workable { .. } => Connector::Workable,
            Self::Recruitee { .. } => Connector::Recruitee,
            Self::Workday { .. } => Connector::Workday,
            Self::Keka { .. } => Connector::Keka,
            Self::Personio { .. } => Connector::Personio,
            Self::Oracle { .. } => Connector::Oracle,
            Self::Eightfold { .. } => Connector::Eightfold,
            Self::HackerNews { .. } => Connector::HackerNews,
            Self::Feed { .. } => Connector::Feed,
            Self::List { .. } => Connector::List,
            Self::Page { .. } => Connector::Page,
        }
    }

    /// What names the board among those of its connector. Hosts and most slugs have no case; two spellings of one
    /// board must not be followed twice.
    pub fn key(&self) -> String {
        match self {
            Self::Greenhouse { slug }
            | Self::Ashby { slug }
            | Self::Workable { slug }
            | Self::Recruitee { slug }
            | Self::Keka { slug }
            | Self::Personio { slug } => slug.to_lowercase(),
            Self::Lever { slug } | Self::SmartRecruiters { slug } => slug.clone(),
            Self::Workday { host, tenant, site } => format!("{}/{tenant}/{site}", host.to_lowercase()),
            Self::Oracle { host, site } => format!("{}/{site}", host.to_lowercase()),
            Self::Eightfold { host, domain } => format!("{}/{domain}", host.to_lowercase()),
            Self::HackerNews { thread: None } => "newest".to_owned(),
            Self::HackerNews { thread: Some(thread) } => thread.to_string(),
            Self::Feed { address } | Self::List { address } | Self::Page { address } => address.clone(),
        }
    }

    /// An address that [`Board::recognise`] takes for this board, a page for people where there is one.
    pub fn address(&self) -> String {
        match self {
            Self::Greenhouse { slug } => format!("https://boards.greenhouse.io/{slug}"),
            Self::Lever { slug } => format!("https://jobs.lever.co/{slug}"),
            Self::Ashby { slug } => format!("https://jobs.ashbyhq.com/{}", slug.replace(' ', "%20")),
            Self::SmartRecruiters { slug } => format!("https://careers.smartrecruiters.com/{slug}"),
            Self::Workable { slug } => format!("https://apply.workable.com/{slug}"),
            Self::Recruitee { slug } => format!("https://{slug}.recruitee.com/"),
            Self::Workday { host, tenant, site } => format!("https://{host}/wday/cxs/{tenant}/{site}"),
            Self::Keka { slug } => format!("https://{slug}.keka.com/careers"),
            Self::Personio { slug } => format!("https://{slug}.jobs.personio.de/"),
            Self::Oracle { host, site } => {
                format!("https://{host}/hcmUI/CandidateExperience/en/sites/{site}")
            }
            Self::Eightfold { host, domain } => format!("https://{host}/careers?domain={domain}"),
            Self::HackerNews { thread: None } => {
                "https://news.ycombinator.com/submitted?id=whoishiring".to_owned()
            }
            Self::HackerNews { thread: Some(thread) } => {
                format!("https://news.ycombinator.com/item?id={thread}")
            }
            Self::Feed { address } | Self::List { address } | Self::Page { address } => address.clone(),
        }
    }

    /// The board behind a careers address that somebody pastes: the board's own page, one of its postings, or its
    /// API. Any other web address is a [`Board::Page`]; `None` for what is no web address, and for sites that are
    /// not to be crawled (see [`elsewhere::not_crawled`]).
    pub fn recognise(address: &str) -> Option<Self> {
        let address = address.trim();
        let url = match Url::parse(address) {
            Ok(url) if url.has_host() => url,
            // "jobs.lever.co/firm", as people copy it; "a word" and "C: drive" are none.
            _ if address.contains('.') && !address.contains([' ', '@']) => {
                Url::parse(&format!("https://{address}")).ok()?
            }
            _ => return None,
        };
        let web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|h| h.contains('.'));
        if !web || !url.username().is_empty() || elsewhere::not_crawled(url.as_str()).is_some() {
            return None;
        }
        Some(connector::recognise(&url))
    }

    /// Boards that a careers page links to or embeds, in the order of the page. A page that only shows somebody
    /// else's board is better followed there.
    pub fn linked(html: &str) -> Vec<Self> {
        let mut found = Vec::new();
        for link in connector::links(html) {
            if let Some(board) = Self::recognise(&link)
                && !matches!(board.connector(), Connector::Page | Connector::Feed | Connector::List)
                && board.connector() != Connector::HackerNews
                && !found.contains(&board)
            {
                found.push(board);
            }
        }
        found
    }

    /// The connector that a saved answer is of, by its shape. Saved pages are [`Connector::Page`] when they hold a
    /// JobPosting, and else no answer of a board: their visible text is the advert.
    pub fn of_payload(body: &[u8]) -> Option<Connector> {
        connector::of_payload(body)
    }
}

#[cfg(test)]
mod tests;
