//! From the vectors of a text's tokens to one vector: states `[batch, tokens, width]` and their mask
//! in, `[batch, width]` out.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// How token vectors become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pooling {
    /// The mean over the text's own tokens. (AcuLa's code takes the mean over padding too, which
    /// mixes the length of the text into the vector.)
    Mean,
    /// The last token, which alone has seen the whole text in a decoder.
    Last,
}

impl Pooling {
    /// The word used in recipes.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Last => "last",
        }
    }

    /// Pools `states` `[batch, tokens, width]`; `mask` `[batch, tokens]` is 1 for tokens of the text,
    /// which come first, and 0 for padding.
    pub fn apply(self, states: Tensor<3>, mask: Tensor<2>) -> Tensor<2> {
        let [batch, tokens, width] = states.dims();
        let weights = match self {
            Self::Mean => mask.clone() / mask.sum_dim(1),
            Self::Last => {
                let next = Tensor::cat(
                    vec![
                        mask.clone().slice([0..batch, 1..tokens]),
                        Tensor::zeros([batch, 1], &mask.device()),
                    ],
                    1,
                );
                mask - next
            }
        };
        (states * weights.reshape([batch, tokens, 1]))
            .sum_dim(1)
            .reshape([batch, width])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn padding_does_not_count() {
        let device = Device::flex();
        let states =
            Tensor::<3>::from_data([[[1.0], [3.0], [50.0]], [[2.0], [4.0], [6.0]]], &device);
        let mask = Tensor::<2>::from_data([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]], &device);
        let pooled = |pooling: Pooling| -> Vec<f32> {
            let pooled = pooling.apply(states.clone(), mask.clone());
            pooled.into_data().try_to_vec().unwrap()
        };
        assert_eq!(pooled(Pooling::Mean), [2.0, 4.0]);
        assert_eq!(pooled(Pooling::Last), [3.0, 6.0]);
    }
}
