//! Coswara, COUGHVID and the UK COVID-19 Vocal Audio Dataset.

use laennec_corpus::{DataSet, Domain, Manoeuvre, OfficialSplit, Quality, Sex};

use super::fixture_tree::put;
use super::tree::published;
use super::{findings, troubles};

#[test]
fn coswara_keeps_breath_and_cough_and_leaves_voices_out() {
    let set = published(DataSet::Coswara);
    assert_eq!(troubles(&set.reading), [""; 0]);
    let counts = set.reading.counts[&DataSet::Coswara];
    assert_eq!((counts.recordings, counts.subjects), (6, 3));
    let person = "madeUpVolunteer0000000000002";
    let cough = set.named(&format!("{person}_cough-heavy"));
    assert_eq!(
        (cough.domain, cough.manoeuvre),
        (Domain::Other, Some(Manoeuvre::Cough))
    );
    assert_eq!(
        (cough.record_class.as_deref(), cough.quality),
        (Some("positive_mild"), Some(Quality::Poor))
    );
    assert_eq!(
        (cough.sex, cough.age_years, cough.smoker),
        (Some(Sex::Female), Some(90.0), Some(true))
    );
    assert_eq!(cough.diagnoses, ["asthma"]);
    let breath = set.named(&format!("{person}_breathing-shallow"));
    assert_eq!(
        (breath.manoeuvre, breath.quality),
        (Some(Manoeuvre::Breathing), None)
    );
    assert_eq!(breath.subject, cough.subject);
    let stored = serde_json::to_string(&set.reading.recordings()).unwrap();
    for text in ["Town", "Nowhere", "2099", "madeUp"] {
        assert!(!stored.contains(text), "{text} is kept");
    }

    let reading = set.after(|root| {
        let text = std::fs::read_to_string(root.join("combined_data.csv")).unwrap();
        put(
            root,
            "combined_data.csv",
            text.replace("positive_mild", "positive"),
        );
        std::fs::remove_dir_all(root.join("Extracted_data/20990424")).unwrap();
    });
    assert_eq!(reading.located.len(), 1);
    assert_eq!(
        troubles(&reading),
        [
            "combined_data.csv:2 no audio file of this name (wav, flac, mp3, ogg, aiff, m4a)",
            "combined_data.csv:3 field covid_status has an unknown value; expected a documented status",
            "cough-heavy_labels.csv names 2 entries for which there is no recording",
            "madeUpVolunteer0000000000002 has no readable row in combined_data.csv",
        ]
    );
}

#[test]
fn coughvid_asks_all_experts() {
    let set = published(DataSet::Coughvid);
    assert_eq!(troubles(&set.reading), [""; 0]);
    let [plain, heard, poor] =
        [1, 2, 3].map(|number| set.named(&format!("00000000-0000-4000-8000-00000000000{number}")));
    assert_eq!((findings(plain).as_str(), plain.quality), ("", None));
    assert_eq!(
        (plain.record_class.as_deref(), plain.age_years),
        (Some("healthy"), Some(15.0))
    );
    assert_eq!(
        (findings(heard).as_str(), heard.quality),
        ("+wheeze ?stridor", Some(Quality::Usable))
    );
    assert_eq!(
        (heard.sex, heard.age_years),
        (Some(Sex::Female), Some(90.0))
    );
    assert_eq!(
        (findings(poor).as_str(), poor.quality),
        ("-wheeze -stridor", Some(Quality::Poor))
    );
    assert_eq!((poor.record_class.as_deref(), poor.sex), (None, None));

    let reading = set.after(|root| {
        let text = std::fs::read_to_string(root.join("metadata_compiled.csv")).unwrap();
        put(
            root,
            "metadata_compiled.csv",
            text.replace(",good,", ",great,").replace(",15,", ",150,"),
        );
    });
    assert_eq!(
        troubles(&reading),
        [
            "metadata_compiled.csv:2 field age has an unknown value; expected years, 0 to 130",
            "metadata_compiled.csv:3 field quality has an unknown value; expected good, ok, poor or \
             no_cough",
        ]
    );
}

#[test]
fn uk_covid19_joins_three_tables() {
    let set = published(DataSet::UkCovid19);
    assert_eq!(troubles(&set.reading), [""; 0]);
    let counts = set.reading.counts[&DataSet::UkCovid19];
    assert_eq!((counts.recordings, counts.subjects), (5, 3));
    let exhalation = set.named("madeup-1-exhalation");
    assert_eq!(exhalation.manoeuvre, Some(Manoeuvre::Exhalation));
    assert_eq!(
        (
            exhalation.record_class.as_deref(),
            exhalation.official_split
        ),
        (Some("positive"), Some(OfficialSplit::Train))
    );
    assert_eq!(exhalation.diagnoses, ["asthma", "covid_19"]);
    assert_eq!(exhalation.subject, set.named("madeup-1-three").subject);
    let cough = set.named("madeup-2-cough");
    assert_eq!(
        (cough.manoeuvre, cough.age_years),
        (Some(Manoeuvre::Cough), Some(90.0))
    );
    let void = set.named("madeup-3-exhalation");
    assert_eq!(
        (void.record_class.as_deref(), void.sex, void.official_split),
        (None, None, Some(OfficialSplit::Test))
    );

    let reading = set.after(|root| {
        put(root, "train_test_splits.csv", "participant_identifier,splits\nMADEUP0000000001,train\nMADEUP0000000001,test\nMADEUP0000000002,x\n");
    });
    assert_eq!(reading.located.len(), 3);
    assert_eq!(
        troubles(&reading),
        [
            "audio_metadata.csv:3 has no readable row in train_test_splits.csv",
            "audio_metadata.csv:4 has no readable row in train_test_splits.csv",
            "train_test_splits.csv:3 describes a recording that was read before",
            "train_test_splits.csv:4 field splits has an unknown value; expected train, val, test or \
             long",
        ]
    );
}
