//! Annotation files damaged in many ways: a reader names the file, keeps the rest, never panics
//! and never lets a damaged recording pass unseen.
//!
//! A small tree in each published layout is built with sounds made here, read once whole, then
//! once for each seeded mutation of one of its annotation files.
#![expect(clippy::unwrap_used, reason = "helpers of a test fail by panic")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use laennec_corpus::readers::Trouble;
use laennec_corpus::{DataSet, Error, Recording, read, read_data_folder};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// One second of 16-bit mono at 4 kHz; `seed` makes it differ.
fn wav(seed: u8) -> Vec<u8> {
    let samples: Vec<u8> = (0..4000_u32).flat_map(|n| [seed, (n % 7) as u8]).collect();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + samples.len() as u32).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(4000_u32.to_le_bytes());
    bytes.extend(8000_u32.to_le_bytes());
    // The block align of 4 that SPRSound's recorder writes for mono 16 bit.
    bytes.extend(b"\x04\0\x10\0data");
    bytes.extend((samples.len() as u32).to_le_bytes());
    bytes.extend(samples);
    bytes
}

fn put(root: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// The annotation files of the tree, by name.
type Annotations = BTreeMap<String, Vec<u8>>;

/// Builds a tree with four of the layouts and gives its annotation files.
fn build(root: &Path) -> Annotations {
    let mut texts = BTreeMap::new();
    for number in 0..6_u8 {
        let stem = format!(
            "9000000{}_4.{number}_{}_p{}_{number}",
            number / 2,
            number % 2,
            number % 4 + 1
        );
        put(root, &format!("sprsound/train_wav/{stem}.wav"), wav(number));
        let json = "{\"record_annotation\": \"CAS\", \"event_annotation\": [\n\
                    {\"start\": \"100\", \"end\": \"400\", \"type\": \"Wheeze\"},\n\
                    {\"start\": \"500\", \"end\": \"900\", \"type\": \"Normal\"}]}";
        texts.insert(format!("sprsound/train_json/{stem}.json"), json.to_owned());
    }
    let mut reference = String::new();
    for number in 0..8_u8 {
        put(
            root,
            &format!("physionet2016/training-a/a000{number}.wav"),
            wav(20 + number),
        );
        writeln!(
            reference,
            "a000{number},{}",
            if number % 2 == 0 { 1 } else { -1 }
        )
        .unwrap();
    }
    texts.insert(
        "physionet2016/training-a/REFERENCE.csv".to_owned(),
        reference,
    );
    let mut kauh =
        "file,patient_id,filter,diagnosis,sound,wheeze,crackle,location,age,sex,person_key\n"
            .to_owned();
    let mut cough = "file,source\n".to_owned();
    for number in 0..6_u8 {
        put(
            root,
            &format!("kauh/audio/BP{number}.wav"),
            wav(40 + number),
        );
        writeln!(kauh, "audio/BP{number}.wav,P{number},bell,asthma,expiratory_wheeze,1,0,posterior_left_lower,9{number},M,asthma|9{number}|M").unwrap();
        put(
            root,
            &format!("cough-covid19/audio/c{number}.wav"),
            wav(60 + number),
        );
        writeln!(cough, "c{number}.wav,telegram").unwrap();
    }
    texts.insert("kauh/recordings.csv".to_owned(), kauh);
    texts.insert("cough-covid19/index.csv".to_owned(), cough);
    for (name, text) in &texts {
        put(root, name, text);
    }
    texts
        .into_iter()
        .map(|(name, text)| (name, text.into_bytes()))
        .collect()
}

/// One damage that must not pass unseen where it changes a recording.
fn damage(bytes: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let place = random.random_range(0..bytes.len());
    match random.random_range(0..6) {
        0 => bytes.truncate(place),
        1 => bytes[place] = 0xff,
        2 => bytes.insert(place, b'"'),
        3 => {
            let text = String::from_utf8(bytes).unwrap();
            let number = ["-5", "1e308", "NaN", "99999999999999999999"][random.random_range(0..4)];
            let text = text
                .replace("400", number)
                .replace(",1,", &format!(",{number},"));
            bytes = text.into_bytes();
        }
        4 => {
            // A column or key goes missing.
            let text = String::from_utf8(bytes).unwrap();
            let gone = [
                "\"end\"",
                "patient_id",
                ",source",
                ",-1",
                "record_annotation",
            ];
            bytes = text
                .replacen(gone[random.random_range(0..5)], "", 1)
                .into_bytes();
        }
        _ => {
            let end = random.random_range(place..bytes.len());
            bytes.drain(place..end);
        }
    }
    bytes
}

#[test]
fn two_hundred_mutations_neither_panic_nor_pass_unseen() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let annotations = build(root);
    let whole = read_data_folder(root).unwrap();
    assert_eq!(
        (whole.located.len(), whole.problems.as_slice()),
        (26, [].as_slice())
    );
    let known: BTreeMap<String, Recording> = whole
        .recordings()
        .into_iter()
        .map(|recording| (recording.id.clone(), recording))
        .collect();
    assert!(
        whole
            .recordings()
            .iter()
            .all(|r| r.age_years.is_none_or(|age| age <= 90.0))
    );

    let mut random = ChaCha8Rng::seed_from_u64(11);
    let names: Vec<&String> = annotations.keys().collect();
    let (mut located, mut changed) = (0, 0);
    for _ in 0..200 {
        let name = names[random.random_range(0..names.len())];
        let damaged = damage(&annotations[name], &mut random);
        put(root, name, &damaged);
        let reading = read_data_folder(root).unwrap();
        put(root, name, &annotations[name]);
        for problem in &reading.problems {
            assert!(problem.path.starts_with(root) && problem.to_string().contains(": "));
            let stored = serde_json::to_string(&problem.stored()).unwrap();
            assert!(
                !stored.contains("9000000") && !stored.contains("asthma"),
                "{stored}"
            );
        }
        let found = reading.recordings();
        if found.len() < known.len() {
            assert!(
                !reading.problems.is_empty(),
                "a recording vanished silently: {name}"
            );
            located += 1;
        }
        // A damage may turn one valid value into another; it never makes an impossible one.
        changed += found
            .iter()
            .filter(|recording| known.get(&recording.id) != Some(recording))
            .count();
        for recording in found {
            assert!(recording.seconds == 1.0 && recording.audio_sha256.len() == 64);
            for event in recording.events {
                assert!(0.0 <= event.start_s && event.start_s < event.end_s && event.end_s < 1.1);
            }
        }
    }
    eprintln!("200 mutations: {located} with located problems, {changed} valid changed rows");
    assert!(located > 100, "{located}");
}

