//! OPERA's 19 tasks: what each predicts from what, how it is judged, and where its data are had.
//!
//! Order and definitions follow OPERA's evaluation scripts; the published figures are those of its
//! ranking script (AUROC for tasks 1 to 12, mean absolute error for 13 to 19).

use laennec_corpus::recording::Manoeuvre;
use laennec_corpus::{DataSet, Recording, Sex};

/// What a task predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// One of these classes, judged by AUROC, macro one-against-rest where they are several.
    Classes(&'static [&'static str]),
    /// A number, judged by mean absolute error.
    Number,
}

/// How recordings of a data set that this program reads become observations of a task.
#[derive(Debug, Clone, Copy)]
pub struct Labels {
    /// The data set.
    pub data_set: DataSet,
    /// Class of a recording; none where it takes no part.
    pub class_of: fn(&Recording) -> Option<usize>,
}

/// A task of the benchmark.
#[derive(Debug, Clone, Copy)]
pub struct OperaTask {
    /// Its number, 1 to 19.
    pub number: u8,
    /// The data set and what was recorded.
    pub sound: &'static str,
    /// What is predicted.
    pub question: &'static str,
    /// In which form.
    pub target: Target,
    /// Where the data are had, and under which terms.
    pub source: &'static str,
    /// Published figures of OPERA-CT, OPERA-CE and OPERA-GT.
    pub published: [&'static str; 3],
    /// None where this program has no reader for the data set.
    pub labels: Option<Labels>,
}

const UK_COVID: &str = "Zenodo 10043978, OGL 3.0";
const COVID_SOUNDS: &str = "COVID-19 Sounds, on request under a transfer agreement";
const COUGHVID: &str = "Zenodo 4048312, CC BY 4.0";
const COSWARA: &str = "github.com/iiscleap/Coswara-Data, CC BY 4.0";
const MMLUNG: &str = "MMLung, on request";
const NEGATIVE_POSITIVE: Target = Target::Classes(&["negative", "positive"]);
const SEX: Target = Target::Classes(&["male", "female"]);

/// All tasks in their order.
pub const TASKS: [OperaTask; 19] = [
    OperaTask {
        number: 1,
        sound: "UK COVID-19, exhalation",
        question: "Covid-19",
        target: NEGATIVE_POSITIVE,
        source: UK_COVID,
        published: [".586", ".551", ".605"],
        labels: labels(DataSet::UkCovid19, |r| {
            covid(r, Some(Manoeuvre::Exhalation))
        }),
    },
    OperaTask {
        number: 2,
        sound: "UK COVID-19, cough",
        question: "Covid-19",
        target: NEGATIVE_POSITIVE,
        source: UK_COVID,
        published: [".701", ".629", ".677"],
        labels: labels(DataSet::UkCovid19, |r| covid(r, Some(Manoeuvre::Cough))),
    },
    OperaTask {
        number: 3,
        sound: "COVID-19 Sounds, breath",
        question: "respiratory symptom",
        target: NEGATIVE_POSITIVE,
        source: COVID_SOUNDS,
        published: [".603", ".610", ".613"],
        labels: None,
    },
    OperaTask {
        number: 4,
        sound: "COVID-19 Sounds, cough",
        question: "respiratory symptom",
        target: NEGATIVE_POSITIVE,
        source: COVID_SOUNDS,
        published: [".680", ".665", ".673"],
        labels: None,
    },
    OperaTask {
        number: 5,
        sound: "CoughVID, cough",
        question: "Covid-19",
        target: NEGATIVE_POSITIVE,
        source: COUGHVID,
        published: [".578", ".566", ".552"],
        labels: labels(DataSet::Coughvid, |r| covid(r, None)),
    },
    OperaTask {
        number: 6,
        sound: "CoughVID, cough",
        question: "sex",
        target: SEX,
        source: COUGHVID,
        published: [".795", ".721", ".735"],
        labels: labels(DataSet::Coughvid, sex),
    },
    OperaTask {
        number: 7,
        sound: "ICBHI 2017, lung",
        question: "COPD or healthy",
        target: Target::Classes(&["healthy", "COPD"]),
        source: "bhichallenge.med.auth.gr, CC0",
        published: [".855", ".872", ".741"],
        labels: labels(DataSet::Icbhi2017, |r| {
            diagnosed(r, &["healthy"], &["copd"])
        }),
    },
    OperaTask {
        number: 8,
        sound: "Coswara, shallow cough",
        question: "smoker",
        target: Target::Classes(&["no", "yes"]),
        source: COSWARA,
        published: [".685", ".674", ".650"],
        labels: labels(DataSet::Coswara, |r| coughing(r, r.smoker.map(usize::from))),
    },
    OperaTask {
        number: 9,
        sound: "Coswara, shallow cough",
        question: "sex",
        target: SEX,
        source: COSWARA,
        published: [".874", ".801", ".825"],
        labels: labels(DataSet::Coswara, |r| coughing(r, sex(r))),
    },
    OperaTask {
        number: 10,
        sound: "KAUH, lung",
        question: "asthma or COPD, or healthy",
        target: Target::Classes(&["healthy", "obstructive"]),
        source: "Mendeley Data jwyy9np4gv, CC BY 4.0",
        published: [".722", ".741", ".703"],
        labels: labels(DataSet::Kauh, |r| {
            diagnosed(r, &["normal"], &["asthma", "copd"])
        }),
    },
    OperaTask {
        number: 11,
        sound: "Respiratory@TR, lung",
        question: "COPD grade",
        target: Target::Classes(&["0", "1", "2", "3", "4"]),
        source: "Mendeley Data p9z4h98s6j, CC BY 4.0",
        published: [".625", ".683", ".615"],
        labels: labels(DataSet::RespiratoryTr, |r| {
            (0..5).find(|grade| r.diagnoses.iter().any(|d| *d == format!("copd_{grade}")))
        }),
    },
    OperaTask {
        number: 12,
        sound: "SSBPR, snoring",
        question: "body position",
        target: Target::Classes(&["0", "1", "2", "3", "4"]),
        source: "SSBPR, on request, CC BY 4.0",
        published: [".781", ".769", ".742"],
        labels: None,
    },
    lung_function(13, "deep breath", "FVC (l)", [".924", ".848", ".892"]),
    lung_function(14, "deep breath", "FEV1 (l)", [".837", ".834", ".825"]),
    lung_function(15, "deep breath", "FEV1 / FVC", [".128", ".132", ".128"]),
    lung_function(16, "vowel", "FVC (l)", [".885", ".761", ".878"]),
    lung_function(17, "vowel", "FEV1 (l)", [".780", ".830", ".774"]),
    lung_function(18, "vowel", "FEV1 / FVC", [".132", ".136", ".130"]),
    OperaTask {
        number: 19,
        sound: "NoseMic, nasal breathing",
        question: "respiratory rate (a minute)",
        target: Target::Number,
        source: "NoseMic, by its authors' link",
        published: ["2.636", "2.525", "2.416"],
        labels: None,
    },
];

#[expect(
    clippy::unnecessary_wraps,
    reason = "tasks without data have no labels, and the table reads alike"
)]
const fn labels(data_set: DataSet, class_of: fn(&Recording) -> Option<usize>) -> Option<Labels> {
    Some(Labels { data_set, class_of })
}

