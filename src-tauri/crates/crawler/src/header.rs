//! Title, employer and kind. Adverts put them in the first lines, in any order and behind any separator; the address
//! of the firm ("careers@periyarpayroll.example") tells which piece is the employer.

use internflow_domain::JobKind;
use regex::Regex;

use crate::page::{Page, expression, sentences};
use crate::places::cities;
use crate::{Advert, Stated};

/// Lines in which a title is looked for.
const HEAD: usize = 14;

fn role() -> &'static Regex {
    expression!(
        r"(?i)\b(?:interns?|internships?|trainees?|apprentices?|apprenticeship|engineers?|developers?|dev|analyst|designer|scientist|manager|architect|associate|executive|fresher|model?ler|programmer|administrator|consultant|specialist|tester|student|technical staff|researcher|assistant|technician|fellow|fellowship|officer|coordinator|writer|ambassador|tutor|operator|sde|sdet|swe|volunteer|graduate|draughtsman|draftsman|teacher|representative|lead)\b"
    )
}

/// Words that are never a firm.
fn generic(text: &str) -> bool {
    expression!(
        r"(?i)\b(?:hiring|urgent|vacancy|vacancies|requirement|opening|walk-?in|(?:free )?internships?|interns?|mnc|client|vendor|freshers?|remote|hybrid|wfh|wfo|work from|home|office|on-?site|in-?office|full[- ]time|part[- ]time|stipend|duration|salary|ctc|lpa|months?|weeks?|batch|apply|posted|location|about (?:us|the|this|you)|responsibilities|requirements?|skills?|eligibility|notice|dear|greetings|hello|hi|hey|namaste|gm|students|job description|recruitment|advt|reference|subject|forwarded|from|role|team|engineering department|disclosed|confidential|name|programme|program|degree|any|who|what|where|how|why|you|your|we|our|placement (?:cell|office)|campus drive|off campus|unpaid|paid|virtual|knowledge|experience|familiarity|understanding|exposure|proficiency|good|strong|excellent|industry|undertaking|limited seats|earn|need(?:ed|s)?|wanted|immediate|joiners?|summer|winter|spring|details|all|opportunity|career|now)\b"
    )
    .is_match(text)
}

/// Free mailboxes say nothing about a firm.
pub(crate) const FREE_MAIL: &str = r"(?:gmail|yahoo|outlook|hotmail|rediffmail|ymail|protonmail|proton|live|icloud|zoho)\.(?:com|co\.in|in|me|example)";

/// Names of the addresses in a text, as one run of letters each.
fn domains(text: &str) -> Vec<String> {
    let address = expression!(
        r"(?i)(?:@|https?://|\b)((?:[a-z0-9][a-z0-9-]*\.)+)(?:example|com|in|org|io|co|net|dev|ai|app|edu|tech)\b"
    );
    let free =
        expression!(r"(?i)^(?:gmail|yahoo|outlook|hotmail|rediffmail|forms|wa|t|linkedin|github|bit)$");
    let mut found: Vec<String> = Vec::new();
    for c in address.captures_iter(text).take(40) {
        let Some(labels) = c.get(1) else { continue };
        for label in labels.as_str().split('.').filter(|l| l.len() > 3 && !free.is_match(l)) {
            found.push(squash(label));
        }
    }
    found
}

fn squash(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The piece is what an address of the advert abbreviates, or ends like a firm.
fn employer_like(piece: &str, domains: &[String]) -> bool {
    let squashed = squash(piece);
    let by_address = squashed.len() > 2
        && domains.iter().any(|d| {
            let same = squashed.chars().zip(d.chars()).take_while(|(a, b)| a == b).count();
            same >= 5 || same == squashed.chars().count().min(d.chars().count()) && same > 3
        });
    by_address
        || expression!(
            r"(?i)\b(?:labs?|systems|technologies|solutions|foundation|studios?|pvt|ltd|limited|llp|gmbh|inc|llc|industries|softwares?|softlabs|group|bank|institute|university|services|consultants|consulting|corp|academy|robotics|semiconductors?|healthcare|pharma|networks|ventures|works|trust|hospitals?|school|college|associates|council|corporation|centre|mission)\b\W*$|\b(?:institute|university|college|academy|school) of\b|^(?:centre|center|institute|national|indian institute|council|society|department of)\b.{0,40}\b(?:for|of)\b"
        )
        .is_match(piece)
}

/// Takes ornaments, quotes and list marks off both ends.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '(' | ')' | '+' | '#' | '\'' | '’' | '.')
    })
    .trim_start_matches(['.', ')', '\'', '’'])
    .trim_end_matches(['.', '\'', '’', '('])
    .trim()
}

