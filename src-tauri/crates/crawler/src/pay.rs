//! What is paid: a stipend, a salary, foreign pay, nothing; and whether an offer follows the internship.
//!
//! An amount counts only with a period ("per month", "LPA") or behind a label that asks for it, and only when the
//! words around it do not speak of other money: fees, funding, rents, what customers earn or pay.

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::page::{Line, Page, expression, first, last, sentences};
use crate::{Advert, Ppo, Stated};

/// From `min` to `max`; one amount is both, "up to" has no `min`, "from" no `max`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Range {
    pub min: Option<f64>,
    pub max: Option<f64>,
}

/// What an amount is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    Hour,
    Month,
    Year,
}

/// Pay in another currency than ₹, amounts as stated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForeignPay {
    /// ISO 4217 code.
    pub currency: String,
    pub amount: Range,
    pub per: Per,
}

/// One amount found in a text.
struct Amount {
    currency: String,
    range: Range,
    period: Option<Period>,
    /// The word "stipend" stands right before it.
    named: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Period {
    Hour,
    Week,
    Month,
    Year,
    /// Lakh ₹ a year.
    Lpa,
    /// For the whole internship.
    Once,
}

fn amount_expression() -> &'static Regex {
    static COMPILED: std::sync::OnceLock<Regex> = std::sync::OnceLock::new();
    COMPILED.get_or_init(|| {
        let money = r"(₹|Rs\b\.?|INR\b|US\$|S\$|CA\$|C\$|A\$|HK\$|\$|€|£|USD\b|EUR\b|GBP\b|SGD\b|CAD\b|AUD\b|AED\b|CHF\b|JPY\b|¥)?";
        let number = r"(\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s?(k\b|thousand\b|l\b|lakhs?\b|lacs?\b|lpa\b|cr\b|crores?\b|m\b|mn\b|million\b)?";
        let tail = r"\+?(?:\s?/-|\s?(?:INR|rupees|USD|EUR|GBP|SGD|CAD|AED|Rs)\b)?(?:\s?\([^)]{0,60}\))?";
        let adverb = r"(?:\s?(?:gross|net|fixed|in hand|stipend|tax[- ]free|fix|base|total|in total))?(?:\s?salary)?";
        let period = r"\s?[,]?\s?(lpa\b|l\.p\.a\.?|(?:lakhs?|lacs?)?\s?(?:per annum|p\.?\s?a\b\.?|/\s?annum|an(?:nually|num)\b)|/\s?-?\s?(?:month|mo\b|mth|hour|hr\b|year|yr\b|week|wk\b)|(?:per|a|each|every)\s(?:calendar )?(?:month|hour|year|week|annum)|p\.m\b\.?|pm\b|monthly|hourly|yearly|weekly|pcm\b)?";
        Regex::new(&format!(
            r"(?i){money}\s?{number}{tail}(?:\s?(?:-|–|—|to|and)\s?{money}\s?{number}{tail})?{adverb}{period}"
        ))
        .expect("an expression compiled by the tests")
    })
}

fn currency_of(sign: &str) -> &'static str {
    match sign.to_uppercase().trim_end_matches('.') {
        "₹" | "RS" | "INR" => "INR",
        "$" | "US$" | "USD" => "USD",
        "S$" | "SGD" => "SGD",
        "CA$" | "C$" | "CAD" => "CAD",
        "A$" | "AUD" => "AUD",
        "HK$" => "HKD",
        "€" | "EUR" => "EUR",
        "£" | "GBP" => "GBP",
        "AED" => "AED",
        "CHF" => "CHF",
        "¥" | "JPY" => "JPY",
        _ => "",
    }
}

fn period_of(text: &str) -> Option<Period> {
    let text = text.to_lowercase().replace([' ', '.'], "");
    let has = |what: &[&str]| what.iter().any(|w| text.contains(w));
    if has(&["lpa", "lakh", "lac"]) {
        Some(Period::Lpa)
    } else if has(&["hour", "hr"]) {
        Some(Period::Hour)
    } else if has(&["week", "wk"]) {
        Some(Period::Week)
    } else if has(&["mo", "mth", "pm", "pcm"]) {
        Some(Period::Month)
    } else if has(&["year", "yr", "annum", "annual", "pa"]) {
        Some(Period::Year)
    } else {
        None
    }
}

