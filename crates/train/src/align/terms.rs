//! The terms of the loss that compare sounds with texts, and their weighted sum: projected vectors of
//! recordings in, one loss out.

use burn::tensor::{Device, Int, Tensor, TensorData};

use super::{AlignNet, Weights};
use crate::{
    fit::Loss,
    objectives::{covariance_cka, debiased_cka, info_nce, linear_cka, siglip},
};

/// Similarities are undefined among fewer recordings.
pub(super) const FEWEST: usize = 4;

/// The terms that compare sound and text `[members, 512]` of the same recordings, which are `share`
/// of the batch. `positives` `[members, members]` is 1 where two have the same text.
pub(super) fn text_terms(
    net: &AlignNet,
    weights: &Weights,
    [sound, text]: [Tensor<2>; 2],
    positives: impl Fn() -> Tensor<2>,
    share: f32,
    sum: &mut Sum,
) {
    let pair = || (sound.clone(), text.clone());
    let distance = |value: Tensor<1>| value.neg().add_scalar(1.0).mul_scalar(share);
    sum.add("cka_loss", weights.cka, || {
        let (sound, text) = pair();
        distance(linear_cka(sound, text))
    });
    sum.add("debiased_cka_loss", weights.debiased_cka, || {
        let (sound, text) = pair();
        distance(debiased_cka(sound, text))
    });
    sum.add("covariance_cka_loss", weights.covariance_cka, || {
        let (sound, text) = pair();
        distance(covariance_cka(sound, text))
    });
    sum.add("info_nce_loss", weights.info_nce, || {
        let ((sound, text), scale) = (pair(), net.inverse_temperature());
        info_nce(sound, text, positives(), scale).mul_scalar(share)
    });
    sum.add("siglip_loss", weights.siglip, || {
        let ((sound, text), scale) = (pair(), net.inverse_temperature());
        siglip(sound, text, positives(), scale, net.bias()).mul_scalar(share)
    });
}

/// `rows` by device, without devices of too few.
pub(super) fn by_device(devices: &[usize], rows: &[usize]) -> Vec<Vec<usize>> {
    let count = devices.iter().max().map_or(0, |last| last + 1);
    let members = |wanted| {
        let own = rows.iter().filter(|row| devices[**row] == wanted);
        own.copied().collect()
    };
    let groups = (0..count).map(members);
    groups
        .filter(|group: &Vec<usize>| group.len() >= FEWEST)
        .collect()
}

/// The rows at `places` of `[rows, width]`; all of them as they are.
pub(super) fn chosen(all: &Tensor<2>, places: &[usize]) -> Tensor<2> {
    let [rows, _] = all.dims();
    if places.len() == rows {
        return all.clone();
    }
    let places: Vec<i64> = places.iter().map(|&place| place as i64).collect();
    let count = places.len();
    let places = TensorData::new(places, [count]);
    all.clone()
        .select(0, Tensor::<1, Int>::from_data(places, &all.device()))
}

/// A weighted sum in the making.
pub(super) struct Sum {
    total: Tensor<1>,
    terms: Vec<(&'static str, f32)>,
}

impl Sum {
    pub(super) fn new(device: &Device) -> Self {
        Self {
            total: Tensor::zeros([1], device),
            terms: Vec::new(),
        }
    }

    /// Adds a term unless it weighs nothing; the log gets it without its weight, and the sum of those
    /// with the same name.
    pub(super) fn add(
        &mut self,
        name: &'static str,
        weight: f32,
        term: impl FnOnce() -> Tensor<1>,
    ) {
        if weight == 0.0 {
            return;
        }
        let term = term();
        let value: f32 = term.clone().into_scalar();
        match self.terms.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += value,
            None => self.terms.push((name, value)),
        }
        self.total = self.total.clone() + term.mul_scalar(weight);
    }
}

impl From<Sum> for Loss {
    fn from(sum: Sum) -> Self {
        Self {
            total: sum.total,
            terms: sum.terms,
        }
    }
}
