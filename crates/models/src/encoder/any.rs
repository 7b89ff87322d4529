//! One of the encoders, as a single Burn module: what a recipe names comes in, and training code
//! that knows only [`Encoder`] can hold, optimise and store it.

use burn::module::Module;
use burn::tensor::Tensor;

use super::{Encoded, Encoder, FrontEnd, Mn04, Mode, OperaCe, OperaCt, OperaGt, Whisper};

/// Any encoder.
#[derive(Module, Debug)]
pub enum AnyEncoder {
    /// `EfficientAT`'s mn04.
    Mn04(Mn04),
    /// OPERA-CE.
    OperaCe(OperaCe),
    /// OPERA-CT.
    OperaCt(OperaCt),
    /// OPERA-GT.
    OperaGt(OperaGt),
    /// Whisper's encoder.
    Whisper(Whisper),
}

impl From<Mn04> for AnyEncoder {
    fn from(encoder: Mn04) -> Self {
        Self::Mn04(encoder)
    }
}

impl From<OperaCe> for AnyEncoder {
    fn from(encoder: OperaCe) -> Self {
        Self::OperaCe(encoder)
    }
}

impl From<OperaCt> for AnyEncoder {
    fn from(encoder: OperaCt) -> Self {
        Self::OperaCt(encoder)
    }
}

impl From<OperaGt> for AnyEncoder {
    fn from(encoder: OperaGt) -> Self {
        Self::OperaGt(encoder)
    }
}

impl From<Whisper> for AnyEncoder {
    fn from(encoder: Whisper) -> Self {
        Self::Whisper(encoder)
    }
}

impl AnyEncoder {
    fn inner(&self) -> &dyn Encoder {
        match self {
            Self::Mn04(encoder) => encoder,
            Self::OperaCe(encoder) => encoder,
            Self::OperaCt(encoder) => encoder,
            Self::OperaGt(encoder) => encoder,
            Self::Whisper(encoder) => encoder,
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

    fn frames(&self) -> std::ops::RangeInclusive<usize> {
        self.inner().frames()
    }

    fn encode(&self, features: Tensor<3>, mode: Mode) -> Encoded {
        self.inner().encode(features, mode)
    }
}
