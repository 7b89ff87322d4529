//! The settings of an EfficientAT-like front end, and the three that this project uses.

use serde::{Deserialize, Serialize};

use crate::{Error, MAX_RATE, MIN_RATE};

/// What is done with the logarithm of the mel powers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scaling {
    /// `(x + 4.5) / 5`, as the `EfficientAT` models were trained.
    Efficientat,
    /// Each band's mean over the clip removed, then all divided by the deviation that is left:
    /// independent of level and of the frequency response of the recording chain.
    BandMean,
}

/// Settings of [`crate::LogMel`].
///
/// Source: EfficientAT's `AugmentMelSTFT` at evaluation: pre-emphasis, centred STFT with
/// reflection, power, Kaldi mel bank, `ln(power + log_offset)`, scaling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogMelConfig {
    /// Sampling rate of the input, in Hz.
    pub rate: u32,
    /// Length of the Fourier transform, in samples (even).
    pub n_fft: usize,
    /// Length of the symmetric Hann window, in samples, centred in the transform.
    pub window: usize,
    /// Step between frames, in samples.
    pub hop: usize,
    /// Number of mel bands.
    pub bands: usize,
    /// Lower edge of the first band, in Hz.
    pub low_hz: f32,
    /// Upper edge of the last band, in Hz.
    pub high_hz: f32,
    /// `c` of `y[n] = x[n + 1] - c x[n]`, which shortens the signal by one sample; none to leave it.
    pub pre_emphasis: Option<f32>,
    /// Added to the mel power before the logarithm.
    pub log_offset: f32,
    /// What follows the logarithm.
    pub scaling: Scaling,
    /// Root mean square that every clip is brought to first, so that `log_offset` means the same for
    /// a quiet recording as for a loud one; none to keep the level. Silence stays silence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rms: Option<f32>,
}

impl LogMelConfig {
    /// The front end of `EfficientAT` mn04 (32 kHz, 128 bands of 0 to 15 kHz, 10 ms step).
    pub fn efficientat_32k() -> Self {
        Self {
            rate: 32_000,
            n_fft: 1024,
            window: 800,
            hop: 320,
            bands: 128,
            low_hz: 0.0,
            high_hz: 15_000.0,
            pre_emphasis: Some(0.97),
            log_offset: 1e-5,
            scaling: Scaling::Efficientat,
            rms: None,
        }
    }

    /// Lung sounds at their native 8 kHz: 128 bands of 20 to 3900 Hz, 32 ms window, 10 ms step.
    pub fn lung_8k() -> Self {
        Self {
            rate: 8_000,
            window: 256,
            hop: 80,
            low_hz: 20.0,
            high_hz: 3_900.0,
            ..Self::efficientat_32k()
        }
    }

    /// Heart sounds at 2 kHz: 128 bands of 15 to 800 Hz, 50 ms window, 10 ms step, band means removed.
    pub fn heart_2k() -> Self {
        Self {
            rate: 2_000,
            window: 100,
            hop: 20,
            low_hz: 15.0,
            high_hz: 800.0,
            pre_emphasis: None,
            scaling: Scaling::BandMean,
            ..Self::efficientat_32k()
        }
    }

    /// Time between frames, in seconds.
    pub fn step_seconds(&self) -> f64 {
        self.hop as f64 / f64::from(self.rate)
    }

    /// Number of frames for `samples` samples: `1 + n / hop`, where `n` is the length after
    /// pre-emphasis; clips shorter than half a transform count as that long.
    pub fn frames(&self, samples: usize) -> usize {
        let samples = samples.saturating_sub(usize::from(self.pre_emphasis.is_some()));
        1 + samples.max(self.shortest()) / self.hop
    }

    /// Reflection at both ends needs one sample more than it mirrors.
    pub(crate) fn shortest(&self) -> usize {
        self.n_fft / 2 + 1
    }

    /// Refuses what cannot be computed.
    pub(crate) fn check(&self) -> Result<(), Error> {
        check_bands(self.rate, self.bands, self.low_hz, self.high_hz)?;
        check_frames(self.n_fft, self.hop)?;
        if self.window < 2 || self.window > self.n_fft {
            return refuse("window", self.window.to_string(), "2 to n_fft samples");
        }
        if !(self.log_offset > 0.0 && self.log_offset.is_finite()) {
            return refuse("log_offset", self.log_offset.to_string(), "above 0");
        }
        if self.rms.is_some_and(|rms| !(rms > 0.0 && rms.is_finite())) {
            return refuse("rms", format!("{:?}", self.rms), "above 0, or none");
        }
        if self.pre_emphasis.is_some_and(|c| !c.is_finite()) {
            return refuse("pre_emphasis", "not finite".to_owned(), "a number, or none");
        }
        Ok(())
    }
}

pub(crate) fn refuse(
    field: &'static str,
    value: String,
    expected: &'static str,
) -> Result<(), Error> {
    Err(Error::Config {
        field,
        value,
        expected,
    })
}

/// What every filter bank needs: a rate, bands, and edges in order below the Nyquist frequency.
pub(crate) fn check_bands(rate: u32, bands: usize, low_hz: f32, high_hz: f32) -> Result<(), Error> {
    if !(MIN_RATE..=MAX_RATE).contains(&rate) {
        return refuse("rate", rate.to_string(), "500 to 192000 Hz");
    }
    if bands == 0 || bands > 4096 {
        return refuse("bands", bands.to_string(), "1 to 4096");
    }
    if !(low_hz >= 0.0 && low_hz < high_hz) {
        return refuse("low_hz", low_hz.to_string(), "at least 0 and below high_hz");
    }
    if high_hz > rate as f32 / 2.0 {
        return refuse("high_hz", high_hz.to_string(), "at most half the rate");
    }
    Ok(())
}

/// What every framing needs: an even transform of bounded length and a step.
pub(crate) fn check_frames(n_fft: usize, hop: usize) -> Result<(), Error> {
    if !(8..=1 << 16).contains(&n_fft) || !n_fft.is_multiple_of(2) {
        return refuse("n_fft", n_fft.to_string(), "an even number, 8 to 65536");
    }
    if hop == 0 || hop > 1 << 20 {
        return refuse("hop", hop.to_string(), "1 to 1048576 samples");
    }
    Ok(())
}
