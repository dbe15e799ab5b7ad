//! Makes the texts of a profile fit for any document: one line each, no invisible characters, and
//! addresses that a reader may safely follow.

/// One line of visible text: runs of white space become a space, control characters, byte-order
/// marks, direction overrides and private-use characters vanish, and ligature characters come apart
/// so that a search for "file" finds it.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            // A control character other than white space separates nothing.
            gap |= c.is_whitespace();
            continue;
        }
        if is_invisible(c) && !(is_joiner(c) && out.chars().next_back().is_some_and(is_indic)) {
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        match ligature(c) {
            Some(letters) => out.push_str(letters),
            None => out.push(c),
        }
    }
    out
}

/// Letters and signs of the scripts of India and Sri Lanka, in which joiners change the spelling.
pub fn is_indic(c: char) -> bool {
    matches!(c, '\u{0900}'..='\u{0DFF}')
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}')
        // The last two code points of every plane are no characters, and XML refuses them.
        || (c as u32) & 0xFFFE == 0xFFFE
        || matches!(c, '\u{FDD0}'..='\u{FDEF}')
}

fn ligature(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{FB00}' => "ff",
        '\u{FB01}' => "fi",
        '\u{FB02}' => "fl",
        '\u{FB03}' => "ffi",
        '\u{FB04}' => "ffl",
        '\u{FB05}' | '\u{FB06}' => "st",
        _ => return None,
    })
}

/// Longest address that becomes a link, in bytes; longer ones are shown as text.
const MAX_ADDRESS: usize = 2000;

/// The address behind a link, or `None` where following it would be unsafe or pointless: only the
/// web and mail are linked, and a host without a scheme gets `https`.
pub fn address(url: &str) -> Option<String> {
    let url = url.trim();
    if url.is_empty() || url.len() > MAX_ADDRESS || url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let lower = url.to_ascii_lowercase();
    let web = ["http://", "https://"]
        .iter()
        .any(|scheme| lower.strip_prefix(scheme).is_some_and(|r| !r.is_empty()));
    if web || (lower.starts_with("mailto:") && lower.contains('@')) {
        return Some(encode(url));
    }
    let host = url.split(['/', '?', '#']).next().unwrap_or_default();
    let plain_host = host.contains('.') && !host.starts_with('.') && !host.contains([':', '@', '\\']);
    plain_host.then(|| encode(&format!("https://{url}")))
}

/// `mailto:` for what looks like one mail address.
pub fn mail_address(email: &str) -> Option<String> {
    let (user, host) = email.split_once('@')?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>,;:?&\\\"()@".contains(c);
    let well_formed = !user.is_empty() && host.contains('.') && !user.contains(odd) && !host.contains(odd);
    well_formed.then(|| encode(&format!("mailto:{email}")))
}

/// `tel:` for a number of at least six digits.
pub fn phone_address(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(|c| c.is_ascii_digit()).collect();
    let usual = phone.chars().all(|c| c.is_ascii_digit() || "+-() .".contains(c));
    let plus = if phone.trim_start().starts_with('+') { "+" } else { "" };
    (usual && digits.len() >= 6).then(|| format!("tel:{plus}{digits}"))
}

/// An address as people write it: without scheme, `www.` and closing slash.
pub fn shown_address(url: &str) -> String {
    let text = clean(url);
    let rest = ["https://", "http://", "mailto:"]
        .iter()
        .find_map(|scheme| {
            text.get(..scheme.len()).filter(|s| s.eq_ignore_ascii_case(scheme)).map(|s| &text[s.len()..])
        })
        .unwrap_or(&text);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.strip_suffix('/').unwrap_or(rest).to_owned()
}

/// Percent-encodes what no URI may contain; existing escapes stay.
fn encode(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic() && !b"<>\"\\^`{|}".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_visible_line() {
        let cases = [
            ("  a\n\tb\u{0}c  ", "a bc"),
            ("\u{FEFF}plain\u{200B} text", "plain text"),
            ("abc\u{202E}txt.exe", "abctxt.exe"),
            ("de\u{FB01}ne", "define"),
            ("\u{FFFF}x\u{E000}", "x"),
            // The joiner belongs to the Devanagari spelling and to no Latin word.
            ("क्\u{200D}ष x\u{200D}y", "क्\u{200D}ष xy"),
        ];
        for (given, wanted) in cases {
            assert_eq!(clean(given), wanted, "{given:?} must become one line without invisible characters");
        }
    }

    #[test]
    fn only_the_web_and_mail_are_linked() {
        assert_eq!(address("github.com/a").as_deref(), Some("https://github.com/a"));
        assert_eq!(address("HTTPS://x.org/ä").as_deref(), Some("HTTPS://x.org/%C3%A4"));
        for unsafe_url in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "",
            "no host",
            "https://",
            "a@b.c",
        ] {
            assert_eq!(address(unsafe_url), None, "{unsafe_url:?} must not become a link");
        }
        assert_eq!(mail_address("a@b.org").as_deref(), Some("mailto:a@b.org"));
        assert_eq!(mail_address("a@b.org?bcc=x@y.z"), None, "headers must not be smuggled into a mail link");
        assert_eq!(phone_address("+91 98765-43210").as_deref(), Some("tel:+919876543210"));
        assert_eq!(shown_address("https://www.x.org/me/"), "x.org/me");
    }
}
