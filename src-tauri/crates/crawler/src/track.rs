//! What became of an application, from saved to the offer. An entry is a list of what happened that only grows: the
//! stage, the dates and the follow-ups are read out of it, and a correction is one more line of it.

mod csv;

use chrono::{DateTime, Days, NaiveDate, Utc};
use internflow_domain::ApplicationState;
use serde::{Deserialize, Serialize};

pub use csv::csv;

/// A stage in the student's words.
pub fn name(stage: ApplicationState) -> &'static str {
    match stage {
        ApplicationState::Saved => "Saved",
        ApplicationState::Applied => "Applied",
        ApplicationState::Test => "Test",
        ApplicationState::Interview => "Interview",
        ApplicationState::Offer => "Offer",
        ApplicationState::Rejected => "Rejected",
        ApplicationState::Withdrawn => "Withdrawn",
    }
}

/// It went no further.
pub fn is_over(stage: ApplicationState) -> bool {
    matches!(stage, ApplicationState::Rejected | ApplicationState::Withdrawn)
}

/// How a move between stages counts; `None` where there is no such move. Whoever applied may be at any later stage
/// next. Back is always open, as a correction of what was recorded.
fn step(from: ApplicationState, to: ApplicationState) -> Option<Step> {
    use ApplicationState::{Applied, Rejected, Saved, Withdrawn};
    let rank = |stage: ApplicationState| if is_over(stage) { Rejected as u8 } else { stage as u8 };
    match () {
        () if from == to => None,
        () if rank(to) < rank(from) || is_over(from) => Some(Step::Correction),
        // No employer answers somebody who did not apply.
        () if from == Saved => matches!(to, Applied | Withdrawn).then_some(Step::Forward),
        () => Some(Step::Forward),
    }
}

#[derive(PartialEq)]
enum Step {
    Forward,
    Correction,
}

/// What the student is reminded of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reminder {
    /// To ask, when nobody answered the application.
    Ask,
    /// To say thanks for an interview.
    Thanks,
    /// To apply before the last day.
    Apply,
}

/// Days of the reminders; `None` shuts one off for all entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// After the application.
    pub ask: Option<u32>,
    /// After the interview.
    pub thanks: Option<u32>,
    /// Before the last day to apply.
    pub apply: Option<u32>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { ask: Some(7), thanks: Some(2), apply: Some(3) }
    }
}

/// A reminder that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    pub reminder: Reminder,
    pub due: NaiveDate,
    /// For the student.
    pub says: String,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum What {
    Moved {
        from: ApplicationState,
        to: ApplicationState,
        /// What was recorded before was wrong.
        correction: bool,
    },
    Noted {
        text: String,
    },
    /// The last day to apply is known, has changed, or is no more.
    Deadline {
        day: Option<NaiveDate>,
    },
    /// An interview was fixed for a day, moved to another, or is no more.
    Interview {
        day: Option<NaiveDate>,
    },
    /// The variant of the résumé that was sent, by its name.
    Sent {
        resume: String,
    },
    /// The student shut this reminder of that day.
    Shut {
        reminder: Reminder,
        due: NaiveDate,
    },
}

/// A line of an entry's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The student's own day on which it happened.
    pub on: NaiveDate,
    /// When it was written down.
    pub at: DateTime<Utc>,
    #[serde(flatten)]
    pub what: What,
}

/// A move that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchMove {
    pub from: ApplicationState,
    pub to: ApplicationState,
}

impl std::fmt::Display for NoSuchMove {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (from, to) = (name(self.from), name(self.to));
        match self.from == self.to {
            true => write!(f, "The application is at {to} already."),
            false => write!(f, "There is no way from {from} to {to}. Mark it as applied first."),
        }
    }
}

impl std::error::Error for NoSuchMove {}

/// An application that the student tracks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Key of the posting.
    pub posting: String,
    pub title: String,
    pub company: String,
    /// The page for a human.
    pub address: Option<String>,
    /// The day on which it was saved.
    pub saved: NaiveDate,
    history: Vec<Line>,
}

impl Entry {
    /// Saves a posting.
    pub fn new(posting: &str, title: &str, company: &str, address: Option<&str>, saved: NaiveDate) -> Self {
        Self {
            posting: posting.to_owned(),
            title: title.to_owned(),
            company: company.to_owned(),
            address: address.map(str::to_owned),
            saved,
            history: Vec::new(),
        }
    }

    /// Moves it to another stage. `on` is the day on which that happened, `at` the time of writing it down.
    pub fn move_to(
        &mut self,
        to: ApplicationState,
        on: NaiveDate,
        at: DateTime<Utc>,
    ) -> Result<(), NoSuchMove> {
        let from = self.stage();
        let step = step(from, to).ok_or(NoSuchMove { from, to })?;
        self.write(What::Moved { from, to, correction: step == Step::Correction }, on, at);
        Ok(())
    }

    pub fn note(&mut self, text: &str, on: NaiveDate, at: DateTime<Utc>) {
        self.write(What::Noted { text: text.to_owned() }, on, at);
    }

    /// Sets the last day to apply, unless it is that already.
    pub fn set_deadline(&mut self, day: Option<NaiveDate>, on: NaiveDate, at: DateTime<Utc>) {
        if self.deadline() != day {
            self.write(What::Deadline { day }, on, at);
        }
    }