/// A piece as the name of a firm: without its legal form, remarks in brackets and what follows a comma.
fn firm(piece: &str) -> Option<&str> {
    let piece = bare(piece);
    let piece = piece.rsplit(" that ").next().unwrap_or(piece);
    let piece = piece.strip_prefix("About ").unwrap_or(piece);
    let piece = piece.strip_prefix("M/s ").or_else(|| piece.strip_prefix("M/s. ")).unwrap_or(piece);
    let piece = piece.split(" (").next().unwrap_or(piece);
    let departments = expression!(r"(?i)^(?:department|dept|school|faculty|division|office)\b");
    let piece = piece.split(", ").find(|p| !departments.is_match(p))?;
    let legal = expression!(
        r"(?i)[\s,]+(?:\(India\)\s*)?(?:pvt\.?(?:\s*ltd\.?)?|private limited|p\.? ltd\.?|ltd\.?|llp|gmbh(?: & co\.? kg)?|inc\.?|llc|pte\.?(?:\s*ltd\.?)?|ag|b\.?v\.?|s\.?a\.?|plc|oy|ab|corp\.|co\.)\s*$"
    );
    let mut name = bare(piece);
    while let Some(end) = legal.find(name).map(|m| m.start()).filter(|end| *end > 0) {
        name = bare(&name[..end]);
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let particle = |w: &str| matches!(w, "of" | "and" | "&" | "the" | "for" | "de" | "in" | "+" | "by" | "–");
    let capital = |w: &str| w.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric());
    let named = words.first().is_some_and(|w| capital(w)) && words.iter().all(|w| capital(w) || particle(w));
    let amount = expression!(r"(?i)[₹$€£%@!]|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]* \d|\d{4}|\d\s?(?:-|–|\+)|^\d").is_match(name);
    let city = cities(name).first().is_some_and(|(at, _)| *at == 0) && words.len() <= 2;
    (named
        && (1..=8).contains(&words.len())
        && name.len() > 1
        && name.len() < 70
        && !amount
        && !city
        && !generic(name))
    .then_some(name)
}

/// A piece as a title: without remarks on place, mode and time, and without what is said behind it.
fn title_of(piece: &str) -> Option<&str> {
    let mut text = bare(piece);
    let lead = expression!(
        r"(?i)^(?:we(?:'|’)?re hiring|we are hiring|now hiring|urgent(?:ly)? hiring|hiring(?: for)?|wanted|vacancy(?: for)?|recruitment of|opening for|job opening|role|position|applications? for|required|looking for|an?|the|posts? of|free)\b[\s:–-]*"
    );
    while let Some(found) = lead.find(text).filter(|m| m.end() > 0 && m.end() < text.len()) {
        text = bare(&text[found.end()..]);
    }
    let tail = expression!(
        r"(?i)\s(?:for (?:a|an|our|the)\b|with (?:job|ppo|placement|stipend|guaranteed)|on[- ]?site\b|in (?:our|the)\b|(?-i:with [A-Z])|role\b|roles\b|position\b|to (?:join|work|help)|who\b|at (?:our|the)\b|wanted\b|required\b|needed\b|\[|vacanc|opening|\(?(?:purely )?temporary|from\b|starting\b|–\s*\d).*$"
    );
    if let Some(found) = tail.find(text).filter(|m| m.start() > 0) {
        text = bare(&text[..found.start()]);
    }
    let remark = expression!(
        r"(?i)\s?\((?:[^()]*\b(?:remote|wfh|wfo|office|hybrid|home|on-?site|in[- ]person|months?|weeks?|h/week|hours?|hrs|temporary|all genders|name will|full[- ]time|part[- ]time|paid|unpaid|years?|yrs?|posts?|virtual|openings?|lpa|per month|stipend|plant|campus only)\b[^()]*)\)?\s*$"
    );
    while let Some(found) = remark.find(text).filter(|m| m.start() > 0) {
        text = bare(&text[..found.start()]);
    }
    if let Some(open) = text.rfind(" (")
        && (cities(&text[open..]).iter().any(|(at, _)| *at < 3) || !text[open..].contains(')'))
    {
        text = bare(&text[..open]);
    }
    if let Some(at) = text.rfind(" in ").filter(|at| cities(&text[*at..]).iter().any(|(at, _)| *at < 5)) {
        text = bare(&text[..at]);
    }
    let words = text.split_whitespace().count();
    let odd = expression!(r"(?i)[₹$€£]|\b(?:you|your|we|our|is|are|will|has|have|apply|posted|batch|stipend|months?|per)\b|\w{3}[.?]\s|!|:\s").is_match(text);
    (role().is_match(text)
        && (1..=10).contains(&words)
        && text.len() < 90
        && !odd
        && text.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric()))
    .then_some(text)
}

