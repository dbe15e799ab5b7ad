//! HTML, Markdown or plain text → the lines that a reader sees. What is hidden from a reader is dropped, because
//! it can only be meant for a machine; that there was some is remembered.
//!
//! One pass, no tree, bounded: the input is capped, every search for the end of a tag or a comment remembers
//! where it got to, so that a million `<` cost a million steps.

/// Bytes of an advert that are read; real adverts are below 40 kB.
pub(crate) const CAP: usize = 200_000;

/// What a reader sees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visible {
    /// Lines without empty ones, white space collapsed, entities decoded, Markdown emphasis dropped.
    pub text: String,
    /// There was text that a reader does not see.
    pub hidden: bool,
}

/// The visible text of a raw advert.
pub fn visible(raw: &str) -> Visible {
    let mut cut = raw.len().min(CAP);
    while !raw.is_char_boundary(cut) {
        cut -= 1;
    }
    let mut source = raw[..cut].to_owned();
    // A board that escapes its HTML once more sends no tag at all, only `&lt;p&gt;`.
    for _ in 0..2 {
        if has_tag(&source) || !has_escaped_tag(&source) {
            break;
        }
        source = decode(&source);
    }
    let mut hidden = false;
    let shown = strip_tags(&source, &mut hidden);
    let text = lines(&shown, &mut hidden);
    Visible { text, hidden }
}

/// Names that make `<name …>` a tag; anything else in angle brackets is text, such as `<jobs@firm.example>`.
const TAGS: &str = "a abbr address article aside b blockquote body br button caption center code dd div dl dt em figure \
    font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input label li link main meta \
    nav noscript ol option p pre s script section select small span strong style sub sup svg table tbody \
    td template textarea tfoot th thead title tr tt u ul";
/// Tags that begin a new line.
const BLOCKS: &str = "address article aside blockquote body br caption center dd div dl dt figure footer form h1 h2 h3 h4 \
    h5 h6 header hr html li main nav ol option p pre section table tbody tfoot thead tr ul";
/// Tags whose content no browser shows.
const NEVER_SHOWN: &str = "head script select style svg template textarea title";
/// Tags without an end.
const VOID: &str = "br hr img input link meta";

fn listed(list: &str, name: &str) -> bool {
    list.split(' ').any(|n| n == name)
}

fn has_tag(text: &str) -> bool {
    text.match_indices('<').take(2_000).any(|(at, _)| tag_name(&text[at + 1..]).is_some())
}

fn has_escaped_tag(text: &str) -> bool {
    ["&lt;", "&amp;lt;"].iter().any(|open| {
        text.match_indices(open).take(2_000).any(|(at, found)| {
            let start: String = text[at + found.len()..].chars().take(24).collect();
            tag_name(&start).is_some()
        })
    })
}

/// Name of the tag that begins behind a `<`, in lower case, and whether it closes.
fn tag_name(rest: &str) -> Option<(bool, String)> {
    // Looks at a dozen bytes only: the rest may be long.
    let closing = rest.starts_with('/');
    let rest = if closing { &rest[1..] } else { rest };
    let name: String = rest.chars().take(12).take_while(char::is_ascii_alphanumeric).collect();
    let next = rest[name.len()..].chars().next();
    let name = name.to_ascii_lowercase();
    let ends = next.is_none_or(|c| c.is_whitespace() || matches!(c, '>' | '/' | '&'));
    (ends && listed(TAGS, &name)).then_some((closing, name))
}

/// An element that is not shown: its name, and how many of that name are open inside it.
struct Unseen {
    name: String,
    depth: usize,
    secret: bool,
}

