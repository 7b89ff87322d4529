//! A signal to the measures by which a clinician or a technician judges a recording.
//!
//! Short, constant, silent or offset-only recordings are no errors: they show here. Levels are in
//! dBFS: decibels relative to an RMS (or, for the peak, an amplitude) of 1, so a full-scale sine
//! has a level of -3 dBFS. Nothing is below [`FLOOR_DBFS`].
//!
//! [`measure`] tells of the recording's quality; [`ridges`], [`transients`] and [`rhythm`] tell of
//! what may be heard in it, by the signal alone.

mod rhythm;
mod ridge;
mod spectrum;
mod transient;

use serde::{Deserialize, Serialize};

use crate::Signal;
use crate::level::rms;

pub use rhythm::{Rhythm, rhythm};
pub use ridge::{Ridge, ridges};
pub use spectrum::MainsHum;
pub use transient::{Transient, transients};

/// The lowest level reported, in dBFS: one step of 24 bits.
pub const FLOOR_DBFS: f32 = -144.0;
/// Frames quieter than this count as silence, in dBFS: about ten steps of 16 bits.
pub const SILENCE_DBFS: f32 = -70.0;

/// Length of the frames over which levels are taken, in seconds.
const FRAME_SECONDS: f64 = 0.05;

/// What was measured on a recording.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// Duration, in seconds.
    pub seconds: f64,
    /// Sampling rate, in Hz.
    pub rate_hz: u32,
    /// RMS level without the offset, in dBFS.
    pub level_dbfs: f32,
    /// Largest magnitude, in dBFS.
    pub peak_dbfs: f32,
    /// Mean of the samples, in parts of full scale.
    pub dc_offset: f32,
    /// All samples are the same (to a tenth of a step of 16 bits): silent or offset only.
    pub constant: bool,
    /// Share of samples that are cut off flat at the top or the bottom, 0 to 1.
    pub clipped: f32,
    /// Share of frames of 50 ms below [`SILENCE_DBFS`], 0 to 1.
    pub silent: f32,
    /// Level of the quiet frames (the 10th percentile of frames of 50 ms), in dBFS.
    pub noise_floor_dbfs: f32,
    /// Band limit of the recording chain, in Hz: half the rate, or less for a file that was
    /// upsampled or low-passed, where the long-term spectrum drops to its floor; 0 for a constant
    /// one.
    pub bandwidth_hz: f32,
    /// Strongest mains frequency; none for recordings under half a second or a constant one.
    pub mains_hum: Option<MainsHum>,
}

/// How loud a recording is: the part of [`Measures`] that needs no spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelMeasures {
    /// As [`Measures::level_dbfs`].
    pub level_dbfs: f32,
    /// As [`Measures::peak_dbfs`].
    pub peak_dbfs: f32,
    /// As [`Measures::constant`].
    pub constant: bool,
    /// As [`Measures::clipped`].
    pub clipped: f32,
}

/// Measures the level of a signal of any length, the empty one included.
pub fn measure_level(signal: &Signal) -> LevelMeasures {
    level_of(&signal.samples, &centred(&signal.samples).0)
}

/// The samples without their mean, and the mean.
fn centred(samples: &[f32]) -> (Vec<f32>, f32) {
    let mean = samples.iter().map(|&x| f64::from(x)).sum::<f64>() / samples.len().max(1) as f64;
    let centred = samples
        .iter()
        .map(|&x| (f64::from(x) - mean) as f32)
        .collect();
    (centred, mean as f32)
}

fn level_of(samples: &[f32], centred: &[f32]) -> LevelMeasures {
    const CONSTANT: f32 = 0.1 / 32_768.0;
    let peak = samples.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
    let swing = centred.iter().fold(0.0_f32, |swing, x| swing.max(x.abs()));
    let constant = swing < CONSTANT;
    LevelMeasures {
        level_dbfs: dbfs(rms(centred)),
        peak_dbfs: dbfs(peak),
        constant,
        clipped: if constant { 0.0 } else { clipped(samples) },
    }
}

/// Measures a signal of any length, the empty one included.
pub fn measure(signal: &Signal) -> Measures {
    let samples = &signal.samples;
    let (centred, mean) = centred(samples);
    let level = level_of(samples, &centred);
    let constant = level.constant;

    let frame = ((f64::from(signal.rate) * FRAME_SECONDS) as usize).max(1);
    let mut levels: Vec<f32> = centred
        .chunks(frame)
        .map(|frame| dbfs(rms_without_mean(frame)))
        .collect();
    levels.sort_by(f32::total_cmp);
    let silent = levels.iter().filter(|&&level| level < SILENCE_DBFS).count();

    Measures {
        seconds: signal.seconds(),
        rate_hz: signal.rate,
        level_dbfs: level.level_dbfs,
        peak_dbfs: level.peak_dbfs,
        dc_offset: mean,
        constant,
        clipped: level.clipped,
        silent: if levels.is_empty() {
            1.0
        } else {
            silent as f32 / levels.len() as f32
        },
        noise_floor_dbfs: levels.get(levels.len() / 10).copied().unwrap_or(FLOOR_DBFS),
        bandwidth_hz: if constant {
            0.0
        } else {
            spectrum::bandwidth_hz(&centred, signal.rate)
        },
        mains_hum: if constant {
            None
        } else {
            spectrum::mains_hum(&centred, signal.rate)
        },
    }
}

/// RMS of a frame around its own mean: an offset or a wave slower than the frame is no sound.
fn rms_without_mean(frame: &[f32]) -> f32 {
    let mean = frame.iter().sum::<f32>() / frame.len() as f32;
    let squares: f32 = frame.iter().map(|x| (x - mean) * (x - mean)).sum();
    (squares / frame.len() as f32).sqrt()
}

fn dbfs(amplitude: f32) -> f32 {
    (20.0 * amplitude.log10()).max(FLOOR_DBFS)
}

/// Share of samples in flat runs at the largest or smallest value.
///
/// Any slow wave dwells near its extremes, so a side counts only if more samples lie at the
/// extreme than in the next hundredth of the range below it: a rounded top has fewer there. Where
/// the steps of the samples are coarser than that, it is the next step.
fn clipped(samples: &[f32]) -> f32 {
    const RUN: usize = 3;
    /// Of the range; wider, and the middle of the signal would count as beside its extreme.
    const NEAR_AT_MOST: f32 = 0.25;
    let largest = samples.iter().copied().fold(f32::MIN, f32::max);
    let smallest = samples.iter().copied().fold(f32::MAX, f32::min);
    let range = largest - smallest;
    let step = samples
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .filter(|step| *step > 0.0)
        .fold(range, f32::min);
    let flat = 1e-5 * range;
    let near = (1.5 * step).clamp(1e-2 * range, NEAR_AT_MOST * range);
    let side = |distance: &dyn Fn(f32) -> f32| {
        let (mut in_runs, mut run, mut beside) = (0, 0, 0);
        for &sample in samples {
            let distance = distance(sample);
            if distance <= flat {
                run += 1;
                match run {
                    RUN => in_runs += RUN,
                    more if more > RUN => in_runs += 1,
                    _ => {}
                }
            } else {
                run = 0;
                beside += usize::from(distance <= near);
            }
        }
        if in_runs > beside { in_runs } else { 0 }
    };
    let count = side(&|x| largest - x) + side(&|x| x - smallest);
    count as f32 / samples.len() as f32
}
