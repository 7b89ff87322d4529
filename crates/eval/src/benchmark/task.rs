//! The tasks of the benchmark: which recordings are fitted on, which are judged, and their classes.

use laennec_corpus::recording::Domain;
use laennec_corpus::site::{Face, Side, Site};
use laennec_corpus::{DataSet, Finding, Presence, Recording, Sex};

use crate::accuracy::Variant;
use crate::opera::{self, Target};

/// Recordings of some data sets, of one device or of all but one where that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    /// Data sets.
    pub data_sets: &'static [DataSet],
    /// Only this device (`PhysioNet`: database).
    pub only: Option<&'static str>,
    /// All but this device.
    pub without: Option<&'static str>,
}

impl Selection {
    pub(super) const fn of(data_sets: &'static [DataSet]) -> Self {
        Self {
            data_sets,
            only: None,
            without: None,
        }
    }

    const fn database(name: &'static str) -> Self {
        Self {
            data_sets: &[DataSet::PhysioNet2016],
            only: Some(name),
            without: None,
        }
    }

    const fn all_but(name: &'static str) -> Self {
        Self {
            data_sets: &[DataSet::PhysioNet2016],
            only: None,
            without: Some(name),
        }
    }

    /// Whether it holds a recording.
    pub fn holds(&self, recording: &Recording) -> bool {
        let device = recording.device.as_deref();
        self.data_sets.contains(&recording.data_set)
            && self.only.is_none_or(|only| device == Some(only))
            && self.without.is_none_or(|other| device != Some(other))
    }
}

/// Who is fitted on and who is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Design {
    /// Training and calibration patients of `fit` fit the probe; validation patients of `judge`,
    /// and all of data sets that never train, are judged.
    Split {
        /// Fitted on.
        fit: Selection,
        /// Judged.
        judge: Selection,
    },
    /// No encoder was trained on it: all recordings are judged, in folds over persons, each by a
    /// probe fitted on the other folds.
    Folds(Selection),
}

/// A task.
#[derive(Debug, Clone)]
pub struct Task {
    /// Its name in tables.
    pub name: String,
    /// Its classes; of two, the second is the positive one.
    pub classes: &'static [&'static str],
    /// Who fits and who is judged.
    pub design: Design,
    /// Class of a recording; none where it takes no part.
    pub class_of: fn(&Recording) -> Option<usize>,
    /// What is done to recordings before they are heard.
    pub variant: Variant,
    /// At most so many recordings of each class are fitted on, spread over all that could be.
    pub most_fitted: Option<usize>,
    /// Whether it enters the mean over tasks.
    pub in_mean: bool,
    /// Number of OPERA's task, where it is one.
    pub opera: Option<u8>,
}

const SPRSOUND: Selection = Selection::of(&[DataSet::SprSound]);
const KAUH: Selection = Selection::of(&[DataSet::Kauh]);
const SOUNDS: Selection = Selection::of(&[
    DataSet::SprSound,
    DataSet::PhysioNet2016,
    DataSet::CoughCovid19,
]);
const ABSENT_PRESENT: &[&str] = &["absent", "present"];
const DATABASES: [(&str, &str, &str); 4] = [
    (
        "training-a",
        "heart: abnormal, database a",
        "heart: abnormal, a from the others",
    ),
    ("training-c", "heart: abnormal, database c", ""),
    ("training-d", "heart: abnormal, database d", ""),
    (
        "training-e",
        "heart: abnormal, database e",
        "heart: abnormal, e from the others",
    ),
];

/// All tasks: ours, then those of OPERA whose recordings this program can read.
pub fn tasks() -> Vec<Task> {
    let mut tasks = lungs();
    tasks.extend(hearts());
    tasks.extend(elsewhere());
    for task in opera::TASKS {
        if let (Some(labels), Target::Classes(classes)) = (task.labels, task.target) {
            // A constant slice of one element is needed for the selection.
            let all = DataSet::ALL.iter().position(|set| *set == labels.data_set);
            let own = all.map_or(&[][..], |index| &ALL_SETS[index..=index]);
            tasks.push(Task {
                name: format!("OPERA {}: {}, {}", task.number, task.sound, task.question),
                classes,
                design: Design::Folds(Selection::of(own)),
                class_of: labels.class_of,
                variant: Variant::AsRecorded,
                most_fitted: None,
                in_mean: true,
                opera: Some(task.number),
            });
        }
    }
    tasks
}

static ALL_SETS: [DataSet; DataSet::ALL.len()] = DataSet::ALL;

/// The class of a recording in a task; none where it does not belong to it.
type Classify = fn(&Recording) -> Option<usize>;

fn lungs() -> Vec<Task> {
    let findings: [(&str, Classify); 6] = [
        ("lung: adventitious sound", |r| {
            present(r, Finding::Adventitious)
        }),
        ("lung: continuous sound (CAS)", |r| {
            present(r, Finding::Continuous)
        }),
        ("lung: discontinuous sound (DAS)", |r| {
            present(r, Finding::Discontinuous)
        }),
        ("lung: wheeze", |r| present(r, Finding::Wheeze)),
        ("lung: fine crackle", |r| present(r, Finding::FineCrackle)),
        ("lung: poor quality", |r| present(r, Finding::PoorSignal)),
    ];
    let mut tasks: Vec<Task> = findings
        .into_iter()
        .map(|(name, class_of)| split(name, ABSENT_PRESENT, SPRSOUND, SPRSOUND, class_of))
        .collect();
    tasks.extend([
        split(
            "lung: sex of the child",
            &["male", "female"],
            SPRSOUND,
            SPRSOUND,
            |r| r.sex.map(|sex| usize::from(sex == Sex::Female)),
        ),
        split(
            "lung: age group of the child",
            &["below 4 years", "4 to 6", "7 and more"],
            SPRSOUND,
            SPRSOUND,
            |r| r.age_years.map(age_group),
        ),
        split(
            "lung: site on the chest",
            &[
                "left posterior",
                "left lateral",
                "right posterior",
                "right lateral",
            ],
            SPRSOUND,
            SPRSOUND,
            |r| r.site.and_then(site),
        ),
    ]);
    tasks
}

