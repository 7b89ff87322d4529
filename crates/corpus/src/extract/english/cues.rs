//! The words that turn a finding into absent, uncertain, not assessed or merely spoken of.

/// What a cue says of the findings in its reach. Where several reach one, the greatest holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Says {
    /// The opposite of what is said of it otherwise: "it would be wrong to say that ...".
    Reversed,
    /// There.
    Present,
    /// Not there.
    Absent,
    /// Perhaps there.
    Uncertain,
    /// Not looked for.
    NotAssessed,
    /// Spoken of an earlier time, so no finding unless something is said of now.
    Past,
    /// No longer there.
    Ceased,
    /// Not a finding of this examination: history, advice, condition.
    NotAFinding,
}

/// Which way a cue reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// To the findings that follow.
    Forward,
    /// To the findings before.
    Backward,
    /// Backward when it follows a finding closely, else forward.
    Either,
    /// Forward; backward when it ends the clause ("wheeze is not").
    ForwardUnlessLast,
    /// Both ways.
    Both,
    /// Forward, over what is left out of what was denied before it ("no crackles except ...").
    Except,
}

use crate::extract::word_list::Words;

use Reach::{Backward, Both, Either, Except, Forward, ForwardUnlessLast};
use Says::{Absent, Ceased, NotAFinding, NotAssessed, Past, Present, Reversed, Uncertain};

