//! COUGHVID: `metadata_compiled.csv` and one sound for each of its rows become recordings of
//! coughs, some heard by up to four experts.
//!
//! A sound is named by its `uuid`. Health (`status`) is what volunteers say of themselves: it is
//! the class, no diagnosis is taken from it. An expert says whether wheezing and stridor are heard
//! and how good the sound is; findings on which experts differ are uncertain. Places and times are
//! not read. L. Orlandic, T. Teijeiro, D. Atienza, "The COUGHVID crowdsourcing dataset", Scientific
//! Data 8, 2021; files as on <https://zenodo.org/records/7024894>. The sounds are published as
//! webm and ogg: those of webm must be converted first.

use std::path::Path;

use super::fields::{age, code, is_missing, optional_code};
use super::sheet::{Separator, Sheet};
use super::source::{audio_files, first_of, missing};
use super::{Draft, Row, Trouble};
use crate::error::Error;
use crate::finding::{Finding, Presence};
use crate::ids;
use crate::recording::{DataSet, Domain, Manoeuvre, Quality, Recording, Sex};

const DATA_SET: DataSet = DataSet::Coughvid;
const LIST: &str = "metadata_compiled.csv";
const FOLDERS: [&str; 3] = ["public_dataset_v3/coughvid_20211012", "public_dataset", "."];
const NEEDED: [&str; 4] = ["uuid", "age", "gender", "status"];
/// Experts whose columns end in `_1` ... `_4`; earlier editions have three.
const EXPERTS: [&str; 4] = ["1", "2", "3", "4"];
const STATUS: [(&str, &str); 3] = [
    ("healthy", "healthy"),
    ("symptomatic", "symptomatic"),
    ("COVID-19", "COVID-19"),
];
const QUALITIES: [(&str, Quality); 4] = [
    ("good", Quality::Usable),
    ("ok", Quality::Usable),
    ("poor", Quality::Poor),
    ("no_cough", Quality::Poor),
];

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let names = FOLDERS.map(|inner| format!("{inner}/{LIST}"));
    let list = first_of(folder, &names.each_ref().map(String::as_str), Path::is_file);
    let Some((list, sounds)) = list
        .as_deref()
        .and_then(|list| Some((list, list.parent()?)))
    else {
        let expected = "metadata_compiled.csv and the sounds it names, in one folder";
        return Err(missing(DATA_SET, folder, LIST, expected));
    };
    let mut draft = Draft::default();
    let mut audio = audio_files(sounds, &mut draft)?;
    if let Some(sheet) = Sheet::read(list, Separator::Comma, &mut draft) {
        let absent = NEEDED.into_iter().find(|name| sheet.column(name).is_none());
        if let Some(absent) = absent.or_else(|| incomplete_expert(sheet.header())) {
            draft.problem(list, Some(1), None, Trouble::NoColumn(absent));
        } else {
            for (line, fields) in &sheet.rows {
                let text = |column: &str| {
                    sheet
                        .column(column)
                        .map_or("", |place| fields[place].as_str())
                };
                let uuid = text("uuid");
                let id = ids::recording(DATA_SET, uuid);
                let Some(path) = audio.remove(uuid) else {
                    draft.problem(list, Some(*line), Some(id), Trouble::NoAudio);
                    continue;
                };
                match recording(&id, &text) {
                    Ok(recording) => draft.rows.push(Row {
                        recording,
                        path,
                        origin: list.to_path_buf(),
                        line: Some(*line),
                    }),
                    Err(trouble) => draft.problem(list, Some(*line), Some(id), trouble),
                }
            }
        }
    }
    for (stem, path) in audio {
        let id = ids::recording(DATA_SET, &stem);
        draft.problem(&path, None, Some(id), Trouble::NoAnnotation);
    }
    Ok(draft)
}

fn recording<'a>(id: &str, text: &impl Fn(&str) -> &'a str) -> Result<Recording, Trouble> {
    let status = optional_code(
        text("status"),
        &STATUS,
        "status",
        "healthy, symptomatic or COVID-19",
    )?;
    let sexes = [
        ("male", Some(Sex::Male)),
        ("female", Some(Sex::Female)),
        ("other", None),
    ];
    let sex = optional_code(text("gender"), &sexes, "gender", "male, female or other")?;
    let (findings, quality) = heard(text)?;
    Ok(Recording {
        manoeuvre: Some(Manoeuvre::Cough),
        record_class: status.map(str::to_owned),
        findings,
        quality,
        sex: sex.flatten(),
        age_years: age(text("age"), "age")?,
        ..Recording::unlabelled(DATA_SET, Domain::Other, id.to_owned(), id.to_owned())
    })
}

/// The column of an expert that is not there though others of the same expert are.
fn incomplete_expert(header: &[String]) -> Option<&'static str> {
    EXPERTS.into_iter().find_map(|expert| {
        let has = |name: &str| {
            header
                .iter()
                .any(|column| *column == format!("{name}_{expert}"))
        };
        let votes = ["quality", "wheezing", "stridor"];
        let is_any = votes.iter().any(|name| has(name));
        votes.into_iter().find(|name| is_any && !has(name))
    })
}

/// Findings and quality.
type Heard = (Vec<(Finding, Presence)>, Option<Quality>);

/// What the experts heard: findings by agreement, and poor quality where any calls it poor.
fn heard<'a>(text: &impl Fn(&str) -> &'a str) -> Result<Heard, Trouble> {
    let (mut wheeze, mut stridor, mut qualities) = (Vec::new(), Vec::new(), Vec::new());
    for expert in EXPERTS {
        let quality = text(&format!("quality_{expert}"));
        if is_missing(quality) {
            continue;
        }
        qualities.push(code(
            quality,
            &QUALITIES,
            "quality",
            "good, ok, poor or no_cough",
        )?);
        for (name, votes) in [("wheezing", &mut wheeze), ("stridor", &mut stridor)] {
            let codes = [("True", true), ("False", false)];
            let vote = text(&format!("{name}_{expert}"));
            votes.push(code(vote, &codes, "an expert's vote", "True or False")?);
        }
    }
    let mut findings = Vec::new();
    for (finding, votes) in [(Finding::Wheeze, wheeze), (Finding::Stridor, stridor)] {
        match (votes.contains(&true), votes.contains(&false)) {
            (true, false) => findings.push((finding, Presence::Present)),
            (false, true) => findings.push((finding, Presence::Absent)),
            (true, true) => findings.push((finding, Presence::Uncertain)),
            (false, false) => {}
        }
    }
    let poor = qualities.contains(&Quality::Poor);
    let quality = if poor {
        Some(Quality::Poor)
    } else {
        qualities.first().copied()
    };
    Ok((findings, quality))
}
