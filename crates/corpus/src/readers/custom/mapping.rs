//! A mapping file (`laennec.toml`) comes in; which column means what goes out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::records::Record;
use crate::finding::{Finding, Presence};
use crate::readers::fields::is_missing;
use crate::readers::source::text;
use crate::readers::{Fault, Trouble};
use crate::recording::{Domain, Manoeuvre};

/// What a column means. The words in `laennec.toml` are [`Role::word`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Role {
    /// The sound file, relative to the folder of sounds.
    File,
    /// The person.
    Subject,
    /// The unit of splitting, where it is wider than the person.
    Group,
    /// Where the stethoscope stood.
    Site,
    /// The device, a model.
    Device,
    /// The table's own label of the recording.
    Class,
    /// Whether the sound can be judged.
    Quality,
    /// Diagnoses of the person, joined by `+`.
    Diagnoses,
    Sex,
    /// In years.
    Age,
    HeightCm,
    WeightKg,
    /// Whether the person smokes.
    Smoker,
    /// The part of the publisher's own division.
    OfficialSplit,
}

impl Role {
    const ALL: [Self; 14] = [
        Self::File,
        Self::Subject,
        Self::Group,
        Self::Site,
        Self::Device,
        Self::Class,
        Self::Quality,
        Self::Diagnoses,
        Self::Sex,
        Self::Age,
        Self::HeightCm,
        Self::WeightKg,
        Self::Smoker,
        Self::OfficialSplit,
    ];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Subject => "subject",
            Self::Group => "group",
            Self::Site => "site",
            Self::Device => "device",
            Self::Class => "class",
            Self::Quality => "quality",
            Self::Diagnoses => "diagnoses",
            Self::Sex => "sex",
            Self::Age => "age",
            Self::HeightCm => "height_cm",
            Self::WeightKg => "weight_kg",
            Self::Smoker => "smoker",
            Self::OfficialSplit => "official_split",
        }
    }
}

/// Which columns mean what, and which values stand for ours.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mapping {
    /// The table (`.csv`, `.tsv`, `.jsonl`), relative to the mapping; none for an `AudioFolder`.
    pub(super) table: Option<PathBuf>,
    /// The folder that files are relative to, relative to the mapping.
    pub(super) audio: Option<PathBuf>,
    /// `,` `;` or a tab; by default what the extension says.
    pub(super) separator: Option<char>,
    pub(super) domain: Domain,
    pub(super) manoeuvre: Option<Manoeuvre>,
    /// SPDX expression.
    pub(super) licence: Option<String>,
    /// Our meaning = their column.
    #[serde(default)]
    columns: BTreeMap<Role, String>,
    /// Our finding = their column of 1 and 0 (or present, absent, uncertain).
    #[serde(default)]
    pub(super) findings: BTreeMap<Finding, String>,
    /// By meaning: their value = ours.
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, String>>,
    /// By value of the class: the findings that it states.
    #[serde(default)]
    pub(super) classes: BTreeMap<String, BTreeMap<Finding, Presence>>,
    /// A table of annotated intervals.
    pub(super) events: Option<EventTable>,
}

/// A second table with one annotated interval a row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventTable {
    pub(super) table: PathBuf,
    pub(super) separator: Option<char>,
    /// The column that names the recording as the first table names its file.
    pub(super) file: String,
    pub(super) start: String,
    pub(super) end: String,
    pub(super) kind: String,
    /// Unit of start and end.
    #[serde(default)]
    pub(super) unit: Unit,
}

/// Unit of times.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) enum Unit {
    /// Seconds.
    #[default]
    #[serde(rename = "s")]
    Seconds,
    /// Milliseconds.
    #[serde(rename = "ms")]
    Milliseconds,
}

/// Names under which the metadata of an `AudioFolder` may hold a meaning, the preferred first.
const KNOWN_NAMES: [(Role, &[&str]); 13] = [
    (Role::File, &["file_name", "audio_file_name"]),
    (
        Role::Subject,
        &[
            "subject",
            "subject_id",
            "patient",
            "patient_id",
            "participant_id",
        ],
    ),
    (Role::Group, &["group"]),
    (Role::Site, &["site"]),
    (Role::Device, &["device"]),
    (Role::Class, &["class", "label"]),
    (Role::Quality, &["quality"]),
    (Role::Diagnoses, &["diagnoses", "diagnosis"]),
    (Role::Sex, &["sex", "gender"]),
    (Role::Age, &["age", "age_years"]),
    (Role::HeightCm, &["height_cm"]),
    (Role::WeightKg, &["weight_kg"]),
    (Role::OfficialSplit, &["official_split", "split"]),
];

