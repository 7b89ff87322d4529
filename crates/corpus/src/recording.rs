//! The types of what is known about one recording: one row of the manifest.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Presence};
use crate::site::Site;

/// One recording, as its data set describes it. It carries no name and no path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// Opaque id, see [`ids::recording`](crate::ids::recording).
    pub id: String,
    /// Opaque id of the person, or of the manikin; none where the publisher gives no subjects.
    pub subject: Option<String>,
    /// The unit of splitting, opaque: the subject, a wider group where subjects cannot be told
    /// apart with certainty, or a block of neighbours where they are unknown.
    pub group: String,
    /// The data set it comes from.
    pub data_set: DataSet,
    /// What was listened to.
    pub domain: Domain,
    /// Where the stethoscope stood.
    pub site: Option<Site>,
    /// The device or filter, in the publisher's terms.
    pub device: Option<String>,
    /// Samples per second of the file, in Hz.
    pub sample_rate: u32,
    /// Channels of the file.
    pub channels: u16,
    /// Duration, in s.
    pub seconds: f64,
    /// SHA-256 of the bytes of the audio file, 64 hex digits.
    pub audio_sha256: String,
    /// The data set's own label of the whole recording (`CAS & DAS`, `abnormal`).
    pub record_class: Option<String>,
    /// Findings that the label states or implies. A finding that is not listed is unknown, never
    /// absent. In the order of [`Finding`], each at most once.
    pub findings: Vec<(Finding, Presence)>,
    /// Annotated intervals by start. What lies between them is unlabelled.
    pub events: Vec<Event>,
    /// Whether the publisher says that the sound can be judged.
    pub quality: Option<Quality>,
    /// Sex, where the publisher gives it.
    pub sex: Option<Sex>,
    /// Age in years, where the publisher gives it. Above 89 it is 90.
    pub age_years: Option<f32>,
    /// Diagnosis of the subject, where the publisher gives it.
    pub diagnosis: Option<String>,
    /// What the recording may be used for; none until [`split::assign`](crate::split::assign).
    pub split: Option<Split>,
    /// Licence of the audio, as an SPDX expression where one exists.
    pub licence: String,
}

impl Recording {
    /// A recording of which only origin and domain are known; its sound is not measured yet.
    pub(crate) fn unlabelled(data_set: DataSet, domain: Domain, id: String, group: String) -> Self {
        Self {
            id,
            subject: None,
            group,
            data_set,
            domain,
            site: None,
            device: None,
            sample_rate: 0,
            channels: 0,
            seconds: 0.0,
            audio_sha256: String::new(),
            record_class: None,
            findings: Vec::new(),
            events: Vec::new(),
            quality: None,
            sex: None,
            age_years: None,
            diagnosis: None,
            split: None,
            licence: data_set.licence().to_owned(),
        }
    }

    /// What is known of a finding; none where the data set does not say.
    pub fn presence(&self, finding: Finding) -> Option<Presence> {
        self.findings
            .iter()
            .find(|(known, _)| *known == finding)
            .map(|(_, presence)| *presence)
    }
}

/// A recording and where its sound lies. The path lives in memory only.
#[derive(Clone, Debug, PartialEq)]
pub struct Located {
    /// What is known about it.
    pub recording: Recording,
    /// The audio file. Names of files may identify patients: show it only to the person who
    /// gave the folder.
    pub path: PathBuf,
}

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
}

impl DataSet {
    /// All of them, in the order they are read.
    pub const ALL: [Self; 5] = [
        Self::SprSound,
        Self::PhysioNet2016,
        Self::Kauh,
        Self::HlsCmds,
        Self::CoughCovid19,
    ];

    /// The name, as stored in manifests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SprSound => "sprsound",
            Self::PhysioNet2016 => "physionet2016",
            Self::Kauh => "kauh",
            Self::HlsCmds => "hls-cmds",
            Self::CoughCovid19 => "cough-covid19",
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

    /// The licence of its audio, as SPDX.
    pub const fn licence(self) -> &'static str {
        match self {
            // Its 2023 and 2024 pages; an older copy of its repository carries GPL-3.0.
            Self::SprSound | Self::Kauh => "CC-BY-4.0",
            Self::PhysioNet2016 => "ODC-By-1.0",
            Self::HlsCmds => "MIT",
            Self::CoughCovid19 => "CC0-1.0",
        }
    }

    /// Whether its recordings are only ever tested on: another hospital and device (KAUH), or no
    /// patient at all (the manikin).
    pub const fn is_test_only(self) -> bool {
        matches!(self, Self::Kauh | Self::HlsCmds)
    }
}

impl fmt::Display for DataSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Declares an enum whose variants are stored as fixed lower-case words.
macro_rules! words {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$inner])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// All variants, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word it is stored as.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The variant stored as that word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What was listened to.
    Domain {
        /// Heart sounds.
        Heart = "heart",
        /// Lung sounds.
        Lung = "lung",
        /// Neither alone: coughs, or heart and lung mixed.
        Other = "other",
    }
}

words! {
    /// Whether a recording can be judged.
    Quality {
        /// It can.
        Usable = "usable",
        /// The publisher calls it poor.
        Poor = "poor",
    }
}

words! {
    /// Sex as published.
    Sex {
        /// Female.
        Female = "female",
        /// Male.
        Male = "male",
    }
}

words! {
    /// What a recording may be used for.
    Split {
        /// To fit parameters.
        Train = "train",
        /// To fit calibration and thresholds.
        Calibration = "calibration",
        /// For figures only; it trains, calibrates and selects nothing.
        Validation = "validation",
        /// Other hospitals, devices or a manikin; for figures and demonstrations only.
        Test = "test",
    }
}

words! {
    /// The kind of an annotated interval.
    EventKind {
        /// A breath without adventitious sound.
        Normal = "normal",
        /// Wheeze.
        Wheeze = "wheeze",
        /// Rhonchi.
        Rhonchi = "rhonchi",
        /// Stridor.
        Stridor = "stridor",
        /// Fine crackle.
        FineCrackle = "fine_crackle",
        /// Coarse crackle.
        CoarseCrackle = "coarse_crackle",
        /// Wheeze and crackle at once.
        WheezeAndCrackle = "wheeze_and_crackle",
    }
}

impl EventKind {
    /// Whether it is a continuous adventitious sound (CAS).
    pub const fn is_continuous(self) -> bool {
        matches!(
            self,
            Self::Wheeze | Self::Rhonchi | Self::Stridor | Self::WheezeAndCrackle
        )
    }

    /// Whether it is a discontinuous adventitious sound (DAS).
    pub const fn is_discontinuous(self) -> bool {
        matches!(
            self,
            Self::FineCrackle | Self::CoarseCrackle | Self::WheezeAndCrackle
        )
    }
}

/// An annotated interval of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Start from the beginning of the recording, in s.
    pub start_s: f64,
    /// End from the beginning of the recording, in s; after the start.
    pub end_s: f64,
    /// What is heard there.
    pub kind: EventKind,
}
