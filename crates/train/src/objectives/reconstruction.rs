//! Masked reconstruction: the network sees some patches of a spectrogram and draws the others.
//!
//! In: spectrograms `[batch, frames, bands]`, what a decoder drew. Out: patches, masks, a loss `[1]`.

use burn::tensor::Tensor;
use rand_chacha::ChaCha8Rng;

use crate::sampling::permutation;

/// Added to the variance of a patch before dividing by its root, as in the published code.
const VARIANCE_EPSILON: f32 = 1e-6;

/// `[batch, frames, bands]` to `[batch, patches, height * width]`: patches of `height` frames by
/// `width` bands in row-major order, values in row-major order inside each (He et al. 2022, arXiv
/// 2111.06377, `patchify` with one channel). Both sizes must divide the spectrogram.
pub fn patches(spectrogram: Tensor<3>, [height, width]: [usize; 2]) -> Tensor<3> {
    let [batch, frames, bands] = spectrogram.dims();
    let (rows, columns) = (frames / height, bands / width);
    spectrogram
        .reshape([batch, rows, height, columns, width])
        .permute([0, 1, 3, 2, 4])
        .reshape([batch, rows * columns, height * width])
}

/// Which patches are hidden: of each of `batch` rows all but `patches * (1 - share)` rounded down.
/// Row-major `[batch, patches]`, 1 hidden, 0 seen.
pub fn mask_patches(batch: usize, patches: usize, share: f64, rng: &mut ChaCha8Rng) -> Vec<f32> {
    let seen = (patches as f64 * (1.0 - share)) as usize;
    let mut mask = vec![1.0; batch * patches];
    for row in mask.chunks_mut(patches) {
        for index in permutation(patches, rng).into_iter().take(seen) {
            row[index] = 0.0;
        }
    }
    mask
}

/// Mean squared error per patch, averaged over the hidden patches (He et al. 2022, section 3;
/// OPERA-GT's `forward_loss` with `normalised` off).
///
/// `drawn` and `target` are `[batch, patches, values]`, `mask` `[batch, patches]` with 1 hidden, of
/// each row as many and at least one. With `normalised`, each target patch has mean 0 and (unbiased)
/// variance 1.
pub fn reconstruction(
    drawn: Tensor<3>,
    target: Tensor<3>,
    mask: Tensor<2>,
    normalised: bool,
) -> Tensor<1> {
    reconstruction_by_row(drawn, target, mask, normalised).mean()
}

/// As [`reconstruction`], of each row by itself, `[batch, 1]`.
pub fn reconstruction_by_row(
    drawn: Tensor<3>,
    target: Tensor<3>,
    mask: Tensor<2>,
    normalised: bool,
) -> Tensor<2> {
    let [batch, count, _] = target.dims();
    let target = if normalised {
        let mean = target.clone().mean_dim(2);
        let deviation = target.clone().var(2).add_scalar(VARIANCE_EPSILON).sqrt();
        (target - mean) / deviation
    } else {
        target
    };
    let errors = (drawn - target).square().mean_dim(2);
    let errors = errors.reshape([batch, count]);
    (errors * mask.clone()).sum_dim(1) / mask.sum_dim(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling;

    #[test]
    fn opera_hides_seventy_percent_of_its_patches() {
        let mask = mask_patches(3, 1024, 0.7, &mut sampling::rng(1, &[]));
        for row in mask.chunks(1024) {
            assert_eq!(row.iter().filter(|m| **m == 0.0).count(), 307);
        }
        assert_ne!(mask[..1024], mask[1024..2048]);
    }
}
