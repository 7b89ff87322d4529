//! Labelling functions never see gold; labels are deterministic, kept and done once.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use laennec_audio::Signal;
use laennec_corpus::site::{Face, Level, Side, Site};
use laennec_corpus::weak::{
    Column, Evidence, ForeignFinding, ForeignModel, Item, Options, SoundMeasures, functions,
    gather, gold_columns, label, table, votes,
};
use laennec_corpus::{
    DataSet, Domain, Event, EventKind, Finding, Outcome, Presence, Quality, Recording, Sex,
    read_data_folder,
};
use std::collections::BTreeMap;

/// A model that answers by the length of the signal and counts how often it is asked.
struct Counting {
    learned_from: Vec<DataSet>,
    asked: AtomicUsize,
}

impl Counting {
    fn new(learned_from: &[DataSet]) -> Self {
        Self {
            learned_from: learned_from.to_vec(),
            asked: AtomicUsize::new(0),
        }
    }
}

impl ForeignModel for Counting {
    fn name(&self) -> &'static str {
        "counting"
    }

    fn weights(&self) -> &'static str {
        "1"
    }

    fn learned_from(&self) -> &[DataSet] {
        &self.learned_from
    }

    fn findings(&self) -> Vec<ForeignFinding> {
        vec![ForeignFinding {
            finding: Finding::Wheeze,
            domain: Domain::Lung,
            present_at: 0.5,
            absent_below: 0.5,
        }]
    }

    fn probabilities(&self, signal: &Signal) -> Result<Vec<f64>, String> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(vec![f64::from(u8::from(signal.seconds() > 5.0))])
    }
}

/// A recording of which everything is known, gold included.
fn known(data_set: DataSet, domain: Domain, gold: bool) -> Recording {
    let presence = if gold {
        Presence::Present
    } else {
        Presence::Absent
    };
    let mut recording =
        Recording::unlabelled(data_set, domain, format!("id-{gold}"), "group".to_owned());
    recording.site = Some(Site::lung(Side::Left, Some(Level::Lower), Face::Posterior));
    recording.device = Some("diaphragm".to_owned());
    recording.age_years = Some(4.0);
    recording.sex = Some(Sex::Male);
    recording.record_class = Some(if gold { "CAS & DAS" } else { "Normal" }.to_owned());
    recording.findings = Finding::ALL
        .iter()
        .map(|&finding| (finding, presence))
        .collect();
    recording.events = vec![Event {
        start_s: 0.0,
        end_s: 1.0,
        kind: if gold {
            EventKind::WheezeAndCrackle
        } else {
            EventKind::Normal
        },
    }];
    recording.quality = Some(if gold { Quality::Poor } else { Quality::Usable });
    recording.outcome = Some(if gold {
        Outcome::Abnormal
    } else {
        Outcome::Normal
    });
    let healthy = if gold { "asthma" } else { "normal" };
    recording.diagnoses = if gold_columns(data_set).contains(&Column::Diagnoses) {
        vec![healthy.to_owned()]
    } else {
        vec!["pneumonia".to_owned()]
    };
    recording
}

fn evidence(recording: &Recording) -> Evidence {
    Evidence {
        sound: Some(SoundMeasures {
            seconds: 10.0,
            ridge_s: 0.5,
            ridge_db: 20.0,
            high_ridges: 2,
            transients_per_s: 5.0,
            burst: 8,
            rhythm: Some(0.7),
            per_minute: Some(130.0),
            between_db: Some(-5.0),
            ..SoundMeasures::default()
        }),
        opinions: BTreeMap::from([(
            "counting".to_owned(),
            BTreeMap::from([(Finding::Wheeze, 0.9)]),
        )]),
        ..Evidence::of(recording, Some("Wheeze and fine crackles. No murmur."))
    }
}

