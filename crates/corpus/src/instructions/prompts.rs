//! What is asked: an item, a style and a draw come in, the question goes out. No question depends
//! on its answer.

use super::items::{Item, Kind, present};
use super::row::{Style, Task};
use crate::facts::Facts;
use crate::finding::Finding;
use crate::recording::Domain;
use crate::site::{Area, Face, Side, Site};
use crate::wording::{Draw, Person, expand, list, name, sentence_case, site_phrases};

/// The styles in which a kind of question is asked.
pub(crate) fn styles(kind: &Kind) -> &'static [Style] {
    match kind.task() {
        Task::Report | Task::Reasoning => &[
            Style::Question,
            Style::Command,
            Style::Terse,
            Style::Context,
        ],
        _ => Style::ALL,
    }
}

/// The patterns of a kind of question. Slots: `{organ}`, `{x}` (the finding), `{site}`,
/// `{options}`.
#[expect(clippy::too_many_lines, reason = "a table of wordings")]
const fn patterns(kind: &Kind, style: Style) -> &'static str {
    match (kind, style) {
        (Kind::Binary(_), Style::Question | Style::Context) => {
            "[Is there {x}|Can {x} be heard|Does one hear {x}] [in this recording|here]?"
        }
        (Kind::Binary(_), Style::Command) => {
            "[Say|Tell me|State] whether {x} can be heard[| in this recording]."
        }
        (Kind::Binary(_), Style::Terse) => "{X}[?|, yes or no?|: present?]",
        (Kind::Binary(_), Style::Choice) => {
            "[Is there {x}|Can {x} be heard]? [Choose: yes or no.|Answer yes or no.]"
        }
        (Kind::Usable, Style::Question | Style::Context) => {
            "[Is this recording good enough|Is the signal good enough] to be judged?"
        }
        (Kind::Usable, Style::Command) => "[Say|Judge|State] whether this recording can be judged.",
        (Kind::Usable, Style::Terse) => "[Signal usable?|Usable?|Can it be judged?]",
        (Kind::Usable, Style::Choice) => {
            "Can this recording be judged? [Yes or no?|Answer yes or no.]"
        }
        (Kind::Findings, Style::Question | Style::Context) => {
            "[What|Which findings|Which sounds beside the usual ones] can be heard[| in this recording]?"
        }
        (Kind::Findings, Style::Command) => {
            "[Name|List|Identify] [the findings|what is found] [in this recording of {organ}|on listening]."
        }
        (Kind::Findings, Style::Terse) => "[Findings?|{Organ}: findings?|What is heard?]",
        (Kind::Findings, Style::Choice) => {
            "Which of these can be heard: {options}? [Several may be true.|Name all that apply.]"
        }
        (Kind::When(_), Style::Question | Style::Context) => {
            "[When|At what times] [can {x} be heard|is there {x}]?"
        }
        (Kind::When(_), Style::Command) => {
            "[Give|State|List] the times at which {x} can be heard[|, in seconds]."
        }
        (Kind::When(_), Style::Terse) => "{X}[: when?|, times?|, from when to when?]",
        (Kind::When(_), Style::Choice) => {
            "[In the first or in the second half of the recording, and when exactly, can {x} be heard?|Early or late, and when exactly, can {x} be heard?]"
        }
        (Kind::Phase(_), Style::Question | Style::Context) => {
            "[In which phase of breathing|While breathing in or out, when] can {x} be heard?"
        }
        (Kind::Phase(_), Style::Command) => {
            "[Name|State] the phase of breathing in which {x} can be heard."
        }
        (Kind::Phase(_), Style::Terse) => "{X}[: phase?|, in which phase?]",
        (Kind::Phase(_), Style::Choice) => {
            "Can {x} be heard in inspiration, in expiration or in both?"
        }
        (Kind::Report, Style::Question | Style::Context) => {
            "[What would the report of this recording say|How would you report on this recording of {organ}]?"
        }
        (Kind::Report, Style::Terse) => "[Report, please.|Auscultation report:|Report on {organ}:]",
        (Kind::Report, _) => {
            "[Write|Give|Compose] [a|an auscultation] report of [this recording|the {organ}]."
        }
        (Kind::Reasoning, Style::Question | Style::Context) => {
            "[What is heard, and what can it mean|What do these {organ} say, and why]?"
        }
        (Kind::Reasoning, Style::Terse) => {
            "[Explain.|{Organ}: what and why?|Reason from sound to meaning.]"
        }
        (Kind::Reasoning, _) => {
            "[Explain|Reason step by step] what is heard[| in this recording] and with what it is associated."
        }
        (Kind::Diagnosis, Style::Question | Style::Context) => {
            "[Which diagnosis fits this recording best|What is the most fitting diagnosis]?"
        }
        (Kind::Diagnosis, Style::Command) => {
            "[Name|State] the diagnosis that fits [this recording|these {organ}] best."
        }
        (Kind::Diagnosis, Style::Terse) => "[Diagnosis?|DDx?|Most fitting diagnosis:]",
        (Kind::Diagnosis, Style::Choice) => "Which diagnosis fits best: {options}?",
        (Kind::Differential(_), Style::Question | Style::Context) => {
            "[In which diseases is what is heard here found|With which diseases does one hear this]?"
        }
        (Kind::Differential(_), Style::Command) => {
            "[Name|List] diseases in which what is heard here is found."
        }
        (Kind::Differential(_), Style::Terse) => {
            "[Differential diagnosis?|DDx?|Think of which diseases?]"
        }
        (Kind::Differential(_), Style::Choice) => {
            "Which diseases come into question: {options}? [Name those that do.|Several may.]"
        }
        (Kind::Compare(_), Style::Question | Style::Context) => {
            "[In which of the two recordings|Of these two recordings, in which] can {x} be heard?"
        }
        (Kind::Compare(_), Style::Command) => {
            "Compare the two recordings: [state|say] where {x} can be heard."
        }
        (Kind::Compare(_), Style::Terse) => "{X}: [which recording?|first or second?]",
        (Kind::Compare(_), Style::Choice) => {
            "Can {x} be heard in the first recording, in the second, in both or in neither?"
        }
        (Kind::SiteHeard, Style::Question | Style::Context) => {
            "[Where|At which site] was this [recorded|recording taken]?"
        }
        (Kind::SiteHeard, Style::Command) => {
            "[Name|State] the site [of this recording|at which this was recorded]."
        }
        (Kind::SiteHeard, Style::Terse) => "[Site?|Where?|Place of the stethoscope?]",
        (Kind::SiteHeard, Style::Choice) => "Where was this recorded: {options}?",
        (Kind::SiteGiven, Style::Question | Style::Context) => {
            "[The stethoscope stood|This was recorded] at the {site}. What [is|can be] heard there?"
        }
        (Kind::SiteGiven, Style::Command) => {
            "[Say|State|Describe] what can be heard at the {site}, where this was recorded."
        }
        (Kind::SiteGiven, Style::Terse) => "[Site: {site}. Findings?|{Site}: what is heard?]",
        (Kind::SiteGiven, Style::Choice) => {
            "This was recorded at the {site}. Which of these is heard there: {options}?"
        }
    }
}

