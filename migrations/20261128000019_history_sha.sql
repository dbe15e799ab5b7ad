-- When the commits behind bullets were made is asked at each key in the profile.
CREATE INDEX history_sha ON history (repository_id, sha, time);
