//! Skills by the taxonomy in `data/skills.toml`: whole words, the longest match first, ordinary words only in their
//! exact case and near a word that tells what is meant. What the applicant needs and what only helps are told apart
//! by headings ("Nice to have") and by words beside a skill ("is a plus").

pub(crate) mod known;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::page::{Line, Page, expression, sentences};
use crate::{Advert, Stated};

const TAXONOMY: &str = include_str!("../data/skills.toml");
/// Words of the longest name or alias.
const LONGEST: usize = 7;
/// How far a word that explains a skill may stand away.
const NEAR: usize = 5;

#[derive(Deserialize)]
struct File {
    skill: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    kind: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    case: bool,
    #[serde(default)]
    near: Vec<String>,
    #[serde(default)]
    implies: Vec<String>,
}

struct Taxonomy {
    entries: Vec<Entry>,
    /// Lower-cased spelling → entry, and whether it is the name of a skill that must be written exactly.
    spellings: BTreeMap<String, (usize, bool)>,
}

fn taxonomy() -> &'static Taxonomy {
    static READ: OnceLock<Taxonomy> = OnceLock::new();
    READ.get_or_init(|| {
        let mut file: File = toml::from_str(TAXONOMY).expect("the taxonomy is read by the tests");
        let mut spellings = BTreeMap::new();
        for (n, entry) in file.skill.iter_mut().enumerate() {
            entry.near.iter_mut().for_each(|word| *word = format!(" {} ", word.to_lowercase()));
            spellings.insert(key(&entry.name), (n, entry.case));
            for alias in &entry.aliases {
                spellings.entry(key(alias)).or_insert((n, false));
            }
        }
        Taxonomy { entries: file.skill, spellings }
    })
}

/// A spelling with single spaces, in lower case.
fn key(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A skill in a text: which, and its bytes.
#[derive(Debug, Clone, Copy)]
struct Hit {
    entry: usize,
    from: usize,
    to: usize,
}

/// Does the text name a skill?
pub(crate) fn names_skill(text: &str) -> bool {
    hits(text).iter().any(|hit| hit.to - hit.from == text.trim().len())
}

/// Starts of words: a byte whose character is a letter, digit or `.`, behind one that is neither letter nor digit.
fn starts(text: &str) -> Vec<usize> {
    let mut before = ' ';
    let mut out = Vec::new();
    for (at, c) in text.char_indices() {
        if !before.is_alphanumeric() && (c.is_alphanumeric() || c == '.') {
            out.push(at);
        }
        before = c;
    }
    out
}

/// All skills of a text, the longest first where several begin.
fn hits(text: &str) -> Vec<Hit> {
    let starts = starts(text);
    let mut out: Vec<Hit> = Vec::new();
    let mut done = 0;
    for &from in &starts {
        if from < done {
            continue;
        }
        let mut best = None;
        let mut words = 0;
        let mut inside = true;
        let mut last = ' ';
        for (at, c) in text[from..].char_indices().chain([(text.len() - from, ' ')]) {
            let end = from + at;
            if c == '\n' || words > LONGEST || at > 60 {
                if at > 0 && inside {
                    best = ending(text, from, end).or(best);
                }
                break;
            }
            // Each place where a word may end is tried; the last success is the longest.
            let boundary = at > 0 && (!c.is_alphanumeric() || !last.is_alphanumeric());
            if boundary && !last.is_whitespace() {
                best = ending(text, from, end).or(best);
                // No spelling goes on from here: the common case, after one word.
                let so_far = key(&text[from..end]);
                if !taxonomy()
                    .spellings
                    .range(so_far.clone()..)
                    .next()
                    .is_some_and(|(s, _)| s.starts_with(&so_far))
                {
                    break;
                }
            }
            if c.is_whitespace() {
                words += 1;
            }
            inside = !c.is_whitespace();
            last = c;
        }
        if let Some(hit) = best {
            done = hit.to;
            out.push(hit);
        }
    }
    out
}

/// The skill that is spelt by exactly these bytes.
fn ending(text: &str, from: usize, to: usize) -> Option<Hit> {
    let taxonomy = taxonomy();
    let written = &text[from..to];
    let (entry, exact) = *taxonomy.spellings.get(&key(written))?;
    let next = text[to..].chars().next();
    if next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '+' | '#')) {
        return None;
    }
    // "C-Scheme" is a street, not the language.
    let hyphen = text[to..].strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_alphabetic));
    if hyphen && written.len() <= 2 {
        return None;
    }
    let skill = &taxonomy.entries[entry];
    if exact && (written != skill.name || !(skill.near.is_empty() || explained(text, from, to, &skill.near)))
    {
        return None;
    }
    Some(Hit { entry, from, to })
}

