-- Id of the command that asked for it, as the logs have it; null for what the app began by itself.
ALTER TABLE task ADD COLUMN asked_by TEXT;
