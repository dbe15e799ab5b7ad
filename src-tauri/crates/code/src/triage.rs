//! What a review leaves out, and why, in the user's words.

use crate::Language;

/// Larger files are written by machines.
const MAX_BYTES: usize = 1_000_000;
const MAX_LINES: usize = 50_000;
/// JSON longer than this is data, unless it is a manifest; shorter files are configuration worth a look.
const MAX_JSON_LINES: usize = 200;

const LOCK_FILES: &[&str] = &[
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lockb",
    "bun.lock",
    "cargo.lock",
    "poetry.lock",
    "pipfile.lock",
    "uv.lock",
    "pdm.lock",
    "gemfile.lock",
    "composer.lock",
    "go.sum",
    "go.work.sum",
    "gradle.lockfile",
    "packages.lock.json",
    "pubspec.lock",
    "mix.lock",
    "flake.lock",
    "deno.lock",
    "paket.lock",
    "pixi.lock",
    "project.assets.json",
    "podfile.lock",
    "package.resolved",
    ".terraform.lock.hcl",
];

/// Folders that hold other people's code or a build's output, wherever they stand in the path.
const VENDORED_FOLDERS: &[&str] = &[
    "node_modules",
    "bower_components",
    "vendor",
    "third_party",
    "third-party",
    "thirdparty",
    "site-packages",
    ".venv",
    "venv",
    "__pycache__",
    ".gradle",
    ".next",
    ".nuxt",
    "pods",
];

/// The same, but common as names inside source folders too: vendored only at the top or beside a
/// package (`dist/`, `packages/a/dist/`), not under `src/`.
const OUTPUT_FOLDERS: &[&str] = &["dist", "build", "out", "target", "obj", "coverage", "htmlcov"];

const GENERATED_ENDS: &[&str] = &[
    ".pb.go",
    ".pb.cc",
    ".pb.h",
    "_pb2.py",
    "_pb2.pyi",
    "_pb2_grpc.py",
    "_pb.js",
    "_pb.d.ts",
    ".g.dart",
    ".freezed.dart",
    ".designer.cs",
    ".g.cs",
    ".g.i.cs",
    "modelsnapshot.cs",
    ".snap",
    ".bundle.js",
    ".chunk.js",
    ".map",
    "_generated.go",
    "_gen.go",
    ".gen.go",
    ".gen.ts",
    ".generated.ts",
];

const BINARY_ENDS: &[&str] = &[
    "png",
    "jpg",
    "jpeg",
    "gif",
    "webp",
    "ico",
    "bmp",
    "tif",
    "tiff",
    "pdf",
    "zip",
    "gz",
    "bz2",
    "xz",
    "7z",
    "tar",
    "jar",
    "war",
    "class",
    "o",
    "a",
    "so",
    "dll",
    "dylib",
    "exe",
    "wasm",
    "woff",
    "woff2",
    "ttf",
    "otf",
    "eot",
    "mp3",
    "mp4",
    "wav",
    "ogg",
    "webm",
    "mov",
    "avi",
    "pyc",
    "pkl",
    "npy",
    "npz",
    "parquet",
    "onnx",
    "pt",
    "pth",
    "h5",
    "safetensors",
    "gguf",
    "sqlite",
    "db",
    "bin",
    "psd",
    "keystore",
    "jks",
];

const DATA_ENDS: &[&str] = &[
    "csv", "tsv", "svg", "geojson", "jsonl", "ndjson", "arff", "log", "dat", "po", "pot", "mo", "sqlite3",
    "patch", "diff",
];

/// Says why the file at `path` is not reviewed, in words for the user ("lock file", "too large
/// (1.4 MB)"); None when it should be. `content` is None where the text could not be read; `bytes`
/// is the file's size.
pub fn skip_reason(path: &str, content: Option<&str>, bytes: usize) -> Option<String> {
    by_path(path).map(str::to_owned).or_else(|| by_content(path, content, bytes))
}

fn by_path(path: &str) -> Option<&'static str> {
    let lower = path.to_ascii_lowercase();
    let (folders, file) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
    if LOCK_FILES.contains(&file) {
        return Some("lock file");
    }
    let folders: Vec<&str> = folders.split('/').filter(|f| !f.is_empty()).collect();
    let source = folders.iter().position(|f| matches!(*f, "src" | "lib" | "app")).unwrap_or(folders.len());
    if folders.iter().any(|f| VENDORED_FOLDERS.contains(f)) {
        return Some("vendored");
    }
    if folders[..source].iter().any(|f| OUTPUT_FOLDERS.contains(f)) {
        return Some("build output");
    }
    if file.ends_with(".min.js") || file.ends_with(".min.css") || file.ends_with(".min.mjs") {
        return Some("minified");
    }
    if GENERATED_ENDS.iter().any(|end| file.ends_with(end)) || folders.contains(&"__snapshots__") {
        return Some("generated");
    }
    if BINARY_ENDS.contains(&extension) {
        return Some("binary");
    }
    DATA_ENDS.contains(&extension).then_some("data file")
}

