//! The arguments of commands as `bindings.ts` declares them, and values that nearly have that shape.

use std::collections::HashMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A TypeScript type, as far as ts-rs writes them.
#[derive(Debug, Clone)]
pub enum Shape {
    Text,
    Number,
    Truth,
    Null,
    Literal(String),
    List(Box<Shape>),
    /// Fields in their order.
    Object(Vec<(String, Shape)>),
    Either(Vec<Shape>),
    Named(String),
}

/// All declarations, and what each command takes.
pub struct Shapes {
    types: HashMap<String, Shape>,
    pub commands: Vec<(String, Shape)>,
}

impl Shapes {
    pub fn read(bindings: &str) -> Self {
        let mut words = words(bindings).into_iter().peekable();
        let (mut types, mut commands) = (HashMap::new(), Vec::new());
        while let Some(word) = words.next() {
            if word != "type" {
                continue;
            }
            let name = words.next().expect("a type has a name");
            assert_eq!(words.next().as_deref(), Some("="), "{name}");
            let shape = Reader(&mut words).either();
            match (name.as_str(), shape) {
                ("Commands", Shape::Object(all)) => {
                    for (command, shape) in all {
                        let Shape::Object(sides) = shape else {
                            panic!("{command} has arguments and a result")
                        };
                        commands.push((command, sides.into_iter().next().expect("its arguments").1));
                    }
                }
                (_, shape) => {
                    types.insert(name, shape);
                }
            }
        }
        Self { types, commands }
    }

    /// Values of the shape, in which now and then a part is missing or something else.
    pub fn near(&self, shape: &Shape) -> BoxedStrategy<Value> {
        let right = match shape {
            Shape::Text => text().prop_map(Value::from).boxed(),
            Shape::Number => number(),
            Shape::Truth => any::<bool>().prop_map(Value::from).boxed(),
            Shape::Null => Just(Value::Null).boxed(),
            Shape::Literal(text) => Just(json!(text)).boxed(),
            Shape::List(item) => prop::collection::vec(self.near(item), 0..4).prop_map(Value::from).boxed(),
            Shape::Either(shapes) => {
                prop::strategy::Union::new(shapes.iter().map(|shape| self.near(shape))).boxed()
            }
            Shape::Named(name) => match self.types.get(name) {
                Some(shape) => return self.near(shape),
                None => Just(json!({})).boxed(),
            },
            Shape::Object(fields) => {
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, shape)| (Just(name.clone()), prop::option::weighted(0.97, self.near(shape))))
                    .collect();
                let object = |fields: Vec<(String, Option<Value>)>| {
                    let there = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
                    Value::Object(there.collect::<Map<_, _>>())
                };
                fields.prop_map(object).boxed()
            }
        };
        prop_oneof![24 => right, 1 => anything()].boxed()
    }
}

/// Any JSON.
pub fn anything() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number(),
        text().prop_map(Value::from),
    ];
    let nested = leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    });
    nested.boxed()
}

/// Numbers of rows that are there, and those at the borders of what fits.
fn number() -> BoxedStrategy<Value> {
    prop_oneof![
        6 => (-1..4_i64).prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => prop::sample::select(vec![i64::MIN, i64::MAX, i64::from(u32::MAX), 1 << 53]).prop_map(Value::from),
    ]
    .boxed()
}

/// Words that mean something to a shell, a database, a path, a page, a regular expression or a typesetter; and noise.
fn text() -> BoxedStrategy<String> {
    const KNOWN: &[&str] = &[
        "",
        "HEAD",
        "main",
        "a.py",
        "../../../../etc/passwd",
        "/dev/zero",
        "-rf",
        "--upload-pack=touch here",
        "ext::sh -c touch% here",
        "file:///",
        "C:\\Windows\\win.ini",
        "'; DROP TABLE finding; --",
        "%00",
        "a\0b",
        "\u{202e}txt.exe",
        "((((((((((a+)+)+)+)+)+)+)+)+)+)$",
        "[[:word:]]{1000}{1000}",
        "<script>alert(1)</script>",
        "#eval(\"1\")",
        "http://127.0.0.1:1/",
        "https://github.com/o/r",
        "2026-13-45",
        "NEAR(\"a\" \"b\") AND NOT *",
        "🦀",
    ];
    prop_oneof![
        3 => prop::sample::select(KNOWN.to_vec()).prop_map(str::to_owned),
        2 => "[a-z]{0,8}",
        1 => prop::collection::vec(any::<char>(), 0..40).prop_map(String::from_iter),
        1 => (prop::sample::select(KNOWN.to_vec()), 0..300_usize).prop_map(|(text, times)| text.repeat(times)),
    ]
    .boxed()
}

/// Names, literals and signs of the declarations; comments are dropped.
fn words(bindings: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = bindings;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '/' => rest.find('\n').unwrap_or(rest.len()),
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            c if c.is_alphanumeric() || c == '_' => {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
            }
            c => c.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        if !word.trim().is_empty() && first != '/' {
            words.push(word.to_owned());
        }
        rest = after;
    }
    words
}

struct Reader<'a, I: Iterator<Item = String>>(&'a mut std::iter::Peekable<I>);

impl<I: Iterator<Item = String>> Reader<'_, I> {
    fn take(&mut self, sign: &str) -> bool {
        self.0.next_if(|word| word == sign).is_some()
    }

    /// One type, or several with `|` between them.
    fn either(&mut self) -> Shape {
        let mut shapes = vec![self.one()];
        while self.take("|") {
            shapes.push(self.one());
        }
        if shapes.len() == 1 { shapes.remove(0) } else { Shape::Either(shapes) }
    }

    fn one(&mut self) -> Shape {
        let word = self.0.next().expect("a type");
        match word.as_str() {
            "string" => Shape::Text,
            "number" | "bigint" => Shape::Number,
            "boolean" => Shape::Truth,
            "null" => Shape::Null,
            "Array" => {
                assert!(self.take("<"), "an array of something");
                let item = self.either();
                assert!(self.take(">"), "the end of an array");
                Shape::List(Box::new(item))
            }
            "{" => self.object(),
            "(" => {
                let inner = self.either();
                assert!(self.take(")"), "the end of a bracket");
                inner
            }
            literal if literal.starts_with('"') => Shape::Literal(literal.trim_matches('"').to_owned()),
            name => {
                // `Record<symbol, never>` is an object without fields.
                if self.take("<") {
                    while !self.take(">") {
                        self.0.next();
                    }
                }
                Shape::Named(name.to_owned())
            }
        }
    }

    fn object(&mut self) -> Shape {
        let mut fields = Vec::new();
        while !self.take("}") {
            let name = self.0.next().expect("a field").trim_matches('"').to_owned();
            // A map's key says nothing that a value could get wrong.
            if name == "[" {
                while !self.take("]") {
                    self.0.next();
                }
            }
            self.take("?");
            assert!(self.take(":"), "the type of {name}");
            fields.push((name, self.either()));
            let _ = self.take(",") || self.take(";");
        }
        Shape::Object(fields)
    }
}
