//! The accuracy report from the shipped bundle on a part of the real data sets: it is whole, names
//! no recording, and is the same each time.
//!
//! Needs `LAENNEC_DATA`, `LAENNEC_MODELS` and `models/ear`; skipped without them.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests: a panic is how a test fails, and a skipped one says so"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use laennec_assistant::Listener;
use laennec_assistant::bundle::{INDEX, open};
use laennec_corpus::split::{SplitPlan, assign};
use laennec_corpus::{DataSet, Located, OfficialSplit, Split, read};
use laennec_eval::accuracy::{Inputs, MARKER, Networks, Page, page};
use laennec_eval::embed::EmbeddingCache;
use laennec_eval::intervals::Bootstrap;

fn folder(variable: &str) -> Option<PathBuf> {
    let found = std::env::var_os(variable).map(PathBuf::from);
    if found.is_none() {
        println!("skipped: {variable} is not set");
    }
    found
}

/// Recordings with splits, of which `keep` keeps some by their place and split.
fn some_of(data: &Path, data_set: DataSet, keep: impl Fn(usize, &Located) -> bool) -> Vec<Located> {
    let reading = read(data_set, &data.join(data_set.folder_name())).unwrap();
    let mut recordings = reading.recordings();
    assign(&mut recordings, &SplitPlan::new(1, reading.validation)).unwrap();
    let all = recordings.into_iter().zip(reading.located);
    all.map(|(recording, located)| Located {
        recording,
        path: located.path,
    })
    .enumerate()
    .filter(|(index, located)| located.recording.split.is_some() && keep(*index, located))
    .map(|(_, located)| located)
    .collect()
}

/// A few patients of each split of SPRSound, and every third recording of two heart databases.
fn subset(data: &Path) -> Vec<Located> {
    let mut patients: [BTreeSet<String>; 2] = Default::default();
    for located in some_of(data, DataSet::SprSound, |_, _| true) {
        let side = usize::from(located.recording.split == Some(Split::Validation));
        patients[side].insert(located.recording.group.clone());
    }
    let chosen: BTreeSet<String> = patients
        .iter()
        .zip([40, 20])
        .flat_map(|(all, most)| all.iter().take(most).cloned())
        .collect();
    let mut recordings = some_of(data, DataSet::SprSound, |_, located| {
        chosen.contains(&located.recording.group)
    });
    recordings.extend(some_of(data, DataSet::PhysioNet2016, |index, located| {
        let database = located.recording.device.as_deref();
        index % 3 == 0 && matches!(database, Some("training-a" | "training-e"))
    }));
    // As they would lie in a folder that has more: the official test, a set that nothing learned
    // from, and a database that reserves nothing.
    for located in &mut recordings {
        let recording = &mut located.recording;
        if recording.split == Some(Split::Validation) && recording.data_set == DataSet::SprSound {
            recording.official_split = Some(OfficialSplit::Test);
        }
    }
    let mut others = some_of(data, DataSet::Kauh, |index, _| index % 9 == 0);
    for located in &mut others {
        located.recording.data_set = DataSet::Custom;
    }
    recordings.extend(others);
    let mut new = some_of(data, DataSet::PhysioNet2016, |_, located| {
        located.recording.device.as_deref() == Some("training-c")
    });
    for located in &mut new {
        located.recording.device = Some("training-new".to_owned());
        located.recording.split = Some(Split::Train);
    }
    recordings.extend(new);
    recordings
}

