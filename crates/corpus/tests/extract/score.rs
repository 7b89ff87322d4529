//! Compares what is extracted from sentences with what they state.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use laennec_corpus::{
    Finding, Murmur, MurmurGrade, MurmurPitch, MurmurQuality, MurmurShape, Presence, extract,
};

use super::sentences::{StatedMurmur, cases};

/// Findings that agree, that were missed or stated otherwise, that were invented.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) right: usize,
    pub(crate) missed: usize,
    pub(crate) invented: usize,
}

impl Count {
    /// Harmonic mean of precision and recall; 1 where there is nothing to find.
    pub(crate) fn f1(self) -> f64 {
        let all = 2 * self.right + self.missed + self.invented;
        if all == 0 {
            return 1.0;
        }
        2.0 * self.right as f64 / all as f64
    }
}

/// The agreement on files of sentences.
#[derive(Default)]
pub(crate) struct Score {
    sentences: usize,
    exact: usize,
    of: BTreeMap<Presence, Count>,
    pub(crate) sites_right: usize,
    pub(crate) sites: usize,
    pub(crate) attributes_right: usize,
    pub(crate) attributes: usize,
    pub(crate) faults: String,
}

impl Score {
    /// The agreement on the sentences of some files, printed.
    pub(crate) fn of(name: &str, files: &[&str]) -> Self {
        let mut score = Self::default();
        for file in files {
            score.add(file);
        }
        score.print(name);
        score
    }

    /// Over all presences (micro average).
    pub(crate) fn all(&self) -> Count {
        self.of.values().fold(Count::default(), |sum, one| Count {
            right: sum.right + one.right,
            missed: sum.missed + one.missed,
            invented: sum.invented + one.invented,
        })
    }

    fn add(&mut self, file: &str) {
        for case in cases(file) {
            let found = extract(&case.text);
            let stated: BTreeSet<(Finding, Presence)> = case
                .findings
                .iter()
                .map(|s| (s.finding, s.presence))
                .collect();
            let extracted: BTreeSet<_> = found.iter().map(|e| (e.finding, e.presence)).collect();
            for said in stated.union(&extracted) {
                let count = self.of.entry(said.1).or_default();
                match (stated.contains(said), extracted.contains(said)) {
                    (true, true) => count.right += 1,
                    (true, false) => count.missed += 1,
                    _ => count.invented += 1,
                }
            }
            self.sentences += 1;
            if stated == extracted {
                self.exact += 1;
            } else {
                let text = &case.text;
                writeln!(
                    self.faults,
                    "{text:?}: stated {stated:?}, extracted {extracted:?}"
                )
                .unwrap();
            }
            for said in &case.findings {
                let same = || found.iter().filter(|e| e.finding == said.finding);
                if said.site.is_some() {
                    let hit = same().any(|e| e.site == said.site);
                    self.sites += 1;
                    self.sites_right += usize::from(hit);
                    if !hit {
                        let sites: Vec<_> = found.iter().map(|e| (e.finding, e.site)).collect();
                        writeln!(self.faults, "{:?}: sites {sites:?}", case.text).unwrap();
                    }
                }
                if let Some(stated) = &said.murmur {
                    let murmur = same().find_map(|e| e.murmur.as_ref());
                    let (right, all) = attributes(stated, murmur);
                    self.attributes_right += right;
                    self.attributes += all;
                    if right < all {
                        writeln!(self.faults, "{:?}: {murmur:?}", case.text).unwrap();
                    }
                }
            }
        }
    }

    fn print(&self, name: &str) {
        let count = |presence: &str, count: Count| {
            let Count {
                right,
                missed,
                invented,
            } = count;
            let f1 = count.f1();
            eprintln!(
                "  {presence:<13} F1 {f1:.3} ({right} right, {missed} missed, {invented} invented)"
            );
        };
        eprintln!(
            "{name}: {} of {} sentences exact",
            self.exact, self.sentences
        );
        count("all", self.all());
        for (presence, of) in &self.of {
            count(presence.word(), *of);
        }
        eprintln!(
            "  sites {} of {}, murmur attributes {} of {}\n{}",
            self.sites_right, self.sites, self.attributes_right, self.attributes, self.faults
        );
    }
}

/// How many of the stated attributes were extracted so, and how many are stated.
fn attributes(stated: &StatedMurmur, found: Option<&Murmur>) -> (usize, usize) {
    let grade = stated
        .grade
        .as_deref()
        .map(|grade| match grade.split_once('/') {
            Some((level, scale)) => (level.to_owned(), scale.to_owned()),
            None => (grade.to_owned(), "6".to_owned()),
        });
    let found_grade = found.and_then(|murmur| murmur.grade).map(level_and_scale);
    let pairs = [
        (
            stated.timing.clone(),
            found.map(|murmur| murmur.timing.word()),
        ),
        (
            stated.shape.clone(),
            found.and_then(|m| m.shape).map(MurmurShape::word),
        ),
        (
            stated.pitch.clone(),
            found.and_then(|m| m.pitch).map(MurmurPitch::word),
        ),
        (
            stated.quality.clone(),
            found.and_then(|m| m.quality).map(MurmurQuality::word),
        ),
    ];
    let named = pairs.iter().filter(|(stated, _)| stated.is_some());
    let right = named
        .clone()
        .filter(|(stated, found)| stated.as_deref() == *found)
        .count();
    let graded = usize::from(grade.is_some());
    let grade_right = usize::from(grade.is_some() && grade == found_grade);
    (right + grade_right, named.count() + graded)
}

fn level_and_scale(grade: MurmurGrade) -> (String, String) {
    let digit = |roman: &str| {
        let place = ["I", "II", "III", "IV", "V", "VI"]
            .iter()
            .position(|known| *known == roman);
        (place.unwrap() + 1).to_string()
    };
    let (level, scale) = grade.word().split_once('/').unwrap();
    (digit(level), digit(scale))
}
