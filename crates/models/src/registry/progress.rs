//! How a download tells of itself, without knowing what a terminal is.

/// Told what a download does. All methods may be left as they are.
pub trait Progress {
    /// A source is tried for a file.
    fn source(&mut self, _file: &str, _source: &str) {}
    /// `done` of `total` bytes are here.
    fn advance(&mut self, _done: u64, _total: u64) {}
    /// The attempt at this source is over.
    fn finished(&mut self) {}
}

/// Says nothing.
#[derive(Debug, Default)]
pub struct Silent;

impl Progress for Silent {}
