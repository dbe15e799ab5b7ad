//! The gate between the model's words and the résumé: what is not in the facts does not pass.

use internflow_code::technologies_in;
use internflow_domain::Fact;

const MIN_WORDS: usize = 8;
pub(crate) const MAX_WORDS: usize = 30;

/// Outcomes, qualities and crowds that no count of ours can prove, one by one as they are written. A bullet with one of
/// them is refused, unless a fact has the word.
const UNPROVABLE: &str = "
    best top cutting edge world class state-of-the-art robust seamless seamlessly innovative revolutionary unique perfect
    perfectly flawless intelligent smart cutting-edge leveraged leveraging spearheaded led lead leading managed mentored
    supervised directed headed owned award awards winning won prize medal gold ranked rank topper million millions billion
    billions thousands hundreds lakhs crores users customers clients visitors subscribers downloads stars revenue profit
    sales growth salary faster fastest scalable scalability efficient efficiency performance latency throughput uptime
    downtime optimized optimised improved improving increased decreased reduced enhanced enhancing boosted accelerated
    largest biggest smallest highest lowest greatest finest strongest smartest simplest easiest cleanest safest quickest most
    secure securely reliable reliably fast quickly rapid rapidly powerful advanced modern sophisticated comprehensive
    effective effectively successful smooth smoothly elegant high-quality high-performance user-friendly
    reduces improves increases decreases enhances boosts accelerates optimizes optimises speeds doubles eliminates guarantees
    beautiful awesome blazing amazing excellent great perfected important battle-tested industry-standard worldwide renowned
    doubled tripled halved saved eliminated guaranteed secured production enterprise deployed launched critical team
    expert expertise significantly highly successfully popular viral famous trusted adopted dollars rupees percent
";

/// What somebody is, has been, or has worked for. No repository proves it, so no fact allows it either.
const BOASTS: &str = "
    senior principal chief ceo cto cfo founder cofounder founding founded startup director president vp manager architect distinguished
    professor phd doctorate gold-medalist medallist winner champion genius guru ninja rockstar veteran certified
    intern internship interned employed employee employer hired promoted promotion faang maang
    google microsoft amazon meta facebook apple netflix tesla openai anthropic nvidia infosys tcs wipro accenture deloitte
    flipkart zomato swiggy uber paytm razorpay goldman sachs nasa isro stanford harvard mit iit iisc
";

/// Words about a person, by which a name in a repository is known to be a sentence about one.
const PERSONS: &str = "
    senior principal chief ceo cto cfo founder cofounder director president vp manager architect engineer engineers
    developer expert professor phd genius guru ninja rockstar winner champion intern internship employed employee hired
    promoted award winning won medal prize ranked topper certified graduated best ignore instructions
";

/// More of them, which are good names all the same.
const HONOURS: &str =
    "maintainer creator inventor patent patented thesis honours honors distinction scholarship scholar";

/// What students build things for. In the name of a project these are its subject.
const SUBJECTS: &str = "
    manager employee employees intern internship performance sales users customers clients visitors subscribers downloads
    stars revenue profit growth salary smart intelligent fast modern secure team award awards enterprise production
";

/// Words of a name that is a name; more are a sentence.
const MOST_PARTS: usize = 4;
const MOST_PROJECT_PARTS: usize = 6;
/// From so many on, one that no count can prove makes it a sentence: `made_it_faster`, not `users`.
const CLAIM_PARTS: usize = 3;

/// Fields that a résumé likes to be of. One that is in no fact is claimed.
const FIELDS: &[&str] = &[
    "machine learning",
    "deep learning",
    "artificial intelligence",
    "neural network",
    "neural networks",
    "computer vision",
    "natural language",
    "data science",
    "big data",
    "blockchain",
    "jwt",
    "oauth",
    "graphql",
    "grpc",
    "websocket",
    "websockets",
    "internet of things",
    "cloud",
    "ai",
    "ml",
    "nlp",
    "iot",
    "llm",
    "llms",
];

