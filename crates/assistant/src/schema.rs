//! JSON Schema of the words of the clinical vocabulary, which `laennec-corpus` stores as strings.

use laennec_corpus::{Domain, Finding, Presence};
use schemars::{Schema, SchemaGenerator, json_schema};

pub(crate) fn domain(_: &mut SchemaGenerator) -> Schema {
    let words: Vec<&str> = Domain::ALL.iter().map(|domain| domain.word()).collect();
    json_schema!({ "type": "string", "enum": words })
}

pub(crate) fn optional_domain(_: &mut SchemaGenerator) -> Schema {
    let words = Domain::ALL.iter().map(|domain| Some(domain.word()));
    let words: Vec<Option<&str>> = words.chain([None]).collect();
    json_schema!({ "type": ["string", "null"], "enum": words })
}

pub(crate) fn finding(_: &mut SchemaGenerator) -> Schema {
    let words: Vec<&str> = Finding::ALL.iter().map(|finding| finding.word()).collect();
    json_schema!({ "type": "string", "enum": words })
}

pub(crate) fn presence(_: &mut SchemaGenerator) -> Schema {
    let words: Vec<&str> = Presence::ALL
        .iter()
        .map(|presence| presence.word())
        .collect();
    json_schema!({ "type": "string", "enum": words })
}
