//! In: the bundle and recordings of data sets that it never learned from. Out: the section on each of
//! these: a clinic's own recordings, or a published set that this project does not have.

use laennec_assistant::{Listener, wording};
use laennec_corpus::{DataSet, Domain, Located};

use super::answers;
use super::heard::{self, HeardRecording};
use super::text::{counts, joined, shown};
use super::{Inputs, Variant};
use crate::error::Error;
use crate::report::{Align, Table};

/// Data sets that have sections of their own.
const ELSEWHERE: [DataSet; 2] = [DataSet::Kauh, DataSet::HlsCmds];

/// The section; empty where the data folder holds no such data set.
pub(super) fn section(inputs: &Inputs<'_>) -> Result<String, Error> {
    let card = inputs.ear.card();
    let learned = |set: DataSet| {
        card.trained_on
            .iter()
            .any(|source| source.name == set.name())
    };
    let mut parts = Vec::new();
    for set in DataSet::ALL {
        if learned(set) || ELSEWHERE.contains(&set) {
            continue;
        }
        let of_it = |l: &&Located| {
            let domains = [Domain::Lung, Domain::Heart];
            l.recording.data_set == set && domains.contains(&l.recording.domain)
        };
        let located: Vec<&Located> = inputs.recordings.iter().filter(of_it).collect();
        if located.is_empty() {
            continue;
        }
        let heard = heard::hear_all(inputs, set.name(), &located, Variant::AsRecorded)?;
        parts.push(format!("### {set}"));
        parts.push(areas(inputs, &heard)?.to_markdown());
        parts.push(answers::table(inputs, &heard, &heard));
    }
    if parts.is_empty() {
        return Ok(String::new());
    }
    parts.insert(
        0,
        "## Data sets that the bundle never learned from".to_owned(),
    );
    parts.insert(
        1,
        "All their recordings, whatever split they are in. First the area under the ROC curve of the \
         calibrated probability, then the answers of `laennec analyze`, which is not told the domain; \
         both on the recordings of which the data set says whether the finding is there."
            .to_owned(),
    );
    Ok(joined(parts))
}

fn areas(inputs: &Inputs<'_>, heard: &[HeardRecording<'_>]) -> Result<Table, Error> {
    let mut table = Table::new(&[
        ("finding", Align::Left),
        ("n / persons", Align::Right),
        ("with it", Align::Right),
        ("AUROC", Align::Left),
    ]);
    for rule in &inputs.ear.card().rules {
        let finding = rule.finding;
        if !heard.iter().any(|one| one.truth(finding).is_some()) {
            continue;
        }
        let (predictions, _) = heard::finding(heard, finding)?;
        let area = predictions.auroc_of(&[1], &inputs.bootstrap);
        table.push([
            wording::name(finding),
            &counts(&area),
            &predictions.truth().iter().sum::<usize>().to_string(),
            &shown(&area),
        ]);
    }
    Ok(table)
}