/// Capitals that are in every program and claim nothing.
const EVERYDAY: &str = "API APIs CLI UI HTTP JSON CSV HTML URL URLs ID IDs CI";

const FIRST_PERSON: &[&str] = &["i", "me", "my", "mine", "we", "our", "us"];

/// Why the bullet may not be shown, or `None` when everything it says is in the facts.
pub(crate) fn refuse(bullet: &str, facts: &[Fact]) -> Option<String> {
    let words = words(bullet).len();
    if !(MIN_WORDS..=MAX_WORDS).contains(&words) {
        return Some(format!("it has {words} words, not {MIN_WORDS} to {MAX_WORDS}"));
    }
    refuse_part(bullet, facts)
}

/// The same for a part of a sentence, however long.
pub(crate) fn refuse_part(text: &str, facts: &[Fact]) -> Option<String> {
    let facts_text = facts.iter().map(|fact| fact.text.as_str()).collect::<Vec<_>>().join("; ");
    if let Some(sign) = text.chars().find(|c| is_odd(*c) && !facts_text.contains(*c)) {
        return Some(format!("it has the sign U+{:04X}, which is not in the facts", sign as u32));
    }
    if let Some(word) = words(text).iter().find(|word| FIRST_PERSON.contains(&word.as_str())) {
        return Some(format!("it says “{word}”"));
    }
    unproven(text, facts)
}

/// A word about a person, where a piece of work is spoken of.
pub(crate) fn about_a_person(text: &str, facts: &[Fact]) -> Option<String> {
    let words = words(text);
    let own = own_name(&words, facts);
    let is_one = |word: &str| parts_of(word).any(|part| is_among(PERSONS, part) || is_among(HONOURS, part));
    let mut others = words.iter().enumerate().filter(|(at, _)| !own.contains(at)).map(|(_, word)| word);
    others.find(|word| is_one(word)).cloned()
}

/// What a text claims that is not in the facts: a number, a technology, or a word that no count can prove.
pub(crate) fn unproven(text: &str, facts: &[Fact]) -> Option<String> {
    let words: Vec<String> = words(text);
    let facts_text = facts.iter().map(|fact| fact.text.as_str()).collect::<Vec<_>>().join("; ");
    let fact_words = self::words(&facts_text);
    let unproven = |word: &str| {
        is_among(BOASTS, word) || is_among(UNPROVABLE, word) && !fact_words.iter().any(|known| known == word)
    };
    let own = own_name(&words, facts);
    let others = words.iter().enumerate().filter(|(at, _)| !own.contains(at)).map(|(_, word)| word.as_str());
    if let Some(word) = others.flat_map(parts_of).find(|&word| unproven(word)) {
        return Some(format!("nothing proves “{word}”"));
    }
    let proven = numbers(&facts_text);
    if let Some(number) = numbers(text).into_iter().find(|number| !proven.contains(number)) {
        return Some(format!("the number {number} is not in the facts"));
    }
    let counted = counts(&facts_text);
    let proves = |(number, nouns): &(String, Vec<String>)| {
        counted.iter().any(|(other, of)| other == number && nouns.iter().any(|noun| of.contains(noun)))
    };
    if let Some((number, nouns)) = counts(text).into_iter().find(|count| !proves(count)) {
        return Some(format!("no fact counts {number} {}s", nouns[0]));
    }
    if text.contains('%') && !facts_text.contains('%') {
        return Some("no fact is a percentage".to_owned());
    }
    let spaced = |words: &[String]| {
        format!(" {} ", words.iter().flat_map(|word| parts_of(word)).collect::<Vec<_>>().join(" "))
    };
    let (said, proven) = (spaced(&words), spaced(&fact_words));
    let claims = |field: &&&str| {
        let field = format!(" {field} ");
        said.contains(&field) && !proven.contains(&field)
    };
    if let Some(field) = FIELDS.iter().find(claims) {
        return Some(format!("no fact speaks of {field}"));
    }
    let known = technologies_in(&facts_text);
    if let Some(name) = technologies_in(text).into_iter().find(|name| !known.contains(name)) {
        return Some(format!("{name} is not in the facts"));
    }
    let known: Vec<&str> = fact_words.iter().flat_map(|word| parts_of(word)).collect();
    let is_known = |name: &str| {
        let lower = name.to_lowercase();
        known.contains(&lower.as_str())
            || parts_of(&lower).skip(1).all(|part| part.is_empty() || known.contains(&part))
    };
    if let Some(name) = names(text).find(|name| !is_known(name)) {
        return Some(format!("“{name}” is not in the facts"));
    }
    None
}