/// Strong pieces of a head line.
fn pieces(line: &str) -> Vec<&str> {
    expression!(r"\s[–—|·•✦♦@-]+\s|\s*\p{Extended_Pictographic}[\p{Extended_Pictographic}\s]*|\s?[|✦♦▪•]\s?|:\s|\s?➡\s?|\s(?:at|by|presents)\s")
        .split(line)
        .map(str::trim)
        .filter(|p| !bare(p).is_empty())
        .collect()
}

/// Fills title and company.
pub(crate) fn read(page: &Page<'_>, advert: &mut Advert) {
    let domains = domains(page.text);
    let title_label = expression!(
        r"^(?:job |internship )?(?:title|role|position|designation|post|opening|vacancy|profile|name of (?:the )?(?:position|post)|job role|post name|job|position title)$"
    );
    let firm_label = expression!(
        r"^(?:company(?: name)?|organi[sz]ation|employer|firm|institute|company / organi[sz]ation|name of (?:the )?(?:company|organi[sz]ation)|who are we)$"
    );
    let mut title = page.labelled(title_label).find_map(|l| {
        let value = l.value.split(" | ").next().unwrap_or("");
        let value = expression!(r", (?:\d|[a-z])").split(value).next().unwrap_or(value);
        Some((title_of(value)?, l.text))
    });
    let mut company = page.labelled(firm_label).find_map(|l| Some((firm(l.value)?, l.text)));
    spoken(page, &mut title, &mut company);
    if title.is_none() || company.is_none() {
        from_head(page, &domains, &mut title, &mut company);
    }
    if company.is_none() {
        company = in_passing(page, title.map_or("", |t| t.0));
    }
    if company.is_none() {
        // "Internship Opportunity @ Saffron Robotics" above a labelled title.
        let lines = page.lines.iter().take(3);
        company = lines.filter(|l| l.text.len() < 110).find_map(|l| {
            let name =
                pieces(l.text).into_iter().find_map(|p| firm(p).filter(|f| employer_like(f, &domains)))?;
            Some((name, l.text))
        });
    }
    let stated = |found: (&str, &str)| Stated::new(found.0.to_owned(), found.1);
    advert.title = title.map(stated);
    advert.company = company.map(stated);
}

type Piece<'t> = Option<(&'t str, &'t str)>;

