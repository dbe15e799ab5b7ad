-- Commits that show a skill, newest first, as JSON; and how often its code uses it: lines of a language, else 1.
ALTER TABLE proven_skill ADD COLUMN commits TEXT NOT NULL DEFAULT '[]';
ALTER TABLE proven_skill ADD COLUMN uses INTEGER NOT NULL DEFAULT 1;
