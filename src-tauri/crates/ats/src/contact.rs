//! The head of a résumé: name, headline, ways to reach the person, summary.

use crate::dates::expression;
use crate::fields::{Fields, Found};
use crate::line::Paragraph;

/// Characters from which a line without separators is a sentence; addresses are shorter.
const SENTENCE: usize = 90;

/// What a piece of the head is.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Email(String),
    Phone(String),
    Link(String),
    /// A label without its value, or a sign.
    Nothing,
    Words(String),
}

/// Parts of a line at its separators: middle dots, bars, bullets, diamonds, tabs.
pub(crate) fn parts(text: &str) -> Vec<&str> {
    let signs = expression!(r"\t|\s[·•|‖∣⋄◆◦▪∙*~]\s*|\s*[|•⋄◆∣‖]\s*|\s[·•|]$|\s{3,}|\s//\s");
    signs.split(text).map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// The first mail address of a text.
pub(crate) fn email(text: &str) -> Option<&str> {
    let address = expression!(r"[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}");
    address.find(text).map(|m| m.as_str())
}

/// The first phone number of a text: seven to fifteen digits.
pub(crate) fn phone(text: &str) -> Option<&str> {
    let number = expression!(r"\+?\(?\+?\d[\d\s().\u{2010}-\u{2015}/-]{5,18}\d");
    number.find_iter(text).find_map(|m| {
        let digits = m.as_str().chars().filter(char::is_ascii_digit).count();
        let around = [text[..m.start()].chars().next_back(), text[m.end()..].chars().next()];
        let part_of_word = around.iter().flatten().any(|c| c.is_alphanumeric() || "/_@.%=".contains(*c));
        // "2019 - 2023" has as many digits as a number.
        let years = expression!(r"^(?:19|20)\d\d\s?\D+\s?(?:19|20)\d\d$").is_match(m.as_str());
        ((7..=15).contains(&digits) && !part_of_word && !years).then(|| m.as_str().trim())
    })
}

/// Whether a text is a web address, with or without its scheme.
pub(crate) fn is_link(text: &str) -> bool {
    expression!(r"(?i)^(?:(?:https?|ftp)://\S+|(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?::\d+)?(?:[/?#]\S*)?)$")
        .is_match(text)
        && !text.contains('@')
        && !expression!(r"(?i)^(?:[bm]\.?(?:tech|sc|com|e|s)|node\.js|\w+\.(?:js|net|py|rs))\.?$")
            .is_match(text)
}

/// An account that is named without its address: `GitHub: asha`.
fn account(text: &str) -> bool {
    expression!(r"(?i)^(?:git(?:hub|lab)|linked-?in|leetcode|code-?(?:forces|chef)|hacker-?(?:rank|earth)|kaggle|twitter|x|medium|behance|dribbble|stack ?overflow|geeks ?for ?geeks|gfg|portfolio|website|blog|orcid|google scholar|[\p{L}\p{N}.+#]{2,20})\s?:\s?[@\w./-]+$")
        .is_match(text)
}

fn piece(text: &str) -> Piece {
    let label = expression!(
        r"(?i)^(?:e-?mail(?: id)?|mail|phone|mobile|mob|contact(?: no)?|tel|cell|ph|address|location|website|portfolio|web|linked-?in|github|url)\.?\s*[:–-]\s*"
    );
    if let Some(found) = email(text) {
        return Piece::Email(found.to_owned());
    }
    let rest = label.replace(text, "");
    if rest.is_empty() {
        return Piece::Nothing;
    }
    if is_link(&rest) {
        return Piece::Link(rest.into_owned());
    }
    let letters = rest.chars().filter(|c| c.is_alphabetic()).count();
    if let Some(found) = phone(&rest).filter(|_| letters <= 8) {
        return Piece::Phone(found.to_owned());
    }
    if account(text) {
        return Piece::Link(text.to_owned());
    }
    match letters {
        0 => Piece::Nothing,
        _ => Piece::Words(rest.into_owned()),
    }
}

/// Whether a line holds nothing but addresses and accounts.
pub(crate) fn reaches(text: &str) -> bool {
    let parts = parts(text);
    let whole = |part: &&str| match piece(part) {
        Piece::Email(email) => email == **part,
        Piece::Link(_) => true,
        _ => false,
    };
    !parts.is_empty() && parts.iter().all(whole)
}

/// Reads the lines before the first heading.
pub(crate) fn read(head: &[Paragraph], fields: &mut Fields) {
    let mut contacts: Vec<bool> = Vec::new();
    let name_at = head.iter().position(|p| is_name(&p.line.text));
    for (i, paragraph) in head.iter().enumerate() {
        let parts = parts(&paragraph.line.text);
        let pieces: Vec<Piece> = parts.iter().map(|part| piece(part)).collect();
        let reaches = pieces.iter().filter(|p| !matches!(p, Piece::Words(_) | Piece::Nothing)).count();
        // A sentence may name an address without being a line of contacts, and so may the name alone.
        let sentence = parts.len() == 1 && paragraph.line.text.chars().count() > SENTENCE;
        let contact = reaches > 0 && !sentence && (name_at != Some(i) || parts.len() > 1);
        contacts.push(contact || name_at.is_some_and(|at| at < i) && is_place(&paragraph.line.text));
        if *contacts.last().unwrap_or(&false) {
            let own_name = (name_at == Some(i)).then(|| parts[0]);
            for (piece, part) in pieces.into_iter().zip(parts).filter(|(_, part)| own_name != Some(part)) {
                keep(piece, part, paragraph.number, fields);
            }
        }
    }
    let Some(at) = name_at else { return };
    let name = &head[at];
    let shown = parts(&name.line.text).first().map_or("", |first| *first);
    fields.name = Some(Found::new(shown, name.number));
    words(head, at, &contacts, fields);
}

/// Reads a section of contacts: no line of it is a name.
pub(crate) fn reach(section: &[Paragraph], fields: &mut Fields) {
    for paragraph in section {
        for part in parts(&paragraph.line.text) {
            keep(piece(part), part, paragraph.number, fields);
        }
    }
}

/// Headline and summary: what stands before and after the lines of contacts.
fn words(head: &[Paragraph], name: usize, contacts: &[bool], fields: &mut Fields) {
    let first = (name + 1..head.len()).find(|i| contacts[*i]).unwrap_or(head.len());
    let alone = first == head.len();
    let mut rest: Vec<&Paragraph> = (first..head.len()).filter(|i| !contacts[*i]).map(|i| &head[i]).collect();
    let mut headline: Vec<&Paragraph> = Vec::new();
    for paragraph in &head[name + 1..first] {
        let long = paragraph.line.text.chars().count() > 140 || paragraph.line.text.ends_with('.');
        // Without contacts nothing parts the headline from the summary but the room between them.
        let apart = alone && paragraph.line.gap && !headline.is_empty();
        if long || apart { rest.push(paragraph) } else { headline.push(paragraph) }
    }
    fields.headline = joined(&headline);
    if fields.summary.is_none() {
        fields.summary = joined(&rest);
    }
}

/// Paragraphs as one text, with the line of the first.
pub(crate) fn joined(all: &[&Paragraph]) -> Option<Found> {
    let first = all.first()?;
    let text = all.iter().map(|p| p.line.text.replace('\t', " ")).collect::<Vec<_>>().join(" ");
    Some(Found::new(text, first.number))
}

fn keep(piece: Piece, part: &str, line: usize, fields: &mut Fields) {
    match piece {
        Piece::Email(email) if fields.email.is_none() => fields.email = Some(Found::new(email, line)),
        Piece::Phone(phone) if fields.phone.is_none() => fields.phone = Some(Found::new(phone, line)),
        Piece::Link(link) => fields.links.push(Found::new(link, line)),
        Piece::Words(words) if fields.location.is_none() && !expression!(r"\d{2}").is_match(part) => {
            fields.location = Some(Found::new(words, line));
        }
        _ => {}
    }
}

/// "Pune, Maharashtra, IN" alone on a line.
fn is_place(text: &str) -> bool {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let place = |part: &&str| {
        part.split_whitespace().count() <= 3
            && part.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_ascii())
            && !part.chars().any(|c| c.is_ascii_digit())
    };
    let country = expression!(r"^(?:[A-Z]{2}|India|USA|Bharat)$");
    (2..=3).contains(&parts.len()) && parts.iter().all(place) && country.is_match(parts[parts.len() - 1])
}

/// "Karthik S."
fn ends_with_an_initial(text: &str) -> bool {
    text.split_whitespace().last().is_some_and(|last| last.chars().count() <= 3)
}

/// A line that may be a name: a few words without digits, no address, no heading.
fn is_name(text: &str) -> bool {
    let title = expression!(r"(?i)^(?:r[ée]sum[ée]|curriculum vitae|cv|bio-?data)(?:\s+of\b.*)?$");
    let first = parts(text).first().map_or("", |first| *first);
    let words = first.split_whitespace().count();
    (1..=12).contains(&words)
        && !title.is_match(first)
        && matches!(piece(first), Piece::Words(_))
        && (!first.ends_with('.') || ends_with_an_initial(first))
        && first.chars().filter(char::is_ascii_digit).count() == 0
}