/// "Chettinad Sweets, Karaikudi needs a Store App Intern."
fn spoken<'t>(page: &Page<'t>, title: &mut Piece<'t>, company: &mut Piece<'t>) {
    let needs = expression!(
        r"^(.{2,80}?),?\s(?:is (?:hiring|looking for|seeking|offering|recruiting|inviting applications for)|are (?:hiring|looking for|seeking)|hires|needs|seeks|wants|takes|invites applications for|presents|announces|would like to (?:engage|hire|recruit|take)|will (?:conduct|be conducting|visit|hold)|is conducting|conducts|sucht(?: / is looking for)?|ko chahiye)(?:\s(?:an?|the|two|three|our|ek|for|its?))*\s(.+)$"
    );
    let post = expression!(
        r"(?i)\b(?:for|to|as|fill) (?:the|a|an) (?:post|position|role)s? of (?:an? )?(.{3,70}?)(?:[.;]|, | at | in |$)"
    );
    let invited = expression!(r#"\binvited for (?:the post of )?["“]([^"”]{3,70})["”]"#);
    for line in page.lines.iter().take(HEAD) {
        for sentence in sentences(line.text) {
            if let Some(c) = needs.captures(sentence) {
                let (who, what) = (c.get(1).map_or("", |m| m.as_str()), c.get(2).map_or("", |m| m.as_str()));
                if company.is_none() {
                    *company = firm(who).map(|f| (f, sentence));
                }
                if title.is_none() {
                    let parts: Vec<&str> = what.splitn(2, ", ").collect();
                    let first = parts.first().copied().unwrap_or("");
                    // "an Intern, Physics Outreach": the bare word needs what follows.
                    let whole = first.len() < 8 && parts.len() == 2 && cities(parts[1]).is_empty();
                    *title = title_of(if whole { what } else { first }).map(|t| (t, sentence));
                }
            }
            let named = post.captures(sentence).or_else(|| invited.captures(sentence));
            if let (None, Some(found)) = (&title, named.and_then(|c| c.get(1))) {
                *title = title_of(found.as_str()).map(|t| (t, sentence));
            }
            let drive = expression!(
                r"(?i)\b(?:drive (?:of|by|at|for)|internship (?:by|at)|recruitment (?:by|at)) (?:M/s\.? )?(?-i:([A-Z].{3,60}))$"
            );
            if let (None, Some(found)) = (&company, drive.captures(sentence).and_then(|c| c.get(1))) {
                *company = firm(found.as_str()).filter(|f| !role().is_match(f)).map(|f| (f, sentence));
            }
        }
    }
}

/// Title and employer from the pieces of the first lines.
fn from_head<'t>(page: &Page<'t>, domains: &[String], title: &mut Piece<'t>, company: &mut Piece<'t>) {
    let given = title.map(|t| t.0);
    let found = page.lines.iter().take(HEAD).enumerate().find_map(|(n, line)| {
        // A line that asks for skills or tells of the team is long, a head line is not.
        let mail = expression!(r"(?i)^(?:from|to|cc|date|subject|sub|fwd|re)\s?:").is_match(line.text);
        if line.text.len() > 260 || mail || line.text.starts_with(['•', '-']) {
            return None;
        }
        let pieces = pieces(line.text);
        let at = pieces.iter().position(|p| match given {
            Some(title) => p.contains(title),
            None => title_of(p.split(", ").next().unwrap_or(p)).is_some() || title_of(p).is_some(),
        })?;
        Some((n, line.text, pieces, at))
    });
    let Some((n, line, pieces, at)) = found else {
        first_phrase(page, title);
        if company.is_none() {
            *company = page.lines.first().and_then(|l| head_firm(l.text, domains));
        }
        return;
    };
    let neighbour =
        |n: Option<usize>| n.and_then(|n| page.lines.get(n)).and_then(|l| head_firm(l.text, domains));
    let beside = neighbour(Some(n + 1)).or_else(|| neighbour(n.checked_sub(1)));
    let known = company.map(|c| c.0);
    let passing = in_passing(page, "");
    // The part behind a comma is a firm when something says so, and else a part of the title.
    let piece = pieces[at];
    let parts: Vec<&str> = piece.split(", ").collect();
    let first = parts.first().copied().unwrap_or(piece);
    let mut own = None;
    let mut text = first;
    let after_comma = parts.get(1).copied().unwrap_or("");
    let place_in_line = parts.iter().skip(1).chain(&pieces[at + 1..]).any(|p| !cities(p).is_empty());
    if !after_comma.is_empty() {
        let named = firm(after_comma).filter(|f| cities(f).is_empty());
        let proven = employer_like(after_comma.split(" (").next().unwrap_or(""), domains)
            || place_in_line && beside.is_none();
        match named {
            Some(name) if proven => own = Some(name),
            Some(_) if cities(after_comma).is_empty() && parts.len() == 2 && at == 0 && pieces.len() == 1 => {
                text = piece
            }
            _ => {}
        }
    }
    let level = pieces.get(at + 1).filter(|p| {
        expression!(r"(?i)^(?:freshers?|trainee|entry[- ]level|junior|senior|graduate|campus|new grad)$")
            .is_match(p)
    });
    if let (Some(level), true) = (level, after_comma.is_empty()) {
        text = join(line, first, level);
    }
    let labelled =
        page.lines.get(n).is_some_and(|l| !l.label.is_empty() && given.is_some_and(|g| l.value.contains(g)));
    // In a long line the pieces are parts of sentences.
    let terse = line.len() < 160;
    for (place, other) in pieces.iter().enumerate().filter(|(place, _)| *place != at && terse) {
        if labelled && place == 0 {
            continue;
        }
        let Some(name) = firm(other) else { continue };
        let words: Vec<&str> = other.split(", ").collect();
        let before_title = place < at;
        let next = place == at + 1 && (at == 0 || known.is_some()) && after_comma.is_empty();
        // "Solution Architect – SAP, Vaishali Cement, New Delhi": the title goes on to the comma.
        let second = words.get(1).and_then(|w| firm(w)).filter(|w| {
            cities(w).is_empty()
                && !employer_like(name, domains)
                && (crate::skills::names_skill(name) || employer_like(w, domains))
        });
        if next && let Some(second) = second {
            text = join(line, first, words[0]);
            own = own.or(Some(second));
            continue;
        }
        let dash = expression!(r"\s[–—-]\s").is_match(join(line, first, other));
        let rival = beside.or(passing).map(|b| b.0).or(known).filter(|b| *b != name);
        if next && dash && rival.is_some() && !employer_like(name, domains) {
            text = join(line, first, other);
        } else if own.is_none() && (before_title || known.is_none()) {
            own = Some(name);
        }
    }
    if title.is_none() {
        *title = title_of(text).or_else(|| title_of(first)).map(|t| (t, line));
    }
    if company.is_none() {
        let top = || {
            page.lines
                .iter()
                .take(2)
                .find_map(|l| head_firm(l.text, domains).filter(|(name, _)| employer_like(name, domains)))
        };
        *company = own.map(|c| (c, line)).or(beside).or_else(top);
    }
}