/// All cues, as what they say, which way, and their words. The longest that fits is taken, so
/// that "not resolved" hides "resolved".
pub(super) const CUES: &[(Says, Reach, Words)] = &[
    (
        Absent,
        Forward,
        Words(
            "no|without|w/o|neither|nor|never|no evidence of|no evidence for|no sign of|\
         no trace of|no suggestion of|no indication of|nothing to suggest|no hint of|\
         absence of|free of|free from|devoid of|neg for|negative for|lack of|lacking|excludes|\
         clear of|nowhere|nothing like|nothing resembling|failing to detect|failing to hear|failed to hear|failed to reveal|failed to show|failing to reveal|not a single|in the absence of|did not appreciate|unable to appreciate|cannot appreciate|could not appreciate|failed to detect|did not|does not|do not|didn't|doesn't|don't|could not|\
         couldn't|cannot|can not|can't|unable to|failed to|fails to|rather than|\
         instead of|denying|could not hear|couldn't hear|cannot hear|can't hear|\
         unable to hear|unable to detect|could not detect|could not convince myself of",
        ),
    ),
    (
        Absent,
        ForwardUnlessLast,
        Words("not|nil|none|zero|isn't|aren't|wasn't|weren't"),
    ),
    (
        Absent,
        Either,
        Words(
            "ruled out|excluded|absent|no longer|undetectable|inaudible|nonexistent|non existent|missing|not any more|not anymore|nowhere to be heard|nowhere to be found|nowhere to be detected",
        ),
    ),
    (
        Absent,
        Backward,
        Words(
            "negative|cannot be|can't be|could not be|couldn't be|not be|neg|-|-ve|\
         not present|not heard|not audible|not detected|not found|not seen|not noted|\
         not appreciated|not evident|not identified|not observed|not discernible|\
         not discerned|not perceived|not detectable|not demonstrated|not apparent|\
         not recognised|not recognized|not there|not be heard|not be detected|\
         not be appreciated|not be identified|not be found|not be elicited|not elicited|\
         not recorded|isn't heard|wasn't heard|weren't heard|aren't heard|isn't present|\
         aren't present|wasn't present|weren't present|wasn't audible|weren't audible|\
         isn't audible|aren't audible|couldn't be heard|couldn't be detected|\
         can't be heard|cannot be heard|cannot be detected|could not be heard|\
         could not be detected|could not be found|could not be identified|did not occur|\
         never heard|free|turned out to be|proved to be|turned out to be an artefact|was an artefact|was artefact|is an artefact|is artefact|were artefact|was an artifact|was artifact|not to be heard|not to be found|not made out|cannot be made out|could not be made out|not picked up|not perceptible|not noticeable|not in evidence|not demonstrable|not elicitable|could not be elicited|cannot be elicited|could not be appreciated|cannot be appreciated|could not be reproduced",
        ),
    ),
    (
        Ceased,
        Backward,
        Words(
            "resolved|have cleared|has cleared|cleared|disappeared|gone|subsided|abated|\
         vanished|settled|today clear|clear now|clear today|since resolved|since cleared|went away|gone away|now clear|dissipated|\
         no longer heard|no longer audible|no longer present|no longer detected|\
         no longer detectable|no longer appreciated|no longer evident|no longer there|\
         no longer noted|faded away|have resolved|has resolved|had resolved",
        ),
    ),
    (
        Ceased,
        Either,
        Words("ceased|stopped|has stopped|have stopped|has ceased|have ceased"),
    ),
    (
        Ceased,
        Forward,
        Words(
            "resolution of|disappearance of|clearing of|clearance of|no longer any|no more|\
         resolved",
        ),
    ),
    (
        Uncertain,
        Either,
        Words(
            "possible|possibly|probable|probably|perhaps|maybe|likely|unlikely|suspected|\
         questionable|equivocal|uncertain|indeterminate|unclear|doubtful|dubious|may|\
         might|could be|inconclusive|borderline|potential|presumed|unsure|tentative|\
         ambiguous|potentially|presumably|arguable|conceivable|conceivably|not certain|\
         not sure|unconfirmed|debatable|not definite|unknown|could have|could represent|\
         undetermined|arguably",
        ),
    ),
    (
        Uncertain,
        Forward,
        Words(
            "cannot tell|can't tell|could not tell|cannot distinguish|can't distinguish|could not distinguish|unable to distinguish|difficult to distinguish|hard to distinguish|i think|i believe|felt to be|not convinced there|not convinced that|not convinced of|not convinced by|not convinced|cannot be sure of|cannot be sure|can't be sure of|not sure of|not certain of|unsure of|unsure about|uncertain about|not sure about|could there be|rule out|suggestion of|something like|suspicion of|suspicious for|suspicious of|suspect|query|doubt|uncertain whether|\
         unclear whether|uncertain if|unclear if|unsure whether|unsure if|not sure if|\
         not sure whether|not certain if|not certain whether|not clear whether|\
         not clear if|cannot exclude|can't exclude|can not exclude|could not exclude|\
         couldn't exclude|does not exclude|cannot rule out|can't rule out|\
         can not rule out|could not rule out|couldn't rule out|unable to exclude|\
         unable to rule out|not possible to exclude|not possible to rule out|\
         not excluding|difficult to exclude|suggestive of|suggesting|suggest|suggested|\
         hint at|raise the possibility of|possibility of|concern for|concerning for|\
         raising the possibility of|question of|either|hard to say whether|\
         difficult to say whether|hard to tell whether|difficult to tell whether|\
         hard to say if|difficult to say if|hard to tell if|difficult to tell if|\
         cannot be certain|cannot tell whether|cannot tell if|can't tell if|\
         can't tell whether|cannot confirm|could not confirm|unable to confirm|\
         cannot determine|unable to determine|could not determine|\
         not possible to say whether|no certainty|impression of|r/o|wonder about|whether|\
         seem to be|appear to be|what could be|what may be|what might be|what sound like|\
         cannot say whether|cannot say if|can't say whether|can't say if|\
         could not say whether|cannot completely exclude",
        ),
    ),
    (
        Uncertain,
        Both,
        Words("more likely than|less likely than|rather likely"),
    ),
    (
        Uncertain,
        Backward,
        Words(
            "cannot be excluded|can't be excluded|can not be excluded|could not be excluded|\
         couldn't be excluded|not excluded|not be excluded|cannot be ruled out|\
         can't be ruled out|can not be ruled out|could not be ruled out|\
         couldn't be ruled out|not ruled out|not be ruled out|not been ruled out|\
         not been excluded|could not be determined|cannot be determined|\
         can't be determined|not be determined|could not be confirmed|\
         cannot be confirmed|not confirmed|not be confirmed|can't be confirmed|\
         hard to say|hard to tell|difficult to say|difficult to tell|\
         difficult to confirm|hard to confirm|difficult to exclude|remain a possibility|\
         is a possibility|a possibility|is possible|are possible|in question|\
         open to question|not entirely certain|not conclusive|\
         cannot be judged with certainty|cannot be established|could not be established|\
         cannot be verified|could not be verified|not clear|?|±|vs artefact|versus artefact|vs artifact|versus artifact|or artefact|or artifact|or movement artefact|or movement artifact|or noise|or transmitted upper airway sound|vs transmitted upper airway sound|or transmitted sound|or an artefact|or an artifact",
        ),
    ),
    (
        NotAssessed,
        Either,
        Words(
            "not assessed|not evaluated|not examined|not auscultated|not tested|\
         not assessable|not evaluable|not interpretable|not performed|not attempted|\
         not done|not listened for|not looked for|not listened to|not checked|\
         not formally assessed|not commented on|wasn't assessed|weren't assessed|\
         unassessed|unassessable|not able to be assessed|deferred|not sought|\
         not analysed|not analyzed|not been assessed|not been evaluated",
        ),
    ),
    (
        NotAssessed,
        Backward,
        Words(
            "could not be assessed|cannot be assessed|can't be assessed|couldn't be assessed|\
         not be assessed|could not be evaluated|cannot be evaluated|can't be evaluated|\
         not be evaluated|could not be examined|cannot be examined|not be examined|\
         could not be judged|cannot be judged|can't be judged|not be judged|\
         cannot be commented on|impossible to assess|impossible to evaluate|\
         not possible to assess|difficult to assess|not possible|cannot be interpreted|\
         could not be interpreted|not reported|not documented|not auscultated for",
        ),
    ),
    (
        NotAssessed,
        Forward,
        Words(
            "unable to assess|unable to evaluate|unable to examine|unable to comment on|\
         unable to judge|can't comment on|cannot comment on|could not comment on|\
         not assessed for|not evaluated for|not examined for|could not assess|\
         cannot assess|can't assess|couldn't assess|could not evaluate|cannot evaluate|\
         did not assess|did not evaluate|no assessment of|no comment on|\
         no attempt to assess|did not listen for|impossible to assess for|\
         not possible to assess|impossible to assess|impossible to evaluate|\
         was not assessed for|cannot judge|could not judge|impossible to judge|\
         assessment for",
        ),
    ),
    (
        Past,
        Either,
        Words(
            "at the last visit|on the last visit|at the previous visit|yesterday|last week|last month|last year|last visit|last time|previously|\
         in the past|last night|last winter|last spring|last autumn|last summer|\
         historically|formerly|earlier this week",
        ),
    ),
    (
        Past,
        Backward,
        Words(
            "week ago|month ago|year ago|day ago|the day before|the previous day|\
         before treatment",
        ),
    ),
    (
        Past,
        Forward,
        Words(
            "previously documented|previous|prior|\
         earlier|used to have|used to be|once had",
        ),
    ),
    (
        NotAFinding,
        Forward,
        Words(
            "past medical history|past history|medical history|childhood|thank you for|thanks for|referring this|referred with|referral for|sent with|history of|h/o|hx of|pmh of|pmh|history notable for|history significant for|\
         listen for|look for|watch for|monitor for|check for|listen carefully for|\
         assess for|auscultate for|screen for|evaluate for|if|in case of|in the event of|\
         should|denies|deny|denied|report|reported|reporting|complain of|complains of|\
         complained of|complaining of|risk of|advised|educated|known for|\
         family history of|return if|call if|to rule out|prone to|referred for|\
         referred because of|admitted with|admitted for|presented with|presents with|\
         presenting with|treated for|treatment for|medication for|inhaler for|\
         worried about|mother has|father has|sibling with|brother with|sister with|\
         mother with|father with|causes of|cause of|definition of|heard in patient with|\
         when|whenever|unless|explain|typical of|characterised by|\
         characterized by|can cause|can occur",
        ),
    ),
    (
        NotAFinding,
        Backward,
        Words(
            "denied by|as a child|as an infant|in childhood|in infancy|as a baby|as a teenager|at home|\
         by history|per history|in the family|per patient|per mother|\
         according to the mother|according to the parent|develop|recur|worsen at home|\
         should prompt|would suggest|would indicate|would be expected|are caused by|\
         is caused by|are defined as|is defined as",
        ),
    ),
    (
        NotAFinding,
        Both,
        Words(
            "typically|usually|classically|often|commonly|are common in|is common in|are seen in|a feature of|a sign of|hallmark of|characteristic of",
        ),
    ),
    (
        Reversed,
        Forward,
        Words(
            "wrong to say that|wrong to say|not true that|not the case that|incorrect to say that|incorrect that|false that|untrue that",
        ),
    ),
    (
        Present,
        Backward,
        Words(
            "detected|heard|noted|persist|persisted|persisting|remain|remained|continue|\
         evident|appreciated|identified|partly cleared|partially cleared|partly resolved|partially resolved|not fully resolved|incompletely resolved|cleared by a cough|cleared by cough|cleared by coughing|cleared with cough|cleared with coughing|cleared after cough|cleared after coughing|cleared on coughing|not resolved|not cleared|not gone|\
         not disappeared|not subsided|unchanged|confirmed|+|positive|not yet resolved|\
         not completely resolved|found|returned|recurred|still present|not settled|yes",
        ),
    ),
    (
        Present,
        Either,
        Words("present|audible|persistent|definite|obvious|ongoing"),
    ),
    (
        Present,
        Forward,
        Words(
            "pos for|positive for|presence of|no more than|not more than|nothing more than|no worse than|nothing worse than|no less than|nothing but|not without|never without|not only|no change in|no increase in|no decrease in|\
         no improvement in|no worsening of|no reduction in|no difference in|\
         no further increase in|still|notable for|remarkable for|no doubt of|\
         no doubt about|no resolution of|significant for|without change in|undoubted|\
         no progression of|with persistent|now",
        ),
    ),
    (
        Present,
        Except,
        Words(
            "except for|except|apart from|other than|save for|aside from|besides|\
         with the exception of|excepting|barring|bar",
        ),
    ),
];