#[test]
fn no_function_reads_a_gold_column_of_a_set_it_votes_on() {
    let model = Counting::new(&[DataSet::SprSound]);
    let functions = functions(&[&model]);
    assert!(functions.len() > 30);
    let mut voting = 0;
    for data_set in DataSet::ALL {
        for domain in [Domain::Lung, Domain::Heart] {
            for function in &functions {
                let declared = &function.reads;
                if function.votes_on(data_set, domain) {
                    let gold = gold_columns(data_set);
                    let read = declared.iter().find(|column| gold.contains(column));
                    assert_eq!(read, None, "{} on {data_set}", function.name);
                    assert!(!function.learned_from.contains(&data_set));
                }
                // Whatever is declared: when only gold changes, no vote does.
                let vote = |gold| {
                    let recording = known(data_set, domain, gold);
                    function.vote(data_set, domain, &evidence(&recording))
                };
                assert_eq!(vote(true), vote(false), "{} on {data_set}", function.name);
                voting += usize::from(vote(true).is_some());
            }
        }
    }
    assert!(voting > 100, "only {voting} votes were compared");
}

#[test]
fn the_two_labels_of_sprsound_are_both_gold_and_its_own_networks_are_never_asked() {
    for column in [
        Column::RecordClass,
        Column::Events,
        Column::Findings,
        Column::Quality,
    ] {
        assert!(gold_columns(DataSet::SprSound).contains(&column));
    }
    let model = Counting::new(&[DataSet::SprSound]);
    let own = functions(&[&model])
        .into_iter()
        .find(|f| f.name == "model: counting")
        .unwrap();
    let recording = known(DataSet::SprSound, Domain::Lung, true);
    assert_eq!(
        own.vote(DataSet::SprSound, Domain::Lung, &evidence(&recording)),
        None
    );
    assert_eq!(
        own.vote(DataSet::Kauh, Domain::Lung, &evidence(&recording)),
        Some(true)
    );
}

#[test]
fn a_function_is_shown_only_the_columns_it_declares() {
    for function in functions(&[]) {
        let recording = known(DataSet::Kauh, Domain::Lung, true);
        let all = evidence(&recording);
        let shown = all.restricted(&function.reads);
        for column in Column::ALL
            .iter()
            .filter(|column| !function.reads.contains(column))
        {
            let hidden = match column {
                Column::Age => shown.age_years.is_none(),
                Column::Sex => shown.sex.is_none(),
                Column::Site => shown.site.is_none(),
                Column::Device => shown.device.is_none(),
                Column::Diagnoses => shown.diagnoses.is_empty(),
                Column::Note => shown.note.is_none(),
                Column::Sound => shown.sound.is_none() && shown.opinions.is_empty(),
                _ => true,
            };
            assert!(hidden, "{} sees {column}", function.name);
        }
        let domain = function.domain;
        assert_eq!(
            function.vote(DataSet::Kauh, domain, &all),
            function.vote(DataSet::Kauh, domain, &shown)
        );
    }
}

#[test]
fn every_function_votes_and_states_its_reason() {
    let model = Counting::new(&[]);
    let mut young = known(DataSet::Kauh, Domain::Lung, true);
    let mut old = young.clone();
    young.diagnoses = vec!["asthma".to_owned()];
    old.age_years = Some(80.0);
    old.diagnoses = vec!["heart_failure".to_owned()];
    for function in functions(&[&model]) {
        assert!(!function.reason.is_empty() && !function.reads.is_empty());
        let note = format!("There is {}.", function.finding.word().replace('_', " "));
        let cast = [&young, &old].into_iter().any(|recording| {
            let mut evidence = evidence(recording);
            evidence.note = Some(note.clone());
            // A weak rhythm, for the rule that looks for one.
            for rhythm in [0.1, 0.9] {
                evidence.sound.as_mut().unwrap().rhythm = Some(rhythm);
                if function
                    .vote(DataSet::Kauh, function.domain, &evidence)
                    .is_some()
                {
                    return true;
                }
            }
            false
        });
        let spoken = function.name == "note"
            && matches!(
                function.finding,
                Finding::Adventitious
                    | Finding::Continuous
                    | Finding::Discontinuous
                    | Finding::AbnormalHeart
                    | Finding::Arrhythmia
            );
        assert!(
            cast || spoken,
            "{} never votes on {}",
            function.name,
            function.finding
        );
    }
}

/// Twelve recordings of SPRSound and KAUH that lie on the disk, and their paths.
fn real() -> Option<Vec<laennec_corpus::Located>> {
    let Some(data) = std::env::var_os("LAENNEC_DATA") else {
        eprintln!("skipped: LAENNEC_DATA is not set");
        return None;
    };
    let located = read_data_folder(Path::new(&data)).unwrap().located;
    let of = |data_set| {
        let all = located
            .iter()
            .filter(move |one| one.recording.data_set == data_set);
        all.step_by(37).take(6).cloned()
    };
    Some(of(DataSet::SprSound).chain(of(DataSet::Kauh)).collect())
}

