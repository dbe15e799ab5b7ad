//! Which language a file is written in, by its name and its first line.

use crate::notebook;

/// A language by name. Those with a [`Language::grammar`] are parsed; the others are only named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    Python,
    JavaScript,
    TypeScript,
    Tsx,
    Java,
    C,
    Cpp,
    Go,
    Rust,
    CSharp,
    Kotlin,
    Swift,
    Ruby,
    Php,
    Scala,
    Dart,
    R,
    Julia,
    Lua,
    Perl,
    Haskell,
    Elixir,
    Sql,
    Shell,
    PowerShell,
    Html,
    Css,
    Vue,
    Svelte,
    Json,
    Yaml,
    Toml,
    Ini,
    Xml,
    Protobuf,
    GraphQl,
    Terraform,
    Cmake,
    Makefile,
    Dockerfile,
    Markdown,
    Notebook,
    Text,
}

use Language::*;

/// What is known of one language. `comment` is the line-comment prefix, empty where there is none.
struct Entry {
    language: Language,
    name: &'static str,
    label: &'static str,
    comment: &'static str,
    /// Lower-case file extensions.
    extensions: &'static [&'static str],
}

const fn entry(
    language: Language,
    name: &'static str,
    label: &'static str,
    comment: &'static str,
    extensions: &'static [&'static str],
) -> Entry {
    Entry { language, name, label, comment, extensions }
}

/// In the order of the enum, so that a language's number is its index.
const TABLE: &[Entry] = &[
    entry(Python, "python", "Python", "#", &["py", "pyi", "pyw"]),
    entry(JavaScript, "javascript", "JavaScript", "//", &["js", "mjs", "cjs", "jsx", "es6"]),
    entry(TypeScript, "typescript", "TypeScript", "//", &["ts", "mts", "cts"]),
    entry(Tsx, "tsx", "TypeScript JSX", "//", &["tsx"]),
    entry(Java, "java", "Java", "//", &["java"]),
    entry(C, "c", "C", "//", &["c", "h"]),
    entry(
        Cpp,
        "cpp",
        "C++",
        "//",
        &["cpp", "cc", "cxx", "c++", "hpp", "hh", "hxx", "h++", "ipp", "tpp", "inl", "cu", "cuh", "ino"],
    ),
    entry(Go, "go", "Go", "//", &["go"]),
    entry(Rust, "rust", "Rust", "//", &["rs"]),
    entry(CSharp, "csharp", "C#", "//", &["cs", "csx"]),
    entry(Kotlin, "kotlin", "Kotlin", "//", &["kt", "kts"]),
    entry(Swift, "swift", "Swift", "//", &["swift"]),
    entry(Ruby, "ruby", "Ruby", "#", &["rb", "rake", "gemspec"]),
    entry(Php, "php", "PHP", "//", &["php", "phtml"]),
    entry(Scala, "scala", "Scala", "//", &["scala", "sc"]),
    entry(Dart, "dart", "Dart", "//", &["dart"]),
    entry(R, "r", "R", "#", &["r", "rmd"]),
    entry(Julia, "julia", "Julia", "#", &["jl"]),
    entry(Lua, "lua", "Lua", "--", &["lua"]),
    entry(Perl, "perl", "Perl", "#", &["pl", "pm"]),
    entry(Haskell, "haskell", "Haskell", "--", &["hs"]),
    entry(Elixir, "elixir", "Elixir", "#", &["ex", "exs"]),
    entry(Sql, "sql", "SQL", "--", &["sql"]),
    entry(Shell, "shell", "Shell", "#", &["sh", "bash", "zsh", "fish"]),
    entry(PowerShell, "powershell", "PowerShell", "#", &["ps1", "psm1"]),
    entry(Html, "html", "HTML", "", &["html", "htm", "xhtml", "jinja", "j2", "ejs", "hbs"]),
    entry(Css, "css", "CSS", "", &["css", "scss", "sass", "less"]),
    entry(Vue, "vue", "Vue", "", &["vue"]),
    entry(Svelte, "svelte", "Svelte", "", &["svelte"]),
    entry(Json, "json", "JSON", "", &["json", "jsonc", "json5", "webmanifest"]),
    entry(Yaml, "yaml", "YAML", "#", &["yaml", "yml"]),
    entry(Toml, "toml", "TOML", "#", &["toml"]),
    entry(Ini, "ini", "INI", "#", &["ini", "cfg", "conf", "properties", "env"]),
    entry(
        Xml,
        "xml",
        "XML",
        "",
        &["xml", "xsd", "xsl", "plist", "csproj", "fsproj", "vbproj", "props", "targets"],
    ),
    entry(Protobuf, "protobuf", "Protocol Buffers", "//", &["proto"]),
    entry(GraphQl, "graphql", "GraphQL", "#", &["graphql", "gql"]),
    entry(Terraform, "terraform", "Terraform", "#", &["tf", "tfvars", "hcl"]),
    entry(Cmake, "cmake", "CMake", "#", &["cmake"]),
    entry(Makefile, "makefile", "Makefile", "#", &["mk"]),
    entry(Dockerfile, "dockerfile", "Dockerfile", "#", &["dockerfile"]),
    entry(Markdown, "markdown", "Markdown", "", &["md", "markdown", "mdx"]),
    entry(Notebook, "notebook", "Jupyter Notebook", "", &["ipynb"]),
    entry(Text, "text", "Plain text", "", &["txt", "rst", "adoc", "text"]),
];

