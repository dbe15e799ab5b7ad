-- Bullets and exports of the repository say nothing by which it is known.
ALTER TABLE repository ADD COLUMN safe_wording INTEGER NOT NULL DEFAULT 0;
-- The words of the bullet name nothing of its repository.
ALTER TABLE achievement ADD COLUMN safe INTEGER NOT NULL DEFAULT 0;

-- What the user built in a repository, as it was counted last: JSON.
CREATE TABLE ledger (
    repository_id INTEGER PRIMARY KEY REFERENCES repository (id) ON DELETE CASCADE,
    ledger        TEXT NOT NULL
) STRICT;
