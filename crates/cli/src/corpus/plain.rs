//! A recording comes in; its structured fields and its labels in plain words go out, for a person
//! who compares them with a text.

use laennec_corpus::facts::{Facts, Mode};
use laennec_corpus::wording::name;
use laennec_corpus::{Presence, Recording};

/// What a full report is to state, a line for each field.
pub(super) fn fields(recording: &Recording) -> Vec<String> {
    let facts = Facts::of(recording, Mode::Full, None);
    let seconds = |tenths: u32| format!("{:.1}", f64::from(tenths) / 10.0);
    let organs: Vec<&str> = facts.domains.iter().map(|domain| domain.word()).collect();
    let mut lines = vec![format!("organ listened to: {}", organs.join(", "))];
    let mut put = |field: &str, value: Option<String>| {
        lines.extend(value.map(|value| format!("{field}: {value}")));
    };
    put("sex", facts.sex.map(|sex| sex.to_string()));
    put("age group", facts.age.map(|age| age.noun().to_owned()));
    put(
        "site",
        facts.site.map(|site| site.to_string().replace('_', " ")),
    );
    put(
        "device",
        facts
            .device
            .map(|device| device.to_string().replace('_', " ")),
    );
    put(
        "duration",
        facts.tenths.map(|tenths| format!("{} s", seconds(tenths))),
    );
    for (finding, presence) in &facts.findings {
        let said = match presence {
            Presence::Present => "is there",
            Presence::Absent => "is not there",
            Presence::Uncertain => "is uncertain",
            Presence::NotAssessed => "was not assessed",
        };
        put("finding", Some(format!("{} {said}", name(*finding))));
    }
    for (finding, phase) in &facts.phases {
        put(
            "phase of breathing",
            Some(format!("{} {phase}", name(*finding))),
        );
    }
    for (finding, attribute) in &facts.murmurs {
        put("murmur", Some(format!("{}: {attribute}", name(*finding))));
    }
    for timing in &facts.timings {
        let spans: Vec<String> = timing
            .spans
            .iter()
            .map(|&(start, end)| format!("{} to {} s", seconds(start), seconds(end)))
            .collect();
        let all = if timing.count == timing.spans.len() {
            String::new()
        } else {
            format!(" (the first of {})", timing.count)
        };
        let when = format!("{} at {}{all}", name(timing.finding), spans.join(", "));
        put("time", Some(when));
    }
    for diagnosis in &facts.diagnoses {
        put("diagnosis", Some(diagnosis.to_string().replace('_', " ")));
    }
    lines
}

/// What the data set says of it, as it stands in the manifest.
pub(super) fn labels(recording: &Recording) -> Vec<String> {
    let quality = recording
        .quality
        .map(|quality| format!("quality {quality}"));
    let class = recording
        .record_class
        .as_ref()
        .map(|class| format!("class {class}"));
    let findings = recording
        .findings
        .iter()
        .map(|(finding, presence)| format!("{finding} {presence}"));
    class.into_iter().chain(quality).chain(findings).collect()
}
