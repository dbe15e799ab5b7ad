-- Where the user put a bullet among those of its repository (null: where it was built), and whether it stays first.
ALTER TABLE achievement ADD COLUMN place INTEGER;
ALTER TABLE achievement ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
-- Other words that the user has not decided on, as JSON; null for none.
ALTER TABLE achievement ADD COLUMN rewording TEXT;

-- What the user did to bullets, oldest first, with the bullets before and after as JSON: undone and done again by it.
CREATE TABLE achievement_step (
    id     INTEGER PRIMARY KEY,
    what   TEXT    NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0,
    before TEXT    NOT NULL,
    after  TEXT    NOT NULL
) STRICT;

-- What stands in the profile and not in the document, because the user left it out for room. `entry` tells entries of
-- a kind apart; an empty text is the whole entry.
CREATE TABLE resume_left_out (
    id    INTEGER PRIMARY KEY,
    kind  TEXT    NOT NULL,
    entry TEXT    NOT NULL,
    text  TEXT    NOT NULL,
    UNIQUE (kind, entry, text)
) STRICT;
