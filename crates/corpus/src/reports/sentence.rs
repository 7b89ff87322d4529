//! A sentence to be written: patterns and what fills their slots come in, its words go out.

use std::collections::BTreeSet;

use super::wordings as words;
use crate::facts::{MurmurTrait, Phase};
use crate::finding::Finding;
use crate::wording::{Draw, Form, count, expand, forms, list, murmur_phrases, sentence_case};

/// One sentence, not yet worded.
#[derive(Debug)]
pub(crate) struct Sentence {
    patterns: &'static [&'static str],
    slots: Vec<(&'static str, String)>,
    /// In how many ways its slots could have been filled.
    fillings: u64,
}

impl Sentence {
    pub(crate) fn new(
        patterns: &'static [&'static str],
        slots: Vec<(&'static str, String)>,
    ) -> Self {
        Self {
            patterns,
            slots,
            fillings: 1,
        }
    }

    /// A sentence about findings that are there, with articles.
    pub(crate) fn present(
        patterns: &'static [&'static str],
        findings: &[Finding],
        draw: &mut Draw,
    ) -> Self {
        let forms = drawn(findings, draw);
        let names: Vec<String> = forms.iter().map(Form::present).collect();
        let plural = names.len() > 1 || forms.iter().any(|form| form.plural);
        let mut sentence = Self::named(patterns, findings, &list(&names, "and"), plural, plural);
        let bare: Vec<String> = forms.iter().map(|form| form.text.to_owned()).collect();
        sentence.set("bare", list(&bare, "and"));
        sentence
    }

    /// A sentence about findings that are not there or uncertain, joined by "or".
    pub(crate) fn denied(
        patterns: &'static [&'static str],
        findings: &[Finding],
        draw: &mut Draw,
    ) -> Self {
        let forms = drawn(findings, draw);
        let names: Vec<String> = forms.iter().map(|form| form.text.to_owned()).collect();
        let plural = forms.last().is_some_and(|form| form.plural);
        let first = forms.first().is_some_and(|form| form.plural);
        Self::named(patterns, findings, &list(&names, "or"), plural, first)
    }

    /// A sentence about the phases in which a finding is heard.
    pub(crate) fn phases(
        finding: Finding,
        phases: &BTreeSet<(Finding, Phase)>,
        draw: &mut Draw,
    ) -> Self {
        let mut sentence = Self::present(words::PHASES, &[finding], draw);
        let of: Vec<Phase> = phases
            .iter()
            .filter(|(one, _)| *one == finding)
            .map(|&(_, phase)| phase)
            .collect();
        let nouns: Vec<String> = of
            .iter()
            .map(|phase| match phase {
                Phase::Inspiratory => "inspiration".to_owned(),
                Phase::Expiratory => "expiration".to_owned(),
            })
            .collect();
        let adjectives: Vec<String> = of.iter().map(Phase::to_string).collect();
        sentence.set("phase", list(&nouns, "and"));
        sentence.set("phases", list(&adjectives, "and"));
        sentence
    }

    /// A sentence about the attributes of a murmur, in a drawn order.
    pub(crate) fn murmur(
        finding: Finding,
        murmurs: &BTreeSet<(Finding, MurmurTrait)>,
        draw: &mut Draw,
    ) -> Self {
        let mut sentence = Self::present(words::MURMUR, &[finding], draw);
        let mut known: Vec<Vec<String>> = murmurs
            .iter()
            .filter(|(one, _)| *one == finding)
            .map(|&(_, attribute)| murmur_phrases(attribute))
            .collect();
        draw.shuffle(&mut known);
        let drawn: Vec<String> = known.iter().map(|of| draw.pick(of).clone()).collect();
        sentence.set("attributes", list(&drawn, "and"));
        sentence
    }

    fn named(
        patterns: &'static [&'static str],
        findings: &[Finding],
        names: &str,
        plural: bool,
        first: bool,
    ) -> Self {
        let be = |plural| if plural { "are" } else { "is" };
        let slots = [
            ("nor", names),
            ("names", names),
            ("be", be(plural)),
            ("first", be(first)),
        ];
        let slots = slots.map(|(slot, text)| (slot, text.to_owned())).into();
        let fillings = findings
            .iter()
            .map(|&finding| forms(finding).len() as u64)
            .product();
        Self {
            patterns,
            slots,
            fillings,
        }
    }

    /// Fills a slot.
    pub(crate) fn set(&mut self, slot: &'static str, text: String) {
        self.slots.push((slot, text));
    }

    /// Words the sentence. A slot whose name begins with a capital begins with one.
    pub(crate) fn write(&self, draw: &mut Draw) -> String {
        let pattern = *draw.pick(self.patterns);
        expand(pattern, draw, &|slot| {
            let lower = slot.to_lowercase();
            let filled = self.slots.iter().find(|(name, _)| *name == lower);
            let text = filled.map_or("", |(_, text)| text.as_str());
            if lower == slot {
                text.to_owned()
            } else {
                sentence_case(text)
            }
        })
    }

    /// In how many ways the sentence can be worded.
    pub(crate) fn count(&self) -> u64 {
        let patterns: u64 = self.patterns.iter().map(|pattern| count(pattern)).sum();
        patterns.saturating_mul(self.fillings)
    }
}

fn drawn(findings: &[Finding], draw: &mut Draw) -> Vec<Form> {
    findings
        .iter()
        .map(|&finding| *draw.pick(forms(finding)))
        .collect()
}
