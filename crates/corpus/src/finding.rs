//! The findings this project speaks of, and how surely one is there.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::recording::words;

words! {
    /// An auscultation finding. The order is that of reports: signal, lung, heart.
    Finding {
        /// The signal is too poor to be judged.
        PoorSignal = "poor_signal",
        /// Any adventitious (added) lung sound.
        Adventitious = "adventitious",
        /// Continuous adventitious sounds (CAS): wheeze, rhonchi, stridor.
        Continuous = "continuous",
        /// Wheeze: high-pitched, musical.
        Wheeze = "wheeze",
        /// Rhonchi: low-pitched wheeze.
        Rhonchi = "rhonchi",
        /// Stridor: loud, from the upper airway.
        Stridor = "stridor",
        /// Squawk: a short inspiratory wheeze.
        Squawk = "squawk",
        /// Discontinuous adventitious sounds (DAS): crackles of either kind.
        Discontinuous = "discontinuous",
        /// Fine crackles.
        FineCrackle = "fine_crackle",
        /// Coarse crackles.
        CoarseCrackle = "coarse_crackle",
        /// Pleural friction rub.
        PleuralRub = "pleural_rub",
        /// Diminished or absent breath sounds.
        Diminished = "diminished",
        /// Bronchial breathing where vesicular breathing is expected.
        Bronchial = "bronchial",
        /// Any abnormal heart sound.
        AbnormalHeart = "abnormal_heart",
        /// Heart murmur of any timing.
        Murmur = "murmur",
        /// Systolic murmur.
        SystolicMurmur = "systolic_murmur",
        /// Diastolic murmur.
        DiastolicMurmur = "diastolic_murmur",
        /// Continuous murmur.
        ContinuousMurmur = "continuous_murmur",
        /// Third heart sound.
        S3 = "s3",
        /// Fourth heart sound.
        S4 = "s4",
        /// Split heart sound.
        SplitSound = "split_sound",
        /// Click (ejection or mid-systolic).
        Click = "click",
        /// Pericardial friction rub.
        PericardialRub = "pericardial_rub",
        /// Irregular or otherwise abnormal rhythm.
        Arrhythmia = "arrhythmia",
    }
}

words! {
    /// How surely a finding is there.
    Presence {
        /// It is there.
        Present = "present",
        /// It is not there.
        Absent = "absent",
        /// It was looked for and cannot be told.
        Uncertain = "uncertain",
        /// It was not looked for.
        NotAssessed = "not_assessed",
    }
}
