//! Staying within GitHub's limits, by what its headers say.
//!
//! Primary limit: `x-ratelimit-remaining` and `x-ratelimit-reset`. Secondary limits: 403 or 429 with
//! `retry-after`, or without any, in which case GitHub asks to wait a minute and longer each time.
//! <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api>

use http::{HeaderMap, StatusCode};

/// Requests at once; GitHub allows 100 and asks for fewer.
pub const AT_ONCE: usize = 4;
/// Requests of the hour that are left to the user's own tools, or a twentieth of fewer than a thousand.
const SPARE: u64 = 50;
/// Seconds to wait when a secondary limit names no time; doubled each time it happens in a row.
const MINUTE: i64 = 60;

/// What is known of the limits. Pure: the caller brings the time (seconds since 1970 UTC).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Governor {
    paused_until: i64,
    /// Secondary limits met in a row.
    refused: u32,
    /// Requests of the hour that we leave alone.
    spare: u64,
    /// Requests left in this hour, and when the hour ends.
    pub remaining: Option<u64>,
    pub reset_at: Option<i64>,
}

impl Governor {
    /// When the next request may go, if not now.
    pub fn wait_until(&self, now: i64) -> Option<i64> {
        let spent = self.remaining.is_some_and(|left| left <= self.spare).then_some(self.reset_at).flatten();
        Some(self.paused_until.max(spent.unwrap_or(0))).filter(|until| *until > now)
    }

    /// Learns from an answer. True when it was a refusal for a limit: the request is to be sent again
    /// after [`Governor::wait_until`].
    pub fn learn(&mut self, status: StatusCode, headers: &HeaderMap, body: &[u8], now: i64) -> bool {
        let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
        // The search counts for itself, thirty a minute: it says nothing about the hour.
        let of_the_hour = headers.get("x-ratelimit-resource").is_none_or(|resource| resource == "core");
        // Answers overtake each other: within one hour the lower count is the newer one.
        if let (true, Some(left), Some(reset)) =
            (of_the_hour, number("x-ratelimit-remaining"), number("x-ratelimit-reset"))
        {
            self.spare = SPARE.min(number("x-ratelimit-limit").unwrap_or(i64::MAX).max(0) as u64 / 20);
            let left = left.max(0) as u64;
            match (self.reset_at, self.remaining) {
                (Some(at), _) if reset < at => {}
                (Some(at), Some(before)) if reset == at => self.remaining = Some(before.min(left)),
                _ => (self.reset_at, self.remaining) = (Some(reset), Some(left)),
            }
        }
        let busy = status.as_u16() == 503 && headers.contains_key("retry-after");
        if !matches!(status.as_u16(), 403 | 429) && !busy {
            self.refused = 0;
            return false;
        }
        let until = if let Some(seconds) = number("retry-after") {
            now + seconds.clamp(1, 24 * 3600)
        } else if number("x-ratelimit-remaining") == Some(0) {
            number("x-ratelimit-reset").unwrap_or(now + MINUTE).clamp(now + 1, now + 24 * 3600)
        } else if status.as_u16() == 429 || says_limit(body) {
            now + (MINUTE << self.refused.min(6))
        } else {
            // A plain 403: not allowed, and not for a while either.
            return false;
        };
        self.refused += 1;
        self.paused_until = self.paused_until.max(until);
        true
    }
}

/// GitHub's words for a secondary limit, which may come without any header.
fn says_limit(body: &[u8]) -> bool {
    let words = b"secondary rate limit";
    body.windows(words.len()).any(|window| window.eq_ignore_ascii_case(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (http::HeaderName::from_static(k), v.parse().unwrap())).collect()
    }

    #[test]
    fn a_spent_budget_waits_for_its_reset() {
        let mut governor = Governor::default();
        let answer = headers(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "5000")]);
        assert!(
            governor.learn(StatusCode::FORBIDDEN, &answer, b"", 1000),
            "403 with nothing left is a limit"
        );
        assert_eq!(governor.wait_until(1000), Some(5000));
        assert_eq!(governor.wait_until(5000), None, "it goes on by itself when the hour is over");
    }

    #[test]
    fn the_last_requests_of_the_hour_are_the_users() {
        let mut governor = Governor::default();
        governor.learn(
            StatusCode::OK,
            &headers(&[("x-ratelimit-remaining", "50"), ("x-ratelimit-reset", "5000")]),
            b"",
            1000,
        );
        assert_eq!(governor.wait_until(1000), Some(5000), "their own `gh` would stop working because of us");
    }

    #[test]
    fn secondary_limits_wait_as_told_or_longer_each_time() {
        let mut governor = Governor::default();
        assert!(governor.learn(StatusCode::FORBIDDEN, &headers(&[("retry-after", "30")]), b"", 1000));
        assert_eq!(governor.wait_until(1000), Some(1030));
        let mut governor = Governor::default();
        for (now, until) in [(1000, 1060), (1060, 1180), (1180, 1420)] {
            assert!(governor.learn(StatusCode::TOO_MANY_REQUESTS, &HeaderMap::new(), b"", now));
            assert_eq!(governor.wait_until(now), Some(until), "asking again at once gets an account blocked");
        }
    }

    #[test]
    fn the_limit_of_the_search_is_not_that_of_the_hour() {
        let mut governor = Governor::default();
        let answer = headers(&[
            ("x-ratelimit-resource", "search"),
            ("x-ratelimit-remaining", "29"),
            ("x-ratelimit-reset", "1060"),
        ]);
        governor.learn(StatusCode::OK, &answer, b"", 1000);
        assert_eq!(governor.wait_until(1000), None, "one search would stop every sync for a minute");
    }

    #[test]
    fn a_plain_403_is_no_limit() {
        let mut governor = Governor::default();
        let answer = headers(&[("x-ratelimit-remaining", "4000"), ("x-ratelimit-reset", "5000")]);
        assert!(
            !governor.learn(StatusCode::FORBIDDEN, &answer, b"", 1000),
            "it would wait for ever for a permission"
        );
        assert_eq!(governor.wait_until(1000), None);
        let said = br#"{"message": "You have exceeded a secondary rate limit."}"#;
        assert!(
            governor.learn(StatusCode::FORBIDDEN, &answer, said, 1000),
            "it comes without retry-after too"
        );
    }

    #[test]
    fn an_answer_that_was_overtaken_does_not_give_budget_back() {
        let mut governor = Governor::default();
        for left in ["60", "61"] {
            let answer = headers(&[("x-ratelimit-remaining", left), ("x-ratelimit-reset", "5000")]);
            governor.learn(StatusCode::OK, &answer, b"", 1000);
        }
        assert_eq!(governor.remaining, Some(60));
    }
}
