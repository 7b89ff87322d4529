//! The spectrogram of the figure: a signal comes in, a log-mel picture in dB below its loud parts goes
//! out as PNG, with the place of a frequency on its axis.

use laennec_audio::{Error, LogMel, LogMelConfig, Scaling, Signal, resample};
use resvg::tiny_skia::{Pixmap, PremultipliedColorU8};

/// What lies further below the reference is black.
pub(crate) const RANGE_DB: f32 = 60.0;

/// Highest frequency that is drawn, in Hz: chest sounds lie below it.
const HIGHEST_HZ: f32 = 2_500.0;

/// Share of the picture that lies above the reference of 0 dB, so that one click does not make
/// everything else dark.
const ABOVE_REFERENCE: f32 = 0.002;

/// Highest rate from which the picture is computed, in Hz.
const HIGHEST_RATE: u32 = 8_000;

/// Most columns of the picture; longer recordings take the maximum over neighbouring frames.
const MOST_COLUMNS: usize = 1600;

/// matplotlib's `magma` (CC0) at 17 equidistant places, dark to light.
const MAGMA: [[u8; 3]; 17] = [
    [0, 0, 4],
    [10, 8, 34],
    [29, 17, 71],
    [54, 16, 107],
    [81, 18, 124],
    [106, 28, 129],
    [131, 38, 129],
    [156, 46, 127],
    [183, 55, 121],
    [208, 65, 111],
    [231, 82, 99],
    [245, 107, 92],
    [252, 137, 97],
    [254, 167, 114],
    [254, 196, 136],
    [253, 226, 163],
    [252, 253, 191],
];

/// A drawn spectrogram.
pub(crate) struct Spectrogram {
    /// The picture, low frequencies at the bottom.
    pub(crate) png: Vec<u8>,
    low_hz: f64,
    high_hz: f64,
}

impl Spectrogram {
    /// Height of a frequency on the axis: 0 at the bottom, 1 at the top; `None` beyond it.
    pub(crate) fn height_of(&self, hz: f64) -> Option<f64> {
        let at = (mel(hz) - mel(self.low_hz)) / (mel(self.high_hz) - mel(self.low_hz));
        (0.0..=1.0).contains(&at).then_some(at)
    }
}

/// Mels as in Kaldi: `1127 ln(1 + f / 700)`.
fn mel(hz: f64) -> f64 {
    1127.0 * (1.0 + hz / 700.0).ln()
}

/// Draws the spectrogram of a signal; `None` if there is no sound in it.
pub(crate) fn draw(signal: &Signal) -> Result<Option<Spectrogram>, Error> {
    if signal
        .samples
        .iter()
        .all(|&sample| sample == signal.samples[0])
    {
        return Ok(None);
    }
    let rate = signal.rate.min(HIGHEST_RATE);
    let samples = if rate == signal.rate {
        signal.samples.clone()
    } else {
        resample(&signal.samples, signal.rate, rate)?
    };
    let config = settings(rate, samples.len());
    let shown = LogMel::new(&config)?.compute(&samples);
    // The front end scales natural logarithms of power as (x + 4.5) / 5.
    let decibels = |value: f32| (value * 5.0 - 4.5) * 10.0 / std::f32::consts::LN_10;
    let columns = shown.frames.min(MOST_COLUMNS);
    let mut picture = vec![f32::MIN; shown.bands * columns];
    for band in 0..shown.bands {
        for frame in 0..shown.frames {
            let at = band * columns + frame * columns / shown.frames;
            picture[at] = picture[at].max(decibels(shown.values[band * shown.frames + frame]));
        }
    }
    let reference = reference(&picture);
    let Some(mut pixmap) = Pixmap::new(columns as u32, shown.bands as u32) else {
        return Ok(None);
    };
    for (index, pixel) in pixmap.pixels_mut().iter_mut().enumerate() {
        let band = shown.bands - 1 - index / columns;
        let value = picture[band * columns + index % columns];
        let [red, green, blue] = colour(1.0 + (value - reference) / RANGE_DB);
        *pixel = PremultipliedColorU8::from_rgba(red, green, blue, 255).unwrap_or(*pixel);
    }
    let png = pixmap.encode_png().unwrap_or_default();
    Ok(Some(Spectrogram {
        png,
        low_hz: f64::from(config.low_hz),
        high_hz: f64::from(config.high_hz),
    }))
}

/// The value that the share [`ABOVE_REFERENCE`] of the picture exceeds.
fn reference(picture: &[f32]) -> f32 {
    let mut sorted = picture.to_vec();
    let above = (sorted.len() as f32 * ABOVE_REFERENCE) as usize;
    let at = sorted.len() - 1 - above.min(sorted.len() - 1);
    *sorted.select_nth_unstable_by(at, f32::total_cmp).1
}

/// 40 ms windows, a step of 5 ms at least and of 1/1600 of a long recording, 128 bands.
fn settings(rate: u32, samples: usize) -> LogMelConfig {
    let n_fft = if rate > 4_000 { 1024 } else { 512 };
    let window = (rate as usize / 25).clamp(16, n_fft);
    LogMelConfig {
        rate,
        n_fft,
        window,
        hop: (rate as usize / 200)
            .max(samples / (4 * MOST_COLUMNS))
            .clamp(1, window),
        bands: 128,
        low_hz: 20.0,
        high_hz: (rate as f32 / 2.0).min(HIGHEST_HZ),
        pre_emphasis: None,
        log_offset: 1e-12,
        scaling: Scaling::Efficientat,
        rms: None,
    }
}

/// The colour at `at`, 0 (dark) to 1 (light).
pub(crate) fn colour(at: f32) -> [u8; 3] {
    let place = at.clamp(0.0, 1.0) * (MAGMA.len() - 1) as f32;
    let low = (place as usize).min(MAGMA.len() - 2);
    let share = place - low as f32;
    std::array::from_fn(|channel| {
        let (from, to) = (
            f32::from(MAGMA[low][channel]),
            f32::from(MAGMA[low + 1][channel]),
        );
        (from + (to - from) * share).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_bright_at_its_frequency() {
        let samples = (0..8000).map(|n| (n as f32 * std::f32::consts::TAU * 440.0 / 8000.0).sin());
        let signal = Signal {
            samples: samples.collect(),
            rate: 8000,
        };
        let drawn = draw(&signal).unwrap().unwrap();
        let picture = Pixmap::decode_png(&drawn.png).unwrap();
        let column = picture.width() / 2;
        let brightest = (0..picture.height())
            .max_by_key(|&row| picture.pixel(column, row).unwrap().green())
            .unwrap();
        let height = 1.0 - (f64::from(brightest) + 0.5) / f64::from(picture.height());
        assert!((height - drawn.height_of(440.0).unwrap()).abs() < 0.02);
        assert!(drawn.height_of(5000.0).is_none());
    }

    #[test]
    fn silence_has_no_spectrogram() {
        let signal = Signal {
            samples: vec![0.25; 8000],
            rate: 8000,
        };
        assert!(draw(&signal).unwrap().is_none());
        assert!(
            draw(&Signal {
                samples: Vec::new(),
                rate: 8000
            })
            .unwrap()
            .is_none()
        );
    }

    #[test]
    fn colours_run_from_dark_to_light() {
        assert_eq!(colour(-1.0), [0, 0, 4]);
        assert_eq!(colour(2.0), [252, 253, 191]);
        assert_eq!(colour(0.5), [183, 55, 121]);
    }
}
