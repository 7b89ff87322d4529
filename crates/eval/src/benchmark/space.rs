//! In: an aligned encoder's projection heads, a teacher, recordings with their reports. Out: how well
//! reports are found from sounds and sounds from reports, and classes named without training.

use std::path::Path;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use laennec_corpus::facts::{Facts, Mode};
use laennec_corpus::reports::Template;
use laennec_corpus::wording::Draw;
use laennec_corpus::{DataSet, Recording, Split};
use laennec_models::ear::header_value;
use laennec_models::projection::Projection;
use laennec_models::teacher::{TEACHER_KEY, Teacher, TeacherConfig, cached};
use laennec_models::weights;
use safetensors::SafeTensors;

use super::compare::Scores;
use super::run::{Inputs, Outcome};
use crate::error::Error;
use crate::intervals::{Estimate, number_groups};
use crate::matrix::Matrix;
use crate::retrieval::{Retrieval, retrieval, zero_shot};

/// Files of the heads, beside the encoder that they were trained with.
const SOUND_FILE: &str = "sound-projection.safetensors";
const TEXT_FILE: &str = "text-projection.safetensors";
/// First layer of a head; its shape says what the head takes.
const FIRST_LAYER: &str = "hidden.weight";
/// What the text head takes of an encoder that was trained without texts.
const WITHOUT_TEXTS: usize = 1;
/// Seed and purpose of the reports' wording, as in training.
const WORDING: (u64, &str) = (20_261_122, "align");

/// Tasks that are asked without training, with sentences for absent and for present.
const QUESTIONS: [(&str, [&[&str]; 2]); 5] = [
    (
        "lung: adventitious sound",
        [
            &[
                "Normal breath sounds.",
                "No wheeze and no crackles are heard.",
            ],
            &[
                "Adventitious lung sounds.",
                "Wheezes or crackles are heard.",
            ],
        ],
    ),
    (
        "lung: wheeze",
        [
            &["No wheeze is heard.", "The lungs are free of wheezing."],
            &["Wheezing is heard.", "There are wheezes."],
        ],
    ),
    (
        "lung: discontinuous sound (DAS)",
        [
            &["No crackles are heard.", "The lungs are free of crackles."],
            &["Crackles are heard.", "There are crackles."],
        ],
    ),
    (
        "heart: abnormal, database a",
        [
            &["Normal heart sounds.", "The heart sounds are normal."],
            &["Abnormal heart sounds.", "The heart sounds are abnormal."],
        ],
    ),
    (
        "KAUH: wheeze, fitted on children",
        [
            &["No wheeze is heard.", "The lungs are free of wheezing."],
            &["Wheezing is heard.", "There are wheezes."],
        ],
    ),
];

/// The projection heads of an aligned encoder.
#[derive(Debug, Clone)]
pub struct Space {
    sound: Projection,
    text: Projection,
    text_width: usize,
    teacher: Option<TeacherConfig>,
}

impl Space {
    /// The heads in the folder of `encoder`; none where they are not there, or never saw a text.
    ///
    /// # Errors
    /// A head cannot be read.
    pub(super) fn beside(encoder: &Path) -> Result<Option<Self>, Error> {
        let [sound, text] = [SOUND_FILE, TEXT_FILE].map(|name| encoder.with_file_name(name));
        if !sound.is_file() || !text.is_file() {
            return Ok(None);
        }
        let bytes = std::fs::read(&text).map_err(Error::io(&text))?;
        let origin = text.display().to_string();
        let teacher = header_value(&bytes, &origin, TEACHER_KEY)?
            .map(|said| serde_json::from_str(&said))
            .transpose()
            .map_err(|error| laennec_models::Error::Header {
                path: text.clone(),
                reason: format!("'{TEACHER_KEY}': {error}"),
            })?;
        let (sound, _) = head(&sound)?;
        let (text, text_width) = head(&text)?;
        if text_width == WITHOUT_TEXTS {
            return Ok(None);
        }
        Ok(Some(Self {
            sound,
            text,
            text_width,
            teacher,
        }))
    }

    /// Who taught it, if its file says so.
    pub fn teacher(&self) -> Option<&TeacherConfig> {
        self.teacher.as_ref()
    }
}

/// What a space is good for.
#[derive(Debug, Clone)]
pub(super) struct SpaceOutcome {
    /// The encoder's name.
    pub(super) name: String,
    /// Search in both directions.
    pub(super) retrieval: Retrieval,
    /// Recordings that ask, and distinct reports.
    pub(super) queries: usize,
    /// AUROC of each task that is asked without training.
    pub(super) zero_shot: Vec<(String, Estimate)>,
}

/// Measures the spaces of all contenders that have one.
///
/// # Errors
/// The teacher fails or gives vectors of another width than a space takes, or a vector is zero.
pub(super) fn spaces(
    inputs: &Inputs<'_>,
    outcome: &Outcome,
    teacher: &dyn Teacher,
) -> Result<Vec<SpaceOutcome>, Error> {
    let asked: Vec<usize> = (0..inputs.recordings.len())
        .filter(|&i| is_asked(&inputs.recordings[i].recording))
        .collect();
    let recordings: Vec<&Recording> = asked
        .iter()
        .map(|&i| &inputs.recordings[i].recording)
        .collect();
    let reports: Vec<String> = recordings
        .iter()
        .map(|recording| report(recording))
        .collect();
    let report_of = number_groups(&reports);
    let mut distinct: Vec<String> = Vec::new();
    for (report, &number) in reports.iter().zip(&report_of) {
        if number == distinct.len() {
            distinct.push(report.clone());
        }
    }
    let groups = number_groups(recordings.iter().map(|recording| unit(recording)));
    let mut all = Vec::new();
    for (index, contender) in inputs.contenders.iter().enumerate() {
        let Some(space) = contender.space() else {
            continue;
        };
        if space.text_width != teacher.width() {
            return Err(laennec_models::Error::Teacher {
                found: format!("vectors of {} values", teacher.width()),
                expected: format!("{}, which taught {}", space.text_width, contender.name),
            }
            .into());
        }
        let embeddings = &outcome.embeddings[index];
        let sound = project(&space.sound, &embeddings.select(&asked))?;
        let text = texts(space, teacher, inputs.cache, &distinct)?;
        all.push(SpaceOutcome {
            name: contender.name.clone(),
            retrieval: retrieval(&sound, &text, &report_of, &groups, &inputs.bootstrap)?,
            queries: asked.len(),
            zero_shot: named(inputs, outcome, space, (teacher, embeddings))?,
        });
    }
    Ok(all)
}

