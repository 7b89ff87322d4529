//! A recording comes in; what labelling functions may know of it goes out: never gold, and of the
//! rest only the columns that a function declares.

use std::collections::BTreeMap;

use super::columns::Column;
use super::sound::SoundMeasures;
use crate::finding::Finding;
use crate::recording::{DataSet, Recording, Sex};
use crate::site::Site;

/// Probabilities of one foreign model.
pub type Opinion = BTreeMap<Finding, f64>;

/// What may be known of a recording besides its gold. There is no field for record class,
/// findings, events, quality, murmurs or outcome.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Age, in years.
    pub age_years: Option<f32>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Where the stethoscope stood.
    pub site: Option<Site>,
    /// Device or filter.
    pub device: Option<String>,
    /// Diagnoses, as codes; empty where none is known.
    pub diagnoses: Vec<String>,
    /// Free text.
    pub note: Option<String>,
    /// Measures of the sound.
    pub sound: Option<SoundMeasures>,
    /// Probabilities of foreign models, by name.
    pub opinions: BTreeMap<String, Opinion>,
}

impl Evidence {
    /// From a recording, and what was given or measured besides.
    pub fn of(recording: &Recording, note: Option<&str>) -> Self {
        Self {
            age_years: recording.age_years,
            sex: recording.sex,
            site: recording.site,
            device: recording.device.clone(),
            diagnoses: recording.diagnoses.clone(),
            note: note.map(str::to_owned),
            sound: None,
            opinions: BTreeMap::new(),
        }
    }

    /// The same with only the given columns known.
    #[must_use]
    pub fn restricted(&self, columns: &[Column]) -> Self {
        let may = |column| columns.contains(&column);
        Self {
            age_years: self.age_years.filter(|_| may(Column::Age)),
            sex: self.sex.filter(|_| may(Column::Sex)),
            site: self.site.filter(|_| may(Column::Site)),
            device: self.device.clone().filter(|_| may(Column::Device)),
            diagnoses: if may(Column::Diagnoses) {
                self.diagnoses.clone()
            } else {
                Vec::new()
            },
            note: self.note.clone().filter(|_| may(Column::Note)),
            sound: self.sound.filter(|_| may(Column::Sound)),
            opinions: if may(Column::Sound) {
                self.opinions.clone()
            } else {
                BTreeMap::new()
            },
        }
    }
}

/// Whether a data set's gold comes from any of the columns.
pub(super) fn reads_gold(columns: &[Column], data_set: DataSet) -> bool {
    let gold = super::columns::gold_columns(data_set);
    columns.iter().any(|column| gold.contains(column))
}
