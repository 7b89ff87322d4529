//! Fingerprints on the recordings of the data folder: altered copies are found, other recordings
//! are not taken for copies.

#![expect(clippy::unwrap_used, reason = "helpers of a test fail by panic")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use laennec_audio::{DecodeOptions, Signal, decode_file, resample};
use laennec_corpus::check::check;
use laennec_corpus::fingerprint::{Fingerprint, near_duplicates};
use laennec_corpus::{DataSet, Import, Located, Recording, read_data_folder};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

fn data_folder() -> Option<PathBuf> {
    let folder = std::env::var_os("LAENNEC_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: LAENNEC_DATA names no data folder");
    }
    folder
}

/// A recording of the manikin sounds like every other of its beat.
fn of_people(located: &Located) -> bool {
    located.recording.data_set != DataSet::HlsCmds
}

/// Over all recordings of people, about six million pairs: what is found has the same group, or
/// is one of two pairs of PhysioNet whose persons are unknown.
#[test]
fn other_recordings_are_not_taken_for_copies() {
    let Some(root) = data_folder() else { return };
    let import = Import {
        cache: None,
        progress: &|_| {},
    };
    let located = import.read(&root).unwrap().located;
    let rows: Vec<Recording> = located
        .into_iter()
        .filter(of_people)
        .map(|located| located.recording)
        .collect();
    let prints: Vec<&Fingerprint> = rows.iter().map(|row| &row.fingerprint).collect();
    let mut found: BTreeMap<(DataSet, bool), usize> = BTreeMap::new();
    for near in near_duplicates(&prints) {
        let (a, b) = (&rows[near.first], &rows[near.second]);
        assert_eq!(a.data_set, b.data_set);
        *found.entry((a.data_set, a.group == b.group)).or_default() += 1;
    }
    eprintln!("{} recordings, pairs of copies: {found:?}", rows.len());
    // Three filters of one recording, as published.
    assert!(found[&(DataSet::Kauh, true)] >= 200);
    assert!(!found.contains_key(&(DataSet::Kauh, false)));
    assert!(!found.contains_key(&(DataSet::SprSound, false)));
    assert_eq!(found.get(&(DataSet::PhysioNet2016, false)), Some(&2));
    let checked = check(&rows);
    assert!(checked.two_subjects.is_empty() && checked.contradictions.is_empty());
    assert!(checked.identifying.is_empty());
}

/// What happens to a sound on its way from one collection to another.
fn altered(signal: &Signal, how: &str, random: &mut ChaCha8Rng) -> Signal {
    let rate = signal.rate;
    let rms =
        (signal.samples.iter().map(|x| x * x).sum::<f32>() / signal.samples.len() as f32).sqrt();
    let samples = match how {
        "quieter, 16 bits" => signal
            .samples
            .iter()
            .map(|x| (x * 0.1 * 32_768.0).round() / 32_768.0)
            .collect(),
        "trimmed" => {
            let at = |seconds: f64| (seconds * f64::from(rate)) as usize;
            signal.samples[at(0.2137)..signal.samples.len() - at(0.3)].to_vec()
        }
        "noise 25 dB below each 26 ms" => {
            let block = (0.026 * f64::from(rate)) as usize;
            let blocks = signal.samples.chunks(block).flat_map(|block| {
                let power = block.iter().map(|x| x * x).sum::<f32>() / block.len() as f32;
                let noise = 0.056 * 3.0_f32.sqrt() * power.sqrt();
                let add: Vec<f32> = block
                    .iter()
                    .map(|x| x + noise * random.random_range(-1.0..1.0))
                    .collect();
                add
            });
            blocks.collect()
        }
        "noise 20 dB below the whole" => signal
            .samples
            .iter()
            .map(|x| x + 0.1 * 3.0_f32.sqrt() * rms * random.random_range(-1.0..1.0))
            .collect(),
        _ => {
            let rate = rate * 11 / 8;
            let samples = resample(&signal.samples, signal.rate, rate).unwrap();
            return Signal { samples, rate };
        }
    };
    Signal { samples, rate }
}

/// Share of altered copies that are found among copies of other recordings.
#[test]
fn altered_copies_are_found() {
    let Some(root) = data_folder() else { return };
    let located = read_data_folder(&root).unwrap().located;
    let sounds: Vec<Signal> = located
        .iter()
        .filter(|located| of_people(located) && located.recording.seconds > 4.0)
        .step_by(60)
        .map(|located| {
            decode_file(Path::new(&located.path), &DecodeOptions::default())
                .unwrap()
                .signal
        })
        .collect();
    assert!(sounds.len() > 30, "{}", sounds.len());
    let originals: Vec<Fingerprint> = sounds.iter().map(|s| Fingerprint::of(s).unwrap()).collect();
    let mut random = ChaCha8Rng::seed_from_u64(20_261_122);
    for (how, least) in [
        ("quieter, 16 bits", 0.97),
        ("another rate", 1.0),
        ("trimmed", 1.0),
        ("noise 25 dB below each 26 ms", 0.8),
        ("noise 20 dB below the whole", 0.6),
    ] {
        let copies: Vec<Fingerprint> = sounds
            .iter()
            .map(|sound| Fingerprint::of(&altered(sound, how, &mut random)).unwrap())
            .collect();
        let all: Vec<&Fingerprint> = originals.iter().chain(&copies).collect();
        let pairs = near_duplicates(&all);
        let own =
            |near: &&laennec_corpus::fingerprint::Near| near.second == near.first + sounds.len();
        let found = pairs.iter().filter(own).count();
        eprintln!(
            "{how}: {found} of {} found, {} false",
            sounds.len(),
            pairs.len() - found
        );
        assert!(found as f64 >= least * sounds.len() as f64, "{how}");
    }
}
