-- Résumés for one opening. `decisions` has what the user said of each suggestion, as JSON: the key, whether it was
-- accepted, and the change itself, so that a variant stays what it was when the advert changes.
CREATE TABLE resume_variant (
    job_id    INTEGER PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    decisions TEXT NOT NULL DEFAULT '[]',
    -- Template and paper, as JSON; null for those of the master.
    look      TEXT,
    -- The letter in the user's own words; null while it is ours.
    letter    TEXT,
    -- Name of the file that was last written of it.
    exported  TEXT
) STRICT;
