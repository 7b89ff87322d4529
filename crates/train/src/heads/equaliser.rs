//! The spectrum that unknown devices are moved to.
//!
//! In: the training recordings of lungs. Out: an [`Equaliser`] with their median long-term spectrum.

use laennec_audio::{
    DecodeOptions, decode_file,
    equalise::{ChainSpectrum, Equaliser},
};
use laennec_corpus::{Domain, Located, Split};
use rayon::prelude::*;

use super::{HeadsRecipe, is_of};
use crate::Error;

/// None where the recipe moves nothing.
pub(super) fn learn(
    recipe: &HeadsRecipe,
    recordings: &[Located],
) -> Result<Option<Equaliser>, Error> {
    if recipe.equalise_share <= 0.0 {
        return Ok(None);
    }
    let spectra = recordings
        .par_iter()
        .filter(|l| is_of(l, Domain::Lung, &[Split::Train]))
        .map(|located| {
            let signal = decode_file(&located.path, &DecodeOptions::default())?.signal;
            Ok(ChainSpectrum::of(&signal.samples, signal.rate))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let spectra: Vec<ChainSpectrum> = spectra.into_iter().flatten().collect();
    Ok(ChainSpectrum::median(&spectra).map(|reference| Equaliser {
        reference,
        share: recipe.equalise_share,
        limit_db: recipe.equalise_db,
    }))
}
