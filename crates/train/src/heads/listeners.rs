//! Whole bundles without thresholds, to hear each recording with networks that are new to it.
//!
//! In: networks and heads. Out: for each recording, what a bundle would hear in it.

use laennec_assistant::{
    BundleCard, Heard, Listener,
    bundle::{Ear, Heads},
    windows::{HeardWindow, combine, windows},
};
use laennec_audio::{DecodeOptions, Signal, decode_file};
use laennec_corpus::{Domain, Located, Recording};
use laennec_models::ear::{HeartEar, LungEar};
use rayon::prelude::*;

use super::{CROSS_FITTED, is_of, networks::Networks};
use crate::Error;

/// One listener for each set of recordings that is new to the same networks.
pub(super) struct Listeners<'a> {
    lung: &'a Networks<LungEar>,
    heart: &'a Networks<HeartEar>,
    heads: &'a Heads,
    card: &'a BundleCard,
}

impl<'a> Listeners<'a> {
    /// Listeners with these heads; the card's thresholds are not used.
    pub(super) fn new(
        lung: &'a Networks<LungEar>,
        heart: &'a Networks<HeartEar>,
        heads: &'a Heads,
        card: &'a BundleCard,
    ) -> Self {
        Self {
            lung,
            heart,
            heads,
            card,
        }
    }

    /// Hears every recording of the domain that is new to some of its networks. The other domain's
    /// ear is its first network.
    pub(super) fn hear<'r>(
        &self,
        domain: Domain,
        recordings: &'r [Located],
    ) -> Result<Vec<(&'r Recording, Heard)>, Error> {
        recordings
            .par_iter()
            .filter(|l| is_of(l, domain, &CROSS_FITTED))
            .filter_map(|l| Some((l, self.ear(domain, l)?)))
            .map(|(l, ear)| {
                let signal = decode_file(&l.path, &DecodeOptions::default())?.signal;
                Ok((&l.recording, hear_whole(&ear, &signal)?))
            })
            .collect()
    }

    fn ear(&self, domain: Domain, located: &Located) -> Option<Ear> {
        let (lung, heart) = match domain {
            Domain::Lung => (self.lung.new_to(located)?, &self.heart.first),
            _ => (&self.lung.first, self.heart.new_to(located)?),
        };
        let (lung, heart) = (lung.clone(), heart.clone());
        Some(Ear::new(lung, heart, self.heads.clone(), self.card.clone()))
    }
}

/// A recording of any length, by the rule for long recordings; no window counts as poor here,
/// since the gate is only being chosen.
fn hear_whole(ear: &Ear, signal: &Signal) -> Result<Heard, Error> {
    let length = (ear.window_s() * f64::from(signal.rate)) as usize;
    let parts = windows(signal.samples.len(), length)
        .into_iter()
        .map(|window| {
            let part = Signal {
                samples: signal.samples[window.start..window.end].to_vec(),
                rate: signal.rate,
            };
            Ok(HeardWindow {
                window,
                heard: ear.hear(&part)?,
            })
        })
        .collect::<Result<Vec<_>, laennec_assistant::Error>>()?;
    Ok(combine(parts, signal.rate, f32::INFINITY).heard)
}
