//! The data sets whose published layout is known: names, folders, licences.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A data set whose published layout is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DataSet {
    /// `SPRSound` 2022, children's lung sounds, Shanghai Children's Medical Center.
    #[serde(rename = "sprsound")]
    SprSound,
    /// PhysioNet/CinC Challenge 2016, heart sounds.
    #[serde(rename = "physionet2016")]
    PhysioNet2016,
    /// King Abdullah University Hospital, adults' lung sounds.
    #[serde(rename = "kauh")]
    Kauh,
    /// HLS-CMDS, heart and lung sounds of a clinical manikin.
    #[serde(rename = "hls-cmds")]
    HlsCmds,
    /// Volunteers' coughs; no label is used.
    #[serde(rename = "cough-covid19")]
    CoughCovid19,
    /// ICBHI 2017 Respiratory Sound Database: lung sounds annotated by respiratory cycle.
    #[serde(rename = "icbhi2017")]
    Icbhi2017,
    /// Respiratory@TR: lung sounds of COPD grades 0 to 4.
    #[serde(rename = "respiratory-tr")]
    RespiratoryTr,
    /// HF Lung V1: lung sounds with breath phases and adventitious sounds.
    #[serde(rename = "hf-lung-v1")]
    HfLungV1,
    /// `CirCor` `DigiScope` 2022 (PhysioNet/CinC Challenge 2022): children's heart sounds, murmurs
    /// described in detail.
    #[serde(rename = "circor2022")]
    CirCor2022,
    /// BMD-HS: heart sounds with several valvular diagnoses.
    #[serde(rename = "bmd-hs")]
    BmdHs,
    /// `ZCHSound`: children's heart sounds, congenital heart disease.
    #[serde(rename = "zchsound")]
    ZchSound,
    /// PASCAL Classifying Heart Sounds Challenge 2011.
    #[serde(rename = "pascal-chsc2011")]
    PascalChsc2011,
    /// Yaseen 2018: five classes of heart sounds.
    #[serde(rename = "yaseen2018")]
    Yaseen2018,
    /// Coswara: volunteers' breath, cough and voice.
    #[serde(rename = "coswara")]
    Coswara,
    /// COUGHVID: volunteers' coughs.
    #[serde(rename = "coughvid")]
    Coughvid,
    /// UK COVID-19 Vocal Audio Dataset: volunteers' coughs and exhalations.
    #[serde(rename = "uk-covid19")]
    UkCovid19,
    /// Anything else: CSV or JSON lines with a column mapping, or a Hugging Face `AudioFolder`.
    #[serde(rename = "custom")]
    Custom,
}

impl DataSet {
    /// All of them, in the order they are read.
    pub const ALL: [Self; 17] = [
        Self::SprSound,
        Self::PhysioNet2016,
        Self::Kauh,
        Self::HlsCmds,
        Self::CoughCovid19,
        Self::Icbhi2017,
        Self::RespiratoryTr,
        Self::HfLungV1,
        Self::CirCor2022,
        Self::BmdHs,
        Self::ZchSound,
        Self::PascalChsc2011,
        Self::Yaseen2018,
        Self::Coswara,
        Self::Coughvid,
        Self::UkCovid19,
        Self::Custom,
    ];

    /// The name, as stored in manifests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SprSound => "sprsound",
            Self::PhysioNet2016 => "physionet2016",
            Self::Kauh => "kauh",
            Self::HlsCmds => "hls-cmds",
            Self::CoughCovid19 => "cough-covid19",
            Self::Icbhi2017 => "icbhi2017",
            Self::RespiratoryTr => "respiratory-tr",
            Self::HfLungV1 => "hf-lung-v1",
            Self::CirCor2022 => "circor2022",
            Self::BmdHs => "bmd-hs",
            Self::ZchSound => "zchsound",
            Self::PascalChsc2011 => "pascal-chsc2011",
            Self::Yaseen2018 => "yaseen2018",
            Self::Coswara => "coswara",
            Self::Coughvid => "coughvid",
            Self::UkCovid19 => "uk-covid19",
            Self::Custom => "custom",
        }
    }

    /// The folder it lies in below a data folder: the same word as [`DataSet::name`].
    pub const fn folder_name(self) -> &'static str {
        self.name()
    }

    /// The data set of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|data_set| data_set.name() == name)
    }

    /// The licence of its audio as an SPDX expression; `NOASSERTION` (SPDX's word) where its
    /// publisher states none that we found.
    pub const fn licence(self) -> &'static str {
        match self {
            // SPRSound: its 2023 and 2024 pages; an older copy of its repository carries GPL-3.0.
            Self::SprSound | Self::Kauh | Self::RespiratoryTr | Self::Coswara | Self::Coughvid => {
                "CC-BY-4.0"
            }
            Self::PhysioNet2016 | Self::CirCor2022 => "ODC-By-1.0",
            Self::HlsCmds => "MIT",
            Self::CoughCovid19 | Self::Icbhi2017 => "CC0-1.0",
            Self::HfLungV1 => "CC-BY-NC-4.0",
            Self::BmdHs => "CC-BY-NC-ND-4.0",
            Self::UkCovid19 => "OGL-UK-3.0",
            Self::ZchSound | Self::PascalChsc2011 | Self::Yaseen2018 | Self::Custom => {
                "NOASSERTION"
            }
        }
    }

    /// Whether its recordings are only ever tested on: another hospital and device (KAUH), or no
    /// patient at all (the manikin).
    pub const fn is_test_only(self) -> bool {
        matches!(self, Self::Kauh | Self::HlsCmds)
    }

    /// Whether its reader was run on the real files. The others were checked against what the
    /// publisher documents, on rows that were made up in that layout.
    pub const fn checked_on_real_files(self) -> bool {
        matches!(
            self,
            Self::SprSound
                | Self::PhysioNet2016
                | Self::Kauh
                | Self::HlsCmds
                | Self::CoughCovid19
                | Self::Custom
        )
    }
}

impl fmt::Display for DataSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_what_serde_stores_and_leads_back() {
        for data_set in DataSet::ALL {
            let stored = serde_json::to_string(&data_set).unwrap();
            assert_eq!(stored, format!("\"{}\"", data_set.name()));
            assert_eq!(DataSet::from_name(data_set.name()), Some(data_set));
        }
    }
}
