//! In: the outcome of the benchmark. Out: the report as Markdown with its diagrams.

use laennec_models::teacher::Teacher;

use super::encoder::Role;
use super::figures::{figures, file_word};
use super::measures::measures;
use super::run::{Inputs, Outcome, TaskOutcome};
use super::space::{SpaceOutcome, spaces};
use super::tables;
use crate::error::Error;
use crate::report::text::joined;

/// Says that the page may be overwritten by the command that made it.
pub const MARKER: &str = "<!-- Made by `laennec eval probe`; run it again instead of editing. -->";

/// The report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The text.
    pub markdown: String,
    /// File name and content of each SVG diagram; the text links to `figures/NAME`.
    pub figures: Vec<(String, String)>,
}

impl Page {
    /// Writes the report. With a teacher, aligned encoders are also asked to find reports and to name
    /// findings; `command` is what the user typed.
    ///
    /// # Errors
    /// A diagram cannot be computed, or the teacher fails.
    pub fn new(
        inputs: &Inputs<'_>,
        outcome: &Outcome,
        teacher: Option<&dyn Teacher>,
        command: &str,
    ) -> Result<Self, Error> {
        let figures = figures(inputs, outcome, teacher)?;
        let spaces = match teacher {
            Some(teacher) => spaces(inputs, outcome, teacher)?,
            None => Vec::new(),
        };
        let markdown = joined([
            introduction(inputs, command),
            "## Tasks".to_owned(),
            TASKS.to_owned(),
            tables::tasks(outcome).to_markdown(),
            "## AUROC by our protocol".to_owned(),
            OURS.to_owned(),
            tables::areas(inputs, outcome).to_markdown(),
            "## Gains over the start".to_owned(),
            GAINS.to_owned(),
            tables::gains(inputs, outcome).to_markdown(),
            claims(inputs, outcome),
            "## Other measures".to_owned(),
            OTHER.to_owned(),
            measures(inputs, outcome).to_markdown(),
            "## AUROC by OPERA's protocol".to_owned(),
            OPERA.to_owned(),
            tables::opera_areas(inputs, outcome).to_markdown(),
            common_space(&spaces),
            "## OPERA's 19 tasks".to_owned(),
            NINETEEN.to_owned(),
            tables::nineteen(outcome).to_markdown(),
            "## Diagrams".to_owned(),
            diagrams(&figures),
            "## Limits".to_owned(),
            LIMITS.to_owned(),
        ]);
        Ok(Self { markdown, figures })
    }
}

fn introduction(inputs: &Inputs<'_>, command: &str) -> String {
    joined([
        MARKER,
        "# Linear probes of encoders",
        &format!(
            "Made by `{command}` from the data folder; every figure was measured in that run, except \
             the columns of published ones. An encoder is frozen and hears each recording whole; a \
             linear classifier on its embedding is all that is fitted."
        ),
        &format!(
            "Square brackets hold {:.0} % intervals from {} bootstrap resamples of persons (of \
             recordings for the heart databases, whose persons are unknown: those intervals are too \
             narrow). There is none for fewer than ten of them. All encoders are judged on the same \
             resamples, so that an interval of a difference is that of the paired difference.",
            inputs.bootstrap.level * 100.0,
            inputs.bootstrap.resamples
        ),
        &tables::contenders(inputs).to_markdown(),
    ])
}

const TASKS: &str = "Training and calibration patients fit the probe and choose its options, \
    validation patients are judged; no encoder here was trained on them. KAUH trained nothing: its \
    wheeze and crackle are judged by probes fitted on the children, its diagnoses by five-fold \
    cross-validation over persons. *Least* is the smallest number of judged persons (recordings) \
    that have a class. A task enters the mean where it has ten persons to resample and five of each \
    class. Telling lung, heart and cough apart stays out of it, since here it can also be done by \
    telling the data sets apart; all are brought to 2 kHz first, so that the bandwidth does not give \
    them away.";

const OURS: &str = "Standardised embeddings, logistic regression to convergence, its penalty chosen \
    by the likelihood of persons left out of the fit, among those that are fitted on. Mean over five \
    seeds, which draw the folds. Several classes: unweighted mean of each against the rest.";

const GAINS: &str = "Paired differences of AUROC to the start. The mean is over the tasks that enter \
    it, resample by resample.";

const OTHER: &str = "By our protocol, of the mean probability over the seeds, for the start and the \
    candidates: area under the precision-recall curve (its chance is the class's share), F1, \
    sensitivity and specificity of the likeliest class, calibration error in ten bins of equal width. \
    Two classes: of the second. More: unweighted means of each against the rest, and the calibration \
    of the likeliest. A dash is undefined.";

