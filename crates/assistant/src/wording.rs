//! The words of the template: findings and domains come in, phrases of the clinical vocabulary go out.

use laennec_corpus::Domain;
pub use laennec_corpus::wording::{is_plural, list, name, sentence_case};

/// What a recording is of, in words.
pub fn domain(domain: Domain) -> &'static str {
    match domain {
        Domain::Heart => "heart sounds",
        Domain::Lung => "lung sounds",
        Domain::Other => "neither heart nor lung sounds",
    }
}
