//! Words of code for full-text search: identifiers as they are and in their parts.

/// `text` with every identifier of several words followed by these: `getUserName` becomes
/// `getUserName get User Name`. Everything but letters and digits separates words, so `get_user_name` needs
/// no more.
pub fn split_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3 / 2);
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        out.push_str(word);
        out.push(' ');
        let parts = parts(word);
        if parts.len() > 1 {
            for part in parts {
                out.push_str(part);
                out.push(' ');
            }
        }
    }
    out
}

/// The words to look for in a question: lower case, identifiers whole and in parts, without the words
/// that every question has. In order, each once.
pub fn query_words(question: &str) -> Vec<String> {
    const EVERYWHERE: &[&str] = &[
        "a", "an", "and", "are", "as", "at", "be", "by", "can", "code", "do", "does", "for", "from",
        "function", "happens", "how", "i", "if", "in", "is", "it", "its", "of", "on", "or", "that", "the",
        "there", "this", "to", "was", "what", "when", "where", "which", "who", "why", "with", "you",
    ];
    let mut words: Vec<String> = Vec::new();
    for word in split_words(question).split(' ').map(str::to_lowercase) {
        if !word.is_empty() && !EVERYWHERE.contains(&word.as_str()) && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// `XMLHttpRequest2` in `XML`, `Http`, `Request`, `2`.
fn parts(word: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    let mut parts = Vec::new();
    let mut start = 0;
    for i in 1..chars.len() {
        let (before, (at, now)) = (chars[i - 1].1, chars[i]);
        let next_is_lower = chars.get(i + 1).is_some_and(|(_, c)| c.is_lowercase());
        let begins = now.is_uppercase() && (!before.is_uppercase() || next_is_lower)
            || now.is_numeric() != before.is_numeric();
        if begins {
            parts.push(&word[start..at]);
            start = at;
        }
    }
    parts.push(&word[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_found_by_their_words() {
        assert_eq!(split_words("getUserName(x)"), "getUserName get User Name x ");
        assert_eq!(split_words("XMLHttpRequest2"), "XMLHttpRequest2 XML Http Request 2 ");
        assert_eq!(split_words("get_user_name"), "get user name ");
        assert_eq!(split_words("größeÄndern 名前"), "größeÄndern größe Ändern 名前 ");
        assert_eq!(split_words("()"), "");
    }

    #[test]
    fn a_question_is_asked_by_its_own_words() {
        assert_eq!(
            query_words("How does the getUserName function work?"),
            ["getusername", "get", "user", "name", "work"]
        );
        assert!(query_words("What is it?").is_empty());
    }
}
