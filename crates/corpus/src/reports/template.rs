//! The template grammar: facts and a draw come in, a report that states them goes out.

use super::sentence::Sentence;
use super::wordings as words;
use crate::facts::{Facts, Timing, most_specific};
use crate::finding::{Finding, Presence};
use crate::recording::Domain;
use crate::wording::{Draw, Person, expand, list, site_phrases};

/// The writer of reports about one recording.
#[derive(Debug)]
pub struct Template<'a> {
    facts: &'a Facts,
    draw: Draw,
}

impl<'a> Template<'a> {
    /// A writer of reports that state `facts`.
    pub fn new(facts: &'a Facts, draw: Draw) -> Self {
        Self { facts, draw }
    }

    /// The next report. What it states is always the same; its words and their order are drawn.
    pub fn write(&mut self) -> String {
        let opening = self.opening();
        format!("{opening} {}", self.sentences())
            .trim_end()
            .to_owned()
    }

    /// The next report without its opening: what is heard, not of whom and where.
    pub(crate) fn sentences(&mut self) -> String {
        let groups = self.groups();
        let sentences = groups.iter().flatten();
        let written: Vec<String> = sentences
            .map(|sentence| sentence.write(&mut self.draw))
            .collect();
        written.join(" ")
    }

    /// A lower bound of the number of different reports that [`Template::write`] can give: the
    /// choices within the sentences of one of them, and the orders of its groups of sentences.
    pub fn wordings(&mut self) -> u64 {
        let groups = self.groups();
        let orders: u64 = (1..=groups.len() as u64).product();
        let opening: u64 = words::OPENING
            .iter()
            .map(|pattern| crate::wording::count(pattern))
            .sum();
        let within = groups.iter().flatten().map(Sentence::count);
        within.fold(orders.saturating_mul(opening), u64::saturating_mul)
    }

    /// The sentences after the opening: what belongs together stays together.
    fn groups(&mut self) -> Vec<Vec<Sentence>> {
        let mut groups = vec![
            self.findings(),
            self.signal(),
            self.diagnosis(),
            self.quality(),
        ];
        groups.retain(|group| !group.is_empty());
        self.draw.shuffle(&mut groups);
        groups
    }

    /// What was recorded, of whom, where, with what and for how long.
    fn opening(&mut self) -> String {
        let facts = self.facts;
        let persons = Person {
            sex: facts.sex,
            age: facts.age,
        }
        .patterns();
        let person = (!persons.is_empty()).then(|| {
            let pattern = self.draw.pick(&persons).clone();
            expand(&pattern, &mut self.draw, &|_| String::new())
        });
        let site = facts
            .site
            .map(|site| self.draw.pick(&site_phrases(site)).clone());
        let device = facts.device.map(|device| device.phrase().to_owned());
        let seconds = facts.tenths.map(crate::verify::seconds);
        let parts = [
            ("from", words::FROM, "person", person),
            ("at", words::AT, "site", site),
            ("with", words::WITH, "device", device),
            ("lasting", words::LASTING, "s", seconds),
        ]
        .map(|(name, patterns, slot, text)| (name, self.part(patterns, slot, text)));
        let mut slots = vec![("organ", organ(facts).to_owned())];
        slots.extend(parts);
        Sentence::new(words::OPENING, slots).write(&mut self.draw)
    }

    /// A part of the opening; empty where it is not known.
    fn part(&mut self, patterns: &[&str], slot: &str, text: Option<String>) -> String {
        let Some(text) = text else {
            return String::new();
        };
        let pattern = *self.draw.pick(patterns);
        let fill = |name: &str| {
            if name == slot {
                text.clone()
            } else {
                String::new()
            }
        };
        expand(pattern, &mut self.draw, &fill)
    }

