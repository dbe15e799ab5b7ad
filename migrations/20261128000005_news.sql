-- The user's own commits that syncs brought and that nobody has decided about yet, newest first, as JSON.
ALTER TABLE remote ADD COLUMN news TEXT NOT NULL DEFAULT '[]';
