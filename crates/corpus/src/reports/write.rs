//! Recordings come in, the file of their reports and its table go out.

use std::collections::HashSet;
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::journal::Journal;
use super::prompt::{Question, cleaned};
use super::row::{Report, TEMPLATE, key};
use super::table::Table;
use super::template::Template;
use crate::error::Error;
use crate::facts::{Facts, Mode, Signal};
use crate::generator::{TextGenerator, Tokens};
use crate::output::{Inputs, Lines, Written, unchanged};
use crate::recording::Recording;
use crate::verify::{Difference, differences};
use crate::wording::Draw;

/// Recordings whose reports are in memory at once.
const CHUNK: usize = 512;
/// Wordings of the grammar that are tried before a recording counts as unsayable.
const WORDINGS: u32 = 20;

/// How reports are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// What they may state.
    pub mode: Mode,
    /// Seed of the wordings.
    pub seed: u64,
    /// Texts that a language model may write for one report before the template takes over.
    pub tries: u32,
}

/// What accompanies a run.
#[derive(Clone, Copy)]
pub struct Company<'a> {
    /// Measures the sound of a recording, where its file is at hand; asked in mode
    /// [`Mode::LabelsHidden`] only.
    pub listen: &'a (dyn Fn(&Recording) -> Option<Signal> + Sync),
    /// The language model; without one the template writes all reports.
    pub generator: Option<&'a dyn TextGenerator>,
    /// Told how many reports are done.
    pub progress: &'a (dyn Fn(usize) + Sync),
    /// Told of each text of the language model that is refused: the id of the recording, the text,
    /// and how it differs.
    pub refused: &'a (dyn Fn(&str, &str, &Difference) + Sync),
}

/// Writes the reports of `recordings`, in their order, to `path`. Where the file is there already
/// from the same recordings and options, nothing is done.
///
/// # Errors
/// [`Error::Io`], [`Error::Write`] and [`Error::Json`] where files cannot be read or written,
/// [`Error::Generate`] where the language model fails (what passed until then is kept for the next run),
/// [`Error::Unsayable`] where the grammar has no true wording.
pub fn write(
    path: &Path,
    recordings: &[Recording],
    options: &Options,
    company: Company<'_>,
) -> Result<Written<Table>, Error> {
    let model = company.generator.map(TextGenerator::name);
    let mut inputs = Inputs::new();
    inputs.add(&(super::row::VERSION, options, &model))?;
    for recording in recordings {
        inputs.add(recording)?;
    }
    let inputs = inputs.finish();
    if let Some(table) = unchanged(path, &inputs) {
        return Ok(Written {
            table,
            unchanged: true,
        });
    }
    let journal = Journal::open(path)?;
    let writer = Writer {
        options,
        company,
        model: model.as_deref(),
        journal: &journal,
    };
    let mut table = Table::default();
    let mut texts = HashSet::new();
    let mut lines = Lines::new(path)?;
    for chunk in recordings.chunks(CHUNK) {
        for written in writer.chunk(chunk)? {
            let Composed {
                report,
                refused,
                tokens,
                kept,
            } = written;
            table.count(&report);
            table.kept += u64::from(kept);
            table.tokens += tokens;
            for difference in &refused {
                table.refuse(difference);
            }
            texts.insert(skeleton(&report.text));
            lines.push(&report)?;
        }
    }
    table.distinct = texts.len() as u64;
    lines.finish(inputs, &table)?;
    journal.finish()?;
    Ok(Written {
        table,
        unchanged: false,
    })
}

/// A hash of the text with its digits taken for alike.
fn skeleton(text: &str) -> [u8; 32] {
    let plain: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    Sha256::digest(plain).into()
}

/// A report and what it took.
struct Composed {
    report: Report,
    refused: Vec<Difference>,
    tokens: Tokens,
    kept: bool,
}

struct Writer<'a> {
    options: &'a Options,
    company: Company<'a>,
    model: Option<&'a str>,
    journal: &'a Journal,
}

impl Writer<'_> {
    /// The reports of some recordings: in parallel with the template, as many at once as the
    /// language model asks for with one.
    fn chunk(&self, recordings: &[Recording]) -> Result<Vec<Composed>, Error> {
        let one = |recording: &Recording| {
            let written = self.one(recording);
            (self.company.progress)(1);
            written
        };
        match self.company.generator.map(TextGenerator::concurrency) {
            None => recordings.par_iter().map(one).collect(),
            // In this thread, so that the model may use all cores for itself.
            Some(0 | 1) => recordings.iter().map(one).collect(),
            Some(count) => rayon::ThreadPoolBuilder::new()
                .num_threads(count)
                .build()
                .map_err(|source| Error::Threads { count, source })?
                .install(|| recordings.par_iter().map(one).collect()),
        }
    }

    fn one(&self, recording: &Recording) -> Result<Composed, Error> {
        let hidden = self.options.mode == Mode::LabelsHidden;
        let signal = if hidden {
            (self.company.listen)(recording)
        } else {
            None
        };
        let facts = Facts::of(recording, self.options.mode, signal);
        let key = key(recording, &facts, self.options, self.model);
        if let Some(report) = self.journal.get(&key) {
            let report = report.clone();
            let (refused, tokens) = (Vec::new(), Tokens::default());
            return Ok(Composed {
                report,
                refused,
                tokens,
                kept: true,
            });
        }
        let template = self.template(recording, &facts)?;
        let mut report = Report {
            id: recording.id.clone(),
            subject: recording.subject.clone(),
            group: recording.group.clone(),
            data_set: recording.data_set,
            split: recording.split,
            mode: self.options.mode,
            text: template.clone(),
            source: TEMPLATE.to_owned(),
            tries: 0,
            template: None,
            facts,
            key,
        };
        let (mut refused, mut tokens) = (Vec::new(), Tokens::default());
        if let Some(generator) = self.company.generator {
            self.ask(generator, &mut report, &mut refused, &mut tokens)?;
            report.template = Some(template);
            self.journal.keep(&report)?;
        }
        Ok(Composed {
            report,
            refused,
            tokens,
            kept: false,
        })
    }

    /// A wording of the grammar that passes.
    fn template(&self, recording: &Recording, facts: &Facts) -> Result<String, Error> {
        let parts = ["report", self.options.mode.word(), &recording.id];
        let mut template = Template::new(facts, Draw::new(self.options.seed, &parts));
        let mut last = Difference::default();
        for _ in 0..WORDINGS {
            let text = template.write();
            last = differences(&text, facts, self.options.mode);
            if last.is_none() {
                return Ok(text);
            }
        }
        Err(Error::Unsayable {
            id: recording.id.clone(),
            difference: Box::new(last),
        })
    }

    /// Lets the language model reword the report until a text passes or the tries are used up.
    fn ask(
        &self,
        generator: &dyn TextGenerator,
        report: &mut Report,
        refused: &mut Vec<Difference>,
        tokens: &mut Tokens,
    ) -> Result<(), Error> {
        for attempt in 1..=self.options.tries {
            let seed = self.options.seed.wrapping_add(u64::from(attempt));
            let question = Question::new(&report.text, &report.facts, refused.last(), seed);
            let answer = generator.generate(&question.prompt())?;
            *tokens += answer.tokens;
            report.tries = attempt;
            let text = cleaned(&answer.text);
            let difference = differences(&text, &report.facts, report.mode);
            if difference.is_none() {
                report.text = text;
                report.source = generator.name();
                return Ok(());
            }
            (self.company.refused)(&report.id, &text, &difference);
            refused.push(difference);
        }
        Ok(())
    }
}