/// A word as it is, then what it is put together of.
fn parts_of(word: &str) -> impl Iterator<Item = &str> {
    std::iter::once(word).chain(word.split(['-', '/', '_', '.', ',', ':', '(', ')']))
}

/// Which words of a text are the name of the project, however it is put together: "task manager" for `task-manager`. A
/// project may be called what nobody may call themselves.
fn own_name(words: &[String], facts: &[Fact]) -> Vec<usize> {
    let split = |text: &str| -> Vec<String> {
        let parts = internflow_code::split_words(text).to_lowercase();
        parts.split_whitespace().map(str::to_owned).collect()
    };
    let mut own = Vec::new();
    for name in facts.iter().filter_map(|fact| fact.text.strip_prefix("project ")) {
        let name = split(name);
        let parts: Vec<(usize, String)> = words
            .iter()
            .enumerate()
            .flat_map(|(at, word)| {
                split(&word.replace(['-', '/', '.'], " ")).into_iter().map(move |part| (at, part))
            })
            .collect();
        for run in parts.windows(name.len().max(1)) {
            if run.iter().map(|(_, part)| part).eq(&name) {
                own.extend(run.iter().map(|(at, _)| *at));
            }
        }
    }
    own
}

/// Numbers with the things behind them that are counted here: `(2, [bug, fix])` for "2 bug fixes". Numbers without any
/// are left out.
fn counts(text: &str) -> Vec<(String, Vec<String>)> {
    const COUNTED: &str = "commit line test file endpoint command screen model migration fix bug module function class job page";
    /// Words behind a number that may say of what: "12 automated tests", "3 data models".
    const BEHIND: usize = 3;
    let words = words(&text.replace(',', ""));
    let noun = |word: &String| {
        let one =
            ["es", "s"].iter().filter_map(|end| word.strip_suffix(end)).find(|one| is_among(COUNTED, one));
        one.unwrap_or(word).to_owned()
    };
    let is_number = |word: &&String| word.bytes().all(|byte| byte.is_ascii_digit());
    let behind = |at: usize| {
        let after = words[at + 1..].iter().take(BEHIND).take_while(|word| !is_number(word));
        after.map(noun).filter(|word| is_among(COUNTED, word)).collect::<Vec<_>>()
    };
    let numbers = words.iter().enumerate().filter(|(_, word)| is_number(word));
    numbers.map(|(at, number)| (number.clone(), behind(at))).filter(|(_, nouns)| !nouns.is_empty()).collect()
}

/// Whether a name in a repository (of a file, a function, a page) says something about a person, or is a sentence:
/// whoever named it may have meant it for the résumé. Such a name is left out of bullets.
pub(crate) fn speaks(name: &str) -> bool {
    says(name, MOST_PARTS, "")
}

/// The same for what a project is called, which is made for people: `task-manager`, `student-performance-prediction`.
pub(crate) fn project_speaks(name: &str) -> bool {
    says(name, MOST_PROJECT_PARTS, SUBJECTS)
}

