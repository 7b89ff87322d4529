//! Samples to what OPERA's encoders listen to: silence trimmed, short clips filled up, long ones cut
//! into windows. [`crate::librosa::LibrosaConfig::opera`] makes the spectrograms of it.
//!
//! Source: OPERA (Zhang et al., 2024), `src/util.py` and `src/benchmark/model_util.py`, as its
//! benchmark calls them (no band-pass filter). Sampling rate 16 kHz throughout.

/// Sampling rate of all samples here, in Hz.
pub const RATE: u32 = 16_000;
/// Window of OPERA-GT in s: 256 frames.
pub const GT_SECONDS: f64 = 8.18;

/// Frames that decide what is silent, in samples.
const FRAME: usize = 1600;
const HOP: usize = 800;
/// Frames this much below the loudest one are silent, in dB.
const TOP_DB: f64 = 60.0;
/// Powers below this count as this.
const SMALLEST_POWER: f64 = 1e-10;

/// What a clip that is too short is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Its own repetition in front of it, so that the clip itself ends the result.
    Repeat,
    /// Zeros after it; a clip of less than half the length is repeated whole before that.
    Zero,
}

/// The clip without silence at both ends, as `librosa.effects.trim` with frames of 0.1 s finds it.
/// The result is empty only if `samples` are.
pub fn trim(samples: &[f32]) -> &[f32] {
    let frames = 1 + samples.len() / HOP;
    let powers: Vec<f64> = (0..frames)
        .map(|frame| {
            // Frames are centred, with zeros beyond both ends.
            let end = (frame * HOP + FRAME / 2).min(samples.len());
            let start = (frame * HOP).saturating_sub(FRAME / 2).min(end);
            let squares = samples[start..end].iter().map(|x| f64::from(*x).powi(2));
            squares.sum::<f64>() / FRAME as f64
        })
        .collect();
    let decibel = |power: f64| 10.0 * power.max(SMALLEST_POWER).log10();
    let loudest = decibel(powers.iter().copied().fold(0.0, f64::max));
    let loud = |power: &f64| decibel(*power) - loudest > -TOP_DB;
    let first = powers.iter().position(loud).unwrap_or(0);
    let last = powers.iter().rposition(loud).unwrap_or(0);
    &samples[(first * HOP).min(samples.len())..((last + 1) * HOP).min(samples.len())]
}

/// What OPERA-CT and OPERA-CE get: the whole trimmed clip, filled up to `seconds` if it is shorter.
pub fn whole(samples: &[f32], seconds: f64, fill: Fill) -> Vec<f32> {
    let clip = trim(samples);
    if clip.is_empty() || clip.len() as f64 / f64::from(RATE) >= seconds {
        return clip.to_vec();
    }
    match fill {
        Fill::Repeat => repeated_before(clip, clip, length(seconds)),
        Fill::Zero => zeros_after(clip, length(seconds)),
    }
}

/// What OPERA-GT gets: windows of `seconds` that overlap by half; what is left at the end is filled
/// up with the clip, and so is a clip shorter than a window. Features are averaged over the windows.
pub fn windows(samples: &[f32], seconds: f64) -> Vec<Vec<f32>> {
    let (clip, length) = (trim(samples), length(seconds));
    if clip.is_empty() || length < 2 {
        return Vec::new();
    }
    if clip.len() <= length {
        return vec![repeated_before(clip, clip, length)];
    }
    let hop = length / 2;
    let count = 1 + (clip.len() - length) / hop;
    let mut windows: Vec<Vec<f32>> = (0..count)
        .map(|window| clip[window * hop..window * hop + length].to_vec())
        .collect();
    windows.push(repeated_before(&clip[count * hop..], clip, length));
    windows
}

fn length(seconds: f64) -> usize {
    (seconds * f64::from(RATE)) as usize
}

/// `end`, and before it the end of `clip` repeated as often as needed; `length` samples.
///
/// The clip is doubled until it covers the gap. The authors draw anew each time which side is
/// filled, but from a generator that they seed each time, so that it is always the front.
fn repeated_before(end: &[f32], clip: &[f32], length: usize) -> Vec<f32> {
    let gap = length.saturating_sub(end.len());
    // Doubling keeps the period, so the repetition need not be written out.
    let mut cover = clip.len();
    while cover < gap {
        cover *= 2;
    }
    let filler = (cover - gap..cover).map(|index| clip[index % clip.len()]);
    filler.chain(end.iter().copied()).collect()
}

fn zeros_after(clip: &[f32], length: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(length);
    if 2 * clip.len() < length {
        while out.len() + clip.len() < length {
            out.extend_from_slice(clip);
        }
    } else {
        out.extend_from_slice(clip);
    }
    out.resize(length, 0.0);
    out
}