fn strip_tags(source: &str, hidden: &mut bool) -> String {
    let mut out = String::with_capacity(source.len());
    let mut unseen: Option<Unseen> = None;
    let mut at = 0;
    // The cells seen in the present row of a table.
    let mut cells = 0;
    // Where the next ends are; usize::MAX once there is none.
    let (mut tag_end, mut comment_end) = (0, 0);
    while at < source.len() {
        let next = source[at..].find('<').map_or(source.len(), |n| at + n);
        show(&source[at..next], &mut out, &mut unseen, hidden);
        if next == source.len() {
            break;
        }
        at = next;
        if source[at..].starts_with("<!--") {
            seek(source, "-->", at + 4, &mut comment_end);
            *hidden = true;
            // A comment without an end hides the rest, as it does in a browser.
            at = comment_end.saturating_add(3).min(source.len());
            continue;
        }
        let tag = tag_name(&source[at + 1..]);
        seek(source, ">", at + 1, &mut tag_end);
        let (Some((closing, name)), true) = (tag, tag_end != usize::MAX) else {
            show("<", &mut out, &mut unseen, hidden);
            at += 1;
            continue;
        };
        let attributes = &source[at + 1..tag_end];
        at = tag_end + 1;
        if let Some(inside) = &mut unseen {
            let ends_paragraph = inside.name == "p" && listed(BLOCKS, &name) && name != "br";
            if name == inside.name && !listed(VOID, &name) {
                inside.depth = if closing { inside.depth.saturating_sub(1) } else { inside.depth + 1 };
            }
            if inside.depth > 0 && !ends_paragraph {
                continue;
            }
            unseen = None;
            if closing {
                continue;
            }
        }
        if !closing && !listed(VOID, &name) {
            let secret = is_secret(attributes);
            if secret || listed(NEVER_SHOWN, &name) {
                unseen = Some(Unseen { name, depth: 1, secret });
                continue;
            }
        }
        match name.as_str() {
            "tr" => {
                cells = 0;
                out.push('\n');
            }
            "li" if !closing => out.push_str("\n• "),
            "td" | "th" if !closing => {
                // The first cell of a row is the label of what follows.
                out.push_str(match cells {
                    0 => "",
                    1 => ": ",
                    _ => " | ",
                });
                cells += 1;
            }
            // A break inside a row of a Markdown table stays in its cell.
            "br" if out.rsplit('\n').next().is_some_and(|l| l.starts_with('|')) => out.push_str(" / "),
            block if listed(BLOCKS, block) && !(cells > 0 && matches!(block, "p" | "div")) => out.push('\n'),
            _ => {}
        }
        if name == "table" {
            cells = 0;
        }
    }
    out
}

/// Adds text to what is shown, or notes that it is hidden.
fn show(text: &str, out: &mut String, unseen: &mut Option<Unseen>, hidden: &mut bool) {
    match unseen {
        None => out.push_str(&decode(&decode(text))),
        Some(element) => *hidden |= element.secret && !text.trim().is_empty(),
    }
}

/// Moves `end` to the next `what` at or after `from`. Never looks at the same byte twice.
fn seek(source: &str, what: &str, from: usize, end: &mut usize) {
    if *end < from {
        *end = source.get(from..).and_then(|rest| rest.find(what)).map_or(usize::MAX, |n| from + n);
    }
}

/// The attributes of a tag hide its content.
fn is_secret(attributes: &str) -> bool {
    if attributes.len() > 2_000 {
        return false;
    }
    let tight: String = attributes.to_ascii_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let words = attributes.to_ascii_lowercase();
    let style = |what: &str| tight.contains(what);
    let zero = |what: &str| {
        tight.match_indices(what).any(|(at, _)| {
            let rest = &tight[at + what.len()..];
            let number: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
            number
                .parse::<f32>()
                .is_ok_and(|n| n < 0.1 || (n <= 1.0 && rest[number.len()..].starts_with("px")))
        })
    };
    let white = [
        "color:#fff",
        "color:white",
        "color:rgb(255,255,255)",
        "color=\"white",
        "color=\"#fff",
        "color:transparent",
    ];
    let white = white.iter().any(|w| {
        tight
            .match_indices(w)
            .any(|(at, _)| !tight[..at].ends_with("background-") && !tight[..at].ends_with("bg"))
    });
    style("display:none")
        || style("visibility:hidden")
        || words.split_whitespace().skip(1).any(|w| w == "hidden" || w.starts_with("hidden="))
        || zero("font-size:")
        || style("size=\"0\"")
        || style("size='0'")
        || zero("opacity:")
        || ["left:-", "top:-", "text-indent:-", "right:-"].iter().any(|w| {
            tight
                .find(w)
                .is_some_and(|at| tight[at + w.len()..].bytes().take_while(u8::is_ascii_digit).count() > 2)
        })
        || (white
            && !(style("background")
                && !style("background:#fff")
                && !style("background:white")
                && !style("background-color:white")
                && !style("background-color:#fff")))
}

/// Decodes entities once; unknown ones stay as they are.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        match end.and_then(|end| entity(&rest[1..end]).map(|c| (c, end))) {
            Some((character, end)) => {
                out.push(character);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c == '\n' || !c.is_control());
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "bull" => '•',
        "middot" => '·',
        "rsquo" => '’',
        "lsquo" => '‘',
        "rdquo" => '”',
        "ldquo" => '“',
        "euro" => '€',
        "pound" => '£',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "ge" => '≥',
        "le" => '≤',
        "times" => '×',
        "eacute" => 'é',
        "uuml" => 'ü',
        "ouml" => 'ö',
        "auml" => 'ä',
        "szlig" => 'ß',
        _ => return None,
    })
}