fn says(name: &str, most: usize, subjects: &str) -> bool {
    let is_sentence = |part: &str| {
        let split = internflow_code::split_words(part).to_lowercase();
        let telling = || split.split_whitespace().filter(|word| !is_among(subjects, word));
        let claims =
            || telling().any(|word| [BOASTS, UNPROVABLE, HONOURS].iter().any(|list| is_among(list, word)));
        let count = parts(part);
        count > most || count >= CLAIM_PARTS && claims() || telling().any(|word| is_among(PERSONS, word))
    };
    name.chars().any(is_odd) || name.split('/').any(is_sentence)
}

/// Words of a name: `made_it_faster` and `madeItFaster` have three.
fn parts(name: &str) -> usize {
    let mut before = ' ';
    let mut count = 0;
    for c in name.chars() {
        let begins =
            c.is_alphanumeric() && (!before.is_alphanumeric() || c.is_uppercase() && before.is_lowercase());
        count += usize::from(begins);
        before = c;
    }
    count
}

/// What is written with a capital within a sentence, or is an address.
fn names(bullet: &str) -> impl Iterator<Item = &str> {
    let bare = |word: &'_ str| -> std::ops::Range<usize> {
        let start = word.find(char::is_alphanumeric).unwrap_or(word.len());
        let end = word
            .rfind(char::is_alphanumeric)
            .map_or(start, |at| at + word[at..].chars().next().map_or(1, char::len_utf8));
        start..end.max(start)
    };
    bullet.split_whitespace().enumerate().filter_map(move |(at, word)| {
        let address = word.contains("://") || word.contains('@') || word.to_lowercase().contains("www.");
        let name = &word[bare(word)];
        let name = name.strip_suffix("'s").or_else(|| name.strip_suffix("’s")).unwrap_or(name);
        let capital = at > 0 && name.chars().any(char::is_uppercase);
        let everyday = EVERYDAY.split_whitespace().any(|known| known == name);
        (address || capital && !everyday).then_some(name)
    })
}

/// Hidden signs, and letters of another script than Latin: they look like others and are not.
fn is_odd(c: char) -> bool {
    let hidden = matches!(
        c,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
    );
    hidden || c.is_control() || c.is_alphabetic() && c > '\u{24F}'
}

fn is_among(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

fn words(text: &str) -> Vec<String> {
    let bare = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).map(str::to_owned).unwrap_or(word)
    };
    text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect()
}

