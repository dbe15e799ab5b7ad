//! What a profile that was read would change in the one that is there, and taking it.
//!
//! Entries of a list are the same where their names are; then they are compared field by field, and what is new in a
//! list of words or sentences is added to it. Nothing that stands in the profile is proposed to be emptied.

use anyhow::Result;
use internflow_domain::{ApiError, ErrorCode, ImportProposal, Profile, ProfileChange, ReadProfile};
use serde_json::{Map, Value, json};

use super::bad;
use crate::resume::same_name;

/// A list of a profile: its key, how one entry is called, and the fields by which it is known.
struct List {
    key: &'static str,
    one: &'static str,
    known_by: &'static [&'static str],
}

const LISTS: [List; 10] = [
    List { key: "education", one: "Education", known_by: &["institution", "studyType"] },
    List { key: "work", one: "Work", known_by: &["name", "position"] },
    List { key: "projects", one: "Project", known_by: &["name"] },
    List { key: "skills", one: "Skill group", known_by: &["name"] },
    List { key: "volunteer", one: "Position", known_by: &["organization", "position"] },
    List { key: "awards", one: "Achievement", known_by: &["title"] },
    List { key: "certificates", one: "Certificate", known_by: &["name"] },
    List { key: "publications", one: "Publication", known_by: &["name"] },
    List { key: "languages", one: "Language", known_by: &["language"] },
    List { key: "interests", one: "Interest", known_by: &["name"] },
];

/// Fields in plain words, where the key does not say it.
const LABELS: [(&str, &str); 22] = [
    ("label", "Title"),
    ("email", "E-mail"),
    ("url", "Website"),
    ("countryCode", "Country"),
    ("network", "Site"),
    ("username", "Account"),
    ("studyType", "Degree"),
    ("area", "Field"),
    ("startDate", "From"),
    ("endDate", "To"),
    ("position", "Position"),
    ("organization", "Organisation"),
    ("highlights", "Bullets"),
    ("keywords", "Words"),
    ("releaseDate", "Date"),
    ("awarder", "By"),
    ("issuer", "By"),
    ("publisher", "By"),
    ("fluency", "Level"),
    ("image", "Picture"),
    ("postalCode", "Post code"),
    ("roles", "Roles"),
];

/// What the read profile would change.
pub(super) fn proposal(profile: &Profile, read: ReadProfile) -> ImportProposal {
    let ReadProfile { source, profile: found, notes } = read;
    let (old, new) = (value(profile), value(&found));
    let mut changes = Vec::new();
    if let Some(basics) = new["basics"].as_object() {
        fields("/basics", "", &old["basics"], basics, &mut changes);
    }
    for list in &LISTS {
        entries(&format!("/{}", list.key), list, &old, &new[list.key], &mut changes);
    }
    ImportProposal { source, changes, notes }
}

/// The profile with these changes in it.
///
/// # Errors
/// When a place is no longer as the proposal found it, or the result is no profile.
pub fn taken(profile: &Profile, changes: &[ProfileChange]) -> Result<Profile> {
    let mut whole = value(profile);
    for change in changes {
        put(&mut whole, change)?;
    }
    serde_json::from_value(whole)
        .map_err(|error| bad(format!("That does not fit into a profile: {error}. Read the file again.")))
}

/// A profile never fails to become JSON: its keys are texts.
fn value(profile: &Profile) -> Value {
    serde_json::to_value(profile).unwrap_or_default()
}

fn fields(place: &str, of: &str, old: &Value, new: &Map<String, Value>, changes: &mut Vec<ProfileChange>) {
    for (key, value) in new {
        let (place, label) = (format!("{place}/{}", escaped(key)), labelled(of, key));
        let was = &old[key];
        match value {
            Value::Object(inner) => fields(&place, of, was, inner, changes),
            Value::Array(_) if key == "profiles" => {
                let list = List { key: "profiles", one: "Profile", known_by: &["network"] };
                entries(&place, &list, old, value, changes);
            }
            Value::Array(items) if items.iter().all(Value::is_string) => {
                let known: Vec<&Value> = was.as_array().into_iter().flatten().collect();
                let more: Vec<&Value> =
                    items.iter().filter(|item| !known.iter().any(|k| alike(k, item))).collect();
                if !more.is_empty() {
                    let all: Vec<Value> = known.iter().chain(&more).map(|item| (*item).clone()).collect();
                    changes.push(change(place, label, was, all.into()));
                }
            }
            value if is_empty(value) || alike(was, value) => {}
            value => changes.push(change(place, label, was, value.clone())),
        }
    }
}