    /// Findings, then phases, attributes and times of those that are present.
    fn findings(&mut self) -> Vec<Sentence> {
        let specific = most_specific(&self.facts.findings);
        let with = |wanted: Presence| -> Vec<Finding> {
            let these = specific.iter().filter(|&&(finding, presence)| {
                presence == wanted && finding != Finding::PoorSignal
            });
            these.map(|&(finding, _)| finding).collect()
        };
        let mut sentences = Vec::new();
        let present = with(Presence::Present);
        if self.draw.below(2) == 0 {
            sentences.extend(
                present
                    .iter()
                    .map(|&one| Sentence::present(words::PRESENT, &[one], &mut self.draw)),
            );
        } else if !present.is_empty() {
            sentences.push(Sentence::present(words::PRESENT, &present, &mut self.draw));
        }
        let absent = with(Presence::Absent);
        let clear = match absent[..] {
            [Finding::Adventitious] => Some(words::CLEAR_LUNG),
            [Finding::AbnormalHeart] => Some(words::CLEAR_HEART),
            _ => None,
        };
        match clear.filter(|_| self.draw.below(2) == 0) {
            Some(patterns) => sentences.push(Sentence::new(patterns, Vec::new())),
            None if absent.is_empty() => {}
            None => sentences.push(Sentence::denied(words::ABSENT, &absent, &mut self.draw)),
        }
        let uncertain = with(Presence::Uncertain);
        if !uncertain.is_empty() {
            sentences.push(Sentence::denied(
                words::UNCERTAIN,
                &uncertain,
                &mut self.draw,
            ));
        }
        let mut phased: Vec<Finding> = self
            .facts
            .phases
            .iter()
            .map(|&(finding, _)| finding)
            .collect();
        phased.dedup();
        for finding in phased {
            sentences.push(Sentence::phases(
                finding,
                &self.facts.phases,
                &mut self.draw,
            ));
        }
        let mut described: Vec<Finding> = self
            .facts
            .murmurs
            .iter()
            .map(|&(finding, _)| finding)
            .collect();
        described.dedup();
        for finding in described {
            sentences.push(Sentence::murmur(
                finding,
                &self.facts.murmurs,
                &mut self.draw,
            ));
        }
        for timing in &self.facts.timings {
            sentences.push(timed(timing, &mut self.draw));
        }
        sentences
    }

    fn signal(&mut self) -> Vec<Sentence> {
        let Some(signal) = self.facts.signal else {
            return Vec::new();
        };
        let noise = vec![("noise", signal.noise.word().to_owned())];
        let mut sentences = vec![Sentence::new(words::NOISE, noise)];
        if let Some(tempo) = signal.tempo {
            let heart = self.facts.domains.contains(&Domain::Heart);
            let patterns = if heart {
                words::TEMPO_HEART
            } else {
                words::TEMPO_LUNG
            };
            sentences.push(Sentence::new(patterns, vec![("tempo", tempo.to_string())]));
        }
        self.draw.shuffle(&mut sentences);
        sentences
    }

    fn diagnosis(&self) -> Vec<Sentence> {
        let names: Vec<String> = self
            .facts
            .diagnoses
            .iter()
            .map(|&one| crate::vocabulary::diagnosis(one).preferred.to_owned())
            .collect();
        let healthy = self
            .facts
            .diagnoses
            .contains(&crate::diagnosis::Diagnosis::Normal);
        let patterns = if healthy {
            words::NO_DIAGNOSIS
        } else {
            words::DIAGNOSIS
        };
        if names.is_empty() {
            return Vec::new();
        }
        vec![Sentence::new(
            patterns,
            vec![("diagnosis", list(&names, "and"))],
        )]
    }

    fn quality(&self) -> Vec<Sentence> {
        let patterns = match self.facts.findings.get(&Finding::PoorSignal) {
            Some(Presence::Present) => words::POOR,
            Some(Presence::Absent) => words::USABLE,
            _ => return Vec::new(),
        };
        vec![Sentence::new(patterns, Vec::new())]
    }
}

/// When a finding is heard.
fn timed(timing: &Timing, draw: &mut Draw) -> Sentence {
    let all = timing.count == timing.spans.len();
    let mut sentence = Sentence::present(
        if all { words::TIMES } else { words::COUNTED },
        &[timing.finding],
        draw,
    );
    sentence.set("n", timing.count.to_string());
    sentence.set("times", times(&timing.spans));
    sentence
}

/// `0.4-1.6 s and 2.0-2.9 s`.
pub(crate) fn times(spans: &[(u32, u32)]) -> String {
    let second = crate::verify::seconds;
    let spans: Vec<String> = spans
        .iter()
        .map(|&(start, end)| format!("{}-{} s", second(start), second(end)))
        .collect();
    list(&spans, "and")
}

/// What was listened to, in words.
pub(crate) fn organ(facts: &Facts) -> &'static str {
    match (
        facts.domains.contains(&Domain::Heart),
        facts.domains.contains(&Domain::Lung),
    ) {
        (true, true) => "heart and lung sounds",
        (true, false) => "heart sounds",
        (false, true) => "lung sounds",
        (false, false) => "coughs",
    }
}
