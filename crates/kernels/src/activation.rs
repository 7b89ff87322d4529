//! The activation functions that a batch norm can carry: a pre-activation value in, value or
//! derivative out.

use burn::tensor::Tensor;

/// Function applied after the normalisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Activation {
    /// `z`
    Identity,
    /// `max(z, 0)`
    Relu,
    /// `z · clamp(z + 3, 0, 6) / 6` (Howard et al., 2019)
    Hardswish,
}

impl Activation {
    /// The function by Burn's own operations.
    pub(crate) fn composed<const D: usize>(self, z: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Identity => z,
            Self::Relu => burn::tensor::activation::relu(z),
            Self::Hardswish => z.clone() * (z + 3.0).clamp(0.0, 6.0) / 6.0,
        }
    }
}
