//! Jupyter notebooks as scripts: what was written in them, without what came out of them.
//!
//! The script is in the percent format that editors know: every cell begins with a line `# %%`, text is in
//! comments. So a notebook is cut, found and shown like any other code, and its lines have numbers.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::Value;

use crate::Language;
use crate::syntax::Lines;

/// The text of a file as people read it: a notebook (`.ipynb`, format 3 or 4) as a script, anything else as it
/// is. In the script each code cell stands under `# %%`, each text under `# %% [markdown]` with `# ` before its
/// lines, all in the comments of the kernel's language; outputs are left out. A damaged notebook stays as it is.
pub fn readable<'a>(path: &str, text: &'a str) -> Cow<'a, str> {
    let is_notebook = path.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case("ipynb"));
    if !is_notebook {
        return Cow::Borrowed(text);
    }
    let written = serde_json::from_str::<Notebook>(text.trim_start_matches('\u{feff}')).ok();
    written.and_then(|notebook| notebook.script()).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The program in a notebook, each line of it on the line of the file where it stands, and all other lines empty: who wrote
/// the lines of the file wrote those of the program. None for a text that is no notebook, and for one that does not
/// give each line of its sources a line of its own, as Jupyter does.
pub fn program(text: &str) -> Option<(Language, String)> {
    let notebook = serde_json::from_str::<Notebook>(text.trim_start_matches('\u{feff}')).ok()?;
    let mut cells = notebook.cells().filter(|cell| cell.source.is_some() || cell.input.is_some());
    let (mut program, mut any) = (String::new(), false);
    // In the source of a cell, and whether that is code.
    let mut inside: Option<bool> = None;
    for line in text.lines() {
        let line = line.trim();
        if let Some(code) = inside {
            if line.starts_with(']') {
                inside = None;
            } else if code && let Ok(written) = serde_json::from_str::<String>(line.trim_end_matches(',')) {
                any |= !written.trim().is_empty();
                program.push_str(written.trim_end());
            }
        } else if ["\"source\": [", "\"input\": ["].iter().any(|key| line.starts_with(key)) {
            let code = cells.next()?.cell_type == "code";
            inside = (!line.contains(']')).then_some(code);
        } else if ["\"source\": \"", "\"input\": \""].iter().any(|key| line.starts_with(key)) {
            cells.next()?;
        }
        program.push('\n');
    }
    any.then(|| (notebook.language(), program))
}

/// What is read of a notebook. Everything else in it, outputs above all, is passed over.
#[derive(Deserialize)]
struct Notebook {
    cells: Option<Vec<WrittenCell>>,
    /// Where format 3 has the cells.
    worksheets: Option<Vec<Worksheet>>,
    #[serde(default)]
    metadata: Value,
}

#[derive(Deserialize)]
struct Worksheet {
    #[serde(default)]
    cells: Vec<WrittenCell>,
}

#[derive(Deserialize)]
struct WrittenCell {
    cell_type: String,
    source: Option<Source>,
    /// The source of a code cell in format 3.
    input: Option<Source>,
    /// Of a code cell in format 3.
    language: Option<String>,
    /// Of a heading in format 3.
    level: Option<usize>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Source {
    Whole(String),
    Lines(Vec<String>),
}

impl Notebook {
    /// None for JSON that is no notebook.
    fn script(&self) -> Option<String> {
        if self.cells.is_none() && self.worksheets.is_none() {
            return None;
        }
        let language = self.language();
        let comment = comment_of(language);
        let mut script = String::new();
        for cell in self.cells() {
            let source = cell.text();
            if source.trim().is_empty() {
                continue;
            }
            let kind = match cell.cell_type.as_str() {
                "code" => "",
                "markdown" | "heading" => " [markdown]",
                _ => " [raw]",
            };
            // Jupyter takes Python for granted, and so does the mark.
            let kernel = match script.is_empty() && language != Language::Python {
                true => format!(" kernel=\"{}\"", language.name()),
                false => String::new(),
            };
            let gap = if script.is_empty() { "" } else { "\n" };
            let _ = writeln!(script, "{gap}{comment} %%{kind}{kernel}");
            for line in source.trim_end().split('\n') {
                let line = line.trim_end();
                let _ = match (kind, line) {
                    ("", line) => writeln!(script, "{line}"),
                    (_, "") => writeln!(script, "{comment}"),
                    (_, line) => writeln!(script, "{comment} {line}"),
                };
            }
        }
        Some(script)
    }

