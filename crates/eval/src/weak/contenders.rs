//! The votes on a target come in; what each label model makes of them goes out: fitted on the same
//! data set, on both lung sets, and on the other one alone.

use laennec_corpus::Error;
use laennec_corpus::weak::models::{
    CrossDomain, CrossDomainOptions, DawidSkene, DawidSkeneOptions, Snorkel, SnorkelOptions,
    vote_shares,
};
use laennec_corpus::weak::{ABSTAIN, VoteMatrix};

/// Where a label model was fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    /// Nothing was fitted.
    None,
    /// On the data set that is measured, without gold.
    Same,
    /// On both lung data sets.
    Both,
    /// On the other lung data set only.
    Other,
}

impl Setting {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::None => "–",
            Self::Same => "same set",
            Self::Both => "both sets",
            Self::Other => "other set",
        }
    }
}

/// Probabilities of presence on the measured items, or why there are none.
pub(super) struct Contender {
    pub(super) setting: Setting,
    pub(super) name: &'static str,
    pub(super) probabilities: Result<Vec<f64>, Error>,
}

/// The votes to fit on and those to measure on.
pub(super) struct Votes<'a> {
    /// Of the measured data set, without its validation patients where it has any.
    pub(super) fit: &'a VoteMatrix,
    /// Of the other lung data set, if it has any.
    pub(super) other: Option<&'a VoteMatrix>,
    /// Of the measured items.
    pub(super) measured: &'a VoteMatrix,
    /// The functions that read diagnoses.
    pub(super) diagnoses: &'a [usize],
}

/// All contenders, baselines first.
pub(super) fn contenders(votes: &Votes<'_>) -> Vec<Contender> {
    let mut all = vec![contender(
        Setting::None,
        "majority vote",
        Ok(vote_shares(votes.measured)),
    )];
    all.push(contender(
        Setting::Same,
        "Dawid-Skene",
        dawid_skene(votes.fit, votes.measured),
    ));
    all.push(contender(
        Setting::Same,
        "Snorkel",
        snorkel(votes.fit, votes.measured),
    ));
    all.push(contender(
        Setting::Same,
        "cross-domain",
        cross_domain(&[votes.fit], votes.measured),
    ));
    let votes_at_all = |&function: &usize| votes.fit.column(function).any(|vote| vote != ABSTAIN);
    if votes.diagnoses.iter().any(votes_at_all) {
        let measured = silenced(votes.measured, votes.diagnoses);
        let counted = measured.map(|measured| vote_shares(&measured));
        all.push(contender(
            Setting::None,
            "majority vote, no diagnosis",
            counted,
        ));
        let fitted = silenced(votes.fit, votes.diagnoses).and_then(|fit| {
            let measured = silenced(votes.measured, votes.diagnoses)?;
            cross_domain(&[&fit], &measured)
        });
        all.push(contender(
            Setting::Same,
            "cross-domain, no diagnosis",
            fitted,
        ));
    }
    let Some(other) = votes.other else {
        return all;
    };
    all.push(contender(
        Setting::Both,
        "Dawid-Skene",
        joined(votes.fit, other).and_then(|both| dawid_skene(&both, votes.measured)),
    ));
    all.push(contender(
        Setting::Both,
        "cross-domain",
        cross_domain(&[votes.fit, other], votes.measured),
    ));
    all.push(contender(
        Setting::Other,
        "Dawid-Skene",
        dawid_skene(other, votes.measured),
    ));
    all.push(contender(
        Setting::Other,
        "Snorkel",
        snorkel(other, votes.measured),
    ));
    let elsewhere = CrossDomain::fit(std::slice::from_ref(other), &CrossDomainOptions::default())
        .and_then(|model| model.probabilities_elsewhere(votes.measured));
    all.push(contender(Setting::Other, "cross-domain", elsewhere));
    all
}

/// Keeps the probability of presence of each row `[absent, present]`.
fn contender(
    setting: Setting,
    name: &'static str,
    probabilities: Result<Vec<f64>, Error>,
) -> Contender {
    Contender {
        setting,
        name,
        probabilities: probabilities.map(|all| all.into_iter().skip(1).step_by(2).collect()),
    }
}

fn dawid_skene(fit: &VoteMatrix, measured: &VoteMatrix) -> Result<Vec<f64>, Error> {
    DawidSkene::fit(fit, &DawidSkeneOptions::default())?.probabilities(measured)
}

fn snorkel(fit: &VoteMatrix, measured: &VoteMatrix) -> Result<Vec<f64>, Error> {
    Snorkel::fit(fit, &SnorkelOptions::default())?.probabilities(measured)
}

/// The model of these domains, on items of the first.
fn cross_domain(domains: &[&VoteMatrix], measured: &VoteMatrix) -> Result<Vec<f64>, Error> {
    let domains: Vec<VoteMatrix> = domains.iter().map(|&votes| votes.clone()).collect();
    CrossDomain::fit(&domains, &CrossDomainOptions::default())?.probabilities(measured, 0)
}

/// The rows of both.
fn joined(first: &VoteMatrix, second: &VoteMatrix) -> Result<VoteMatrix, Error> {
    let votes = first
        .rows()
        .chain(second.rows())
        .flatten()
        .copied()
        .collect();
    VoteMatrix::new(first.functions(), first.classes(), votes)
}

/// The same votes with some functions abstaining.
fn silenced(votes: &VoteMatrix, functions: &[usize]) -> Result<VoteMatrix, Error> {
    let cast = votes.rows().flat_map(|row| {
        let vote = |(function, &vote)| {
            if functions.contains(&function) {
                ABSTAIN
            } else {
                vote
            }
        };
        row.iter().enumerate().map(vote)
    });
    VoteMatrix::new(votes.functions(), votes.classes(), cast.collect())
}
