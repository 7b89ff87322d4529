//! ICBHI 2017.

use laennec_corpus::{DataSet, EventKind, OfficialSplit, Sex};

use super::fixture_tree::put;
use super::tree::published;
use super::{findings, kinds, troubles};

#[test]
fn cycles_patients_and_the_official_split_are_read() {
    let set = published(DataSet::Icbhi2017);
    assert_eq!(troubles(&set.reading), [""; 0]);
    let counts = set.reading.counts[&DataSet::Icbhi2017];
    assert_eq!(
        (counts.recordings, counts.subjects, counts.events),
        (4, 3, 9)
    );

    let first = set.named("901_1b1_Al_sc_Meditron");
    let expected = [
        EventKind::Normal,
        EventKind::Crackle,
        EventKind::WheezeAndCrackle,
    ];
    assert_eq!(kinds(first), expected);
    assert_eq!(
        (first.events[1].start_s, first.events[1].end_s),
        (1.264, 2.55)
    );
    assert_eq!(
        findings(first),
        "+adventitious +continuous +wheeze +discontinuous"
    );
    assert_eq!(first.site.unwrap().to_string(), "left_anterior");
    assert_eq!(first.device.as_deref(), Some("Meditron"));
    assert_eq!(
        (first.sex, first.age_years, first.bmi),
        (Some(Sex::Male), Some(90.0), Some(27.5))
    );
    assert_eq!(first.diagnoses, ["copd"]);
    assert_eq!(first.official_split, Some(OfficialSplit::Train));

    // One patient on both sides of the official split, as 156 and 218 of the published one.
    let second = set.named("901_2b2_Tc_mc_LittC2SE");
    assert_eq!(second.site.unwrap().to_string(), "trachea");
    assert_eq!(
        (&second.subject, &second.group),
        (&first.subject, &first.group)
    );
    assert_eq!(second.official_split, Some(OfficialSplit::Test));

    let child = set.named("902_1b1_Pr_sc_Litt3200");
    assert_eq!(
        findings(child),
        "-adventitious -continuous -wheeze -discontinuous"
    );
    assert_eq!(
        (child.age_years, child.weight_kg, child.height_cm),
        (Some(0.75), Some(8.2), Some(71.0))
    );
    // A crackle, no wheeze: rhonchi are not annotated, so continuous sounds are not known.
    let unknown = set.named("903_1b1_Ll_mc_AKGC417L");
    assert_eq!(findings(unknown), "+adventitious -wheeze +discontinuous");
    assert_eq!((unknown.sex, unknown.age_years), (None, None));
}

#[test]
fn a_recording_with_half_its_annotations_is_left_out() {
    let set = published(DataSet::Icbhi2017);
    let reading = set.after(|root| {
        let database = "ICBHI_final_database";
        put(
            root,
            &format!("{database}/902_1b1_Pr_sc_Litt3200.txt"),
            "0.5\t1.5\t0\t0\n1.5\t9e9\t0\t0\n",
        );
        put(
            root,
            &format!("{database}/901_2b2_Tc_mc_LittC2SE.txt"),
            "0.2\t1.9\t0\t1\n1.9\t3.4\t0",
        );
        put(
            root,
            &format!("{database}/904_1b1_Ll_mc_AKGC417L.txt"),
            "0.2\t1.9\t0\t1\n",
        );
        put(
            root,
            "ICBHI_Challenge_diagnosis.txt",
            "901\tCOPD\n902\tHealthy\n903\tGout\n903\tURTI X\n901\tAsthma\n",
        );
    });
    assert_eq!(reading.located.len(), 1);
    assert_eq!(
        troubles(&reading),
        [
            "901_2b2_Tc_mc_LittC2SE.txt:2 has 3 fields, expected 4",
            "902_1b1_Pr_sc_Litt3200.txt an event ends after the sound does",
            "903_1b1_Ll_mc_AKGC417L.txt has no readable row in ICBHI_Challenge_diagnosis.txt",
            "904_1b1_Ll_mc_AKGC417L.txt no audio file of this name (wav, flac, mp3, ogg, aiff, m4a)",
            "ICBHI_Challenge_diagnosis.txt:3 field diagnosis has an unknown value; expected COPD, \
             Healthy, URTI, LRTI, Asthma, Bronchiectasis, Bronchiolitis or Pneumonia",
            "ICBHI_Challenge_diagnosis.txt:4 has 3 fields, expected 2",
            "ICBHI_Challenge_diagnosis.txt:5 describes a recording that was read before",
        ]
    );
}

#[test]
fn the_copy_on_kaggle_and_a_missing_list_are_read_too() {
    let set = published(DataSet::Icbhi2017);
    let reading = set.after(|root| {
        std::fs::rename(
            root.join("ICBHI_final_database"),
            root.join("audio_and_txt_files"),
        )
        .unwrap();
        std::fs::rename(
            root.join("ICBHI_Challenge_demographic_information.txt"),
            root.join("demographic_info.txt"),
        )
        .unwrap();
        std::fs::remove_file(root.join("ICBHI_Challenge_diagnosis.txt")).unwrap();
        put(
            root,
            "patient_diagnosis.csv",
            "901,COPD\n902,Healthy\n903,URTI\n",
        );
        std::fs::remove_file(root.join("ICBHI_challenge_train_test.txt")).unwrap();
    });
    assert_eq!(reading.located.len(), 4);
    assert!(
        reading
            .recordings()
            .iter()
            .all(|row| row.official_split.is_none() && !row.diagnoses.is_empty())
    );
    assert_eq!(
        troubles(&reading),
        ["ICBHI_challenge_train_test.txt is not there; the official split is unknown"]
    );
}
