//! Yaseen 2018: five folders of 200 sounds each become heart recordings of a class.
//!
//! The classes are normal (N), aortic stenosis (AS), mitral regurgitation (MR), mitral stenosis
//! (MS) and mitral valve prolapse (MVP); a sound is named `New_AS_001`. Persons are not
//! published, and neighbours may be cut from one recording: a block of twenty neighbours is one
//! group. Yaseen, G.-Y. Son, S. Kwon, "Classification of Heart Sound Signal Using Multiple
//! Features", Applied Sciences 8(12), 2018; files as on
//! <https://github.com/yaseen21khan/Classification-of-Heart-Sound-Signal-Using-Multiple-Features->.

use std::path::Path;

use super::fields::{diagnoses, presence};
use super::source::{audio_files, first_of, missing};
use super::{Draft, Row, Trouble};
use crate::diagnosis::Diagnosis;
use crate::error::Error;
use crate::finding::Finding;
use crate::ids;
use crate::recording::{DataSet, Domain, Recording};

const DATA_SET: DataSet = DataSet::Yaseen2018;
const NAME: &str = "New_class_number, such as New_AS_001, in the folder of that class";
/// Neighbours that are one group.
const BLOCK: u32 = 20;
const CLASSES: [(&str, Diagnosis); 5] = [
    ("AS", Diagnosis::AorticStenosis),
    ("MR", Diagnosis::MitralRegurgitation),
    ("MS", Diagnosis::MitralStenosis),
    ("MVP", Diagnosis::MitralValveProlapse),
    ("N", Diagnosis::Normal),
];

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let mut draft = Draft::default();
    let mut is_any = false;
    for (class, diagnosis) in CLASSES {
        // The archives unpack to folders that name three heart cycles in Korean.
        let names = [format!("{class}_New_3주기"), class.to_owned()];
        let Some(inner) = first_of(folder, &names.each_ref().map(String::as_str), Path::is_dir)
        else {
            continue;
        };
        is_any = true;
        for (stem, path) in audio_files(&inner, &mut draft)? {
            let id = ids::recording(DATA_SET, &stem);
            let number = stem.strip_prefix(&format!("New_{class}_"));
            let Some(number) = number.and_then(|number| number.parse::<u32>().ok()) else {
                draft.problem(&path, None, Some(id), Trouble::Name(NAME));
                continue;
            };
            let block = number.saturating_sub(1) / BLOCK;
            let group = ids::group(DATA_SET, &format!("{class}/{block}"));
            let ill = diagnosis != Diagnosis::Normal;
            let recording = Recording {
                record_class: Some(class.to_owned()),
                findings: vec![(Finding::AbnormalHeart, presence(ill))],
                diagnoses: diagnoses([diagnosis]),
                ..Recording::unlabelled(DATA_SET, Domain::Heart, id, group)
            };
            let origin = inner.clone();
            draft.rows.push(Row {
                recording,
                path,
                origin,
                line: None,
            });
        }
    }
    if !is_any {
        let expected = "the folders AS_New_3주기/, MR_New_3주기/, MS_New_3주기/, MVP_New_3주기/ and \
                        N_New_3주기/, or AS/, MR/, MS/, MVP/ and N/";
        return Err(missing(DATA_SET, folder, "AS_New_3주기/", expected));
    }
    Ok(draft)
}
