//! How a run ends: an error comes in, a message with its remedy on standard error and a documented
//! exit code go out.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use crate::output::safe;

/// The documented exit codes. The command line parser itself ends with 2 for wrong usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Success = 0,
    /// A fault of this program.
    Internal = 1,
    /// The command line is wrong in a way that only shows at run time.
    Usage = 2,
    /// An input could not be read or analysed.
    Input = 3,
    /// Some of several inputs failed; the others were done.
    Partial = 4,
    /// Data or a model is missing.
    Missing = 5,
    /// An output exists already or cannot be written, or a split would leak patients.
    Refused = 6,
    /// A model file is not the one that was expected.
    Mismatch = 7,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a run ends early: the exit code, what happened, and what the user can do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    /// One sentence that names the file or value; empty where nothing is to be said.
    message: String,
    /// The remedy.
    help: Option<String>,
}

impl Failure {
    /// A failure without a remedy yet.
    pub(crate) fn new(exit: Exit, message: impl std::fmt::Display) -> Self {
        Self {
            exit,
            message: message.to_string(),
            help: None,
        }
    }

    /// Adds the remedy, one or several lines.
    pub(crate) fn help(mut self, remedy: impl Into<String>) -> Self {
        self.help = Some(remedy.into());
        self
    }

    /// Puts the name of what it is about before the sentence.
    pub(crate) fn about(mut self, name: &str) -> Self {
        self.message = format!("{name}: {}", self.message);
        self
    }

    /// The sentence.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// An error of standard output. A reader that has seen enough (`| head`) is no failure.
    pub(crate) fn output(error: &std::io::Error) -> Self {
        if error.kind() == ErrorKind::BrokenPipe {
            Self::new(Exit::Success, "")
        } else {
            Self::new(Exit::Internal, format!("cannot write the output: {error}"))
        }
    }

    /// Prints `error:` and `help:` to standard error, without control characters of any name.
    pub(crate) fn report(&self) {
        if self.message.is_empty() {
            return;
        }
        // A closed standard error leaves only the exit code to speak.
        let mut stderr = std::io::stderr().lock();
        let _ = writeln!(stderr, "error: {}", safe(&self.message));
        for line in self.help.iter().flat_map(|help| help.lines()) {
            let _ = writeln!(stderr, "help: {}", safe(line));
        }
    }
}