const OPERA: &str = "As OPERA evaluates: embeddings as they are, one linear layer from N(0, 0.01²), \
    Adam at 1e-4 times 0.97 after each epoch, 64 epochs, batches of 32 (task 10: 50 epochs, selection \
    every 5; tasks 1, 2, 5 and 6: batches of 64), gradient norm at most 1, \
    1e-5 times the squares of weights and biases, the epoch with the best AUROC on a fifth of the \
    persons fitted on (OPERA divides by file). OPERA's command line takes a learning rate and does \
    not pass it on: 1e-4 is what its published figures were trained with. Mean ± standard deviation \
    over five seeds, which draw start and order. A head moves little in so few small steps, so \
    embeddings of larger values come out better here whatever they know.";

const NINETEEN: &str = "Published figures are AUROC for tasks 1 to 12, mean absolute error for 13 to \
    19, each on OPERA's own split; they are copied, not measured here. A task with data in the data \
    folder runs by the protocols above, in folds over persons instead of OPERA's split files, of \
    which KAUH's has 49 of 78 patients on both sides.";

const LIMITS: &str = "- The judged children are of one hospital and one kind of device, and some heart \
    databases have a handful of judged recordings. Few differences between good encoders can be told \
    from chance on so many.\n\
    - A heart database is one device and population: what a probe finds within it may be the \
    recording chain. The mean spectrum beside it says how far that alone goes; the rows *from the \
    others* are the honest ones.\n\
    - Networks of `laennec train` learned the findings of the children's training patients, which \
    the lung probes ask for; that is a comparison with plain supervision, not a fair start.\n\
    - KAUH's persons are groups of equal diagnosis, age and sex; some hold several persons.\n\
    - OPERA's data sets are judged in folds over persons. Of those that an encoder says it learned \
    from, only recordings that trained nothing are judged; published weights do not say what they \
    learned from.";

/// One table for each candidate: its gain beside that over each control, and whether it counts.
fn claims(inputs: &Inputs<'_>, outcome: &Outcome) -> String {
    let mut parts = vec![
        "## What counts".to_owned(),
        "A gain counts where its interval lies above 0, where it exceeds the upper end of the \
         interval of each shuffled control's gain, and where the paired difference to each of them \
         lies above 0 with its whole interval. *Shuffled* are the same trainings with the reports \
         given to other recordings."
            .to_owned(),
    ];
    let candidates: Vec<usize> = (0..inputs.contenders.len())
        .filter(|&i| inputs.contenders[i].role == Role::Candidate)
        .collect();
    let shuffled = inputs.contenders.iter().any(|c| c.role == Role::Shuffled);
    if candidates.is_empty() || !shuffled {
        parts.push(
            "No shuffled control was given in this run: nothing in the table above counts as a gain \
             of alignment, whatever its interval."
                .to_owned(),
        );
        return joined(parts);
    }
    for index in candidates {
        parts.push(format!("### {}", inputs.contenders[index].name));
        parts.push(tables::claim(inputs, outcome, index).to_markdown());
    }
    joined(parts)
}

/// Search and naming in the common space of sound and report; empty without aligned encoders.
fn common_space(spaces: &[SpaceOutcome]) -> String {
    if spaces.is_empty() {
        return String::new();
    }
    joined([
        "## Sound and report in one space",
        "Validation recordings of lungs and hearts and their template reports, by cosine similarity \
         of the projected vectors. Sound to report: the recording's own report among the distinct \
         ones; report to sound: any recording with this very report. R@k is the share of queries \
         with a right answer among the first k, MRR the mean reciprocal rank of the first right \
         answer; equally similar answers count as in the mean over their orders. *Chance* is what \
         the same formulas give where all answers are alike. Reports also say what was recorded, \
         where and for how long, so that a space can find many without hearing any finding.",
        &tables::search(spaces).to_markdown(),
        "Without training on labels (zero-shot): AUROC of the similarity to sentences for present \
         minus that to sentences for absent.",
        &tables::zero_shot(spaces).to_markdown(),
    ])
}

fn diagrams(figures: &[(String, String)]) -> String {
    let words = |file: &str| {
        let stem = file.trim_start_matches("probe-").trim_end_matches(".svg");
        file_word(stem).replace('-', " ")
    };
    let links: Vec<String> = figures
        .iter()
        .map(|(file, _)| format!("![{}](figures/{file})", words(file)))
        .collect();
    joined([
        "ROC curves and reliability of the probes (mean probability over the seeds); maps of the \
         children's validation recordings (t-SNE from the principal components, perplexity 30: \
         neighbourhoods mean something, distances do not); likeness of the embeddings on those \
         recordings, and of single layers on a hundred of them (debiased linear CKA: 1 the same up to \
         rotation and scale, 0 nothing in common).",
        &links.join("\n"),
    ])
}

/// Whether a task enters the mean over tasks.
pub(super) fn enters_mean(task: &TaskOutcome) -> bool {
    let classes = task.task.classes.len();
    task.task.in_mean && task.rows.unit_count >= 10 && task.rows.fewest_units(classes) >= 5
}
