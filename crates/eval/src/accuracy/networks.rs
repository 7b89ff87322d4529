//! In: weights of `laennec train` that are in no bundle, and recordings with their splits. Out: what
//! each network reaches alone, and what their mean reaches, on validation recordings.

use std::collections::{BTreeMap, BTreeSet};

use laennec_corpus::{DataSet, Finding, Located, Split};
use laennec_models::ear::{HeartEar, LungEar};

use super::left_out::{abnormal_predictions, hear_hearts};
use super::segments::{self, TaskProbabilities};
use super::text::{counts, shown};
use super::{Progress, Variant};
use crate::error::Error;
use crate::intervals::{Bootstrap, Estimate};
use crate::metrics::Undefined;
use crate::predictions::LungFigure;
use crate::report::{Align, Table};
use crate::tasks::physionet::{ABNORMAL, database};
use crate::tasks::sprsound::{NORMAL, RARE_PATIENTS, SprSoundTask};

/// KAUH's questions with the record classes that answer them.
const KAUH: [(&str, Finding, &[&str]); 3] = [
    ("wheeze", Finding::Wheeze, &["CAS", "CAS & DAS"]),
    ("crackle", Finding::Discontinuous, &["DAS", "CAS & DAS"]),
    (
        "any of the two",
        Finding::Adventitious,
        &["CAS", "DAS", "CAS & DAS"],
    ),
];

/// A figure's name with its value.
type Figures = Vec<(String, Result<Estimate, Undefined>)>;

/// Networks of one kind: each alone and, of several, their mean.
#[derive(Debug)]
pub struct Networks {
    names: Vec<String>,
    ears: Ears,
}

#[derive(Debug)]
enum Ears {
    Lung(Vec<LungEar>),
    Heart(Vec<HeartEar>),
}

impl Networks {
    /// Reads weights files, each with its name.
    ///
    /// # Errors
    /// Where they are neither all lung networks nor all heart networks: the error of the first file
    /// as a lung network.
    pub fn from_bytes(files: &[(Vec<u8>, String)]) -> Result<Self, Error> {
        let mut groups: Vec<&[(Vec<u8>, String)]> = files.chunks(1).collect();
        let mut names: Vec<String> = files.iter().map(|(_, name)| name.clone()).collect();
        if files.len() > 1 {
            groups.push(files);
            names.push("mean".to_owned());
        }
        let lung: Result<Vec<_>, _> = groups.iter().map(|of| LungEar::from_bytes(of)).collect();
        let ears = match lung {
            Ok(ears) => Ears::Lung(ears),
            Err(error) => {
                let heart: Result<Vec<_>, _> =
                    groups.iter().map(|of| HeartEar::from_bytes(of)).collect();
                Ears::Heart(heart.map_err(|_| error)?)
            }
        };
        Ok(Self { names, ears })
    }

    /// A table of figures by network, on the validation recordings of the networks' kind; lung
    /// networks on KAUH too, where it is there.
    ///
    /// # Errors
    /// Where a recording cannot be decoded, or there is none to measure on.
    pub fn table(
        &self,
        recordings: &[Located],
        bootstrap: Bootstrap,
        progress: Progress<'_>,
    ) -> Result<Table, Error> {
        let mut columns: Vec<Figures> = Vec::new();
        match &self.ears {
            Ears::Lung(ears) => {
                let sides = lung_sides(recordings);
                for (ear, name) in ears.iter().zip(&self.names) {
                    let [heard, kauh] = sides.each_ref().map(|located| {
                        segments::hear_with(ear, progress, name, located, Variant::AsRecorded)
                    });
                    columns.push(lung_figures(&heard?, &kauh?, recordings, bootstrap)?);
                }
            }
            Ears::Heart(ears) => {
                for (ear, name) in ears.iter().zip(&self.names) {
                    columns.push(heart_figures(ear, name, recordings, bootstrap, progress)?);
                }
            }
        }
        Ok(table(&self.names, &columns))
    }
}

