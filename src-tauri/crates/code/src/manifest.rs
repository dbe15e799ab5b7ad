//! stub
use crate::TechnologyKind;
#[derive(Debug, Clone)]
pub struct Framework { pub name: String, pub kind: TechnologyKind, pub package: String, pub file: String, pub line: u32 }
pub fn frameworks(_path: &str, _text: &str) -> Vec<Framework> { Vec::new() }
