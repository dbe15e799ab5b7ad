//! How long one page takes: `cargo run --release -p internflow-resume --example time [PROFILE.json] [FOLDER]`.
//! Cold is a new process without anything in memory, so only the first line is; warm is the same document again, and
//! changed the same with one letter more, as while typing. With a folder every template is written into it too.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::time::{Duration, Instant};

use internflow_domain::{Look, Profile, ResumeFormat, Template, Typesetter};
use internflow_resume::{Documents, parse_profile};

/// Times each measure is taken.
const TIMES: usize = 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let profile = match arguments.next() {
        Some(path) => parse_profile(&std::fs::read_to_string(path)?)?,
        None => parse_profile(&sample())?,
    };
    let folder = arguments.next();
    let start = Instant::now();
    let documents = Documents::new();
    let bytes = documents.export(&profile, Look::default(), ResumeFormat::Pdf)?;
    println!("cold PDF, fonts and all: {} ms, {} bytes", start.elapsed().as_millis(), bytes.len());
    println!(
        "{:10} {:>8} {:>8} {:>14} {:>14}  (ms, median and most of {TIMES})",
        "", "PDF", "", "SVG, changed", ""
    );
    for template in Template::ALL {
        let look = Look { template, ..Look::default() };
        let pdf = times(|_| documents.export(&profile, look, ResumeFormat::Pdf).map(drop))?;
        let svg = times(|i| documents.preview(&typed(&profile, i), look).map(drop))?;
        println!("{:10} {:>8.1} {:>8.1} {:>14.1} {:>14.1}", template.name(), pdf.0, pdf.1, svg.0, svg.1);
        if let Some(folder) = &folder {
            let stem = std::path::Path::new(folder).join(template.name().to_lowercase());
            for format in [ResumeFormat::Pdf, ResumeFormat::Docx, ResumeFormat::Html] {
                let bytes = documents.export(&profile, look, format)?;
                std::fs::write(stem.with_extension(format.extension()), bytes)?;
            }
        }
    }
    let start = Instant::now();
    let fit = documents.fit(&profile, Look::default(), &[], &[])?;
    let (proposed, took) = (fit.proposal.len(), start.elapsed().as_millis());
    println!("fit: {} pages at step {}, {proposed} omissions proposed, {took} ms", fit.pages, fit.step);
    Ok(())
}

/// Median and most, in milliseconds.
fn times<E>(mut run: impl FnMut(usize) -> Result<(), E>) -> Result<(f64, f64), E> {
    let mut all: Vec<Duration> = Vec::new();
    for i in 0..TIMES {
        let start = Instant::now();
        run(i)?;
        all.push(start.elapsed());
    }
    all.sort_unstable();
    let ms = |time: &Duration| time.as_secs_f64() * 1000.0;
    Ok((ms(&all[TIMES / 2]), ms(&all[TIMES - 1])))
}

/// The profile after a key more was pressed in the summary and in the first bullet.
fn typed(profile: &Profile, keys: usize) -> Profile {
    let mut typed = profile.clone();
    let more: String = "and more words as they are typed".chars().cycle().take(keys + 1).collect();
    typed.basics.summary.push_str(&more);
    if let Some(bullet) = typed.work.first_mut().and_then(|work| work.highlights.first_mut()) {
        bullet.push_str(&more);
    }
    typed
}

/// A page of an ordinary student.
fn sample() -> String {
    let bullet =
        "Moved the nightly script to a queue that picks up where it stopped: 14 hours became 6 minutes.";
    let bullets = [bullet; 3];
    serde_json::json!({
        "basics": {
            "name": "Asha Rao", "label": "B.Tech Computer Science, 2027", "email": "asha.rao@example.org",
            "phone": "+91 98765 43210", "location": {"city": "Pune", "countryCode": "IN"},
            "summary": "Third-year student who builds command-line tools; looking for a backend internship.",
            "profiles": [{"network": "GitHub", "username": "asharao", "url": "https://github.com/asharao"}]
        },
        "education": [{"institution": "College of Engineering, Pune", "studyType": "B.Tech",
            "area": "Computer Science", "startDate": "2023", "endDate": "2027", "score": "CGPA 8.9 / 10"}],
        "work": [{"name": "Ledgerly Payments", "position": "Backend Intern", "startDate": "2025-05",
            "endDate": "2025-07", "location": "Bengaluru", "highlights": bullets}],
        "projects": [
            {"name": "tidewater", "startDate": "2025-08", "keywords": ["Rust", "SQLite"], "highlights": bullets},
            {"name": "rollcall", "startDate": "2024", "keywords": ["Python", "FastAPI"], "highlights": bullets}
        ],
        "skills": [{"name": "Languages", "keywords": ["Rust", "Python", "C++"]}]
    })
    .to_string()
}
