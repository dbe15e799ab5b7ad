//! What a server with OpenAI's API says: an answer in pieces (server-sent events), a whole one, or an error.

use serde::Deserialize;
use serde_json::Value;

/// An answer as far as it has arrived.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) text: String,
    /// Why the model stopped; `None` while it writes.
    pub(super) finish: Option<String>,
    pub(super) prompt_tokens: u32,
    pub(super) output_tokens: u32,
    /// The server said that nothing more comes.
    pub(super) done: bool,
    /// A line that has not ended.
    line: Vec<u8>,
    /// Lines that are no events: an answer in one piece.
    body: Vec<u8>,
    /// There were events.
    streamed: bool,
}

/// Why what was heard is no answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unheard {
    /// The server says so itself.
    Said(String),
    /// It is not the API's form.
    Foreign,
    /// It ended in the middle.
    Broken,
}

/// A piece (`delta`), or a whole answer (`message`).
#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(alias = "message")]
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u32,
    #[serde(default)]
    completion_tokens: u32,
}

impl Heard {
    /// Takes the next bytes in, which may end anywhere.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Unheard> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                self.line(&line)?;
            }
        }
        Ok(())
    }

    /// The whole answer, after the last bytes.
    pub(super) fn end(mut self) -> Result<Self, Unheard> {
        let line = std::mem::take(&mut self.line);
        self.line(&line)?;
        if self.streamed {
            return if self.done || self.finish.is_some() { Ok(self) } else { Err(Unheard::Broken) };
        }
        let body = std::mem::take(&mut self.body);
        self.take(&body)?;
        if self.finish.is_some() || !self.text.is_empty() { Ok(self) } else { Err(Unheard::Foreign) }
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Unheard> {
        let Some(data) = line.strip_prefix(b"data:") else {
            // Of events only the data counts; comments keep the connection alive.
            if !self.streamed {
                self.body.extend_from_slice(line);
            }
            return Ok(());
        };
        self.streamed = true;
        match data.trim_ascii() {
            b"" => {}
            b"[DONE]" => self.done = true,
            data => self.take(data)?,
        }
        Ok(())
    }

    fn take(&mut self, json: &[u8]) -> Result<(), Unheard> {
        let chunk: Chunk = serde_json::from_slice(json).map_err(|_| Unheard::Foreign)?;
        if let Some(error) = chunk.error {
            return Err(Unheard::Said(words_of(&error)));
        }
        if let Some(choice) = chunk.choices.into_iter().next() {
            self.text.push_str(&choice.delta.and_then(|delta| delta.content).unwrap_or_default());
            self.finish = choice.finish_reason.or(self.finish.take());
        }
        if let Some(usage) = chunk.usage {
            (self.prompt_tokens, self.output_tokens) = (usage.prompt_tokens, usage.completion_tokens);
        }
        Ok(())
    }
}

/// What a server says about an error, from the body of its answer; empty for nothing that is for people.
pub(super) fn words(body: &[u8]) -> String {
    serde_json::from_slice::<Value>(body).map(|said| words_of(&said)).unwrap_or_default()
}

/// `{"error": {"message": …}}` as OpenAI has it, or without one of the layers.
fn words_of(said: &Value) -> String {
    let said = said.get("error").unwrap_or(said);
    let said = said.get("message").unwrap_or(said);
    let text = said.as_str().unwrap_or_default();
    let text = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    text.collect::<Vec<_>>().join(" ")
}

/// The JSON object in a text that may have thoughts or a fence of Markdown around it.
pub(super) fn object(text: &str) -> Option<Value> {
    let said = text.rsplit("</think>").next().unwrap_or(text);
    let (from, to) = (said.find('{')?, said.rfind('}')?);
    serde_json::from_str(said.get(from..=to)?).ok()
}

/// True when a value has the shape that `schema` describes: types, required properties, allowed values. The
/// length and spelling of texts are left to the grammar where there is one.
pub(super) fn fits(value: &Value, schema: &Value) -> bool {
    let typed = match schema.get("type").and_then(Value::as_str) {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        _ => true,
    };
    let allowed = schema.get("enum").and_then(Value::as_array).is_none_or(|all| all.contains(value));
    let mut required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    let mut properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let items = schema.get("items");
    typed
        && allowed
        && required.all(|name| name.as_str().is_some_and(|name| value.get(name).is_some()))
        && properties.all(|(name, schema)| value.get(name).is_none_or(|value| fits(value, schema)))
        && items.is_none_or(|schema| value.as_array().into_iter().flatten().all(|one| fits(one, schema)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn hear(pieces: &[&str]) -> Result<Heard, Unheard> {
        let mut heard = Heard::default();
        for piece in pieces {
            heard.push(piece.as_bytes())?;
        }
        heard.end()
    }

    #[test]
    fn an_answer_in_pieces_is_put_together_wherever_they_are_cut() {
        let stream = ": hello\r\n\r\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\r\n\r\n\
            data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"größ\"},\"finish_reason\":null}]}\n\n\
            data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"er\"},\"finish_reason\":\"stop\"}]}\n\n\
            data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n";
        for at in 1..stream.len() {
            let mut heard = Heard::default();
            heard.push(&stream.as_bytes()[..at]).expect("a piece");
            heard.push(&stream.as_bytes()[at..]).expect("the rest");
            let heard = heard.end().expect("an answer");
            assert_eq!(
                (heard.text.as_str(), heard.done, heard.output_tokens),
                ("größer", true, 2),
                "cut at {at}"
            );
        }
    }

    #[test]
    fn what_is_whole_broken_or_foreign_is_told_apart() {
        let whole = hear(&[
            "{\"choices\":[{\"message\":{\"content\":\"Yes.\"},",
            "\n\"finish_reason\":\"length\"}]}",
        ]);
        let whole = whole.expect("a server may answer in one piece");
        assert_eq!((whole.text.as_str(), whole.finish.as_deref()), ("Yes.", Some("length")));
        let cut =
            hear(&["data: {\"choices\":[{\"delta\":{\"content\":\"Ye\"},\"finish_reason\":null}]}\n\n"]);
        assert_eq!(cut.expect_err("half an answer is none"), Unheard::Broken);
        for foreign in ["<html>Log in</html>", "", "{}", "[1]", "data: hello\n\n"] {
            assert_eq!(hear(&[foreign]).expect_err("no answer"), Unheard::Foreign, "{foreign}");
        }
        let said = hear(&["data: {\"error\":{\"message\":\"out of\\nmemory\"}}\n\n"]);
        assert_eq!(said.expect_err("an error"), Unheard::Said("out of memory".into()));
        assert_eq!(words(b"{\"error\":\"model 'x' not found\"}"), "model 'x' not found");
        assert_eq!(words(b"<html>"), "", "a page is not for a sentence");
    }

    #[test]
    fn an_object_is_found_and_compared_with_what_was_asked_for() {
        let schema = json!({
            "type": "object",
            "properties": {"from": {"enum": [1, 2]}, "says": {"type": "string"}},
            "required": ["from", "says"],
        });
        let fit = |text: &str| object(text).is_some_and(|value| fits(&value, &schema));
        assert!(fit("{\"from\":2,\"says\":\"It signs.\"}"));
        assert!(fit("<think>{maybe}</think>Here:\n```json\n{\"from\": 1, \"says\": \"It signs.\"}\n```"));
        for bad in [
            "It signs.",
            "{\"from\":3,\"says\":\"x\"}",
            "{\"from\":1}",
            "{\"from\":1,\"says\":7}",
            "{\"from\":1,",
        ] {
            assert!(!fit(bad), "{bad}");
        }
    }
}
