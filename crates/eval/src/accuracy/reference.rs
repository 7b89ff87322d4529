//! What others reached on the same validation patients. Nothing here was measured by this program;
//! the report names the source beside each figure.
//!
//! The reference runs are independent fine-tunings of the same encoder (mn04) in PyTorch on the
//! same training patients, about an hour on one core each, decided by the most probable class.

use crate::tasks::sprsound::SprSoundTask;

/// Official Scores of the two lung reference runs.
pub(super) struct LungReference {
    /// `EfficientAT`'s front end at 32 kHz.
    pub(super) at_32k: &'static str,
    /// A front end at the recordings' own 8 kHz.
    pub(super) at_8k: &'static str,
}

/// The official Score of a task, all classes allowed.
pub(super) const fn lung_score(task: SprSoundTask) -> LungReference {
    let (at_32k, at_8k) = match task {
        SprSoundTask::Segments2 => (".904", ".906"),
        SprSoundTask::Segments7 => (".848", ".839"),
        SprSoundTask::Records3 => (".855", ".835"),
        SprSoundTask::Records5 => (".773", ".758"),
    };
    LungReference { at_32k, at_8k }
}

/// The official Score of task 1-2 with its rare classes never predicted.
pub(super) const SEGMENTS_WITHOUT_RARE: LungReference = LungReference {
    at_32k: ".865",
    at_8k: ".868",
};

/// AUROC of not normal, over segments and over recordings.
pub(super) const NOT_NORMAL: [LungReference; 2] = [
    LungReference {
        at_32k: ".968",
        at_8k: ".961",
    },
    LungReference {
        at_32k: ".946",
        at_8k: ".944",
    },
];

/// AUROC and (Se + Sp) / 2 at 0.5 of the heart reference run within a database.
pub(super) fn heart(database: &str) -> &'static str {
    match database {
        "training-a" => ".79; .73",
        "training-d" => ".67; .42",
        "training-c" | "training-e" => "1.0",
        _ => super::text::NONE,
    }
}

/// AUROC of the heart reference run with this database left out of its training.
pub(super) fn heart_left_out(database: &str) -> &'static str {
    match database {
        "training-a" => ".70",
        "training-e" => ".47-.61",
        _ => super::text::NONE,
    }
}

/// AUROC a file on KAUH of the two lung reference runs: wheeze, crackle, any of the two.
pub(super) const KAUH: [LungReference; 3] = [
    LungReference {
        at_32k: ".75",
        at_8k: ".78",
    },
    LungReference {
        at_32k: ".65",
        at_8k: ".69",
    },
    LungReference {
        at_32k: ".70",
        at_8k: ".76",
    },
];