    /// Sets the day of the interview, unless it is that already.
    pub fn set_interview(&mut self, day: Option<NaiveDate>, on: NaiveDate, at: DateTime<Utc>) {
        if self.interview() != day {
            self.write(What::Interview { day }, on, at);
        }
    }

    /// Notes which variant of the résumé was sent.
    pub fn sent(&mut self, resume: &str, on: NaiveDate, at: DateTime<Utc>) {
        self.write(What::Sent { resume: resume.to_owned() }, on, at);
    }

    /// Shuts a reminder. Another one of its kind, for a later interview say, comes nevertheless.
    pub fn shut(&mut self, reminder: Reminder, due: NaiveDate, on: NaiveDate, at: DateTime<Utc>) {
        self.write(What::Shut { reminder, due }, on, at);
    }

    fn write(&mut self, what: What, on: NaiveDate, at: DateTime<Utc>) {
        self.history.push(Line { on, at, what });
    }

    /// All that happened, in the order of writing it down.
    pub fn history(&self) -> &[Line] {
        &self.history
    }

    pub fn stage(&self) -> ApplicationState {
        let moved = |line: &Line| match line.what {
            What::Moved { to, .. } => Some(to),
            _ => None,
        };
        self.history.iter().rev().find_map(moved).unwrap_or(ApplicationState::Saved)
    }

    /// The day on which a stage was reached. A correction back to it is not the day, unless nothing else says one.
    pub fn reached(&self, stage: ApplicationState) -> Option<NaiveDate> {
        if stage == ApplicationState::Saved {
            return Some(self.saved);
        }
        let days = |corrected: bool| {
            self.history.iter().rev().find_map(move |line| match line.what {
                What::Moved { to, correction, .. } if to == stage && correction == corrected => Some(line.on),
                _ => None,
            })
        };
        days(false).or_else(|| days(true))
    }

    pub fn deadline(&self) -> Option<NaiveDate> {
        let last = self.history.iter().rev().find_map(|line| match line.what {
            What::Deadline { day } => Some(day),
            _ => None,
        });
        last.flatten()
    }

    /// The day of the last interview that was fixed.
    pub fn interview(&self) -> Option<NaiveDate> {
        let last = self.history.iter().rev().find_map(|line| match line.what {
            What::Interview { day } => Some(day),
            _ => None,
        });
        last.flatten()
    }

    /// The variant of the résumé that was sent last.
    pub fn resume(&self) -> Option<&str> {
        self.history.iter().rev().find_map(|line| match &line.what {
            What::Sent { resume } => Some(resume.as_str()),
            _ => None,
        })
    }

    /// With their days, in the order of writing them down.
    pub fn notes(&self) -> impl Iterator<Item = (NaiveDate, &str)> {
        self.history.iter().filter_map(|line| match &line.what {
            What::Noted { text } => Some((line.on, text.as_str())),
            _ => None,
        })
    }

    /// The reminders of its present stage that are not shut, due or not yet.
    pub fn follow_ups(&self, rules: &Rules) -> Vec<FollowUp> {
        let Self { title, company, .. } = self;
        let after =
            |day: Option<NaiveDate>, days: Option<u32>| day?.checked_add_days(Days::new(days?.into()));
        let before =
            |day: Option<NaiveDate>, days: Option<u32>| day?.checked_sub_days(Days::new(days?.into()));
        let (reminder, due, says) = match self.stage() {
            ApplicationState::Saved => {
                let last =
                    self.deadline().map_or_else(String::new, |day| day.format("%-d %B %Y").to_string());
                let says = format!("Apply for {title} at {company}: {last} is the last day.");
                (Reminder::Apply, before(self.deadline(), rules.apply), says)
            }
            ApplicationState::Applied => {
                let says = format!("Ask {company} about {title}: nobody has answered your application.");
                (Reminder::Ask, after(self.reached(ApplicationState::Applied), rules.ask), says)
            }
            ApplicationState::Interview => {
                let held = self.interview().or_else(|| self.reached(ApplicationState::Interview));
                let says = format!("Thank {company} for the interview for {title}.");
                (Reminder::Thanks, after(held, rules.thanks), says)
            }
            ApplicationState::Test
            | ApplicationState::Offer
            | ApplicationState::Rejected
            | ApplicationState::Withdrawn => return Vec::new(),
        };
        let is_shut = |due| self.history.iter().any(|line| line.what == What::Shut { reminder, due });
        due.filter(|due| !is_shut(*due)).map(|due| FollowUp { reminder, due, says }).into_iter().collect()
    }
}

/// The reminders that are due on a day, with their entries, the oldest first. One for a last day to apply that is over
/// is due no more.
pub fn due<'e>(entries: &'e [Entry], rules: &Rules, on: NaiveDate) -> Vec<(&'e Entry, FollowUp)> {
    let over = |entry: &Entry| entry.deadline().is_some_and(|last| last < on);
    let mut all: Vec<(&Entry, FollowUp)> = entries
        .iter()
        .flat_map(|entry| entry.follow_ups(rules).into_iter().map(move |follow_up| (entry, follow_up)))
        .filter(|(entry, found)| found.due <= on && !(found.reminder == Reminder::Apply && over(entry)))
        .collect();
    all.sort_by(|a, b| (a.1.due, &a.0.posting).cmp(&(b.1.due, &b.0.posting)));
    all
}

#[cfg(test)]
pub(crate) mod tests;
