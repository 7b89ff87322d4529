//! The terms of each diagnosis, in the order of [`Diagnosis`]: those of reports in English and
//! Japanese, and those in which data sets write it.
//!
//! The data sets: ICBHI 2017 (`COPD`, `LRTI`, `URTI`, ...), KAUH (`heart failure`, `lung
//! fibrosis`, ...), `BMD-HS` (`AS`, `AR`, `MS`, `MR`, `MD`), Yaseen 2018 (with `MVP`), `ZCHSound`
//! (`ASD`, `VSD`, `PDA`, `PFO`), PhysioNet/CinC 2016, Respiratory@TR, the cough collections.
//! `CirCor` states no diagnosis.

use crate::diagnosis::Diagnosis::{
    self, AorticRegurgitation, AorticStenosis, Asthma, AtrialSeptalDefect, Bronchiectasis,
    Bronchiolitis, Bronchitis, CongenitalHeartDisease, Copd, CoronaryArteryDisease, Covid19,
    HeartFailure, LowerRespiratoryInfection, LungFibrosis, MitralRegurgitation, MitralStenosis,
    MitralValveProlapse, Normal, PatentDuctusArteriosus, PatentForamenOvale, PleuralEffusion,
    Pneumonia, UpperRespiratoryInfection, ValveDisease, VentricularSeptalDefect,
};
use crate::vocabulary::Language;

/// One diagnosis and its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiagnosisConcept {
    /// The diagnosis.
    pub diagnosis: Diagnosis,
    /// The wider diagnosis that it is one of.
    pub parent: Option<Diagnosis>,
    /// The term of English reports.
    pub preferred: &'static str,
    /// The term of Japanese reports.
    pub preferred_japanese: &'static str,
    /// Other terms, in lower case.
    pub synonyms: &'static [&'static str],
}

impl DiagnosisConcept {
    /// The term for reports in a language.
    pub const fn display(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.preferred,
            Language::Japanese => self.preferred_japanese,
        }
    }
}

const fn of(
    diagnosis: Diagnosis,
    parent: Option<Diagnosis>,
    preferred: &'static str,
    preferred_japanese: &'static str,
    synonyms: &'static [&'static str],
) -> DiagnosisConcept {
    DiagnosisConcept {
        diagnosis,
        parent,
        preferred,
        preferred_japanese,
        synonyms,
    }
}

