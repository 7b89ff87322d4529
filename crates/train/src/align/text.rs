//! The texts that sounds are aligned with, and the teacher's vectors of them.
//!
//! In: recordings, which text, a teacher. Out: a vector and a text number for each recording.

use std::{collections::BTreeMap, path::Path};

use burn::tensor::{Device, Tensor, TensorData};
use laennec_audio::{DecodeOptions, decode_file};
use laennec_corpus::{
    Located,
    facts::{Facts, Mode, listen},
    reports::Template,
    wording::Draw,
};
use laennec_models::teacher::{Teacher, cached};
use rayon::prelude::*;

use super::{Text, Wording};
use crate::{Error, sampling};

/// Vectors of the recordings' texts.
pub(super) struct Texts {
    width: usize,
    vectors: Vec<Vec<f32>>,
    /// Recordings with word for word the same text have the same number.
    numbers: Vec<usize>,
}

impl Texts {
    /// Vectors of `rows`, `[rows, width]`.
    pub(super) fn batch(&self, rows: &[usize], device: &Device) -> Tensor<2> {
        let values: Vec<f32> = rows
            .iter()
            .flat_map(|&row| self.vectors[row].iter().copied())
            .collect();
        Tensor::from_data(TensorData::new(values, [rows.len(), self.width]), device)
    }

    /// `[rows, rows]`, 1 where two recordings have the same text.
    pub(super) fn positives(&self, rows: &[usize], device: &Device) -> Tensor<2> {
        let same = |a: usize, b: usize| f32::from(u8::from(self.numbers[a] == self.numbers[b]));
        let values: Vec<f32> = rows
            .iter()
            .flat_map(|&a| rows.iter().map(move |&b| same(a, b)))
            .collect();
        Tensor::from_data(TensorData::new(values, [rows.len(); 2]), device)
    }

    /// Number of different texts.
    pub(super) fn different(&self) -> usize {
        self.numbers.iter().max().map_or(0, |n| n + 1)
    }
}

/// The texts of `recordings` with the teacher's vectors, scaled to a mean square of 1, so that the
/// projection head sees the same scale from every teacher. Of the seeds the first draws the words,
/// the second permutes.
pub(super) fn texts(
    recordings: &[&Located],
    (kind, wording, seeds): (Text, Wording, [u64; 2]),
    teacher: &dyn Teacher,
    cache: &Path,
) -> Result<Texts, Error> {
    let texts = assigned(recordings, kind, wording, seeds)?;
    let mut vectors = cached(teacher, cache, &texts)?;
    for vector in &mut vectors {
        let square = vector.iter().map(|v| v * v).sum::<f32>() / vector.len() as f32;
        let factor = 1.0 / square.sqrt().max(f32::MIN_POSITIVE);
        for value in vector {
            *value *= factor;
        }
    }
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let numbers = texts
        .iter()
        .map(|text| {
            let next = known.len();
            *known.entry(text).or_insert(next)
        })
        .collect();
    Ok(Texts {
        width: teacher.width(),
        vectors,
        numbers,
    })
}

/// One text a recording, as `kind` says.
fn assigned(
    recordings: &[&Located],
    kind: Text,
    wording: Wording,
    [words, seed]: [u64; 2],
) -> Result<Vec<String>, Error> {
    let mode = match kind {
        Text::LabelsHidden => Mode::LabelsHidden,
        _ => Mode::Full,
    };
    let own = recordings
        .par_iter()
        .map(|located| report(located, mode, wording, words))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(match kind {
        Text::Report | Text::LabelsHidden | Text::RandomTeacher => own,
        Text::None => vec![String::new(); recordings.len()],
        Text::Shuffled => shuffled(&own, seed, |_| String::new()),
        Text::ShuffledWithinLabel => shuffled(&own, seed, |i| {
            let recording = &recordings[i].recording;
            format!("{}/{:?}", recording.data_set, recording.record_class)
        }),
    })
}

/// The report of a recording, worded by `seed`.
fn report(located: &Located, mode: Mode, wording: Wording, seed: u64) -> Result<String, Error> {
    let recording = &located.recording;
    // Where labels are hidden the report speaks of the sound itself, so that it is no empty shell.
    let signal = match mode {
        Mode::Full => None,
        Mode::LabelsHidden => {
            let signal = decode_file(&located.path, &DecodeOptions::default())?.signal;
            Some(listen(&signal, recording.domain))
        }
    };
    let facts = Facts::of(recording, mode, signal);
    let draw = match wording {
        Wording::Own => Draw::new(seed, &[&recording.id, "align"]),
        Wording::Equal => Draw::new(seed, &["align"]),
    };
    Ok(Template::new(&facts, draw).write())
}

/// Texts permuted among the recordings of one group.
fn shuffled(own: &[String], seed: u64, group: impl Fn(usize) -> String) -> Vec<String> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for i in 0..own.len() {
        groups.entry(group(i)).or_default().push(i);
    }
    let mut texts = own.to_vec();
    for (number, members) in groups.values().enumerate() {
        let mut rng = sampling::rng(seed, &[number as u64, 7]);
        for (&to, from) in members
            .iter()
            .zip(sampling::permutation(members.len(), &mut rng))
        {
            texts[to].clone_from(&own[members[from]]);
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_move_within_their_group_only() {
        let own: Vec<String> = (0..60).map(|i| i.to_string()).collect();
        let moved = shuffled(&own, 3, |i| (i % 3).to_string());
        let mut sorted = moved.clone();
        sorted.sort_by_key(|text| text.parse::<usize>().unwrap());
        assert_eq!(sorted, own);
        for (i, text) in moved.iter().enumerate() {
            assert_eq!(text.parse::<usize>().unwrap() % 3, i % 3);
        }
        let stayed = moved.iter().zip(&own).filter(|(a, b)| a == b).count();
        assert!(stayed < 12, "{stayed} of 60 stayed");
        assert_eq!(moved, shuffled(&own, 3, |i| (i % 3).to_string()));
    }
}
