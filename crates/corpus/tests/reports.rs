//! Files of reports: what a language model writes passes, is tried again or falls to the template;
//! runs go on where they stopped, and do nothing where nothing changed.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use laennec_corpus::facts::{Mode, Signal};
use laennec_corpus::reports::{Company, Options, Report, Table, write};
use laennec_corpus::verify::differences;
use laennec_corpus::{
    DataSet, Domain, Error, EventKind, Finding, GenerateError, Generated, Presence, Prompt,
    Recording, Sex, TextGenerator, Tokens, ids,
};

/// Recordings of children's lungs, every second one with fine crackles.
fn recordings(count: usize) -> Vec<Recording> {
    (0..count)
        .map(|n| {
            let subject = ids::subject(DataSet::SprSound, &n.to_string());
            let id = ids::recording(DataSet::SprSound, &n.to_string());
            let present = if n % 2 == 0 {
                Presence::Present
            } else {
                Presence::Absent
            };
            Recording {
                subject: Some(subject.clone()),
                site: "left_posterior".parse().ok(),
                seconds: 9.2,
                record_class: Some(if n % 2 == 0 { "DAS" } else { "Normal" }.to_owned()),
                findings: vec![
                    (Finding::Adventitious, present),
                    (Finding::Continuous, Presence::Absent),
                    (Finding::Discontinuous, present),
                    (Finding::FineCrackle, present),
                ],
                events: if n % 2 == 0 {
                    vec![laennec_corpus::Event {
                        start_s: 1.0,
                        end_s: 2.5,
                        kind: EventKind::FineCrackle,
                    }]
                } else {
                    Vec::new()
                },
                sex: Some(Sex::Female),
                age_years: Some(4.0),
                diagnoses: vec!["asthma".to_owned()],
                ..Recording::unlabelled(DataSet::SprSound, Domain::Lung, id, subject)
            }
        })
        .collect()
}

/// Answers by the number of the question.
struct Scripted<F: Fn(usize, &str) -> Option<String> + Sync> {
    asked: AtomicUsize,
    answer: F,
    at_once: usize,
}

impl<F: Fn(usize, &str) -> Option<String> + Sync> Scripted<F> {
    fn new(at_once: usize, answer: F) -> Self {
        Self {
            asked: AtomicUsize::new(0),
            answer,
            at_once,
        }
    }
}

impl<F: Fn(usize, &str) -> Option<String> + Sync> TextGenerator for Scripted<F> {
    fn name(&self) -> String {
        "scripted".to_owned()
    }

    fn concurrency(&self) -> usize {
        self.at_once
    }

    fn generate(&self, prompt: &Prompt<'_>) -> Result<Generated, GenerateError> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        let text = (self.answer)(number, prompt.user);
        let tokens = Tokens {
            read: 10,
            written: 3,
        };
        text.map(|text| Generated { text, tokens })
            .ok_or_else(|| GenerateError {
                model: self.name(),
                reason: "out of service".to_owned(),
            })
    }
}

/// The report that a prompt asks to be reworded.
fn given(prompt: &str) -> String {
    prompt.split("Report: ").nth(1).unwrap().to_owned()
}

fn run(
    path: &Path,
    recordings: &[Recording],
    mode: Mode,
    generator: Option<&dyn TextGenerator>,
) -> Result<(Table, bool), Error> {
    let options = Options {
        mode,
        seed: 3,
        tries: 3,
    };
    let quiet: &(dyn Fn(&Recording) -> Option<Signal> + Sync) = &|_| None;
    let company = Company {
        listen: quiet,
        generator,
        progress: &|_| {},
        refused: &|_, _, _| {},
    };
    write(path, recordings, &options, company).map(|written| (written.table, written.unchanged))
}

fn lines(path: &Path) -> Vec<Report> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn the_template_writes_the_same_bytes_and_then_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (
        folder.path().join("one.jsonl"),
        folder.path().join("two.jsonl"),
    );
    let recordings = recordings(40);
    let (table, unchanged) = run(&one, &recordings, Mode::Full, None).unwrap();
    assert!(!unchanged);
    assert_eq!(table.total().template, 40);
    assert!(table.distinct >= 39, "{table:?}");
    run(&two, &recordings, Mode::Full, None).unwrap();
    assert_eq!(std::fs::read(&one).unwrap(), std::fs::read(&two).unwrap());
    let (again, unchanged) = run(&one, &recordings, Mode::Full, None).unwrap();
    assert!(unchanged);
    assert_eq!(again, table);
    // A file that was edited is written anew.
    std::fs::write(&one, "").unwrap();
    let (_, unchanged) = run(&one, &recordings, Mode::Full, None).unwrap();
    assert!(!unchanged);
    assert_eq!(std::fs::read(&one).unwrap(), std::fs::read(&two).unwrap());
    for report in lines(&one) {
        assert!(
            differences(&report.text, &report.facts, report.mode).is_none(),
            "{}",
            report.text
        );
    }
}

