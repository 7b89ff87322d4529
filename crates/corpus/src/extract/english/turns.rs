//! Phrases beyond the terms of the vocabulary: turns that name several findings at once, or say
//! by themselves whether a finding is there ("lungs clear").

use super::phrases::Names::{self, ByContext, Findings, Gallop, One};
use crate::extract::word_list::Words;
use crate::finding::Finding::{
    self, AbnormalHeart, Adventitious, Arrhythmia, Click, CoarseCrackle, Continuous,
    DiastolicMurmur, Diminished, Discontinuous, FineCrackle, Murmur, PericardialRub, PleuralRub,
    PoorSignal, Rhonchi, S3, S4, Stridor, SystolicMurmur, Wheeze,
};
use crate::finding::Presence::{self, Absent, NotAssessed, Present, Uncertain};

const GROUPS: Names = Findings(&[Continuous, Discontinuous]);
const CRACKLES: Names = Findings(&[FineCrackle, CoarseCrackle]);
const MURMURS: Names = Findings(&[SystolicMurmur, DiastolicMurmur]);
const RUB: Names = ByContext(PericardialRub, PleuralRub);
const ADDED: Names = ByContext(AbnormalHeart, Adventitious);
const LUNG: Names = One(Adventitious);
const HEART: Names = One(AbnormalHeart);

/// What a phrase names, what it says if nothing else is said, and its wordings.
pub(super) const TURNS: &[(Names, Presence, Words)] = &[
    (
        GROUPS,
        Present,
        Words(
            "continuous or discontinuous adventitious sound|\
         continuous and discontinuous adventitious sound|\
         continuous nor discontinuous adventitious sound|\
         continuous or discontinuous sound|continuous and discontinuous sound",
        ),
    ),
    (
        CRACKLES,
        Present,
        Words(
            "fine and coarse crackle|fine or coarse crackle|coarse and fine crackle|\
         coarse or fine crackle|fine nor coarse crackle|fine and coarse crepitation|\
         fine or coarse crepitation|fine and coarse rale|fine or coarse rale",
        ),
    ),
    (
        MURMURS,
        Present,
        Words(
            "systolic and diastolic murmur|systolic or diastolic murmur|\
         systolic nor diastolic murmur|systolic and a diastolic murmur|\
         diastolic or systolic murmur|diastolic and systolic murmur|\
         systolic / diastolic murmur",
        ),
    ),
    (
        Findings(&[S3, S4]),
        Present,
        Words(
            "third or fourth heart sound|third and fourth heart sound|\
         third nor fourth heart sound|s3s4",
        ),
    ),
    (
        Findings(&[Murmur, PericardialRub, S3, S4]),
        Present,
        Words("mrg|rmg|mgr"),
    ),
    (
        One(Discontinuous),
        Present,
        Words("crept|crackel|crackling sound"),
    ),
    (One(Wheeze), Present, Words("weeze|wheez")),
    (One(FineCrackle), Present, Words("fine one")),
    (One(CoarseCrackle), Present, Words("coarse one")),
    (
        One(Continuous),
        Present,
        Words("continuous one|continuous sound"),
    ),
    (
        One(Discontinuous),
        Present,
        Words("discontinuous one|discontinuous sound"),
    ),
    (
        One(Arrhythmia),
        Present,
        Words(
            "irregular irregular|ectopic|ectopic beat|premature beat|premature ventricular beat|dropped beat|missed beat|skipped beat|extra beat|bigeminy|trigeminy|extra systole|extra systolic beat",
        ),
    ),
    (One(SystolicMurmur), Present, Words("systolic one")),
    (One(DiastolicMurmur), Present, Words("diastolic one")),
    (Gallop, Present, Words("gallop|gallop rhythm")),
    (RUB, Present, Words("rub|friction rub|friction sound")),
    (
        ADDED,
        Present,
        Words(
            "added sound|extra sound|additional sound|abnormal sound|sound abnormal|\
         pathological sound",
        ),
    ),
    (
        ADDED,
        Absent,
        Words(
            "nil added|normal auscultation|auscultation normal|auscultation unremarkable|\
         unremarkable auscultation|nothing abnormal|no abnormality|\
         normal auscultatory finding|auscultatory finding normal|nad on auscultation|\
         nil of note on auscultation|nothing of note on auscultation|auscultation nad|\
         no abnormal finding on auscultation|nothing remarkable on auscultation",
        ),
    ),
    (
        LUNG,
        Absent,
        Words(
            "rs nad|resp nad|rs clear|resp clear|rs normal|resp normal|respiratory system normal|\
         clear to auscultation|clear on auscultation|ctab|cta|cta b|clear bilaterally|\
         clear throughout|vesicular breath sound|vesicular breathing|\
         breath sound vesicular|breathing vesicular|normal vesicular breath sound|\
         normal vesicular breathing|vesicular murmur normal|normal vesicular murmur|\
         breath sound clear and equal|clear and equal breath sound|no abnormal lung sound",
        ),
    ),
    (LUNG, Absent, Words("otherwise clear")),
    (
        One(Arrhythmia),
        Uncertain,
        Words("possibly irregular|probably irregular|perhap irregular"),
    ),
    (LUNG, Uncertain, Words("lung sound : uncertain")),
    (
        LUNG,
        NotAssessed,
        Words(
            "lung sound : not assessed|lung sound not assessed|breath sound not assessed|lung not auscultated|chest not auscultated|lung not assessed|lung sound cannot be assessed|lung sound could not be assessed|lung sound not auscultated|lung could not be assessed|lung sound not evaluated|lung could not be auscultated|chest could not be auscultated",
        ),
    ),
    (
        One(Diminished),
        Present,
        Words(
            "no breath sound|no air entry|no air movement|breath sound not heard|\
         breath sound not audible|silent lung",
        ),
    ),
    (
        HEART,
        Absent,
        Words(
            "s1 s2 + 0|hs i + ii + 0|hs i + ii + nil|hs 1 + 2 + 0|i + ii + 0|normal s1 s2|cvs nad|cv nad|cvs normal|cv normal|cvs unremarkable|heart nad|\
         normal s1 and s2|normal s1 / s2|normal first and second heart sound|\
         normal first and second sound|normal s1s2|dual heart sound|hs dual|dual hs",
        ),
    ),
    (HEART, Uncertain, Words("heart sound : uncertain")),
    (
        HEART,
        NotAssessed,
        Words(
            "heart sound : not assessed|heart sound not assessed|heart not auscultated|heart not assessed|heart sound cannot be assessed|heart sound could not be assessed|heart sound not auscultated|heart sound not evaluated|heart could not be auscultated|heart could not be assessed|heart sound could not be evaluated|heart sound cannot be judged|heart sound could not be judged",
        ),
    ),
    (
        One(Arrhythmia),
        Absent,
        Words(
            "regular rate and rhythm|rrr|sinus rhythm|regularly regular|\
         regular in rate and rhythm|regular s1 and s2|rate and rhythm regular|regular rhythm and rate|\
         rhythm regular and rate|heart regular|regular heart rate and rhythm",
        ),
    ),
    (
        One(PoorSignal),
        Present,
        Words(
            "recording cannot be judged|recording cannot be interpreted|\
         recording cannot be analysed|recording cannot be assessed|\
         recording cannot be analyzed|excessive noise|excessive background noise|\
         obscured by noise",
        ),
    ),
];

