//! A spectrogram as HTS-AT's image: bands over time `[batch, 64, frames]` in, patches of 4 × 4 values
//! of an image of 256 × 256 out.

use burn::tensor::{Tensor, TensorData};

/// Mel bands.
pub(super) const BANDS: usize = 64;
/// Frames of an image.
pub(super) const FRAMES: usize = 1024;
/// Parts of the time axis that lie above each other.
pub(super) const QUARTERS: usize = 4;
/// Side of a patch.
const PATCH: usize = 4;
/// Parameter of the cubic kernel (Keys, 1981), `PyTorch`'s value.
const KEYS: f64 = -0.75;

/// Stretches time to 1024 frames by cubic interpolation in which the first and last frames keep
/// their places (`PyTorch`'s bicubic with `align_corners`): `[batch, 64, frames]` to
/// `[batch, 64, 1024]`.
pub(super) fn stretch(features: Tensor<3>) -> Tensor<3> {
    let [batch, bands, frames] = features.dims();
    if frames == FRAMES {
        return features;
    }
    let weights = TensorData::new(weights(frames, FRAMES), [frames, FRAMES]);
    let weights = Tensor::<2>::from_data(weights, &features.device());
    features
        .reshape([batch * bands, frames])
        .matmul(weights)
        .reshape([batch, bands, FRAMES])
}

/// How much of each frame is in each of the new ones, `[from, to]`.
fn weights(from: usize, to: usize) -> Vec<f32> {
    let mut weights = vec![0.0_f32; from * to];
    let scale = (from - 1) as f64 / (to - 1) as f64;
    for new in 0..to {
        let place = scale * new as f64;
        let below = place.floor();
        for offset in -1..=2 {
            let frame = below as i64 + offset;
            let weight = cubic(place - below - offset as f64);
            // Beyond the ends the outermost frames are repeated.
            let frame = frame.clamp(0, from as i64 - 1) as usize;
            weights[frame * to + new] += weight as f32;
        }
    }
    weights
}

/// The cubic convolution kernel at distance `x`.
fn cubic(x: f64) -> f64 {
    let x = x.abs();
    if x <= 1.0 {
        ((KEYS + 2.0) * x - (KEYS + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        ((KEYS * x - 5.0 * KEYS) * x + 8.0 * KEYS) * x - 4.0 * KEYS
    } else {
        0.0
    }
}

/// Lays the quarters of the time axis above each other: `[batch, 64, 1024]` to `[batch, 256, 256]`.
pub(super) fn fold(features: Tensor<3>) -> Tensor<3> {
    let [batch, bands, frames] = features.dims();
    features
        .reshape([batch, bands, QUARTERS, frames / QUARTERS])
        .swap_dims(1, 2)
        .reshape([batch, bands * QUARTERS, frames / QUARTERS])
}

/// `[batch, rows, columns]` to the values of its patches by row and column,
/// `[batch, rows / 4 · columns / 4, 16]`.
pub(super) fn patchify(image: Tensor<3>) -> Tensor<3> {
    let [batch, rows, columns] = image.dims();
    let (rows, columns) = (rows / PATCH, columns / PATCH);
    image
        .reshape([batch, rows, PATCH, columns, PATCH])
        .permute([0, 1, 3, 2, 4])
        .reshape([batch, rows * columns, PATCH * PATCH])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretching_keeps_ends_and_straight_lines() {
        let weights = weights(5, 9);
        let line: Vec<f32> = (0..9)
            .map(|new| (0..5).map(|old| old as f32 * weights[old * 9 + new]).sum())
            .collect();
        assert_eq!((line[0], line[8]), (0.0, 4.0));
        // Within the line; at its ends the repeated frames bend it.
        for new in 2..=6 {
            assert!((line[new] - 0.5 * new as f32).abs() < 1e-6);
        }
    }
}
