//! Things worth telling about a recording that was decoded all the same.

use std::fmt;

use serde::Serialize;

/// A remark on a decoded recording; `Display` gives the sentence for a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// The header's block align contradicts channels and sample width, which were trusted.
    BlockAlign {
        /// What the header says, in bytes.
        stated: u16,
        /// What was used, in bytes.
        used: usize,
    },
    /// The header does not say how long the data are; all that follows was read.
    UnknownSize,
    /// The file ends earlier than its header says.
    Truncated {
        /// Duration by the header, in seconds.
        expected_seconds: f64,
        /// Duration decoded, in seconds.
        decoded_seconds: f64,
    },
    /// Packets that could not be decoded were left out.
    DamagedPackets {
        /// How many.
        count: usize,
    },
    /// Decoding stopped before the end of the file.
    StoppedEarly {
        /// Why.
        reason: String,
    },
    /// Only the first part was kept, as asked for.
    FirstPart {
        /// Duration kept, in seconds.
        kept_seconds: f64,
    },
    /// Several channels were averaged.
    ChannelsAveraged {
        /// How many.
        channels: usize,
    },
    /// One of several channels was taken, as asked for.
    ChannelTaken {
        /// Which, from 0.
        channel: usize,
        /// Of how many.
        channels: usize,
    },
    /// The file is not what its name says; the content decided.
    Extension {
        /// The extension of the name.
        extension: String,
        /// The format found.
        format: String,
    },
    /// Samples far above full scale: they are in another unit and were divided by their peak.
    Rescaled {
        /// The largest magnitude found.
        peak: f32,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::BlockAlign { stated, used } => {
                write!(
                    f,
                    "the header says {stated} bytes per frame; {used} fit its other fields and were used"
                )
            }
            Notice::UnknownSize => {
                write!(
                    f,
                    "the header does not say how long the data are; read to the end of the file"
                )
            }
            Notice::Truncated {
                expected_seconds,
                decoded_seconds,
            } => {
                write!(
                    f,
                    "the file is cut off or has gaps: {decoded_seconds:.2} s of {expected_seconds:.2} s decoded"
                )
            }
            Notice::DamagedPackets { count } => {
                write!(
                    f,
                    "{count} damaged packet(s) left out; times after them are earlier than in the original"
                )
            }
            Notice::StoppedEarly { reason } => {
                write!(f, "decoding stopped before the end: {reason}")
            }
            Notice::FirstPart { kept_seconds } => {
                write!(f, "only the first {kept_seconds:.1} s are analysed")
            }
            Notice::ChannelsAveraged { channels } => {
                write!(f, "{channels} channels averaged to one")
            }
            Notice::ChannelTaken { channel, channels } => {
                write!(
                    f,
                    "channel {channel} was heard, one of 0 to {}",
                    channels - 1
                )
            }
            Notice::Extension { extension, format } => {
                write!(f, "named .{extension}, but the content is {format}")
            }
            Notice::Rescaled { peak } => {
                write!(
                    f,
                    "samples reach {peak}, far above full scale; divided by that, so levels are relative"
                )
            }
        }
    }
}
