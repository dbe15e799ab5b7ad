//! robots.txt by RFC 9309: groups of one crawler are merged, the longest rule that matches decides, and `Allow` wins
//! a tie. <https://www.rfc-editor.org/rfc/rfc9309>
//!
//! Nothing here panics or takes longer than rules × length of the path, whatever a host sends.

use std::time::Duration;

/// Bytes that are read; the RFC asks for at least this many.
const CAP: usize = 500 * 1024;
/// How long an answer may be used. The caller keeps the time.
pub const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// Longest pause between two requests that we follow; one that asks for more is asked once a crawl anyway.
const LONGEST_DELAY: f64 = 300.0;

/// What a host allows to all crawlers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Robots {
    groups: Vec<Group>,
    /// Addresses of the site's maps, as written.
    pub sitemaps: Vec<String>,
    /// The rules could not be asked for: nothing is allowed.
    unreachable: bool,
}

/// Rules that several crawlers share.
#[derive(Debug, Clone, Default, PartialEq)]
struct Group {
    /// Product tokens in lower case; `*` is all others.
    agents: Vec<String>,
    rules: Vec<Rule>,
    delay: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    allow: bool,
    /// The pattern in the spelling of [`canonical`], cut at its `*`.
    parts: Vec<String>,
    /// The pattern ends with `$`.
    anchored: bool,
    /// Bytes of the pattern: the longest wins.
    length: usize,
}

impl Robots {
    /// What an answer to `/robots.txt` means; `None` where none came. A host without rules (4xx) allows everything,
    /// one in trouble nothing. 429 is trouble: who asks for fewer requests has not said that all are welcome.
    /// Redirects are followed by the caller, five at most; the last answer counts.
    pub fn of_answer(status: Option<u16>, body: &[u8]) -> Self {
        match status {
            Some(200..=299) => Self::parse(body),
            Some(429) => Self { unreachable: true, ..Self::default() },
            Some(300..=499) => Self::default(),
            _ => Self { unreachable: true, ..Self::default() },
        }
    }

    /// Reads the rules.
    pub fn parse(body: &[u8]) -> Self {
        let mut body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        if body.len() > CAP {
            // Half a line could mean something else than the whole.
            let end = body[..CAP].iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(0);
            body = &body[..end];
        }
        let text = String::from_utf8_lossy(body);
        let mut robots = Self::default();
        // A line with a crawler begins a group, unless it follows another such line. Other records between them
        // change nothing.
        let mut naming = false;
        for line in text.split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "user-agent" | "useragent" | "user agent" => {
                    if !naming {
                        robots.groups.push(Group::default());
                        naming = true;
                    }
                    if let Some(group) = robots.groups.last_mut() {
                        group.agents.push(token(value));
                    }
                }
                key @ ("allow" | "disallow") => {
                    naming = false;
                    // Rules before the first crawler are for nobody.
                    if let (Some(group), Some(rule)) =
                        (robots.groups.last_mut(), Rule::new(key == "allow", value))
                    {
                        group.rules.push(rule);
                    }
                }
                "crawl-delay" => {
                    if let (Some(group), Ok(seconds)) = (robots.groups.last_mut(), value.parse::<f64>())
                        && seconds.is_finite()
                        && seconds >= 0.0
                    {
                        group.delay = Some(seconds.min(LONGEST_DELAY));
                    }
                }
                "sitemap" if value.starts_with("http") => robots.sitemaps.push(value.to_owned()),
                _ => {}
            }
        }
        robots
    }

    /// Whether the crawler may ask for a path with its query ("/jobs?page=2"). `agent` is its product token,
    /// without version.
    pub fn allows(&self, agent: &str, path: &str) -> bool {
        if path == "/robots.txt" {
            return true;
        }
        if self.unreachable {
            return false;
        }
        let path = canonical(if path.is_empty() { "/" } else { path }, false);
        let matching =
            self.groups_of(agent).flat_map(|group| &group.rules).filter(|rule| rule.matches(&path));
        // Of equal lengths the allowing one, since true comes after false.
        matching.max_by_key(|rule| (rule.length, rule.allow)).is_none_or(|rule| rule.allow)
    }

    /// The pause between two requests that the host asks of the crawler. No part of the RFC, but often written.
    pub fn delay(&self, agent: &str) -> Option<Duration> {
        let seconds = self
            .groups_of(agent)
            .filter_map(|group| group.delay)
            .fold(None, |most: Option<f64>, delay| Some(most.map_or(delay, |most| most.max(delay))));
        seconds.map(Duration::from_secs_f64)
    }

    /// All groups that name the crawler, or else those for all others.
    fn groups_of(&self, agent: &str) -> impl Iterator<Item = &Group> {
        let own = token(agent);
        let named = self.groups.iter().any(|group| group.agents.contains(&own));
        let name = if named { own } else { "*".to_owned() };
        self.groups.iter().filter(move |group| group.agents.contains(&name))
    }
}

