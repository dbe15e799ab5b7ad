-- The addresses of an account that signed in before they were kept beside the user's own.
INSERT OR IGNORE INTO identity (email, how)
SELECT lower(trim(email.value)), 'account' FROM account, json_each(account.account, '$.emails') AS email;