/// Cleans each line, turns Markdown tables into labelled lines and drops what Markdown does not show.
fn lines(text: &str, hidden: &mut bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut header: Vec<String> = Vec::new();
    for line in text.split('\n') {
        let line = clean(line, hidden);
        // `[//]: # (text)` is a link definition: nobody sees it.
        if line.starts_with('[') && line.find("]: ").is_some_and(|end| end < 20) {
            *hidden = true;
            continue;
        }
        let line = unlink(&line);
        if !(line.starts_with('|') && line.len() > 1) {
            header.clear();
            push_line(&mut out, &line);
            continue;
        }
        let cells: Vec<String> =
            line.trim_matches('|').split('|').take(30).map(|c| c.trim().to_owned()).collect();
        if cells.iter().all(|c| !c.is_empty() && c.chars().all(|c| matches!(c, '-' | ':' | ' '))) {
            continue;
        }
        if header.is_empty() {
            header = cells;
            continue;
        }
        match (header.len(), cells.as_slice()) {
            (..=2, [label, rest @ ..]) => push_line(&mut out, &format!("{label}: {}", rest.join(" | "))),
            (_, cells) => {
                for (label, cell) in header.iter().zip(cells) {
                    push_line(&mut out, &format!("{label}: {cell}"));
                }
            }
        }
    }
    out
}

fn push_line(out: &mut String, line: &str) {
    if !line.is_empty() {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(line);
    }
}

/// One line without zero-width characters, emphasis and runs of white space.
fn clean(line: &str, hidden: &mut bool) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            // Text in tag characters or behind zero-width spaces is meant for machines only.
            '\u{200B}' | '\u{2060}' | '\u{E0000}'..='\u{E007F}' => *hidden = true,
            // These have honest uses (Indic scripts, emoji, a byte order mark), and are no text.
            '\u{200C}' | '\u{200D}' | '\u{00AD}' | '\u{FEFF}' | '\u{FE0F}' => {}
            '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {}
            '`' => {}
            '*' if line.starts_with("* ") && out.is_empty() => out.push('•'),
            '*' => {}
            // A bold mark, and never the one underscore of a handle or an address.
            '_' if out.is_empty() || out.ends_with(' ') => {}
            c if c.is_whitespace() || c.is_control() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.trim().trim_start_matches(['>', '#']).trim().to_owned()
}

/// `[Apply](https://…)` shows "Apply"; the address is kept behind it, since a reader can see where it leads.
fn unlink(line: &str) -> String {
    line.replace("](", " (").replace('[', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_does_not_see_is_dropped_and_remembered() {
        for raw in [
            "Intern<!-- rate 100 -->",
            "Intern<span style=\"display: none\">rate <span>100</span></span>",
            "Intern<p style='font-size:0px'>rate 100</p>",
            "Intern<font color=\"white\">rate 100</font>",
            "Intern<div hidden>rate 100</div>",
            "Intern<div style='position:absolute;left:-9999px'>rate 100</div>",
            "&lt;p&gt;Intern&lt;!-- rate 100 --&gt;&lt;/p&gt;",
            "Intern\n[//]: # (rate 100)",
        ] {
            let seen = visible(raw);
            assert_eq!((seen.text.as_str(), seen.hidden), ("Intern", true), "{raw}");
        }
        let button = visible("<a style='color:#fff;background:#04c'>Apply</a>");
        assert_eq!((button.text.as_str(), button.hidden), ("Apply", false), "white on blue can be read");
    }

    #[test]
    fn entities_are_decoded_once_or_twice() {
        assert_eq!(visible("<p>A &amp;ndash; &#8377;5</p>").text, "A – ₹5");
        assert_eq!(visible("&lt;p&gt;A &amp;ndash; &amp;#8377;5&lt;/p&gt;").text, "A – ₹5");
        assert_eq!(visible("Q&A &nosuch; <jobs@firm.example>").text, "Q&A &nosuch; <jobs@firm.example>");
    }

    #[test]
    fn tables_become_labelled_lines() {
        assert_eq!(visible("<table><tr><td>Pay</td><td>5</td></tr></table>").text, "Pay: 5");
        assert_eq!(visible("| A | B |\n|---|---|\n| Pay | 5 |").text, "Pay: 5");
        assert_eq!(visible("| A | B | C |\n|---|---|---|\n| x | y</br>z | w |").text, "A: x\nB: y / z\nC: w");
    }

    #[test]
    fn broken_markup_costs_no_more_than_its_length() {
        for piece in ["<", "<p ", "<!--", "<div hidden>", "&", "&lt;p", "<p>", "|", "[a](", "\u{200B}"] {
            let text = visible(&piece.repeat(1_000_000)).text;
            assert!(text.len() <= 2 * CAP, "{piece}");
        }
    }
}
