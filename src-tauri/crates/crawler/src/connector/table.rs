//! Tables and links in Markdown and HTML, by one pass over the text.

/// Rows of a file that are read.
const MOST_ROWS: usize = 10_000;
/// Cells of a row that are read; the lists have seven at most.
const MOST_CELLS: usize = 40;

/// The rows of all tables of a text, each with its cells as written; the head of a table is its first row.
pub(super) fn tables(text: &str) -> Vec<Vec<Vec<String>>> {
    let mut tables = markdown(text);
    tables.extend(html(text));
    tables
}

fn markdown(text: &str) -> Vec<Vec<Vec<String>>> {
    let mut tables = Vec::new();
    let mut table: Vec<Vec<String>> = Vec::new();
    let mut rows = 0;
    for line in text.lines().chain([""]) {
        let line = line.trim();
        if line.starts_with('|') && rows < MOST_ROWS {
            let is_rule = line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ')) && line.contains('-');
            if !is_rule {
                rows += 1;
                table.push(cells(line));
            }
        } else if !table.is_empty() {
            tables.push(std::mem::take(&mut table));
        }
    }
    tables
}

/// The cells of a row of Markdown; `\|` is a bar of the text.
fn cells(line: &str) -> Vec<String> {
    let inner = line.strip_prefix('|').unwrap_or(line);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let mut cells = Vec::new();
    let mut cell = String::new();
    for character in inner.chars() {
        match character {
            '|' if cell.ends_with('\\') => {
                cell.pop();
                cell.push('|');
            }
            '|' => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
        if cells.len() == MOST_CELLS {
            break;
        }
    }
    cells.push(cell);
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn html(text: &str) -> Vec<Vec<Vec<String>>> {
    let lower = text.to_ascii_lowercase();
    let mut tables = Vec::new();
    let mut rows = 0;
    for (from, to) in between(&lower, "<table", "</table") {
        let mut table = Vec::new();
        // A row ends where the next begins: many leave its end out.
        for row in parts(&lower[from..to], &["<tr"]).into_iter().skip(1) {
            if rows >= MOST_ROWS {
                break;
            }
            rows += 1;
            let (start, end) = (from + row.0, from + row.1);
            let cells =
                parts(&lower[start..end], &["<td", "<th>", "<th "]).into_iter().skip(1).take(MOST_CELLS);
            table.push(cells.map(|(a, b)| cell(&text[start + a..start + b])).collect::<Vec<_>>());
        }
        table.retain(|row| !row.is_empty());
        if !table.is_empty() {
            tables.push(table);
        }
    }
    tables
}

/// What stands in a cell: from the end of its opening tag to its closing one.
fn cell(text: &str) -> String {
    let inner = text.split_once('>').map_or("", |(_, inner)| inner);
    let end = ["</td", "</th", "</tr"].iter().filter_map(|tag| inner.find(tag)).min().unwrap_or(inner.len());
    inner[..end].trim().to_owned()
}

/// The stretches between two words, one behind the other.
fn between(text: &str, open: &str, close: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(from) = text[at..].find(open).map(|n| at + n) {
        let to = text[from..].find(close).map_or(text.len(), |n| from + n);
        found.push((from, to));
        at = to;
    }
    found
}

/// A text cut before each of the words; the first part is what stands before the first.
fn parts(text: &str, words: &[&str]) -> Vec<(usize, usize)> {
    let mut cuts: Vec<usize> =
        words.iter().flat_map(|word| text.match_indices(word).map(|(at, _)| at)).collect();
    cuts.sort_unstable();
    let starts = [0].into_iter().chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain([text.len()]);
    starts.zip(ends).collect()
}

/// Addresses in `href` and `src` of HTML, in their order.
pub(super) fn links(html: &str) -> Vec<String> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for name in ["href=", "src="] {
        for (at, _) in html.match_indices(name).take(MOST_ROWS) {
            let value = &html[at + name.len()..];
            let quoted =
                value.strip_prefix('"').map(|v| (v, '"')).or(value.strip_prefix('\'').map(|v| (v, '\'')));
            // No address is longer; the end of a quote that is never closed is not looked for through the file.
            if let Some((value, quote)) = quoted
                && let Some(end) = value.bytes().take(2_000).position(|byte| byte == quote as u8)
            {
                found.push((at, value[..end].replace("&amp;", "&")));
            }
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, link)| link).collect()
}

/// The first web address of a cell, of its HTML or of its Markdown; pictures are passed over.
pub(super) fn link(cell: &str) -> Option<String> {
    let web = |address: &str| address.starts_with("http://") || address.starts_with("https://");
    let tags: String =
        cell.replace("<img", "<!").split("<!").enumerate().fold(String::new(), |mut out, (n, part)| {
            // Of a picture's tag only what follows it is kept.
            out.push_str(if n == 0 { part } else { part.split_once('>').map_or("", |(_, rest)| rest) });
            out
        });
    if let Some(address) = links(&tags).into_iter().find(|address| web(address)) {
        return Some(address);
    }
    let markdown = cell.match_indices("](").filter_map(|(at, _)| {
        let rest = &cell[at + 2..];
        let end = rest.find([')', ' '])?;
        let open = cell[..at].rfind('[')?;
        let picture = cell[..open].ends_with('!');
        (!picture && web(&rest[..end])).then(|| rest[..end].to_owned())
    });
    let written: Vec<String> = markdown.collect();
    written.into_iter().next().or_else(|| cell.split_whitespace().find(|word| web(word)).map(str::to_owned))
}
