//! The data folder comes in; small trees of its real annotation files, with short sounds made
//! here, go out.

use std::fs;
use std::path::Path;

use laennec_corpus::DataSet;

use super::fixture_tree::{put, wav};

/// The data sets whose annotation files are there.
pub(crate) const SETS: [DataSet; 5] = [
    DataSet::SprSound,
    DataSet::PhysioNet2016,
    DataSet::Kauh,
    DataSet::HlsCmds,
    DataSet::CoughCovid19,
];

/// Recordings of `SPRSound` that are taken.
const TAKEN: usize = 24;

/// Builds the tree of a data set and gives its annotation files.
pub(crate) fn build(data_set: DataSet, data: &Path, root: &Path) -> Vec<String> {
    let from = data.join(data_set.folder_name());
    let text = |name: &str| fs::read_to_string(from.join(name)).unwrap();
    let mut sounds = Vec::new();
    let mut files = Vec::new();
    match data_set {
        DataSet::SprSound => {
            let mut names: Vec<String> = fs::read_dir(from.join("train_json"))
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            // Those with events, spread over the patients.
            names.retain(|name| text(&format!("train_json/{name}")).contains("start"));
            for name in names.iter().step_by(names.len() / TAKEN).take(TAKEN) {
                sounds.push((format!("train_wav/{}", name.replace(".json", ".wav")), 16.0));
                files.push(format!("train_json/{name}"));
            }
        }
        DataSet::PhysioNet2016 => {
            let name = "training-c/REFERENCE.csv";
            let rows = text(name);
            let stems = rows.lines().filter_map(|row| row.split(',').next());
            sounds.extend(stems.map(|stem| (format!("training-c/{stem}.wav"), 0.1)));
            files.push(name.to_owned());
        }
        DataSet::HlsCmds => {
            for (list, part) in [("HS.csv", "HS"), ("LS.csv", "LS"), ("Mix.csv", "Mix")] {
                for entry in fs::read_dir(from.join(part)).unwrap() {
                    let name = entry.unwrap().file_name().into_string().unwrap();
                    sounds.push((format!("{part}/{}", name.replace(".flac", ".wav")), 0.05));
                }
                files.push(list.to_owned());
            }
        }
        // Tables that name their files.
        _ => {
            let name = if data_set == DataSet::Kauh {
                "recordings.csv"
            } else {
                "index.csv"
            };
            let folder = if data_set == DataSet::Kauh {
                ""
            } else {
                "audio/"
            };
            let rows = text(name);
            let named = rows.lines().skip(1).filter_map(|row| row.split(',').next());
            sounds.extend(named.map(|file| (format!("{folder}{file}"), 0.05)));
            files.push(name.to_owned());
        }
    }
    for (seed, (name, seconds)) in sounds.iter().enumerate() {
        put(root, name, wav(*seconds, seed));
    }
    for name in &files {
        put(root, name, text(name));
    }
    files
}
