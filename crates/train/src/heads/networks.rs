//! Trained networks with the recordings that each did not learn from.
//!
//! In: weights files. Out: the first as an ear, and, for cross-fitting, the ears of those networks to
//! which a recording is new.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use laennec_corpus::Located;
use laennec_models::ear::{HELD_OUT_KEY, header_value};

use crate::{Error, data, error::io, recipe::Part, run::CALIBRATION};

/// The networks of one domain.
pub(super) struct Networks<Ear> {
    /// The first alone: its embedding is what domain, noise and novelty are read from.
    pub(super) first: Ear,
    /// Bytes of the weights files, in order.
    pub(super) files: Vec<Vec<u8>>,
    /// Disjoint sets of recordings, each with the ear of the networks that held it out.
    pub(super) apart: Vec<Apart<Ear>>,
}

/// Networks that all held out the same recordings.
pub(super) struct Apart<Ear> {
    /// Opaque ids of these recordings.
    pub(super) ids: BTreeSet<String>,
    /// What these networks hear.
    pub(super) ear: Ear,
}

impl<Ear> Networks<Ear> {
    /// Reads the files; `build` makes an ear of some of them.
    pub(super) fn read(
        paths: &[PathBuf],
        recordings: &[Located],
        build: impl Fn(&[(&[u8], String)]) -> Result<Ear, laennec_models::Error>,
    ) -> Result<Self, Error> {
        let files = paths
            .iter()
            .map(|path| std::fs::read(path).map_err(io(path)))
            .collect::<Result<Vec<_>, Error>>()?;
        let mut by_part: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, (path, bytes)) in paths.iter().zip(&files).enumerate() {
            let origin = path.display().to_string();
            let word = header_value(bytes, &origin, HELD_OUT_KEY)?;
            by_part
                .entry(word.unwrap_or_else(|| CALIBRATION.into()))
                .or_default()
                .push(index);
        }
        let wrong = |reason: String| Error::Networks { reason };
        if !by_part
            .get(CALIBRATION)
            .is_some_and(|first| first.contains(&0))
        {
            let first = paths.first().map(|p| p.display().to_string());
            return Err(wrong(format!(
                "the first network ({}) must have held out the calibration recordings, since its \
                 embedding is judged on them",
                first.unwrap_or_else(|| "none is listed".into())
            )));
        }
        let pick = |indices: &[usize]| {
            let chosen = indices
                .iter()
                .map(|&i| (files[i].as_slice(), paths[i].display().to_string()));
            build(&chosen.collect::<Vec<_>>())
        };
        let mut apart: Vec<Apart<Ear>> = Vec::new();
        for (word, indices) in &by_part {
            let part = match word.as_str() {
                CALIBRATION => None,
                word => Some(Part::from_word(word).ok_or_else(|| {
                    wrong(format!("'{word}' in the header of a network is no part"))
                })?),
            };
            let ids = data::held_out(recordings, part);
            if apart.iter().any(|other| !other.ids.is_disjoint(&ids)) {
                return Err(wrong(
                    "the networks held out parts of different divisions; use one `of`".into(),
                ));
            }
            apart.push(Apart {
                ids,
                ear: pick(indices)?,
            });
        }
        Ok(Self {
            first: pick(&[0])?,
            files,
            apart,
        })
    }

    /// The ear to which the recording is new; none where every network learned from it.
    pub(super) fn new_to(&self, located: &Located) -> Option<&Ear> {
        let holds = |apart: &&Apart<Ear>| apart.ids.contains(&located.recording.id);
        self.apart.iter().find(holds).map(|apart| &apart.ear)
    }
}
