//! Continuous integration, by the paths where its systems look for their files.

/// The system that reads the file at `path`.
pub fn ci_system(path: &str) -> Option<&'static str> {
    let is_yaml = path.ends_with(".yml") || path.ends_with(".yaml");
    match path {
        _ if is_yaml && path.strip_prefix(".github/workflows/").is_some_and(|file| !file.contains('/')) => {
            Some("GitHub Actions")
        }
        ".gitlab-ci.yml" => Some("GitLab CI"),
        ".circleci/config.yml" => Some("CircleCI"),
        ".travis.yml" => Some("Travis CI"),
        "azure-pipelines.yml" => Some("Azure Pipelines"),
        "bitbucket-pipelines.yml" => Some("Bitbucket Pipelines"),
        ".appveyor.yml" | "appveyor.yml" => Some("AppVeyor"),
        ".drone.yml" => Some("Drone"),
        "Jenkinsfile" => Some("Jenkins"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::ci_system;

    #[test]
    fn a_workflow_counts_where_its_system_would_run_it() {
        assert_eq!(ci_system(".github/workflows/test.yaml"), Some("GitHub Actions"));
        assert_eq!(ci_system("Jenkinsfile"), Some("Jenkins"));
        for path in [".github/workflows/a/b.yml", "docs/.gitlab-ci.yml", ".github/dependabot.yml", "ci.yml"] {
            assert_eq!(ci_system(path), None, "{path} is never run");
        }
    }
}