/// The text of a line from one of its pieces to the end of another one.
fn join<'t>(line: &'t str, from: &str, to: &str) -> &'t str {
    let start = line.find(from).unwrap_or(0);
    let end = line[start..].find(to).map_or(line.len(), |at| start + at + to.len());
    &line[start..end]
}

/// The employer at the begin of a line beside the title.
fn head_firm<'t>(line: &'t str, domains: &[String]) -> Option<(&'t str, &'t str)> {
    let at =
        line.strip_prefix("at ").or_else(|| line.strip_prefix("by ")).or_else(|| line.strip_prefix("@ "));
    let line = at.unwrap_or(line);
    if !line.chars().next().is_some_and(|c| c.is_alphanumeric()) {
        return None;
    }
    let sentence = sentences(line).into_iter().next()?;
    let verb = expression!(r"^(.{2,60}?)\s(?:is|are|was|has|hires|makes|builds|runs|drives|helps|sells|needs|operates|takes|connects|develops)\s").captures(sentence).and_then(|c| c.get(1));
    if let Some(name) = verb.and_then(|m| firm(m.as_str())) {
        return Some((name, sentence));
    }
    let all = pieces(line);
    let first = all.first().copied()?;
    let name = firm(first)?;
    let labelled = line.get(first.len()..).is_some_and(|rest| rest.trim_start().starts_with([':', '➡']));
    let lone = all.len() == 1 && !line.contains(", ") && !line.contains(" (");
    let ends = line.ends_with(['.', '!', '?', ':'])
        && !expression!(r"(?i)\b(?:ltd|inc|co)\.$").is_match(line)
        && sentence.len() == line.len();
    let terse = sentence.len() < 110 && !ends && !crate::skills::names_skill(name);
    let role_only = role().is_match(name) && !employer_like(name, domains);
    (terse
        && !labelled
        && !role_only
        && (lone
            || employer_like(name, domains)
            || !cities(line).is_empty()
            || all.len() > 1
            || line.contains(" (")))
    .then_some((name, line))
}

/// The first words in capitals that end in a role, anywhere in the head.
fn first_phrase<'t>(page: &Page<'t>, title: &mut Piece<'t>) {
    let phrase = expression!(
        r"\b(?:[A-Z][\w/&+.#-]*\s(?:&\s|and\s)?){1,5}(?:Intern|Internship|Trainee|Engineer|Developer|Analyst|Apprentice|Designer)\b(?:\s\([A-Z][^)]{0,30}\))?"
    );
    if title.is_none() {
        *title = page.lines.iter().take(HEAD).find_map(|line| {
            let found = phrase.find(line.text)?;
            Some((title_of(found.as_str())?, line.text))
        });
    }
}

