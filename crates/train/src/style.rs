//! Styles of recording chains, exchanged within a batch.
//!
//! In: the log-mels of a batch. Out: the same, some moved towards the band statistics of another one, so
//! that a network cannot tell the label by the device ([`laennec_audio::augment::mix_style`]), then masked.
//! The published draw is a Beta distribution; here the share is uniform, which has one parameter less.

use laennec_audio::{
    Mel,
    augment::{BandStyle, mix_style},
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::sampling;

/// Distinguishes these draws from the others at the same step.
const DRAW: u64 = 0x57_59_4c_45;

/// How often styles are exchanged, and where in training.
#[derive(Clone, Copy)]
pub(crate) struct Exchange {
    /// Share of the log-mels that take on a part of another's style.
    pub(crate) share: f64,
    /// The recipe's seed.
    pub(crate) seed: u64,
    pub(crate) epoch: usize,
    pub(crate) step: usize,
}

/// The last changes of a batch: styles are exchanged, then each log-mel is masked with the generator that
/// changed its sound, since a masked band has no style.
pub(crate) fn finish<T>(
    mut drawn: Vec<(T, ChaCha8Rng)>,
    mel: impl Fn(&mut T) -> &mut Mel,
    exchange: Exchange,
    mask: impl Fn(&mut Mel, &mut ChaCha8Rng),
) -> Vec<T> {
    let mut mels: Vec<&mut Mel> = drawn.iter_mut().map(|(item, _)| mel(item)).collect();
    mix(&mut mels, exchange);
    let masked = drawn.into_iter().map(|(mut item, mut rng)| {
        mask(mel(&mut item), &mut rng);
        item
    });
    masked.collect()
}

/// Moves some log-mels by a uniform share of the way to the style of a random one of the batch.
fn mix(mels: &mut [&mut Mel], exchange: Exchange) {
    if exchange.share <= 0.0 {
        return;
    }
    let styles: Vec<BandStyle> = mels.iter().map(|mel| BandStyle::of(mel)).collect();
    for (slot, mel) in mels.iter_mut().enumerate() {
        let position = [exchange.epoch, exchange.step, slot].map(|part| part as u64);
        let [epoch, step, slot] = position;
        let mut rng = sampling::rng(exchange.seed, &[epoch, step, slot, DRAW]);
        if rng.random_bool(exchange.share) {
            let other = &styles[rng.random_range(0..styles.len())];
            mix_style(mel, other, rng.random_range(0.0..=1.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch() -> Vec<Mel> {
        let mel = |i: usize| Mel {
            values: (0..8).map(|v| (v * i) as f32).collect(),
            bands: 2,
            frames: 4,
        };
        (0..6).map(mel).collect()
    }

    fn finished(share: f64, step: usize) -> Vec<Mel> {
        let drawn = batch().into_iter().map(|mel| (mel, sampling::rng(0, &[])));
        let exchange = Exchange {
            share,
            seed: 3,
            epoch: 1,
            step,
        };
        finish(drawn.collect(), |mel| mel, exchange, |_, _| ())
    }

    #[test]
    fn equal_positions_give_equal_mixtures() {
        assert_eq!(finished(0.0, 2), batch());
        assert_ne!(finished(1.0, 2), batch());
        assert_eq!(finished(1.0, 2), finished(1.0, 2));
        assert_ne!(finished(1.0, 2), finished(1.0, 3));
    }

    #[test]
    fn masks_come_after_the_styles() {
        let drawn = batch().into_iter().map(|mel| (mel, sampling::rng(0, &[])));
        let exchange = Exchange {
            share: 1.0,
            seed: 3,
            epoch: 0,
            step: 0,
        };
        let silence = |mel: &mut Mel, _: &mut ChaCha8Rng| mel.values.fill(-1.0);
        let masked = finish(drawn.collect(), |mel| mel, exchange, silence);
        assert!(masked.iter().all(|mel| mel.values == [-1.0; 8]));
    }
}
