//! BMD-HS, `ZCHSound`, PASCAL CHSC 2011 and Yaseen 2018.

use std::collections::BTreeSet;

use laennec_corpus::{DataSet, OfficialSplit, Quality, Sex};

use super::fixture_tree::put;
use super::tree::published;
use super::{findings, troubles};

#[test]
fn bmd_hs_joins_labels_people_and_names() {
    let set = published(DataSet::BmdHs);
    // As published, a patient without labels.
    assert_eq!(
        troubles(&set.reading),
        ["train.csv:5 field AS has an unknown value; expected 0 or 1"]
    );
    let counts = set.reading.counts[&DataSet::BmdHs];
    assert_eq!((counts.recordings, counts.subjects), (20, 3));
    let ill = set.named("MD_901_sit_Pul");
    assert_eq!(ill.diagnoses, ["aortic_regurgitation", "aortic_stenosis"]);
    assert_eq!(findings(ill), "+abnormal_heart");
    assert_eq!(ill.site.unwrap().to_string(), "left_upper_sternal_border");
    assert_eq!(
        (ill.sex, ill.smoker, ill.age_years),
        (Some(Sex::Male), Some(true), None)
    );
    let normal = set.named("N_903_sup_Mit");
    assert_eq!(
        (findings(normal).as_str(), normal.diagnoses.as_slice()),
        ("-abnormal_heart", &["normal".to_owned()][..])
    );

    let reading = set.after(|root| {
        let text = std::fs::read_to_string(root.join("train.csv")).unwrap();
        put(
            root,
            "train.csv",
            text.replace("903,0,0,0,0,1", "903,0,0,1,0,1"),
        );
        put(
            root,
            "additional_metadata.csv",
            "patient_id,Age,Gender,Smoker,Lives\npatient_901,30-39,M,2,U\n",
        );
    });
    assert_eq!(reading.located.len(), 0);
    assert_eq!(
        troubles(&reading),
        [
            "additional_metadata.csv:2 field Smoker has an unknown value; expected 0 or 1",
            "train.csv:2 has no readable row in additional_metadata.csv",
            "train.csv:3 has no readable row in additional_metadata.csv",
            "train.csv:4 contradicts itself: N is 1 where no disease is, and nowhere else",
            "train.csv:5 field AS has an unknown value; expected 0 or 1",
        ]
    );
}

#[test]
fn zchsound_reads_clean_and_noisy_parts() {
    let set = published(DataSet::ZchSound);
    assert_eq!(troubles(&set.reading), [""; 0]);
    assert_eq!(set.reading.located.len(), 5);
    let clean = set.named("ZCH9002");
    assert_eq!(clean.diagnoses, ["ventricular_septal_defect"]);
    assert_eq!(findings(clean), "-poor_signal +abnormal_heart");
    assert_eq!(
        (clean.quality, clean.sex),
        (Some(Quality::Usable), Some(Sex::Female))
    );
    assert!((clean.age_years.unwrap() - 41.0 / 365.25).abs() < 1e-6);
    let noisy = set.named("ZCH9101");
    assert_eq!(
        (findings(noisy).as_str(), noisy.quality),
        ("+poor_signal", Some(Quality::Poor))
    );
    assert_eq!(set.named("ZCH9102").age_years, Some(1.0));
}

#[test]
fn pascal_reads_the_folders_of_the_challenge_and_of_the_copy() {
    let set = published(DataSet::PascalChsc2011);
    assert_eq!(troubles(&set.reading), [""; 0]);
    assert_eq!(set.reading.located.len(), 9);
    let murmur = set.named("B/962_1307101835989_B");
    assert_eq!(findings(murmur), "+abnormal_heart +murmur");
    assert_eq!(murmur.record_class.as_deref(), Some("murmur"));
    let (first, second) = (
        set.named("B/903_1305031931979_D3"),
        set.named("B/903_1305031931980_A"),
    );
    assert_eq!(
        (&first.subject, findings(first).as_str()),
        (&second.subject, "-abnormal_heart -murmur")
    );
    let unlabelled = set.named("A/209908031140");
    assert_eq!(
        (
            unlabelled.record_class.as_deref(),
            unlabelled.official_split
        ),
        (None, Some(OfficialSplit::Test))
    );
    let artifact = set.named("A/209908021130");
    assert_eq!(
        (findings(artifact).as_str(), artifact.quality),
        ("+poor_signal", Some(Quality::Poor))
    );
    assert_eq!(
        set.named("A/209908011114").group,
        set.named("A/209908011120").group
    );

    // The copy on Kaggle has the class in the name; the recordings are the same.
    let ids: BTreeSet<String> = set
        .reading
        .recordings()
        .into_iter()
        .map(|row| row.id)
        .collect();
    let reading = set.after(|root| {
        let moves = [
            (
                "Atraining_normal/209908011114",
                "set_a/normal__209908011114",
            ),
            (
                "Atraining_extrahls/209908011120",
                "set_a/extrahls__209908011120",
            ),
            (
                "Atraining_artifact/209908021130",
                "set_a/artifact__209908021130",
            ),
            (
                "Aunlabelledtest/209908031140",
                "set_a/Aunlabelledtest__209908031140",
            ),
            (
                "Btraining_normal/903_1305031931979_D3",
                "set_b/normal__903_1305031931979_D3",
            ),
            (
                "Btraining_normal/Btraining_noisynormal/903_1305031931980_A",
                "set_b/normal_noisynormal_903_1305031931980_A",
            ),
            (
                "Btraining_murmur/Btraining_noisymurmur/962_1307101835989_B",
                "set_b/murmur_noisymurmur_962_1307101835989_B",
            ),
            (
                "Btraining_extrastole/927_1306764300147_C2",
                "set_b/extrastole__927_1306764300147_C2",
            ),
            (
                "Bunlabelledtest/931_1309198148498_A",
                "set_b/Bunlabelledtest__931_1309198148498_A",
            ),
        ];
        for folder in ["set_a", "set_b"] {
            std::fs::create_dir(root.join(folder)).unwrap();
        }
        for (from, to) in moves {
            let [from, to] = [from, to].map(|name| root.join(format!("{name}.wav")));
            std::fs::rename(from, to).unwrap();
        }
        put(root, "set_a/loud__209908031141.wav", [0]);
    });
    let copied: BTreeSet<String> = reading.recordings().into_iter().map(|row| row.id).collect();
    assert_eq!(copied, ids);
    assert_eq!(
        troubles(&reading),
        [
            "loud__209908031141.wav name does not follow yyyymmddhhmm in set A, patient_time_point in \
             set B"
        ]
    );
}

#[test]
fn yaseen_reads_classes_in_blocks_of_neighbours() {
    let set = published(DataSet::Yaseen2018);
    assert_eq!(troubles(&set.reading), [""; 0]);
    assert_eq!(set.reading.located.len(), 15);
    let [first, twentieth, next] =
        ["New_MVP_001", "New_MVP_020", "New_MVP_021"].map(|name| set.named(name));
    assert_eq!(
        (&first.group, findings(first).as_str()),
        (&twentieth.group, "+abnormal_heart")
    );
    assert_ne!(first.group, next.group);
    assert_eq!(first.diagnoses, ["mitral_valve_prolapse"]);
    assert_eq!(findings(set.named("New_N_001")), "-abnormal_heart");
    assert_ne!(set.named("New_N_001").group, first.group);
}
