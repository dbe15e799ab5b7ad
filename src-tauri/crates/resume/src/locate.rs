//! Finds the line of a field in a JSON text, which `serde_json::Value` no longer knows.

/// One step from a value to a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Key(&'static str),
    Index(usize),
}

/// Line, from 1, on which the value at `path` begins; `None` when it is not there. `text` must be
/// valid JSON. Of a key that occurs twice the last one counts, as it does for serde_json.
pub fn line_of(text: &str, path: &[Step]) -> Option<usize> {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
    let start = scan.find(path)?;
    Some(1 + text.as_bytes()[..start].iter().filter(|b| **b == b'\n').count())
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    /// Reads one value and returns where the value at `path` inside it begins.
    fn find(&mut self, path: &[Step]) -> Option<usize> {
        self.skip_blank();
        let start = self.at;
        let mut found = if path.is_empty() { Some(start) } else { None };
        match self.bytes.get(self.at) {
            Some(b'"') => {
                self.string();
            }
            Some(open @ (b'{' | b'[')) => {
                let object = *open == b'{';
                self.at += 1;
                let mut index = 0;
                while let Some(inner) = self.member(object, index, path) {
                    found = inner.or(found);
                    index += 1;
                }
                self.at += 1;
            }
            _ => {
                while self.bytes.get(self.at).is_some_and(|b| !b",]} \n\r\t".contains(b)) {
                    self.at += 1;
                }
            }
        }
        found
    }

    /// Reads the next member of an object or list, or stops at its closing bracket with `None`.
    fn member(&mut self, object: bool, index: usize, path: &[Step]) -> Option<Option<usize>> {
        self.skip_blank();
        if self.bytes.get(self.at) == Some(&b',') {
            self.at += 1;
            self.skip_blank();
        }
        if matches!(self.bytes.get(self.at), None | Some(b']' | b'}')) {
            return None;
        }
        let step = if object {
            let key = self.string();
            self.skip_blank();
            self.at += 1;
            matches!(path.first(), Some(Step::Key(wanted)) if key == wanted.as_bytes())
        } else {
            path.first() == Some(&Step::Index(index))
        };
        // A path that leads elsewhere cannot end inside this member.
        let elsewhere = [Step::Index(usize::MAX)];
        Some(self.find(if step { &path[1..] } else { &elsewhere }))
    }

    /// Reads a string and returns its raw content; the keys looked for contain no escapes.
    fn string(&mut self) -> &'a [u8] {
        let start = self.at + 1;
        self.at = start;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        let end = self.at.min(self.bytes.len());
        self.at = end + 1;
        &self.bytes[start.min(end)..end]
    }

    fn skip_blank(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_nested_fields() {
        let text = "{\n \"a\": {\"x\\\"{\": [1, 2]},\n \"b\": [\n  {\"c\": 1},\n  {\"c\":\n    \"}\"}\n ],\n \"a\": 3\n}";
        let cases: [(&[Step], Option<usize>); 5] = [
            (&[], Some(1)),
            (&[Step::Key("b"), Step::Index(0), Step::Key("c")], Some(4)),
            (&[Step::Key("b"), Step::Index(1), Step::Key("c")], Some(6)),
            (&[Step::Key("a")], Some(8)),
            (&[Step::Key("nowhere")], None),
        ];
        for (path, line) in cases {
            assert_eq!(line_of(text, path), line, "line of {path:?}");
        }
    }
}
