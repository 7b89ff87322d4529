//! In: a task and the recordings with their splits. Out: which of them are fitted on and judged,
//! with class, group of persons and unit of resampling of each.

use std::collections::BTreeSet;

use laennec_corpus::{DataSet, Located, Recording, Split};

use super::task::{Design, Selection, Task};
use crate::error::Error;
use crate::intervals::{GroupKind, number_groups};
use crate::probes::refuse_leakage;

/// The observations of a task, by their place among all recordings.
#[derive(Debug, Clone)]
pub struct TaskRows {
    /// Fitted on; none where the task is cross-validated.
    pub fitted: Vec<usize>,
    /// Judged.
    pub judged: Vec<usize>,
    /// Class of every recording that is fitted on.
    pub fitted_classes: Vec<usize>,
    /// Class of every recording that is judged.
    pub judged_classes: Vec<usize>,
    /// Group of every recording that is fitted on: no probe sees a group on both sides.
    pub fitted_groups: Vec<usize>,
    /// Group of every recording that is judged, in the same numbering.
    pub judged_groups: Vec<usize>,
    /// Unit of resampling of every judged recording: the group, or the recording itself where the
    /// persons are unknown. Numbered over all that the selection could judge, so that tasks of one
    /// selection are resampled alike.
    pub units: Vec<usize>,
    /// Number of units that the selection could judge.
    pub unit_count: usize,
    /// What a unit is.
    pub kind: GroupKind,
    /// Names the selection, so that tasks of the same one share their resamples.
    pub population: String,
}

impl TaskRows {
    /// None where no recording is judged or fitted on, or one class only. Of the data sets `learned`,
    /// which taught an encoder, no training recording is judged.
    ///
    /// # Errors
    /// [`Error::Leakage`] where a group is fitted on and judged.
    pub fn new(
        task: &Task,
        recordings: &[Located],
        learned: &BTreeSet<String>,
    ) -> Result<Option<Self>, Error> {
        let record = |index: usize| &recordings[index].recording;
        let (fit, judge) = match task.design {
            Design::Split { fit, judge } => (Some(fit), judge),
            Design::Folds(selection) => (None, selection),
        };
        let group = number_groups(recordings.iter().map(|l| &l.recording.group));
        let candidates: Vec<usize> = (0..recordings.len())
            .filter(|&i| judge.holds(record(i)))
            .filter(|&i| {
                let learned = learned.contains(record(i).data_set.name());
                is_judged(record(i), fit.is_some() || learned)
            })
            .collect();
        let unknown = judge.data_sets.contains(&DataSet::PhysioNet2016);
        let unit_of = |recording: &Recording| {
            if recording.data_set == DataSet::PhysioNet2016 {
                recording.id.clone()
            } else {
                recording.group.clone()
            }
        };
        let numbered = number_groups(candidates.iter().map(|&i| unit_of(record(i))));
        let class = |i: usize| (task.class_of)(record(i));
        let (judged, units): (Vec<usize>, Vec<usize>) = candidates
            .iter()
            .zip(&numbered)
            .filter(|(i, _)| class(**i).is_some())
            .map(|(&i, &unit)| (i, unit))
            .unzip();
        let fitted: Vec<usize> = (0..recordings.len())
            .filter(|&i| fit.is_some_and(|fit| fit.holds(record(i))) && is_fitted(record(i)))
            .filter(|&i| class(i).is_some())
            .collect();
        let fitted = thinned(fitted, task, class);
        let classes =
            |rows: &[usize]| -> Vec<usize> { rows.iter().filter_map(|&i| class(i)).collect() };
        let groups = |rows: &[usize]| -> Vec<usize> { rows.iter().map(|&i| group[i]).collect() };
        let rows = Self {
            fitted_classes: classes(&fitted),
            judged_classes: classes(&judged),
            fitted_groups: groups(&fitted),
            judged_groups: groups(&judged),
            unit_count: numbered.iter().max().map_or(0, |most| most + 1),
            kind: if unknown {
                GroupKind::Recordings
            } else {
                GroupKind::Patients
            },
            population: population(&judge),
            fitted,
            judged,
            units,
        };
        refuse_leakage(&rows.fitted_groups, &rows.judged_groups)?;
        let two = |classes: &[usize]| classes.iter().any(|c| *c != classes[0]);
        let usable = two(&rows.judged_classes) && (fit.is_none() || two(&rows.fitted_classes));
        Ok(usable.then_some(rows))
    }

    /// Judged units that have an observation of each class, the fewest over the classes.
    pub fn fewest_units(&self, classes: usize) -> usize {
        (0..classes)
            .map(|class| {
                let mut units: Vec<usize> = self
                    .units
                    .iter()
                    .zip(&self.judged_classes)
                    .filter(|(_, c)| **c == class)
                    .map(|(unit, _)| *unit)
                    .collect();
                units.sort_unstable();
                units.dedup();
                units.len()
            })
            .min()
            .unwrap_or(0)
    }
}

