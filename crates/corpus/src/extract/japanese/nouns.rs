//! Nouns whose state is said after them ("呼吸音は減弱", "心音整"), and those states.

use crate::extract::word_list::Words;
use crate::finding::Finding::{
    self, AbnormalHeart, Adventitious, Arrhythmia, Diminished, PoorSignal,
};
use crate::finding::Presence::{self, Absent, Present};

/// What a state is said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noun {
    /// Breath or lung sounds.
    Breath,
    /// Heart sounds.
    Heart,
    /// The signal or recording.
    Signal,
    /// The rhythm or pulse.
    Rhythm,
}

use Noun::{Breath, Heart, Rhythm, Signal};

/// The words of each noun.
pub(super) const NOUNS: &[(Noun, Words)] = &[
    (
        Breath,
        Words(
            "呼吸音|肺胞呼吸音|肺音|エア入り|エアエントリー|空気の入り|換気音|肺聴診|\
         胸部聴診|呼吸音聴診|肺の聴診|胸部の聴診|肺胞音|air entry|breath sounds|\
         breath sound|肺野の聴診|聴診上、肺|呼吸音の強さ",
        ),
    ),
    (
        Heart,
        Words(
            "心音|心聴診|心臓の聴診|心臓聴診|心の聴診|heart sounds|heart sound|i音・ii音|\
         i音、ii音|i・ii音|i音ii音|i音とii音|i音およびii音|i音及びii音|1音2音|1音・2音|s1s2|s1・s2|s1、s2|s1とs2|iおよびii音",
        ),
    ),
    (
        Signal,
        Words(
            "信号品質|信号|音質|録音状態|録音品質|録音の質|録音|品質|信号の質|録音の品質|\
         音声品質|記録状態|音の質",
        ),
    ),
    (
        Rhythm,
        Words("リズム|調律|脈拍|脈|心拍|心拍リズム|心リズム|律動"),
    ),
];

/// A state: of which noun, which finding it names, what it says, and its words.
type State = (Noun, Finding, Presence, Words);

/// The states. A word may be a state of several nouns.
pub(super) const STATES: &[State] = &[
    (
        Breath,
        Diminished,
        Present,
        Words(
            "減弱|低下|弱い|弱く|弱ま|減少|消失|微弱|小さい|小さく|減衰|聴こえにく|\
         聞こえにく|聴き取りにく|不良|悪い|悪く|乏しい|遠い|遠く|左右差あり|左右差がある|\
         左右差を認める|ほとんど聴",
        ),
    ),
    (
        Breath,
        Diminished,
        Absent,
        Words(
            "左右差なし|左右差はな|左右差な|左右差を認めな|左右差は認めな|左右差を認めず|\
         左右差は認めず|左右均等|左右対称|左右とも良好|良好|十分|左右同等|左右等しい|\
         左右等しく|均等|左右差もな|保たれ",
        ),
    ),
    (
        Breath,
        Adventitious,
        Absent,
        Words(
            "清|清明|正常|純|異常なし|クリア|問題なし|正常範囲|clear|清澄|異常はな|異常な し|\
         問題な|問題はな",
        ),
    ),
    (
        Breath,
        Adventitious,
        Present,
        Words("異常|異常あり|異常所見"),
    ),
    (
        Heart,
        AbnormalHeart,
        Absent,
        Words("純|正常|清|異常なし|問題なし|正常範囲|純音|異常はな|問題な|問題はな"),
    ),
    (
        Heart,
        AbnormalHeart,
        Present,
        Words("異常|異常あり|異常所見"),
    ),
    (Heart, Arrhythmia, Absent, Words("整|規則的|規則正し")),
    (Heart, Arrhythmia, Present, Words("不整|不規則|絶対不整")),
    (
        Rhythm,
        Arrhythmia,
        Absent,
        Words("整|正常|規則的|規則正し|洞調律|異常なし|異常はな"),
    ),
    (
        Rhythm,
        Arrhythmia,
        Present,
        Words("不整|不規則|乱れ|異常|絶対不整"),
    ),
    (
        Signal,
        PoorSignal,
        Present,
        Words(
            "判定不能|判読不能|評価不能|解析不能|使用不能|判定できな|評価できな|不良|悪|低く|低い|低下|不十分|不適|劣化|不足|使用できな|解析できな|判読できな",
        ),
    ),
    (
        Signal,
        PoorSignal,
        Absent,
        Words("良好|良い|良く|十分|適切|問題なし|正常|問題な|問題はな|使用可|評価可能|良質"),
    ),
];