fn entries(place: &str, list: &List, old: &Value, new: &Value, changes: &mut Vec<ProfileChange>) {
    let known: Vec<&Value> = old[list.key].as_array().into_iter().flatten().collect();
    for entry in new.as_array().into_iter().flatten().filter_map(Value::as_object) {
        let mut entry = entry.clone();
        if list.key == "skills" {
            drop_known_skills(&mut entry, &known);
        }
        entry.retain(|_, value| !is_empty(value));
        let named = named(list, &entry);
        if entry.keys().all(|key| list.key == "skills" && key == "name") {
            continue;
        }
        let at = known.iter().position(|one| same_entry(list, one, &entry));
        // What stands in the profile already is called as it is there.
        match at {
            Some(at) => {
                list.known_by.iter().for_each(|key| {
                    if !is_empty(&known[at][*key]) {
                        entry.remove(*key);
                    }
                });
                fields(&format!("{place}/{at}"), &named, known[at], &entry, changes);
            }
            None => changes.push(change(format!("{place}/-"), named, &Value::Null, Value::Object(entry))),
        }
    }
}

/// A skill that is in some group already is not named twice.
fn drop_known_skills(entry: &mut Map<String, Value>, groups: &[&Value]) {
    let known = |skill: &Value| {
        groups
            .iter()
            .flat_map(|group| group["keywords"].as_array().into_iter().flatten())
            .any(|k| alike(k, skill))
    };
    if let Some(Value::Array(skills)) = entry.get_mut("keywords") {
        skills.retain(|skill| !known(skill));
    }
}

/// The first name decides; a further one only where both have it.
fn same_entry(list: &List, old: &Value, new: &Map<String, Value>) -> bool {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut names = list.known_by.iter().map(|key| (text(old.get(*key)), text(new.get(*key))));
    let Some((a, b)) = names.next() else { return false };
    let first = if a.is_empty() && b.is_empty() { list.known_by.len() > 1 } else { same_name(&a, &b) };
    first
        && names.all(|(a, b)| {
            same_name(&a, &b) || !(a.is_empty() && b.is_empty()) && (a.is_empty() || b.is_empty())
        })
}

fn named(list: &List, entry: &Map<String, Value>) -> String {
    let first =
        list.known_by.iter().filter_map(|key| entry.get(*key)?.as_str()).find(|text| !text.is_empty());
    first.map_or_else(|| list.one.to_owned(), |name| format!("{} · {name}", list.one))
}

fn labelled(of: &str, key: &str) -> String {
    let known = LABELS.iter().find(|(known, _)| *known == key).map(|(_, label)| (*label).to_owned());
    let label = known.unwrap_or_else(|| {
        let mut letters = key.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
            .unwrap_or_default()
    });
    if of.is_empty() { label } else { format!("{of} · {label}") }
}

fn change(place: String, label: String, was: &Value, value: Value) -> ProfileChange {
    ProfileChange { place, label, old: shown(was), new: shown(&value), was: was.clone(), value }
}

/// A value as people read it: lists line by line, an entry with the names of its fields.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join("\n"),
        Value::Object(fields) => {
            let line = |(key, value): (&String, &Value)| match value {
                Value::Array(items) if key == "highlights" => {
                    items.iter().map(|item| format!("• {}", shown(item))).collect::<Vec<_>>().join("\n")
                }
                Value::Array(items) => {
                    format!(
                        "{}: {}",
                        labelled("", key),
                        items.iter().map(shown).collect::<Vec<_>>().join(", ")
                    )
                }
                value => format!("{}: {}", labelled("", key), shown(value)),
            };
            fields.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        other => other.to_string(),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(is_empty),
        _ => false,
    }
}

/// Equal but for white space and capitals; an absent text is an empty one.
fn alike(a: &Value, b: &Value) -> bool {
    let plain = |value: &Value| {
        let text = value.as_str().unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
    };
    a == b || (a.is_string() || a.is_null()) && b.is_string() && plain(a) == plain(b)
}

