//! What a linear probe on the untouched mn04 reaches on the validation patients, beside the heart
//! baselines.
//!
//! `cargo run -p laennec-eval --example frozen_probe -- DATA mn04_as.safetensors CACHE`
#![expect(clippy::print_stdout, reason = "a program that prints its result")]

use std::path::Path;

use laennec_audio::{DecodeOptions, decode_file};
use laennec_corpus::split::{SplitPlan, assign};
use laennec_corpus::{DataSet, Recording, read};
use laennec_eval::baselines::{level_and_duration, mean_spectrum};
use laennec_eval::embed::{Embedding, EmbeddingCache, Item};
use laennec_eval::intervals::Bootstrap;
use laennec_eval::probes::Search;
use laennec_eval::report::{Align, Table};
use laennec_eval::tasks::physionet::{ABNORMAL, HeartRows, heart_search};
use laennec_eval::tasks::sprsound::{NORMAL, SprSoundTask};
use laennec_eval::{LungFigure, Matrix, Predictions};
use rayon::prelude::*;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, weights, cache] = &arguments[..] else {
        return Err("expected three arguments: DATA mn04_as.safetensors CACHE".into());
    };
    let cache = EmbeddingCache::open(Path::new(cache), Path::new(weights))?;
    lung(&Path::new(data).join("sprsound"), &cache)?;
    heart(&Path::new(data).join("physionet2016"), &cache)
}

struct Loaded {
    recordings: Vec<Recording>,
    paths: Vec<std::path::PathBuf>,
    embeddings: Vec<Embedding>,
}

fn load(data_set: DataSet, folder: &Path, cache: &EmbeddingCache) -> Result<Loaded, Failure> {
    let reading = read(data_set, folder)?;
    let mut recordings = reading.recordings();
    assign(&mut recordings, &SplitPlan::new(2016, reading.validation))?;
    let paths: Vec<_> = reading.located.into_iter().map(|l| l.path).collect();
    let items: Vec<Item<'_>> = recordings
        .iter()
        .zip(&paths)
        .map(|(recording, path)| Item {
            path,
            audio_sha256: &recording.audio_sha256,
        })
        .collect();
    let embeddings = cache
        .embed_all(&items, |_| {})?
        .into_iter()
        .collect::<Result<_, _>>()?;
    Ok(Loaded {
        recordings,
        paths,
        embeddings,
    })
}

fn lung(folder: &Path, cache: &EmbeddingCache) -> Result<(), Failure> {
    let loaded = load(DataSet::SprSound, folder, cache)?;
    let recordings: Vec<&Recording> = loaded.recordings.iter().collect();
    let bootstrap = Bootstrap::default();
    let mut table = Table::new(&[
        ("SPRSound task", Align::Left),
        ("Score", Align::Left),
        ("SE", Align::Left),
        ("SP", Align::Left),
        ("AUROC not normal", Align::Left),
        ("Score without Poor Quality", Align::Left),
        ("Score, rare classes never predicted", Align::Left),
    ]);
    for task in SprSoundTask::ALL {
        let probe = task.probe(&recordings, &loaded.embeddings, &Search::default())?;
        let predictions = &probe.predictions;
        let not_normal: Vec<usize> = (1..task.classes().len()).collect();
        let figure = |predictions: &Predictions, figure| {
            predictions
                .lung_figure(figure, NORMAL, &bootstrap)
                .map_or_else(|reason| reason.to_string(), |e| format!("{e:#}"))
        };
        let without_poor = task.poor_quality().map_or_else(String::new, |class| {
            figure(&predictions.without_class(class), LungFigure::Score)
        });
        let without_rare = if probe.rare.is_empty() {
            String::new()
        } else {
            let common = predictions.never_predicting(&probe.rare)?;
            figure(&common, LungFigure::Score)
        };
        table.push([
            task.name().to_owned(),
            predictions
                .lung_figure(LungFigure::Score, NORMAL, &bootstrap)?
                .to_string(),
            figure(predictions, LungFigure::Sensitivity),
            figure(predictions, LungFigure::Specificity),
            format!("{:#}", predictions.auroc_of(&not_normal, &bootstrap)?),
            without_poor,
            without_rare,
        ]);
    }
    println!("{}", table.to_markdown());
    Ok(())
}

fn heart(folder: &Path, cache: &EmbeddingCache) -> Result<(), Failure> {
    let loaded = load(DataSet::PhysioNet2016, folder, cache)?;
    let recordings: Vec<&Recording> = loaded.recordings.iter().collect();
    let embedding: Vec<_> = loaded.embeddings.iter().map(Embedding::mean).collect();
    let simple: Vec<(Vec<f64>, Vec<f64>)> = loaded
        .paths
        .par_iter()
        .map(|path| {
            let signal = decode_file(path, &DecodeOptions::default())?.signal;
            Ok((mean_spectrum(&signal)?, level_and_duration(&signal)?))
        })
        .collect::<Result<_, Failure>>()?;
    let (spectrum, level): (Vec<_>, Vec<_>) = simple.into_iter().unzip();
    let bootstrap = Bootstrap::default();
    let mut table = Table::new(&[
        ("database", Align::Left),
        ("features", Align::Left),
        ("AUROC", Align::Left),
        ("(Se+Sp)/2 at 0.5", Align::Left),
        ("AUROC, database left out of training", Align::Left),
    ]);
    let sources = [
        ("mn04, untouched", embedding),
        ("mean spectrum", spectrum),
        ("level and duration", level),
    ];
    for (name, features) in sources {
        let rows = HeartRows::new(&recordings, &Matrix::from_rows(&features)?)?;
        for database in rows.databases() {
            let within = rows.within(database, &heart_search())?;
            let left_out = rows.left_out(database, &heart_search())?;
            table.push([
                database.to_owned(),
                name.to_owned(),
                within.auroc_of(&[ABNORMAL], &bootstrap)?.to_string(),
                format!(
                    "{:#}",
                    within.sensitivity_specificity_mean(&[ABNORMAL], 0.5, &bootstrap)?
                ),
                left_out.auroc_of(&[ABNORMAL], &bootstrap)?.to_string(),
            ]);
        }
    }
    println!("{}", table.to_markdown());
    Ok(())
}