#[test]
fn damaged_and_missing_sounds_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    build(root);
    put(root, "physionet2016/training-a/a0001.wav", b"RIFF");
    put(root, "physionet2016/training-a/a0009.wav", wav(9));
    fs::remove_file(root.join("physionet2016/training-a/a0002.wav")).unwrap();
    put(
        root,
        "physionet2016/validation.csv",
        "database,name\na,a0007\na,a9999\n",
    );
    let reading = read(DataSet::PhysioNet2016, &root.join("physionet2016")).unwrap();
    assert_eq!(reading.located.len(), 6);
    assert_eq!(reading.validation.len(), 1);
    let mut troubles: Vec<Trouble> = reading
        .problems
        .iter()
        .map(|problem| problem.trouble.clone())
        .collect();
    troubles.sort_by_key(ToString::to_string);
    assert_eq!(
        troubles,
        [
            Trouble::Undecodable,
            Trouble::ListedButAbsent(1),
            Trouble::NoAnnotation,
            Trouble::NoAudio,
        ]
    );
    let line = reading
        .problems
        .iter()
        .find(|problem| problem.trouble == Trouble::NoAudio);
    assert_eq!(line.and_then(|problem| problem.line), Some(3));
}

#[test]
fn a_missing_layout_says_what_is_expected() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(
        read_data_folder(folder.path()),
        Err(Error::NoDataSet { .. })
    ));
    for data_set in DataSet::ALL {
        let refused = read(data_set, folder.path()).unwrap_err();
        assert!(matches!(refused, Error::MissingPart { .. }), "{refused}");
    }
}
