//! Styles of recording chains, exchanged within a batch.
//!
//! In: the log-mels of a batch. Out: the same, some moved towards the band statistics of another one, so
//! that a network cannot tell the label by the device ([`laennec_audio::augment::mix_style`]).
//! The published draw is a Beta distribution; here the share is uniform, which has one parameter less.

use laennec_audio::{
    Mel,
    augment::{BandStyle, mix_style},
};
use rand::RngExt;

use crate::sampling;

/// Distinguishes these draws from the others at the same step.
const DRAW: u64 = 0x57_59_4c_45;

/// How often styles are exchanged, and where in training.
#[derive(Clone, Copy)]
pub(super) struct Exchange {
    /// Share of the log-mels that take on a part of another's style.
    pub(super) share: f64,
    /// The recipe's seed.
    pub(super) seed: u64,
    pub(super) epoch: usize,
    pub(super) step: usize,
}

/// Moves some log-mels by a uniform share of the way to the style of a random one of the batch.
pub(super) fn mix(mels: &mut [&mut Mel], exchange: Exchange) {
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

    fn mixed(share: f64, step: usize) -> Vec<Mel> {
        let mut mels = batch();
        let exchange = Exchange {
            share,
            seed: 3,
            epoch: 1,
            step,
        };
        mix(&mut mels.iter_mut().collect::<Vec<_>>(), exchange);
        mels
    }

    #[test]
    fn equal_positions_give_equal_mixtures() {
        assert_eq!(mixed(0.0, 2), batch());
        assert_ne!(mixed(1.0, 2), batch());
        assert_eq!(mixed(1.0, 2), mixed(1.0, 2));
        assert_ne!(mixed(1.0, 2), mixed(1.0, 3));
    }
}
