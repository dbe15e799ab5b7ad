-- Fixes that the user put into a working copy, so that they can take them out while the file was not edited since.
CREATE TABLE applied_fix (
    finding_id INTEGER PRIMARY KEY REFERENCES finding (id) ON DELETE CASCADE,
    -- Top folder of the working copy; the path in it is the finding's.
    folder     TEXT    NOT NULL,
    -- First line that was changed.
    line       INTEGER NOT NULL,
    -- Where the file as it was is kept.
    backup     TEXT    NOT NULL,
    -- sha256 of the file as it was written.
    written    TEXT    NOT NULL,
    -- Seconds since 1970 UTC.
    at         INTEGER NOT NULL
) STRICT;
