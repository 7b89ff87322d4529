//! Interleaved samples of any number of channels to one checked mono signal, up to the cap.

use super::{ChannelChoice, DecodeOptions, Decoded};
use crate::{Error, MAX_RATE, MIN_RATE, Notice, Signal};

/// Samples beyond this magnitude (24 dB above full scale) cannot be nominal: integers stored as
/// floats, or another unit.
const UNIT_LIMIT: f32 = 16.0;

/// Whether the reader should go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    More,
    Full,
}

/// Gathers the mono samples of one recording.
pub(super) struct Collector {
    samples: Vec<f32>,
    rate: u32,
    channels: usize,
    options: DecodeOptions,
    limit: usize,
    full: bool,
    non_finite: usize,
    first_non_finite: usize,
    peak: f32,
}

impl Collector {
    /// Checks rate, channels and the choice of channel.
    pub(super) fn new(rate: u32, channels: usize, options: &DecodeOptions) -> Result<Self, Error> {
        if !(MIN_RATE..=MAX_RATE).contains(&rate) {
            return Err(Error::Rate { rate });
        }
        if channels == 0 {
            return Err(Error::NoChannels);
        }
        if let ChannelChoice::Index(index) = options.channel
            && index >= channels
        {
            return Err(Error::Channel { index, channels });
        }
        Ok(Self {
            samples: Vec::new(),
            rate,
            channels,
            options: *options,
            limit: (options.max_seconds * f64::from(rate)) as usize,
            full: false,
            non_finite: 0,
            first_non_finite: 0,
            peak: 0.0,
        })
    }

    /// Refuses a recording that is known to be longer than the cap before any of it is decoded.
    pub(super) fn expect(&mut self, frames: u64) -> Result<(), Error> {
        if frames > self.limit as u64 && !self.options.first {
            return Err(self.too_long(frames as f64, true));
        }
        self.samples.reserve(frames.min(self.limit as u64) as usize);
        Ok(())
    }

    /// Takes whole interleaved frames.
    pub(super) fn push(&mut self, interleaved: &[f32]) -> Result<Flow, Error> {
        for frame in interleaved.chunks_exact(self.channels) {
            if self.samples.len() >= self.limit {
                if !self.options.first {
                    return Err(self.too_long((self.samples.len() + 1) as f64, false));
                }
                self.full = true;
                return Ok(Flow::Full);
            }
            let sample = match self.options.channel {
                ChannelChoice::Index(index) => frame[index],
                ChannelChoice::Mean if self.channels == 1 => frame[0],
                ChannelChoice::Mean => {
                    let sum: f64 = frame.iter().map(|&sample| f64::from(sample)).sum();
                    (sum / self.channels as f64) as f32
                }
            };
            if !sample.is_finite() {
                if self.non_finite == 0 {
                    self.first_non_finite = self.samples.len();
                }
                self.non_finite += 1;
            }
            self.peak = self.peak.max(sample.abs());
            self.samples.push(sample);
        }
        Ok(Flow::More)
    }

    /// Whether the cap was reached.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Frames taken so far.
    pub(super) fn frames(&self) -> usize {
        self.samples.len()
    }

    /// Duration of `frames`, in seconds.
    pub(super) fn seconds(&self, frames: f64) -> f64 {
        frames / f64::from(self.rate)
    }

    /// The recording, if there is anything in it and all of it is finite.
    pub(super) fn finish(
        mut self,
        format: String,
        mut notices: Vec<Notice>,
    ) -> Result<Decoded, Error> {
        if self.samples.is_empty() {
            return Err(Error::Empty);
        }
        if self.non_finite > 0 {
            return Err(Error::NonFinite {
                count: self.non_finite,
                first: self.first_non_finite,
            });
        }
        let channels = self.channels;
        match self.options.channel {
            _ if channels == 1 => {}
            ChannelChoice::Mean => notices.push(Notice::ChannelsAveraged { channels }),
            ChannelChoice::Index(channel) => {
                notices.push(Notice::ChannelTaken { channel, channels });
            }
        }
        if self.peak > UNIT_LIMIT {
            for sample in &mut self.samples {
                *sample /= self.peak;
            }
            notices.push(Notice::Rescaled { peak: self.peak });
        }
        if self.full {
            notices.push(Notice::FirstPart {
                kept_seconds: self.seconds(self.samples.len() as f64),
            });
        }
        Ok(Decoded {
            signal: Signal {
                samples: self.samples,
                rate: self.rate,
            },
            channels: self.channels,
            format,
            notices,
        })
    }

    fn too_long(&self, frames: f64, exact: bool) -> Error {
        Error::TooLong {
            seconds: self.seconds(frames),
            exact,
            cap: self.options.max_seconds,
        }
    }
}