/// The words around an amount speak of other money than pay.
fn other_money(before: &str, after: &str) -> bool {
    let near = expression!(
        r"(?i)\b(?:fees?|charges?|emis?|deposit|course|price[ds]?|cost[s]?|rent|order value|raised|funding|fund(?:ed)?|seed|series|revenue|turnover|budget|cover(?:age)?|insurance|repay|penalty|bond|booking|pay (?:us|a|rs)|learners|alumni|students? (?:went|earn|got)|customers|placed at|went on to|average package|highest package|kit|joining bonus|bonus|incentives?|allowance|reimburs\w*|stocks?|esops?|grant|prize|hostel|mess|accommodation|not this internship|full-time engineers|worth|bills?|processed|gmv|arr|valuation|ticket|market|salary of customers|savings?|scholarships?|travel|relocation|referral|laptop)\b"
    );
    let behind = expression!(
        r"(?i)^\W{0,3}(?:cr\b|crores?|average|order|per (?:shop|sale|user|order|seat|day of)|in (?:seed|funding|revenue)|raised|fees?|deposit|bonus|allowance|joining bonus|as booking|budget|towards|for (?:food|travel|accommodation))"
    );
    near.is_match(before) || behind.is_match(after)
}

/// Amounts of a piece of text that are pay, as far as the words tell.
fn amounts(text: &str) -> Vec<Amount> {
    let mut found = Vec::new();
    for c in amount_expression().captures_iter(text) {
        let Some(all) = c.get(0) else { continue };
        let group = |n: usize| c.get(n).map_or("", |m| m.as_str());
        let start = c.get(1).or_else(|| c.get(2)).map_or(all.start(), |m| m.start());
        let before = last(&text[..start], 200);
        let after = first(&text[all.end()..], 80);
        let glued = before
            .chars()
            .next_back()
            .is_some_and(|b| b.is_alphanumeric() || matches!(b, '.' | '-' | '@' | '+'));
        if glued && group(1).is_empty() || other_money(before, after) {
            continue;
        }
        let currency =
            [group(1), group(4)].map(currency_of).into_iter().find(|c| !c.is_empty()).unwrap_or("");
        let written = expression!(r"(?i)\b(USD|EUR|GBP|SGD|CAD|AED|INR|rupees|Rs)\b")
            .find(all.as_str())
            .map_or("", |m| m.as_str());
        let currency = match (currency, written.to_lowercase().as_str()) {
            ("", "rupees") => "INR",
            ("", written) => currency_of(written),
            (known, _) => known,
        };
        let unit = [group(6), group(3)]
            .map(str::to_lowercase)
            .into_iter()
            .find(|u| !u.is_empty())
            .unwrap_or_default();
        if unit.starts_with("cr") || unit.starts_with("m") {
            continue;
        }
        let mut period = if unit == "lpa" { Some(Period::Lpa) } else { period_of(group(7)) };
        let lakh = unit.starts_with('l') && unit != "lpa";
        if lakh && period == Some(Period::Year) || unit.starts_with("la") && period == Some(Period::Lpa) {
            period = Some(Period::Lpa);
        }
        let scale = |own: &str| match (own.to_lowercase().as_str(), unit.as_str()) {
            ("k" | "thousand", _) | ("", "k" | "thousand") => 1_000.0,
            (l, u)
                if (l.starts_with('l') && l != "lpa" || u.starts_with('l') && u != "lpa")
                    && period != Some(Period::Lpa) =>
            {
                100_000.0
            }
            _ => 1.0,
        };
        let value = |n: usize, own: usize| {
            let parsed = group(n).replace(',', "").parse::<f64>().ok()?;
            Some(parsed * scale(group(own)))
        };
        let Some(least) = value(2, 3) else { continue };
        let mut range = Range { min: Some(least), max: Some(value(5, 6).unwrap_or(least)) };
        // "₹8,000 - 3 months": the second number belongs to something else.
        if range.max < range.min {
            range.max = range.min;
        }
        if c.get(5).is_none() {
            if expression!(r"(?i)\b(?:up ?to|max(?:imum)?(?: of)?|not exceeding)\W{0,3}$").is_match(before) {
                range.min = None;
            } else if expression!(r"(?i)\b(?:starting (?:from|at)|from|min(?:imum)?(?: of)?|at least|starts (?:at|from))\W{0,3}$").is_match(before)
                || expression!(r"(?i)^\s?(?:\+(?:$|\))|onwards|and above|or more)").is_match(after)
                || c.get(2).is_some_and(|m| text[m.end()..].starts_with('+') && !text[m.end()..].starts_with("+ "))
            {
                range.max = None;
            }
        }
        let named =
            expression!(r"(?i)\bstipend\W{0,4}(?:(?:of|is|will be|up ?to|from)\W{0,3})?$").is_match(before);
        found.push(Amount { currency: currency.to_owned(), range, period, named });
    }
    found
}

fn scaled(range: Range, by: f64) -> Range {
    // Pay is told in whole rupees, or in hundredths of a lakh.
    let times = |n: f64| (n * by * 1000.0).round() / 1000.0;
    Range { min: range.min.map(times), max: range.max.map(times) }
}

