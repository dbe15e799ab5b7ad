use super::*;

/// Each text with the technologies it names, comma-separated.
fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(technologies_in(text).join(", "), *expected, "in: {text}");
    }
}

#[test]
fn the_list_is_large_and_has_no_name_twice() {
    assert!(technologies().len() >= 170, "a gate that knows few names lets inventions pass");
    let mut seen = HashMap::new();
    for technology in technologies() {
        let entry = &technology.entry;
        for name in [&entry.name].into_iter().chain(&entry.aliases).chain(&entry.ambiguous_aliases) {
            assert!(name.is_ascii() && !name.is_empty(), "names are compared byte by byte: {name}");
            let lower = name.to_lowercase();
            if let Some(other) = seen.insert(lower, &entry.name) {
                panic!("{name} stands for {other} and {}: one of them could never be found", entry.name);
            }
        }
    }
}

#[test]
fn every_name_is_found_in_the_sentences_that_facts_are_made_of() {
    for technology in technologies() {
        for name in [&technology.name].into_iter().chain(&technology.entry.aliases) {
            for text in
                [format!("12 commits; uses {name}; 3 tests"), format!("Built it in {name}."), name.clone()]
            {
                assert_eq!(technologies_in(&text), [technology.name.as_str()], "in: {text}");
            }
        }
    }
}

#[test]
fn the_labels_of_languages_are_known() {
    for label in
        ["Python", "TypeScript JSX", "C", "C++", "Go", "R", "C#", "Shell", "SQL", "Vue", "Jupyter Notebook"]
    {
        assert_eq!(technologies_in(&format!("written in {label} and more")).len(), 1, "{label}");
    }
    check(&[
        ("written in TypeScript, C and Go", "TypeScript, C, Go"),
        ("12 lines of Rust in use today", "Rust"),
    ]);
}

#[test]
fn a_name_must_stand_alone_and_the_longest_wins() {
    check(&[
        ("Wrote JavaScript for the page", "JavaScript"),
        ("Ported C++ to C# and back", "C++, C#"),
        ("Wrote a Next.js front end.", "Next.js"),
        ("Used Next.js.", "Next.js"),
        ("a Spring Boot service with React Native", "Spring Boot, React Native"),
        ("MySQL and PostgreSQL, no other SQL", "MySQL, PostgreSQL, SQL"),
        ("GitHub Actions, not GitHub", "GitHub Actions, GitHub"),
        ("an ASP.NET and .NET shop at example.net", "ASP.NET, .NET"),
        ("Python3 and Java 8 and HTML5", "Python, Java, HTML"),
        ("Python's speed, (Redis), `pandas`", "Python, Redis, pandas"),
        ("pythonic, djangonaut, my_redis, redis_url, reactive", ""),
        ("tokio::spawn in redis.py and java.util.List", ""),
    ]);
}

#[test]
fn other_names_lead_to_the_display_name_once() {
    check(&[
        ("Postgres, postgresql and POSTGRES", "PostgreSQL"),
        ("sklearn with scikit-learn and scikit learn", "scikit-learn"),
        ("an Express.js API", "Express"),
        ("in Golang on K8s", "Go, Kubernetes"),
        ("Bash scripts and a Dockerfile", "Shell, Docker"),
        ("a C99 and C++17 code base", "C, C++"),
    ]);
}

#[test]
fn part_of_a_longer_name_or_a_path_is_not_a_mention() {
    check(&[
        ("project mini-redis", ""),
        ("pytest-cov and flask-cors", ""),
        ("module src/redis/client", ""),
        ("redis-backed and Docker-based, Django-like", "Redis, Docker, Django"),
        ("React/Redux on Node.js/Express", "React, Redux, Node.js, Express"),
        ("a C-style loop over USB-C", ""),
    ]);
}

#[test]
fn an_ordinary_word_is_a_technology_only_in_its_capitals() {
    check(&[
        ("made the page react to clicks and express intent", ""),
        ("a swift fix, rust on the flask, in the spring", ""),
        ("rewrote the page with React and the server with Express", "React, Express"),
        ("Built with Flask, Celery and Redis", "Flask, Celery, Redis"),
    ]);
}

#[test]
fn at_the_start_of_a_sentence_an_ordinary_word_needs_more() {
    check(&[
        ("Express intent clearly. React to events. Click the button.", ""),
        ("Requests are retried.\nRich output follows.", ""),
        ("Swift development of the parser", ""),
        ("React components for the form", "React"),
        ("Rust crate. Flask-based API. Spring services.", "Rust, Flask, Spring"),
        ("React, Redux and Express", "React, Redux, Express"),
        ("- React\n- Go\n- Flask", "React, Go, Flask"),
        ("Web frameworks, e.g. Flask", "Flask"),
        ("Rewrote it in Spring 2024, in the Spring semester", ""),
        ("an Echo server", ""),
    ]);
}

#[test]
fn one_or_two_letters_need_a_word_that_settles_it() {
    check(&[
        ("Wrote the daemon in C.", "C"),
        ("a Go service and an R package", "Go, R"),
        ("using Go, with R", "Go, R"),
        ("C/C++ firmware", "C, C++"),
        ("Python, C, and Go", "Python, C, Go"),
        ("Languages: C, Python", "C, Python"),
        ("a Go-based proxy (R)", "Go, R"),
        ("Go to the page; Let users Go back", ""),
        ("grades A, B and C; plan C; Vitamin C; R&D", ""),
        ("C. Smith and J. R. Jones", ""),
    ]);
}

#[test]
fn hostile_text_is_only_text() {
    let long = "React ".repeat(20_000);
    assert_eq!(technologies_in(&long), ["React"], "twenty thousand mentions are one name");
    check(&[
        ("", ""),
        ("\0Python\0", "Python"),
        ("\"'`(Redis", "Redis"),
        ("étéPython Pythoné 日本語Redis R² C™", ""),
        ("日本語 Redis 🦀 in Rust🦀", "Redis, Rust"),
        ("....++##//--", ""),
    ]);
    for c in ['a', ' ', '.', '-', '/', 'C', '\n', '\0', 'é'] {
        assert!(technologies_in(&c.to_string().repeat(1_000_000)).len() <= 1, "{c:?} a million times");
    }
}
