//! The heads stage: everything on top of the trained encoders, and the bundle.
//!
//! In: trained encoders, recordings with splits. Out: a bundle folder. Training patients teach
//! the domain and the noise heads; calibration patients, who taught nothing, calibrate the
//! findings and set all thresholds. Validation patients are only counted, to know which findings
//! can be assessed at all.

mod domain;
mod examples;
mod findings;
mod recipe;
mod thresholds;
mod write;

use std::path::{Path, PathBuf};

use laennec_assistant::{
    BundleCard, Gates,
    bundle::{Ear, Heads, TimelineRule},
};
use laennec_corpus::{Domain, Located};
use laennec_models::ear::{HeartEar, LungEar};

pub use recipe::HeadsRecipe;

use crate::{Error, error::io, recipe::RecipeFile};

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
        let read = |path: &PathBuf| Ok((std::fs::read(path).map_err(io(path))?, name(path)));
        let lung_files = recipe
            .lung
            .iter()
            .map(read)
            .collect::<Result<Vec<_>, Error>>()?;
        let (heart_bytes, heart_name) = read(&recipe.heart)?;
        let lung = LungEar::from_bytes(&lung_files)?;
        let heart = HeartEar::from_bytes(&heart_bytes, &heart_name)?;

        say("domain: hearing the training recordings and synthesised sounds");
        let heard = examples::domain_examples(&recipe, self.recordings, &lung, &heart)?;
        let domain = domain::fit_domain(&recipe, &heard)?;
        let novelty = domain::fit_novelty(&heard);
        say("noise: hearing heart recordings, clean and buried");
        let poor_heart = domain::fit_poor_heart(&recipe, self.recordings, &lung)?;
        say("findings: hearing the calibration patients");
        let calibration = findings::Calibrating::hear(self.recordings, &lung, &heart)?;
        let heads = Heads {
            domains: examples::DOMAINS.to_vec(),
            domain,
            poor_lung: calibration.poor()?,
            poor_heart,
            findings: calibration.heads()?,
            timeline: TimelineRule {
                at: calibration.timeline()?,
            },
            novelty,
        };

        say("thresholds: on the calibration patients");
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
        let ear = Ear::new(lung, heart, heads.clone(), blank.clone());
        let chosen = thresholds::choose(&recipe, self.recordings, &ear)?;
        let card = BundleCard {
            gates: chosen.gates,
            rules: chosen.rules,
            novelty_limit: Some(chosen.novelty_limit),
            ..blank
        };
        let lung: Vec<Vec<u8>> = lung_files.into_iter().map(|(bytes, _)| bytes).collect();
        write::bundle(self, &lung, &heart_bytes, &heads, card)
    }
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

/// Whether a recording taught or calibrates lung or heart findings.
fn is_of(located: &Located, domain: Domain, split: laennec_corpus::Split) -> bool {
    let recording = &located.recording;
    recording.domain == domain
        && recording.split == Some(split)
        && !recording.data_set.is_test_only()
}
