//! Annotations come in; each row learns rate, duration and hash of its sound, in parallel.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;

use super::{Counts, Draft, Problem, Reading, Row, Trouble, provenance};
use crate::identity;
use crate::probe::{Probed, Refusal};
use crate::recording::{DataSet, Located};

/// An event may end this much after the sound, in s: annotation tools round.
const END_TOLERANCE: f64 = 0.05;

/// How a sound is measured.
pub(super) type Probe<'a> = dyn Fn(&Path) -> Result<Probed, Refusal> + Sync + 'a;

impl Draft {
    /// Measures all sounds; `done` is called after each, from several threads.
    pub(super) fn measure(
        mut self,
        data_set: DataSet,
        probe: &Probe<'_>,
        done: &(dyn Fn() + Sync),
    ) -> Reading {
        let (mut rows, mut problems) = self.without_repeated_ids();
        provenance::fill(data_set, &mut rows);
        if data_set == DataSet::Custom {
            rare_texts(&mut rows, &mut problems);
        }
        for row in &mut rows {
            for field in identity::remove(&mut row.recording) {
                problems.push(row.problem(Trouble::Identifying(field)));
            }
        }
        let measured: Vec<Result<Located, Problem>> = rows
            .into_par_iter()
            .map(|row| {
                let result = row.measure(probe);
                done();
                result
            })
            .collect();
        let mut located = Vec::with_capacity(measured.len());
        for result in measured {
            match result {
                Ok(found) => located.push(found),
                Err(problem) => problems.push(problem),
            }
        }
        located.sort_by(|a, b| a.recording.id.cmp(&b.recording.id));
        problems.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
        let subjects: BTreeSet<_> = located
            .iter()
            .filter_map(|found| found.recording.subject.as_ref())
            .collect();
        let counts = Counts {
            recordings: located.len(),
            subjects: subjects.len(),
            events: located
                .iter()
                .map(|found| found.recording.events.len())
                .sum(),
            problems: problems.len(),
        };
        Reading {
            located,
            problems,
            validation: self.validation,
            counts: BTreeMap::from([(data_set, counts)]),
            reused: 0,
        }
    }

    /// Keeps the first of the rows that name the same recording.
    fn without_repeated_ids(&mut self) -> (Vec<Row>, Vec<Problem>) {
        let mut seen = BTreeSet::new();
        let mut problems = std::mem::take(&mut self.problems);
        let mut rows = std::mem::take(&mut self.rows);
        rows.retain(|row| {
            let first = seen.insert(row.recording.id.clone());
            if !first {
                problems.push(row.problem(Trouble::Repeated));
            }
            first
        });
        (rows, problems)
    }
}

/// Leaves empty what could be a name: text of a table that nobody has reviewed, in words that are
/// not known, and that one group alone has.
fn rare_texts(rows: &mut [Row], problems: &mut Vec<Problem>) {
    let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for Row { recording, .. } in rows.iter() {
        let texts = recording.device.iter().chain(&recording.record_class);
        for text in texts.chain(&recording.diagnoses) {
            let of_text = groups.entry(text.clone()).or_default();
            of_text.insert(recording.group.clone());
        }
    }
    let rare = |text: &String| groups[text].len() < 2 && !identity::is_known(text);
    for row in rows {
        let recording = &mut row.recording;
        let mut fields = Vec::new();
        if recording.device.take_if(|text| rare(text)).is_some() {
            fields.push("device");
        }
        if recording.record_class.take_if(|text| rare(text)).is_some() {
            fields.push("record_class");
        }
        let before = recording.diagnoses.len();
        recording.diagnoses.retain(|code| !rare(code));
        if recording.diagnoses.len() < before {
            fields.push("diagnoses");
        }
        for field in fields {
            problems.push(row.problem(Trouble::Identifying(field)));
        }
    }
}

impl Row {
    fn problem(&self, trouble: Trouble) -> Problem {
        Problem {
            path: self.origin.clone(),
            line: self.line,
            id: Some(self.recording.id.clone()),
            trouble,
        }
    }

    fn measure(mut self, probe: &Probe<'_>) -> Result<Located, Problem> {
        let probed = probe(&self.path).map_err(|refusal| Problem {
            path: self.path.clone(),
            line: None,
            id: Some(self.recording.id.clone()),
            trouble: Trouble::from(refusal),
        })?;
        let last = self
            .recording
            .events
            .iter()
            .map(|event| event.end_s)
            .fold(0.0, f64::max);
        if last > probed.seconds + END_TOLERANCE {
            return Err(self.problem(Trouble::EventAfterEnd));
        }
        self.recording.sample_rate = probed.sample_rate;
        self.recording.channels = probed.channels;
        self.recording.seconds = probed.seconds;
        self.recording.audio_sha256 = probed.sha256;
        if let Some(sound) = probed.sound {
            self.recording.fingerprint = sound.fingerprint;
            self.recording.level = Some(sound.level);
        }
        Ok(Located {
            recording: self.recording,
            path: self.path,
        })
    }
}