/// At most as many of each class as the task fits on, evenly spread.
fn thinned(rows: Vec<usize>, task: &Task, class: impl Fn(usize) -> Option<usize>) -> Vec<usize> {
    let Some(most) = task.most_fitted else {
        return rows;
    };
    let mut kept = Vec::new();
    for wanted in 0..task.classes.len() {
        let own: Vec<usize> = rows
            .iter()
            .copied()
            .filter(|&i| class(i) == Some(wanted))
            .collect();
        let count = own.len().min(most);
        kept.extend((0..count).map(|k| own[k * own.len() / count]));
    }
    kept.sort_unstable();
    kept
}

fn is_fitted(recording: &Recording) -> bool {
    matches!(recording.split, Some(Split::Train | Split::Calibration))
}

/// Where probes are fitted on other recordings, or an encoder learned from the data set, only those are
/// judged that trained nothing.
fn is_judged(recording: &Recording, is_split: bool) -> bool {
    !is_split || matches!(recording.split, Some(Split::Validation | Split::Test))
}

fn population(selection: &Selection) -> String {
    let names: Vec<&str> = selection.data_sets.iter().map(|set| set.name()).collect();
    format!("{} {:?}", names.join("+"), selection.only)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benchmark::tasks;
    use laennec_corpus::{Domain, Finding, Presence};

    fn lung(id: usize, person: usize, split: Split, wheeze: bool) -> Located {
        let presence = if wheeze {
            Presence::Present
        } else {
            Presence::Absent
        };
        let mut recording = Recording::unlabelled(
            DataSet::SprSound,
            Domain::Lung,
            format!("r{id}"),
            format!("p{person}"),
        );
        recording.findings = vec![(Finding::Wheeze, presence)];
        recording.split = Some(split);
        Located {
            recording,
            path: "none.wav".into(),
        }
    }

    fn wheeze() -> Task {
        let all = tasks();
        all.into_iter()
            .find(|task| task.name == "lung: wheeze")
            .unwrap()
    }

    #[test]
    fn training_and_calibration_patients_fit_and_validation_patients_are_judged() {
        let recordings = [
            lung(0, 0, Split::Train, false),
            lung(1, 1, Split::Calibration, true),
            lung(2, 2, Split::Validation, true),
            lung(3, 2, Split::Validation, false),
            lung(4, 3, Split::Validation, false),
        ];
        let rows_of =
            |recordings: &[Located]| TaskRows::new(&wheeze(), recordings, &BTreeSet::new());
        let rows = rows_of(&recordings).unwrap().unwrap();
        assert_eq!(
            (rows.fitted.clone(), rows.judged.clone()),
            (vec![0, 1], vec![2, 3, 4])
        );
        assert_eq!(rows.judged_classes, [1, 0, 0]);
        assert_eq!((rows.units.clone(), rows.unit_count), (vec![0, 0, 1], 2));
        assert_eq!(rows.fewest_units(2), 1);
        assert!(rows_of(&recordings[..4]).unwrap().is_some());
        assert!(
            rows_of(&recordings[..3]).unwrap().is_none(),
            "one class judged"
        );
        let mixed = [
            lung(0, 7, Split::Train, false),
            lung(1, 8, Split::Train, true),
        ];
        let shared = [
            lung(2, 7, Split::Validation, true),
            lung(3, 9, Split::Validation, false),
        ];
        let leaking: Vec<Located> = mixed.into_iter().chain(shared).collect();
        assert!(matches!(rows_of(&leaking), Err(Error::Leakage { .. })));
    }

    #[test]
    fn in_folds_nothing_is_judged_that_taught_an_encoder() {
        let task = Task {
            design: Design::Folds(Selection::of(&[DataSet::SprSound])),
            ..wheeze()
        };
        let recordings: Vec<Located> = (0..8)
            .map(|n| {
                let split = if n < 4 {
                    Split::Train
                } else {
                    Split::Validation
                };
                lung(n, n, split, n % 2 == 0)
            })
            .collect();
        let judged = |learned: &[&str]| {
            let learned = learned.iter().map(|name| (*name).to_owned()).collect();
            let rows = TaskRows::new(&task, &recordings, &learned);
            rows.unwrap().unwrap().judged
        };
        assert_eq!(judged(&["kauh"]).len(), 8);
        assert_eq!(judged(&["kauh", "sprsound"]), [4, 5, 6, 7]);
    }

    #[test]
    fn thinning_keeps_some_of_every_class() {
        let task = Task {
            most_fitted: Some(2),
            ..wheeze()
        };
        let kept = thinned((0..11).collect(), &task, |i| Some(usize::from(i >= 10)));
        assert_eq!(kept, [0, 5, 10]);
    }
}
