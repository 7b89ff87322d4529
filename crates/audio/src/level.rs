//! Levels: root mean square and decibels.

/// Root mean square; 0 for no samples.
pub(crate) fn rms(samples: &[f32]) -> f32 {
    if samples.is_empty() {
        return 0.0;
    }
    let sum: f64 = samples.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
    (sum / samples.len() as f64).sqrt() as f32
}

/// Amplitude factor of a gain in dB.
pub(crate) fn amplitude(db: f32) -> f32 {
    10.0_f32.powf(db / 20.0)
}