impl Language {
    /// Names the language of the file at `path` (`/`-separated); `first_line` decides where the name
    /// does not (a script without extension, a C++ header that says so). A notebook that was made
    /// [`crate::readable`] has the language of its kernel. None for unknown files.
    pub fn of(path: &str, first_line: &str) -> Option<Language> {
        let file = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        if let Some(language) = by_file_name(&file) {
            return Some(language);
        }
        let extension = match file.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => extension,
            _ => return by_first_line(first_line),
        };
        let found = TABLE.iter().find(|e| e.extensions.contains(&extension)).map(|e| e.language);
        match found {
            Some(C) if extension == "h" && first_line.contains("C++") => Some(Cpp),
            // Qt translation files share the extension with TypeScript.
            Some(TypeScript) if first_line.trim_start().starts_with("<?xml") => Some(Xml),
            Some(Notebook) => Some(notebook::kernel_of(first_line).unwrap_or(Notebook)),
            Some(language) => Some(language),
            None => by_first_line(first_line),
        }
    }

    /// The language called `name` (as [`Language::name`] gives it).
    pub fn parse(name: &str) -> Option<Language> {
        TABLE.iter().find(|e| e.name == name).map(|e| e.language)
    }

    /// The language that other programs mean by `word`: `C++17`, `python3`, `bash`, `C#`.
    pub(crate) fn called(word: &str) -> Option<Language> {
        let word = word.trim().to_ascii_lowercase();
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let is =
            |e: &&Entry| e.name == word || e.label.eq_ignore_ascii_case(word) || e.extensions.contains(&word);
        TABLE.iter().find(is).map(|e| e.language)
    }

    fn entry(self) -> &'static Entry {
        &TABLE[self as usize]
    }

    /// Lower-case name for records and rule ids: `"python"`.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// Name as people write it: `"C++"`.
    pub fn label(self) -> &'static str {
        self.entry().label
    }

    /// What starts a comment that ends with the line; None where the language has no such comment.
    pub fn comment_prefix(self) -> Option<&'static str> {
        Some(self.entry().comment).filter(|prefix| !prefix.is_empty())
    }

    /// The parser's tables, for the languages whose programs are parsed.
    pub fn grammar(self) -> Option<tree_sitter::Language> {
        Some(match self {
            Python => tree_sitter_python::LANGUAGE.into(),
            JavaScript => tree_sitter_javascript::LANGUAGE.into(),
            TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
            Java => tree_sitter_java::LANGUAGE.into(),
            C => tree_sitter_c::LANGUAGE.into(),
            Cpp => tree_sitter_cpp::LANGUAGE.into(),
            Go => tree_sitter_go::LANGUAGE.into(),
            Rust => tree_sitter_rust::LANGUAGE.into(),
            CSharp => tree_sitter_c_sharp::LANGUAGE.into(),
            Shell => tree_sitter_bash::LANGUAGE.into(),
            _ => return None,
        })
    }

    /// The tables that rules read a file with: those of [`Language::grammar`], and those of configuration that
    /// runs something, which has rules but no functions to cut, to measure or to ask about.
    pub(crate) fn rule_grammar(self) -> Option<tree_sitter::Language> {
        self.grammar().or_else(|| {
            Some(match self {
                Yaml => tree_sitter_yaml::LANGUAGE.into(),
                Dockerfile => tree_sitter_containerfile::LANGUAGE.into(),
                _ => return None,
            })
        })
    }

    /// Indentation carries meaning, so that a change of white space is a change of the program.
    pub fn indents(self) -> bool {
        matches!(self, Python | Yaml | Makefile | Haskell | Markdown | Text | Notebook)
    }

    /// A file of this language says how something is built or set up, and is understood as a whole.
    pub(crate) fn is_configuration(self) -> bool {
        matches!(self, Json | Yaml | Toml | Ini | Xml | Cmake | Makefile | Dockerfile)
    }

    /// A file of this language holds data or prose, not a program.
    pub fn is_data(self) -> bool {
        matches!(self, Json | Yaml | Toml | Ini | Xml | Markdown | Notebook | Text)
    }
}

