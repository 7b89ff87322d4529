//! `laennec reword-rate`: validation recordings, a bundle and the language model come in; the share
//! of rewordings that say exactly what the findings say goes out, with its interval.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use indicatif::ProgressBar;
use laennec_assistant::reword::{Refusal, can_be_checked};
use laennec_assistant::{Analysis, AnalyzeOptions, Listener, Source, reword};
use laennec_audio::{DecodeOptions, decode_file};
use laennec_corpus::{DataSet, Domain, Located, Recording, Split};
use laennec_eval::intervals::wilson;
use rayon::prelude::*;
use serde::Serialize;

use crate::arguments::Folders;
use crate::exit::{Exit, Failure};
use crate::generator::{self, BuiltIn, MODEL};
use crate::output::print;

/// The arguments of `laennec reword-rate`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Reports to reword: of the first validation recordings, by opaque id, that state a finding
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..))]
    n: u16,
    /// The folder of the bundle.
    #[arg(
        long,
        value_name = "DIR",
        help = "Folder of the bundle [environment: LAENNEC_BUNDLE; else the one that is built in]"
    )]
    bundle: Option<PathBuf>,
    /// Write template, rewording and reasons of refusal, one JSON object a line
    #[arg(long, value_name = "PATH")]
    jsonl: Option<PathBuf>,
    /// Overwrite an existing output file
    #[arg(long)]
    force: bool,
}

/// One report and what became of it.
#[derive(Serialize)]
struct Case {
    id: String,
    domain: Domain,
    template: String,
    rewording: String,
    refused: Vec<String>,
    #[serde(skip)]
    kinds: Vec<&'static str>,
}

impl Case {
    /// Whether nothing was reworded but the unit of time.
    fn is_copy(&self) -> bool {
        self.rewording.replace(" seconds", " s") == self.template
    }
}

/// Runs `laennec reword-rate`.
pub(crate) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    if let Some(path) = arguments.jsonl.as_deref().filter(|path| path.exists())
        && !arguments.force
    {
        return Err(
            Failure::new(Exit::Refused, format!("{} exists already", path.display()))
                .help("add --force to overwrite it, or name another output"),
        );
    }
    let recordings = recordings(folders)?;
    let rewriter = generator::built_in(folders)?;
    let listener = crate::ear::open(arguments.bundle.as_deref())?;
    let (analyses, without) = analyses(&recordings, usize::from(arguments.n), listener.as_ref())?;
    let bar = ProgressBar::new(analyses.len() as u64);
    let cases: Vec<Case> = analyses
        .into_par_iter()
        .filter_map(|(recording, analysis)| {
            let case = case(recording, analysis, &rewriter).transpose();
            bar.inc(1);
            case
        })
        .collect::<Result<_, _>>()?;
    bar.finish_and_clear();
    if let Some(path) = &arguments.jsonl {
        let mut text = String::new();
        for case in &cases {
            let line = serde_json::to_string(case)
                .map_err(|error| Failure::new(Exit::Internal, format!("JSON: {error}")))?;
            text.push_str(&line);
            text.push('\n');
        }
        std::fs::write(path, text).map_err(|error| {
            Failure::new(Exit::Refused, format!("{}: {error}", path.display()))
                .help("name a file in a folder that can be written")
        })?;
    }
    let card = listener.card();
    print(&format!(
        "Bundle {} {} ({}), language model {MODEL}.\n{} reports with findings; passed over: {without} \
         whose reports state none.\n{}",
        card.name,
        card.version,
        card.sha256,
        cases.len(),
        summary(&cases)?
    ))
}

/// The validation recordings of `SPRSound` and `PhysioNet` 2016 by opaque id. The ids are hashes, so
/// that their order says nothing of the recordings.
fn recordings(folders: &Folders) -> Result<Vec<Located>, Failure> {
    let mut located = crate::recordings::recordings(folders)?;
    located.retain(|located| {
        let recording = &located.recording;
        let data_set = matches!(
            recording.data_set,
            DataSet::SprSound | DataSet::PhysioNet2016
        );
        data_set && recording.split == Some(Split::Validation)
    });
    located.sort_by(|a, b| a.recording.id.cmp(&b.recording.id));
    Ok(located)
}

/// A recording with its analysis.
type Analysed<'a> = (&'a Recording, Analysis);