/// One of these words stands within [`NEAR`] words before or after.
fn explained(text: &str, from: usize, to: usize, near: &[String]) -> bool {
    let before: Vec<&str> = text[..from].split_whitespace().rev().take(NEAR + 1).collect();
    let after: Vec<&str> = text[to..].split_whitespace().take(NEAR + 1).collect();
    let before: Vec<&str> = before.into_iter().rev().collect();
    let side = |words: &[&str]| {
        let mut parts: Vec<String> = Vec::new();
        for word in words {
            let word = word.to_lowercase();
            let trimmed =
                word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '+' | '#')).to_owned();
            parts.extend(trimmed.split('/').map(|p| {
                p.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '+' | '#')).to_owned()
            }));
            parts.push(trimmed);
        }
        let all = format!(" {} ", parts.join(" "));
        near.iter().any(|word| all.contains(word))
    };
    side(&before) || side(&after)
}

/// What the skills under a heading are.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Section {
    Needed,
    Helps,
    /// About the firm or how to apply: no skills.
    None,
}

/// Words that make a skill optional, before it ("Preferred: …") or after it ("… is a plus").
const OPTIONAL: &str = r"nice[- ]to[- ]have|good[- ]to[- ](?:have|know)|would be nice|great[- ]to[- ]have|preferred|preferable|desir(?:able|ed)|optional|bonus(?: points)?(?: for| if)?|brownie points|(?:an? )?(?:added|additional|big|huge|definite)?[ ]?(?:advantage|adv\.)|(?:an? )?(?:big |huge |strong )?plus(?:es)?\b|added (?:adv|advantage)|extra karma|what (?:would )?helps?|would help|it helps|helps(?: if)?\b|helpful|points in your favour|in your favour|counts? (?:in|for)|assets?\b|ideally|great if|better if|welcome(?: as an extra)?|lovely|appreciated|is useful|are useful|useful\b|extra credit|would be extra|what is extra|extras?\b|liked\b|nice\b|not (?:a )?must|not required|not mandatory|exposure to .{0,40} is|happy if|a delight|good if|if you (?:know|happen|have seen)|beneficial|wish ?list|cherry on top|secondary|we will be jealous|impress(?:es|ed)? us|familiarity .{0,30} helps|d love";

pub(crate) fn optional() -> &'static regex::Regex {
    static COMPILED: OnceLock<regex::Regex> = OnceLock::new();
    COMPILED.get_or_init(|| {
        regex::Regex::new(&format!(r"(?i)(?:^|\b)(?:{OPTIONAL})"))
            .expect("an expression compiled by the tests")
    })
}

/// What a heading says about the lines below it; None for a line that is no heading.
fn heading(line: &Line<'_>, taxonomy_hits: bool) -> Option<Section> {
    let text = line.text.trim_end_matches([':', '.', '?', ' ']);
    let bullet = line.text.starts_with(['•', '-', '–', '▪', '·'])
        || line.text.chars().next().is_some_and(|c| c.is_ascii_digit());
    let words = text.split_whitespace().count();
    let valued = !line.label.is_empty() && !line.value.is_empty();
    if bullet || valued || words > 8 || taxonomy_hits {
        return None;
    }
    let helps = words <= 5 && !text.contains(',') && optional().is_match(text);
    let firm = expression!(r"(?i)^(?:about\b.*|who we are|the company|our (?:story|company)|perks.*|benefits.*|what (?:you get|we offer|we give)|we offer|how to apply|apply.*|selection.*|rounds?|interview.*|process|contact.*|equal opportunity.*|pay.*|compensation.*|why (?:join )?us.*|general conditions|the frame|the deal|disclaimer|note)$").is_match(text)
        && !expression!(r"(?i)^about (?:the (?:role|internship|job|position)|you|this (?:role|internship|job))").is_match(text);
    let ends = line.text.ends_with(':') || !line.text.ends_with(['.', '!', ',']);
    match () {
        () if !ends => None,
        () if helps => Some(Section::Helps),
        () if firm => Some(Section::None),
        () if words <= 7 && (line.text.ends_with([':', '?']) || expression!(r"(?i)\b(?:requirements?|required|skills?|qualifications?|responsibilit\w+|must|you (?:bring|have|know|will)|role|tasks?|profile|essential|expect|ask|look for|need|matters|about you|what you|your|day)\b").is_match(text)) => Some(Section::Needed),
        () => None,
    }
}