/// The question. `all` is what is known of the (first) recording.
pub(crate) fn prompt(item: &Item, all: &Facts, style: Style, draw: &mut Draw) -> String {
    let kind = &item.kind;
    let finding = match kind {
        Kind::Binary(one) | Kind::When(one) | Kind::Phase(one) | Kind::Compare(one) => Some(*one),
        _ => None,
    };
    let x = finding.map_or("", name);
    let site = all
        .site
        .map(|site| draw.pick(&site_phrases(site)).clone())
        .unwrap_or_default();
    let options = if style == Style::Choice {
        options(item, all, draw)
    } else {
        String::new()
    };
    let organ = organ(all);
    let question = expand(patterns(kind, style), draw, &|slot| match slot {
        "x" => x.to_owned(),
        "X" => sentence_case(x),
        "site" => site.clone(),
        "Site" => sentence_case(&site),
        "options" => options.clone(),
        "organ" => organ.to_owned(),
        "Organ" => sentence_case(organ),
        _ => String::new(),
    });
    if style == Style::Context {
        let tells_site = !matches!(kind, Kind::SiteHeard | Kind::SiteGiven);
        return format!("{} {question}", context(all, tells_site, draw));
    }
    question
}

/// A sentence on whose recording it is and how it was taken.
fn context(all: &Facts, tells_site: bool, draw: &mut Draw) -> String {
    let persons = Person {
        sex: all.sex,
        age: all.age,
    }
    .patterns();
    let mut text = format!("[These are|Given are|Here are] {}", organ(all));
    if !persons.is_empty() {
        text.push_str(" of ");
        let person: &String = draw.pick(&persons);
        text.push_str(person);
    }
    if let Some(site) = all.site.filter(|_| tells_site) {
        text.push_str(", recorded at the ");
        text.push_str(&draw.pick(&site_phrases(site)).clone());
    }
    if let Some(device) = all.device {
        text.push(' ');
        text.push_str(device.phrase());
    }
    text.push('.');
    expand(&text, draw, &|_| String::new())
}

