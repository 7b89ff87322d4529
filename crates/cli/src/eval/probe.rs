//! `laennec eval probe`: the data folder and encoders come in, a report on what linear probes read
//! off their embeddings goes out. What is measured is in `laennec_eval::benchmark`.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use clap::Args;
use laennec_eval::Error;
use laennec_eval::benchmark::{self, Contender, Inputs, MARKER, Page, Role};
use laennec_eval::intervals::Bootstrap;
use laennec_models::teacher::{MINILM, Pooling, Teacher, TeacherConfig};

use super::{Bar, ENCODER, default_cache, recordings, refuse_foreign, write};
use crate::arguments::Folders;
use crate::exit::{Exit, Failure};
use crate::output;

/// The encoder that is the start where nothing is said.
const MN04: &str = "mn04";
/// Encoders that need no file name: their published weights in the models folder.
const PUBLISHED: [(&str, &str); 2] = [(MN04, ENCODER), ("whisper", "whisper-tiny.en/model.bin")];

/// The arguments of `laennec eval probe`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The encoder that gains are over: `mn04` or `whisper`, which lie in the models folder, or
    /// NAME=FILE
    #[arg(long, value_name = "NAME[=FILE]", default_value = MN04)]
    start: String,
    /// An encoder whose gain is claimed: a weights file of `laennec train`, or mn04's published
    /// weights; can be repeated
    #[arg(long = "encoder", value_name = "NAME=FILE")]
    candidates: Vec<String>,
    /// The same training with the reports shuffled across recordings: gains count only above it;
    /// can be repeated
    #[arg(long, value_name = "NAME=FILE")]
    shuffled: Vec<String>,
    /// Another encoder to compare with, such as one of plain supervision, `mn04` or `whisper`; can be
    /// repeated
    #[arg(long = "control", value_name = "NAME[=FILE]")]
    controls: Vec<String>,
    /// The language model that an aligned encoder was taught by, where its projection heads, which
    /// lie beside it, do not say so; for search and naming without training
    #[arg(long, value_name = "NAME", default_value = MINILM)]
    teacher: String,
    /// The report (Markdown); its diagrams go into `figures` beside it
    #[arg(long, value_name = "FILE", default_value = "docs/acula-probe.md")]
    out: PathBuf,
    /// Folder that keeps embeddings between runs [default: the user's cache folder]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
}

/// Measures and writes the report.
pub(super) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    refuse_foreign(&arguments.out, MARKER, "probe report")?;
    let contenders = contenders(arguments, folders)?;
    let recordings = recordings(folders, &[])?;
    let cache = arguments.cache.clone().map_or_else(default_cache, Ok)?;
    let teacher = teacher(arguments, folders, &contenders)?;
    let bar = Bar::new();
    let inputs = Inputs {
        recordings: &recordings,
        contenders: &contenders,
        cache: &cache,
        bootstrap: Bootstrap::default(),
        progress: &|what, done, total| bar.show(what, done, total),
    };
    let page = benchmark::run(&inputs)
        .and_then(|outcome| Page::new(&inputs, &outcome, teacher.as_deref(), &command(arguments)));
    bar.bar.finish_and_clear();
    let page = page.map_err(|error| Failure::new(Exit::Input, error))?;
    write(&arguments.out, &page.markdown, &page.figures)?;
    output::print(&format!("written: {}\n", arguments.out.display()))
}

/// The teacher, where an encoder has the heads to use it.
fn teacher(
    arguments: &Arguments,
    folders: &Folders,
    contenders: &[Contender],
) -> Result<Option<Box<dyn Teacher>>, Failure> {
    if contenders
        .iter()
        .all(|contender| contender.space().is_none())
    {
        return Ok(None);
    }
    let said = contenders.iter().filter_map(|contender| {
        let teacher = contender.space()?.teacher()?;
        Some((contender.name.as_str(), teacher))
    });
    let said: Vec<(&str, &TeacherConfig)> = said.collect();
    let config = said.first().map_or_else(
        || TeacherConfig {
            model: arguments.teacher.clone(),
            pooling: if arguments.teacher == MINILM {
                Pooling::Mean
            } else {
                Pooling::Last
            },
            layer: None,
        },
        |(_, first)| (*first).clone(),
    );
    if let Some((name, other)) = said.iter().find(|(_, other)| **other != config) {
        let message = format!(
            "{name} was taught by {} and {} by {}",
            words(other),
            said[0].0,
            words(&config)
        );
        return Err(
            Failure::new(Exit::Usage, message).help("measure encoders of one teacher at a time")
        );
    }
    let opened = config.open(&folders.models()?, &Device::flex());
    opened.map(Some).map_err(|error| {
        Failure::new(Exit::Missing, error).help("`laennec models pull` fetches it")
    })
}