/// A key as a step of a JSON pointer (RFC 6901).
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn put(whole: &mut Value, change: &ProfileChange) -> Result<()> {
    let stale = || {
        ApiError::new(
            ErrorCode::BadRequest,
            format!(
                "{} has changed in the profile since the file was read. Read the file again.",
                change.label
            ),
        )
    };
    let (parent, last) = change.place.rsplit_once('/').ok_or_else(stale)?;
    let key = last.replace("~1", "/").replace("~0", "~");
    if last == "-" {
        let Some((above, list)) = parent.rsplit_once('/') else { return Err(stale().into()) };
        let above = object_at(whole, above).ok_or_else(stale)?;
        let items = above.entry(list).or_insert_with(|| json!([])).as_array_mut().ok_or_else(stale)?;
        items.push(change.value.clone());
        return Ok(());
    }
    let fields = object_at(whole, parent).ok_or_else(stale)?;
    let now = fields.get(&key).unwrap_or(&Value::Null);
    if *now != change.was && !(is_empty(now) && is_empty(&change.was)) {
        return Err(stale().into());
    }
    fields.insert(key, change.value.clone());
    Ok(())
}

/// The object at a pointer. What JSON leaves out because it is empty is made.
fn object_at<'v>(whole: &'v mut Value, pointer: &str) -> Option<&'v mut Map<String, Value>> {
    let mut at = whole;
    for step in pointer.split('/').skip(1) {
        at = match at {
            Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?)?,
            Value::Object(fields) => fields.entry(step).or_insert_with(|| json!({})),
            _ => return None,
        };
    }
    at.as_object_mut()
}

#[cfg(test)]
mod tests {
    use internflow_domain::ImportSource;

    use super::*;

    fn profile(json: Value) -> Profile {
        serde_json::from_value(json).expect("a profile")
    }

    fn proposed(old: Value, new: Value) -> (Profile, Vec<ProfileChange>) {
        let old = profile(old);
        let read = ReadProfile { source: ImportSource::Pdf, profile: profile(new), notes: Vec::new() };
        let changes = proposal(&old, read).changes;
        (old, changes)
    }

    #[test]
    fn what_is_new_is_proposed_and_what_is_there_stays() {
        let (old, changes) = proposed(
            json!({
                "basics": { "name": "Asha Rao", "email": "old@example.edu" },
                "education": [{ "institution": "NIT Trichy", "studyType": "B.Tech", "score": "8.9" }],
                "skills": [{ "name": "Languages", "keywords": ["Python"] }],
                "hobby": "chess",
            }),
            json!({
                "basics": { "name": "asha rao", "email": "asha@example.edu", "profiles": [{ "network": "GitHub", "url": "https://github.com/asha" }] },
                "education": [{ "institution": "N.I.T. Trichy", "endDate": "2027-05" }, { "institution": "KV Pattom" }],
                "skills": [{ "name": "Skills", "keywords": ["python", "Go"] }],
                "awards": [{ "title": "First prize" }],
            }),
        );
        let places: Vec<&str> = changes.iter().map(|change| change.place.as_str()).collect();
        let wanted = [
            "/basics/email",
            "/basics/profiles/-",
            "/education/0/endDate",
            "/education/-",
            "/skills/-",
            "/awards/-",
        ];
        assert_eq!(places, wanted, "no field is proposed that says the same in other capitals: {changes:#?}");
        assert_eq!(
            (changes[0].old.as_str(), changes[0].new.as_str()),
            ("old@example.edu", "asha@example.edu")
        );
        let all = value(&taken(&old, &changes).expect("all fit"));
        assert_eq!(all["education"][0]["score"], "8.9", "what the file does not say stays: {all:#}");
        assert_eq!(all["education"][1]["institution"], "KV Pattom");
        assert_eq!(all["hobby"], "chess", "fields without a place in the form survive");
        assert_eq!(all["awards"][0]["title"], "First prize");
        let none = value(&taken(&old, &[]).expect("nothing is asked for"));
        assert_eq!(none, value(&old), "what is left is not written");
    }

    #[test]
    fn a_field_that_changed_meanwhile_is_not_overwritten() {
        let (_, changes) = proposed(json!({}), json!({ "basics": { "phone": "1" } }));
        let now = profile(json!({ "basics": { "phone": "2" } }));
        let error = taken(&now, &changes).expect_err("the user typed another").to_string();
        assert!(error.contains("Phone") && error.contains("Read the file again"), "{error}");
    }

    #[test]
    fn a_profile_read_twice_changes_nothing() {
        let json = json!({
            "basics": { "name": "Asha" }, "work": [{ "position": "Lead", "highlights": ["Wrote it"] }],
            "projects": [{ "name": "Mess Menu", "keywords": ["Go"] }], "languages": [{ "language": "Tamil" }],
        });
        let (_, changes) = proposed(json.clone(), json);
        assert!(changes.is_empty(), "{changes:#?}");
    }
}