#[test]
fn the_report_is_whole_and_names_nobody() {
    let (Some(data), Some(models)) = (folder("LAENNEC_DATA"), folder("LAENNEC_MODELS")) else {
        return;
    };
    let bundle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/ear");
    if !bundle.join(INDEX).is_file() {
        println!("skipped: models/ear has no {INDEX}");
        return;
    }
    let ear = open(&bundle.as_path()).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let cache = EmbeddingCache::open(scratch.path(), &models.join("mn04_as.safetensors")).unwrap();
    let recordings = subset(&data);
    let make = || -> Page {
        page(&Inputs {
            recordings: &recordings,
            ear: &ear,
            left_out: &[],
            cache: &cache,
            bootstrap: Bootstrap {
                resamples: 100,
                ..Bootstrap::default()
            },
            progress: &|_, _, _| {},
        })
        .unwrap()
    };
    let first = make();
    let text = &first.markdown;
    assert!(text.starts_with(MARKER));
    assert!(text.contains(&ear.card().sha256));
    for section in [
        "## Data",
        "## Lung sounds",
        "## SPRSound's official test",
        "## Data sets that the bundle never learned from",
        "| training-new ",
        "## Timeline",
        "## Heart sounds",
        "## Domain",
        "## Signal quality",
        "## Answers",
        "## Reliability",
        "## Other class shares",
        "## Limits",
    ] {
        assert!(text.contains(section), "{section}");
    }
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
    let validates = |l: &&Located| l.recording.split == Some(Split::Validation);
    let lung = recordings.iter().filter(validates);
    let lung = lung.filter(|l| l.recording.data_set == DataSet::SprSound);
    assert!(
        text.contains(&format!(" {} / 20 |", lung.count())),
        "{text}"
    );
    for located in &recordings {
        let stem = located.path.file_stem().unwrap().to_string_lossy();
        for name in [
            stem.as_ref(),
            located.recording.id.as_str(),
            located.recording.group.as_str(),
        ] {
            assert!(!text.contains(name), "{name}");
        }
    }
    for (name, svg) in &first.figures {
        assert!(text.contains(&format!("figures/{name}")), "{name}");
        assert!(
            svg.starts_with("<svg") && svg.contains("<polyline"),
            "{name}"
        );
    }
    assert_eq!(first, make());
}

#[test]
fn networks_are_measured_alone_and_together() {
    let Some(data) = folder("LAENNEC_DATA") else {
        return;
    };
    let bundle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/ear");
    let file = |name: &str| {
        let bytes = std::fs::read(bundle.join(name)).unwrap();
        (bytes, name.to_owned())
    };
    let validates = |located: &Located| located.recording.split == Some(Split::Validation);
    let children: BTreeSet<String> = some_of(&data, DataSet::SprSound, |_, one| validates(one))
        .into_iter()
        .map(|located| located.recording.group)
        .collect();
    let few: BTreeSet<String> = children.into_iter().take(6).collect();
    let mut recordings = some_of(&data, DataSet::SprSound, |_, located| {
        few.contains(&located.recording.group)
    });
    recordings.extend(some_of(&data, DataSet::PhysioNet2016, |index, located| {
        index % 2 == 0 && validates(located)
    }));
    let bootstrap = Bootstrap {
        resamples: 50,
        ..Bootstrap::default()
    };
    let table = |names: &[&str]| {
        let files: Vec<_> = names.iter().map(|name| file(name)).collect();
        let networks = Networks::from_bytes(&files).unwrap();
        let table = networks.table(&recordings, bootstrap, &|_, _, _| {});
        table.unwrap().to_markdown()
    };
    let hearts = table(&["heart-1.safetensors", "heart-2.safetensors"]);
    let head = hearts.lines().next().unwrap();
    assert!(
        head.contains("| heart-2.safetensors") && head.contains("| mean"),
        "{hearts}"
    );
    assert!(hearts.contains("| AUROC training-a"), "{hearts}");
    let lung = table(&["lung-1.safetensors"]);
    assert!(!lung.contains("mean"), "one network has no mean: {lung}");
    let segments = lung
        .lines()
        .find(|line| line.contains("AUROC segments"))
        .unwrap();
    let area: f64 = segments.split('|').nth(3).unwrap().trim()[..5]
        .parse()
        .unwrap();
    assert!(area > 0.85, "{segments}");
    let mixed = [file("lung-1.safetensors"), file("heart-1.safetensors")];
    assert!(Networks::from_bytes(&mixed).is_err());
}
