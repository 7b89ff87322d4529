//! An item, a length and a draw come in, the answer goes out.

use super::conditions::meaning;
use super::items::{Item, Kind, present};
use super::row::Length;
use super::sites::beneath;
use crate::facts::{Facts, Phase};
use crate::finding::{Finding, Presence};
use crate::reports::{CLEAR_HEART, CLEAR_LUNG, PRESENT, Sentence, Template, times};
use crate::vocabulary::diagnosis;
use crate::wording::{Draw, expand, forms, list, name, sentence_case, site_phrases};

/// An answer that states what the item states. Of a comparison, `second` is what is stated of the
/// second recording.
#[expect(
    clippy::too_many_lines,
    reason = "one arm for each kind of question: a table read from top to bottom"
)]
pub(crate) fn answer(
    item: &Item,
    second: Option<&Facts>,
    length: Length,
    draw: &mut Draw,
) -> String {
    let facts = &item.states;
    let short = length == Length::Short;
    match &item.kind {
        Kind::Binary(finding) => {
            let there = facts.findings.get(finding) == Some(&Presence::Present);
            let word = if there { "Yes" } else { "No" };
            if short {
                let form = draw.pick(forms(*finding));
                let plain = if there {
                    form.present()
                } else {
                    format!("no {}", form.text)
                };
                let pattern = ["{word}.", "{word}, {plain}."];
                let pattern = *draw.pick(&pattern);
                fill(pattern, draw, &[("word", word), ("plain", &plain)])
            } else {
                format!("{word}. {}", heard_or_not(&[*finding], there, draw))
            }
        }
        Kind::Usable => {
            let poor = facts.findings.get(&Finding::PoorSignal) == Some(&Presence::Present);
            let pattern = match (poor, short) {
                (true, true) => "No[|, the signal is poor].",
                (false, true) => "Yes[|, good signal quality].",
                (true, false) => {
                    "No. [The signal quality is poor, so that nothing else can be said of it|The recording has poor signal quality and cannot be judged]."
                }
                (false, false) => {
                    "Yes. [The signal quality is good, so that it can be judged|The recording is usable and can be listened to in full]."
                }
            };
            fill(pattern, draw, &[])
        }
        Kind::Findings => findings(facts, short, draw),
        Kind::When(finding) => {
            let spans = facts
                .timings
                .first()
                .map(|timing| times(&timing.spans))
                .unwrap_or_default();
            let form = draw.pick(forms(*finding));
            let (names, be) = (form.present(), be(form.plural));
            let slots = [
                ("times", spans.as_str()),
                ("names", &names),
                ("be", be),
                ("bare", form.text),
            ];
            if short {
                fill("{Bare}: {times}.", draw, &slots)
            } else {
                let pattern = "[In this recording {names} {be}|On listening, {names} {be}] [heard|audible|to be heard] at {times}, counted from its beginning.";
                fill(pattern, draw, &slots)
            }
        }
        Kind::Phase(finding) => phase(*finding, facts, short, draw),
        Kind::Report => Template::new(facts, draw.clone()).sentences(),
        Kind::Reasoning => reasoning(facts, draw),
        Kind::Diagnosis => {
            let names: Vec<String> = facts
                .diagnoses
                .iter()
                .map(|&one| diagnosis(one).preferred.to_owned())
                .collect();
            let names = list(&names, "and");
            if short {
                sentence_case(&format!("{names}."))
            } else {
                let pattern = "[The data set|The record of this person] states {names} as the [diagnosis|clinical context] of the person.";
                fill(pattern, draw, &[("names", &names)])
            }
        }
        Kind::Differential(finding) => {
            let conditions = conditions(*finding, if short { 2 } else { 9 });
            let form = draw.pick(forms(*finding));
            if short {
                return sentence_case(&format!("{conditions}."));
            }
            let (names, be) = (form.present(), be(form.plural));
            let pattern = "{Names} {be} heard. [Conditions in which this is found are|It is found in] {conditions}; the recording alone does not tell which.";
            fill(
                pattern,
                draw,
                &[("names", &names), ("be", be), ("conditions", &conditions)],
            )
        }
        Kind::Compare(finding) => compare(*finding, facts, second, short, draw),
        Kind::SiteHeard => {
            let place = facts
                .site
                .map(|site| draw.pick(&site_phrases(site)).clone())
                .unwrap_or_default();
            if short {
                sentence_case(&format!("{place}."))
            } else {
                let pattern = "[The stethoscope was placed|The recording was taken with the stethoscope] [at|over] the {place}, as far as can be heard.";
                fill(pattern, draw, &[("place", &place)])
            }
        }
        Kind::SiteGiven => at_site(facts, short, draw),
    }
}

