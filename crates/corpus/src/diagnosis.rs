//! The diagnoses that public auscultation data sets state of their subjects.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::recording::words;

words! {
    /// A diagnosis of a subject. Words that data sets use alike are stored alike.
    Diagnosis {
        /// No disease of heart or lungs.
        Normal = "normal",
        /// Asthma.
        Asthma = "asthma",
        /// Chronic obstructive pulmonary disease.
        Copd = "copd",
        /// Bronchitis, acute or chronic.
        Bronchitis = "bronchitis",
        /// Bronchiectasis.
        Bronchiectasis = "bronchiectasis",
        /// Bronchiolitis.
        Bronchiolitis = "bronchiolitis",
        /// Infection of the upper airways.
        UpperRespiratoryInfection = "upper_respiratory_infection",
        /// Infection of the lower airways.
        LowerRespiratoryInfection = "lower_respiratory_infection",
        /// Pneumonia.
        Pneumonia = "pneumonia",
        /// COVID-19.
        Covid19 = "covid_19",
        /// Lung fibrosis, interstitial lung disease.
        LungFibrosis = "lung_fibrosis",
        /// Pleural effusion.
        PleuralEffusion = "pleural_effusion",
        /// Heart failure.
        HeartFailure = "heart_failure",
        /// Disease of a heart valve, of several valves, or of one that is not named.
        ValveDisease = "valve_disease",
        /// Stenosis of the aortic valve.
        AorticStenosis = "aortic_stenosis",
        /// Regurgitation of the aortic valve.
        AorticRegurgitation = "aortic_regurgitation",
        /// Stenosis of the mitral valve.
        MitralStenosis = "mitral_stenosis",
        /// Regurgitation of the mitral valve.
        MitralRegurgitation = "mitral_regurgitation",
        /// Prolapse of the mitral valve.
        MitralValveProlapse = "mitral_valve_prolapse",
        /// Congenital heart disease of any kind.
        CongenitalHeartDisease = "congenital_heart_disease",
        /// Atrial septal defect.
        AtrialSeptalDefect = "atrial_septal_defect",
        /// Ventricular septal defect.
        VentricularSeptalDefect = "ventricular_septal_defect",
        /// Patent ductus arteriosus.
        PatentDuctusArteriosus = "patent_ductus_arteriosus",
        /// Patent foramen ovale.
        PatentForamenOvale = "patent_foramen_ovale",
        /// Disease of the coronary arteries.
        CoronaryArteryDisease = "coronary_artery_disease",
    }
}
