//! The patterns of the report grammar, by what they state. Slots: `{organ}` ("lung sounds"),
//! `{person}`, `{site}`, `{device}`, `{s}` (duration in s), `{names}` with `{be}` agreeing and
//! `{Names}` at the start of a sentence, `{first}` ("is", "are") agreeing with the first name,
//! `{bare}` (names without article), `{nor}` (names joined by "or"), `{times}`, `{n}`, `{diagnosis}`, `{tempo}`,
//! `{noise}`, `{attributes}` (of a murmur).

/// What was recorded; the optional parts are filled in where they are known.
pub(super) const OPENING: &[&str] = &[
    "[This is a|A] recording of {organ}{from}{at}{with}{lasting}.",
    "[The recording|This recording|The sample|This sample] is of {organ}{from}{at}{with}{lasting}.",
    "[Auscultation|Auscultatory recording] of {organ}{from}{at}{with}{lasting}.",
    "{Organ}{from} [were recorded|were captured]{at}{with}{lasting}.",
    "[The recording|This recording|The sample] [has|contains|holds] {organ}{from}{at}{with}{lasting}.",
];

/// " from ..." of the opening.
pub(super) const FROM: &[&str] = &[" [from|of] {person}"];

/// " at ..." of the opening.
pub(super) const AT: &[&str] = &[
    " [at|over] the {site}",
    ", with the stethoscope [at|over] the {site}",
    " (site: {site})",
];

/// " with ..." of the opening.
pub(super) const WITH: &[&str] = &[" {device}"];

/// " lasting ..." of the opening.
pub(super) const LASTING: &[&str] = &[", {s} s long", ", lasting {s} s", " (duration {s} s)"];

/// Findings that are present.
pub(crate) const PRESENT: &[&str] = &[
    "{Names} {be} [heard|audible|present|noted|detected].",
    "[There {be}|On auscultation there {be}|On listening, there {be}] {names}.",
    "[The recording|The sample|Auscultation] [shows|reveals|demonstrates] {names}.",
    "{Names} {be} [heard|audible|noted] [in the recording|on auscultation].",
    "[One hears|Listening reveals|The ear finds] {names}.",
];

/// Findings that are absent.
pub(super) const ABSENT: &[&str] = &[
    "No {nor} {be} [heard|audible|present|noted|detected].",
    "There {first} no {nor}[| in the recording].",
    "[The recording|The sample|Auscultation] [shows|reveals] no {nor}.",
    "No {nor} {be} [heard|audible|noted] [in the recording|on auscultation].",
    "[The recording|The sample] is free of {nor}.",
    "[The recording|The sample] is without {nor}.",
];

/// Findings that are uncertain.
pub(super) const UNCERTAIN: &[&str] = &[
    "[Possible|Questionable] {nor}.",
    "It is [uncertain|unclear] whether there {first} {nor}.",
    "{Names} cannot be excluded.",
];

/// A lung without adventitious sounds. "Vesicular breath sounds" alone would leave them open to a
/// careful reader, as "S1 and S2 are normal" would murmurs.
pub(crate) const CLEAR_LUNG: &[&str] = &[
    "[The breath sounds|Breath sounds] are normal.",
    "Normal breath sounds[| throughout| are heard].",
    "[The lungs|The lung fields] are clear.",
    "[Normal|Vesicular] breath sounds without [added|adventitious] sounds.",
];

/// A heart without abnormal sounds.
pub(crate) const CLEAR_HEART: &[&str] = &[
    "[The heart sounds|Heart sounds] are normal.",
    "Normal heart sounds[| throughout| are heard].",
    "Normal heart sounds without added heart sounds.",
];

/// A signal that can be judged.
pub(super) const USABLE: &[&str] = &[
    "[The signal quality|Signal quality] is [good|usable].",
    "[The recording|The sample] has good signal quality.",
    "Good signal quality.",
    "The recording is usable.",
];

/// A signal that cannot be judged.
pub(super) const POOR: &[&str] = &[
    "[The signal quality|Signal quality] is poor[|, so that nothing else can be said].",
    "[The recording|The sample] has poor signal quality[|; nothing else can be said].",
    "The signal is too poor [for an interpretation|to be interpreted].",
    "[The recording|This recording] is uninterpretable.",
    "Poor signal quality[|, nothing else can be said].",
];

/// Phases in which a finding is heard.
pub(super) const PHASES: &[&str] = &[
    "{Names} {be} [heard|audible|present] [in|during] {phase}.",
    "{Names} {be} {phases}.",
    "In timing, {names} {be} {phases}.",
];

/// Attributes of a murmur.
pub(super) const MURMUR: &[&str] = &[
    "The {bare} is {attributes}.",
    "[The recorded|The heard] {bare} is {attributes}.",
    "[In detail|More exactly], the {bare} is {attributes}.",
    "The {bare} [heard here|on this recording] is {attributes}.",
];

/// All intervals of a finding.
pub(super) const TIMES: &[&str] = &[
    "{Names} {be} [heard|audible|annotated|marked] at {times}.",
    "[The intervals of|The times of] {bare} are {times}.",
    "{Names} {be} found at {times}.",
];

/// Many intervals of a finding.
pub(super) const COUNTED: &[&str] = &[
    "{Names} {be} [heard|marked|annotated] in {n} intervals, the first at {times}.",
    "{n} intervals of {bare} [are marked|are annotated], the first at {times}.",
];

/// Diagnoses.
pub(super) const DIAGNOSIS: &[&str] = &[
    "[The recorded|The stated|The known] [clinical context|background] is {diagnosis}.",
    "[Clinical context|Background|Known condition]: {diagnosis}.",
    "[The person|The subject] has {diagnosis}.",
];

/// No disease.
pub(super) const NO_DIAGNOSIS: &[&str] = &[
    "[The person|The subject] has {diagnosis}[| on record].",
    "[Clinical context|Background]: {diagnosis}.",
];

/// Tempo.
pub(super) const TEMPO_HEART: &[&str] = &[
    "[The beat|The cycle|The pulse of the sound] repeats about {tempo} times a minute.",
    "[The rate|The heart rate|The tempo] is about {tempo} [per minute|beats per minute].",
    "About {tempo} beats [a|per] minute.",
];

/// Tempo of breathing.
pub(super) const TEMPO_LUNG: &[&str] = &[
    "[The breath|The cycle|The sound] repeats about {tempo} times a minute.",
    "[The rate|The respiratory rate|The tempo] is about {tempo} [per minute|breaths per minute].",
    "About {tempo} breaths [a|per] minute.",
];

/// Noise.
pub(super) const NOISE: &[&str] = &[
    "[The background noise|Background noise] is {noise}.",
    "[The level of background noise|The noise level] is {noise}.",
    "There is {noise} background noise.",
    "Background noise: {noise}.",
];