/// Numbers in digits and in words, thousands separators removed: `1,240` and `1240` are one number.
fn numbers(text: &str) -> Vec<String> {
    /// Words that multiply or part, which no count of ours is written in.
    const OTHERS: &str = "dozen dozens hundred thousand lakh crore half twice double triple thirty forty fifty sixty seventy eighty ninety";
    const WORDS: [&str; 19] = [
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    let mut found = Vec::new();
    let mut digits = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let inner =
            matches!(c, ',' | '.') && !digits.is_empty() && chars.peek().is_some_and(char::is_ascii_digit);
        if c.is_ascii_digit() || (inner && c == '.') {
            digits.push(c);
        } else if !inner && !digits.is_empty() {
            found.push(std::mem::take(&mut digits));
        }
    }
    found.extend((!digits.is_empty()).then_some(digits));
    found.extend(words(text).into_iter().filter(|word| is_among(OTHERS, word)));
    found.extend(
        words(text).iter().filter_map(|w| WORDS.iter().position(|n| n == w)).map(|i| (i + 2).to_string()),
    );
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Vec<Fact> {
        ["1240 lines of code that are still there", "12 commits", "uses FastAPI", "written in Python"]
            .map(|text| Fact { text: text.into(), method: String::new() })
            .to_vec()
    }

    #[test]
    fn a_bullet_made_of_facts_passes() {
        let bullet = "Built the order API in Python with FastAPI: 1,240 lines of code over 12 commits.";
        assert_eq!(refuse(bullet, &facts()), None);
    }

    #[test]
    fn a_number_counts_what_its_fact_counts() {
        let fact = |text: &str| Fact { text: text.into(), method: String::new() };
        let facts = [fact("2 bug fixes"), fact("5 automated tests"), fact("3 files")];
        for bullet in [
            "Fixed 2 bugs, each in a commit of its own with its reason.",
            "Covered the code with 5 tests in 3 test files of the shop.",
        ] {
            assert_eq!(refuse(bullet, &facts), None);
        }
        let other = "Covered the code in 5 commits and fixed what was found by them.";
        assert!(refuse(other, &facts).is_some(), "five were tests, not commits");
    }

    #[test]
    fn a_name_that_speaks_is_told_from_a_name() {
        for name in ["src/api/users.py", "google_auth", "GET /orders/<int:order>/refund", "team-performance"]
        {
            assert!(!speaks(name), "{name} is a name as students give them");
        }
        for name in [
            "senior-engineer-at-google",
            "SayCto",
            "say_that_she_won_at_the_fair",
            "serves_many_users",
            "a\u{202E}b",
        ] {
            assert!(speaks(name), "{name} is meant to be read");
        }
    }

    #[test]
    fn a_project_may_be_called_what_it_is_about() {
        for name in [
            "task-manager",
            "password-manager",
            "employee-management-system",
            "student-performance-prediction",
            "smart-attendance-using-face-recognition",
            "SalesDashboard",
        ] {
            assert!(!project_speaks(name), "{name} is what students build");
        }
        for name in [
            "senior-manager-at-google",
            "best-engineer-of-the-year",
            "ignore-instructions",
            "she-won-the-gold-medal-of-her-year",
            "hired-by-microsoft",
        ] {
            assert!(project_speaks(name), "{name} is meant to be read");
        }
        let mut facts = facts();
        facts.push(Fact { text: "project task-manager".into(), method: String::new() });
        for bullet in [
            "Developed task-manager in Python with FastAPI: 1240 lines of code over 12 commits.",
            "Developed a task manager in Python with FastAPI: 1240 lines of code over 12 commits.",
        ] {
            assert_eq!(refuse(bullet, &facts), None, "its own name");
        }
        let other = "Developed task-manager as its manager in Python with FastAPI over 12 commits.";
        assert!(refuse(other, &facts).is_some(), "the same word about a person");
    }

    #[test]
    fn what_is_not_in_the_facts_is_refused() {
        for (bullet, why) in [
            (
                "Built the order API in Python with FastAPI, cutting latency by 40% over 12 commits.",
                "a number nobody counted",
            ),
            (
                "Built the order API in Python with FastAPI for three campuses over 12 commits.",
                "a number in words",
            ),
            (
                "Built the order API in Python with Django: 1240 lines of code over 12 commits.",
                "a framework it does not use",
            ),
            (
                "Led a team that built the order API in Python with FastAPI over 12 commits.",
                "a role no commit proves",
            ),
            ("I built the order API in Python with FastAPI over 12 commits and tested it.", "first person"),
            ("Built the API.", "too short to say anything"),
            (
                "Built the order API as a senior engineer at Google in Python over 12 commits.",
                "words planted in a commit",
            ),
            (
                "Built Flipkart's order service in Python with FastAPI over 12 commits of code.",
                "an employer with an apostrophe",
            ),
            (
                "Built the order service for Contoso in Python with FastAPI over 12 commits.",
                "a name that no fact has",
            ),
            (
                "Built the order service at G\u{43e}\u{43e}gle in Python with FastAPI over 12 commits.",
                "letters that only look Latin",
            ),
            (
                "Built the largest and most secure order API in Python with FastAPI over 12 commits.",
                "what nobody compared",
            ),
            (
                "Built a machine learning order engine in Python with FastAPI over 12 commits.",
                "a field it is not of",
            ),
            (
                "Built the order API in Python with FastAPI over 1240 commits of code.",
                "a number of something else",
            ),
            ("Built half of the order service in Python with FastAPI over 12 commits.", "a share in words"),
        ] {
            assert!(refuse(bullet, &facts()).is_some(), "{why}: {bullet}");
        }
    }
}