fn be(plural: bool) -> &'static str {
    if plural { "are" } else { "is" }
}

/// A pattern with its slots filled; a slot named with a capital begins with one.
fn fill(pattern: &str, draw: &mut Draw, slots: &[(&str, &str)]) -> String {
    expand(pattern, draw, &|slot| {
        let lower = slot.to_lowercase();
        let text = slots
            .iter()
            .find(|(name, _)| *name == lower)
            .map_or("", |(_, text)| text);
        if lower == slot {
            text.to_owned()
        } else {
            sentence_case(text)
        }
    })
}

/// That findings are heard, or that none of them is. Both are said in the same words, so that
/// nothing but what is said tells them apart.
fn heard_or_not(findings: &[Finding], there: bool, draw: &mut Draw) -> String {
    let forms: Vec<_> = findings
        .iter()
        .map(|&finding| *draw.pick(forms(finding)))
        .collect();
    let names: Vec<String> = forms
        .iter()
        .map(|form| {
            if there {
                form.present()
            } else {
                form.text.to_owned()
            }
        })
        .collect();
    let plural = match forms.as_slice() {
        [one] => one.plural,
        [.., last] => there || last.plural,
        [] => false,
    };
    let names = if there {
        list(&names, "and")
    } else {
        format!("no {}", list(&names, "or"))
    };
    let pattern = "[On listening to this recording|When one listens to this recording|In this recording from beginning to end], {names} {be} [heard|audible|to be heard].";
    fill(pattern, draw, &[("names", &names), ("be", be(plural))])
}

/// What is heard; where nothing is, that.
fn findings(facts: &Facts, short: bool, draw: &mut Draw) -> String {
    let heard = present(&facts.findings);
    let there = !heard.is_empty();
    let all = if there {
        heard
    } else {
        facts.findings.keys().copied().collect()
    };
    if !short {
        return heard_or_not(&all, there, draw);
    }
    let names: Vec<String> = all
        .iter()
        .map(|&finding| {
            if there {
                draw.pick(forms(finding)).present()
            } else {
                name(finding).to_owned()
            }
        })
        .collect();
    let names = if there {
        list(&names, "and")
    } else {
        format!("no {}", list(&names, "or"))
    };
    sentence_case(&format!("{names}."))
}

fn phase(finding: Finding, facts: &Facts, short: bool, draw: &mut Draw) -> String {
    let nouns: Vec<String> = facts
        .phases
        .iter()
        .map(|(_, phase)| match phase {
            Phase::Inspiratory => "inspiration".to_owned(),
            Phase::Expiratory => "expiration".to_owned(),
        })
        .collect();
    let nouns = list(&nouns, "and");
    let form = draw.pick(forms(finding));
    let (names, be) = (form.present(), be(form.plural));
    let slots = [
        ("nouns", nouns.as_str()),
        ("names", &names),
        ("be", be),
        ("bare", form.text),
    ];
    let pattern = if short {
        "{Bare} [in|during] {nouns}."
    } else {
        "[In this recording|On listening], {names} {be} [heard|audible|to be heard] [in|during] {nouns}."
    };
    fill(pattern, draw, &slots)
}

