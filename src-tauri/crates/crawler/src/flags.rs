//! Reasons to look twice at an advert, each in words for the student. A flag never hides an advert by itself.

use chrono::{Datelike, Days, NaiveDate};
use internflow_domain::JobKind;
use serde::{Deserialize, Serialize};

use crate::header::FREE_MAIL;
use crate::page::{Page, expression};
use crate::{Advert, Per, Start, Stated};

/// What is odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlagKind {
    /// The applicant is asked for money.
    Fee,
    /// A certificate is offered instead of pay.
    CertificateOnly,
    /// No employer that can be checked.
    Unverifiable,
    /// A chat app or a web form is the only way to apply.
    ChatOnly,
    /// Pay far beyond what is asked.
    TooGood,
    /// The advert is over.
    Stale,
    /// Calls itself junior and asks for years.
    Senior,
}

/// A flag with its reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flag {
    pub kind: FlagKind,
    /// One sentence for the student.
    pub reason: String,
}

/// Days after which a posting is old.
const OLD_DAYS: u64 = 90;

/// All flags of an advert whose other values are read.
pub(crate) fn flags(page: &Page<'_>, advert: &Advert, today: NaiveDate) -> Vec<Stated<Flag>> {
    [
        fee(page),
        certificate_only(page, advert),
        unverifiable(page, advert),
        chat_only(page),
        too_good(page, advert),
        stale(advert, today),
        senior(page, advert),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn flag(kind: FlagKind, from: &str, reason: String) -> Option<Stated<Flag>> {
    Some(Stated::new(Flag { kind, reason }, from))
}

/// Money that the applicant has to pay.
fn fee(page: &Page<'_>) -> Option<Stated<Flag>> {
    let cue = expression!(
        r"(?i)\b(?:fees?|charges?|deposit(?:ed)?|kits?|registration amount|commitment amount|booking amount|caution money|security (?:amount|money)|processing|enrol?lment amount|bear the cost|investment from your side|you (?:pay|invest)|candidates? (?:pay|bear)|refundable|token amount|to be paid by (?:the )?(?:candidate|student|intern))\b"
    );
    let money = expression!(r"(?i)(?:₹|\bRs\b\.?|\bINR\b|\$|€)\s?\d[\d,]*|\b\d[\d,]*\s?(?:/-|rupees)");
    let denied = expression!(
        r"(?i)\b(?:no|not|never|without|don['’]t|doesn['’]t|do not|does not|nil|free of|zero|nobody|none|pretend\w*|fraud\w*|beware|waived?|neither|nor)\b.{0,60}\b(?:fees?|charges?|deposits?|money|pay|amount|cost|anything)\b|\b(?:fees?|charges?|cost)\b.{0,20}\b(?:nil|none|waived|borne by (?:us|the company)|paid by us|covered|reimbursed)\b"
    );
    let other = expression!(
        r"(?i)\b(?:bond|leave early|repay|reimburs\w*|we (?:pay|cover|bear|provide)|our customers|customers pay|course price|stipend of|hostel|mess|canteen|lunch|transport provided|learners|starter kits? (?:for|sold)|funding|raised|revenue|salary|per transaction|delivery charges|processing of|processed|toll|tuition cent)\b"
    );
    page.sentences().find_map(|sentence| {
        let strong = expression!(r"(?i)\b(?:salary)\b").is_match(sentence)
            && expression!(r"(?i)\b(?:deposit|registration amount|kit|refund|booking|emis?)\b")
                .is_match(sentence);
        if !cue.is_match(sentence)
            || !money.is_match(sentence)
            || denied.is_match(sentence)
                && !expression!(r"(?i)\bnot refundable|non-refundable").is_match(sentence)
            || other.is_match(sentence) && !strong
        {
            return None;
        }
        let amount = money.find(sentence).map_or("", |m| m.as_str()).trim();
        flag(
            FlagKind::Fee,
            sentence,
            format!("Asks you to pay {amount}. Honest employers pay you; they ask for no money."),
        )
    })
}

/// A certificate, letter or badge, and no pay.
fn certificate_only(page: &Page<'_>, advert: &Advert) -> Option<Stated<Flag>> {
    let internship = advert.kind.as_ref().is_some_and(|k| k.value == JobKind::Internship);
    let paid = advert.stipend.is_some() || advert.foreign_pay.is_some() || advert.salary_lpa.is_some();
    let speaks_of_pay = expression!(r"(?i)\bstipend\b|\bperformance[- ]based\b|\bpaid (?:internship|weekly|monthly)\b|\bsalary (?:of|is|:)|\bper month\b|\bpay (?:is|range|scale)\b").is_match(page.text);
    if !internship || paid || speaks_of_pay && advert.unpaid.is_none() {
        return None;
    }
    let offer = expression!(
        r"(?i)\bcertificates?\b|\be-certificates?\b|\bLORs?\b|\bletters? of recommendation\b|\brecommendation letters?\b|\b(?:linkedin|digital) badges?\b"
    );
    let not = expression!(
        r"(?i)\b(?:no certificates?|not (?:give|issue|offer|hand out)|don['’]t (?:give|issue|do|hand)|birth certificate|bring|mark ?sheets?|attach|upload|submit|caste|income certificate|bonafide|certificates? (?:course|programme|required|in original)|ssl|tls|x\.509|candidates with|copies|verification of|fee|charges?:)\b"
    );
    let from = page.sentences().find(|s| offer.is_match(s) && !not.is_match(s))?;
    flag(
        FlagKind::CertificateOnly,
        from,
        "Offers a certificate or letter and names no pay for your work.".to_owned(),
    )
}

/// No employer, or only a free mailbox.
fn unverifiable(page: &Page<'_>, advert: &Advert) -> Option<Stated<Flag>> {
    static MAILBOX: std::sync::OnceLock<regex::Regex> = std::sync::OnceLock::new();
    let mailbox = MAILBOX.get_or_init(|| {
        regex::Regex::new(&format!(r"(?i)[\w.+-]+(?:@|\s?\[at\]\s?|\s?\(at\)\s?){FREE_MAIL}\b"))
            .expect("an expression compiled by the tests")
    });
    if let Some(line) = page.sentences().find(|s| mailbox.is_match(s)) {
        let address = mailbox.find(line).map_or("", |m| m.as_str());
        return flag(
            FlagKind::Unverifiable,
            line,
            format!(
                "The address {address} is a free mailbox that anybody can open; nothing ties it to the firm."
            ),
        );
    }
    let unnamed = expression!(
        r"(?i)\b(?:our|an?|one of our) (?:\w+ ){0,2}client(?:s|'s)?\b[^.]{0,40}\b(?:in|is|looking|hiring|company|,)|\b(?:a|an|one of the|for|with) (?:\w+ )?(?:leading|reputed|top|well[- ]known|renowned|big|esteemed) (?:\w+ ){0,3}(?:mnc|company|firm|organi[sz]ation|multinational|client|brand|bank|startup)\b|\b(?:company|client)(?: name| details)?\b.{0,20}\b(?:will be (?:disclosed|shared|revealed)|confidential|undisclosed|after (?:registration|joining|selection))\b|\bconfidential (?:client|company|employer)\b"
    );
    let customers = expression!(
        r"(?i)\b(?:deployment at|work with|for our clients|customers|we are a|is a (?:leading|top|reputed)|supplier|hiring partners)\b"
    );
    if advert.company.is_none()
        && let Some(line) = page.sentences().find(|s| unnamed.is_match(s) && !customers.is_match(s))
    {
        return flag(
            FlagKind::Unverifiable,
            line,
            "Does not say who the employer is, so nobody can check it.".to_owned(),
        );
    }
    let reachable = site(page.text) || expression!(r"\w@\w").is_match(page.text);
    let title = advert.title.as_ref()?;
    if advert.company.is_none() && !reachable {
        return flag(
            FlagKind::Unverifiable,
            &title.from,
            "Names no employer and no address that could be checked.".to_owned(),
        );
    }
    None
}

/// The text has a web site of its own, not only a form or a chat link. Of the long endings (`.careers`, `.academy`)
/// there are too many to list.
fn site(text: &str) -> bool {
    let address = expression!(
        r"(?i)\b((?:[a-z0-9][a-z0-9-]*\.)+(?:com|in|org|io|co|net|dev|ai|app|edu|tech|gle|me|ly|(?-i:[a-z]{5,18})))\b"
    );
    let other = expression!(
        r"(?i)(?:^|\.)(?:forms\.gle|docs\.google\.com|google\.com|wa\.me|t\.me|whatsapp\.com|chat\.whatsapp\.com|telegram\.me|bit\.ly|tinyurl\.com|linkedin\.com|instagram\.com|node\.js|typeform\.com|gmail\.com|yahoo\.com)$"
    );
    address.captures_iter(text).take(200).any(|c| c.get(1).is_some_and(|m| !other.is_match(m.as_str())))
}

/// Chat or a form is the only way.
fn chat_only(page: &Page<'_>) -> Option<Stated<Flag>> {
    let channel = expression!(
        r"(?i)\b(?:whats ?app|telegram|wa\.me|t\.me|google form|forms\.gle|docs\.google\.com/forms|signal group|discord|instagram dm)\b"
    );
    let refused = expression!(
        r"(?i)\b(?:never|not|don['’]t|do not|no)\b[^.,:;]{0,40}\b(?:whats ?app|telegram)|\b(?:whats ?app|telegram)\b.{0,40}\b(?:never|fraud|fake|scam|not us|may not)\b|\bbots? for\b|\b(?:whats ?app|telegram) (?:business )?(?:api|bot|integration|chatbot|helpline)\b|\bhelpline\b"
    );
    let asked = expression!(
        r"(?i)\b(?:send|apply|application|join|ping|dm|text|message|fill|enrol|contact|write|whats ?app (?:your|karo|us|me|to|on|at|only|:)|start|details|resume|cv|register|form)\b|\+?\d[\d -]{8,}|@\w|="
    );
    let mail = expression!(r"[\w.+-]+@[\w-]+\.\w");
    let house = expression!(
        r"(?i)\b(?:placement (?:cell|office)|cdc|tpo|coordinator|walk[- ]?in|visit (?:us|our)|department|portal|careers? page|apply via our|our board|by post)\b"
    );
    if site(page.text) || mail.is_match(page.text) || house.is_match(page.text) {
        return None;
    }
    let from = page.sentences().find(|s| channel.is_match(s) && !refused.is_match(s) && asked.is_match(s))?;
    let name = channel.find(from).map_or("a chat app", |m| m.as_str());
    flag(
        FlagKind::ChatOnly,
        from,
        format!("The only way to apply is {name}; there is no mail address or web site of the employer."),
    )
}

/// High pay and next to nothing asked.
fn too_good(page: &Page<'_>, advert: &Advert) -> Option<Stated<Flag>> {
    let easy = [
        expression!(
            r"(?i)\b(?:no|without)(?: \w+){0,3}? interviews?\b|\bno (?:coding|technical)(?: test)?\b"
        ),
        expression!(
            r"(?i)\bno (?:\w+ )?(?:skills?|experience|knowledge|qualification)s?\b(?: (?:is )?(?:needed|required))?|\bskills? not (?:needed|required)"
        ),
        expression!(
            r"(?i)\b(?:all|everyone|everybody) (?:is |are )?selected\b|\b(?:guaranteed|direct|100 ?%|sure[- ]shot|assured) (?:selection|job|joining|income)|\boffer letter (?:on the )?same day\b|\bspot (?:selection|offer)"
        ),
        expression!(
            r"(?i)\b(?:\d+|one|two|half an?|1-2|an)(?:\s?(?:-|to)\s?\d+)? (?:hours?|hrs?|minutes?|mins?) (?:a day|daily|per day|every day|only)\b"
        ),
        expression!(
            r"(?i)\bdouble your (?:income|money)|\bearn (?:up ?to )?₹|\b(?:mobile|phone) is enough\b|\bfrom your bed\b|\bfly this week\b|\bpassive income\b|\bdaily payout|\bpaid daily\b"
        ),
    ];
    let monthly = advert.stipend.as_ref().and_then(|s| s.value.max.or(s.value.min)).unwrap_or(0.0);
    let yearly = advert.salary_lpa.as_ref().and_then(|s| s.value.max.or(s.value.min)).unwrap_or(0.0);
    let foreign = advert.foreign_pay.as_ref().is_some_and(|p| {
        let top = p.value.amount.max.or(p.value.amount.min).unwrap_or(0.0);
        p.value.per == Per::Month && top >= 4_000.0
            || p.value.per == Per::Year && top >= 50_000.0
            || p.value.per == Per::Hour && top >= 40.0
    });
    if monthly < 30_000.0 && yearly < 10.0 && !foreign {
        return None;
    }
    let denied = expression!(
        r"(?i)\b(?:there is|we (?:promise|offer)) no guarantee|\bnot? (?:an? )?(?:experience|interview)s? (?:round|is short)"
    );
    let signs: Vec<&str> =
        easy.iter().filter_map(|e| page.sentences().find(|s| e.is_match(s) && !denied.is_match(s))).collect();
    let enough = signs.len() >= 2
        || signs.len() == 1
            && advert.skills_required.is_empty()
            && advert.degrees.iter().any(|d| d.value == "Any degree");
    let pay = advert
        .stipend
        .as_ref()
        .map(|s| &s.from)
        .or(advert.salary_lpa.as_ref().map(|s| &s.from))
        .or(advert.foreign_pay.as_ref().map(|s| &s.from))?;
    if !enough {
        return None;
    }
    let said = signs.first().copied().unwrap_or("");
    flag(
        FlagKind::TooGood,
        if said.is_empty() { pay } else { said },
        "Promises high pay and asks for next to nothing: no selection, no skills or an hour a day."
            .to_owned(),
    )
}

/// The advert is over, by its own dates.
fn stale(advert: &Advert, today: NaiveDate) -> Option<Stated<Flag>> {
    if let Some(deadline) = advert.deadline.as_ref().filter(|d| d.value < today) {
        return flag(
            FlagKind::Stale,
            &deadline.from,
            format!("The last day to apply was {}.", deadline.value),
        );
    }
    if let Some(Stated { value: Start::Month { year, month }, from }) = &advert.start
        && (*year, *month) < (today.year(), today.month())
    {
        return flag(FlagKind::Stale, from, format!("The work was to begin in {year}-{month:02}."));
    }
    let posted = advert.posted.as_ref()?;
    let oldest = today.checked_sub_days(Days::new(OLD_DAYS))?;
    if posted.value < oldest {
        return flag(
            FlagKind::Stale,
            &posted.from,
            format!("Posted on {}, more than {OLD_DAYS} days ago.", posted.value),
        );
    }
    None
}

/// Junior by name, senior by what it asks.
fn senior(page: &Page<'_>, advert: &Advert) -> Option<Stated<Flag>> {
    let years = advert.experience_min_years.as_ref().filter(|y| y.value >= 3.0)?;
    let title = advert.title.as_ref().map_or("", |t| t.value.as_str());
    let junior = expression!(
        r"(?i)\b(?:interns?|internship|trainee|freshers?|apprentice|junior|jr|entry[- ]level|new[- ]grad(?:uate)?|graduate)\b"
    );
    let called = junior.is_match(title)
        || page.sentences().any(|s| expression!(r"(?i)\bthis (?:internship|entry[- ]level|junior|fresher)|\bfreshers? (?:may|can|welcome|with)\b|\bentry[- ]level (?:role|position|job)\b").is_match(s));
    called.then(|| {
        flag(
            FlagKind::Senior,
            &years.from,
            format!("Calls itself a beginner's job and asks for {} years of experience.", years.value),
        )
    })?
}
