//! HLS-CMDS: `HS.csv`, `LS.csv` and `Mix.csv` with the folders HS, LS and Mix become recordings
//! of a manikin's heart, lungs and both, never trained on and no evidence of anything clinical.
//!
//! `LS.csv` has a `file` column because fifteen of its ids differ from the file names. A row of
//! `Mix.csv` names three files: the heart alone, the lung alone and their mixture. All are of
//! one manikin. Y. Torabi et al., "HLS-CMDS: Heart and Lung Sounds Dataset Recorded from a
//! Clinical Manikin using Digital Stethoscope", 2024.

use std::path::Path;

use crate::error::Error;
use crate::finding::{Finding, Presence};
use crate::ids;
use crate::readers::source::{AudioFiles, audio_files, table};
use crate::readers::{Draft, Row, Trouble};
use crate::recording::{DataSet, Domain, Recording, Sex};
use crate::site::{Area, Face, Level, Side, Site};

const DATA_SET: DataSet = DataSet::HlsCmds;

type Findings = Vec<(Finding, Presence)>;

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let mut draft = Draft::default();
    for (list, part) in [("HS.csv", "HS"), ("LS.csv", "LS"), ("Mix.csv", "Mix")] {
        if !folder.join(list).is_file() || !folder.join(part).is_dir() {
            return Err(Error::MissingPart {
                data_set: DATA_SET,
                folder: folder.to_path_buf(),
                missing: if folder.join(list).is_file() {
                    part
                } else {
                    list
                },
                expected: "HS.csv, LS.csv, Mix.csv and the folders HS/, LS/, Mix/",
            });
        }
    }
    let mut part = Part::open(folder, "HS", &mut draft)?;
    let columns = ["Gender", "Heart Sound Type", "Location", "Heart Sound ID"];
    for (line, [sex, sound, location, name]) in part.rows(columns, &mut draft) {
        part.take(
            line,
            &name,
            &sex,
            &location,
            Sounds {
                heart: Some(&sound),
                lung: None,
            },
            &mut draft,
        );
    }
    part.finish(&mut draft);

    let mut part = Part::open(folder, "LS", &mut draft)?;
    let columns = ["Gender", "Lung Sound Type", "Location", "file"];
    for (line, [sex, sound, location, file]) in part.rows(columns, &mut draft) {
        let name = Path::new(&file)
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        part.take(
            line,
            name,
            &sex,
            &location,
            Sounds {
                heart: None,
                lung: Some(&sound),
            },
            &mut draft,
        );
    }
    part.finish(&mut draft);

    let mut part = Part::open(folder, "Mix", &mut draft)?;
    let columns = [
        "Gender",
        "Heart Sound Type",
        "Lung Sound Type",
        "Location",
        "Heart Sound ID",
        "Lung Sound ID",
        "Mixed Sound ID",
    ];
    for (
        line,
        [
            sex,
            heart,
            lung,
            location,
            heart_name,
            lung_name,
            mixed_name,
        ],
    ) in part.rows(columns, &mut draft)
    {
        let (heart, lung) = (Some(heart.as_str()), Some(lung.as_str()));
        for (name, sounds) in [
            (heart_name, Sounds { heart, lung: None }),
            (lung_name, Sounds { heart: None, lung }),
            (mixed_name, Sounds { heart, lung }),
        ] {
            part.take(line, &name, &sex, &location, sounds, &mut draft);
        }
    }
    part.finish(&mut draft);
    Ok(draft)
}

/// Labels of what can be heard in one file.
#[derive(Clone, Copy)]
struct Sounds<'a> {
    heart: Option<&'a str>,
    lung: Option<&'a str>,
}

/// One of the three tables and its folder.
struct Part {
    name: &'static str,
    list: std::path::PathBuf,
    audio: AudioFiles,
}

impl Part {
    fn open(folder: &Path, name: &'static str, draft: &mut Draft) -> Result<Self, Error> {
        let audio = audio_files(&folder.join(name), draft)?;
        Ok(Self {
            name,
            list: folder.join(format!("{name}.csv")),
            audio,
        })
    }

