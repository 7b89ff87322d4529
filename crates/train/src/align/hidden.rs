//! The masked auto-encoder's term: spectrograms come in, hidden in part; how badly the encoder's own
//! decoder draws what it did not see goes out.

use burn::tensor::Tensor;
use laennec_models::encoder::{AnyEncoder, Encoder, Mode, OperaGt, PatchMask};
use rand_chacha::ChaCha8Rng;

use crate::{
    Error,
    objectives::{mask_patches, reconstruction_by_row},
};

/// Share of the patches that are hidden, as OPERA-GT was trained with.
const HIDDEN: f64 = 0.7;
/// Spectrograms are cut to a multiple of so many frames, which fill whole windows of the decoder.
const FRAMES: usize = 64;

/// Refuses an encoder that has no decoder.
pub(super) fn check(encoder: &AnyEncoder) -> Result<(), Error> {
    opera_gt(encoder).map(|_| ())
}

fn opera_gt(encoder: &AnyEncoder) -> Result<&OperaGt, Error> {
    match encoder {
        AnyEncoder::OperaGt(encoder) => Ok(encoder),
        other => Err(Error::Encoder {
            found: format!("{} with `weights.reconstruction`", other.name()),
            expected: "opera-gt, which has a decoder".into(),
        }),
    }
}

/// Mean squared error of each clip over its hidden patches, `[batch, 1]` (OPERA's `forward_loss`).
/// `maps` are spectrograms `[batch, 1, bands, frames]`, the patches are drawn from `rng`.
pub(super) fn errors(
    encoder: &AnyEncoder,
    maps: Tensor<4>,
    rng: &mut ChaCha8Rng,
) -> Result<Tensor<2>, Error> {
    let encoder = opera_gt(encoder)?;
    let [batch, _, bands, frames] = maps.dims();
    let whole = frames / FRAMES * FRAMES;
    if whole == 0 {
        return Err(laennec_models::Error::Features {
            found: vec![batch, bands, frames],
            expected: format!("{FRAMES} frames or more, of which some are hidden"),
        }
        .into());
    }
    let seen = maps.reshape([batch, bands, frames]).narrow(2, 0, whole);
    let target = OperaGt::patchify(seen.clone());
    let [_, patches, _] = target.dims();
    let hidden = mask_patches(batch, patches, HIDDEN, rng);
    let mask = PatchMask::from_hidden(&hidden, batch).expect("as many are hidden of each clip");
    let drawn = encoder.reconstruct(seen, &mask, Mode::Train)?;
    let hidden = mask.hidden(&drawn.device());
    Ok(reconstruction_by_row(drawn, target, hidden, false))
}

#[cfg(test)]
mod tests {
    use burn::{
        optim::GradientsParams,
        tensor::{Device, Distribution},
    };
    use laennec_models::{encoder::Whisper, encoder::WhisperSize};

    use super::*;
    use crate::sampling;

    #[test]
    fn encoder_and_decoder_learn_to_draw_what_is_hidden() {
        let _alone = crate::RANDOM.lock();
        let device = Device::flex().autodiff();
        device.seed(3);
        let encoder: AnyEncoder = OperaGt::init(1, &device).into();
        let maps = Tensor::random([2, 1, 64, 70], Distribution::Uniform(0.0, 1.0), &device);
        let draw = |seed| errors(&encoder, maps.clone(), &mut sampling::rng(seed, &[])).unwrap();
        let values = |errors: Tensor<2>| errors.into_data().try_to_vec::<f32>().unwrap();
        let first = draw(1);
        assert_eq!(first.dims(), [2, 1]);
        let AnyEncoder::OperaGt(network) = &encoder else {
            unreachable!("it was made so");
        };
        let gradients = GradientsParams::from_module(&mut first.clone().mean().backward(), network);
        assert!(
            gradients.len() > 100,
            "{} parameters learn",
            gradients.len()
        );
        device.seed(3);
        let again = values(draw(1));
        device.seed(3);
        assert_eq!(again, values(draw(1)), "the same patches and dropout");
        device.seed(3);
        assert_ne!(again, values(draw(2)), "other patches are hidden");
    }

    #[test]
    fn what_has_no_decoder_is_refused() {
        let size = WhisperSize {
            bands: 80,
            width: 64,
            layers: 1,
            positions: 60,
        };
        let encoder: AnyEncoder = Whisper::init(size, 4, &Device::flex()).into();
        let error = check(&encoder).unwrap_err();
        assert!(error.to_string().contains("opera-gt"), "{error}");
    }
}