fn conditions(finding: Finding, most: usize) -> String {
    let all: Vec<String> = meaning(finding)
        .conditions
        .iter()
        .take(most)
        .map(|&one| one.to_owned())
        .collect();
    list(&all, "or")
}

fn reasoning(facts: &Facts, draw: &mut Draw) -> String {
    let heard = present(&facts.findings);
    if heard.is_empty() {
        let clear = match facts.findings.keys().copied().collect::<Vec<_>>()[..] {
            [Finding::Adventitious] => Sentence::new(CLEAR_LUNG, Vec::new()).write(draw),
            [Finding::AbnormalHeart] => Sentence::new(CLEAR_HEART, Vec::new()).write(draw),
            _ => findings(facts, false, draw),
        };
        let pattern = "{clear} [A recording without such sounds does not rule a disease out|Disease may be there all the same: a recording shows one site at one time].";
        return fill(pattern, draw, &[("clear", &clear)]);
    }
    let mut parts = Vec::new();
    for finding in heard {
        let line = meaning(finding);
        let said = Sentence::present(PRESENT, &[finding], draw).write(draw);
        let pattern = "{said} [This is|That is] {sound}.";
        let mut part = fill(pattern, draw, &[("said", &said), ("sound", line.sound)]);
        if !line.conditions.is_empty() {
            let conditions = conditions(finding, 9);
            let pattern = " [It is associated with|It is found in] {conditions}.";
            part.push_str(&fill(pattern, draw, &[("conditions", &conditions)]));
        }
        parts.push(part);
    }
    let last = "[The recording alone does not tell which|Which of them it is, the recording alone does not tell].";
    parts.push(fill(last, draw, &[]));
    parts.join(" ")
}

/// Where the first and the second recording have the finding.
fn compare(
    finding: Finding,
    first: &Facts,
    second: Option<&Facts>,
    short: bool,
    draw: &mut Draw,
) -> String {
    let here = first.findings.get(&finding) == Some(&Presence::Present);
    let there = second.and_then(|facts| facts.findings.get(&finding)) == Some(&Presence::Present);
    if short {
        let pattern = match (here, there) {
            (true, true) => "[Both|In both|Both recordings].",
            (true, false) => "[The first|Only the first|The first recording].",
            (false, true) => "[The second|Only the second|The second recording].",
            (false, false) => "[Neither|In neither|Neither recording].",
        };
        return fill(pattern, draw, &[]);
    }
    let (one, two) = (draw.pick(forms(finding)), draw.pick(forms(finding)));
    let say = |form: &crate::wording::Form, there: bool| {
        let names = if there {
            form.present()
        } else {
            format!("no {}", form.text)
        };
        format!("{names} {}", be(form.plural))
    };
    let (one, two) = (say(one, here), say(two, there));
    let pattern = "In the first recording {one} [heard|audible|present]. In the second recording {two} [heard|audible|present].";
    fill(pattern, draw, &[("one", &one), ("two", &two)])
}

fn at_site(facts: &Facts, short: bool, draw: &mut Draw) -> String {
    let heard = present(&facts.findings);
    let place = facts
        .site
        .map(|site| draw.pick(&site_phrases(site)).clone())
        .unwrap_or_default();
    let names: Vec<String> = if heard.is_empty() {
        facts
            .findings
            .keys()
            .map(|&root| name(root).to_owned())
            .collect()
    } else {
        heard
            .iter()
            .map(|&finding| draw.pick(forms(finding)).present())
            .collect()
    };
    let names = if heard.is_empty() {
        format!("no {}", list(&names, "or"))
    } else {
        list(&names, "and")
    };
    if short {
        return sentence_case(&format!("{names} at the {place}."));
    }
    let beneath = facts.site.and_then(beneath);
    let over = beneath.map_or_else(String::new, |beneath| {
        format!(" This site lies over {beneath}.")
    });
    let pattern =
        "[At|Over] the {place} [one hears|the recording has|there is to be heard:] {names}.{over}";
    fill(
        pattern,
        draw,
        &[("place", &place), ("names", &names), ("over", &over)],
    )
}
