//! Language models that the program joins to what asks for one: the one in the models folder, and
//! any OpenAI-compatible endpoint.

mod built_in;
mod endpoint;

pub(crate) use built_in::{BuiltIn, MODEL, built_in, quick};
pub(crate) use endpoint::remote;
