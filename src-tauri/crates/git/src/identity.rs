//! Who the user is, as git knows it.

use gix::bstr::ByteSlice;

use crate::Repo;

/// The e-mail of the user's own git configuration, in lower case, if there is one.
pub fn global_emails() -> Vec<String> {
    let file = gix::config::File::from_globals().ok();
    let email =
        file.and_then(|file| file.string("user.email").map(|v| v.to_str_lossy().trim().to_lowercase()));
    email.into_iter().filter(|email| !email.is_empty()).collect()
}

impl Repo {
    /// What the .mailmap of HEAD makes of these addresses, in lower case, one for one. Entries for one person
    /// among several of an address are not followed: nobody's name is asked about here.
    pub fn mapped_emails(&self, emails: &[String]) -> Vec<String> {
        let mailmap = self.inner.to_thread_local().open_mailmap();
        let mapped = |email: &String| {
            let of =
                gix::actor::SignatureRef { name: "".into(), email: email.as_str().into(), time: "0 +0000" };
            mailmap.resolve_cow(of).email.to_str_lossy().trim().to_lowercase()
        };
        emails.iter().map(mapped).collect()
    }

    /// The e-mails git would commit with here: `user.email` of this repository, then of the user's
    /// own configuration. Lower case, without repeats.
    pub fn configured_emails(&self) -> Vec<String> {
        let local = self.inner.to_thread_local();
        let here = local.config_snapshot().string("user.email").map(|v| v.to_str_lossy().into_owned());
        let mut emails: Vec<String> = Vec::new();
        for email in here.into_iter().chain(global_emails()) {
            let email = email.trim().to_lowercase();
            if !email.is_empty() && !emails.contains(&email) {
                emails.push(email);
            }
        }
        emails
    }
}
