//! Cross-entropy with class weights and label smoothing.
//!
//! In: logits and targets. Out: a scalar loss. The weighting is PyTorch's `CrossEntropyLoss`:
//! smoothed terms weighted by class, divided by the sum of the target classes' weights.

use burn::tensor::{
    Tensor, TensorData,
    activation::{log_sigmoid, log_softmax},
};

/// `logits` `[rows, classes]` against class indices; `weights` has one entry a class.
///
/// Rows whose target is `None` do not count; with no counting row the loss is zero.
pub fn cross_entropy(
    logits: Tensor<2>,
    targets: &[Option<usize>],
    weights: &[f32],
    smoothing: f32,
) -> Tensor<1> {
    let [rows, classes] = logits.dims();
    debug_assert_eq!((rows, classes), (targets.len(), weights.len()));
    let total: f32 = targets.iter().flatten().map(|&t| weights[t]).sum();
    let mut goal = vec![0.0_f32; rows * classes];
    for (row, target) in targets.iter().enumerate() {
        let Some(target) = *target else { continue };
        for class in 0..classes {
            let hit = if class == target {
                1.0 - smoothing
            } else {
                0.0
            };
            goal[row * classes + class] =
                weights[class] * (hit + smoothing / classes as f32) / total;
        }
    }
    let goal = Tensor::<2>::from_data(TensorData::new(goal, [rows, classes]), &logits.device());
    (log_softmax(logits, 1) * goal).sum().neg()
}

/// `logits` `[rows]` against targets in [0, 1], each row weighted; the weighted mean.
pub fn binary_cross_entropy(logits: Tensor<1>, targets: &[f32], weights: &[f32]) -> Tensor<1> {
    let device = logits.device();
    let rows = targets.len();
    let total: f32 = weights.iter().sum();
    let part = |f: &dyn Fn(usize) -> f32| {
        let values: Vec<f32> = (0..rows).map(|i| f(i) * weights[i] / total).collect();
        Tensor::<1>::from_data(TensorData::new(values, [rows]), &device)
    };
    let positive = part(&|i| targets[i]);
    let negative = part(&|i| 1.0 - targets[i]);
    (log_sigmoid(logits.clone()) * positive + log_sigmoid(logits.neg()) * negative)
        .sum()
        .neg()
}

/// Class weights proportional to `count^-0.5`, scaled so that their mean over all examples is 1;
/// absent classes weigh nothing.
pub fn inverse_root_weights(counts: &[usize]) -> Vec<f32> {
    let examples: usize = counts.iter().sum();
    let sum: f64 = counts.iter().map(|&n| (n as f64).sqrt()).sum();
    counts
        .iter()
        .map(|&n| match n {
            0 => 0.0,
            n => (examples as f64 / sum / (n as f64).sqrt()) as f32,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    /// `torch.nn.CrossEntropyLoss(weight=[1, 2, .5], label_smoothing=.1)`, PyTorch 2.11.
    #[test]
    fn equals_pytorch() {
        let logits = Tensor::<2>::from_data(
            [[0.5, -1.0, 2.0], [1.5, 0.2, -0.3], [0.0, 0.0, 1.0]],
            &Device::flex(),
        );
        let targets = [Some(2), Some(0), Some(1)];
        let loss = cross_entropy(logits, &targets, &[1.0, 2.0, 0.5], 0.1).into_scalar::<f32>();
        assert!((loss - EXPECTED).abs() < 1e-5, "{loss}");
    }

    const EXPECTED: f32 = 1.094_152;

    #[test]
    fn rows_without_target_do_not_count() {
        let device = Device::flex();
        let two = Tensor::<2>::from_data([[0.5, -1.0], [9.0, -3.0]], &device);
        let one = Tensor::<2>::from_data([[0.5, -1.0]], &device);
        let weights = [1.0, 3.0];
        let masked = cross_entropy(two, &[Some(1), None], &weights, 0.0).into_scalar::<f32>();
        let alone = cross_entropy(one, &[Some(1)], &weights, 0.0).into_scalar::<f32>();
        assert!((masked - alone).abs() < 1e-6);
    }

    #[test]
    fn weights_average_to_one_over_examples() {
        let counts = [100, 4, 0, 25];
        let weights = inverse_root_weights(&counts);
        let sum: f32 = counts
            .iter()
            .zip(&weights)
            .map(|(&n, w)| n as f32 * w)
            .sum();
        assert!((sum / 129.0 - 1.0).abs() < 1e-5);
        assert_eq!(weights[2], 0.0);
    }
}