/// Findings that clinicians abbreviate by their initials, joined by slashes in any order.
pub(super) const INITIALS: &[(&str, &[Finding])] = &[
    ("wrr", &[Wheeze, Discontinuous, Rhonchi]),
    ("wrc", &[Wheeze, Discontinuous, Rhonchi]),
    ("wc", &[Wheeze, Discontinuous]),
    ("wrrs", &[Wheeze, Discontinuous, Rhonchi, Stridor]),
    ("mrg", &[Murmur, PericardialRub, S3, S4]),
    ("mrgc", &[Murmur, PericardialRub, S3, S4, Click]),
    ("mg", &[Murmur, S3, S4]),
    ("mr", &[Murmur, PericardialRub]),
];

/// Nouns and states that make a phrase in either order ("breath sounds are reduced", "reduced
/// breath sounds"): what they name, what they say, the nouns, the states.
pub(super) const STATES: &[(Names, Presence, Words, Words)] = &[
    (
        One(PoorSignal),
        Uncertain,
        Words(
            "signal|signal quality|recording quality|sound quality|audio quality|quality|quality of the recording",
        ),
        Words("borderline|marginal|questionable|uncertain|doubtful"),
    ),
    (
        One(Diminished),
        Present,
        BREATH,
        Words(
            "diminished|decreased|reduced|absent|quiet|faint|distant|muffled|poor|soft|weak|\
         weakened|attenuated|depressed|inaudible|lowered|lessened|down|dulled|softer|\
         quieter|weaker|decrease|diminution|reduction|limited|asymmetrically reduced|low|\
         barely audible|hardly audible|scarcely audible|barely heard|hardly heard|scarcely heard|\
         hard to hear|difficult to hear|feeble|impaired|barely perceptible|hypophonetic|less audible|\
         barely there|subdued|remote|lost|hushed",
        ),
    ),
    (
        One(Diminished),
        Present,
        Words("of breath sound|of air entry|in breath sound|in air entry|of the breath sound"),
        Words("diminution|reduction|decrease|loss|absence|attenuation"),
    ),
    (
        One(Diminished),
        Absent,
        BREATH,
        Words(
            "equal|symmetrical|symmetric|preserved|good|adequate|full|satisfactory|\
         of normal intensity|well preserved|of equal intensity|comparable|heard equally|well heard|clearly heard|clearly audible|easily heard|\
         normal intensity|of normal volume|not diminished|not reduced|not decreased",
        ),
    ),
    (
        One(Diminished),
        Absent,
        Words("air entry|air movement|aeration|ae"),
        Words("normal"),
    ),
    (
        LUNG,
        Absent,
        Words(
            "lung|lung field|chest|lung base|lung zone|breath sound|lung sound|\
         respiratory sound|chest sound|lung auscultation|chest auscultation|\
         pulmonary auscultation|respiratory auscultation|auscultation of the lung|\
         auscultation of the chest|hemithorax|lung apice|respiratory examination|\
         respiratory exam|base|air entry",
        ),
        Words("clear|cta|ctab|unremarkable|clear to auscultation"),
    ),
    (
        LUNG,
        Absent,
        Words(
            "lung sound|breath sound|respiratory sound|chest sound|lung auscultation|\
         chest auscultation|pulmonary auscultation|auscultation of the lung|\
         auscultation of the chest|breathing sound",
        ),
        Words("normal"),
    ),
    (LUNG, Absent, Words("lung|chest"), Words("normal|nad")),
    (
        HEART,
        Absent,
        Words(
            "heart sound|cardiac sound|hs|s1 s2|s1 and s2|s1 / s2|s1s2|\
         first and second heart sound|first and second sound|heart auscultation|\
         cardiac auscultation|cardiac examination|cardiac exam|heart sound i and ii|\
         auscultation of the heart|precordial auscultation|heart examination|hs i and ii",
        ),
        Words("normal|unremarkable|within normal limit|dual|pure|clear|nad"),
    ),
    (HEART, Absent, Words("heart"), Words("normal|unremarkable")),
    (
        Findings(&[AbnormalHeart, Arrhythmia]),
        Absent,
        Words("heart sound|hs|cardiac sound|s1 and s2|s1 s2"),
        Words("normal and regular|regular and normal"),
    ),
    (
        One(Arrhythmia),
        Absent,
        Words(
            "rhythm|heart rhythm|cardiac rhythm|heart sound|heartbeat|heart beat|pulse|\
         heart rate|heart|hs|cardiac|beat|cor",
        ),
        Words("regular"),
    ),
    (
        One(Arrhythmia),
        Absent,
        Words("rhythm|heart rhythm|cardiac rhythm"),
        Words("normal|sinus"),
    ),
    (
        One(PoorSignal),
        Absent,
        Words(
            "signal|signal quality|recording quality|sound quality|audio quality|quality|\
         recording|quality recording|quality of the recording|quality of the signal",
        ),
        Words("usable|good|adequate|acceptable|sufficient|satisfactory|excellent|interpretable"),
    ),
    (
        One(PoorSignal),
        Present,
        Words(
            "signal|signal quality|recording quality|sound quality|audio quality|quality|\
         quality of the recording|quality of the signal|recording",
        ),
        Words(
            "unusable|inadequate|insufficient|unacceptable|uninterpretable|too noisy|\
         non diagnostic|nondiagnostic|too poor|bad|degraded|poor|unreadable|not usable|\
         not interpretable",
        ),
    ),
];

const BREATH: Words = Words(
    "breath sound|bs|air entry|ae|lung sound|vesicular breath sound|vesicular breathing|\
 air movement|respiratory sound|breathing sound|aeration|vesicular murmur|breath|\
 vesicular sound",
);
