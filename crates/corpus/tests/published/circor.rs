//! `CirCor` `DigiScope` 2022.

use laennec_corpus::facts::{Facts, Mode};
use laennec_corpus::reports::Template;
use laennec_corpus::verify::differences;
use laennec_corpus::wording::Draw;
use laennec_corpus::{
    DataSet, EventKind, MurmurGrade, MurmurPitch, MurmurQuality, MurmurShape, MurmurTiming,
    Outcome, Sex,
};

use super::fixture_tree::put;
use super::tree::published;
use super::{findings, kinds, troubles};

#[test]
fn murmurs_are_described_and_belong_to_the_points_where_they_are_heard() {
    let set = published(DataSet::CirCor2022);
    assert_eq!(troubles(&set.reading), [""; 0]);
    let counts = set.reading.counts[&DataSet::CirCor2022];
    assert_eq!((counts.recordings, counts.subjects), (10, 3));

    let heard = set.named("1234_TV");
    assert_eq!(
        findings(heard),
        "+abnormal_heart +murmur +systolic_murmur +diastolic_murmur"
    );
    assert_eq!(
        findings(set.named("1234_AV")),
        "-murmur -systolic_murmur -diastolic_murmur"
    );
    assert_eq!(heard.site.unwrap().to_string(), "left_lower_sternal_border");
    let [systolic, diastolic] = heard.murmurs.as_slice() else {
        panic!("{:?}", heard.murmurs);
    };
    assert_eq!(systolic.timing, MurmurTiming::Holosystolic);
    assert_eq!(systolic.shape, Some(MurmurShape::Diamond));
    assert_eq!(systolic.grade, Some(MurmurGrade::Grade3Of6));
    assert_eq!(systolic.pitch, Some(MurmurPitch::High));
    assert_eq!(systolic.quality, Some(MurmurQuality::Harsh));
    let words = |areas: &[laennec_corpus::site::Area]| -> Vec<&str> {
        areas.iter().map(|area| area.word()).collect()
    };
    assert_eq!(
        words(&systolic.heard_at),
        ["left_upper_sternal_border", "left_lower_sternal_border"]
    );
    assert_eq!(
        systolic.loudest_at.unwrap().word(),
        "left_lower_sternal_border"
    );
    assert_eq!(
        (diastolic.timing, diastolic.grade),
        (MurmurTiming::EarlyDiastolic, Some(MurmurGrade::Grade1Of4))
    );
    assert_eq!(
        (heard.outcome, heard.sex),
        (Some(Outcome::Abnormal), Some(Sex::Female))
    );
    assert_eq!(
        (heard.height_cm, heard.weight_kg, heard.pregnant),
        (Some(123.0), Some(13.5), Some(false))
    );
    // A category of age is no age.
    assert_eq!(heard.age_years, None);

    assert_eq!(findings(set.named("1400_PV")), "?murmur");
    assert_eq!(set.named("1400_Phc").site, None);
    // Present, but where is not said: nothing is known of the single point.
    assert_eq!(findings(set.named("1500_TV")), "");
}

#[test]
fn a_murmur_is_reported_with_its_attributes_and_read_back() {
    let set = published(DataSet::CirCor2022);
    let facts = Facts::of(set.named("1234_TV"), Mode::Full, None);
    let described: Vec<String> = facts
        .murmurs
        .iter()
        .map(|(finding, attribute)| format!("{finding} {attribute}"))
        .collect();
    assert_eq!(
        described,
        [
            "systolic_murmur timing holosystolic",
            "systolic_murmur shape diamond",
            "systolic_murmur grade III/VI",
            "systolic_murmur pitch high",
            "systolic_murmur quality harsh",
            "diastolic_murmur timing early_diastolic",
            "diastolic_murmur shape decrescendo",
            "diastolic_murmur grade I/IV",
            "diastolic_murmur pitch low",
            "diastolic_murmur quality blowing",
        ]
    );
    for seed in 0..200 {
        let text = Template::new(&facts, Draw::new(seed, &[])).write();
        let found = differences(&text, &facts, Mode::Full);
        assert!(found.is_none(), "{text}\n{found}");
        // Any attribute said wrongly, or not at all, is found.
        for (word, other) in [
            ("harsh", "musical"),
            ("III/VI", "II/VI"),
            ("grade I/IV", "grade II/IV"),
            ("early diastolic", "mid-diastolic"),
            ("blowing", "audible"),
        ] {
            let wrong = differences(&text.replace(word, other), &facts, Mode::Full);
            assert!(!wrong.is_none(), "{text}: {word} as {other}");
        }
    }
    let silent = Facts::of(set.named("1234_AV"), Mode::Full, None);
    let hidden = Facts::of(set.named("1234_TV"), Mode::LabelsHidden, None);
    assert!(silent.murmurs.is_empty() && hidden.murmurs.is_empty());
}

#[test]
fn one_person_of_two_campaigns_is_one_subject() {
    let set = published(DataSet::CirCor2022);
    let (first, second) = (set.named("1234_AV"), set.named("1300_MV_2"));
    assert_eq!(
        (&first.subject, &first.group),
        (&second.subject, &second.group)
    );
    assert_ne!(set.named("1500_TV").subject, first.subject);
}

#[test]
fn the_heart_cycle_is_read_and_what_is_not_annotated_is_left_out() {
    let set = published(DataSet::CirCor2022);
    let recording = set.named("1300_AV");
    let cycle = [
        EventKind::S1,
        EventKind::Systole,
        EventKind::S2,
        EventKind::Diastole,
    ];
    assert_eq!(kinds(recording), cycle.repeat(3));
    assert_eq!(
        (recording.events[0].start_s, recording.events[0].end_s),
        (0.11, 0.23)
    );
}

#[test]
fn a_damaged_text_or_segmentation_leaves_its_recordings_out() {
    let set = published(DataSet::CirCor2022);
    let reading = set.after(|root| {
        let of =
            |name: &str| std::fs::read_to_string(root.join("training_data").join(name)).unwrap();
        let cut = of("1234.txt");
        let cut = cut.split("#Outcome").next().unwrap();
        put(root, "training_data/1234.txt", cut);
        put(
            root,
            "training_data/1500.txt",
            of("1500.txt").replace("I/VI", "IV/VI"),
        );
        put(
            root,
            "training_data/1300_AV.tsv",
            of("1300_AV.tsv").replace("\t3\n", "\t5\n"),
        );
        std::fs::remove_file(root.join("training_data/1400_PV.tsv")).unwrap();
    });
    assert_eq!(reading.located.len(), 3);
    assert_eq!(
        troubles(&reading),
        [
            "1234.txt has no field Outcome",
            "1300_AV.tsv:4 field wave has an unknown value; expected 0, 1, 2, 3 or 4",
            "1400_PV.tsv is not there, so that the recording has no segmentation",
            "1500.txt:13 field Systolic murmur grading has an unknown value; expected I/VI, II/VI or \
             III/VI",
        ]
    );
}
