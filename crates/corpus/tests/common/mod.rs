//! Random facts, and the recordings of the data folder where it is here. Each test file uses a part of them.
#![allow(dead_code, reason = "compiled into several test programs")]

use laennec_corpus::facts::{Device, Facts, MurmurTrait, Noise, Phase, Signal, Timing};
use laennec_corpus::site::{Area, Face, Level, Side};
use laennec_corpus::split::{SplitPlan, assign};
use laennec_corpus::vocabulary::ancestors;
use laennec_corpus::wording::{AgeGroup, Draw};
use laennec_corpus::{
    DataSet, Diagnosis, Domain, Event, EventKind, Finding, Murmur, MurmurGrade, MurmurPitch,
    MurmurQuality, MurmurShape, MurmurTiming, Presence, Recording, Sex, Site, Split, ids,
    read_data_folder,
};

/// The recordings of the data folder with their splits; none where `LAENNEC_DATA` is not set.
pub(crate) fn data() -> Option<Vec<Recording>> {
    let Some(root) = std::env::var_os("LAENNEC_DATA") else {
        eprintln!("skipped: LAENNEC_DATA is not set");
        return None;
    };
    let reading =
        read_data_folder(std::path::Path::new(&root)).expect("the data folder can be read");
    let mut recordings = reading.recordings();
    assign(
        &mut recordings,
        &SplitPlan::new(20_261_122, reading.validation),
    )
    .expect("a split");
    Some(recordings)
}

/// Whether there is a data folder.
pub(crate) fn has_data() -> bool {
    std::env::var_os("LAENNEC_DATA").is_some()
}

/// The recordings of the data folder, or made-up ones of children's lungs.
pub(crate) fn recordings() -> Vec<Recording> {
    data().unwrap_or_else(|| (0..120).map(made_up).collect())
}

/// A recording of a child's lung: of three, one is normal, one has crackles, one wheezes.
fn made_up(number: usize) -> Recording {
    let word = number.to_string();
    let subject = ids::subject(DataSet::SprSound, &word);
    let id = ids::recording(DataSet::SprSound, &word);
    let is = |which: usize| {
        if number % 3 == which {
            Presence::Present
        } else {
            Presence::Absent
        }
    };
    let any = if number.is_multiple_of(3) {
        Presence::Absent
    } else {
        Presence::Present
    };
    let kind = match number % 3 {
        0 => EventKind::Normal,
        1 => EventKind::FineCrackle,
        _ => EventKind::Wheeze,
    };
    let split = if number.is_multiple_of(4) {
        Split::Validation
    } else {
        Split::Train
    };
    Recording {
        subject: Some(subject.clone()),
        site: Some(Site::lung(Side::Left, None, Face::Posterior)),
        seconds: 9.2,
        findings: vec![
            (Finding::PoorSignal, Presence::Absent),
            (Finding::Adventitious, any),
            (Finding::Continuous, is(2)),
            (Finding::Wheeze, is(2)),
            (Finding::Rhonchi, Presence::Absent),
            (Finding::Discontinuous, is(1)),
            (Finding::FineCrackle, is(1)),
            (Finding::CoarseCrackle, Presence::Absent),
        ],
        events: vec![Event {
            start_s: 1.0,
            end_s: 2.5,
            kind,
        }],
        sex: Some(Sex::Female),
        age_years: Some(4.0),
        split: Some(split),
        ..Recording::unlabelled(DataSet::SprSound, Domain::Lung, id, subject)
    }
}