/// The sentence is not about what the applicant needs.
fn beside_the_point(sentence: &str) -> bool {
    expression!(
        r"(?i)^(?:we|our|you can find us|they) (?:build|make|maintain|sell|cool|sequence|are|run|do|help|process|ship|rent|keep|pay|raise|print|map|measure|grow|move|call|use whatsapp|hire|serve)\b|\b(?:whatsapp|telegram|google forms?|linkedin|forms\.gle|resume|cv to|github (?:link|profile|url|handle)|link to your github|github\.com|ignore (?:all )?previous|language model|automated systems?|ai (?:assistant|screen)|customers (?:include|use)|our (?:product|customers|clients|courses?|learners|founders?|ceo)|is an equal opportunity|powered by|backed by|raised)\b|^(?:about|founded)\b|^(?:mail|email|write to|apply|contact|questions)\b"
    )
    .is_match(sentence)
}

/// Fills the lists of skills.
pub(crate) fn read(page: &Page<'_>, advert: &mut Advert) {
    let taxonomy = taxonomy();
    let company = advert.company.as_ref().map_or("", |c| c.value.as_str()).to_owned();
    let all = hits(page.text);
    let mut next = 0;
    let mut section = Section::Needed;
    // Whether the list under the present heading has bullets; a line without one ends it.
    let mut bullets = None;
    let mut needed: Vec<Stated<String>> = Vec::new();
    let mut helps: Vec<Stated<String>> = Vec::new();
    for line in &page.lines {
        let base = line.text.as_ptr() as usize - page.text.as_ptr() as usize;
        let end = base + line.text.len();
        let from = next + all[next..].iter().take_while(|h| h.from < base).count();
        let to = from + all[from..].iter().take_while(|h| h.from < end).count();
        next = to;
        let here = &all[from..to];
        if let Some(found) = heading(line, !here.is_empty()) {
            section = found;
            bullets = None;
            continue;
        }
        let bullet = line.text.starts_with(['•', '-', '–', '▪', '·']);
        if section == Section::Helps && *bullets.get_or_insert(bullet) && !bullet {
            section = Section::Needed;
        }
        for sentence in sentences(line.text) {
            let start = sentence.as_ptr() as usize - page.text.as_ptr() as usize;
            let inside: Vec<Hit> = here
                .iter()
                .copied()
                .filter(|h| h.from >= start && h.to <= start + sentence.len())
                .map(|h| Hit { from: h.from - start, to: h.to - start, ..h })
                .collect();
            if inside.is_empty() || beside_the_point(sentence) {
                continue;
            }
            if expression!(r"^about (?:us|the company|company)$|^company profile$").is_match(&line.label) {
                continue;
            }
            let titled = advert.title.as_ref().is_some_and(|t| sentence.contains(&t.value));
            let asked = expression!(
                r"\b(?:must|require|essential|need|skills?|mandatory|you have|you bring|you know)"
            )
            .is_match(&line.label);
            if section == Section::None && !titled && !asked && !optional().is_match(sentence) {
                continue;
            }
            let marks = optional_marks(sentence, &inside, line, section);
            for (hit, helpful) in inside.iter().zip(marks) {
                if excluded(sentence, hit, &company, line) {
                    continue;
                }
                let name = &taxonomy.entries[hit.entry].name;
                let list = if helpful { &mut helps } else { &mut needed };
                if !list.iter().any(|s| s.value == *name) {
                    list.push(Stated::new(name.clone(), sentence));
                }
            }
        }
    }
    // What is needed once is needed.
    helps.retain(|h| !needed.iter().any(|n| n.value == h.value));
    advert.skills_required = needed;
    advert.skills_optional = helps;
}

/// Branches of a degree, words of the firm's name, addresses.
fn excluded(sentence: &str, hit: &Hit, company: &str, line: &Line<'_>) -> bool {
    let (before, after) = (&sentence[..hit.from], &sentence[hit.to..]);
    if !company.is_empty()
        && sentence.match_indices(company).any(|(at, _)| at <= hit.from && hit.to <= at + company.len())
    {
        return true;
    }
    if before.ends_with(['@', '#'])
        || before.ends_with('.') && after.starts_with('.')
        || expression!(r"^\.[a-z]").is_match(after)
        || before.ends_with("//")
    {
        return true;
    }
    let degree = expression!(
        r"(?i)\b(?:B\.?\s?E|B\.?\s?Tech|M\.?\s?Tech|M\.?\s?Sc|B\.?\s?Sc|MCA|BCA|B\.?S|M\.?S|Ph\.?D|diploma|degree|bachelor['’]?s?|master['’]?s?|B\.?Des|M\.?Des|MBA|B\.?Arch|branch(?:es)?|graduates?|department|dept)\b\.?[^;|.•]{0,14}(?:\([^)]*|\bin\b[^;|•.]*|\bof [^;|•.]*)$|\b(?:B\.E\.|BE|B\.?\s?Tech|M\.?\s?Tech|M\.?\s?Sc|B\.?\s?Sc|diploma)\s(?:[A-Z]\w*\s?[/&]\s?){0,3}$"
    );
    let labelled = expression!(
        r"\b(?:branch|course|education|qualification|degree|eligib|discipline|stream|department)"
    )
    .is_match(&line.label);
    // "Snowflake (our data warehouse)": the bracket explains, it asks for nothing.
    let explains = expression!(r"(?i)\((?:our|the|a|an) [^)]*$").is_match(before);
    let students = expression!(r"(?i)\bstudents? (?:of|from|in) [^;|•.]*$").is_match(before);
    explains
        || students
        || degree.is_match(before)
        || labelled && expression!(r"\([^)]*$|(?i)\bin [^;]*$").is_match(before)
}

