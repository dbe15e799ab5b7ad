-- Which rules of a repository were ever dismissed: every page of the history asks, and mostly none was.
CREATE INDEX finding_dismissed ON finding (repository_id, rule) WHERE dismissed IS NOT NULL;
