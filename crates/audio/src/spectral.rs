//! Zero-phase filtering of a whole clip by a gain over frequency.

use std::cell::RefCell;

use realfft::RealFftPlanner;

thread_local! {
    // Plans are reused: augmentation filters thousands of clips of few lengths.
    static PLANNER: RefCell<RealFftPlanner<f32>> = RefCell::new(RealFftPlanner::new());
}

/// Multiplies the spectrum of `samples` by `gain(frequency in Hz)`, in place.
///
/// A quarter of a second of zeros (at most as much as the clip) keeps the filter's tails from
/// wrapping around to the other end.
pub(crate) fn shape(samples: &mut [f32], rate: u32, gain: impl Fn(f32) -> f32) {
    if samples.is_empty() {
        return;
    }
    let length = smooth_length(samples.len() + samples.len().min(rate as usize / 4));
    let (forward, inverse) = PLANNER.with_borrow_mut(|planner| {
        (
            planner.plan_fft_forward(length),
            planner.plan_fft_inverse(length),
        )
    });
    let mut time = forward.make_input_vec();
    let mut bins = forward.make_output_vec();
    time[..samples.len()].copy_from_slice(samples);
    forward
        .process(&mut time, &mut bins)
        .expect("buffers come from the plan");
    let bin_hz = rate as f32 / length as f32;
    for (index, bin) in bins.iter_mut().enumerate() {
        *bin *= gain(index as f32 * bin_hz) / length as f32;
    }
    // The first bin and, as the length is even, the last are real: rounding must not say otherwise.
    bins[0].im = 0.0;
    bins[length / 2].im = 0.0;
    inverse
        .process(&mut bins, &mut time)
        .expect("buffers come from the plan");
    samples.copy_from_slice(&time[..samples.len()]);
}

/// The smallest even number of the form `2^a 3^b 5^c` that is at least `length`: fast to transform.
pub(crate) fn smooth_length(length: usize) -> usize {
    let smooth = |mut n: usize| {
        for factor in [2, 3, 5] {
            while n.is_multiple_of(factor) {
                n /= factor;
            }
        }
        n == 1
    };
    let mut half = length.div_ceil(2).max(1);
    while !smooth(half) {
        half += 1;
    }
    2 * half
}
