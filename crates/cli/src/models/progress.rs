//! A download's progress as a bar on standard error; lines only, where that is no terminal.

use indicatif::{ProgressBar, ProgressStyle};
use laennec_models::registry::Progress;

/// A bar for each source that is tried.
pub(super) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// A bar that shows nothing yet.
    pub(super) fn new() -> Self {
        Self {
            bar: ProgressBar::hidden(),
        }
    }
}

impl Progress for Bar {
    fn source(&mut self, file: &str, source: &str) {
        eprintln!("{file} from {source}");
        let style = ProgressStyle::with_template(
            "  {bar:30} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta}",
        )
        .expect("the template is well formed");
        self.bar = ProgressBar::new(0).with_style(style);
    }

    fn advance(&mut self, done: u64, total: u64) {
        if self.bar.length() != Some(total) {
            self.bar.set_length(total);
            // Bytes that an earlier attempt fetched must not count as this one's speed.
            self.bar.reset_eta();
        }
        self.bar.set_position(done);
    }

    fn finished(&mut self) {
        self.bar.finish_and_clear();
    }
}
