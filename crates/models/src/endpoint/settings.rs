//! Environment variables come in, the settings of an endpoint go out.

use std::fmt;
use std::time::Duration;

use super::Error;
use crate::registry::check_address;

/// The environment variables, each with what it is.
pub const VARIABLES: [(&str, &str); 7] = [
    (BASE, "base address, such as https://api.example.org/v1"),
    (MODEL, "name of the model there"),
    (
        KEY,
        "key, sent as bearer token; not needed by servers without one",
    ),
    (CONCURRENCY, "requests at once, 1 to 64; 4 unless set"),
    (PROMPT_PRICE, "price of a million tokens read; 0 unless set"),
    (
        ANSWER_PRICE,
        "price of a million tokens written; 0 unless set",
    ),
    (
        RETRIES,
        "how often a request is repeated that the server was too busy for; 5 unless set",
    ),
];

const BASE: &str = "LAENNEC_LM_URL";
const MODEL: &str = "LAENNEC_LM_MODEL";
const KEY: &str = "LAENNEC_LM_KEY";
const CONCURRENCY: &str = "LAENNEC_LM_CONCURRENCY";
const PROMPT_PRICE: &str = "LAENNEC_LM_PRICE_READ";
const ANSWER_PRICE: &str = "LAENNEC_LM_PRICE_WRITTEN";
const RETRIES: &str = "LAENNEC_LM_RETRIES";

/// How an endpoint is reached.
#[derive(Clone, PartialEq)]
pub struct Settings {
    /// Base address, without `/chat/completions`.
    pub base: String,
    /// Name of the model.
    pub model: String,
    /// Bearer token.
    pub key: Option<String>,
    /// Requests at once.
    pub concurrency: usize,
    /// Prices of a million tokens read and written, in any currency.
    pub prices: [f64; 2],
    /// How often a request is repeated.
    pub retries: u32,
    /// Pause before the first repetition; each further one is twice as long.
    pub pause: Duration,
    /// Time for reaching the server, and for the whole of an answer.
    pub patience: Duration,
}

impl fmt::Debug for Settings {
    /// Shows no key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("base", &self.base)
            .field("model", &self.model)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// Settings for a server, with the defaults of [`VARIABLES`].
    ///
    /// # Errors
    /// [`Error::Insecure`] for an address that is neither https nor on this machine.
    pub fn new(base: impl Into<String>, model: impl Into<String>) -> Result<Self, Error> {
        let base = base.into().trim_end_matches('/').to_owned();
        check_address(&base).map_err(|_| Error::Insecure { url: base.clone() })?;
        Ok(Self {
            base,
            model: model.into(),
            key: None,
            concurrency: 4,
            prices: [0.0; 2],
            retries: 5,
            pause: Duration::from_secs(1),
            patience: Duration::from_mins(2),
        })
    }

    /// Settings from [`VARIABLES`]; `variable` gives the value of one, if it is set.
    ///
    /// # Errors
    /// [`Error::Unset`] without address or model, [`Error::Setting`] for a value that is no number
    /// in its range, [`Error::Insecure`] as [`Settings::new`].
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let needed = |name: &'static str| set(name).ok_or(Error::Unset { variable: name });
        let mut settings = Self::new(needed(BASE)?, needed(MODEL)?)?;
        settings.key = set(KEY);
        let number = |name: &'static str, or: f64, most: f64, expected| {
            let Some(value) = set(name) else {
                return Ok(or);
            };
            let number = value
                .parse()
                .ok()
                .filter(|number| (0.0..=most).contains(number));
            number.ok_or(Error::Setting {
                variable: name,
                value,
                expected,
            })
        };
        let at_once = number(CONCURRENCY, 4.0, 64.0, "1 to 64")?;
        settings.concurrency = (at_once as usize).max(1);
        settings.prices = [
            number(PROMPT_PRICE, 0.0, 1e6, "a price of at least 0")?,
            number(ANSWER_PRICE, 0.0, 1e6, "a price of at least 0")?,
        ];
        settings.retries = number(RETRIES, 5.0, 20.0, "0 to 20")? as u32;
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&str, &str)]) -> Result<Settings, Error> {
        Settings::from_variables(|name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn settings_are_read_and_wrong_ones_named() {
        let good = [
            (BASE, "http://127.0.0.1:9/v1/"),
            (MODEL, "m"),
            (KEY, "secret"),
            (CONCURRENCY, "8"),
        ];
        let settings = from(&good).unwrap();
        assert_eq!(
            (settings.base.as_str(), settings.concurrency),
            ("http://127.0.0.1:9/v1", 8)
        );
        assert!(!format!("{settings:?}").contains("secret"));
        assert!(matches!(
            from(&good[1..]),
            Err(Error::Unset { variable: BASE })
        ));
        assert!(matches!(
            from(&[(BASE, "http://example.org/v1"), (MODEL, "m")]),
            Err(Error::Insecure { .. })
        ));
        let many = [good[0], good[1], (CONCURRENCY, "many")];
        assert!(from(&many).unwrap_err().to_string().contains("1 to 64"));
    }
}