/// Analyses the recordings in order until `n` reports state a finding; also the number of those
/// before them that state none.
fn analyses<'a>(
    recordings: &'a [Located],
    n: usize,
    listener: &dyn Listener,
) -> Result<(Vec<Analysed<'a>>, usize), Failure> {
    let mut with = Vec::new();
    let mut without = 0;
    for located in recordings {
        if with.len() == n {
            return Ok((with, without));
        }
        let decoded = decode_file(&located.path, &DecodeOptions::default())
            .map_err(|error| Failure::new(Exit::Input, error))?;
        let source = Source::from(&decoded);
        let options = AnalyzeOptions::default();
        let listened = laennec_assistant::analyze(&decoded.signal, &source, listener, options)
            .map_err(|error| Failure::new(Exit::Internal, error))?;
        if can_be_checked(&listened.analysis) {
            with.push((&located.recording, listened.analysis));
        } else {
            without += 1;
        }
    }
    if with.len() == n {
        return Ok((with, without));
    }
    let found = with.len();
    let message =
        format!("only {found} validation recordings have a report with findings, not {n}");
    Err(Failure::new(Exit::Missing, message).help(format!("ask for --n {found} at most")))
}

fn case(
    recording: &Recording,
    mut analysis: Analysis,
    rewriter: &BuiltIn,
) -> Result<Option<Case>, Failure> {
    let template = analysis.report.text.clone();
    let rewording =
        reword(&mut analysis, rewriter).map_err(|error| Failure::new(Exit::Internal, error))?;
    Ok(rewording.map(|rewording| Case {
        id: recording.id.clone(),
        domain: recording.domain,
        template,
        kinds: rewording.refused.iter().map(kind).collect(),
        refused: rewording.refused.iter().map(ToString::to_string).collect(),
        rewording: rewording.text,
    }))
}

/// The kind of a refusal, for counting.
fn kind(refusal: &Refusal) -> &'static str {
    use laennec_assistant::verify::Difference;
    match refusal {
        Refusal::Empty => "empty",
        Refusal::Differs(Difference::Answer { text, .. }) if text.is_empty() => {
            "a finding is not mentioned, or not in words that can be read back"
        }
        Refusal::Differs(Difference::Answer { analysis: None, .. }) => {
            "a finding is added that the analysis does not speak of"
        }
        Refusal::Differs(Difference::Answer { .. }) => "another answer is given for a finding",
        Refusal::Differs(Difference::Site { .. }) => "a place on the body is added",
        Refusal::Numbers { .. } => "numbers are left out, added or changed",
        Refusal::Beyond(_) => "it speaks of a person, a disease or a treatment",
    }
}

fn summary(cases: &[Case]) -> Result<String, Failure> {
    let mut text = String::new();
    let groups: [(&str, Option<Domain>); 3] = [
        ("all", None),
        ("lung", Some(Domain::Lung)),
        ("heart", Some(Domain::Heart)),
    ];
    for (name, domain) in groups {
        let of: Vec<&Case> = cases
            .iter()
            .filter(|case| domain.is_none_or(|domain| case.domain == domain))
            .collect();
        if of.is_empty() {
            continue;
        }
        let passed: Vec<&&Case> = of.iter().filter(|case| case.refused.is_empty()).collect();
        let copies = passed.iter().filter(|case| case.is_copy()).count();
        let rate =
            wilson(passed.len(), of.len()).map_err(|error| Failure::new(Exit::Internal, error))?;
        let _ = writeln!(
            text,
            "{name}: {rate:.2} pass; {copies} of the {} that pass repeat the template word for word",
            passed.len()
        );
    }
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases {
        let mut once = case.kinds.clone();
        once.sort_unstable();
        once.dedup();
        for kind in once {
            *kinds.entry(kind).or_default() += 1;
        }
    }
    for (kind, count) in kinds {
        let _ = writeln!(text, "refused in {count}: {kind}");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(domain: Domain, rewording: &str, kinds: &[&'static str]) -> Case {
        Case {
            id: String::new(),
            domain,
            template: "No wheeze was detected.".to_owned(),
            rewording: rewording.to_owned(),
            refused: kinds.iter().map(ToString::to_string).collect(),
            kinds: kinds.to_vec(),
        }
    }

    #[test]
    fn passes_copies_and_refusals_are_counted() {
        let cases = [
            case(Domain::Lung, "No wheeze was detected.", &[]),
            case(Domain::Lung, "Wheeze was not detected.", &[]),
            case(Domain::Lung, "Wheeze.", &["other", "other"]),
            case(Domain::Heart, "", &["empty"]),
        ];
        let text = summary(&cases).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("all: 0.50 ["), "{text}");
        assert!(
            lines[0].contains("(n = 4) pass; 1 of the 2 that pass"),
            "{text}"
        );
        assert!(lines[1].starts_with("lung: 0.67 [") && lines[2].starts_with("heart: 0.00 ["));
        assert_eq!(&lines[3..], ["refused in 1: empty", "refused in 1: other"]);
    }
}
