//! The terms of a signal that cannot be judged.

use Finding::{PoorSignal};

use super::{Concept, concept_of};
use crate::finding::Finding;

pub(super) const POOR_SIGNAL: Concept = concept_of(PoorSignal, None, "poor signal", &["poor signal quality", "signal quality poor", "signal too poor", "poor quality", "poor quality recording", "quality poor", "recording unusable", "unusable recording", "signal poor", "uninterpretable recording", "recording uninterpretable", "inadequate signal", "inadequate signal quality", "insufficient signal quality", "low signal quality", "low quality recording", "inadequate recording", "unusable signal", "signal unusable", "signal quality inadequate", "signal quality insufficient", "signal quality low", "signal quality unacceptable", "recording quality poor", "poor recording quality", "recording inadequate", "recording non diagnostic", "non diagnostic recording", "too noisy", "recording of poor quality", "signal inadequate", "signal uninterpretable", "bad recording quality", "recording quality inadequate", "sound quality poor", "poor sound quality", "audio quality poor", "poor audio quality", "recording too noisy"], "信号不良", &["信号品質不良", "録音不良", "音質不良", "録音状態不良", "判読不能"]);