/// The teacher's vectors of the reports of `rows`, `[rows, width]`.
///
/// # Errors
/// The teacher fails.
pub(super) fn report_vectors(
    inputs: &Inputs<'_>,
    rows: &[usize],
    teacher: &dyn Teacher,
) -> Result<Matrix, Error> {
    let reports: Vec<String> = rows
        .iter()
        .map(|&row| report(&inputs.recordings[row].recording))
        .collect();
    let vectors: Vec<Vec<f64>> = cached(teacher, inputs.cache, &reports)?
        .into_iter()
        .map(|vector| vector.into_iter().map(f64::from).collect())
        .collect();
    Ok(Matrix::from_rows(&vectors)?)
}

/// AUROC of the tasks in [`QUESTIONS`] by similarity to their sentences.
fn named(
    inputs: &Inputs<'_>,
    outcome: &Outcome,
    space: &Space,
    (teacher, embeddings): (&dyn Teacher, &Matrix),
) -> Result<Vec<(String, Estimate)>, Error> {
    let mut all = Vec::new();
    for (name, sentences) in QUESTIONS {
        let Some(task) = outcome.tasks.iter().find(|one| one.task.name == name) else {
            continue;
        };
        let mut prompts = Vec::new();
        for class in sentences {
            let owned: Vec<String> = class.iter().map(|text| (*text).to_owned()).collect();
            prompts.push(texts(space, teacher, inputs.cache, &owned)?);
        }
        let sound = project(&space.sound, &embeddings.select(&task.rows.judged))?;
        let mut similarity = zero_shot(&sound, &prompts)?;
        for row in 0..similarity.rows() {
            let [absent, present] = [0, 1].map(|class| similarity.row(row)[class]);
            similarity.row_mut(row)[1] = present - absent;
        }
        let scores = Scores::auroc(&task.rows, &[similarity], &inputs.bootstrap)?;
        all.push((name.to_owned(), scores.estimate(&inputs.bootstrap)));
    }
    Ok(all)
}

/// The children's and the hearts' validation recordings.
fn is_asked(recording: &Recording) -> bool {
    matches!(
        recording.data_set,
        DataSet::SprSound | DataSet::PhysioNet2016
    ) && recording.split == Some(Split::Validation)
}

fn unit(recording: &Recording) -> &str {
    match recording.data_set {
        DataSet::PhysioNet2016 => &recording.id,
        _ => &recording.group,
    }
}

fn report(recording: &Recording) -> String {
    let facts = Facts::of(recording, Mode::Full, None);
    let (seed, purpose) = WORDING;
    Template::new(&facts, Draw::new(seed, &[&recording.id, purpose])).write()
}

/// Projected vectors of texts. The teacher's are scaled to a mean square of 1, as in training.
fn texts(
    space: &Space,
    teacher: &dyn Teacher,
    cache: &Path,
    texts: &[String],
) -> Result<Matrix, Error> {
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(texts.len());
    for vector in cached(teacher, cache, texts)? {
        let square = vector.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>();
        let factor = 1.0 / (square / vector.len() as f64).sqrt().max(f64::MIN_POSITIVE);
        rows.push(vector.iter().map(|v| f64::from(*v) * factor).collect());
    }
    project(&space.text, &Matrix::from_rows(&rows)?)
}

fn project(head: &Projection, rows: &Matrix) -> Result<Matrix, Error> {
    let values: Vec<f32> = rows.values().iter().map(|v| *v as f32).collect();
    let data = TensorData::new(values, [rows.rows(), rows.columns()]);
    let projected = head.forward(Tensor::from_data(data, &Device::flex()));
    let [_, width] = projected.dims();
    let values: Vec<f32> = projected
        .into_data()
        .try_to_vec()
        .map_err(|reason| Error::Shape {
            expected: "vectors of f32".to_owned(),
            found: format!("{reason:?}"),
        })?;
    let values = values.into_iter().map(f64::from).collect();
    Ok(Matrix::new(rows.rows(), width, values)?)
}

/// A head and the width of what it takes.
fn head(path: &Path) -> Result<(Projection, usize), Error> {
    let bytes = std::fs::read(path).map_err(Error::io(path))?;
    let file =
        SafeTensors::deserialize(&bytes).map_err(|source| laennec_models::Error::Safetensors {
            path: path.to_path_buf(),
            source,
        })?;
    let first = file
        .tensor(FIRST_LAYER)
        .map_err(|source| laennec_models::Error::Safetensors {
            path: path.to_path_buf(),
            source,
        })?;
    let width = first.shape().first().copied().unwrap_or(0);
    let fresh = Projection::new(width, &Device::flex());
    let origin = path.display().to_string();
    Ok((
        weights::from_bytes(fresh, &bytes, &origin)?.no_grad(),
        width,
    ))
}
