//! HTML: one file without script and without anything from elsewhere, to be read, printed or pasted.

use internflow_domain::{Look, Paper};

use crate::dress::Dress;
use crate::sheet::{Entry, Line, Part, Sheet};

/// The sheet as a page of HTML, ending with a newline.
pub fn html(sheet: &Sheet, look: Look) -> String {
    let mut out = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    // Nothing may run or be fetched, whatever a field holds.
    out.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
    );
    element(&mut out, "title", &escape(&sheet.title));
    out.push_str(&format!("<style>\n{}</style>\n</head>\n<body>\n<main>\n<header>\n", style(look)));
    element(&mut out, "h1", &escape(&sheet.name));
    element(&mut out, "p class=\"label\"", &escape(&sheet.label));
    element(&mut out, "p class=\"facts\"", &facts(&sheet.contact));
    out.push_str("</header>\n");
    element(&mut out, "p", &escape(&sheet.summary));
    for section in &sheet.sections {
        out.push_str("<section>\n");
        element(&mut out, "h2", &escape(section.title));
        section.entries.iter().for_each(|entry| write_entry(&mut out, entry));
        section.lines.iter().for_each(|line| element(&mut out, "p class=\"line\"", &labelled(line)));
        out.push_str("</section>\n");
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn write_entry(out: &mut String, entry: &Entry) {
    out.push_str("<article>\n");
    let mut title = escape(&entry.title);
    if !entry.subtitle.is_empty() {
        title.push_str(&format!("<span>, {}</span>", escape(&entry.subtitle)));
    }
    element(out, "h3", &title);
    element(out, "p class=\"facts\"", &facts(&entry.facts()));
    element(out, "p", &escape(&entry.text));
    if !entry.bullets.is_empty() {
        out.push_str("<ul>\n");
        entry.bullets.iter().for_each(|bullet| element(out, "li", &escape(bullet)));
        out.push_str("</ul>\n");
    }
    out.push_str("</article>\n");
}

/// Facts with middle dots between them.
fn facts(parts: &[Part]) -> String {
    parts.iter().map(linked).collect::<Vec<_>>().join(" · ")
}

fn labelled(line: &Line) -> String {
    let label = Part { text: line.label.clone(), url: line.url.clone() };
    let label = if label.text.is_empty() { label.text } else { format!("<b>{}</b>", linked(&label)) };
    let colon = if label.is_empty() || line.text.is_empty() { "" } else { ": " };
    let date = if line.date.is_empty() { String::new() } else { format!(" · {}", escape(&line.date)) };
    format!("{label}{colon}{}{date}", escape(&line.text))
}

fn linked(part: &Part) -> String {
    let text = escape(&part.text);
    match &part.url {
        Some(url) => format!("<a href=\"{}\">{text}</a>", escape(url)),
        None => text,
    }
}

/// Appends an element on a line of its own; nothing when it would be empty.
fn element(out: &mut String, opening: &str, content: &str) {
    if !content.is_empty() {
        let name = opening.split(' ').next().unwrap_or(opening);
        out.push_str(&format!("<{opening}>{content}</{name}>\n"));
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn style(look: Look) -> String {
    let Dress { accent, serif, centred, capitals, .. } = Dress::of(look.template);
    let faces = if serif {
        "\"Libertinus Serif\", Cambria, Georgia, serif"
    } else {
        "Inter, Calibri, \"Segoe UI\", system-ui, sans-serif"
    };
    let paper = match look.paper {
        Paper::A4 => "A4",
        Paper::Letter => "letter",
    };
    let head = if centred { "header { text-align: center; }\n" } else { "" };
    let capitals = if capitals { " text-transform: uppercase; letter-spacing: .06em;" } else { "" };
    format!(
        "@page {{ size: {paper}; margin: 18mm 20mm; }}\n\
         body {{ margin: 0; background: #fff; color: #1b1f24; font: 11pt/1.45 {faces}; }}\n\
         main {{ max-width: 170mm; margin: 0 auto; padding: 16mm 6mm; overflow-wrap: anywhere; }}\n\
         {head}\
         h1 {{ margin: 0; font-size: 2.1em; line-height: 1.2; font-weight: 600; }}\n\
         h2 {{ margin: 1.5em 0 .5em; padding-bottom: .2em; border-bottom: 1px solid #c5ccd4; \
         color: #{accent}; font-size: 1.1em;{capitals} }}\n\
         h3 {{ margin: .9em 0 .1em; font-size: 1em; }}\n\
         h3 span {{ font-weight: 400; }}\n\
         p {{ margin: .2em 0; }}\n\
         header + p {{ margin-top: .9em; }}\n\
         ul {{ margin: .25em 0; padding-left: 1.1em; }}\n\
         li {{ margin: .15em 0; }}\n\
         a {{ color: inherit; text-decoration: none; }}\n\
         a:hover, a:focus {{ text-decoration: underline; }}\n\
         .label {{ font-size: 1.1em; }}\n\
         .label, .facts {{ color: #565e68; }}\n\
         .line {{ padding-left: 1em; text-indent: -1em; }}\n\
         h2, h3 {{ break-after: avoid; }}\n\
         li, .facts {{ break-inside: avoid; }}\n\
         @media print {{ main {{ max-width: none; padding: 0; }} body {{ font-size: 10pt; }} }}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use crate::sheet::sheet;

    fn page(profile: &internflow_domain::Profile) -> String {
        html(&sheet(profile, Look::default().template), Look::default())
    }

    #[test]
    fn structure_order_and_links() {
        let page = page(&samples::student());
        samples::assert_order(&page.to_lowercase(), &samples::READING_ORDER);
        for mark in [
            "<h1>Asha Rao</h1>",
            "<h2>Projects</h2>",
            "<h3>tidewater</h3>",
            "<a href=\"mailto:asha.rao@example.org\">",
            "@page { size: A4;",
            "<title>Résumé of Asha Rao</title>",
        ] {
            assert!(page.contains(mark), "{mark} must be in the page:\n{page}");
        }
    }

    #[test]
    fn words_are_never_markup() {
        let mut profile = samples::student();
        profile.basics.name = "<script>alert(1)</script> & \"Co\"".to_owned();
        profile.basics.url = "https://x.org/\"onmouseover=\"alert(1)".to_owned();
        profile.projects[0].url = "javascript:alert(1)".to_owned();
        profile.projects[0].highlights = vec!["</style></li><img src=x onerror='y'>".to_owned()];
        let page = page(&profile);
        for mark in ["<script", "<img", "\"onmouseover", "href=\"javascript"] {
            assert!(!page.contains(mark), "{mark} came out of a field and would run:\n{page}");
        }
        assert!(
            page.contains("<h1>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Co&quot;</h1>"),
            "{page}"
        );
    }
}