impl Rule {
    /// `None` for an empty pattern, which forbids nothing.
    fn new(allow: bool, pattern: &str) -> Option<Self> {
        if pattern.is_empty() {
            return None;
        }
        // Patterns begin with a slash or a star. Who forgets it means the slash; what would allow more is left out.
        let complete = pattern.starts_with(['/', '*']);
        if !complete && allow {
            return None;
        }
        let pattern = if complete { pattern.to_owned() } else { format!("/{pattern}") };
        let (body, anchored) = match pattern.strip_suffix('$') {
            Some(body) => (body, true),
            None => (pattern.as_str(), false),
        };
        let body = canonical(body, true);
        let length = body.len() + usize::from(anchored);
        Some(Self { allow, parts: body.split('*').map(str::to_owned).collect(), anchored, length })
    }

    fn matches(&self, path: &str) -> bool {
        let Some((first, rest)) = self.parts.split_first() else { return false };
        let Some(mut left) = path.strip_prefix(first.as_str()) else { return false };
        let Some((last, middle)) = rest.split_last() else { return !self.anchored || left.is_empty() };
        // The leftmost place of each part leaves the most for the others, so one pass decides.
        for part in middle {
            match left.find(part.as_str()) {
                Some(at) => left = &left[at + part.len()..],
                None => return false,
            }
        }
        if self.anchored { left.ends_with(last.as_str()) } else { left.contains(last.as_str()) }
    }
}

/// A crawler's product token: letters, `_` and `-`, in lower case, without what follows.
fn token(name: &str) -> String {
    let name = name.trim();
    if name.starts_with('*') {
        return "*".to_owned();
    }
    let end =
        name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(name.len());
    name[..end].to_ascii_lowercase()
}

