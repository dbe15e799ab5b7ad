-- One row: the user's profile as JSON Resume.
CREATE TABLE resume_profile (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    profile TEXT NOT NULL
) STRICT;