/// All diagnoses.
pub const DIAGNOSES: &[DiagnosisConcept] = &[
    of(
        Normal,
        None,
        "no disease of heart or lungs",
        "異常なし",
        &["normal", "n", "healthy", "健常"],
    ),
    of(
        Asthma,
        None,
        "asthma",
        "喘息",
        &["bronchial asthma", "asthmatic", "気管支喘息"],
    ),
    of(
        Copd,
        None,
        "chronic obstructive pulmonary disease",
        "慢性閉塞性肺疾患",
        &[
            "copd",
            "copd0",
            "copd1",
            "copd2",
            "copd3",
            "copd4",
            "emphysema",
            "肺気腫",
        ],
    ),
    of(
        Bronchitis,
        None,
        "bronchitis",
        "気管支炎",
        &["bron", "acute bronchitis", "chronic bronchitis"],
    ),
    of(
        Bronchiectasis,
        None,
        "bronchiectasis",
        "気管支拡張症",
        &["bronchiectasia", "bronchiectases"],
    ),
    of(
        Bronchiolitis,
        None,
        "bronchiolitis",
        "細気管支炎",
        &["acute bronchiolitis"],
    ),
    of(
        UpperRespiratoryInfection,
        None,
        "upper respiratory tract infection",
        "上気道感染症",
        &["urti", "upper respiratory infection", "upper_infection"],
    ),
    of(
        LowerRespiratoryInfection,
        None,
        "lower respiratory tract infection",
        "下気道感染症",
        &["lrti", "lower respiratory infection", "lower_infection"],
    ),
    of(
        Pneumonia,
        Some(LowerRespiratoryInfection),
        "pneumonia",
        "肺炎",
        &["bronchopneumonia", "気管支肺炎"],
    ),
    of(
        Covid19,
        None,
        "COVID-19",
        "新型コロナウイルス感染症",
        &["covid19", "covid", "sars-cov-2 infection"],
    ),
    of(
        LungFibrosis,
        None,
        "lung fibrosis",
        "肺線維症",
        &[
            "pulmonary fibrosis",
            "interstitial lung disease",
            "ild",
            "間質性肺疾患",
            "間質性肺炎",
        ],
    ),
    of(
        PleuralEffusion,
        None,
        "pleural effusion",
        "胸水",
        &["plueral effusion", "胸水貯留"],
    ),
    of(
        HeartFailure,
        None,
        "heart failure",
        "心不全",
        &[
            "congestive heart failure",
            "chf",
            "cardiac failure",
            "うっ血性心不全",
        ],
    ),
    of(
        ValveDisease,
        None,
        "heart valve disease",
        "心臓弁膜症",
        &[
            "valvular heart disease",
            "valvular disease",
            "md",
            "multiple valve disease",
            "弁膜症",
        ],
    ),
    of(
        AorticStenosis,
        Some(ValveDisease),
        "aortic stenosis",
        "大動脈弁狭窄症",
        &["as", "aortic valve stenosis"],
    ),
    of(
        AorticRegurgitation,
        Some(ValveDisease),
        "aortic regurgitation",
        "大動脈弁閉鎖不全症",
        &[
            "ar",
            "aortic insufficiency",
            "aortic valve regurgitation",
            "大動脈弁逆流症",
        ],
    ),
    of(
        MitralStenosis,
        Some(ValveDisease),
        "mitral stenosis",
        "僧帽弁狭窄症",
        &["ms", "mitral valve stenosis"],
    ),
    of(
        MitralRegurgitation,
        Some(ValveDisease),
        "mitral regurgitation",
        "僧帽弁閉鎖不全症",
        &[
            "mr",
            "mitral insufficiency",
            "mitral valve regurgitation",
            "僧帽弁逆流症",
        ],
    ),
    of(
        MitralValveProlapse,
        Some(ValveDisease),
        "mitral valve prolapse",
        "僧帽弁逸脱症",
        &["mvp", "mitral prolapse"],
    ),
    of(
        CongenitalHeartDisease,
        None,
        "congenital heart disease",
        "先天性心疾患",
        &["chd", "congenital heart defect"],
    ),
    of(
        AtrialSeptalDefect,
        Some(CongenitalHeartDisease),
        "atrial septal defect",
        "心房中隔欠損症",
        &["asd"],
    ),
    of(
        VentricularSeptalDefect,
        Some(CongenitalHeartDisease),
        "ventricular septal defect",
        "心室中隔欠損症",
        &["vsd"],
    ),
    of(
        PatentDuctusArteriosus,
        Some(CongenitalHeartDisease),
        "patent ductus arteriosus",
        "動脈管開存症",
        &["pda"],
    ),
    of(
        PatentForamenOvale,
        Some(CongenitalHeartDisease),
        "patent foramen ovale",
        "卵円孔開存症",
        &["pfo"],
    ),
    of(
        CoronaryArteryDisease,
        None,
        "coronary artery disease",
        "冠動脈疾患",
        &["cad", "coronary heart disease"],
    ),
];

/// The concept of a diagnosis.
pub fn diagnosis(diagnosis: Diagnosis) -> &'static DiagnosisConcept {
    let found = DIAGNOSES.iter().find(|known| known.diagnosis == diagnosis);
    found.expect("the table has every diagnosis, see its test")
}

/// The diagnosis that a data set writes so, in any case, with spaces, hyphens or underscores.
///
/// ```
/// use laennec_corpus::vocabulary::diagnosis_named;
/// use laennec_corpus::Diagnosis;
///
/// assert_eq!(diagnosis_named("Heart Failure"), Some(Diagnosis::HeartFailure));
/// assert_eq!(diagnosis_named("LRTI"), Some(Diagnosis::LowerRespiratoryInfection));
/// assert_eq!(diagnosis_named("gout"), None);
/// ```
pub fn diagnosis_named(text: &str) -> Option<Diagnosis> {
    let plain = |text: &str| {
        let lower = text.to_lowercase().replace(['-', '_'], " ");
        lower.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let wanted = plain(text);
    let named = |known: &&DiagnosisConcept| {
        [
            known.diagnosis.word(),
            known.preferred,
            known.preferred_japanese,
        ]
        .iter()
        .chain(known.synonyms)
        .any(|term| plain(term) == wanted)
    };
    DIAGNOSES.iter().find(named).map(|known| known.diagnosis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_diagnosis_once_in_order() {
        let found: Vec<Diagnosis> = DIAGNOSES.iter().map(|known| known.diagnosis).collect();
        assert_eq!(found, Diagnosis::ALL);
    }

    #[test]
    fn every_term_names_its_diagnosis_alone() {
        for known in DIAGNOSES {
            let own = [
                known.diagnosis.word(),
                known.preferred,
                known.preferred_japanese,
            ];
            for term in own.iter().chain(known.synonyms) {
                assert_eq!(diagnosis_named(term), Some(known.diagnosis), "{term}");
            }
        }
    }
}