fn by_file_name(file: &str) -> Option<Language> {
    Some(match file {
        "dockerfile" | "containerfile" => Dockerfile,
        "makefile" | "gnumakefile" => Makefile,
        "cmakelists.txt" => Cmake,
        "gemfile" | "rakefile" | "podfile" | "vagrantfile" => Ruby,
        "pipfile" => Toml,
        // Manifests in languages of their own. Their lines prove no skill, but are looked for.
        "go.mod" | "go.work" | "build.gradle" | "settings.gradle" | "procfile" => Text,
        "jenkinsfile" => return None,
        "readme" | "license" | "copying" | "notice" | "authors" | "changes" | "changelog" => Text,
        ".bashrc" | ".bash_profile" | ".bash_aliases" | ".profile" | ".zshrc" => Shell,
        ".env" => Ini,
        "meson.build" | "sconstruct" | "wscript" => Python,
        _ if is_container_file(file) => Dockerfile,
        _ if file.starts_with(".env.") => Ini,
        _ => return None,
    })
}

/// `Dockerfile.prod`, but not `Dockerfile.md`, which is about one.
fn is_container_file(file: &str) -> bool {
    let variant = file.strip_prefix("dockerfile.").or_else(|| file.strip_prefix("containerfile."));
    variant.is_some_and(|variant| {
        !matches!(variant, "md" | "txt" | "json" | "toml" | "yaml" | "yml" | "dockerignore")
    })
}

fn by_first_line(line: &str) -> Option<Language> {
    let interpreter = line.strip_prefix("#!")?;
    let word = |name: &str| {
        interpreter
            .split(|c: char| c == '/' || c.is_whitespace())
            .any(|part| part.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.') == name)
    };
    [
        (["python", "pypy"], Python),
        (["node", "deno"], JavaScript),
        (["ts-node", "tsx"], TypeScript),
        (["sh", "bash"], Shell),
        (["zsh", "dash"], Shell),
        (["ruby", "jruby"], Ruby),
        (["perl", "perl"], Perl),
        (["php", "php-cgi"], Php),
    ]
    .into_iter()
    .find(|(names, _)| names.iter().any(|name| word(name)))
    .map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (index, entry) in TABLE.iter().enumerate() {
            assert_eq!(
                entry.language as usize, index,
                "{} would answer with another language's data",
                entry.name
            );
            assert_eq!(Language::parse(entry.name), Some(entry.language));
        }
    }

    #[test]
    fn files_are_named_by_extension_name_and_first_line() {
        let cases = [
            ("src/app.py", "", Some(Python)),
            ("a/b.test.TSX", "", Some(Tsx)),
            ("Dockerfile", "", Some(Dockerfile)),
            ("deploy/Dockerfile.prod", "", Some(Dockerfile)),
            ("Containerfile.dev", "", Some(Dockerfile)),
            ("rules/dockerfile.toml", "", Some(Toml)),
            ("Dockerfile.dockerignore", "", None),
            ("api.dockerfile", "", Some(Dockerfile)),
            ("deploy.bash", "", Some(Shell)),
            ("include/x.h", "// -*- C++ -*-", Some(Cpp)),
            ("include/x.h", "#pragma once", Some(C)),
            ("lang/de.ts", "<?xml version=\"1.0\"?>", Some(Xml)),
            ("bin/run", "#!/usr/bin/env python3.12", Some(Python)),
            ("bin/run", "#!/bin/sh -e", Some(Shell)),
            ("bin/run", "hello", None),
            (".gitignore", "", None),
            ("", "", None),
            ("dir.py/", "", None),
            ("Shop/Cart.cs", "\u{feff}using System;", Some(CSharp)),
            ("go.mod", "module x", Some(Text)),
            ("nb.ipynb", "{", Some(Notebook)),
            ("nb.ipynb", "# %% [markdown]", Some(Python)),
            ("nb.ipynb", "// %% kernel=\"csharp\"", Some(CSharp)),
        ];
        for (path, first, want) in cases {
            assert_eq!(Language::of(path, first), want, "{path:?} with first line {first:?}");
        }
    }

    #[test]
    fn kernels_call_languages_by_many_names() {
        let cases = [
            ("python3", Some(Python)),
            ("C#", Some(CSharp)),
            ("C++17", Some(Cpp)),
            ("R", Some(R)),
            ("bash", Some(Shell)),
            ("", None),
            ("3.12", None),
            ("brainfuck", None),
        ];
        for (word, want) in cases {
            assert_eq!(Language::called(word), want, "{word:?}");
        }
    }

    #[test]
    fn every_grammar_loads_in_this_parser() {
        let mut count = 0;
        for grammar in TABLE.iter().filter_map(|e| e.language.rule_grammar()) {
            count += 1;
            tree_sitter::Parser::new()
                .set_language(&grammar)
                .expect("a grammar of another ABI cannot be used");
        }
        assert_eq!(count, 13);
    }

    #[test]
    fn configuration_is_read_by_rules_and_is_no_program() {
        for language in [Yaml, Dockerfile] {
            assert!(language.rule_grammar().is_some() && language.grammar().is_none(), "{}", language.name());
        }
        assert!(Shell.grammar().is_some(), "a script has functions, and is worth a question");
    }
}
