//! Trained networks with the recordings that each did not learn from.
//!
//! In: weights files. Out: the first as an ear, and, for cross-fitting, the ears of those networks to
//! which a recording is new.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use laennec_corpus::Located;
use laennec_models::ear::{HELD_OUT_KEY, LEFT_OUT_KEY, Taught, header_value};

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
            for &index in indices {
                let origin = paths[index].display().to_string();
                check_taught(&files[index], &origin, recordings, part)?;
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

/// Refuses a network that learned from other recordings than those that it is taken to have learned
/// from: who is new to it would be told wrongly.
fn check_taught(
    bytes: &[u8],
    origin: &str,
    recordings: &[Located],
    part: Option<Part>,
) -> Result<(), Error> {
    let said = Taught::read(bytes, origin)?;
    let left_out = header_value(bytes, origin, LEFT_OUT_KEY)?.unwrap_or_default();
    let (mut taught, _) = data::sides(recordings, part, None);
    taught.retain(|l| {
        let device = l.recording.device.as_deref();
        let left = device.is_some_and(|device| left_out.split(',').any(|name| name == device));
        let of_sets = said
            .data_sets
            .iter()
            .any(|name| name == l.recording.data_set.name());
        of_sets && !left
    });
    let expected = data::taught(&taught);
    if said == expected {
        return Ok(());
    }
    Err(Error::Networks {
        reason: format!(
            "{origin} learned from {} recordings that are not the {} that teach it by the data \
             folder; train it again, or give the data folder that it was trained with",
            said.recordings, expected.recordings
        ),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use laennec_corpus::{DataSet, Domain, Recording, Split};
    use laennec_models::ear::TAUGHT_KEY;
    use safetensors::tensor::TensorView;

    use super::*;

    fn folder(people: usize) -> Vec<Located> {
        (0..people)
            .map(|n| {
                let (id, group) = (n.to_string(), format!("person {n}"));
                let mut recording =
                    Recording::unlabelled(DataSet::PhysioNet2016, Domain::Heart, id, group);
                recording.device = match n % 3 {
                    0 => Some("training-a".into()),
                    1 => Some("training-b".into()),
                    _ => None,
                };
                recording.split = Some(if n < people * 4 / 5 {
                    Split::Train
                } else {
                    Split::Calibration
                });
                Located {
                    recording,
                    path: PathBuf::new(),
                }
            })
            .collect()
    }

    fn weights(taught: &Taught, left_out: &str) -> Vec<u8> {
        let header = HashMap::from([
            (TAUGHT_KEY.to_owned(), taught.to_json()),
            (LEFT_OUT_KEY.to_owned(), left_out.to_owned()),
        ]);
        let none: [(&str, TensorView<'_>); 0] = [];
        safetensors::serialize(none, Some(header)).unwrap()
    }

    #[test]
    fn networks_of_another_data_folder_are_refused() {
        let recordings = folder(50);
        for part in [None, Some(Part { part: 2, of: 4 })] {
            let (taught, _) = data::sides(&recordings, part, None);
            let bytes = weights(&data::taught(&taught), "");
            check_taught(&bytes, "net", &recordings, part).unwrap();
            let error = check_taught(&bytes, "net", &folder(60), part).unwrap_err();
            assert!(error.to_string().contains("not the"), "{error}");

            let without: Vec<&Located> = taught
                .iter()
                .copied()
                .filter(|l| l.recording.device.as_deref() != Some("training-a"))
                .collect();
            let bytes = weights(&data::taught(&without), "training-a");
            check_taught(&bytes, "net", &recordings, part).unwrap();
        }
        let silent = safetensors::serialize::<_, TensorView<'_>, _>([] as [(&str, _); 0], None);
        assert!(check_taught(&silent.unwrap(), "net", &recordings, None).is_err());
    }
}
