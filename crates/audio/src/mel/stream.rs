//! Log-mel frames while the sound still arrives.

use super::config::LogMelConfig;
use super::log_mel::FrameLogMel;

/// Pushed samples in, finished frames out.
///
/// Frames are those of [`crate::LogMel::compute`] on all samples together, bit for bit, edges
/// included: the first frames come once half a transform is there to be mirrored, the last ones
/// from [`finish`](Self::finish), which mirrors the end. A frame is therefore ready half a
/// transform after its centre. [`Scaling::BandMean`](crate::Scaling::BandMean) and
/// [`LogMelConfig::rms`] need the whole clip: the stream does neither.
pub struct LogMelStream {
    config: LogMelConfig,
    frame: FrameLogMel,
    /// Pre-emphasised samples that frames still need, from `start` on; mirrored start included.
    buffer: Vec<f32>,
    start: usize,
    /// Whether the mirrored start has been laid down.
    opened: bool,
    /// Last raw sample, for pre-emphasis over the seam.
    last: Option<f32>,
    /// Samples after pre-emphasis, and frames given out so far.
    received: usize,
    emitted: usize,
}

impl LogMelStream {
    pub(super) fn new(config: &LogMelConfig) -> Self {
        Self {
            frame: FrameLogMel::new(config),
            config: config.clone(),
            buffer: Vec::new(),
            start: 0,
            opened: false,
            last: None,
            received: 0,
            emitted: 0,
        }
    }

    /// Takes `samples` at `config.rate` and appends the frames that became ready to `frames`,
    /// each `[bands]`, one after the other. Returns how many.
    pub fn push(&mut self, samples: &[f32], frames: &mut Vec<f32>) -> usize {
        let before = self.buffer.len();
        for &sample in samples {
            match (self.config.pre_emphasis, self.last) {
                (Some(c), Some(last)) => self.buffer.push(sample - c * last),
                (Some(_), None) => {}
                (None, _) => self.buffer.push(sample),
            }
            self.last = Some(sample);
        }
        self.received += self.buffer.len() - before;
        self.open();
        self.emit(frames, usize::MAX)
    }

    /// Ends the stream: appends the frames whose window reaches over the end. Returns how many.
    pub fn finish(mut self, frames: &mut Vec<f32>) -> usize {
        let missing = self.config.shortest().saturating_sub(self.received);
        self.buffer.resize(self.buffer.len() + missing, 0.0);
        self.received += missing;
        self.open();
        let end = self.buffer.len() - 1;
        for distance in 1..=self.config.n_fft / 2 {
            self.buffer.push(self.buffer[end - distance]);
        }
        let left = 1 + self.received / self.config.hop - self.emitted;
        self.emit(frames, left)
    }

    /// Lays the mirrored start before the first samples once enough of them are there.
    fn open(&mut self) {
        if self.opened || self.received < self.config.shortest() {
            return;
        }
        let half = self.config.n_fft / 2;
        let mirrored: Vec<f32> = (1..=half).rev().map(|at| self.buffer[at]).collect();
        self.buffer.splice(0..0, mirrored);
        self.opened = true;
    }

    fn emit(&mut self, frames: &mut Vec<f32>, limit: usize) -> usize {
        let mut count = 0;
        while self.opened && count < limit && self.start + self.config.n_fft <= self.buffer.len() {
            let at = frames.len();
            frames.resize(at + self.config.bands, 0.0);
            self.frame
                .compute::<1>(&self.buffer[self.start..], &mut frames[at..]);
            self.start += self.config.hop;
            count += 1;
        }
        self.emitted += count;
        // The end may have to be mirrored later, so half a transform of the past is kept.
        let spare = self
            .start
            .min(self.buffer.len().saturating_sub(self.config.n_fft));
        if spare > 1 << 14 {
            self.buffer.drain(..spare);
            self.start -= spare;
        }
        count
    }
}
