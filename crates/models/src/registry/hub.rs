//! A file of a Hugging Face repository comes in; the copy in the user's own hub cache, or the
//! address and token to fetch it with, goes out. `hf-hub` knows the cache's layout, the endpoint
//! (`HF_ENDPOINT`) and the token; the download itself is the same as for any other address, so
//! that it has the same time limits, resume and checks.

use std::path::PathBuf;

use hf_hub::api::sync::ApiBuilder;
use hf_hub::{Cache, Repo, RepoType};

use super::Error;

/// Where a hub file is had.
pub(super) struct Located {
    /// The file in the user's cache, if other software fetched it before.
    pub(super) cached: Option<PathBuf>,
    /// Its address.
    pub(super) url: String,
    /// The user's token, if there is one.
    pub(super) token: Option<String>,
}

/// Looks a file up by repository (`owner/name`), commit and path.
pub(super) fn locate(repository: &str, revision: &str, file: &str) -> Result<Located, Error> {
    let repo = Repo::with_revision(repository.into(), RepoType::Model, revision.into());
    let cache = Cache::from_env();
    let cached = cache.repo(repo.clone()).pointer_path(revision).join(file);
    let api = ApiBuilder::from_env()
        .build()
        .map_err(|error| Error::Connection {
            url: format!("hub {repository}"),
            reason: error.to_string(),
        })?;
    Ok(Located {
        cached: cached.is_file().then_some(cached),
        url: api.repo(repo).url(file),
        token: cache.token(),
    })
}
