//! One of the encoders, as a single Burn module: what a recipe names comes in, and training code
//! that knows only [`Encoder`] can hold, optimise and store it.

use burn::module::Module;
use burn::tensor::Tensor;

use super::{Encoded, Encoder, FrontEnd, Mn04, Mode};

/// Any encoder.
#[derive(Module, Debug)]
pub enum AnyEncoder {
    /// `EfficientAT`'s mn04.
    Mn04(Mn04),
}

impl From<Mn04> for AnyEncoder {
    fn from(encoder: Mn04) -> Self {
        Self::Mn04(encoder)
    }
}

impl AnyEncoder {
    fn inner(&self) -> &dyn Encoder {
        match self {
            Self::Mn04(encoder) => encoder,
        }
    }
}

impl Encoder for AnyEncoder {
    fn name(&self) -> &'static str {
        self.inner().name()
    }

    fn dims(&self) -> usize {
        self.inner().dims()
    }

    fn front_end(&self) -> FrontEnd {
        self.inner().front_end()
    }

    fn encode(&self, features: Tensor<3>, mode: Mode) -> Encoded {
        self.inner().encode(features, mode)
    }
}
