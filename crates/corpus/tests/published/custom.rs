//! Tables with a column mapping, and `AudioFolder`s.

use std::path::Path;

use laennec_corpus::{DataSet, Domain, EventKind, OfficialSplit, Sex, read};

use super::fixture_tree::put;
use super::tree::published;
use super::{findings, kinds, troubles};

#[test]
fn a_mapping_translates_columns_values_and_events() {
    let set = published(DataSet::Custom);
    // A class that only one group has might name a person.
    let emptied = |line: u64| {
        format!("index.csv:{line} field record_class may identify a person and is left empty")
    };
    assert_eq!(troubles(&set.reading), [emptied(2), emptied(3)]);
    assert_eq!(set.reading.located.len(), 9);
    let first = set.named("clinic/a1");
    assert_eq!(
        (first.domain, first.licence.as_str()),
        (Domain::Lung, "CC-BY-4.0")
    );
    assert_eq!(first.site.unwrap().to_string(), "left_lower_posterior");
    assert_eq!(
        (first.sex, first.age_years),
        (Some(Sex::Female), Some(90.0))
    );
    assert_eq!(findings(first), "+adventitious +wheeze +discontinuous");
    assert_eq!(kinds(first), [EventKind::Wheeze, EventKind::FineCrackle]);
    assert_eq!((first.events[0].start_s, first.events[0].end_s), (0.2, 0.9));
    assert_eq!(
        (first.record_class.as_deref(), first.diagnoses.as_slice()),
        (None, &["asthma".to_owned()][..])
    );
    assert_eq!(first.subject, set.named("clinic/a2").subject);
    let healthy = set.named("clinic/b1");
    assert_eq!(
        (healthy.site, findings(healthy).as_str()),
        (None, "-adventitious")
    );
    let stored = serde_json::to_string(&set.reading.recordings()).unwrap();
    for text in ["Tochter", "mother", "P-7", "a1.wav"] {
        assert!(!stored.contains(text), "{text} is kept");
    }
}

#[test]
fn an_audio_folder_gives_splits_labels_and_findings() {
    let set = published(DataSet::Custom);
    let one = set.named("folder/train/one");
    assert_eq!(
        (one.official_split, one.age_years),
        (Some(OfficialSplit::Train), Some(4.0))
    );
    assert_eq!(
        (one.record_class.as_deref(), findings(one).as_str()),
        (Some("wheeze"), "+wheeze")
    );
    assert_eq!(findings(set.named("folder/train/deep/two")), "-wheeze");
    assert_eq!(
        set.named("folder/test/three").official_split,
        Some(OfficialSplit::Test)
    );
    let labelled = set.named("labels/test/normal/z");
    assert_eq!(
        (labelled.record_class.as_deref(), labelled.official_split),
        (Some("normal"), Some(OfficialSplit::Test))
    );
}

#[test]
fn text_that_no_list_names_is_refused_with_its_line() {
    let set = published(DataSet::Custom);
    let reading = set.after(|root| {
        let path = root.join("clinic/index.csv");
        let text = std::fs::read_to_string(path).unwrap();
        let text = text
            .replacen("Littmann 3200", "Littmann SN 20211103", 1)
            .replace("RG;0", "seen by O'Brien;0");
        put(
            root,
            "clinic/index.csv",
            text.replace("normal;;m", "normal;;x"),
        );
        put(
            root,
            "folder/train/metadata.jsonl",
            "{\"file_name\": \"one.wav\", \"age\": \"4 Mai 2020\"}\n[1]\n",
        );
    });
    assert_eq!(
        troubles(&reading),
        [
            "index.csv:2 field device has an unknown value; expected a short code without long \
             numbers, or one that [values] lists",
            "index.csv:3 field class has an unknown value; expected a short code without long \
             numbers, or one that [values] lists",
            "index.csv:4 field sex has an unknown value; expected a value that [values] translates",
            "metadata.jsonl:1 field age has an unknown value; expected years, 0 to 130",
            "metadata.jsonl:2 is not a JSON object on one line",
            "two.wav no annotation for this audio file",
        ]
    );
}

#[test]
fn a_wrong_mapping_says_where_and_what() {
    let set = published(DataSet::Custom);
    for (wrong, expected) in [
        ("domain = \"lung\"", "domain = \"liver\""),
        ("file = \"Datei\"\nsubject", "file = \"File\"\nsubject"),
        ("[values.sex]", "[values.gender]"),
        ("audio = \"wav\"", "audio = \"wav\"\nsound = 3"),
    ] {
        let original =
            std::fs::read_to_string(set.folder.path().join("clinic/laennec.toml")).unwrap();
        let reading = set.after(|root| {
            put(
                root,
                "clinic/laennec.toml",
                original.replacen(wrong, expected, 1),
            );
        });
        put(set.folder.path(), "clinic/laennec.toml", &original);
        let found = troubles(&reading);
        assert_eq!((reading.located.len(), found.len()), (6, 1), "{found:?}");
        assert!(
            found[0].starts_with("laennec.toml") && found[0].contains("is no mapping: "),
            "{found:?}"
        );
    }
}

/// The list of the cough recordings through a mapping gives what their own reader gives.
#[test]
fn the_cough_list_is_an_example_of_a_mapping() {
    let Some(data) = std::env::var_os("LAENNEC_DATA") else {
        eprintln!("skipped: LAENNEC_DATA names no data folder");
        return;
    };
    let coughs = Path::new(&data).join("cough-covid19");
    let own = read(DataSet::CoughCovid19, &coughs).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mapping = format!(
        "table = {:?}\naudio = {:?}\ndomain = \"other\"\nmanoeuvre = \"cough\"\nlicence = \"CC0-1.0\"\n\
         [columns]\nfile = \"file\"\ndevice = \"source\"\n",
        coughs.join("index.csv"),
        coughs.join("audio"),
    );
    put(folder.path(), "coughs/laennec.toml", mapping);
    let mapped = read(DataSet::Custom, folder.path()).unwrap();
    assert_eq!(
        (mapped.problems.as_slice(), mapped.located.len()),
        ([].as_slice(), own.located.len())
    );
    let described = |reading: &laennec_corpus::Reading| {
        let mut rows: Vec<_> = reading
            .recordings()
            .into_iter()
            .map(|row| {
                (
                    row.audio_sha256,
                    row.device,
                    row.sample_rate,
                    row.seconds.to_bits(),
                    row.licence,
                )
            })
            .collect();
        rows.sort();
        rows
    };
    assert_eq!(described(&mapped), described(&own));
}
