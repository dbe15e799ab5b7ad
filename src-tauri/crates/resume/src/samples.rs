//! Profiles that tests of this crate share.

use internflow_domain::{Basics, Education, Location, OnlineProfile, Profile, Project, Skill, Work};

fn s(text: &str) -> String {
    text.to_owned()
}

fn all(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|t| s(t)).collect()
}

/// What must follow what in every format, in lower case.
pub const READING_ORDER: [&str; 9] = [
    "asha rao",
    "asha.rao@example.org",
    "education",
    "college of engineering",
    "experience",
    "ledgerly",
    "projects",
    "tidewater",
    "skills",
];

pub fn assert_order(text: &str, wanted: &[&str]) {
    let mut from = 0;
    for word in wanted {
        match text[from..].find(word) {
            Some(at) => from += at + word.len(),
            None => panic!("{word:?} is missing or out of reading order in:\n{text}"),
        }
    }
}

/// A student with every section, about three quarters of a page.
pub fn student() -> Profile {
    Profile {
        basics: Basics {
            name: s("Asha Rao"),
            label: s("B.Tech Computer Science and Engineering, 2027"),
            email: s("asha.rao@example.org"),
            phone: s("+91 98765 43210"),
            summary: s("Third-year student who builds command-line tools; looking for a backend internship."),
            location: Location { city: s("Pune"), country_code: s("IN"), ..Location::default() },
            profiles: vec![OnlineProfile {
                network: s("GitHub"),
                username: s("asharao"),
                url: s("https://github.com/asharao"),
            }],
            ..Basics::default()
        },
        education: vec![Education {
            institution: s("College of Engineering, Pune"),
            area: s("Computer Science and Engineering"),
            study_type: s("B.Tech"),
            start_date: s("2023"),
            end_date: s("2027"),
            score: s("CGPA 8.9 / 10"),
            courses: all(&["Operating Systems", "Databases", "Compilers"]),
            ..Education::default()
        }],
        work: vec![Work {
            name: s("Ledgerly Payments"),
            position: s("Backend Intern"),
            location: s("Bengaluru"),
            start_date: s("2025-05-05"),
            end_date: s("2025-07-31"),
            highlights: all(&[
                "Moved reconciliation from a nightly script to an incremental queue: 14 hours became 6 minutes.",
                "Wrote 63 integration tests for refunds and found two rounding errors in ₹ amounts.",
            ]),
            ..Work::default()
        }],
        projects: vec![
            Project {
                name: s("tidewater"),
                description: s("A local-first notes server that syncs over unreliable networks."),
                url: s("https://github.com/asharao/tidewater"),
                start_date: s("2025-08"),
                highlights: all(&[
                    "Designed a log-structured store with checksummed pages; efficient official files.",
                    "Reduced sync traffic by 71% with delta encoding → 9 KB for a typical day of edits.",
                ]),
                keywords: all(&["Rust", "SQLite", "Tokio"]),
                ..Project::default()
            },
            Project {
                name: s("rollcall"),
                start_date: s("2024"),
                highlights: all(&[
                    "Attendance service with signed QR codes; 18 endpoints, 94% line coverage.",
                ]),
                keywords: all(&["Python", "FastAPI"]),
                ..Project::default()
            },
        ],
        skills: vec![
            Skill { name: s("Languages"), keywords: all(&["Rust", "Python", "C++"]), ..Skill::default() },
            Skill { name: s("Tools"), keywords: all(&["Git", "Linux", "Docker"]), ..Skill::default() },
        ],
        ..Profile::default()
    }
}

/// The student with `count` more projects of three bullets each.
pub fn busy(count: usize) -> Profile {
    let mut profile = student();
    for i in 0..count {
        let bullet = |n: usize| {
            format!("Did thing {n} of project {i} well, measured it, and wrote down what it cost.")
        };
        profile.projects.push(Project {
            name: format!("project-{i}"),
            highlights: (0..3).map(bullet).collect(),
            keywords: all(&["Go", "gRPC"]),
            ..Project::default()
        });
    }
    profile
}