    fn cells(&self) -> impl Iterator<Item = &WrittenCell> {
        let worksheets = self.worksheets.iter().flatten().flat_map(|sheet| &sheet.cells);
        self.cells.iter().flatten().chain(worksheets)
    }

    /// The language of the kernel; Python where nothing else is said.
    fn language(&self) -> Language {
        let said = ["/language_info/name", "/kernelspec/language", "/kernelspec/name"];
        said.iter()
            .filter_map(|at| self.metadata.pointer(at)?.as_str())
            .chain(self.cells().filter_map(|cell| cell.language.as_deref()))
            .find_map(Language::called)
            .unwrap_or(Language::Python)
    }
}

impl WrittenCell {
    fn text(&self) -> String {
        let text = match self.source.as_ref().or(self.input.as_ref()) {
            Some(Source::Whole(text)) => text.clone(),
            Some(Source::Lines(lines)) => lines.concat(),
            None => String::new(),
        };
        match self.level {
            Some(level) if self.cell_type == "heading" => format!("{} {text}", "#".repeat(level.clamp(1, 6))),
            _ => text,
        }
    }
}

/// The kernel's language of a script that [`readable`] made, by its first line; None for another text.
pub(crate) fn kernel_of(first_line: &str) -> Option<Language> {
    let (comment, rest) = first_line.split_once(" %%")?;
    let language = match rest.split_once(" kernel=\"") {
        Some((_, name)) => Language::parse(name.split('"').next()?)?,
        None => Language::Python,
    };
    (comment == comment_of(language)).then_some(language)
}

/// A cell of a script, its mark included.
pub(crate) struct Cell {
    pub(crate) first: u32,
    /// Inclusive.
    pub(crate) last: u32,
    /// Text in comments, not code.
    pub(crate) prose: bool,
}

/// The cells of a script that begins with the mark of one; None for a text that does not.
pub(crate) fn cells(language: Language, lines: &Lines, text: &str) -> Option<Vec<Cell>> {
    let comment = language.comment_prefix()?;
    let mark = |number: u32| -> Option<bool> {
        let rest = lines.text(number, text).strip_prefix(comment)?.strip_prefix(" %%")?;
        let kind = rest.trim_start();
        // `# %%time` is a command of Jupyter.
        let is_mark = rest.is_empty() || kind.len() < rest.len();
        is_mark.then(|| kind.starts_with("[markdown]") || kind.starts_with("[raw]"))
    };
    mark(1)?;
    let mut cells: Vec<Cell> = Vec::new();
    for number in 1..=lines.count() {
        match (mark(number), cells.last_mut()) {
            (Some(prose), _) => cells.push(Cell { first: number, last: number, prose }),
            (None, Some(cell)) => cell.last = number,
            (None, None) => {}
        }
    }
    Some(cells)
}

/// What begins the marks and the text of a script in this language.
pub(crate) fn comment_of(language: Language) -> &'static str {
    language.comment_prefix().unwrap_or("#")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUR: &str = r##"{
 "cells": [
  {"cell_type": "markdown", "metadata": {}, "source": ["# Orders\n", "\n", "How many there are."]},
  {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": ["import pandas as pd\n", "orders = pd.read_csv(\"a.csv\")\r\n"],
   "outputs": [{"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo", "text/plain": ["<Figure>"]}}]},
  {"cell_type": "code", "metadata": {}, "outputs": [], "source": []},
  {"cell_type": "raw", "metadata": {}, "source": "as it is"}
 ],
 "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
 "nbformat": 4, "nbformat_minor": 5
}"##;

    #[track_caller]
    fn check(notebook: &str, expected: &str) {
        assert_eq!(readable("a/Lab.IPYNB", notebook), expected);
    }

    #[test]
    fn a_notebook_is_read_as_a_script_without_its_outputs() {
        check(
            FOUR,
            "# %% [markdown]\n# # Orders\n#\n# How many there are.\n\n# %%\nimport pandas as pd\norders = pd.read_csv(\"a.csv\")\n\n\
             # %% [raw]\n# as it is\n",
        );
        assert_eq!(readable("a.py", FOUR), FOUR, "only a notebook is one");
    }

    #[test]
    fn notebooks_of_format_3_have_headings_and_inputs() {
        check(
            r#"{"metadata": {"name": ""}, "nbformat": 3, "worksheets": [{"cells": [
              {"cell_type": "heading", "level": 2, "source": ["Load"]},
              {"cell_type": "code", "language": "python", "input": ["x = 1\n", "x"], "outputs": [], "prompt_number": 1}]}]}"#,
            "# %% [markdown]\n# ## Load\n\n# %%\nx = 1\nx\n",
        );
    }

    #[test]
    fn a_script_is_in_the_language_of_the_kernel() {
        let cell = r#""cells": [{"cell_type": "markdown", "source": "Says it."}, {"cell_type": "code", "source": "f();"}]"#;
        for (metadata, want) in [
            (r#"{"language_info": {"name": "C#"}}"#, Language::CSharp),
            (r#"{"kernelspec": {"language": "java", "name": "java"}}"#, Language::Java),
            (r#"{"kernelspec": {"language": "julia", "name": "julia-1.10"}}"#, Language::Julia),
            (r#"{"kernelspec": null}"#, Language::Python),
            ("[]", Language::Python),
        ] {
            let script = readable("a.ipynb", &format!("{{\"metadata\": {metadata}, {cell}}}")).into_owned();
            let first = script.lines().next().expect("a first line");
            assert_eq!(Language::of("a.ipynb", first), Some(want), "{script}");
        }
    }

    #[test]
    fn what_is_no_notebook_stays_as_it_is() {
        let nested = format!("{{\"cells\": {}", "[".repeat(500_000));
        let outputs = "[".repeat(200_000);
        let deep = format!("{{\"cells\": [{{\"cell_type\": \"code\", \"outputs\": {outputs}");
        let long = format!("{{\"cells\": \"{}\"}}", "y".repeat(30 << 20));
        for text in [
            "",
            "{",
            "[]",
            "null",
            "{}",
            "{\"cells\": 1}",
            "{\"cells\": [{\"cell_type\": \"code\", \"source\": 1}]}",
        ] {
            check(text, text);
        }
        for text in [&nested, &deep, &long, &FOUR[..FOUR.len() / 2].to_owned()] {
            assert!(
                matches!(readable("a.ipynb", text), Cow::Borrowed(_)),
                "damage gives no half of a notebook"
            );
        }
    }

    #[test]
    fn what_came_out_of_a_cell_costs_nothing_however_large_or_deep_it_is() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let large = "y".repeat(30 << 20);
        check(
            &format!(
                "{{\"cells\": [{{\"cell_type\": \"code\", \"source\": \"f()\", \"outputs\": [{deep}, \"{large}\"]}}]}}"
            ),
            "# %%\nf()\n",
        );
    }

    #[test]
    fn the_lines_of_the_program_stand_where_the_file_has_them() {
        let text = r##"{
 "cells": [
  {"cell_type": "markdown", "metadata": {},
   "source": [
    "# Prices\n"
   ]
  },
  {
   "cell_type": "code",
   "outputs": [
    {"text": [
      "import os\n"
    ]}
   ],
   "source": [
    "import pandas as pd\n",
    "\n",
    "def load(path):\n",
    "    return pd.read_csv(path)"
   ]
  }
 ],
 "metadata": {"language_info": {"name": "python"}}
}"##;
        let (language, program) = program(text).expect("a notebook");
        assert_eq!(language, Language::Python);
        let lines: Vec<&str> = program.lines().collect();
        let code: Vec<(usize, &str)> = lines
            .iter()
            .enumerate()
            .filter(|(_, line)| !line.is_empty())
            .map(|(at, line)| (at + 1, *line))
            .collect();
        assert_eq!(
            code,
            [(16, "import pandas as pd"), (18, "def load(path):"), (19, "    return pd.read_csv(path)")],
            "neither text nor what came out"
        );
        assert_eq!(super::program("{\"cells\": []}"), None, "nothing was written");
        assert_eq!(super::program("{}"), None);
    }
}
