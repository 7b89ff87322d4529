//! In: recordings of every origin, as they are and with equal bandwidth, and synthesised sounds.
//! Out: the section on what the program takes them for.

use laennec_assistant::{AnalyzeOptions, Listener};
use laennec_audio::Signal;
use laennec_audio::synth::{NoiseKind, clicks, noise, tones, vowels};
use laennec_corpus::{DataSet, Domain, Located, Split};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;

use super::heard::{self, HeardRecording, likeliest};
use super::text::{joined, shown};
use super::{Inputs, Variant};
use crate::error::Error;
use crate::intervals::{Bootstrap, Estimate, FEWEST_GROUPS, GroupKind, number_groups};
use crate::metrics::Undefined;
use crate::report::{Align, Table};

/// As recorded, and all with the bandwidth of the heart recordings.
const VARIANTS: [Variant; 2] = [Variant::AsRecorded, Variant::Rate(COMMON_RATE)];

/// Rate of the heart recordings in Hz, the lowest of all.
const COMMON_RATE: u32 = 2000;

/// Synthesised sounds of each kind, their length in s and their rate in Hz.
const SYNTHESISED: usize = 20;
const SYNTHESISED_S: usize = 10;
const SYNTHESISED_RATE: u32 = 8000;

/// What a set of recordings was taken for.
struct Taken {
    name: String,
    truth: Domain,
    answers: Vec<Option<Domain>>,
    /// Person or block of each.
    groups: Vec<usize>,
}

impl Taken {
    /// Share taken for what they are; resampled by group where there are enough of them.
    fn right(&self, bootstrap: Bootstrap) -> Result<Estimate, Undefined> {
        let distinct = self.groups.iter().max().map_or(0, |most| most + 1);
        let each: Vec<usize> = (0..self.answers.len()).collect();
        let (groups, kind) = if distinct >= FEWEST_GROUPS {
            (&self.groups, GroupKind::Patients)
        } else {
            (&each, GroupKind::Recordings)
        };
        bootstrap.estimate(groups, kind, |indices| {
            if indices.is_empty() {
                return Err(Undefined::Empty);
            }
            let right = |i: &&usize| self.answers[**i] == Some(self.truth);
            Ok(indices.iter().filter(right).count() as f64 / indices.len() as f64)
        })
    }

    fn row(&self, variant: Variant, bootstrap: Bootstrap) -> Vec<String> {
        let of = |answer| self.answers.iter().filter(|a| **a == answer).count();
        let mut row = vec![
            self.name.clone(),
            variant.name(),
            self.answers.len().to_string(),
        ];
        for answer in [
            Some(Domain::Heart),
            Some(Domain::Lung),
            Some(Domain::Other),
            None,
        ] {
            row.push(of(answer).to_string());
        }
        row.push(shown(&self.right(bootstrap)));
        row
    }
}

/// Sets of recordings that were heard as recorded already, in other sections.
pub(super) struct HeardSets<'a, 'r> {
    pub(super) lung: &'a [HeardRecording<'r>],
    pub(super) heart: &'a [HeardRecording<'r>],
    pub(super) elsewhere: &'a [HeardRecording<'r>],
}

/// The section.
pub(super) fn section(inputs: &Inputs<'_>, heard: &HeardSets<'_, '_>) -> Result<String, Error> {
    let mut table = Table::new(&[
        ("recordings", Align::Left),
        ("heard", Align::Left),
        ("n", Align::Right),
        ("heart", Align::Right),
        ("lung", Align::Right),
        ("out of scope", Align::Right),
        ("undecided", Align::Right),
        ("taken for what they are", Align::Left),
    ]);
    for set in sets(inputs, heard) {
        for variant in VARIANTS {
            let what = format!("domain of {}, {}", set.name, variant.name());
            let anew;
            let all = match set.heard {
                Some(heard) if variant == Variant::AsRecorded || set.is_of_rate(COMMON_RATE) => {
                    heard
                }
                _ => {
                    anew = heard::hear_all(inputs, &what, &set.located, variant)?;
                    &anew
                }
            };
            let card = inputs.ear.card();
            let taken = Taken {
                name: set.name.to_owned(),
                truth: set.truth,
                answers: all.iter().map(|h| likeliest(&h.heard, card)).collect(),
                groups: number_groups(all.iter().map(|h| &h.recording.group)),
            };
            table.push(taken.row(variant, inputs.bootstrap));
        }
    }
    for (name, signals) in synthesised() {
        for variant in VARIANTS {
            let taken = take(inputs, name, &signals, variant)?;
            table.push(taken.row(variant, inputs.bootstrap));
        }
    }
    Ok(joined([
        "## Domain: heart, lung or out of scope",
        "Every heart file of the training data is 2 kHz and every lung file 8 kHz, so that a model \
         could read the domain off the bandwidth. Each set is therefore heard as recorded and \
         again with everything resampled to 2 kHz, after which all have one bandwidth. KAUH (adults, \
         another stethoscope) and the manikin were never trained on; the manikin's mixtures hold \
         heart and lung at once and are left out. Synthesised sounds come from the same generators \
         as the out-of-scope examples of training, with other seeds. Undecided: no domain reached \
         the bundle's threshold. There is no linear probe and no reference run for this question.",
        &table.to_markdown(),
    ]))
}

/// Recordings of one origin.
struct Set<'a, 'r> {
    name: &'static str,
    truth: Domain,
    located: Vec<&'r Located>,
    /// The same as recorded, if they were heard already.
    heard: Option<&'a [HeardRecording<'r>]>,
}

