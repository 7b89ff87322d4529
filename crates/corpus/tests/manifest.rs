//! The manifest: what is written is read back, whole, and names nobody.

#![expect(clippy::unwrap_used, reason = "helpers of a test fail by panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use laennec_corpus::split::{SplitPlan, assign};
use laennec_corpus::{
    DataSet, Domain, Error, Event, EventKind, Finding, Fingerprint, Level, Manoeuvre, Murmur,
    MurmurGrade, MurmurPitch, MurmurQuality, MurmurShape, MurmurTiming, OfficialSplit, Outcome,
    Presence, Provenance, Quality, Recording, Sex, Site, Split, manifest, read_data_folder,
    site::Area,
};
use proptest::prelude::*;
use proptest::{collection::vec, option, sample::select};

fn any_murmur() -> impl Strategy<Value = Murmur> {
    (
        select(MurmurTiming::ALL),
        option::of(select(MurmurShape::ALL)),
        option::of(select(MurmurGrade::ALL)),
        option::of(select(MurmurPitch::ALL)),
        option::of(select(MurmurQuality::ALL)),
        vec(select(Area::ALL), 0..4),
        option::of(select(Area::ALL)),
    )
        .prop_map(
            |(timing, shape, grade, pitch, quality, heard_at, loudest_at)| Murmur {
                timing,
                shape,
                grade,
                pitch,
                quality,
                heard_at,
                loudest_at,
            },
        )
}

fn any_level() -> impl Strategy<Value = Level> {
    (-144.0_f32..0.0, -144.0_f32..0.0, 0.0_f32..1.0).prop_map(|(rms_dbfs, peak_dbfs, clipped)| {
        Level {
            rms_dbfs,
            peak_dbfs,
            clipped,
        }
    })
}

fn any_provenance() -> impl Strategy<Value = Provenance> {
    (
        "[a-z]{1,9}",
        0_u32..99,
        option::of(1_u64..1_000_000),
        "[0-9a-f]{16}",
    )
        .prop_map(|(reader, reader_version, line, source_hash)| Provenance {
            reader,
            reader_version,
            line,
            source_hash,
        })
}

type More = (
    Vec<u16>,
    Option<Level>,
    Vec<Murmur>,
    Vec<String>,
    Option<Manoeuvre>,
    Option<Outcome>,
    Option<OfficialSplit>,
    Provenance,
);

fn any_more() -> impl Strategy<Value = More> {
    (
        vec(any::<u16>(), 0..9),
        option::of(any_level()),
        vec(any_murmur(), 0..3),
        vec("[a-z_]{1,12}", 0..4),
        option::of(select(Manoeuvre::ALL)),
        option::of(select(Outcome::ALL)),
        option::of(select(OfficialSplit::ALL)),
        any_provenance(),
    )
}

type Body = (
    Option<f32>,
    Option<f32>,
    Option<f32>,
    Option<bool>,
    Option<bool>,
);

fn any_body() -> impl Strategy<Value = Body> {
    (
        option::of(40.0_f32..220.0),
        option::of(2.0_f32..200.0),
        option::of(10.0_f32..60.0),
        option::of(any::<bool>()),
        option::of(any::<bool>()),
    )
}

