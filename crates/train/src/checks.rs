//! Values of recipes come in; what of them cannot be followed goes out, in words.

use laennec_audio::LogMelConfig;

use crate::{
    fit::EarlyStopping,
    optimise::OptimiserConfig,
    schedule::{OneCycle, Schedule},
};

/// What is wrong with a value, naming it.
pub(crate) type Checked = Result<(), String>;

/// Settings that may make no sense.
pub trait Check {
    /// What of them cannot be followed, if anything.
    ///
    /// # Errors
    /// The first value that makes no sense, by name, and what would.
    fn check(&self) -> Result<(), String>;
}

/// In [0, 1].
pub(crate) fn share(name: &str, value: f64) -> Checked {
    need(name, value, (0.0..=1.0).contains(&value), "from 0 to 1")
}

/// In [0, 1).
pub(crate) fn below_one(name: &str, value: f64) -> Checked {
    let wanted = "0 or more and less than 1";
    need(name, value, (0.0..1.0).contains(&value), wanted)
}

/// Above 0 and finite.
pub(crate) fn positive(name: &str, value: f64) -> Checked {
    need(name, value, value.is_finite() && value > 0.0, "above 0")
}

/// 0 or more and finite.
pub(crate) fn not_negative(name: &str, value: f64) -> Checked {
    need(name, value, value.is_finite() && value >= 0.0, "0 or more")
}

/// 1 or more.
pub(crate) fn count(name: &str, value: usize) -> Checked {
    match value {
        0 => Err(format!("{name} is 0; it must be 1 or more")),
        _ => Ok(()),
    }
}

/// `[low, high]`, finite and in this order.
pub(crate) fn range(name: &str, [low, high]: [f32; 2]) -> Checked {
    if low.is_finite() && high.is_finite() && low <= high {
        return Ok(());
    }
    Err(format!(
        "{name} is [{low}, {high}]; the first must not be above the second"
    ))
}

/// [`range`] above 0, of which the logarithm is taken.
pub(crate) fn positive_range(name: &str, both: [f32; 2]) -> Checked {
    positive(name, f64::from(both[0]))?;
    range(name, both)
}

fn need(name: &str, value: f64, right: bool, wanted: &str) -> Checked {
    if right {
        Ok(())
    } else {
        Err(format!("{name} is {value}; it must be {wanted}"))
    }
}

impl Check for OptimiserConfig {
    fn check(&self) -> Checked {
        positive("optimiser.learning_rate", self.learning_rate)?;
        positive("optimiser.head_learning_rate", self.head_learning_rate)?;
        not_negative("optimiser.weight_decay", self.weight_decay.into())?;
        positive("optimiser.clip_norm", self.clip_norm.into())?;
        below_one("optimiser.average_decay", self.average_decay.into())
    }
}

impl Check for OneCycle {
    fn check(&self) -> Checked {
        below_one("schedule.warm_up", self.warm_up)?;
        positive("schedule.div", self.div)?;
        positive("schedule.final_div", self.final_div)
    }
}

impl Check for Schedule {
    fn check(&self) -> Checked {
        match self {
            Self::OneCycle(schedule) => schedule.check(),
            Self::Cosine { warm_up } | Self::Linear { warm_up } => {
                below_one("schedule.warm_up", *warm_up)
            }
        }
    }
}

impl Check for EarlyStopping {
    fn check(&self) -> Checked {
        count("early_stopping.patience", self.patience)
    }
}

impl Check for LogMelConfig {
    fn check(&self) -> Checked {
        laennec_audio::LogMel::new(self)
            .map(|_| ())
            .map_err(|error| format!("front_end: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        align::AlignRecipe,
        heads::HeadsRecipe,
        recipe::{HeartRecipe, LungRecipe},
    };

    /// The recipe's text with one value changed, the last of that name: [augment] stands below the
    /// front end.
    fn with(text: &str, key: &str, value: &str) -> String {
        let start = format!("{key} = ");
        let mut lines: Vec<&str> = text.lines().collect();
        let place = lines.iter().rposition(|line| line.starts_with(&start));
        let changed = format!("{start}{value}");
        lines[place.unwrap_or_else(|| panic!("{key}"))] = &changed;
        lines.join("\n")
    }

    fn refused<R: serde::de::DeserializeOwned + Check>(text: &str, wrong: &[(&str, &str)]) {
        let check = |text: &str| toml::from_str::<R>(text).unwrap().check();
        assert_eq!(check(text), Ok(()));
        for (key, value) in wrong {
            let said = check(&with(text, key, value)).unwrap_err();
            assert!(said.contains(key), "{key} = {value}: {said}");
        }
    }

    const EVERYWHERE: [(&str, &str); 7] = [
        ("epochs", "0"),
        ("batch", "0"),
        ("checkpoint_every", "0"),
        ("learning_rate", "-1e-3"),
        ("clip_norm", "-1.0"),
        ("average_decay", "1.0"),
        ("warm_up", "1.5"),
    ];
    const SOUNDS: [(&str, &str); 6] = [
        ("noise_share", "1.5"),
        ("band_share", "-0.1"),
        ("filter_share", "nan"),
        ("snr_db", "[30.0, 5.0]"),
        ("low_hz", "[0.0, 60.0]"),
        ("filter_db", "inf"),
    ];

    #[test]
    fn recipes_that_make_no_sense_are_refused() {
        let all = [&EVERYWHERE[..], &SOUNDS].concat();
        let lung = include_str!("../../../recipes/lung.toml");
        refused::<LungRecipe>(lung, &all);
        refused::<LungRecipe>(lung, &[("gain_db", "[6.0, -6.0]"), ("shift_share", "2.0")]);
        let heart = include_str!("../../../recipes/heart.toml");
        refused::<HeartRecipe>(heart, &all);
        refused::<HeartRecipe>(heart, &[("test_windows", "0"), ("tempo", "1.0")]);
        let align = include_str!("../../../recipes/align.toml");
        refused::<AlignRecipe>(align, &all);
        refused::<AlignRecipe>(
            align,
            &[
                ("micro_batch", "0"),
                ("window_s", "0.0"),
                ("high_part", "[0.4, 1.5]"),
            ],
        );
        let heads = include_str!("../../../recipes/heads.toml");
        refused::<HeadsRecipe>(heads, &SOUNDS);
        refused::<HeadsRecipe>(
            heads,
            &[
                ("penalties", "[]"),
                ("seconds", "[5.0, 3.0]"),
                ("equalise_share", "1.5"),
                ("domain_at", "1.5"),
            ],
        );
    }
}
