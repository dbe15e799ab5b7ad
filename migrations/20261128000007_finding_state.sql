ALTER TABLE finding ADD COLUMN rule TEXT GENERATED ALWAYS AS (json_extract(finding, '$.rule')) VIRTUAL;
CREATE INDEX finding_rule ON finding (repository_id, rule);
-- The finding with the same rule and the same line that the user dismissed before, and this one with it.
ALTER TABLE finding ADD COLUMN twin_of INTEGER REFERENCES finding (id) ON DELETE SET NULL;

-- What became of a finding on the way to `repository.traced`. Git says it all: it is made anew whenever in doubt.
CREATE TABLE finding_state (
    finding_id INTEGER PRIMARY KEY REFERENCES finding (id) ON DELETE CASCADE,
    -- Where it is, or was before it was fixed.
    path       TEXT    NOT NULL,
    line       INTEGER NOT NULL,
    end_line   INTEGER NOT NULL,
    -- Function around it when it was fixed, by which its return is known.
    symbol     TEXT,
    -- Commit in which it is gone; null while it is there.
    fixed      TEXT,
    -- Newest commit that brought it back.
    reopened   TEXT,
    -- Its commit is in the history of HEAD.
    on_branch  INTEGER NOT NULL,
    -- Its line is in the files of HEAD.
    there      INTEGER NOT NULL,
    -- The finding of an earlier commit that is the same problem, come back or moved.
    same_as    INTEGER REFERENCES finding (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX finding_state_same ON finding_state (same_as);

-- Commit up to which findings were followed.
ALTER TABLE repository ADD COLUMN traced TEXT;

-- Rules that the user turned on again, and how many dismissals of them there were by then.
CREATE TABLE rule_on (
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    rule          TEXT    NOT NULL,
    dismissals    INTEGER NOT NULL,
    PRIMARY KEY (repository_id, rule)
) STRICT, WITHOUT ROWID;
