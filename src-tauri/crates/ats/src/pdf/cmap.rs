//! Character maps of PDF fonts: ToUnicode and the lengths of codes (ISO 32000-1, 9.7.5 and 9.10.3).

use std::collections::HashMap;

/// Codes of a font and the text they stand for.
#[derive(Debug, Default)]
pub(super) struct CharMap {
    text: HashMap<u32, String>,
    /// Bytes, lowest and highest code.
    ranges: Vec<(usize, u32, u32)>,
    entries: usize,
}

/// Entries that are read; a font has 65,536 glyphs at most.
const MOST: usize = 1 << 16;

enum Token<'a> {
    Hex(Vec<u8>),
    Open,
    Close,
    Word(&'a [u8]),
}

impl CharMap {
    pub(super) fn get(&self, code: u32) -> Option<&str> {
        self.text.get(&code).map(String::as_str)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The first code of `bytes` and its length, at least 1.
    pub(super) fn next(&self, bytes: &[u8], usual: usize) -> (u32, usize) {
        for length in 1..=4.min(bytes.len()) {
            let code = number(&bytes[..length]);
            if self.ranges.iter().any(|(l, low, high)| *l == length && (*low..=*high).contains(&code)) {
                return (code, length);
            }
        }
        let length = usual.min(bytes.len()).max(1);
        (number(&bytes[..length]), length)
    }

    pub(super) fn parse(source: &[u8]) -> Self {
        let mut map = Self::default();
        let mut operands: Vec<Token<'_>> = Vec::new();
        for token in tokens(source) {
            let Token::Word(word) = token else {
                operands.push(token);
                continue;
            };
            match word {
                b"endcodespacerange" => map.code_space(&operands),
                b"endbfchar" => map.chars(&operands),
                b"endbfrange" => map.char_ranges(&operands),
                _ => {}
            }
            operands.clear();
        }
        map
    }

    fn code_space(&mut self, operands: &[Token<'_>]) {
        for pair in operands.chunks_exact(2) {
            if let [Token::Hex(low), Token::Hex(high)] = pair {
                self.ranges.push((low.len(), number(low), number(high)));
            }
        }
    }

    fn chars(&mut self, operands: &[Token<'_>]) {
        for pair in operands.chunks_exact(2) {
            if let [Token::Hex(code), Token::Hex(text)] = pair {
                self.put(number(code), utf16(text));
            }
        }
    }

    fn char_ranges(&mut self, mut operands: &[Token<'_>]) {
        while self.entries < MOST {
            let (low, high, rest) = match operands {
                [Token::Hex(low), Token::Hex(high), rest @ ..] => (number(low), number(high), rest),
                _ => return,
            };
            operands = match rest {
                [Token::Hex(first), rest @ ..] => {
                    for (n, code) in (low..=high.min(low.saturating_add(0xFFFF))).enumerate() {
                        self.put(code, utf16(&raised(first, n)));
                    }
                    rest
                }
                [Token::Open, rest @ ..] => {
                    let end = rest.iter().position(|t| matches!(t, Token::Close)).unwrap_or(rest.len());
                    for (code, item) in (low..=high).zip(&rest[..end]) {
                        if let Token::Hex(text) = item {
                            self.put(code, utf16(text));
                        }
                    }
                    rest.get(end + 1..).unwrap_or_default()
                }
                _ => return,
            };
        }
    }

    fn put(&mut self, code: u32, text: String) {
        self.entries += 1;
        if self.entries <= MOST {
            self.text.insert(code, text);
        }
    }
}

/// UTF-16 with its last unit raised by `n`.
fn raised(text: &[u8], n: usize) -> Vec<u8> {
    let mut raised = text.to_vec();
    let mut carry = n;
    for byte in raised.iter_mut().rev() {
        let sum = usize::from(*byte) + carry;
        *byte = (sum & 0xFF) as u8;
        carry = sum >> 8;
    }
    raised
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |n, b| n << 8 | u32::from(*b))
}

pub(super) fn utf16(bytes: &[u8]) -> String {
    if let [byte] = bytes {
        return char::from(*byte).to_string();
    }
    let units = bytes.chunks_exact(2).map(|pair| u16::from(pair[0]) << 8 | u16::from(pair[1]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn tokens(source: &[u8]) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = source;
    while let [first, tail @ ..] = rest {
        match first {
            b'%' => {
                rest = &tail[tail.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(tail.len())..]
            }
            b'<' if !tail.starts_with(b"<") => {
                let end = tail.iter().position(|b| *b == b'>').unwrap_or(tail.len());
                found.push(Token::Hex(hex(&tail[..end])));
                rest = tail.get(end + 1..).unwrap_or_default();
            }
            b'[' | b']' => {
                found.push(if *first == b'[' { Token::Open } else { Token::Close });
                rest = tail;
            }
            b if b.is_ascii_alphanumeric() => {
                let end = rest.iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len());
                // Counts are not needed.
                if !b.is_ascii_digit() {
                    found.push(Token::Word(&rest[..end]));
                }
                rest = &rest[end..];
            }
            _ => rest = tail,
        }
    }
    found
}

fn hex(digits: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> =
        digits.iter().filter_map(|b| char::from(*b).to_digit(16)).map(|d| d as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}