/// "As an intern at Meridian Logic", "About Harborline", "we're Pattam".
fn in_passing<'t>(page: &Page<'t>, title: &str) -> Piece<'t> {
    let at = expression!(
        r"\b(?i:interns?|internship|role|job|position|work|engineers?|career|join us|developers?|team|life) (?:at|with) ([A-Z][\w&'’.-]*\s?(?:(?:[A-Z][\w&'’.-]*|&|of|and)\s?){0,5})"
    );
    let about = expression!(r"^(?:About|Life at|Why|Working at|Who is) ([A-Z].{1,40}?)\??$");
    let we = expression!(r"(?i:\b(?:we['’]?re|we are|this is)) ((?:[A-Z][\w&'’-]*\s?){1,4})(?:[.,(]|$)");
    let is = expression!(
        r"^([A-Z][\w&'’-]*(?:\s(?:[A-Z&][\w&'’-]*|of|and)){0,5}(?: (?:Pvt\.? Ltd\.?|Ltd\.?|GmbH))?)\s(?:is (?:an?|the|two|three|four|five|six|\d+)|makes|builds|runs|drives|was founded|hires|has been|operates|develops|sells)\s"
    );
    page.lines.iter().take(60).find_map(|line| {
        sentences(line.text).into_iter().find_map(|sentence| {
            let name = [at, about, we, is]
                .iter()
                .find_map(|e| e.captures(sentence)?.get(1).and_then(|m| firm(m.as_str())))?;
            let first = name.split_whitespace().next().unwrap_or("");
            let pronoun = matches!(
                first,
                "It" | "This" | "That" | "There" | "He" | "She" | "They" | "Each" | "One" | "Git" | "Linux"
            );
            (!pronoun && !title.contains(name) && !crate::skills::names_skill(name))
                .then_some((name, sentence))
        })
    })
}

/// What the advert calls itself.
pub(crate) fn kind(page: &Page<'_>, advert: &Advert) -> Option<Stated<JobKind>> {
    let title = advert.title.as_ref();
    let text = title.map_or("", |t| t.value.as_str());
    let stated = |kind| title.map(|t| Stated::new(kind, &t.from));
    let says = |regex: &Regex| page.sentences().find(|s| regex.is_match(s));
    let stipend = expression!(r"(?i)\bstipend\b|\binternship\b|\bfellowship\b");
    if expression!(r"(?i)\bintern(?:s|ships?)?\b|\bworking student\b|\bthesis\b|\bstudent trainee\b|\bco-?op\b|\bcampus ambassador\b|\bsummer (?:trainee|analyst)\b|\bwerkstudent").is_match(text) {
        return stated(JobKind::Internship);
    }
    let senior =
        expression!(r"(?i)\b(?:senior|sr\.?|lead|principal|staff|head|manager|architect|director)\b")
            .is_match(text)
            && !expression!(r"(?i)\btrainee\b|\btechnical staff\b|\bcampus\b").is_match(text);
    if senior {
        return stated(JobKind::Job);
    }
    if expression!(r"(?i)\btrainee\b|\bapprentice|\bfellow").is_match(text)
        && let Some(line) = says(stipend)
            .filter(|_| says(expression!(r"(?i)\b(?:lpa|ctc|per annum|p\.a\.|package)\b")).is_none())
    {
        return Some(Stated::new(JobKind::Internship, line));
    }
    if expression!(r"(?i)\bnew[- ]?grad|\bfresher|\bgraduate\b|\btrainee\b|\bentry\b|\bentry[- ]level\b|\bapprentice|\bcampus\b|\buniversity grad|\bearly career\b|\bGET\b").is_match(text) {
        return stated(JobKind::NewGraduate);
    }
    let typed = page
        .labelled(expression!(r"^(?:employment |job )?type$|^employment$"))
        .find(|l| l.value.to_lowercase().starts_with("intern"));
    if let Some(line) = typed {
        return Some(Stated::new(JobKind::Internship, line.text));
    }
    let years = advert.experience_min_years.as_ref();
    if let Some(years) = years {
        let kind = if years.value < 1.0 { JobKind::NewGraduate } else { JobKind::Job };
        let junior = expression!(r"(?i)\bfreshers?\b (?:may|can|welcome|with)").is_match(page.text)
            && years.value <= 1.0;
        return Some(Stated::new(if junior { JobKind::NewGraduate } else { kind }, &years.from));
    }
    if let Some(line) = says(expression!(
        r"(?i)\bfreshers?\b|\bnew grad(?:uate)?s?\b|\bcampus (?:hiring|drive|recruitment)\b|\bgraduate programme\b|\brecent graduates?\b|\bentry[- ]level\b"
    )) {
        return Some(Stated::new(JobKind::NewGraduate, line));
    }
    if let Some(batch) = advert.batches.first() {
        return Some(Stated::new(JobKind::NewGraduate, &batch.from));
    }
    if title.is_none()
        && let Some(line) = says(expression!(r"(?i)\binterns?(?:hip)?\b"))
    {
        return Some(Stated::new(JobKind::Internship, line));
    }
    stated(JobKind::Job).or_else(|| page.lines.first().map(|l| Stated::new(JobKind::Job, l.text)))
}
