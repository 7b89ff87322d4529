//! Instructions and preferences of real recordings, or of made-up ones where there are none.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use laennec_corpus::facts::{Facts, Mode};
use laennec_corpus::instructions::{self, Instruction, Length, MOST_PAIRS, Task};
use laennec_corpus::preferences::{self, Attribute, Preference};
use laennec_corpus::verify::{Claim, claims, read, refuted};
use laennec_corpus::{Presence, Recording};
use serde::de::DeserializeOwned;

fn lines<T: DeserializeOwned>(path: &Path) -> Vec<T> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn facts(recordings: &[Recording]) -> HashMap<&str, Facts> {
    recordings
        .iter()
        .map(|one| (one.id.as_str(), Facts::of(one, Mode::Full, None)))
        .collect()
}

#[test]
#[allow(
    clippy::too_many_lines,
    reason = "one corpus is made and every property of it looked at"
)]
fn instructions_are_true_balanced_and_many() {
    let recordings = common::recordings();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("instructions.jsonl");
    let options = instructions::Options { seed: 5 };
    let id = |recording: &Recording| recording.id.clone();
    let written = instructions::write(&path, &recordings, options, &id).unwrap();
    let table = &written.table;
    let pairs: Vec<Instruction> = lines(&path);
    assert_eq!(table.pairs(), pairs.len());
    if common::has_data() {
        assert!(pairs.len() >= 15_000, "{}", pairs.len());
        assert_eq!(table.tasks.len(), Task::ALL.len());
    }
    let by_id: HashMap<&str, &Recording> = recordings
        .iter()
        .map(|one| (one.id.as_str(), one))
        .collect();
    let facts = facts(&recordings);
    let mut uses: HashMap<&str, usize> = HashMap::new();
    let mut styles: BTreeMap<(Task, &str), BTreeMap<&str, usize>> = BTreeMap::new();
    let mut polar: BTreeMap<(String, &str), [usize; 2]> = BTreeMap::new();
    for pair in &pairs {
        let all = &facts[pair.filename.as_str()];
        assert_eq!(pair.split, by_id[pair.filename.as_str()].split);
        *uses.entry(&pair.filename).or_default() += 1;
        *styles
            .entry((pair.task, &pair.class))
            .or_default()
            .entry(pair.style.word())
            .or_default() += 1;
        assert_eq!(pair.length_class, Length::of(&pair.response));
        if let Some(second) = &pair.second_filename {
            *uses.entry(second).or_default() += 1;
            let (one, two) = (by_id[pair.filename.as_str()], by_id[second.as_str()]);
            assert_eq!((one.split, one.data_set), (two.split, two.data_set));
            assert_ne!(one.id, two.id);
            if pair.length_class == Length::Long {
                let at = pair.response.find("In the second").unwrap();
                let (first, rest) = pair.response.split_at(at);
                assert_eq!(refuted(first, all), [], "{}", pair.response);
                assert_eq!(
                    refuted(rest, &facts[second.as_str()]),
                    [],
                    "{}",
                    pair.response
                );
            }
        } else {
            assert_eq!(
                refuted(&pair.response, all),
                [],
                "{} {}",
                pair.instruction,
                pair.response
            );
            let known = claims(all);
            let unknown = read(&pair.response).into_iter().find(|claim| {
                matches!(
                    claim,
                    Claim::Finding(..) | Claim::Site(_) | Claim::Phase(..) | Claim::Time(..)
                ) && !known.contains(claim)
            });
            assert_eq!(unknown, None, "{} {}", pair.instruction, pair.response);
        }
        if pair.task == Task::Classification {
            let (asked, answer) = pair.class.rsplit_once(':').unwrap();
            let key = (
                format!("{} {:?} {asked}", pair.dataset, pair.split),
                pair.task.word(),
            );
            polar.entry(key).or_default()[usize::from(answer == "yes")] += 1;
            assert_eq!(
                pair.response.starts_with("Yes"),
                answer == "yes",
                "{}",
                pair.response
            );
        }
    }
    assert!(uses.values().all(|&count| count <= MOST_PAIRS));
    assert_eq!(uses.values().max(), Some(&table.most));
    for ((task, class), styles) in styles.iter().filter(|(_, styles)| styles.len() > 3) {
        let counts: Vec<usize> = styles.values().copied().collect();
        let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
        assert!(most - least <= 1, "{task} {class} {styles:?}");
    }
    // Those that a recording cannot hold because of its limit may be missing.
    for (asked, [no, yes]) in polar.iter().filter(|(_, [no, yes])| no + yes >= 40) {
        let share = *yes as f64 / (no + yes) as f64;
        assert!((0.35..=0.65).contains(&share), "{asked:?} {no} {yes}");
    }
    let facts: HashSet<(&str, &str, Option<&str>)> = pairs
        .iter()
        .map(|pair| {
            (
                pair.filename.as_str(),
                pair.fact.as_str(),
                pair.second_filename.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        table.tasks.values().map(|row| row.facts).sum::<usize>(),
        facts.len()
    );
    for row in table.tasks.values() {
        assert!(row.gold <= row.pairs && row.facts <= row.pairs);
    }
    assert_eq!(table.tasks[&Task::Reasoning].gold, 0);

    let bytes = std::fs::read(&path).unwrap();
    let again = instructions::write(&path, &recordings, options, &id).unwrap();
    assert!(again.unchanged && &again.table == table);
    let other = folder.path().join("other.jsonl");
    instructions::write(&other, &recordings, options, &id).unwrap();
    assert!(
        bytes == std::fs::read(&other).unwrap(),
        "same seed, same bytes"
    );
}

#[test]
fn every_near_miss_is_false_and_every_chosen_answer_true() {
    let recordings = common::recordings();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("preferences.jsonl");
    let options = preferences::Options { seed: 5 };
    let id = |recording: &Recording| recording.id.clone();
    let written = preferences::write(&path, &recordings, options, &id).unwrap();
    let pairs: Vec<Preference> = lines(&path);
    assert_eq!(written.table.pairs(), pairs.len());
    let facts = facts(&recordings);
    let mut seen = BTreeSet::new();
    for pair in &pairs {
        seen.insert(pair.attribute);
        let all = &facts[pair.filename.as_str()];
        let (chosen, rejected) = (read(&pair.response_chosen), read(&pair.response_rejected));
        assert_eq!(
            refuted(&pair.response_chosen, all),
            [],
            "{}",
            pair.response_chosen
        );
        let wrong = refuted(&pair.response_rejected, all);
        assert!(!wrong.is_empty(), "{}", pair.response_rejected);
        // Nothing but the attribute differs.
        let kinds: BTreeSet<&str> = chosen
            .symmetric_difference(&rejected)
            .map(Claim::kind)
            .filter(|kind| *kind != "organ")
            .collect();
        let allowed: &[&str] = match pair.attribute {
            Attribute::Presence => &["finding"],
            // What is said of the finding is said of the other one.
            Attribute::Type => &["finding", "time"],
            Attribute::Phase => &["phase"],
            Attribute::Site => &["site"],
            Attribute::Time => &["time", "number"],
        };
        assert!(
            kinds.iter().all(|kind| allowed.contains(kind)),
            "{pair:?} {kinds:?}"
        );
        let right = if pair.attribute == Attribute::Type {
            "finding"
        } else {
            allowed[0]
        };
        assert!(
            wrong.iter().any(|claim| claim.kind() == right),
            "{pair:?} {wrong:?}"
        );
    }
    if common::has_data() {
        assert_eq!(seen.len(), Attribute::ALL.len(), "{seen:?}");
        assert!(pairs.len() >= 5000, "{}", pairs.len());
    }
    assert!(pairs.len() > 50);
    let again = preferences::write(&path, &recordings, options, &id).unwrap();
    assert!(again.unchanged && again.table == written.table);
    // The rule needs a fact to refute: a recording of which nothing is known gives no pair.
    let bare: Vec<Recording> = recordings
        .iter()
        .take(20)
        .map(|one| Recording {
            findings: vec![(laennec_corpus::Finding::Wheeze, Presence::Uncertain)],
            events: Vec::new(),
            site: None,
            record_class: None,
            ..one.clone()
        })
        .collect();
    let none = folder.path().join("none.jsonl");
    assert_eq!(
        preferences::write(&none, &bare, options, &id)
            .unwrap()
            .table
            .pairs(),
        0
    );
}