fn by_content(path: &str, content: Option<&str>, bytes: usize) -> Option<String> {
    if bytes > MAX_BYTES {
        return Some(format!("too large ({:.1} MB)", bytes as f64 / 1e6));
    }
    let Some(text) = content else { return Some("binary".into()) };
    let lines = text.bytes().filter(|b| *b == b'\n').count();
    if lines > MAX_LINES {
        return Some(format!("too large ({lines} lines)"));
    }
    if text.bytes().take(8_000).any(|b| b == 0) {
        return Some("binary".into());
    }
    let language = Language::of(path, text.lines().next().unwrap_or(""));
    if is_generated(text) {
        return Some("generated".into());
    }
    if language.is_some_and(|l| !l.is_data()) && is_minified(text) {
        return Some("minified".into());
    }
    match language {
        None => Some("not source code".into()),
        Some(Language::Notebook) => Some("notebook".into()),
        Some(Language::Json) if is_json_manifest(path) => None,
        Some(Language::Json) if lines > MAX_JSON_LINES || is_minified(text) => Some("data file".into()),
        Some(_) => None,
    }
}

/// JSON by which people say how a project is built, however long it has grown.
fn is_json_manifest(path: &str) -> bool {
    const NAMES: &[&str] = &[
        "angular.json",
        "app.json",
        "bower.json",
        "cmakepresets.json",
        "composer.json",
        "deno.json",
        "deno.jsonc",
        "devcontainer.json",
        "firebase.json",
        "global.json",
        "jsconfig.json",
        "lerna.json",
        "manifest.json",
        "nx.json",
        "package.json",
        "project.json",
        "rush.json",
        "turbo.json",
        "vcpkg.json",
        "vercel.json",
    ];
    let file = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let family = ["tsconfig", "appsettings", ".eslintrc"].iter().any(|start| file.starts_with(start));
    NAMES.contains(&file.as_str()) || (family && file.ends_with(".json"))
}

/// The first lines of a generated file say so. The words must stand in a comment, so that a program
/// which writes such a line is not taken for its own output.
fn is_generated(text: &str) -> bool {
    text.lines().take(12).any(|line| {
        if !is_comment(line) {
            return false;
        }
        let lower = line.get(..line.floor_char_boundary(300)).unwrap_or(line).to_ascii_lowercase();
        (lower.contains("generated") && (lower.contains("do not edit") || lower.contains("do not modify")))
            || lower.contains("@generated")
            || lower.contains("<auto-generated")
            || lower.contains("autogenerated file")
            || lower.contains("this file is generated")
            || lower.contains("this file was automatically generated")
            || lower.contains("generated by the protocol buffer compiler")
    })
}

/// Lines longer than people write: a bundler's output. One long line among many, a picture in a string or a
/// text that would like the file to be left out, does not make a file one.
fn is_minified(text: &str) -> bool {
    if text.len() < 2_000 {
        return false;
    }
    let (long, short): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.len() > 1_000);
    let bytes = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
    let code = short.iter().filter(|line| !line.trim().is_empty() && !is_comment(line)).count();
    bytes(&short) > 300 * short.len().max(1) || (bytes(&long) * 2 > text.len() && long.len() * 10 >= code)
}

/// A line that begins as comments do in one language or another.
fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    ["//", "#", "/*", "*", "--", "<!--", ";", "%", "'''", "\"\"\""]
        .iter()
        .any(|start| line.starts_with(start))
}

/// True when `old` and `new` are one program written with other white space. Where indentation has
/// meaning (Python, YAML), every line's indentation counts as part of the program.
pub fn formatting_only(path: &str, old: &str, new: &str) -> bool {
    let indents = Language::of(path, new.lines().next().unwrap_or("")).is_none_or(Language::indents);
    if indents {
        let lines = |text: &str| -> Vec<String> {
            text.lines().map(|l| l.trim_end().replace('\t', "        ")).filter(|l| !l.is_empty()).collect()
        };
        return lines(old) == lines(new);
    }
    squeezed(old).eq(squeezed(new))
}

