//! Where a row of the manifest comes from and how its sound measures, without name, path or date.

use serde::{Deserialize, Serialize};

/// Which code made a row from what. The time of import is not kept: same data, same bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The reader, by the name of its data set; [`Provenance::CORRECTED`] for corrected events.
    pub reader: String,
    /// Version of the reader, [`readers::VERSION`](crate::readers::VERSION) for data sets.
    pub reader_version: u32,
    /// Line of the annotation file, from 1; none where a whole file annotates the recording.
    pub line: Option<u64>,
    /// First 16 hex digits of the SHA-256 of that line, or of the whole file: it changes when the
    /// annotation does.
    pub source_hash: String,
}

impl Provenance {
    /// The reader of label files that a person corrected, see [`labels::correct`](crate::labels::correct).
    pub const CORRECTED: &str = "annotate";

    /// Whether the events of the row were corrected.
    pub fn is_corrected(&self) -> bool {
        self.reader == Self::CORRECTED
    }
}

/// Level of the decoded sound, all channels averaged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// RMS without the mean, in dB relative to full scale.
    pub rms_dbfs: f32,
    /// Largest magnitude, in dB relative to full scale.
    pub peak_dbfs: f32,
    /// Share of samples cut off flat at the top or bottom, 0 to 1.
    pub clipped: f32,
}