impl Mapping {
    pub(super) fn read(path: &Path) -> Result<Self, Fault> {
        let text = text(path).map_err(|trouble| (None, trouble))?;
        let mapping: Self = toml::from_str(&text).map_err(|error| {
            let line = error.span().map(|span| {
                let before = text.get(..span.start).unwrap_or_default();
                before.matches('\n').count() as u64 + 1
            });
            (line, Trouble::Mapping(error.message().to_owned()))
        })?;
        let words = || {
            Role::ALL
                .map(Role::word)
                .into_iter()
                .chain(["kind", "finding"])
        };
        let unknown = mapping
            .values
            .keys()
            .find(|key| words().all(|word| word != *key));
        if let Some(key) = unknown {
            let known: Vec<_> = words().collect();
            let text = format!("no meaning {key:?} in [values]; {}", known.join(", "));
            return Err((None, Trouble::Mapping(text)));
        }
        if mapping.table.is_some() && !mapping.columns.contains_key(&Role::File) {
            let text = "[columns] has no file".to_owned();
            return Err((None, Trouble::Mapping(text)));
        }
        Ok(mapping)
    }

    /// The mapping of an `AudioFolder` that has none of its own.
    pub(super) fn audio_folder() -> Self {
        Self {
            table: None,
            audio: None,
            separator: None,
            domain: Domain::Other,
            manoeuvre: None,
            licence: None,
            columns: BTreeMap::new(),
            findings: BTreeMap::new(),
            values: BTreeMap::new(),
            classes: BTreeMap::new(),
            events: None,
        }
    }

    /// The same with the columns of `header` that bear a known name of an `AudioFolder`, where the
    /// mapping names none itself. A finding may be a column of its own name.
    pub(super) fn with_known_names(&self, header: &BTreeSet<String>) -> Columns {
        let mut columns = self.columns.clone();
        for (role, names) in KNOWN_NAMES {
            let found = names.iter().find(|name| header.contains(**name));
            if let Some(name) = found {
                columns.entry(role).or_insert_with(|| (*name).to_owned());
            }
        }
        let mut findings = self.findings.clone();
        for finding in Finding::ALL {
            if header.contains(finding.word()) {
                findings
                    .entry(*finding)
                    .or_insert_with(|| finding.word().to_owned());
            }
        }
        Columns { columns, findings }
    }

    /// The columns that it names.
    pub(super) fn columns(&self) -> impl Iterator<Item = &String> {
        self.columns.values().chain(self.findings.values())
    }

    /// What a record says under a meaning, as the table writes it; none where it says nothing.
    pub(super) fn text<'a>(&self, role: Role, record: &'a Record) -> Option<&'a str> {
        let text = record.fields.get(self.columns.get(&role)?)?;
        (!is_missing(text)).then_some(text.as_str())
    }

    /// Our value for theirs: as `[values]` translates it, or theirs where there is nothing to
    /// translate.
    pub(super) fn translate<'a>(
        &'a self,
        meaning: &'static str,
        theirs: &'a str,
    ) -> Result<&'a str, Trouble> {
        match self.values.get(meaning) {
            None => Ok(theirs),
            Some(known) => known.get(theirs).map(String::as_str).ok_or(Trouble::Value {
                field: meaning,
                expected: "a value that [values] translates",
            }),
        }
    }

    /// Whether `[values]` lists what a meaning may say.
    pub(super) fn lists(&self, meaning: &str) -> bool {
        self.values.contains_key(meaning)
    }

    /// The same mapping with other columns.
    pub(super) fn with(self, columns: Columns) -> Self {
        Self {
            columns: columns.columns,
            findings: columns.findings,
            ..self
        }
    }
}

/// Columns by what they mean.
pub(super) struct Columns {
    columns: BTreeMap<Role, String>,
    findings: BTreeMap<Finding, String>,
}
