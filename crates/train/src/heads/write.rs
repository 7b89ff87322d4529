//! The bundle's files.
//!
//! In: weights, heads, card. Out: a folder, complete or not there at all.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use laennec_assistant::{
    BundleCard, ClassCount, TrainingSource,
    bundle::{FORMAT, FileEntry, Files, Heads, INDEX, Index, Provenance, sha256},
};
use laennec_corpus::{DataSet, Domain, Located, Recording, Split, vocabulary};

use super::HeadsRun;
use crate::{Error, error::io, folder::replace};

/// Writes the bundle beside and renames it into place; an older one of that name is replaced.
pub(super) fn bundle(
    run: &HeadsRun<'_>,
    lung: &[Vec<u8>],
    heart: &[Vec<u8>],
    heads: &Heads,
    card: BundleCard,
) -> Result<PathBuf, Error> {
    let heads = serde_json::to_vec(heads).expect("plain data serialises");
    let numbered = |what: &'static str, networks| {
        let named = move |(i, bytes): (usize, _)| (format!("{what}-{}.safetensors", i + 1), bytes);
        <[Vec<u8>]>::iter(networks)
            .map(Vec::as_slice)
            .enumerate()
            .map(named)
    };
    let mut files: Vec<(String, &[u8])> = numbered("lung", lung).collect();
    files.extend(numbered("heart", heart));
    files.push(("heads.json".into(), &heads));
    let mut entries = files.iter().map(|(name, bytes)| FileEntry {
        name: name.clone(),
        sha256: sha256(bytes),
    });
    let listed = Files {
        lung: entries.by_ref().take(lung.len()).collect(),
        heart: entries.by_ref().take(heart.len()).collect(),
        heads: entries.next().expect("the heads follow the networks"),
    };
    let initial = fs::read(run.initial).map_err(io(run.initial))?;
    let mut taught: Vec<&str> = run
        .recordings
        .iter()
        .filter(|l| teaches(&l.recording))
        .map(|l| l.recording.id.as_str())
        .collect();
    taught.sort_unstable();
    let mut index = Index {
        format: FORMAT,
        files: listed,
        provenance: Provenance {
            recipe_sha256: run.recipe.sha256(),
            initial_sha256: sha256(&initial),
            training_sha256: sha256(taught.join("\n").as_bytes()),
            vocabulary: vocabulary::VERSION.to_string(),
        },
        card,
    };
    index.card.sha256 = index.sha256();
    let text = toml::to_string(&index).map_err(|e| Error::Bundle(e.to_string()))?;

    let name = run.out.file_name().unwrap_or_default().to_string_lossy();
    let beside = run.out.with_file_name(format!(".{name}.tmp"));
    let _ = fs::remove_dir_all(&beside);
    fs::create_dir_all(&beside).map_err(io(&beside))?;
    let card = model_card(&index);
    files.push((INDEX.into(), text.as_bytes()));
    files.push(("MODEL_CARD.md".into(), card.as_bytes()));
    for (name, bytes) in files {
        let path = beside.join(name);
        fs::write(&path, bytes).map_err(io(&path))?;
    }
    replace(run.out, &beside)?;
    Ok(run.out.to_path_buf())
}

/// Training recordings teach all networks but those that hold them out; calibration recordings teach
/// the networks that hold out another part.
fn teaches(recording: &Recording) -> bool {
    matches!(recording.split, Some(Split::Train | Split::Calibration))
}

/// Who taught the networks, with the number of recordings of each class.
pub(super) fn sources(recordings: &[Located]) -> Vec<TrainingSource> {
    let describe = |set: DataSet| match set {
        DataSet::SprSound => Some((
            Domain::Lung,
            "children, one hospital in Shanghai",
            "Yunting stethoscope, 8 kHz",
        )),
        DataSet::PhysioNet2016 => Some((
            Domain::Heart,
            "patients and healthy volunteers, four of the challenge's databases",
            "several, 2 kHz, denoised copies",
        )),
        DataSet::CoughCovid19 => Some((
            Domain::Other,
            "volunteers' coughs",
            "telephones, 8 and 48 kHz",
        )),
        // The others are tested on, or no recipe trains on them.
        _ => None,
    };
    let mut out = Vec::new();
    for set in DataSet::ALL {
        let Some((domain, population, devices)) = describe(set) else {
            continue;
        };
        let mut subjects = BTreeSet::new();
        let mut classes: BTreeMap<String, usize> = BTreeMap::new();
        let mut n = 0;
        for recording in recordings.iter().map(|l| &l.recording) {
            if recording.data_set != set || !teaches(recording) {
                continue;
            }
            n += 1;
            subjects.extend(recording.subject.as_deref());
            if let Some(class) = &recording.record_class {
                *classes.entry(class.clone()).or_default() += 1;
            }
            for event in &recording.events {
                *classes.entry(format!("event: {}", event.kind)).or_default() += 1;
            }
        }
        if n > 0 {
            out.push(TrainingSource {
                name: set.name().into(),
                domain,
                population: population.into(),
                devices: devices.into(),
                subjects: (!subjects.is_empty()).then_some(subjects.len()),
                recordings: n,
                per_class: classes
                    .into_iter()
                    .map(|(class, n)| ClassCount { class, n })
                    .collect(),
            });
        }
    }
    out
}

/// The model card, from the index alone.
fn model_card(index: &Index) -> String {
    use std::fmt::Write;
    let card = &index.card;
    let mut text = format!("# {} {}\n\n", card.name, card.version);
    let mut line = |s: &str| {
        let _ = writeln!(text, "{s}");
    };
    line("Listens to heart and lung recordings. For research and teaching; no medical device.\n");
    line("## Made from\n");
    for source in &card.trained_on {
        line(&format!("- {}", source.describe()));
        for class in &source.per_class {
            line(&format!("  - {}: {}", class.class, class.n));
        }
    }
    line(&format!(
        "\nEncoders: MobileNetV3 (EfficientAT mn04, MIT), fine-tuned from weights with SHA-256 `{}`.",
        index.provenance.initial_sha256
    ));
    line("\n## Answers\n");
    line(
        "Thresholds and errors were set and counted by cross-fitting: each patient was heard by the \
         networks that had not learned from them.\n",
    );
    line(
        "| finding | present from | absent below | false alarms | misses | decided | with / without |",
    );
    line("|---|---|---|---|---|---|---|");
    let number = |t: Option<f32>| t.map_or("never".to_string(), |t| format!("{t:.3}"));
    for rule in &card.rules {
        let stated = rule.stated.map_or(String::new(), |s| {
            format!(
                "{:.3} | {:.3} | {:.2} | {} / {}",
                s.false_alarm_rate, s.miss_rate, s.coverage, s.positives, s.negatives
            )
        });
        line(&format!(
            "| {} | {} | {} | {stated} |",
            rule.finding,
            number(rule.present_at),
            number(rule.absent_below)
        ));
        if let Some(reason) = &rule.not_assessed {
            line(&format!("| | not assessed: {reason} | | | | | |"));
        }
    }
    line("\nFigures on validation patients: docs/accuracy.md.");
    text
}
