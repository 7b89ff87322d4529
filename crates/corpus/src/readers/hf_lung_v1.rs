//! HF Lung V1: `train/` and `test/` of sounds of 15 s with one text of labels each become lung
//! recordings with breath phases and adventitious sounds.
//!
//! A line of `NAME_label.txt` is a label (`I`, `E`, `D`, `Wheeze`, `Rhonchi`, `Stridor`), its start
//! and its end as `hh:mm:ss.mmm`. Sounds named `steth_...` were made with a Littmann 3200, those
//! named `trunc_...-Lx_n` with an HF-Type-1 at point x. Persons are not published: the recordings
//! of one day, which both names begin with, are one group. F.-S. Hsu et al., "Benchmarking of
//! eight recurrent neural network variants for breath phase and adventitious sound detection on a
//! self-developed open-access lung sound database, `HF_Lung_V1`", PLOS ONE 16(7), 2021; files as
//! on <https://gitlab.com/techsupportHF/HF_Lung_V1>.

use std::path::Path;

use super::fields::{code, event_of, in_order, presence};
use super::sheet::exactly;
use super::source::{audio_files, list, missing, text_lines};
use super::{Draft, Fault, Row, Trouble};
use crate::error::Error;
use crate::finding::{Finding, Presence};
use crate::ids;
use crate::recording::{DataSet, Domain, Event, EventKind, OfficialSplit, Recording};
use crate::site::{Face, Level, Side, Site};

const DATA_SET: DataSet = DataSet::HfLungV1;
const NAME: &str = "steth_yyyymmdd_hh_mm_ss or trunc_yyyy-mm-dd-hh-mm-ss-Lx_n";
const PARTS: [(&str, OfficialSplit); 2] = [
    ("train", OfficialSplit::Train),
    ("test", OfficialSplit::Test),
];
const LABELS: [(&str, EventKind); 6] = [
    ("I", EventKind::Inhalation),
    ("E", EventKind::Exhalation),
    ("D", EventKind::Crackle),
    ("Wheeze", EventKind::Wheeze),
    ("Rhonchi", EventKind::Rhonchi),
    ("Stridor", EventKind::Stridor),
];

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let mut draft = Draft::default();
    for (part, split) in PARTS {
        let inner = folder.join(part);
        if !inner.is_dir() {
            let expected = "the folders train/ and test/ of wav files and _label.txt files";
            return Err(missing(DATA_SET, folder, part, expected));
        }
        read_part(&inner, split, &mut draft)?;
    }
    Ok(draft)
}

fn read_part(folder: &Path, split: OfficialSplit, draft: &mut Draft) -> Result<(), Error> {
    let mut audio = audio_files(folder, draft)?;
    for labels in list(folder)? {
        let name = labels
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let Some(stem) = name.strip_suffix("_label.txt") else {
            continue;
        };
        let id = ids::recording(DATA_SET, stem);
        let Some(path) = audio.remove(stem) else {
            draft.problem(&labels, None, Some(id), Trouble::NoAudio);
            continue;
        };
        match recording(stem, &id, &labels) {
            Ok(recording) => draft.rows.push(Row {
                recording: Recording {
                    official_split: Some(split),
                    ..recording
                },
                path,
                origin: labels,
                line: None,
            }),
            Err((line, trouble)) => draft.problem(&labels, line, Some(id), trouble),
        }
    }
    for (stem, path) in audio {
        let id = ids::recording(DATA_SET, &stem);
        draft.problem(&path, None, Some(id), Trouble::NoAnnotation);
    }
    Ok(())
}

