//! In: the recordings with their splits and the bundle's card. Out: the head of the report (how it
//! was made, on whom) and its last section (what the figures do not show).

use std::collections::BTreeSet;

use laennec_assistant::Listener;
use laennec_corpus::{DataSet, Split};

use super::Inputs;
use super::text::{NONE, joined};
use crate::report::{Align, Table};

/// Says that the page may be overwritten by the command that made it.
pub const MARKER: &str =
    "<!-- Made by `laennec eval accuracy`; run it again instead of editing. -->";

/// The head of the report.
pub(super) fn section(inputs: &Inputs<'_>) -> String {
    let card = inputs.ear.card();
    joined([
        MARKER,
        "# Accuracy",
        "Made by `laennec eval accuracy --bundle BUNDLE --out docs/accuracy.md` from the data folder; \
         every figure outside the columns named *reference* was measured in that run.",
        &format!(
            "Bundle: `{}` {}, SHA-256 `{}`.",
            card.name, card.version, card.sha256
        ),
        &format!(
            "Figures are on validation patients, who neither trained nor calibrated nor chose a \
             threshold, or on data sets that were never trained on. Square brackets hold {:.0} % \
             intervals from {} bootstrap resamples of patients (of recordings, where persons are \
             unknown); there is none for fewer than ten of them, nor where all resamples agree. \
             *Linear probe on mn04*: logistic regression on the embedding of the untouched encoder \
             that training started from, fitted on training and calibration patients, its options \
             chosen by cross-validation among them. *Reference*: an independent \
             fine-tuning of the same encoder in PyTorch on the same training patients; \
             its numbers are copied, not measured here.",
            inputs.bootstrap.level * 100.0,
            inputs.bootstrap.resamples
        ),
        "For research only; not a medical device.",
        "## Data",
        "Recordings / patients in each split. PhysioNet's persons are unknown: its splits are \
         contiguous blocks of recordings, and the second number counts blocks.",
        &splits(inputs).to_markdown(),
    ])
}

fn splits(inputs: &Inputs<'_>) -> Table {
    let mut columns = vec![("data set", Align::Left)];
    columns.extend(Split::ALL.iter().map(|split| (split.word(), Align::Right)));
    let mut table = Table::new(&columns);
    for data_set in DataSet::ALL {
        let mut row = vec![data_set.to_string()];
        for &split in Split::ALL {
            let located = inputs.of(data_set, split);
            let groups: BTreeSet<&str> = located
                .iter()
                .map(|located| located.recording.group.as_str())
                .collect();
            row.push(if located.is_empty() {
                NONE.to_owned()
            } else {
                format!("{} / {}", located.len(), groups.len())
            });
        }
        if row[1..].iter().any(|cell| cell != NONE) {
            table.push(row);
        }
    }
    table
}

/// The last section.
pub(super) fn limits() -> String {
    joined([
        "## Limits",
        "- The lung figures are those of one hospital's children and one kind of device. On \
         SPRSound's official test set the reference runs lose 2 to 18 points of Score, most of them \
         in the record tasks; expect the same here.\n\
         - The validation patients are 50, and rare classes have few of them: Stridor, \
         Wheeze+Crackle, Rhonchi and Coarse Crackle are not judged one by one, only in their group.\n\
         - The heart recordings are a third party's denoised copies at 2 kHz of four databases; \
         PhysioNet's persons are unknown, and neighbours in numbering may be one person, so that \
         these intervals are too narrow. Databases of 4 and 7 validation recordings show nothing. \
         With one of the two larger databases left out, probes and network are \
         little above chance on it, or below.\n\
         - KAUH's labels are of one recording's middle ten seconds by other experts with other words; \
         it is a test of transfer, not of a second population at large.\n\
         - The manikin and synthesised sounds are no patients. They show what the program takes for \
         a chest, nothing about disease.\n\
         - Wrong answers among the decided follow from the share of a finding: where it is rarer or \
         more frequent than among SPRSound's children, they change.",
    ])
}