#[test]
fn a_text_that_differs_is_never_stored() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reports.jsonl");
    let recordings = recordings(3);
    // First report: passes at once. Second: passes at the third try. Third: never.
    let script = Scripted::new(1, |number, prompt| {
        Some(match number {
            0 => format!("\"Report: {}\"", given(prompt).replace(". ", ".  ")),
            3 => given(prompt),
            1 => "Error: rate limit exceeded".to_owned(),
            2 => format!("{} A wheeze is heard.", given(prompt)),
            _ => "The patient should be treated.".to_owned(),
        })
    });
    let (table, _) = run(&path, &recordings, Mode::Full, Some(&script)).unwrap();
    let total = table.total();
    assert_eq!(
        (total.passed.as_slice(), total.fallen, total.template),
        (&[1, 0, 1][..], 1, 0)
    );
    assert_eq!(
        table.tokens,
        Tokens {
            read: 70,
            written: 21
        }
    );
    assert!(table.refused.contains_key("finding") && table.refused.contains_key("beyond"));
    let reports = lines(&path);
    let sources: Vec<&str> = reports
        .iter()
        .map(|report| report.source.as_str())
        .collect();
    assert_eq!(sources, ["scripted", "scripted", "template"]);
    assert_eq!(
        reports
            .iter()
            .map(|report| report.tries)
            .collect::<Vec<_>>(),
        [1, 3, 3]
    );
    for report in reports {
        assert!(
            differences(&report.text, &report.facts, report.mode).is_none(),
            "{}",
            report.text
        );
    }
}

#[test]
fn a_run_that_was_cut_short_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reports.jsonl");
    let recordings = recordings(10);
    let failing = Scripted::new(1, |number, prompt| (number < 4).then(|| given(prompt)));
    let failure = run(&path, &recordings, Mode::Full, Some(&failing)).unwrap_err();
    assert!(failure.to_string().contains("out of service"), "{failure}");
    assert!(!path.exists());
    // The end of the partial file is damaged, as by a machine that went down.
    let partial = folder.path().join("reports.jsonl.partial");
    let mut bytes = std::fs::read(&partial).unwrap();
    bytes.truncate(bytes.len() - 20);
    std::fs::write(&partial, bytes).unwrap();
    let working = Scripted::new(4, |_, prompt| Some(given(prompt)));
    let (table, _) = run(&path, &recordings, Mode::Full, Some(&working)).unwrap();
    assert_eq!((table.kept, working.asked.load(Ordering::SeqCst)), (3, 7));
    assert_eq!(table.total().passed, [10]);
    assert_eq!(table.total().copied, 10);
    assert!(!partial.exists());
    // One recording changes: only its report is written.
    let mut changed = recordings;
    changed[2].sex = Some(Sex::Male);
    let (table, _) = run(&path, &changed, Mode::Full, Some(&working)).unwrap();
    assert_eq!((table.kept, working.asked.load(Ordering::SeqCst)), (9, 8));
}

#[test]
fn labels_hidden_reports_do_not_depend_on_the_labels() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (
        folder.path().join("one.jsonl"),
        folder.path().join("two.jsonl"),
    );
    let plain = recordings(30);
    let mut other = plain.clone();
    for recording in &mut other {
        recording.findings = vec![(Finding::PoorSignal, Presence::Present)];
        recording.quality = Some(laennec_corpus::Quality::Poor);
        recording.events.clear();
        recording.record_class = Some("Poor Quality".to_owned());
        recording.diagnoses = vec!["pneumonia".to_owned()];
        recording.seconds = 4.4;
    }
    run(&one, &plain, Mode::LabelsHidden, None).unwrap();
    run(&two, &other, Mode::LabelsHidden, None).unwrap();
    let texts = |path: &Path| -> Vec<String> {
        lines(path).into_iter().map(|report| report.text).collect()
    };
    assert_eq!(texts(&one), texts(&two));
    assert!(
        lines(&one)
            .iter()
            .all(|report| report.facts.findings.is_empty())
    );
}