/// Fills stipend, salary and foreign pay.
pub(crate) fn read(page: &Page<'_>, internship: bool, advert: &mut Advert) {
    let months = advert.duration_months.as_ref().and_then(|d| d.value.min);
    let label = expression!(
        r"^\W*(?:.*\b)?(?:stipend|salary|pay|compensation|remuneration|ctc|package|fellowship|emoluments?|how much|what you get|money|offer|payscale|pay range|earnings)\b"
    );
    let mut stipend_by_label = false;
    // What a trainee gets before the job is not its salary.
    let training = expression!(
        r"(?i)\bstipend\b|\bduring (?:the )?(?:internship|training|probation)\b|\btraining period\b"
    );
    for line in &page.lines {
        let labelled = !line.label.is_empty() && label.is_match(&line.label);
        for sentence in sentences(line.text) {
            if expression!(r"(?i)\bnot this internship\b|\bcourse price\b|\bwent on to\b|\bperformance[- ]based\b.{0,20}(?:up ?to)").is_match(sentence) {
                continue;
            }
            for part in expression!(r"\s?[•♦✦;|▪]\s?|\s·\s").split(sentence) {
                for amount in amounts(part) {
                    let lump = expression!(r"(?i)\b(?:lump[- ]?sum|for the (?:whole|entire|full|complete)|one[- ]time|in all|total for|total stipend|consolidated stipend for|paid at the end|on completion)\b").is_match(part);
                    let period =
                        amount.period.or_else(|| implied(part, labelled, lump, &amount, internship, line));
                    let Some(period) = period else { continue };
                    let Some(top) = amount.range.max.or(amount.range.min) else { continue };
                    if !matches!(amount.currency.as_str(), "" | "INR") {
                        let per = match period {
                            Period::Hour => Per::Hour,
                            Period::Month => Per::Month,
                            Period::Year => Per::Year,
                            _ => continue,
                        };
                        if advert.foreign_pay.is_none() && top >= 5.0 {
                            let pay = ForeignPay { currency: amount.currency, amount: amount.range, per };
                            advert.foreign_pay = Some(Stated::new(pay, sentence));
                        }
                        continue;
                    }
                    let lpa = match period {
                        Period::Lpa => Some(amount.range),
                        Period::Year if top >= 50_000.0 => Some(scaled(amount.range, 1e-5)),
                        Period::Year if top < 200.0 && amount.currency == "INR" => None,
                        Period::Month if !internship && top >= 3_000.0 && !training.is_match(sentence) => {
                            Some(scaled(amount.range, 12e-5))
                        }
                        _ => None,
                    };
                    if let Some(lpa) = lpa {
                        let top = lpa.max.or(lpa.min).unwrap_or(0.0);
                        if advert.salary_lpa.is_none() && (0.5..=200.0).contains(&top) {
                            advert.salary_lpa = Some(Stated::new(lpa, sentence));
                        }
                        continue;
                    }
                    let monthly = match period {
                        Period::Month => Some(amount.range),
                        Period::Week => Some(scaled(amount.range, 52.0 / 12.0)),
                        Period::Once => months.filter(|m| *m > 0.0).map(|m| scaled(amount.range, 1.0 / m)),
                        _ => None,
                    };
                    let Some(monthly) = monthly.filter(|_| internship) else { continue };
                    let said = labelled || sentence.to_lowercase().contains("stipend");
                    let top = monthly.max.or(monthly.min).unwrap_or(0.0);
                    // What is called a stipend is worth more than another amount a month.
                    if (500.0..=1_000_000.0).contains(&top)
                        && (advert.stipend.is_none() || said && !stipend_by_label)
                    {
                        stipend_by_label = said;
                        advert.stipend = Some(Stated::new(monthly, sentence));
                    }
                }
            }
        }
    }
    if advert.foreign_pay.is_some() {
        // Also a foreign advert may tell what its pay is worth in rupees.
        advert.stipend = None;
        advert.salary_lpa = None;
    }
    if advert.unpaid.is_some() {
        advert.stipend = None;
    }
}

