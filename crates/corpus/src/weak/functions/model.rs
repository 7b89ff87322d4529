//! Functions that go by a model that learned on other data sets.

use super::LabellingFunction;
use crate::weak::columns::Column;
use crate::weak::foreign::ForeignModel;

pub(super) fn functions(model: &dyn ForeignModel) -> Vec<LabellingFunction> {
    let name = model.name().to_owned();
    model
        .findings()
        .into_iter()
        .map(|asked| {
            let key = name.clone();
            LabellingFunction {
                name: format!("model: {name}"),
                finding: asked.finding,
                domain: asked.domain,
                reads: vec![Column::Sound],
                reason: "a network that never learned from this data set says so",
                learned_from: model.learned_from().to_vec(),
                rule: Box::new(move |evidence| {
                    let probability = *evidence.opinions.get(&key)?.get(&asked.finding)?;
                    if probability >= asked.present_at {
                        Some(true)
                    } else {
                        (probability < asked.absent_below).then_some(false)
                    }
                }),
            }
        })
        .collect()
}
