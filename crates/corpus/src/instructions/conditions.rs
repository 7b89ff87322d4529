//! What a finding sounds like and with which conditions it is associated, each line with its
//! source. It answers what no data set states: reasoning, and differential diagnosis without
//! recorded diagnoses.
//!
//! The associations are those of the sources. They say with what a finding occurs, not what a
//! recording proves.

use crate::finding::Finding;

/// What is known of a finding in general.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The finding.
    pub finding: Finding,
    /// How it sounds, to stand after "are" or "is"; without a term of another finding.
    pub sound: &'static str,
    /// Conditions with which it is associated, the most usual first.
    pub conditions: &'static [&'static str],
    /// Where this is written.
    pub source: Source,
}

/// A source of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A. Bohadana, G. Izbicki, S. Kraman, "Fundamentals of Lung Auscultation", New England Journal
    /// of Medicine 370, 2014, table 1.
    Bohadana2014,
    /// H. Pasterkamp et al., "Towards the standardisation of lung sound nomenclature", European
    /// Respiratory Journal 47, 2016.
    Pasterkamp2016,
    /// L. Bickley et al., "Bates' Guide to Physical Examination and History Taking", 13th edition,
    /// 2021, chapter "Cardiovascular System".
    Bickley2021,
    /// C. Otto et al., "2020 ACC/AHA Guideline for the Management of Patients With Valvular Heart
    /// Disease", Circulation 143, 2021.
    Otto2021,
    /// Y. Adler et al., "2015 ESC Guidelines for the diagnosis and management of pericardial
    /// diseases", European Heart Journal 36, 2015.
    Adler2015,
    /// G. Hindricks et al., "2020 ESC Guidelines for the diagnosis and management of atrial
    /// fibrillation", European Heart Journal 42, 2021.
    Hindricks2021,
}

const fn of(
    finding: Finding,
    sound: &'static str,
    conditions: &'static [&'static str],
    source: Source,
) -> Meaning {
    Meaning {
        finding,
        sound,
        conditions,
        source,
    }
}