/// A teacher in words.
fn words(teacher: &TeacherConfig) -> String {
    let layer = teacher
        .layer
        .map_or_else(String::new, |layer| format!(", layer {layer}"));
    format!("{} ({:?}{layer})", teacher.model, teacher.pooling).to_lowercase()
}

/// The encoders by role, each with its place on the command line.
fn roles(arguments: &Arguments) -> Vec<(Role, &'static str, &str)> {
    let start = std::slice::from_ref(&arguments.start);
    let given: [(Role, &'static str, &[String]); 4] = [
        (Role::Start, "--start", start),
        (Role::Candidate, "--encoder", &arguments.candidates),
        (Role::Shuffled, "--shuffled", &arguments.shuffled),
        (Role::Control, "--control", &arguments.controls),
    ];
    let mut all = Vec::new();
    for (role, option, texts) in given {
        all.extend(texts.iter().map(|text| (role, option, text.as_str())));
    }
    all
}

/// The file of an encoder that needs no file name.
fn published(name: &str) -> Option<&'static str> {
    let known = PUBLISHED.iter().find(|(known, _)| *known == name);
    known.map(|(_, file)| *file)
}

/// All names are checked before the first file is read.
fn contenders(arguments: &Arguments, folders: &Folders) -> Result<Vec<Contender>, Failure> {
    let mut named: Vec<(Role, &str, PathBuf)> = Vec::new();
    for (role, option, text) in roles(arguments) {
        let (name, path) = match text.split_once('=') {
            Some((name, path)) if !name.trim().is_empty() && !path.is_empty() => {
                (name.trim(), PathBuf::from(path))
            }
            None if let Some(file) = published(text) => (text, folders.models()?.join(file)),
            _ => {
                let help = "give the encoder a name for the tables, such as \
                            aligned=encoder.safetensors";
                let reason = format!("{option} {text}: expected NAME=FILE");
                return Err(Failure::new(Exit::Usage, reason).help(help));
            }
        };
        if named.iter().any(|(_, known, _)| *known == name) {
            let reason = format!("two encoders are named {name}");
            return Err(Failure::new(Exit::Usage, reason).help("give each its own name"));
        }
        named.push((role, name, path));
    }
    let opened = named
        .iter()
        .map(|(role, name, path)| open(name, *role, path));
    let mut all = opened.collect::<Result<Vec<_>, _>>()?;
    all.push(Contender::mean_spectrum());
    Ok(all)
}

fn open(name: &str, role: Role, path: &Path) -> Result<Contender, Failure> {
    if !path.is_file() {
        return Err(
            Failure::new(Exit::Missing, format!("{} is missing", path.display())).help(
                "put the encoder's weights there: `laennec models list` says where they are had",
            ),
        );
    }
    Contender::open(name, role, path).map_err(|error| match error {
        Error::Io { .. } => Failure::new(Exit::Input, error),
        _ => Failure::new(Exit::Mismatch, error),
    })
}

/// What was typed, with the names of the files and not where they lie.
fn command(arguments: &Arguments) -> String {
    let mut text = "laennec eval probe".to_owned();
    for (_, option, encoder) in roles(arguments) {
        if (option, encoder) == ("--start", MN04) {
            continue;
        }
        let Some((name, path)) = encoder.split_once('=') else {
            write!(text, " {option} {encoder}").expect("writing to a string does not fail");
            continue;
        };
        let file = Path::new(path)
            .file_name()
            .and_then(OsStr::to_str)
            .unwrap_or_default();
        let quote = if name.contains(' ') { "\"" } else { "" };
        write!(text, " {option} {quote}{name}={file}{quote}")
            .expect("writing to a string does not fail");
    }
    text
}