    fn rows<const N: usize>(
        &self,
        columns: [&'static str; N],
        draft: &mut Draft,
    ) -> Vec<(u64, [String; N])> {
        table(&self.list, columns, draft).rows
    }

    fn take(
        &mut self,
        line: u64,
        name: &str,
        sex: &str,
        location: &str,
        sounds: Sounds<'_>,
        draft: &mut Draft,
    ) {
        // The three folders number their files independently.
        let id = ids::recording(DATA_SET, &format!("{}/{name}", self.name));
        let Some(path) = self.audio.remove(name) else {
            return draft.problem(&self.list, Some(line), Some(id), Trouble::NoAudio);
        };
        match recording(id.clone(), sex, location, sounds) {
            Ok(recording) => {
                let origin = self.list.clone();
                draft.rows.push(Row {
                    recording,
                    path,
                    origin,
                    line: Some(line),
                });
            }
            Err(trouble) => draft.problem(&self.list, Some(line), Some(id), trouble),
        }
    }

    fn finish(self, draft: &mut Draft) {
        for (stem, path) in self.audio {
            let id = ids::recording(DATA_SET, &format!("{}/{stem}", self.name));
            draft.problem(&path, None, Some(id), Trouble::NoAnnotation);
        }
    }
}

fn recording(
    id: String,
    sex: &str,
    location: &str,
    sounds: Sounds<'_>,
) -> Result<Recording, Trouble> {
    let manikin = ids::subject(DATA_SET, "manikin");
    let mut findings = Findings::new();
    if let Some(lung) = sounds.lung {
        findings.extend(lung_findings(lung)?);
    }
    if let Some(heart) = sounds.heart {
        findings.extend(heart_findings(heart)?);
    }
    findings.sort_unstable();
    let domain = match (sounds.heart, sounds.lung) {
        (Some(_), None) => Domain::Heart,
        (None, Some(_)) => Domain::Lung,
        _ => Domain::Other,
    };
    let class: Vec<_> = [sounds.heart, sounds.lung].into_iter().flatten().collect();
    Ok(Recording {
        subject: Some(manikin.clone()),
        site: Some(site(location)?),
        record_class: Some(class.join(" + ")),
        findings,
        sex: Some(match sex {
            "F" => Sex::Female,
            "M" => Sex::Male,
            _ => {
                return Err(Trouble::Value {
                    field: "Gender",
                    expected: "F or M",
                });
            }
        }),
        ..Recording::unlabelled(DATA_SET, domain, id, manikin)
    })
}

fn lung_findings(label: &str) -> Result<Findings, Trouble> {
    use Finding::{
        Adventitious, CoarseCrackle, Continuous, Discontinuous, FineCrackle, PleuralRub, Rhonchi,
        Wheeze,
    };
    let present: &[Finding] = match label {
        "Normal" => return Ok(vec![(Adventitious, Presence::Absent)]),
        "Wheezing" => &[Adventitious, Continuous, Wheeze],
        "Rhonchi" => &[Adventitious, Continuous, Rhonchi],
        "Fine Crackles" => &[Adventitious, Discontinuous, FineCrackle],
        "Coarse Crackles" => &[Adventitious, Discontinuous, CoarseCrackle],
        "Pleural Rub" => &[Adventitious, PleuralRub],
        _ => {
            let expected =
                "Normal, Wheezing, Rhonchi, Fine Crackles, Coarse Crackles or Pleural Rub";
            return Err(Trouble::Value {
                field: "Lung Sound Type",
                expected,
            });
        }
    };
    Ok(present
        .iter()
        .map(|&finding| (finding, Presence::Present))
        .collect())
}

fn heart_findings(label: &str) -> Result<Findings, Trouble> {
    use Finding::{AbnormalHeart, Arrhythmia, DiastolicMurmur, Murmur, S3, S4, SystolicMurmur};
    let present: &[Finding] = match label {
        "Normal" => return Ok(vec![(AbnormalHeart, Presence::Absent)]),
        "Early Systolic Murmur" | "Mid Systolic Murmur" | "Late Systolic Murmur" => {
            &[AbnormalHeart, Murmur, SystolicMurmur]
        }
        "Late Diastolic Murmur" => &[AbnormalHeart, Murmur, DiastolicMurmur],
        "S3" => &[AbnormalHeart, S3],
        "S4" => &[AbnormalHeart, S4],
        "Atrial Fibrillation" | "AV Block" => &[AbnormalHeart, Arrhythmia],
        // A fast regular rhythm is abnormal here without being irregular.
        "Tachycardia" => &[AbnormalHeart],
        _ => {
            let expected = "Normal, Early, Mid or Late Systolic Murmur, Late Diastolic Murmur, \
                            S3, S4, Atrial Fibrillation, AV Block or Tachycardia";
            return Err(Trouble::Value {
                field: "Heart Sound Type",
                expected,
            });
        }
    };
    Ok(present
        .iter()
        .map(|&finding| (finding, Presence::Present))
        .collect())
}

fn site(location: &str) -> Result<Site, Trouble> {
    let field = |side, level| Site::lung(side, Some(level), Face::Anterior);
    Ok(match location {
        "RUSB" => Site::Area(Area::RightUpperSternalBorder),
        "LUSB" => Site::Area(Area::LeftUpperSternalBorder),
        "LLSB" => Site::Area(Area::LeftLowerSternalBorder),
        "Apex" => Site::Area(Area::Apex),
        "RC" => Site::Area(Area::RightCostalMargin),
        "LC" => Site::Area(Area::LeftCostalMargin),
        "RUA" => field(Side::Right, Level::Upper),
        "LUA" => field(Side::Left, Level::Upper),
        "RMA" => field(Side::Right, Level::Middle),
        "LMA" => field(Side::Left, Level::Middle),
        "RLA" => field(Side::Right, Level::Lower),
        "LLA" => field(Side::Left, Level::Lower),
        _ => {
            let expected = "RUSB, LUSB, LLSB, Apex, RC, LC, RUA, LUA, RMA, LMA, RLA or LLA";
            return Err(Trouble::Value {
                field: "Location",
                expected,
            });
        }
    })
}
