//! What is said of a whole recording in one word: what was listened to and how, whether it can be
//! judged, sex, the publisher's outcome, and what the recording may be used for.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::words;

words! {
    /// What was listened to.
    Domain {
        /// Heart sounds.
        Heart = "heart",
        /// Lung sounds.
        Lung = "lung",
        /// Neither alone: coughs, or heart and lung mixed.
        Other = "other",
    }
}

words! {
    /// What the person did while a microphone recorded; stethoscope recordings have none.
    Manoeuvre {
        /// Coughing.
        Cough = "cough",
        /// Breathing in and out.
        Breathing = "breathing",
        /// One forced exhalation.
        Exhalation = "exhalation",
        /// A sustained vowel.
        Vowel = "vowel",
        /// Counting or reading aloud.
        Speech = "speech",
    }
}

words! {
    /// Whether a recording can be judged.
    Quality {
        /// It can.
        Usable = "usable",
        /// The publisher calls it poor.
        Poor = "poor",
    }
}

words! {
    /// Sex as published.
    Sex {
        /// Female.
        Female = "female",
        /// Male.
        Male = "male",
    }
}

words! {
    /// The publisher's verdict on the subject from all that was known, not from the sound alone
    /// (`CirCor`: clinical outcome by an expert).
    Outcome {
        /// Healthy.
        Normal = "normal",
        /// Diseased.
        Abnormal = "abnormal",
    }
}

words! {
    /// What a recording may be used for.
    Split {
        /// To fit parameters.
        Train = "train",
        /// To fit calibration and thresholds.
        Calibration = "calibration",
        /// For figures only; it trains, calibrates and selects nothing.
        Validation = "validation",
        /// Other hospitals, devices or a manikin; for figures and demonstrations only.
        Test = "test",
    }
}

words! {
    /// The part of the publisher's own division that a recording is in.
    OfficialSplit {
        /// Published for training.
        Train = "train",
        /// Published for validation or development.
        Validation = "validation",
        /// Published for testing.
        Test = "test",
    }
}
