//! The terms of each finding, in the order of [`Finding`].
//!
//! Lung terms follow the nomenclature of the European Respiratory Society's task force
//! (H. Pasterkamp et al., "Towards the standardisation of lung sound nomenclature", European
//! Respiratory Journal 47, 2016); the synonyms are what clinicians write.

use Finding::{
    AbnormalHeart, Adventitious, Arrhythmia, Bronchial, Click, CoarseCrackle, Continuous,
    ContinuousMurmur, DiastolicMurmur, Diminished, Discontinuous, FineCrackle, Murmur,
    PericardialRub, PleuralRub, PoorSignal, Rhonchi, S3, S4, SplitSound, Squawk, Stridor,
    SystolicMurmur, Wheeze,
};

use super::Concept;
use crate::finding::Finding;

const fn concept(
    finding: Finding,
    parent: Option<Finding>,
    preferred: &'static str,
    synonyms: &'static [&'static str],
) -> Concept {
    Concept {
        finding,
        parent,
        preferred,
        synonyms,
    }
}

/// All concepts. The parent of a finding is what it implies where it is present.
pub const TABLE: &[Concept] = &[
    concept(
        PoorSignal,
        None,
        "poor signal",
        &[
            "poor signal quality",
            "signal quality poor",
            "signal too poor",
            "poor quality",
            "poor quality recording",
            "quality poor",
            "recording unusable",
            "unusable recording",
            "signal poor",
            "uninterpretable recording",
            "recording uninterpretable",
        ],
    ),
    concept(
        Adventitious,
        None,
        "adventitious lung sound",
        &[
            "adventitious sound",
            "adventitious breath sound",
            "adventitious respiratory sound",
            "abnormal lung sound",
            "lung sound abnormal",
            "abnormal breath sound",
            "breath sound abnormal",
            "added lung sound",
            "added breath sound",
        ],
    ),
    concept(
        Continuous,
        Some(Adventitious),
        "continuous adventitious sound",
        &[
            "continuous adventitious lung sound",
            "continuous adventitious breath sound",
            "cas",
        ],
    ),
    concept(
        Wheeze,
        Some(Continuous),
        "wheeze",
        &["wheezing", "wheezy", "sibilant rhonchus"],
    ),
    concept(
        Rhonchi,
        Some(Continuous),
        "rhonchi",
        &[
            "rhonchus",
            "ronchi",
            "ronchus",
            "low pitched wheeze",
            "sonorous rhonchus",
        ],
    ),
    concept(
        Stridor,
        Some(Continuous),
        "stridor",
        &["stridulous sound", "stridorous"],
    ),
    concept(
        Squawk,
        Some(Continuous),
        "squawk",
        &["squeak", "short wheeze"],
    ),
    concept(
        Discontinuous,
        Some(Adventitious),
        "crackle",
        &[
            "discontinuous adventitious sound",
            "discontinuous adventitious lung sound",
            "discontinuous adventitious breath sound",
            "das",
            "rale",
            "crepitation",
            "crep",
            "crepitus",
            "crackling",
        ],
    ),
    concept(
        FineCrackle,
        Some(Discontinuous),
        "fine crackle",
        &[
            "fine rale",
            "fine crepitation",
            "fine crep",
            "velcro crackle",
        ],
    ),
    concept(
        CoarseCrackle,
        Some(Discontinuous),
        "coarse crackle",
        &["coarse rale", "coarse crepitation", "coarse crep"],
    ),
    concept(
        PleuralRub,
        Some(Adventitious),
        "pleural friction rub",
        &["pleural rub"],
    ),
    concept(
        Diminished,
        None,
        "diminished breath sound",
        &[
            "decreased breath sound",
            "reduced breath sound",
            "absent breath sound",
            "breath sound diminished",
            "breath sound decreased",
            "breath sound reduced",
            "breath sound absent",
            "decreased bs",
            "diminished bs",
            "reduced bs",
            "bs decreased",
            "bs diminished",
            "bs reduced",
            "reduced air entry",
            "decreased air entry",
            "diminished air entry",
            "poor air entry",
            "air entry reduced",
            "air entry decreased",
            "air entry diminished",
            "air entry poor",
            "quiet breath sound",
        ],
    ),
    concept(
        Bronchial,
        None,
        "bronchial breath sound",
        &[
            "bronchial breathing",
            "bronchial sound",
            "tubular breathing",
            "tubular breath sound",
        ],
    ),
    concept(
        AbnormalHeart,
        None,
        "abnormal heart sound",
        &[
            "heart sound abnormal",
            "added heart sound",
            "extra heart sound",
            "pathological heart sound",
        ],
    ),
    concept(
        Murmur,
        Some(AbnormalHeart),
        "heart murmur",
        &["murmur", "cardiac murmur"],
    ),
    concept(
        SystolicMurmur,
        Some(Murmur),
        "systolic murmur",
        &[
            "systolic ejection murmur",
            "ejection systolic murmur",
            "ejection murmur",
            "pansystolic murmur",
            "holosystolic murmur",
            "midsystolic murmur",
            "esm",
            "psm",
        ],
    ),
    concept(
        DiastolicMurmur,
        Some(Murmur),
        "diastolic murmur",
        &["middiastolic murmur", "edm", "mdm"],
    ),
    concept(
        ContinuousMurmur,
        Some(Murmur),
        "continuous murmur",
        &["machinery murmur", "continuous machinery murmur"],
    ),
    concept(
        S3,
        Some(AbnormalHeart),
        "third heart sound",
        &["s3", "s3 gallop"],
    ),
    concept(
        S4,
        Some(AbnormalHeart),
        "fourth heart sound",
        &["s4", "s4 gallop"],
    ),
    concept(
        SplitSound,
        None,
        "split heart sound",
        &[
            "split s2",
            "s2 split",
            "split s1",
            "s1 split",
            "splitting of s2",
            "splitting of s1",
            "split second heart sound",
            "second heart sound split",
            "first heart sound split",
        ],
    ),
    concept(
        Click,
        Some(AbnormalHeart),
        "click",
        &["ejection click", "systolic click", "midsystolic click"],
    ),
    concept(
        PericardialRub,
        Some(AbnormalHeart),
        "pericardial friction rub",
        &["pericardial rub"],
    ),
    concept(
        Arrhythmia,
        Some(AbnormalHeart),
        "arrhythmia",
        &[
            "irregular rhythm",
            "rhythm irregular",
            "irregularly irregular",
            "irregularly irregular rhythm",
            "atrial fibrillation",
            "dysrhythmia",
            "irregular heartbeat",
        ],
    ),
];
