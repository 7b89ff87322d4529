//! `laennec corpus show`: a manifest and an id or a filter come in; rows go out, readable or as JSON
//! lines.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use laennec_corpus::site::Area;
use laennec_corpus::{
    DataSet, Domain, EventKind, Finding, MurmurGrade, MurmurPitch, MurmurQuality, MurmurShape,
    Recording, Sex, Split, manifest,
};

use super::failure;
use crate::exit::{Exit, Failure};
use crate::output::print;

/// The arguments of `laennec corpus show`.
#[derive(Debug, Args)]
#[command(after_help = "\
A filter is COLUMN=WORD, for instance data_set=kauh, split=train, domain=heart, sex=female, \
diagnoses=asthma, findings=wheeze (present), events=stridor, subject=ID. Several filters select what \
passes all of them. Anything else is the beginning of an id.")]
pub(super) struct Arguments {
    /// The manifest (Parquet)
    manifest: PathBuf,
    /// Beginning of an id, or filters
    #[arg(value_name = "ID|FILTER")]
    select: Vec<String>,
    /// JSON, one object a line
    #[arg(long)]
    json: bool,
    /// Most recordings to show
    #[arg(long, default_value_t = 10, value_name = "N")]
    most: usize,
}

/// Shows the first recordings that are selected, and counts the rest.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let filters: Vec<Filter<'_>> = arguments
        .select
        .iter()
        .map(|text| Filter::parse(text))
        .collect::<Result<_, _>>()?;
    let rows = manifest::rows(&arguments.manifest).map_err(|error| failure(&error))?;
    let mut count = 0;
    for row in rows {
        let row = row.map_err(|error| failure(&error))?;
        if !filters.iter().all(|filter| filter.passes(&row)) {
            continue;
        }
        count += 1;
        if count <= arguments.most {
            print(&if arguments.json {
                json(&row)?
            } else {
                text(&row)
            })?;
        }
    }
    if count == 0 {
        return Err(Failure::new(Exit::Input, "no recording is selected")
            .help("`laennec corpus stats` tells what the manifest has"));
    }
    if count > arguments.most {
        eprintln!("{} of {count} recordings shown (--most N)", arguments.most);
    }
    Ok(())
}

/// What a recording must be like.
enum Filter<'a> {
    Id(&'a str),
    Column(&'a str, &'a str),
}

const COLUMNS: [&str; 12] = [
    "subject",
    "group",
    "data_set",
    "domain",
    "site",
    "device",
    "record_class",
    "findings",
    "events",
    "diagnoses",
    "sex",
    "split",
];

impl<'a> Filter<'a> {
    fn parse(text: &'a str) -> Result<Self, Failure> {
        let Some((column, word)) = text.split_once('=') else {
            return Ok(Self::Id(text));
        };
        if COLUMNS.contains(&column) {
            let words = words(column);
            if !words.is_empty() && !words.contains(&word) {
                let message = format!("no {column} is called {word}");
                return Err(Failure::new(Exit::Usage, message)
                    .help(format!("the words are {}", words.join(", "))));
            }
            return Ok(Self::Column(column, word));
        }
        Err(
            Failure::new(Exit::Usage, format!("no filter for the column {column}"))
                .help(format!("the columns are {}", COLUMNS.join(", "))),
        )
    }

    fn passes(&self, row: &Recording) -> bool {
        let (column, word) = match *self {
            Self::Id(start) => return row.id.starts_with(start),
            Self::Column(column, word) => (column, word),
        };
        let is = |value: Option<&str>| value.unwrap_or("none") == word;
        match column {
            "subject" => is(row.subject.as_deref()),
            "group" => row.group == word,
            "data_set" => row.data_set.name() == word,
            "domain" => row.domain.word() == word,
            "site" => is(row.site.map(|site| site.to_string()).as_deref()),
            "device" => is(row.device.as_deref()),
            "record_class" => is(row.record_class.as_deref()),
            "findings" => row.findings.iter().any(|(finding, presence)| {
                finding.word() == word && *presence == laennec_corpus::Presence::Present
            }),
            "events" => row.events.iter().any(|event| event.kind.word() == word),
            "diagnoses" => row.diagnoses.iter().any(|code| code == word),
            "sex" => is(row.sex.map(Sex::word)),
            _ => is(row.split.map(Split::word)),
        }
    }
}

