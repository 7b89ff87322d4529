//! A signal comes in; tonal ridges, the mark of wheezes, go out.
//!
//! A wheeze is a musical sound of 80 to 100 ms and more (A. R. A. Sovijärvi et al., "Definition of
//! terms for applications of respiratory sounds", Eur. Respir. Rev. 10, 2000): in the spectrogram a
//! narrow ridge that lasts. As in S. A. Taplidou and L. J. Hadjileontiadis, "Wheeze detection based
//! on time-frequency analysis of breath sounds" (2007), peaks that stand out of the spectrum around
//! them are linked from frame to frame, and what lasts long enough is kept. Speech, cries, a heart
//! murmur and electronic tones make ridges as well.

use crate::Signal;
use crate::mel::stft::{PowerSpectrum, hann};
use crate::spectral::smooth_length;

/// Length of a frame and step between frames, in s.
const FRAME_S: f64 = 0.064;
const STEP_S: f64 = 0.016;
/// Where ridges are looked for, in Hz: above heart sounds, up to where wheezes end.
const BAND_HZ: (f64, f64) = (150.0, 1000.0);
/// Half the width of the spectrum that a peak is compared with, in Hz.
const AROUND_HZ: f64 = 100.0;
/// How far a peak stands above the median around it, and a ridge on average, in dB.
const PEAK_DB: f64 = 9.0;
const RIDGE_DB: f64 = 13.0;
/// How far a ridge moves between frames at most, in Hz.
const JUMP_HZ: f64 = 32.0;
/// How long a ridge lasts, in s; what lasts longer is hum or a tone.
const LASTS_S: (f64, f64) = (0.08, 4.0);
/// Powers below this are silence: 120 dB under a full-scale sample.
const SILENCE: f64 = 1e-12;

/// A tone that lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ridge {
    /// Start of its first frame, in s.
    pub start_s: f64,
    /// How long it lasts, in s: frames times their step.
    pub seconds: f64,
    /// Mean frequency, in Hz.
    pub hz: f64,
    /// How far it stands above the spectrum around it on average, in dB.
    pub prominence_db: f64,
}

/// A ridge while it grows.
struct Track {
    first: usize,
    last: usize,
    bin: usize,
    frames: usize,
    bins: usize,
    prominence: f64,
}

/// Ridges by start, then frequency: at least 80 ms at 150 to 1000 Hz (or to 0.45 of the rate), on
/// average 13 dB above the median of 100 Hz on both sides. None in less than one frame of 64 ms.
pub fn ridges(signal: &Signal) -> Vec<Ridge> {
    let rate = f64::from(signal.rate);
    let length = smooth_length((FRAME_S * rate) as usize);
    let step = (STEP_S * rate).round() as usize;
    if signal.samples.len() < length || step == 0 {
        return Vec::new();
    }
    let mut spectrum = PowerSpectrum::<f64>::new(length, &hann(length, true), 0);
    let bin_hz = rate / length as f64;
    let half = (AROUND_HZ / bin_hz).round() as usize;
    let low = (BAND_HZ.0 / bin_hz).ceil() as usize;
    let high = ((BAND_HZ.1.min(0.45 * rate)) / bin_hz) as usize;
    let mut power = vec![0.0; spectrum.bins()];
    let (mut growing, mut done): (Vec<Track>, Vec<Track>) = (Vec::new(), Vec::new());
    let frames = 1 + (signal.samples.len() - length) / step;
    for frame in 0..frames {
        spectrum.compute(&signal.samples[frame * step..], f64::from, &mut power);
        for value in &mut power {
            *value = 10.0 * value.max(SILENCE).log10();
        }
        let peaks = peaks(&power, low..=high.min(power.len() - 2), half);
        growing = link(growing, peaks, frame, JUMP_HZ / bin_hz, &mut done);
    }
    done.extend(growing);
    let mut found: Vec<Ridge> = done
        .iter()
        .map(|track| Ridge {
            start_s: (track.first * step) as f64 / rate,
            seconds: ((track.last - track.first + 1) * step) as f64 / rate,
            hz: track.bins as f64 / track.frames as f64 * bin_hz,
            prominence_db: track.prominence / track.frames as f64,
        })
        .filter(|ridge| {
            ridge.prominence_db >= RIDGE_DB && (LASTS_S.0..=LASTS_S.1).contains(&ridge.seconds)
        })
        .collect();
    found.sort_by(|a, b| {
        let by_start = a.start_s.total_cmp(&b.start_s);
        by_start.then(a.hz.total_cmp(&b.hz))
    });
    found
}

/// Local maxima that stand out: bin and dB above the median around it, ends repeated.
fn peaks(
    decibels: &[f64],
    bins: std::ops::RangeInclusive<usize>,
    half: usize,
) -> Vec<(usize, f64)> {
    let last = decibels.len() - 1;
    let mut around = Vec::with_capacity(2 * half + 1);
    bins.filter(|&bin| decibels[bin] > decibels[bin - 1] && decibels[bin] >= decibels[bin + 1])
        .filter_map(|bin| {
            around.clear();
            around.extend(
                (0..=2 * half)
                    .map(|offset| decibels[(bin + offset).saturating_sub(half).min(last)]),
            );
            around.sort_unstable_by(f64::total_cmp);
            let prominence = decibels[bin] - around[half];
            (prominence >= PEAK_DB).then_some((bin, prominence))
        })
        .collect()
}

/// Gives each peak to the track that is near, the longest first; a track may miss one frame.
fn link(
    mut growing: Vec<Track>,
    mut peaks: Vec<(usize, f64)>,
    frame: usize,
    jump: f64,
    done: &mut Vec<Track>,
) -> Vec<Track> {
    growing.sort_by_key(|track| std::cmp::Reverse(track.frames));
    let mut kept = Vec::with_capacity(growing.len() + peaks.len());
    for mut track in growing {
        let distance = |bin: usize| bin.abs_diff(track.bin);
        let near = (0..peaks.len())
            .filter(|&index| distance(peaks[index].0) as f64 <= jump)
            .min_by_key(|&index| distance(peaks[index].0));
        if let Some(index) = near {
            let (bin, prominence) = peaks.remove(index);
            track.bin = bin;
            track.bins += bin;
            track.prominence += prominence;
            track.frames += 1;
            track.last = frame;
            kept.push(track);
        } else if frame - track.last <= 1 {
            kept.push(track);
        } else {
            done.push(track);
        }
    }
    kept.extend(peaks.into_iter().map(|(bin, prominence)| Track {
        first: frame,
        last: frame,
        bin,
        frames: 1,
        bins: bin,
        prominence,
    }));
    kept
}