fn recording(stem: &str, id: &str, labels: &Path) -> Result<Recording, Fault> {
    let named = Named::parse(stem).ok_or((None, Trouble::Name(NAME)))?;
    let mut events = Vec::new();
    for (line, text) in text_lines(labels)? {
        let fields = text.split_whitespace().map(str::to_owned).collect();
        let event = exactly(fields).and_then(|[label, start, end]| {
            let expected = "I, E, D, Wheeze, Rhonchi or Stridor";
            let kind = code(&label, &LABELS, "label", expected)?;
            event_of(seconds(&start), seconds(&end), kind)
        });
        events.push((Some(line), event.map_err(|trouble| (Some(line), trouble))?));
    }
    // Every breath is labelled: a text without a line has lost them.
    if events.is_empty() {
        return Err((None, Trouble::Empty));
    }
    let events = in_order(events)?;
    let group = ids::group(DATA_SET, &named.day);
    Ok(Recording {
        site: named.site,
        device: Some(named.device.to_owned()),
        findings: findings(&events),
        events,
        ..Recording::unlabelled(DATA_SET, Domain::Lung, id.to_owned(), group)
    })
}

/// Seconds of `hh:mm:ss.mmm`; nothing else is a time, so that a line that was cut is no other one.
fn seconds(text: &str) -> Option<f64> {
    let (clock, milliseconds) = text.split_once('.')?;
    let parts: Vec<_> = clock.split(':').collect();
    let [hours, minutes, whole] = parts.try_into().ok()?;
    let number = |text: &str, digits: usize| -> Option<u32> {
        let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten()
    };
    let minutes = number(minutes, 2).filter(|&minutes| minutes < 60)?;
    let whole = number(whole, 2).filter(|&seconds| seconds < 60)?;
    let total = 3600 * number(hours, 2)? + 60 * minutes + whole;
    Some(f64::from(total) + f64::from(number(milliseconds, 3)?) / 1000.0)
}

/// Every sound of these kinds is labelled, so that what has no label is absent.
fn findings(events: &[Event]) -> Vec<(Finding, Presence)> {
    let any = |is: fn(EventKind) -> bool| presence(events.iter().any(|event| is(event.kind)));
    vec![
        (Finding::Adventitious, any(EventKind::is_adventitious)),
        (Finding::Continuous, any(EventKind::is_continuous)),
        (Finding::Wheeze, any(|kind| kind == EventKind::Wheeze)),
        (Finding::Rhonchi, any(|kind| kind == EventKind::Rhonchi)),
        (Finding::Stridor, any(|kind| kind == EventKind::Stridor)),
        (Finding::Discontinuous, any(EventKind::is_discontinuous)),
    ]
}

/// What the name of a sound says.
struct Named {
    /// `yyyymmdd`; only its hash is kept.
    day: String,
    device: &'static str,
    site: Option<Site>,
}

impl Named {
    fn parse(stem: &str) -> Option<Self> {
        let is_day = |day: &str| day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(rest) = stem.strip_prefix("steth_") {
            let day = rest.split('_').next()?.to_owned();
            let device = "Littmann 3200";
            return is_day(&day).then_some(Self {
                day,
                device,
                site: None,
            });
        }
        let rest = stem.strip_prefix("trunc_")?;
        let (session, _number) = rest.rsplit_once('_')?;
        let (time, point) = session.rsplit_once('-')?;
        let day = time.split('-').take(3).collect::<String>();
        let device = "HF-Type-1";
        is_day(&day).then(|| Self {
            day,
            device,
            site: site(point),
        })
    }
}

/// The eight points of the HF-Type-1 (PLOS ONE 16(7), "Data collection"): second intercostal space
/// is the upper field, tenth the lower; between them no field is named.
fn site(point: &str) -> Option<Site> {
    let (side, level, face) = match point {
        "L1" => (Side::Right, Some(Level::Upper), Face::Anterior),
        "L2" => (Side::Right, None, Face::Anterior),
        "L3" => (Side::Right, None, Face::Lateral),
        "L4" => (Side::Right, Some(Level::Lower), Face::Lateral),
        "L5" => (Side::Left, Some(Level::Upper), Face::Anterior),
        "L6" => (Side::Left, None, Face::Anterior),
        "L7" => (Side::Left, None, Face::Lateral),
        "L8" => (Side::Left, Some(Level::Lower), Face::Lateral),
        _ => return None,
    };
    Some(Site::lung(side, level, face))
}
