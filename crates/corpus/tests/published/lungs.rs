//! Respiratory@TR and HF Lung V1.

use laennec_corpus::{DataSet, EventKind, OfficialSplit};

use super::fixture_tree::put;
use super::tree::published;
use super::{findings, kinds, troubles};

#[test]
fn respiratory_tr_reads_its_grades_from_an_excel_file() {
    let set = published(DataSet::RespiratoryTr);
    assert_eq!(troubles(&set.reading), [""; 0]);
    let counts = set.reading.counts[&DataSet::RespiratoryTr];
    assert_eq!((counts.recordings, counts.subjects), (4, 3));
    let risk = set.named("H901_R6");
    assert_eq!(
        (risk.record_class.as_deref(), risk.diagnoses.len()),
        (Some("COPD0"), 0)
    );
    assert_eq!(risk.site.unwrap().to_string(), "right");
    let ill = set.named("H902_L4");
    assert_eq!(
        (ill.record_class.as_deref(), ill.diagnoses.as_slice()),
        (Some("COPD3"), &["copd".to_owned()][..])
    );
    assert_eq!(ill.provenance.line, Some(3));

    let reading = set.after(|root| {
        std::fs::remove_file(root.join("Labels.xlsx")).unwrap();
        put(
            root,
            "Labels.csv",
            "Patient ID,Diagnosis,\nH901,COPD0,\nH902,COPD7,\nH905,COPD1,\n",
        );
    });
    assert_eq!(reading.located.len(), 2);
    assert_eq!(
        troubles(&reading),
        [
            "H902_L4.wav has no readable row in Labels.xlsx",
            "H904_R1.wav has no readable row in Labels.xlsx",
            "Labels.csv:3 field Diagnosis has an unknown value; expected COPD0, COPD1, COPD2, COPD3 \
             or COPD4",
            "Labels.csv:4 no audio file of this name (wav, flac, mp3, ogg, aiff, m4a)",
        ]
    );
}

#[test]
fn a_workbook_that_is_none_is_said_to_be_none() {
    let set = published(DataSet::RespiratoryTr);
    let whole = std::fs::read(set.folder.path().join("Labels.xlsx")).unwrap();
    for damaged in [&b"PK\x03\x04"[..], &whole[..whole.len() / 2], &[0; 300][..]] {
        let reading = set.after(|root| put(root, "Labels.xlsx", damaged));
        assert_eq!(reading.located.len(), 0);
        let expected = "Labels.xlsx is not an Excel workbook (xlsx) with a first sheet";
        assert!(troubles(&reading).contains(&expected.to_owned()));
    }
}

#[test]
fn hf_lung_reads_phases_sounds_days_and_points() {
    let set = published(DataSet::HfLungV1);
    assert_eq!(
        troubles(&set.reading),
        ["trunc_2099-09-02-08-00-00-L5_1_label.txt is empty"]
    );
    let steth = set.named("steth_20990814_09_37_11");
    let expected = [
        EventKind::Inhalation,
        EventKind::Crackle,
        EventKind::Exhalation,
        EventKind::Wheeze,
    ];
    assert_eq!(kinds(steth), expected);
    assert_eq!(
        (steth.events[0].start_s, steth.events[0].end_s),
        (0.51, 1.457)
    );
    assert_eq!(
        findings(steth),
        "+adventitious +continuous +wheeze -rhonchi -stridor +discontinuous"
    );
    assert_eq!(
        (steth.site, steth.device.as_deref()),
        (None, Some("Littmann 3200"))
    );
    let point = set.named("trunc_2099-08-14-11-20-43-L4_12");
    assert_eq!(point.site.unwrap().to_string(), "right_lower_lateral");
    assert!(findings(point).starts_with("-adventitious"));
    // Both were made on one day.
    assert_eq!((&steth.group, steth.subject.as_ref()), (&point.group, None));
    let test = set.named("steth_20990901_09_46_05");
    assert_eq!(
        (steth.official_split, test.official_split),
        (Some(OfficialSplit::Train), Some(OfficialSplit::Test))
    );
    assert_ne!(test.group, steth.group);
}

#[test]
fn a_time_of_hf_lung_that_was_cut_is_no_other_time() {
    let set = published(DataSet::HfLungV1);
    let name = "steth_20990814_09_37_11_label.txt";
    for cut in [
        "00:00:02.63",
        "00:00:02.",
        "00:00:02",
        "00:00:72.637",
        "0:00:02.637",
        "-0:00:02.637",
    ] {
        let reading = set.after(|root| {
            put(
                root,
                &format!("train/{name}"),
                format!("E 00:00:01.608 {cut}\n"),
            );
        });
        let expected = format!("{name}:1 has impossible times; expected 0 <= start < end");
        assert!(troubles(&reading).contains(&expected), "{cut}");
    }
}

#[test]
fn sprsound_reads_the_official_test_of_the_publishers_tree() {
    let set = published(DataSet::SprSound);
    assert_eq!(troubles(&set.reading), [""; 0]);
    assert_eq!(set.reading.located.len(), 4);
    let train = set.named("90000001_4.2_0_p1_901");
    let intra = set.named("90000001_4.2_0_p2_904");
    let inter = set.named("90000003_1.1_1_p4_903");
    assert_eq!(train.official_split, Some(OfficialSplit::Train));
    assert_eq!(
        (intra.official_split, inter.official_split),
        (Some(OfficialSplit::Test), Some(OfficialSplit::Test))
    );
    // The intra-patient test shares its patients with training: one group.
    assert_eq!(train.group, intra.group);
    assert_eq!(inter.site.unwrap().to_string(), "right_lateral");
}

/// The published names of the real recordings give what the table of them gives.
#[test]
fn kauh_reads_the_same_from_published_names_as_from_the_table() {
    let Some(data) = std::env::var_os("LAENNEC_DATA") else {
        eprintln!("skipped: LAENNEC_DATA names no data folder");
        return;
    };
    let table = std::path::Path::new(&data).join("kauh/recordings.csv");
    let table = std::fs::read_to_string(table).unwrap();
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let header = rows.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (file, name) = (place("file"), place("original_name_stem"));
    let folder = tempfile::tempdir().unwrap();
    let spelt = tempfile::tempdir().unwrap();
    put(spelt.path(), "recordings.csv", &table);
    for (seed, row) in rows.records().enumerate() {
        let row = row.unwrap();
        let sound = super::fixture_tree::wav(0.05, seed);
        put(spelt.path(), &row[file], &sound);
        let number = std::path::Path::new(&row[file])
            .file_stem()
            .unwrap()
            .to_str()
            .unwrap();
        let published = format!("Audio Files/{number}_{}.wav", &row[name]);
        put(folder.path(), &published, sound);
    }
    let read = |folder: &tempfile::TempDir| {
        let mut reading = laennec_corpus::read(DataSet::Kauh, folder.path()).unwrap();
        assert_eq!(reading.problems, []);
        for found in &mut reading.located {
            found.recording.provenance = laennec_corpus::Provenance::default();
        }
        reading.recordings()
    };
    let (by_name, by_table) = (read(&folder), read(&spelt));
    assert_eq!(by_name.len(), 220);
    assert_eq!(by_name, by_table);
}