/// For each skill of a sentence: is it only of help?
fn optional_marks(sentence: &str, hits: &[Hit], line: &Line<'_>, section: Section) -> Vec<bool> {
    let base = section == Section::Helps || (!line.label.is_empty() && optional().is_match(&line.label));
    let label_needs = !line.label.is_empty()
        && !base
        && expression!(r"\b(?:must|required|requirements?|essential|needed|skills?|mandatory|key skills)\b")
            .is_match(&line.label);
    let mut marks = vec![base && !label_needs; hits.len()];
    if base {
        return marks;
    }
    // Clauses: `;`, `|`, bullets and brackets part them.
    let mut bounds: Vec<usize> =
        expression!(r"[;|•·♦✦]|\(|\)|\s[–—]\s").find_iter(sentence).map(|m| m.start()).collect();
    bounds.push(sentence.len());
    let mut from = 0;
    for to in bounds {
        let clause = &sentence[from..to];
        for cue in optional().find_iter(clause) {
            let negated = expression!(r"(?i)\b(?:not|no)\s*$").is_match(&clause[..cue.start()])
                || expression!(r"(?i)^(?:nice|welcome|useful|liked|lovely|extras?|helps?)$")
                    .is_match(cue.as_str())
                    && expression!(r"(?i)^\s(?:people|team|office|culture|to (?:all|apply))")
                        .is_match(&clause[cue.end()..]);
            if negated {
                continue;
            }
            // "AWS (nice to have)": the bracket speaks of what stands before it.
            if clause.starts_with('(') && !hits.iter().any(|h| h.from >= from && h.to <= to) {
                if let Some(n) = hits.iter().rposition(|h| h.to <= from && h.to + 2 > from) {
                    marks[n] = true;
                }
                continue;
            }
            let inside = |h: &&(usize, &Hit)| h.1.from >= from && h.1.to <= to;
            let numbered: Vec<(usize, &Hit)> = hits.iter().enumerate().collect();
            let before: Vec<&(usize, &Hit)> =
                numbered.iter().filter(inside).filter(|(_, h)| h.to <= from + cue.start() + 1).collect();
            let after: Vec<&(usize, &Hit)> =
                numbered.iter().filter(inside).filter(|(_, h)| h.from >= from + cue.end()).collect();
            // "Preferred: A, B" and "If you can …" lead; "A is a plus" follows, back to the last comma.
            let leads = before.is_empty() && !expression!(r"(?i)^(?:preferred|lovely|welcome)").is_match(cue.as_str()) || expression!(r"(?i)^(?:bonus(?: points)? for|bonus(?: points)? if|great if|if you|ideally|better if|good if|it helps|extra karma)").is_match(cue.as_str());
            let too = expression!(r"(?i)\btoo\b|\balso\b").is_match(&clause[cue.end()..]);
            if leads || too {
                after.iter().for_each(|(n, _)| marks[*n] = true);
            }
            let mut end = from + cue.start();
            for (n, hit) in before.into_iter().rev() {
                let gap = &sentence[hit.to.min(end)..end];
                let near_cue = end == from + cue.start();
                let joined =
                    expression!(r"(?i)^[^,]*(?:\b(?:and|or|with|on|in)\b|/|&|\+|-)[^,]*$|, or\b|, and\b")
                        .is_match(gap);
                if !near_cue && !joined {
                    break;
                }
                marks[*n] = true;
                end = hit.from;
            }
        }
        from = to;
    }
    // "If you can draw in Figma, lovely."
    if expression!(r"(?i)\bif you\b.*\b(?:lovely|great|nice|even better|bonus|jealous|plus)\b")
        .is_match(sentence)
        && let Some(at) = expression!(r"(?i)\bif you\b").find(sentence)
    {
        hits.iter().enumerate().filter(|(_, h)| h.from > at.start()).for_each(|(n, _)| marks[n] = true);
    }
    marks
}