#[test]
fn labels_are_the_same_again_and_sounds_are_heard_once() {
    let Some(located) = real() else { return };
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("cache/evidence.jsonl");
    let items: Vec<Item<'_>> = located
        .iter()
        .map(|one| Item {
            recording: &one.recording,
            path: Some(&one.path),
            note: None,
        })
        .collect();
    let model = Counting::new(&[DataSet::SprSound]);
    let options = Options {
        models: &[&model],
        kept: Some(&kept),
        ..Options::default()
    };
    let first = label(&items, &options).unwrap();
    // KAUH alone: the other set is what the model learned from.
    assert_eq!(model.asked.load(Ordering::Relaxed), 6);
    assert!(
        first
            .labels
            .iter()
            .all(|label| (0.0..=1.0).contains(&label.probability))
    );
    assert!(first.labels.iter().all(|label| !label.votes.is_empty()));
    let voted = |name: &str, data_set| {
        let mut labels = first
            .labels
            .iter()
            .filter(|label| label.data_set == data_set);
        labels.any(|label| label.votes.iter().any(|(function, _)| function == name))
    };
    assert!(voted("model: counting", DataSet::Kauh));
    assert!(!voted("model: counting", DataSet::SprSound));
    assert!(voted("diagnosis: any", DataSet::Kauh));
    assert!(voted("age: wheeze", DataSet::SprSound));

    // Half a line, as an interrupted run leaves it, is measured again.
    let text = std::fs::read_to_string(&kept).unwrap();
    assert_eq!(text.lines().count(), 18);
    std::fs::write(&kept, &text[..text.len() - 20]).unwrap();
    let again = label(&items, &options).unwrap();
    assert_eq!(first, again);
    assert!(model.asked.load(Ordering::Relaxed) <= 7);
    // Without the sounds, what was kept is enough.
    let silent: Vec<Item<'_>> = items
        .iter()
        .map(|item| Item {
            path: None,
            ..*item
        })
        .collect();
    assert_eq!(label(&silent, &options).unwrap(), first);

    let stored = [
        folder.path().join("a.parquet"),
        folder.path().join("b.parquet"),
    ];
    for path in &stored {
        table::write(path, &first).unwrap();
        assert_eq!(table::read(path).unwrap(), first.labels);
    }
    assert_eq!(
        std::fs::read(&stored[0]).unwrap(),
        std::fs::read(&stored[1]).unwrap()
    );
    for bytes in [
        std::fs::read(&stored[0]).unwrap(),
        std::fs::read(&kept).unwrap(),
    ] {
        let text = String::from_utf8_lossy(&bytes);
        for one in &located {
            let stem = one.path.file_stem().unwrap().to_str().unwrap();
            assert!(!text.contains(stem), "a file name is stored");
        }
    }
    let other = std::fs::write(&stored[1], "text");
    assert!(other.is_ok() && table::read(&stored[1]).is_err());
}

#[test]
fn changing_gold_changes_no_label() {
    let Some(located) = real() else { return };
    let mut changed = located.clone();
    for one in &mut changed {
        one.recording.record_class = Some("Normal".to_owned());
        one.recording.findings = vec![(Finding::Wheeze, Presence::Present)];
        one.recording.events.clear();
        one.recording.quality = None;
    }
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("evidence.jsonl");
    let options = Options {
        kept: Some(&kept),
        ..Options::default()
    };
    let of = |located: &[laennec_corpus::Located]| {
        let items: Vec<Item<'_>> = located
            .iter()
            .map(|one| Item {
                recording: &one.recording,
                path: Some(&one.path),
                note: None,
            })
            .collect();
        let evidence = gather(&items, &options).unwrap();
        let cast: Vec<_> = votes(&items, &evidence, &[])
            .unwrap()
            .into_iter()
            .map(|finding| (finding.finding, finding.domains))
            .collect();
        (cast, label(&items, &options).unwrap())
    };
    assert_eq!(of(&located), of(&changed));
}
