//! In: `SPRSound` recordings with embeddings. Out: the rows of the four official tasks.

use laennec_corpus::{EventKind, Recording};

use crate::embed::Embedding;
use crate::error::Error;
use crate::intervals::number_groups;
use crate::matrix::Matrix;
use crate::metrics::{Undefined, same_length};
use crate::predictions::Predictions;
use crate::probes::{Choice, Labelled, Search};
use crate::tasks::HeldOut;

/// The class Normal of every task.
pub const NORMAL: usize = 0;

/// An official task of the `SPRSound` challenges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SprSoundTask {
    /// 1-1: annotated segments, normal or adventitious.
    Segments2,
    /// 1-2: annotated segments, seven classes.
    Segments7,
    /// 2-1: recordings, normal, adventitious or poor quality.
    Records3,
    /// 2-2: recordings, five classes.
    Records5,
}

impl SprSoundTask {
    /// All four.
    pub const ALL: [Self; 4] = [
        Self::Segments2,
        Self::Segments7,
        Self::Records3,
        Self::Records5,
    ];

    /// The official number.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Segments2 => "1-1",
            Self::Segments7 => "1-2",
            Self::Records3 => "2-1",
            Self::Records5 => "2-2",
        }
    }

    /// Names of the classes, in the order of their numbers.
    pub const fn classes(self) -> &'static [&'static str] {
        match self {
            Self::Segments2 => &["Normal", "Adventitious"],
            Self::Segments7 => &[
                "Normal",
                "Rhonchi",
                "Wheeze",
                "Stridor",
                "Coarse Crackle",
                "Fine Crackle",
                "Wheeze+Crackle",
            ],
            Self::Records3 => &["Normal", "Adventitious", "Poor Quality"],
            Self::Records5 => &["Normal", "CAS", "DAS", "CAS & DAS", "Poor Quality"],
        }
    }

    /// The class Poor Quality, which the record tasks have.
    pub const fn poor_quality(self) -> Option<usize> {
        match self {
            Self::Segments2 | Self::Segments7 => None,
            Self::Records3 => Some(2),
            Self::Records5 => Some(4),
        }
    }

    /// Whether segments are classified, and not recordings.
    pub const fn is_of_segments(self) -> bool {
        matches!(self, Self::Segments2 | Self::Segments7)
    }

    /// Class of an annotated segment; none in the record tasks, and for kinds of event that
    /// `SPRSound` does not have.
    pub const fn segment_class(self, kind: EventKind) -> Option<usize> {
        let seven = match kind {
            EventKind::Normal => 0,
            EventKind::Rhonchi => 1,
            EventKind::Wheeze => 2,
            EventKind::Stridor => 3,
            EventKind::CoarseCrackle => 4,
            EventKind::FineCrackle => 5,
            EventKind::WheezeAndCrackle => 6,
            _ => return None,
        };
        match self {
            Self::Segments7 => Some(seven),
            Self::Segments2 => Some(if seven == 0 { 0 } else { 1 }),
            Self::Records3 | Self::Records5 => None,
        }
    }

    /// Class of a recording by its published label; none in the segment tasks and for labels that
    /// the data set does not have.
    pub fn record_class(self, recording: &Recording) -> Option<usize> {
        let label = recording.record_class.as_deref()?;
        let five = Self::Records5
            .classes()
            .iter()
            .position(|class| *class == label)?;
        match self {
            Self::Records5 => Some(five),
            Self::Records3 => Some([0, 1, 1, 1, 2][five]),
            Self::Segments2 | Self::Segments7 => None,
        }
    }

    /// Rows of this task: mean embedding of every recording, or of every annotated segment. With
    /// each row the index of its recording.
    pub fn rows(
        self,
        recordings: &[&Recording],
        embeddings: &[Embedding],
    ) -> Result<(Labelled, Vec<usize>), Error> {
        same_length("embeddings", recordings.len(), embeddings.len())?;
        let patient = number_groups(recordings.iter().map(|recording| &recording.group));
        let (mut features, mut classes, mut origin) = (Vec::new(), Vec::new(), Vec::new());
        for (index, (recording, embedding)) in recordings.iter().zip(embeddings).enumerate() {
            if let Some(class) = self.record_class(recording) {
                features.push(embedding.mean());
                classes.push(class);
                origin.push(index);
            }
            for event in &recording.events {
                if let Some(class) = self.segment_class(event.kind) {
                    features.push(embedding.mean_within(event.start_s, event.end_s));
                    classes.push(class);
                    origin.push(index);
                }
            }
        }
        let rows = Labelled {
            features: Matrix::from_rows(&features)?,
            classes,
            groups: origin.iter().map(|&index| patient[index]).collect(),
        };
        Ok((rows, origin))
    }

    /// Linear probe of this task on the recordings' splits, its options chosen for the official
    /// Score; all patients but the validation ones train it.
    pub fn probe(
        self,
        recordings: &[&Recording],
        embeddings: &[Embedding],
        search: &Search,
    ) -> Result<SprSoundProbe, Error> {
        let (rows, origin) = self.rows(recordings, embeddings)?;
        let splits: Vec<_> = origin
            .iter()
            .map(|&index| recordings[index].split)
            .collect();
        let held = HeldOut::by_split(&rows, &splits)?;
        let (choice, predictions) = held.probe(self.classes().len(), search, official_score)?;
        let rare = (0..self.classes().len())
            .filter(|&class| held.training.patients_with(class) <= RARE_PATIENTS)
            .collect();
        Ok(SprSoundProbe {
            choice,
            predictions,
            rare,
        })
    }
}

/// Classes of this many training patients or fewer are rare: a model that learned their patients
/// finds them in others' recordings, at the cost of the common classes.
pub const RARE_PATIENTS: usize = 10;

/// A linear probe of one task.
#[derive(Debug, Clone)]
pub struct SprSoundProbe {
    /// What cross-validation over the training patients chose.
    pub choice: Choice,
    /// On the validation patients.
    pub predictions: Predictions,
    /// Classes of [`RARE_PATIENTS`] training patients or fewer, for the variant of the Score in
    /// which they are never predicted ([`Predictions::never_predicting`]).
    pub rare: Vec<usize>,
}

/// The official Score of predictions by their most probable class.
pub fn official_score(predictions: &Predictions) -> Result<f64, Undefined> {
    crate::metrics::sprsound(
        predictions.truth(),
        &predictions.predicted(),
        predictions.class_count(),
        NORMAL,
    )
    .map(crate::metrics::LungScore::score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_class_and_groups_follow_the_labels() {
        let mut kinds = 0;
        for kind in EventKind::ALL {
            let Some(seven) = SprSoundTask::Segments7.segment_class(*kind) else {
                assert_eq!(SprSoundTask::Segments2.segment_class(*kind), None);
                continue;
            };
            kinds += 1;
            assert!(seven < SprSoundTask::Segments7.classes().len());
            let two = SprSoundTask::Segments2.segment_class(*kind).unwrap();
            assert_eq!(two == NORMAL, *kind == EventKind::Normal);
            assert_eq!(SprSoundTask::Records5.segment_class(*kind), None);
        }
        assert_eq!(kinds, SprSoundTask::Segments7.classes().len());
        for task in [SprSoundTask::Records3, SprSoundTask::Records5] {
            let poor = task.poor_quality().unwrap();
            assert_eq!(task.classes()[poor], "Poor Quality");
        }
    }
}
