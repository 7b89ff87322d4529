//! The recipe of the heads stage.

use std::path::PathBuf;

use laennec_eval::calibration::ErrorLimits;
use serde::{Deserialize, Serialize};

use crate::{
    checks::{Check, count, not_negative, positive, positive_range, range, share},
    recipe::Stage,
};

/// Ranges are `[low, high]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadsRecipe {
    /// What is trained.
    pub stage: Stage,
    /// Seed of everything random.
    pub seed: u64,
    /// Name of the bundle.
    pub name: String,
    /// Version of the bundle.
    pub version: String,
    /// Weights of the lung encoders, whose probabilities are averaged; the first gives the embedding
    /// and must have held out the calibration recordings.
    pub lung: Vec<PathBuf>,
    /// Weights of the heart encoders, likewise.
    pub heart: Vec<PathBuf>,
    /// How much of the way to the long-term spectrum of the training recordings a recording is moved
    /// before the lung networks hear it; 0 leaves it as it is.
    pub equalise_share: f32,
    /// Largest change of a band in dB.
    pub equalise_db: f32,
    /// Inverse strengths of the penalty to choose from, by likelihood on calibration recordings.
    pub penalties: Vec<f64>,
    /// Synthesised sounds of each kind among the examples of "neither heart nor lung".
    pub synthetic: usize,
    /// Length of the domain examples in s.
    pub seconds: [f64; 2],
    /// Share of the domain examples that pass a random smooth filter.
    pub filter_share: f64,
    /// Largest deviation of that filter in dB.
    pub filter_db: f32,
    /// Share of the domain examples whose band is limited, the same for every class: otherwise the
    /// domain could be read off the sample rate of the data set.
    pub band_share: f64,
    /// Lower band edge in Hz, log-uniform.
    pub low_hz: [f32; 2],
    /// Upper band edge in Hz, log-uniform.
    pub high_hz: [f32; 2],
    /// Share of the domain examples that get noise.
    pub noise_share: f64,
    /// Their signal-to-noise ratio in dB.
    pub snr_db: [f32; 2],
    /// Signal-to-noise ratio of heart recordings that count as buried.
    pub buried_snr_db: [f32; 2],
    /// Least probability of the likeliest domain.
    pub domain_at: f32,
    /// Errors allowed, on patients new to the networks, when the thresholds of lung findings are set.
    pub limits: ErrorLimits,
    /// The same for calling a signal poor. To refuse a usable recording costs less than to judge a
    /// poor one, so more of those called poor may be usable.
    pub quality_limits: ErrorLimits,
    /// The same for heart findings. Stricter: who is who is unknown there, so neighbouring
    /// recordings may be of one person and calibration looks better than it is.
    pub heart_limits: ErrorLimits,
    /// Share of the calibration recordings that may count as unlike the training data.
    pub novelty_share: f64,
}

impl Check for HeadsRecipe {
    fn check(&self) -> Result<(), String> {
        count("lung", self.lung.len())?;
        count("heart", self.heart.len())?;
        count("penalties", self.penalties.len())?;
        for penalty in &self.penalties {
            positive("penalties", *penalty)?;
        }
        for (name, value) in [
            ("equalise_share", f64::from(self.equalise_share)),
            ("noise_share", self.noise_share),
            ("band_share", self.band_share),
            ("filter_share", self.filter_share),
            ("novelty_share", self.novelty_share),
            ("domain_at", f64::from(self.domain_at)),
        ] {
            share(name, value)?;
        }
        not_negative("equalise_db", self.equalise_db.into())?;
        not_negative("filter_db", self.filter_db.into())?;
        positive_range("seconds", self.seconds.map(|s| s as f32))?;
        positive_range("low_hz", self.low_hz)?;
        positive_range("high_hz", self.high_hz)?;
        range("snr_db", self.snr_db)?;
        range("buried_snr_db", self.buried_snr_db)
    }
}