/// The characters of a text without white space, except where it has meaning: inside quotes, between
/// words (`int x` and `intx` differ) and between operators (`a - -b` and `a --b` differ).
fn squeezed(text: &str) -> impl Iterator<Item = char> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let operator = |c: char| "+-*/<>=&|!?:.".contains(c);
    let mut last = ' ';
    let mut gap = false;
    let mut quote = None;
    text.chars()
        .flat_map(move |c| {
            if c.is_whitespace() && (quote.is_none() || c == '\n') {
                gap = true;
                quote = quote.filter(|q| *q == '`');
                return [None, None];
            }
            let apart = gap && ((word(last) && word(c)) || (operator(last) && operator(c)));
            gap = false;
            if matches!(c, '"' | '\'' | '`') && last != '\\' {
                quote = match quote {
                    None => Some(c),
                    Some(open) => Some(open).filter(|open| *open != c),
                };
            }
            last = c;
            [apart.then_some(' '), Some(c)]
        })
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(path: &str, text: &str) -> Option<String> {
        skip_reason(path, Some(text), text.len())
    }

    #[test]
    fn machine_written_files_are_left_out_with_a_reason() {
        let cases = [
            ("web/package-lock.json", "{}", "lock file"),
            ("Cargo.lock", "", "lock file"),
            ("Shop/obj/project.assets.json", "{}", "lock file"),
            ("Shop/obj/Shop.AssemblyInfo.cs", "x", "build output"),
            ("a/node_modules/x/index.js", "x", "vendored"),
            ("dist/app.js", "x", "build output"),
            ("static/jquery.min.js", "x", "minified"),
            ("api/user.pb.go", "package api", "generated"),
            ("x.go", "// Code generated by stringer; DO NOT EDIT.\npackage x", "generated"),
            ("x.ts", "/* eslint-disable */\n// @generated\n", "generated"),
            ("data/iris.csv", "1,2", "data file"),
            ("logo.svg", "<svg/>", "data file"),
            ("logo.png", "", "binary"),
            ("a.py", "x\0y", "binary"),
            ("nb.ipynb", "{}", "notebook"),
            ("what.ever", "x", "not source code"),
        ];
        for (path, text, want) in cases {
            assert_eq!(reason(path, text).as_deref(), Some(want), "{path}");
        }
        assert_eq!(skip_reason("a.py", Some(""), 1_400_000).as_deref(), Some("too large (1.4 MB)"));
        assert_eq!(reason("a.py", &"x\n".repeat(50_001)).as_deref(), Some("too large (50001 lines)"));
        assert_eq!(reason("a.js", &"var a=1;".repeat(1_000)).as_deref(), Some("minified"));
        let bundle = format!("/*!\n * a library\n */\n{}\n", "var a=1;".repeat(1_000));
        assert_eq!(reason("a.js", &bundle).as_deref(), Some("minified"));
        let hidden = format!("{}// {}\n", "const a = load(1);\n".repeat(12), "x".repeat(16_000));
        assert_eq!(reason("a.js", &hidden), None, "a long comment does not hide a file");
        assert_eq!(reason("a.json", &"1,\n".repeat(300)).as_deref(), Some("data file"));
        for manifest in ["web/package.json", "tsconfig.build.json", "Cargo.toml", ".github/workflows/ci.yml"]
        {
            assert_eq!(reason(manifest, &"1,\n".repeat(300)), None, "{manifest} says how a project is built");
        }
    }

    #[test]
    fn peoples_files_are_reviewed() {
        let cases = [
            ("Shop/Cart.cs", "class Cart { }"),
            ("src/build/plan.rs", "fn main() {}"),
            ("lib/dist/index.py", "x = 1"),
            ("package.json", "{}"),
            ("README.md", "# Hello"),
            ("gen.py", "print('// Code generated by gen.py. DO NOT EDIT.')"),
            ("a.py", ""),
        ];
        for (path, text) in cases {
            assert_eq!(reason(path, text), None, "{path} is written by a person");
        }
    }

    #[test]
    fn formatting_changes_are_told_from_changes_of_meaning() {
        assert!(formatting_only("a.js", "if(a){b()}", "if (a) {\n  b()\n}\n"));
        assert!(!formatting_only("a.js", "return x", "returnx"), "words must stay apart");
        assert!(
            !formatting_only("a.py", "if a:\n    b()\nc()", "if a:\n    b()\n    c()"),
            "c() moved into the branch"
        );
        assert!(formatting_only("a.py", "a = 1\n\n\nb = 2", "a = 1\nb = 2  \n"));
        assert!(!formatting_only("a.js", "x = 'a  b'", "x = 'a b'"), "a string's spaces are data");
        assert!(!formatting_only("a.c", "a - -b", "a --b"));
        assert!(!formatting_only("a.js", "a", "b"));
        assert!(formatting_only("a.js", "", ""));
    }
}