/// The words of a column that has a fixed list of them.
fn words(column: &str) -> Vec<&'static str> {
    fn all<T: Copy>(values: &[T], word: impl Fn(T) -> &'static str) -> Vec<&'static str> {
        values.iter().copied().map(word).collect()
    }
    match column {
        "data_set" => all(&DataSet::ALL, DataSet::name),
        "domain" => all(Domain::ALL, Domain::word),
        "findings" => all(Finding::ALL, Finding::word),
        "events" => all(EventKind::ALL, EventKind::word),
        "sex" => [all(Sex::ALL, Sex::word), vec!["none"]].concat(),
        "split" => [all(Split::ALL, Split::word), vec!["none"]].concat(),
        _ => Vec::new(),
    }
}

fn json(row: &Recording) -> Result<String, Failure> {
    serde_json::to_string(row)
        .map(|line| line + "\n")
        .map_err(|error| Failure::new(Exit::Internal, error))
}

/// One fact a line; what is not known is left out.
fn text(row: &Recording) -> String {
    let mut out = format!("{}\n", row.id);
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            writeln!(out, "  {name:<14}{value}").expect("a String takes all");
        }
    };
    let number = |value: Option<f32>, unit: &str| value.map(|value| format!("{value}{unit}"));
    let flag = |value: Option<bool>| value.map(|yes| if yes { "yes" } else { "no" }.to_owned());
    put(
        "data set",
        Some(format!("{} ({})", row.data_set, row.licence)),
    );
    put("subject", row.subject.clone());
    put("group", Some(row.group.clone()));
    put("split", row.split.map(|split| split.to_string()));
    put(
        "official",
        row.official_split.map(|split| split.to_string()),
    );
    put("domain", Some(row.domain.to_string()));
    put(
        "manoeuvre",
        row.manoeuvre.map(|manoeuvre| manoeuvre.to_string()),
    );
    put("site", row.site.map(|site| site.to_string()));
    put("device", row.device.clone());
    put(
        "sound",
        Some(format!(
            "{:.2} s, {} Hz, {} channels",
            row.seconds, row.sample_rate, row.channels
        )),
    );
    put(
        "level",
        row.level.map(|level| {
            let clipped = 100.0 * level.clipped;
            format!(
                "{:.1} dBFS, peak {:.1} dBFS, {clipped:.2} % clipped",
                level.rms_dbfs, level.peak_dbfs
            )
        }),
    );
    put("class", row.record_class.clone());
    put("quality", row.quality.map(|quality| quality.to_string()));
    let findings: Vec<_> = row
        .findings
        .iter()
        .map(|(f, p)| format!("{f} {p}"))
        .collect();
    put("findings", Some(findings.join(", ")));
    for murmur in &row.murmurs {
        let words = [
            Some(murmur.timing.word()),
            murmur.shape.map(MurmurShape::word),
            murmur.grade.map(MurmurGrade::word),
            murmur.pitch.map(MurmurPitch::word),
            murmur.quality.map(MurmurQuality::word),
            murmur.loudest_at.map(Area::word),
        ];
        let words: Vec<_> = words.into_iter().flatten().collect();
        put("murmur", Some(words.join(", ")));
    }
    put("diagnoses", Some(row.diagnoses.join(", ")));
    put("outcome", row.outcome.map(|outcome| outcome.to_string()));
    put("sex", row.sex.map(|sex| sex.to_string()));
    put("age", number(row.age_years, " years"));
    put("height", number(row.height_cm, " cm"));
    put("weight", number(row.weight_kg, " kg"));
    put("bmi", number(row.bmi, " kg/m²"));
    put("pregnant", flag(row.pregnant));
    put("smoker", flag(row.smoker));
    for event in &row.events {
        let span = format!(
            "{:.3} to {:.3} s {}",
            event.start_s, event.end_s, event.kind
        );
        put("event", Some(span));
    }
    let provenance = &row.provenance;
    let line = provenance
        .line
        .map(|line| format!(", line {line}"))
        .unwrap_or_default();
    put(
        "read by",
        Some(format!(
            "{} version {}{line}, source {}",
            provenance.reader, provenance.reader_version, provenance.source_hash
        )),
    );
    put("audio", Some(row.audio_sha256.clone()));
    out
}
