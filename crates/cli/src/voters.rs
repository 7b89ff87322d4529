//! The networks that may vote as foreign models, and the file that keeps what they said: the folders
//! of the command line come in, open networks go out.

use std::path::{Path, PathBuf};

use laennec_assistant::Listener;
use laennec_corpus::weak::ForeignModel;
use laennec_eval::weak::{BundleModel, Tagger};

use crate::arguments::Folders;
use crate::ear;
use crate::exit::{Exit, Failure};

/// File name of the tagger's weights in the models folder.
const TAGGER: &str = "mn04_as.safetensors";

/// Open networks.
pub(crate) struct Voters {
    tagger: Option<Tagger>,
    ear: Box<dyn Listener>,
}

impl Voters {
    /// Opens the bundle and, where its weights are in the models folder, the `AudioSet` tagger.
    pub(crate) fn open(bundle: Option<&Path>, folders: &Folders) -> Result<Self, Failure> {
        let weights = folders.models()?.join(TAGGER);
        let tagger = if weights.is_file() {
            let tagger = Tagger::open(&weights);
            Some(tagger.map_err(|error| Failure::new(Exit::Mismatch, error))?)
        } else {
            eprintln!(
                "warning: {} is missing, so that the AudioSet tagger does not vote; \
                 `laennec models pull mn04_as` fetches it",
                weights.display()
            );
            None
        };
        Ok(Self {
            tagger,
            ear: ear::open(bundle)?,
        })
    }

    /// Whether the tagger is there.
    pub(crate) fn is_complete(&self) -> bool {
        self.tagger.is_some()
    }

    /// Calls `then` with the models that may vote.
    pub(crate) fn with<T>(&self, then: impl FnOnce(&[&dyn ForeignModel]) -> T) -> T {
        let bundle = BundleModel::new(self.ear.as_ref());
        let tagger = self.tagger.iter().map(|tagger| tagger as &dyn ForeignModel);
        let bundle = bundle.iter().map(|bundle| bundle as &dyn ForeignModel);
        let models: Vec<&dyn ForeignModel> = tagger.chain(bundle).collect();
        then(&models)
    }
}

/// The file of kept evidence: as given, else `$XDG_CACHE_HOME/laennec/evidence.jsonl`, else
/// `~/.cache/laennec/evidence.jsonl`.
pub(crate) fn evidence_file(given: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(given) = given {
        let foreign = std::fs::read(given)
            .is_ok_and(|bytes| !bytes.is_empty() && !bytes.starts_with(b"{\"audio\":"));
        if foreign {
            let reason = format!("{} exists already and keeps no evidence", given.display());
            return Err(Failure::new(Exit::Refused, reason).help("give another name"));
        }
        return Ok(given.to_path_buf());
    }
    std::env::var_os("XDG_CACHE_HOME")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
        .map(|base| base.join("laennec/evidence.jsonl"))
        .ok_or_else(|| {
            Failure::new(Exit::Missing, "there is no home folder to keep evidence in")
                .help("add `--evidence FILE`")
        })
}