fn organ(all: &Facts) -> &'static str {
    match (
        all.domains.contains(&Domain::Heart),
        all.domains.contains(&Domain::Lung),
    ) {
        (true, true) => "heart and lung sounds",
        (true, false) => "heart sounds",
        _ => "lung sounds",
    }
}

/// Possible answers, the true ones among them, in a drawn order.
fn options(item: &Item, all: &Facts, draw: &mut Draw) -> String {
    let (mut right, wrong): (Vec<String>, Vec<String>) = match &item.kind {
        Kind::SiteHeard => {
            let right = all.site.map(|site| site_phrases(site)[0].clone());
            let other = sites(all.site);
            (right.into_iter().collect(), other)
        }
        Kind::Diagnosis => {
            let named =
                |one: &crate::Diagnosis| crate::vocabulary::diagnosis(*one).preferred.to_owned();
            let right = all.diagnoses.iter().map(named).collect();
            let known = [
                crate::Diagnosis::Normal,
                crate::Diagnosis::Asthma,
                crate::Diagnosis::Copd,
                crate::Diagnosis::HeartFailure,
                crate::Diagnosis::Pneumonia,
            ];
            (right, known.iter().map(named).collect())
        }
        Kind::Differential(finding) => {
            let of = |finding: Finding| {
                let conditions = super::conditions::meaning(finding).conditions;
                conditions
                    .iter()
                    .map(|&one| one.to_owned())
                    .collect::<Vec<_>>()
            };
            let others = [
                Finding::Wheeze,
                Finding::FineCrackle,
                Finding::Stridor,
                Finding::SystolicMurmur,
            ];
            (of(*finding), others.into_iter().flat_map(of).collect())
        }
        _ => {
            let right = present(&all.findings)
                .iter()
                .map(|&one| name(one).to_owned())
                .collect();
            let lung = all.domains.contains(&Domain::Lung);
            let known: &[Finding] = if lung {
                &[
                    Finding::Wheeze,
                    Finding::Rhonchi,
                    Finding::FineCrackle,
                    Finding::CoarseCrackle,
                    Finding::Stridor,
                ]
            } else {
                &[
                    Finding::SystolicMurmur,
                    Finding::DiastolicMurmur,
                    Finding::S3,
                    Finding::AbnormalHeart,
                ]
            };
            let mut wrong: Vec<String> = known.iter().map(|&one| name(one).to_owned()).collect();
            wrong.push("none of these".to_owned());
            (right, wrong)
        }
    };
    let mut wrong: Vec<String> = wrong
        .into_iter()
        .filter(|one| !right.contains(one))
        .collect();
    wrong.dedup();
    draw.shuffle(&mut wrong);
    // "None of these" is always among them, so that its presence tells nothing.
    wrong.sort_by_key(|one| one != "none of these");
    wrong.truncate(3);
    right.extend(wrong);
    draw.shuffle(&mut right);
    right.dedup();
    list(&right, "or")
}

/// Sites of the same kind as the true one.
fn sites(site: Option<Site>) -> Vec<String> {
    let all: Vec<Site> = match site {
        Some(Site::Area(_)) => Area::ALL
            .iter()
            .take(5)
            .map(|&area| Site::Area(area))
            .collect(),
        Some(Site::Lung { level, .. }) => [Side::Left, Side::Right]
            .into_iter()
            .flat_map(|side| {
                Face::ALL
                    .iter()
                    .map(move |&face| Site::lung(side, level, face))
            })
            .collect(),
        None => Vec::new(),
    };
    all.into_iter()
        .map(|site| site_phrases(site)[0].clone())
        .collect()
}