impl Set<'_, '_> {
    /// Whether resampling to `rate` Hz changes nothing.
    fn is_of_rate(&self, rate: u32) -> bool {
        self.located.iter().all(|l| l.recording.sample_rate <= rate)
    }
}

/// The sets of recordings that are there.
fn sets<'a, 'r>(inputs: &Inputs<'r>, heard: &HeardSets<'a, 'r>) -> Vec<Set<'a, 'r>> {
    let (lung, heart, other) = (Domain::Lung, Domain::Heart, Domain::Other);
    let set = |name, data_set, split, truth, heard| {
        let mut located = inputs.of(data_set, split);
        if data_set == DataSet::HlsCmds {
            located.retain(|located| located.recording.domain == truth);
        }
        Set {
            name,
            truth,
            located,
            heard,
        }
    };
    let validation =
        |name, data_set, truth, heard| set(name, data_set, Split::Validation, truth, heard);
    let mut sets = vec![
        validation(
            "SPRSound, validation",
            DataSet::SprSound,
            lung,
            Some(heard.lung),
        ),
        validation(
            "PhysioNet 2016, validation",
            DataSet::PhysioNet2016,
            heart,
            Some(heard.heart),
        ),
        validation("coughs, validation", DataSet::CoughCovid19, other, None),
        set(
            "KAUH",
            DataSet::Kauh,
            Split::Test,
            lung,
            Some(heard.elsewhere),
        ),
        set("manikin, heart", DataSet::HlsCmds, Split::Test, heart, None),
        set("manikin, lung", DataSet::HlsCmds, Split::Test, lung, None),
    ];
    sets.retain(|set| !set.located.is_empty());
    sets
}

/// Sounds that no chest makes, at levels from -40 to -15 dB RMS below full scale.
fn synthesised() -> Vec<(&'static str, Vec<Signal>)> {
    let length = SYNTHESISED_S * SYNTHESISED_RATE as usize;
    let make = |kind: u64, sound: &dyn Fn(&mut ChaCha8Rng, usize) -> Vec<f32>| {
        (0..SYNTHESISED)
            .map(|index| {
                let mut rng = ChaCha8Rng::seed_from_u64(0x0061_6363_7572_6163);
                rng.set_stream(kind << 32 | index as u64);
                let mut samples = sound(&mut rng, index);
                let share = index as f32 / (SYNTHESISED - 1) as f32;
                set_level(&mut samples, -40.0 + 25.0 * share);
                Signal {
                    samples,
                    rate: SYNTHESISED_RATE,
                }
            })
            .collect()
    };
    let rate = SYNTHESISED_RATE;
    let kinds = NoiseKind::ALL;
    let any_noise =
        |rng: &mut ChaCha8Rng, index: usize| noise(kinds[index % kinds.len()], length, rate, rng);
    vec![
        ("synthesised noise", make(0, &any_noise)),
        (
            "synthesised tones",
            make(1, &|rng, _| tones(length, rate, rng)),
        ),
        (
            "synthesised clicks",
            make(2, &|rng, _| clicks(length, rate, rng)),
        ),
        (
            "synthesised speech-like vowels",
            make(3, &|rng, _| vowels(length, rate, rng)),
        ),
    ]
}

/// Scales to a root mean square level in dB relative to full scale.
fn set_level(samples: &mut [f32], db: f32) {
    let power = samples.iter().map(|s| s * s).sum::<f32>() / samples.len().max(1) as f32;
    if power > 0.0 {
        let factor = 10_f32.powf(db / 20.0) / power.sqrt();
        for sample in samples {
            *sample *= factor;
        }
    }
}

fn take(
    inputs: &Inputs<'_>,
    name: &str,
    signals: &[Signal],
    variant: Variant,
) -> Result<Taken, Error> {
    let card = inputs.ear.card();
    let options = AnalyzeOptions::default();
    let answers = signals
        .par_iter()
        .map(|signal| {
            let signal = variant.apply(signal.clone())?;
            Ok(likeliest(
                &heard::hear(inputs.ear, &signal, options)?.0,
                card,
            ))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    Ok(Taken {
        name: name.to_owned(),
        truth: Domain::Other,
        groups: (0..answers.len()).collect(),
        answers,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn synthesised_sounds_are_seeded_and_of_the_stated_level() {
        let first = synthesised();
        let second = synthesised();
        for ((name, signals), (_, again)) in first.iter().zip(&second) {
            assert_eq!(signals, again, "{name}");
            let last = signals.last().unwrap();
            let power = last.samples.iter().map(|s| s * s).sum::<f32>() / 80_000.0;
            assert!((10.0 * power.log10() + 15.0).abs() < 0.1, "{name}");
        }
        assert_ne!(first[0].1[0], first[0].1[5]);
    }

    #[test]
    fn undecided_counts_as_not_right() {
        let taken = Taken {
            name: "x".into(),
            truth: Domain::Lung,
            answers: vec![
                Some(Domain::Lung),
                None,
                Some(Domain::Heart),
                Some(Domain::Lung),
            ],
            groups: vec![0, 0, 1, 2],
        };
        assert_eq!(taken.right(Bootstrap::default()).unwrap().value, 0.5);
        let row = taken.row(Variant::AsRecorded, Bootstrap::default());
        assert_eq!(row[2..7], ["4", "1", "2", "0", "1"]);
    }
}