/// Cues that another recording's finding cannot be told, where no finding stands beside them:
/// they speak of the findings of the sentence before.
pub(super) const DOUBTS: Words = Words(
    "hard to say|hard to tell|difficult to say|difficult to tell|not sure|not certain|unsure|\
 cannot be certain|cannot be confirmed|could not be confirmed",
);

/// Words that end the reach of a cue, and the clause.
pub(super) const BOUNDARIES: Words = Words(
    "but|however|although|though|whereas|while|yet|because|despite|whilst|albeit|\
 nevertheless|nonetheless|otherwise|since",
);

/// Words that join findings into one list.
pub(super) const CONJUNCTIONS: Words = Words("and|or|nor|/|&|with|w/|plus|vs|versus|+");

/// Conjunctions that leave open which of the findings it is.
pub(super) const ALTERNATIVES: Words = Words("vs|versus");

/// Words over which a denial before them does not reach, unless they follow it directly.
pub(super) const STOPS: Words =
    Words("with|show|showed|shows|reveal|revealed|demonstrate|has|have|there|who|heard|audible");

/// Words that stand for the findings of the clause before.
pub(super) const PRONOUNS: Words = Words("they|it|these|this|both|all|none|now|today|which");

/// Words between such a word and a denial that give the denial another subject.
pub(super) const OTHER_SUBJECTS: Words = Words("a|an|the|that|who|of");

/// Words of a sentence about the heart.
pub(super) const HEART_WORDS: Words = Words(
    "heart|murmur|gallop|s1|s2|s3|s4|hs|cardiac|sternal|apex|rrr|click|precordial|\
 pericardial|m/r/g|esm|psm|precordium|cardiovascular|cv|cvs|cor|systolic|diastolic|\
 rhythm|split|splitting|valve|mitral|aortic|tricuspid|sternum|pericarditis|cardio|\
 murmurs/rubs",
);

/// Words that may precede a finding within a list without ending it.
pub(super) const MODIFIERS: Words = Words(
    "a|an|the|any|inspiratory|expiratory|insp|exp|fine|coarse|true|obvious|definite|other|\
 late|early|mid|end|also|audible|frank|added|soft|loud|faint|occasional|scattered|\
 diffuse|mild|clear|overt|further|additional|even|significant|evidence|of|sign|bilateral|\
 appreciable|discernible|pathological|focal|high|low|pitched|polyphonic|monophonic|few|\
 some|extra",
);