/// Any recording, whether or not a data set has one like it.
fn any_recording() -> impl Strategy<Value = Recording> {
    let findings = vec((select(Finding::ALL), select(Presence::ALL)), 0..6);
    let event =
        (0.0..60.0, 0.0..9.0, select(EventKind::ALL)).prop_map(|(start_s, length, kind)| Event {
            start_s,
            end_s: start_s + length,
            kind,
        });
    let site = select(vec![
        "apex",
        "left_lower_posterior",
        "both",
        "right_lateral",
    ]);
    let what = (
        select(DataSet::ALL.to_vec()),
        select(Domain::ALL),
        option::of(site.prop_map(|site| site.parse::<Site>().unwrap())),
        option::of(select(Quality::ALL)),
        option::of(select(Sex::ALL)),
        option::of(select(Split::ALL)),
        findings,
        vec(event, 0..5),
    );
    let texts = (
        ".{0,12}",
        option::of(".{0,12}"),
        ".{0,12}",
        option::of(".{0,12}"),
    );
    let numbers = (
        1_u32..200_000,
        1_u16..9,
        0.0..600.0,
        option::of(0.0_f32..90.0),
    );
    (what, texts, numbers, any_more(), any_body()).prop_map(
        |(
            (data_set, domain, site, quality, sex, split, findings, events),
            (id, subject, group, text),
            (sample_rate, channels, seconds, age_years),
            (
                fingerprint,
                level,
                murmurs,
                diagnoses,
                manoeuvre,
                outcome,
                official_split,
                provenance,
            ),
            (height_cm, weight_kg, bmi, pregnant, smoker),
        )| Recording {
            audio_sha256: format!("{id}{group}"),
            id,
            subject,
            group,
            data_set,
            domain,
            site,
            manoeuvre,
            device: text.clone(),
            fingerprint: Fingerprint(fingerprint),
            level,
            murmurs,
            diagnoses,
            outcome,
            height_cm,
            weight_kg,
            bmi,
            pregnant,
            smoker,
            official_split,
            provenance,
            sample_rate,
            channels,
            seconds,
            record_class: text,
            findings,
            events,
            quality,
            sex,
            age_years,
            split,
            licence: "CC0-1.0".to_owned(),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read_back(recordings in vec(any_recording(), 0..20)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest.parquet");
        manifest::write(&path, &recordings).unwrap();
        prop_assert_eq!(manifest::read(&path).unwrap(), recordings.clone());
        let first = fs::read(&path).unwrap();
        manifest::write(&path, &recordings).unwrap();
        prop_assert_eq!(fs::read(&path).unwrap(), first, "same recordings, same bytes");
    }
}

#[test]
fn a_file_that_is_no_manifest_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("manifest.parquet");
    fs::write(&path, b"PAR1 but not really").unwrap();
    assert!(matches!(manifest::read(&path), Err(Error::Parquet { .. })));
    assert!(matches!(
        manifest::read(&folder.path().join("none")),
        Err(Error::Io { .. })
    ));
    let missing = folder.path().join("none").join("manifest.parquet");
    assert!(matches!(
        manifest::write(&missing, &[]),
        Err(Error::Write { .. })
    ));
}

/// Names of recordings and their annotations, without extension, below a folder.
fn stems(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            stems(&path, into);
        } else if path
            .extension()
            .is_some_and(|extension| extension != "csv" && extension != "txt")
        {
            into.insert(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
}

/// Neither a value of the manifest nor, for names long enough not to turn up in a hash by chance,
/// any run of its bytes is the name of a published file or the number of a patient.
#[test]
fn the_manifest_of_the_data_folder_names_nobody() {
    let Some(root) = std::env::var_os("LAENNEC_DATA") else {
        eprintln!("skipped: LAENNEC_DATA names no data folder");
        return;
    };
    let root = Path::new(&root);
    let reading = read_data_folder(root).unwrap();
    let mut recordings = reading.recordings();
    assign(&mut recordings, &SplitPlan::new(1, reading.validation)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("manifest.parquet");
    manifest::write(&path, &recordings).unwrap();
    let back = manifest::read(&path).unwrap();
    assert_eq!(back, recordings);

    let mut names = BTreeSet::new();
    stems(root, &mut names);
    let patients: Vec<String> = names
        .iter()
        .filter_map(|stem| Some(stem.split_once('_')?.0.to_owned()))
        .collect();
    names.extend(patients.into_iter().filter(|patient| patient.len() > 1));
    let kauh = fs::read_to_string(root.join("kauh/recordings.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(kauh.as_bytes());
    for row in rows.records() {
        let row = row.unwrap();
        // patient_id, person_key, original_name_stem
        names.extend([1, 10, 15].map(|column| row[column].to_owned()));
    }
    assert!(names.len() > 3000, "{}", names.len());

    let stored = serde_json::to_string(&back).unwrap();
    let values: BTreeSet<&str> = stored.split('"').collect();
    let bytes = fs::read(&path).unwrap();
    for name in &names {
        assert!(
            !values.contains(name.as_str()),
            "{name} is a value of the manifest"
        );
        if name.len() >= 8 {
            assert!(!stored.contains(name.as_str()), "{name} is part of a value");
            let run = bytes.windows(name.len()).any(|run| run == name.as_bytes());
            assert!(!run, "{name} is in the bytes of the manifest");
        }
    }
    assert!(!stored.contains('\\') && !stored.contains(&*root.to_string_lossy()));
}