/// Facts that no data set need have, but that do not contradict themselves.
pub(crate) fn random_facts(seed: u64) -> Facts {
    let mut draw = Draw::new(seed, &["facts"]);
    let heart = draw.below(2) == 0;
    let mut facts = Facts {
        domains: [if heart { Domain::Heart } else { Domain::Lung }].into(),
        ..Facts::default()
    };
    let mut some = |share: usize| draw.below(share) == 0;
    let (sex, age, site, device, sick, long) =
        (some(2), some(2), some(2), some(3), some(3), some(2));
    let (poor, hidden) = (some(10), some(5));
    if sex {
        facts.sex = Some(*draw.pick(Sex::ALL));
    }
    if age {
        facts.age = Some(*draw.pick(AgeGroup::ALL));
    }
    if site {
        facts.site = Some(if heart {
            Site::Area(*draw.pick(Area::ALL))
        } else {
            let level = (draw.below(2) == 0).then(|| *draw.pick(Level::ALL));
            Site::lung(
                *draw.pick(&[Side::Left, Side::Right]),
                level,
                *draw.pick(Face::ALL),
            )
        });
    }
    if device {
        facts.device = Some(*draw.pick(Device::ALL));
    }
    if hidden {
        facts.signal = Some(Signal {
            noise: *draw.pick(Noise::ALL),
            tempo: (draw.below(2) == 0).then(|| 8 + draw.below(190) as u32),
        });
        return facts;
    }
    if long {
        facts.tenths = Some(1 + draw.below(900) as u32);
    }
    if sick {
        facts.diagnoses = match draw.below(4) {
            0 => [Diagnosis::Normal].into(),
            n => (1..=n)
                .map(|_| Diagnosis::ALL[1 + draw.below(Diagnosis::ALL.len() - 1)])
                .collect(),
        };
    }
    if poor {
        facts
            .findings
            .insert(Finding::PoorSignal, Presence::Present);
        return facts;
    }
    if draw.below(2) == 0 {
        facts.findings.insert(Finding::PoorSignal, Presence::Absent);
    }
    let root = |finding: Finding| ancestors(finding).last().unwrap_or(finding);
    for &finding in Finding::ALL {
        let of_heart = root(finding) == Finding::AbnormalHeart || finding == Finding::SplitSound;
        if finding == Finding::PoorSignal || of_heart != heart || draw.below(2) == 0 {
            continue;
        }
        let wider: Vec<_> = ancestors(finding)
            .filter_map(|wider| facts.findings.get(&wider))
            .collect();
        let presence = if wider.contains(&&Presence::Absent) {
            Presence::Absent
        } else {
            *draw.pick(&[Presence::Present, Presence::Absent, Presence::Uncertain])
        };
        facts.findings.insert(finding, presence);
        if presence == Presence::Present {
            for wider in ancestors(finding) {
                facts.findings.insert(wider, presence);
            }
            if draw.below(3) == 0 {
                let spans: Vec<(u32, u32)> = (0..=draw.below(3))
                    .map(|n| (n as u32 * 20, n as u32 * 20 + 1 + draw.below(19) as u32))
                    .collect();
                let more = draw.below(4) == 0;
                facts.timings.push(Timing {
                    finding,
                    count: if more { 7 } else { spans.len() },
                    spans: if more { spans[..1].to_vec() } else { spans },
                });
            }
            if draw.below(2) == 0 {
                let described = murmur(finding, &mut draw).into_iter();
                facts
                    .murmurs
                    .extend(described.map(|attribute| (finding, attribute)));
            }
            if !heart && draw.below(3) == 0 {
                facts.phases.insert((finding, *draw.pick(Phase::ALL)));
            }
        }
    }
    facts
}

/// Attributes of a murmur of that finding, each known or not; none of another finding.
fn murmur(finding: Finding, draw: &mut Draw) -> Vec<MurmurTrait> {
    let fits = |timing: &&MurmurTiming| match finding {
        Finding::SystolicMurmur => timing.is_systolic(),
        Finding::DiastolicMurmur => timing.is_diastolic(),
        Finding::ContinuousMurmur => **timing == MurmurTiming::Continuous,
        _ => false,
    };
    let timings: Vec<MurmurTiming> = MurmurTiming::ALL.iter().filter(fits).copied().collect();
    if timings.is_empty() {
        return Vec::new();
    }
    let timing = *draw.pick(&timings);
    let grades: Vec<MurmurGrade> = MurmurGrade::ALL
        .iter()
        .filter(|grade| grade.word().ends_with("/IV") == timing.is_diastolic())
        .copied()
        .collect();
    MurmurTrait::of(&Murmur {
        shape: (draw.below(2) == 0).then(|| *draw.pick(MurmurShape::ALL)),
        grade: (draw.below(2) == 0).then(|| *draw.pick(&grades)),
        pitch: (draw.below(2) == 0).then(|| *draw.pick(MurmurPitch::ALL)),
        quality: (draw.below(2) == 0).then(|| *draw.pick(MurmurQuality::ALL)),
        ..Murmur::of(timing)
    })
}