/// The period of an amount that has none beside it.
fn implied(
    part: &str,
    labelled: bool,
    lump: bool,
    amount: &Amount,
    internship: bool,
    line: &Line<'_>,
) -> Option<Period> {
    let top = amount.range.max.or(amount.range.min)?;
    let rupees = amount.currency == "INR";
    let stipend = line.label.contains("stipend")
        || part.to_lowercase().contains("stipend")
        || line.label.contains("fellowship");
    if lump && (stipend || rupees && part.to_lowercase().contains("lump")) && top >= 1_000.0 {
        return Some(Period::Once);
    }
    if expression!(r"(?i)\b(?:per month|monthly|a month|p\.m\.|each month)\b").is_match(part)
        && (rupees || top >= 1_000.0 && stipend)
    {
        return Some(Period::Month);
    }
    if expression!(r"(?i)\b(?:per week|weekly)\b").is_match(part) && rupees && stipend {
        return Some(Period::Week);
    }
    if (labelled && stipend || amount.named)
        && internship
        && (2_000.0..=300_000.0).contains(&top)
        && (rupees || part.len() < 45)
    {
        return Some(Period::Month);
    }
    let yearly = expression!(r"(?i)\b(?:per annum|p\.a\.|ctc|annual|per year)\b").is_match(part);
    if (labelled && rupees || yearly) && top >= 100_000.0 && !internship {
        return Some(Period::Year);
    }
    None
}

/// The advert says that nothing is paid. Silence says nothing.
pub(crate) fn unpaid(page: &Page<'_>) -> Option<Stated<bool>> {
    let cue = expression!(
        r"(?i)\bunpaid\b|\b(?:no|without(?: any)?|zero|nil)[- ](?:stipend|remuneration|pay|salary|monetary|financial compensation)\b|\bstipend\s?[:–=-]\s?(?:nil|n\.?a\.?\b|none|no\b|zero|0\b|₹ ?0\b|unpaid|not (?:paid|applicable|provided))|\b(?:not (?:a )?paid (?:internship|position|role)|does not carry (?:a|any) stipend|stipend is not (?:paid|provided|offered))\b"
    );
    let not = expression!(
        r"(?i)\b(?:unpaid leaves?|never unpaid|not unpaid|no unpaid|unpaid (?:overtime|internships are|bills?|invoices?|trial)|(?:we )?(?:don['’]t|do not) (?:do|offer|believe in) unpaid|nobody .{0,20}unpaid)\b|no pay(?:ment)? (?:is|to)|no salary (?:bar|cap|negotiation)"
    );
    let line = page.sentences().find(|s| cue.is_match(s) && !not.is_match(s))?;
    Some(Stated::new(true, line))
}

/// An offer after the internship.
pub(crate) fn ppo(page: &Page<'_>) -> Option<Stated<Ppo>> {
    let cue = expression!(
        r"(?i)\bPPOs?\b|\bpre-?placement offers?\b|\b(?:full[- ]time|permanent|return|job|fte) (?:offers?|employment offer|roles? (?:offer|after)|position)\b|\breceived? an offer\b|\bends? in an offer\b|\bconver(?:t|ts|ted|sion)\b.{0,30}\b(?:full|fte|permanent|ctc|lpa|offer|analyst|programme|role|job)|\binterns who convert\b|\babsorb(?:ed|tion)\b|\boffered? (?:a )?(?:full[- ]time|permanent)\b|\b(?:may|can|could) (?:be|lead to|turn into|become) (?:a |an )?(?:absorbed|full[- ]time|permanent|job offer)"
    );
    let no = expression!(
        r"(?i)\b(?:no|not|without|never|nor|doesn['’]t|does not|cannot|isn['’]t)\b[^.;:]{0,25}\b(?:PPO|pre-?placement|full[- ]time|permanent|job offer|conver|offer|absor)|\bPPO\b\s?[?:–-]?\s?(?:is there a PPO\?)?\s?(?:no|nil|none|n\.?a\.?|not)\b|\bPPO\b[^.]{0,30}\b(?:is not|not offered|is ruled out)\b"
    );
    let partners = expression!(
        r"(?i)\b(?:partner|hiring partners|placement assistance|other companies|client companies|full[- ]time (?:positions?|roles?|employment) (?:are|only|open))\b"
    );
    let promised = expression!(
        r"(?i)\b(?:for (?:all|every|each)\b.{0,40}\b(?:complete|finish)|all (?:interns|who)|every (?:intern|one who)|everyone who|confirmed|guaranteed?|assured|part of (?:your|the) (?:internship|offer|appointment) letter|who(?:ever)? (?:complete|finish)\w*|comes with a PPO|on (?:successful )?completion|will be (?:absorbed|converted|made|given|offered))"
    );
    let depends = expression!(
        r"(?i)\b(?:may|might|could|possible|possibility|depend\w*|perform\w*|based|subject|chance|opportunity|good|best|top|consider\w*|if|deserving|merit|well|eligible for)\b"
    );
    page.sentences().find_map(|sentence| {
        if !cue.is_match(sentence) || no.is_match(sentence) || partners.is_match(sentence) {
            return None;
        }
        let all = promised.is_match(sentence)
            && (!depends.is_match(sentence) || sentence.to_lowercase().contains("for all"));
        Some(Stated::new(if all { Ppo::Promised } else { Ppo::Possible }, sentence))
    })
}