fn table(names: &[String], columns: &[Figures]) -> Table {
    let mut head = vec![("figure", Align::Left), ("n / patients", Align::Right)];
    head.extend(names.iter().map(|name| (name.as_str(), Align::Left)));
    let mut table = Table::new(&head);
    let Some(first) = columns.first() else {
        return table;
    };
    for (row, (name, value)) in first.iter().enumerate() {
        let mut cells = vec![name.clone(), counts(value)];
        cells.extend(columns.iter().map(|figures| shown(&figures[row].1)));
        table.push(cells);
    }
    table
}

/// The children's validation recordings, and KAUH's.
fn lung_sides(recordings: &[Located]) -> [Vec<&Located>; 2] {
    [
        (DataSet::SprSound, Split::Validation),
        (DataSet::Kauh, Split::Test),
    ]
    .map(|(set, split)| {
        let wanted = |l: &&Located| l.recording.data_set == set && l.recording.split == Some(split);
        recordings.iter().filter(wanted).collect()
    })
}

fn lung_figures(
    heard: &[TaskProbabilities<'_>],
    kauh: &[TaskProbabilities<'_>],
    recordings: &[Located],
    bootstrap: Bootstrap,
) -> Result<Figures, Error> {
    let mut figures = Vec::new();
    for task in SprSoundTask::ALL {
        let predictions = segments::predictions(task, heard)?;
        let name = task.name();
        let score = predictions.lung_figure(LungFigure::Score, NORMAL, &bootstrap);
        figures.push((format!("Score {name}"), score));
        if task == SprSoundTask::Segments7 {
            let common = predictions.never_predicting(&rare(recordings))?;
            let score = common.lung_figure(LungFigure::Score, NORMAL, &bootstrap);
            figures.push((format!("Score {name}, rare classes never predicted"), score));
        }
    }
    for (task, what) in [
        (SprSoundTask::Segments2, "segments"),
        (SprSoundTask::Records3, "recordings"),
    ] {
        let predictions = segments::predictions(task, heard)?;
        let others: Vec<usize> = (1..predictions.class_count()).collect();
        let area = predictions.auroc_of(&others, &bootstrap);
        figures.push((format!("AUROC {what}, not normal"), area));
    }
    if !kauh.is_empty() {
        for (name, finding, classes) in KAUH {
            let predictions = segments::finding(finding, classes, kauh)?;
            let area = predictions.auroc_of(&[1], &bootstrap);
            figures.push((format!("AUROC KAUH, {name}"), area));
        }
    }
    Ok(figures)
}

/// Classes of task 1-2 that few patients outside validation have.
fn rare(recordings: &[Located]) -> Vec<usize> {
    let task = SprSoundTask::Segments7;
    let mut patients: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for located in recordings {
        let recording = &located.recording;
        let taught = matches!(recording.split, Some(Split::Train | Split::Calibration));
        if taught && recording.data_set == DataSet::SprSound {
            for class in recording
                .events
                .iter()
                .filter_map(|e| task.segment_class(e.kind))
            {
                patients.entry(class).or_default().insert(&recording.group);
            }
        }
    }
    let count = |class: &usize| patients.get(class).map_or(0, BTreeSet::len);
    (0..task.classes().len())
        .filter(|class| count(class) <= RARE_PATIENTS)
        .collect()
}

/// Database by database.
fn heart_figures(
    ear: &HeartEar,
    name: &str,
    recordings: &[Located],
    bootstrap: Bootstrap,
    progress: Progress<'_>,
) -> Result<Figures, Error> {
    let validates = |l: &&Located| {
        l.recording.data_set == DataSet::PhysioNet2016
            && l.recording.split == Some(Split::Validation)
    };
    let located: Vec<&Located> = recordings.iter().filter(validates).collect();
    let heard = hear_hearts(ear, name, &located, progress)?;
    let databases: BTreeSet<&str> = heard.iter().filter_map(|(r, _)| database(r)).collect();
    let mut figures = Vec::new();
    for name in databases {
        let of_it = heard.iter().filter(|(r, _)| database(r) == Some(name));
        let predictions = abnormal_predictions(of_it.copied())?;
        let area = predictions.auroc_of(&[ABNORMAL], &bootstrap);
        figures.push((format!("AUROC {name}"), area));
        let mean = predictions.sensitivity_specificity_mean(&[ABNORMAL], 0.5, &bootstrap);
        figures.push((format!("(Se + Sp) / 2 {name}"), mean));
    }
    Ok(figures)
}
