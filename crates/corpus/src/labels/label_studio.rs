//! Label Studio: a JSON list of tasks. The task of a recording names it by its opaque id; each label
//! of its annotation has start and end in s and one label (Label Studio's export format, audio
//! segmentation with the tags `Labels` and `Audio`).

use serde::{Deserialize, Serialize};

use super::{LabelError, event};
use crate::recording::Event;

#[derive(Serialize, Deserialize)]
struct Task {
    data: Data,
    #[serde(default)]
    annotations: Vec<Annotation>,
}

#[derive(Serialize, Deserialize)]
struct Data {
    audio: String,
}

#[derive(Serialize, Deserialize)]
struct Annotation {
    result: Vec<Labelled>,
}

#[derive(Serialize, Deserialize)]
struct Labelled {
    from_name: String,
    to_name: String,
    r#type: String,
    value: Value,
}

#[derive(Serialize, Deserialize)]
struct Value {
    start: f64,
    end: f64,
    labels: Vec<String>,
}

pub(super) fn write(id: &str, events: &[Event]) -> String {
    let result = events
        .iter()
        .map(|event| Labelled {
            from_name: "label".to_owned(),
            to_name: "audio".to_owned(),
            r#type: "labels".to_owned(),
            value: Value {
                start: event.start_s,
                end: event.end_s,
                labels: vec![event.kind.word().to_owned()],
            },
        })
        .collect();
    let task = Task {
        data: Data {
            audio: id.to_owned(),
        },
        annotations: vec![Annotation { result }],
    };
    let mut text = serde_json::to_string_pretty(&[task]).expect("numbers and texts are JSON");
    text.push('\n');
    text
}

/// All labels of all annotations; results of another type (a transcription) are passed over.
pub(super) fn read(text: &str) -> Result<Vec<Event>, LabelError> {
    const EXPECTED: &str = "a JSON list of tasks with annotations, each with a result list";
    let wrong = |place, expected| LabelError { place, expected };
    let tasks: Vec<serde_json::Value> =
        serde_json::from_str(text).map_err(|error| wrong(error.line(), EXPECTED))?;
    let mut events = Vec::new();
    let mut number = 0;
    for task in tasks {
        let annotations = task
            .get("annotations")
            .and_then(serde_json::Value::as_array);
        for annotation in annotations.ok_or_else(|| wrong(1, EXPECTED))? {
            let results = annotation
                .get("result")
                .and_then(serde_json::Value::as_array);
            for result in results.ok_or_else(|| wrong(1, EXPECTED))? {
                number += 1;
                if result.get("type").and_then(serde_json::Value::as_str) != Some("labels") {
                    continue;
                }
                let labelled: Labelled = serde_json::from_value(result.clone())
                    .map_err(|_| wrong(number, "start, end and labels"))?;
                for label in &labelled.value.labels {
                    let (start, end) = (labelled.value.start, labelled.value.end);
                    events.push(event(number, start, end, label)?);
                }
            }
        }
    }
    Ok(events)
}