/// The table, in the order of [`Finding`].
pub const TABLE: &[Meaning] = &[
    of(
        Finding::PoorSignal,
        "a recording that cannot be judged",
        &[],
        Source::Pasterkamp2016,
    ),
    of(
        Finding::Adventitious,
        "sounds on top of breathing",
        &[],
        Source::Pasterkamp2016,
    ),
    of(
        Finding::Continuous,
        "musical sounds that last longer than a tenth of a second",
        &[
            "asthma",
            "chronic obstructive pulmonary disease",
            "bronchitis",
        ],
        Source::Bohadana2014,
    ),
    of(
        Finding::Wheeze,
        "a high-pitched musical sound of narrowed airways",
        &[
            "asthma",
            "chronic obstructive pulmonary disease",
            "a foreign body in the airway",
        ],
        Source::Bohadana2014,
    ),
    of(
        Finding::Rhonchi,
        "low-pitched, snoring musical sounds of fluid films and collapsing airways",
        &["bronchitis", "chronic obstructive pulmonary disease"],
        Source::Bohadana2014,
    ),
    of(
        Finding::Stridor,
        "a loud musical sound of a narrowed upper airway",
        &[
            "laryngomalacia",
            "a lesion of the vocal cords",
            "tracheomalacia",
        ],
        Source::Bohadana2014,
    ),
    of(
        Finding::Squawk,
        "a short musical sound with a few explosive ones around it",
        &[
            "hypersensitivity pneumonitis",
            "interstitial lung disease",
            "pneumonia",
        ],
        Source::Bohadana2014,
    ),
    of(
        Finding::Discontinuous,
        "short explosive sounds of airways that open suddenly or hold secretions",
        &[
            "pneumonia",
            "heart failure",
            "interstitial lung disease",
            "bronchitis",
        ],
        Source::Bohadana2014,
    ),
    of(
        Finding::FineCrackle,
        "very short, high-pitched explosive sounds of small airways that open suddenly",
        &["interstitial lung disease", "pneumonia", "heart failure"],
        Source::Bohadana2014,
    ),
    of(
        Finding::CoarseCrackle,
        "longer, low-pitched explosive sounds of secretions in larger airways",
        &["chronic bronchitis", "bronchiectasis", "pneumonia"],
        Source::Bohadana2014,
    ),
    of(
        Finding::PleuralRub,
        "a grating sound of inflamed pleural layers",
        &["pleurisy", "a tumour of the pleura"],
        Source::Bohadana2014,
    ),
    of(
        Finding::Diminished,
        "breathing that is softer than expected",
        &[
            "chronic obstructive pulmonary disease",
            "pleural effusion",
            "pneumothorax",
        ],
        Source::Bohadana2014,
    ),
    of(
        Finding::Bronchial,
        "loud, hollow breathing in both phases",
        &["pneumonia", "atelectasis with an open airway"],
        Source::Bohadana2014,
    ),
    of(
        Finding::AbnormalHeart,
        "a heart that does not sound as expected",
        &[
            "disease of a heart valve",
            "congenital heart disease",
            "a disorder of rhythm",
        ],
        Source::Bickley2021,
    ),
    of(
        Finding::Murmur,
        "a longer sound of turbulent flow",
        &[
            "disease of a heart valve",
            "congenital heart disease",
            "innocent flow",
        ],
        Source::Otto2021,
    ),
    of(
        Finding::SystolicMurmur,
        "turbulent flow between the first and the second beat of a cycle",
        &[
            "aortic stenosis",
            "mitral regurgitation",
            "ventricular septal defect",
            "innocent flow",
        ],
        Source::Otto2021,
    ),
    of(
        Finding::DiastolicMurmur,
        "turbulent flow after the second beat of a cycle",
        &["aortic regurgitation", "mitral stenosis"],
        Source::Otto2021,
    ),
    of(
        Finding::ContinuousMurmur,
        "turbulent flow through the whole cycle",
        &["patent ductus arteriosus", "an arteriovenous fistula"],
        Source::Bickley2021,
    ),
    of(
        Finding::S3,
        "a dull beat of rapid filling early in diastole",
        &[
            "heart failure",
            "mitral regurgitation",
            "a healthy young heart",
        ],
        Source::Bickley2021,
    ),
    of(
        Finding::S4,
        "a dull beat of the atria filling a stiff ventricle",
        &[
            "hypertensive heart disease",
            "aortic stenosis",
            "coronary artery disease",
        ],
        Source::Bickley2021,
    ),
    of(
        Finding::SplitSound,
        "two valves that close apart",
        &["right bundle branch block", "atrial septal defect"],
        Source::Bickley2021,
    ),
    of(
        Finding::Click,
        "a short high-pitched beat in systole",
        &["mitral valve prolapse", "a bicuspid aortic valve"],
        Source::Otto2021,
    ),
    of(
        Finding::PericardialRub,
        "a scratching sound of inflamed pericardial layers",
        &["pericarditis", "recent myocardial infarction"],
        Source::Adler2015,
    ),
    of(
        Finding::Arrhythmia,
        "beats that do not follow in even time",
        &[
            "atrial fibrillation",
            "premature beats",
            "atrioventricular block",
        ],
        Source::Hindricks2021,
    ),
];

/// The line of a finding.
pub fn meaning(finding: Finding) -> &'static Meaning {
    let found = TABLE.iter().find(|line| line.finding == finding);
    found.expect("the table has every finding, see its test")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract;

    #[test]
    fn the_table_has_every_finding_once_in_order() {
        let found: Vec<Finding> = TABLE.iter().map(|line| line.finding).collect();
        assert_eq!(found, Finding::ALL);
    }

    #[test]
    fn descriptions_state_no_other_finding() {
        for line in TABLE {
            let conditions = line.conditions.join(", ");
            for text in [line.sound, conditions.as_str()] {
                // A condition may be a kind of the finding itself, as atrial fibrillation is.
                let others = extract(text);
                let others = others.iter().filter(|found| found.finding != line.finding);
                assert_eq!(others.count(), 0, "{text}");
            }
        }
    }
}
