//! Names that are written for each other.

/// Words of names, in lower case; the name with the other word must be in the file.
const WORDS: &[(&str, &str)] = &[
    ("min", "max"),
    ("row", "col"),
    ("rows", "cols"),
    ("row", "column"),
    ("rows", "columns"),
    ("width", "height"),
    ("start", "end"),
    ("begin", "end"),
    ("left", "right"),
    ("low", "high"),
    ("lower", "upper"),
    ("lo", "hi"),
    ("first", "last"),
    ("first", "second"),
    ("next", "prev"),
    ("next", "previous"),
    ("head", "tail"),
    ("top", "bottom"),
    ("src", "dst"),
    ("source", "target"),
    ("source", "destination"),
    ("from", "to"),
    ("old", "new"),
    ("before", "after"),
    ("in", "out"),
    ("input", "output"),
    ("read", "write"),
    ("sent", "received"),
    ("key", "value"),
    ("parent", "child"),
    ("sender", "receiver"),
    ("debit", "credit"),
    ("buy", "sell"),
    ("expected", "actual"),
    ("train", "test"),
    ("i", "j"),
    ("x", "y"),
    ("a", "b"),
];

/// Functions of the languages' libraries, which are at hand everywhere.
const CALLS: &[(&str, &str)] = &[
    ("min", "max"),
    ("Min", "Max"),
    ("floor", "ceil"),
    ("Floor", "Ceil"),
    ("any", "all"),
    ("Any", "All"),
    ("anyMatch", "allMatch"),
    ("some", "every"),
    ("lower", "upper"),
    ("toLowerCase", "toUpperCase"),
    ("startsWith", "endsWith"),
    ("starts_with", "ends_with"),
    ("startswith", "endswith"),
    ("StartsWith", "EndsWith"),
    ("HasPrefix", "HasSuffix"),
    ("Before", "After"),
    ("before", "after"),
    ("isBefore", "isAfter"),
    ("lstrip", "rstrip"),
    ("trimStart", "trimEnd"),
    ("trim_start", "trim_end"),
    ("TrimLeft", "TrimRight"),
    ("find", "rfind"),
    ("indexOf", "lastIndexOf"),
    ("Index", "LastIndex"),
    ("split", "rsplit"),
    ("splitn", "rsplitn"),
    ("split_once", "rsplit_once"),
    ("partition", "rpartition"),
    ("pop", "shift"),
    ("push_back", "push_front"),
    ("pop_back", "pop_front"),
    ("addFirst", "addLast"),
    ("removeFirst", "removeLast"),
    ("pollFirst", "pollLast"),
    ("lower_bound", "upper_bound"),
    ("bisect_left", "bisect_right"),
    ("floorKey", "ceilingKey"),
    ("floorEntry", "ceilingEntry"),
    ("is_some", "is_none"),
    ("is_ok", "is_err"),
];

/// The names that `own` is written for by mistake: those of libraries, and those that `text` mentions. A name that is
/// nowhere else cannot have been meant.
pub(super) fn of(own: &str, text: &str) -> Vec<String> {
    let mut found: Vec<String> = others(CALLS, own).map(str::to_owned).collect();
    for (at, word) in words(own) {
        for other in others(WORDS, &word.to_lowercase()) {
            let name = format!("{}{}{}", &own[..at], like(word, other), &own[at + word.len()..]);
            if !found.contains(&name) && mentions(text, &name) {
                found.push(name);
            }
        }
    }
    found
}

fn others<'a>(pairs: &'a [(&str, &str)], own: &'a str) -> impl Iterator<Item = &'a str> {
    pairs.iter().filter_map(move |&(a, b)| match own {
        _ if own == a => Some(b),
        _ if own == b => Some(a),
        _ => None,
    })
}

/// The words of a name with where they begin: `minPrice` and `min_price` have two.
fn words(name: &str) -> Vec<(usize, &str)> {
    let mut starts = Vec::new();
    let mut before = '_';
    for (at, c) in name.char_indices() {
        let joins = c == '_' || (before != '_' && !(c.is_uppercase() && before.is_lowercase()));
        if !joins {
            starts.push(at);
        }
        before = c;
    }
    let ends = starts.iter().skip(1).copied().chain([name.len()]);
    starts.iter().zip(ends).map(|(&at, end)| (at, name[at..end].trim_end_matches('_'))).collect()
}

/// `other` in the case of `word`.
fn like(word: &str, other: &str) -> String {
    let capital = word.starts_with(char::is_uppercase);
    if capital && word.len() > 1 && !word.contains(char::is_lowercase) {
        other.to_uppercase()
    } else if capital {
        other[..1].to_uppercase() + &other[1..]
    } else {
        other.to_owned()
    }
}

fn mentions(text: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name)
        .any(|(at, _)| !text[..at].ends_with(part) && !text[at + name.len()..].starts_with(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_opposites_that_are_at_hand() {
        let text = "maxPrice end_date End FIRST_ROW";
        assert_eq!(of("minPrice", text), ["maxPrice"], "a part of a name");
        assert_eq!(of("start_date", text), ["end_date"]);
        assert_eq!(of("Start", text), ["End"], "in its own case");
        assert_eq!(of("LAST_ROW", text), ["FIRST_ROW"]);
        assert_eq!(of("min", text), ["max"], "of the library");
        assert_eq!(of("minAge", text), [""; 0], "what is nowhere cannot have been meant");
        assert_eq!(of("größeMin", "größeMax"), ["größeMax"], "names are not ASCII");
    }
}