/// One spelling for what is the same: percent-encoded letters, digits and `-._~` are decoded, all that is not ASCII
/// is encoded, hexadecimal digits are capitals. In a query `:` and `/` are the same encoded or not, as in the RFC's
/// table. In a pattern a star stays a star; in a path it is one of the path's own characters.
fn canonical(text: &str, pattern: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut query = false;
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let code = (byte == b'%').then(|| hex(bytes.get(at + 1..at + 3)?)).flatten();
        at += if code.is_some() { 3 } else { 1 };
        match code {
            Some(code) if code.is_ascii_alphanumeric() || b"-._~".contains(&code) => {
                out.push(char::from(code))
            }
            Some(code @ (b':' | b'/')) if query => out.push(char::from(code)),
            Some(code) => out.push_str(&format!("%{code:02X}")),
            None if byte == b'*' && pattern => out.push('*'),
            None if byte.is_ascii_graphic() && !b"*$".contains(&byte) => {
                query |= byte == b'?';
                out.push(char::from(byte));
            }
            None => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn hex(digits: &[u8]) -> Option<u8> {
    // `from_str_radix` would take "+1".
    let digits = std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, agent: &str, path: &str) -> bool {
        Robots::parse(text.as_bytes()).allows(agent, path)
    }

    #[test]
    fn the_simple_example_of_the_rfc() {
        let text = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n\
            User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n\
            User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\nUser-Agent: quxbot\n";
        for (agent, path, allowed) in [
            ("other", "/publications/", true),
            ("other", "/a.gif", false),
            ("other", "/a.gifs", true),
            ("other", "/example/x", false),
            ("foobot", "/publications/", false),
            ("foobot", "/example/page.html", true),
            ("foobot", "/example/allowed.gif", true),
            ("barbot", "/example/page.html", false),
            ("bazbot", "/example/page.html", false),
            ("BazBot", "/example/other.html", true),
            ("quxbot", "/example/page.html", true),
        ] {
            assert_eq!(check(text, agent, path), allowed, "{agent} {path}: RFC 9309, section 5.1");
        }
    }

    #[test]
    fn the_longest_match_of_the_rfc() {
        let text = "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n";
        assert!(!check(text, "foobot", "/example/page/disallowed.gif"), "RFC 9309, section 5.2");
        assert!(check(text, "foobot", "/example/page/"));
        assert!(check("User-agent: a\nDisallow: /x\nAllow: /x\n", "a", "/x"), "allow wins a tie");
    }

    #[test]
    fn special_characters_of_the_rfc() {
        let rule = |pattern: &str| format!("User-agent: *\nDisallow: {pattern}\n");
        for (pattern, path, forbidden) in [
            ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html", true),
            ("/path/file-with-a-%2A.html", "/path/file-with-a-b.html", false),
            ("/path/foo-%24", "/path/foo-$", true),
            ("/path/foo-%24", "/path/foo-", false),
            ("/this/path/exactly$", "/this/path/exactly", true),
            ("/this/path/exactly$", "/this/path/exactly/not", false),
            ("/this/*/exactly", "/this/path/exactly", true),
            ("/foo/bar?baz=quz", "/foo/bar?baz=quz", true),
            ("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", true),
            ("/foo/bar/\u{30C4}", "/foo/bar/%E3%83%84", true),
            ("/foo/bar/%E3%83%84", "/foo/bar/\u{30C4}", true),
            ("/foo/bar/%62%61%7A", "/foo/bar/baz", true),
            ("/a%2Fb", "/a/b", false),
            ("/a%3cd", "/a%3Cd", true),
            ("jobs", "/jobs/1", true),
        ] {
            assert_eq!(
                !check(&rule(pattern), "bot", path),
                forbidden,
                "{pattern} {path}: RFC 9309, sections 2.2.2, 2.2.3"
            );
        }
    }

    #[test]
    fn groups_of_one_crawler_are_merged_and_others_do_not_reach_it() {
        let text = "\u{FEFF}user-agent: InternFlow/1.0\nCrawl-delay: 2\nUser-agent: b\ndisallow: /a # why\n\
            Sitemap: https://firm.example/map.xml\n\nUser-agent: *\nDisallow: /\nUser-agent: internflow\nDisallow: /b\nCrawl-delay: 7";
        let robots = Robots::parse(text.as_bytes());
        let allowed: Vec<bool> = ["/a", "/b", "/c"].map(|path| robots.allows("InternFlow", path)).to_vec();
        assert_eq!(allowed, [false, false, true]);
        assert!(!robots.allows("b", "/a"), "a record that is no rule does not end the list of crawlers");
        assert_eq!(robots.delay("internflow"), Some(Duration::from_secs(7)), "of two pauses the longer");
        assert_eq!(robots.sitemaps, ["https://firm.example/map.xml"]);
    }

    #[test]
    fn what_a_status_means() {
        let forbid = b"User-agent: *\nDisallow: /";
        for (status, allowed) in [
            (Some(200), false),
            (Some(404), true),
            (Some(403), true),
            (Some(301), true),
            (Some(429), false),
            (Some(500), false),
            (Some(503), false),
            (None, false),
        ] {
            assert_eq!(Robots::of_answer(status, forbid).allows("a", "/x"), allowed, "{status:?}");
        }
        assert!(
            Robots::of_answer(None, b"").allows("a", "/robots.txt"),
            "the rules themselves may always be asked for"
        );
    }

    #[test]
    fn hostile_rules_cost_no_more_than_their_length() {
        let stars = format!("User-agent: *\nDisallow: /{}x$\n", "*a".repeat(1_000));
        let path = format!("/{}", "a".repeat(2_500));
        let begun = std::time::Instant::now();
        assert!(check(&stars, "bot", &path));
        let mut many = "User-agent: *\n".to_owned();
        while many.len() < 2 * CAP {
            many.push_str("Disallow: /*a*b*c*d*e$\n");
        }
        many.push_str("Disallow: /late\n");
        let robots = Robots::parse(many.as_bytes());
        assert!(robots.allows("bot", "/late"), "what lies behind the cap is not read");
        assert!(robots.allows("bot", &path[..40]));
        for odd in [
            "\0",
            ":",
            "Allow: /",
            "User-agent:",
            "user-agent: *\ndisallow: %",
            "user-agent: *\ndisallow: %é%+1",
        ] {
            assert!(check(&odd.repeat(10_000), "bot", "/x"), "{odd}");
        }
        for bytes in [&b"\xFF\xFE\x00U"[..], b"User-agent: *\rDisallow: /\xC3"] {
            Robots::parse(bytes).allows("bot", "/\u{e9}%\u{e9}");
        }
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "one host's rules would stop every other host's crawl"
        );
    }
}
