//! What a labelling function may read: the columns of a recording, and for each data set those from
//! which its gold comes, which no function reads there.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::recording::{DataSet, words};

words! {
    /// Something that is known of a recording.
    Column {
        /// Age of the subject.
        Age = "age",
        /// Sex of the subject.
        Sex = "sex",
        /// Where the stethoscope stood.
        Site = "site",
        /// Device or filter.
        Device = "device",
        /// Diagnoses of the subject.
        Diagnoses = "diagnoses",
        /// Free text about the recording, given by hand and never stored.
        Note = "note",
        /// The sound itself: measures, and models that learned elsewhere.
        Sound = "sound",
        /// The data set's label of the recording.
        RecordClass = "record_class",
        /// Findings that the label states or implies.
        Findings = "findings",
        /// Annotated intervals.
        Events = "events",
        /// The publisher's word on quality.
        Quality = "quality",
        /// Described murmurs.
        Murmurs = "murmurs",
        /// The publisher's verdict on the subject.
        Outcome = "outcome",
    }
}

/// The columns of a data set from which its gold findings are derived, or that are derived from
/// them. `SPRSound`'s record label is what its event types imply, so that both are gold.
pub fn gold_columns(data_set: DataSet) -> &'static [Column] {
    use Column::{Diagnoses, Events, Findings, Murmurs, Outcome, Quality, RecordClass};
    match data_set {
        // The diagnosis is another examination's result there, not what was heard.
        DataSet::SprSound | DataSet::Kauh | DataSet::Icbhi2017 | DataSet::HfLungV1 => {
            &[RecordClass, Findings, Events, Quality]
        }
        DataSet::CirCor2022 => &[RecordClass, Findings, Events, Quality, Murmurs, Outcome],
        // Their label is a diagnosis or a class made of it, or nothing tells them apart.
        DataSet::PhysioNet2016
        | DataSet::HlsCmds
        | DataSet::CoughCovid19
        | DataSet::RespiratoryTr
        | DataSet::BmdHs
        | DataSet::ZchSound
        | DataSet::PascalChsc2011
        | DataSet::Yaseen2018
        | DataSet::Coswara
        | DataSet::Coughvid
        | DataSet::UkCovid19
        | DataSet::Custom => &[
            RecordClass,
            Findings,
            Events,
            Quality,
            Murmurs,
            Outcome,
            Diagnoses,
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_states_findings_is_gold_everywhere() {
        for data_set in DataSet::ALL {
            for column in [Column::RecordClass, Column::Findings, Column::Events] {
                assert!(
                    gold_columns(data_set).contains(&column),
                    "{data_set} {column}"
                );
            }
        }
    }
}