fn hearts() -> Vec<Task> {
    let classes = &["normal", "abnormal"];
    let abnormal = |r: &Recording| present(r, Finding::AbnormalHeart);
    let mut tasks = Vec::new();
    for (device, within, across) in DATABASES {
        let database = Selection::database(device);
        tasks.push(split(within, classes, database, database, abnormal));
        if !across.is_empty() {
            let others = Selection::all_but(device);
            tasks.push(split(across, classes, others, database, abnormal));
        }
    }
    tasks
}

fn elsewhere() -> Vec<Task> {
    vec![
        split(
            "KAUH: wheeze, fitted on children",
            ABSENT_PRESENT,
            SPRSOUND,
            KAUH,
            |r| present(r, Finding::Wheeze),
        ),
        split(
            "KAUH: crackle, fitted on children",
            ABSENT_PRESENT,
            SPRSOUND,
            KAUH,
            |r| present(r, Finding::Discontinuous),
        ),
        Task {
            design: Design::Folds(KAUH),
            ..split(
                "KAUH: diagnosis group",
                &["normal", "asthma or COPD", "heart failure"],
                KAUH,
                KAUH,
                diagnosis_group,
            )
        },
        Task {
            variant: Variant::Rate(2000),
            most_fitted: Some(100),
            in_mean: false,
            ..split(
                "lung, heart or cough, all at 2 kHz",
                &["lung", "heart", "cough"],
                SOUNDS,
                SOUNDS,
                |r| match r.domain {
                    Domain::Lung => Some(0),
                    Domain::Heart => Some(1),
                    Domain::Other => Some(2),
                },
            )
        },
    ]
}

fn split(
    name: &str,
    classes: &'static [&'static str],
    fit: Selection,
    judge: Selection,
    class_of: fn(&Recording) -> Option<usize>,
) -> Task {
    Task {
        name: name.to_owned(),
        classes,
        design: Design::Split { fit, judge },
        class_of,
        variant: Variant::AsRecorded,
        most_fitted: None,
        in_mean: true,
        opera: None,
    }
}

fn present(recording: &Recording, finding: Finding) -> Option<usize> {
    match recording.presence(finding) {
        Some(Presence::Present) => Some(1),
        Some(Presence::Absent) => Some(0),
        _ => None,
    }
}

/// Groups of about equal size among `SPRSound`'s training patients.
fn age_group(years: f32) -> usize {
    match years {
        y if y < 4.0 => 0,
        y if y < 7.0 => 1,
        _ => 2,
    }
}

/// The four sites of `SPRSound`.
fn site(site: Site) -> Option<usize> {
    match site {
        Site::Lung {
            side: Some(side),
            face: Some(face),
            ..
        } => match (side, face) {
            (Side::Left, Face::Posterior) => Some(0),
            (Side::Left, Face::Lateral) => Some(1),
            (Side::Right, Face::Posterior) => Some(2),
            (Side::Right, Face::Lateral) => Some(3),
            _ => None,
        },
        _ => None,
    }
}

/// KAUH's diagnoses with enough persons; heart failure takes precedence where both are named.
fn diagnosis_group(recording: &Recording) -> Option<usize> {
    let has = |word: &str| recording.diagnoses.iter().any(|d| d == word);
    if has("heart_failure") {
        Some(2)
    } else if has("asthma") || has("copd") {
        Some(1)
    } else if has("normal") {
        Some(0)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_only_data_sets_that_never_train_are_folded() {
        let tasks = tasks();
        let names: std::collections::BTreeSet<&str> =
            tasks.iter().map(|task| task.name.as_str()).collect();
        assert_eq!(names.len(), tasks.len());
        for task in &tasks {
            assert!(task.classes.len() >= 2, "{}", task.name);
            if let Design::Folds(selection) = task.design {
                for data_set in selection.data_sets {
                    assert!(
                        !matches!(data_set, DataSet::SprSound | DataSet::PhysioNet2016),
                        "{}: encoders train on {data_set}",
                        task.name
                    );
                }
            }
        }
    }

    #[test]
    fn a_selection_tells_databases_apart() {
        let heart = |device: &str| {
            let mut recording = Recording::unlabelled(
                DataSet::PhysioNet2016,
                Domain::Heart,
                "id".into(),
                "group".into(),
            );
            recording.device = Some(device.into());
            recording
        };
        assert!(Selection::database("training-a").holds(&heart("training-a")));
        assert!(!Selection::database("training-a").holds(&heart("training-b")));
        assert!(Selection::all_but("training-a").holds(&heart("training-b")));
        assert!(!Selection::all_but("training-a").holds(&heart("training-a")));
        assert!(!SPRSOUND.holds(&heart("training-a")));
    }
}
