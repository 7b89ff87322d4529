//! The heads stage: everything on top of the trained encoders, and the bundle.
//!
//! In: trained encoders, recordings with splits. Out: a bundle folder. Training patients teach
//! the domain and the noise heads, calibration patients choose their penalties. The findings are
//! calibrated and all thresholds set by cross-fitting: each patient is heard by the networks that
//! did not learn from them. Validation patients are only counted, to know which findings can be
//! assessed at all.

mod domain;
mod equaliser;
mod examples;
mod findings;
mod listeners;
mod networks;
mod recipe;
mod thresholds;
mod write;

use std::path::{Path, PathBuf};

use laennec_assistant::{
    BundleCard, Gates,
    bundle::{Heads, TimelineRule},
};
use laennec_corpus::{Domain, Located, Split};
use laennec_models::ear::{HeartEar, LungEar};

pub use recipe::HeadsRecipe;

use self::{listeners::Listeners, networks::Networks};
use crate::{Error, checks::Check, recipe::RecipeFile};

/// The splits of the recordings that calibrate findings and set thresholds: each is new to some
/// networks.
const CROSS_FITTED: [Split; 2] = [Split::Train, Split::Calibration];

/// What the heads stage reads and where it writes.
pub struct HeadsRun<'a> {
    /// The recipe file.
    pub recipe: &'a RecipeFile,
    /// Recordings with their splits assigned.
    pub recordings: &'a [Located],
    /// The encoder weights that fine-tuning started from; only their hash is stored.
    pub initial: &'a Path,
    /// The bundle's folder.
    pub out: &'a Path,
}

impl HeadsRun<'_> {
    /// Fits the heads, chooses the thresholds and writes the bundle; `say` hears each step.
    pub fn run(&self, say: &mut dyn FnMut(&str)) -> Result<PathBuf, Error> {
        let recipe: HeadsRecipe = self.recipe.parse()?;
        recipe
            .check()
            .map_err(|reason| self.recipe.wrong(&reason))?;
        say("equaliser: the long-term spectrum of the training recordings");
        let equaliser = equaliser::learn(&recipe, self.recordings)?;
        let lung = Networks::read(&recipe.lung, self.recordings, |files| {
            Ok(LungEar::from_bytes(files)?.through(equaliser.clone()))
        })?;
        let heart = Networks::read(&recipe.heart, self.recordings, |files| {
            HeartEar::from_bytes(files)
        })?;

        say("domain: hearing the training recordings and synthesised sounds");
        let heard = examples::domain_examples(&recipe, self.recordings, &lung.first, &heart.first)?;
        let domain = domain::fit_domain(&recipe, &heard)?;
        let novelty = domain::fit_novelty(&heard);
        say("noise: hearing heart recordings, clean and buried");
        let poor_heart = domain::fit_poor_heart(&recipe, self.recordings, &lung.first)?;
        say("findings: hearing every patient with networks that did not learn from them");
        let calibration = findings::Calibrating::hear(self.recordings, &lung, &heart)?;
        let heads = Heads {
            equaliser,
            domains: examples::DOMAINS.to_vec(),
            domain,
            poor_lung: calibration.poor()?,
            poor_heart,
            heart_even_at: calibration.even_at()?,
            findings: calibration.heads()?,
            timeline: TimelineRule {
                at: calibration.timeline()?,
            },
            novelty,
        };

        say("thresholds: on the same patients");
        let blank = BundleCard {
            name: recipe.name.clone(),
            version: recipe.version.clone(),
            sha256: String::new(),
            trained_on: write::sources(self.recordings),
            gates: Gates {
                domain_at: recipe.domain_at,
                poor_at: 1.0,
                usable_below: 1.0,
            },
            rules: Vec::new(),
            novelty_limit: None,
        };
        let listeners = Listeners::new(&lung, &heart, &heads, &blank);
        let chosen = thresholds::choose(&recipe, self.recordings, &listeners)?;
        let card = BundleCard {
            gates: chosen.gates,
            rules: chosen.rules,
            novelty_limit: Some(chosen.novelty_limit),
            ..blank
        };
        write::bundle(self, &lung.files, &heart.files, &heads, card)
    }
}

/// Whether findings of that domain are learned or calibrated on the recording.
fn is_of(located: &Located, domain: Domain, splits: &[Split]) -> bool {
    let recording = &located.recording;
    recording.domain == domain
        && recording.split.is_some_and(|split| splits.contains(&split))
        && !recording.data_set.is_test_only()
}
