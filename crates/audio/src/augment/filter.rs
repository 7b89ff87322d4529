//! What another recording chain would have done: band limits and a random frequency response.

use std::f32::consts::PI;

use rand::{Rng, RngExt};

use crate::level::amplitude;
use crate::spectral::shape;

/// Keeps `low_hz` to `high_hz`, as a device of that bandwidth would have recorded it.
///
/// Zero phase. The gain falls as a raised cosine from 1 at the limit to 0 at a fifth beyond it,
/// so nothing is left to tell what bandwidth the recording once had. `low_hz` of 0 or `high_hz`
/// from the Nyquist frequency on leave that side alone.
pub fn band_limit(samples: &mut [f32], rate: u32, low_hz: f32, high_hz: f32) {
    const EDGE: f32 = 1.2;
    let nyquist = rate as f32 / 2.0;
    if low_hz <= 0.0 && high_hz >= nyquist {
        return;
    }
    let fall = |ratio: f32| 0.5 + 0.5 * (PI * ((ratio - 1.0) / (EDGE - 1.0)).clamp(0.0, 1.0)).cos();
    shape(samples, rate, |hz| {
        let low = if low_hz <= 0.0 || hz >= low_hz {
            1.0
        } else if hz <= 0.0 {
            0.0
        } else {
            fall(low_hz / hz)
        };
        let high = if high_hz >= nyquist {
            1.0
        } else {
            fall(hz / high_hz)
        };
        low * high
    });
}

/// Gives the clip a random smooth frequency response of at most `max_db` dB up or down: values
/// drawn at one point per octave from 20 Hz to the Nyquist frequency, joined by half cosines over
/// the logarithm of frequency. Zero phase.
pub fn device_filter(samples: &mut [f32], rate: u32, max_db: f32, rng: &mut impl Rng) {
    const LOWEST_HZ: f32 = 20.0;
    let octaves = (rate as f32 / 2.0 / LOWEST_HZ).log2().ceil().max(1.0) as usize;
    let points: Vec<f32> = (0..=octaves + 1)
        .map(|_| rng.random_range(-1.0..=1.0) * max_db)
        .collect();
    shape(samples, rate, |hz| {
        let position = (hz / LOWEST_HZ).max(1.0).log2();
        let index = (position as usize).min(octaves);
        let between = 0.5 - 0.5 * (PI * (position - index as f32).clamp(0.0, 1.0)).cos();
        amplitude(points[index] + (points[index + 1] - points[index]) * between)
    });
}