const fn lung_function(
    number: u8,
    sound: &'static str,
    question: &'static str,
    published: [&'static str; 3],
) -> OperaTask {
    OperaTask {
        number,
        sound,
        question,
        target: Target::Number,
        source: MMLUNG,
        published,
        labels: None,
    }
}

fn sex(recording: &Recording) -> Option<usize> {
    recording.sex.map(|sex| usize::from(sex == Sex::Female))
}

fn coughing(recording: &Recording, class: Option<usize>) -> Option<usize> {
    class.filter(|_| recording.manoeuvre == Some(Manoeuvre::Cough))
}

/// Whether one of `positive` is among the diagnoses and nothing else is, or one of `negative`.
fn diagnosed(recording: &Recording, negative: &[&str], positive: &[&str]) -> Option<usize> {
    let only = |words: &[&str]| {
        let mut diagnoses = recording.diagnoses.iter();
        !recording.diagnoses.is_empty() && diagnoses.all(|d| words.contains(&d.as_str()))
    };
    match (only(negative), only(positive)) {
        (true, _) => Some(0),
        (_, true) => Some(1),
        _ => None,
    }
}

/// Covid-19 by the readers' codes, on recordings of one manoeuvre where one is asked for.
fn covid(recording: &Recording, manoeuvre: Option<Manoeuvre>) -> Option<usize> {
    if manoeuvre.is_some() && recording.manoeuvre != manoeuvre {
        return None;
    }
    let has = |words: [&str; 2]| {
        let mut diagnoses = recording.diagnoses.iter();
        diagnoses.any(|d| words.contains(&d.as_str()))
    };
    if has(["covid_19", "covid19"]) {
        Some(1)
    } else if has(["healthy", "no_covid_19"]) {
        Some(0)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tasks_are_numbered_and_twelve_of_them_have_classes() {
        for (index, task) in TASKS.iter().enumerate() {
            assert_eq!(usize::from(task.number), index + 1);
            assert_eq!(matches!(task.target, Target::Classes(_)), index < 12);
        }
    }
}
