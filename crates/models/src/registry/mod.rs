//! The registry of pretrained models: a lock file with hashes and sources comes in; model files in
//! one folder, each checked against its SHA-256, go out.
//!
//! * [`Lock`] says which files a model has, and where each is had.
//! * [`Folder`] is where they lie, and says which are here and whole.
//! * [`Puller`] fetches what is missing from the sources in order.

mod convert;
mod digest;
mod error;
mod folder;
mod https;
mod hub;
mod import;
mod lock;
mod progress;
mod pull;
mod pypi;

pub(crate) use digest::sha256_hex;
pub use digest::{Digest, digest_file};
pub use error::Error;
pub use folder::{Folder, State};
pub use https::Patience;
pub(crate) use https::check_address;
pub use import::{Imported, import};
pub use lock::{Lock, Model, ModelFile, PytorchSource, Source};
pub use progress::{Progress, Silent};
pub use pull::{Origin, Pulled, Puller};
