//! The terms of findings in lung sounds, in the order of [`Finding`].
//!
//! English terms follow the nomenclature of the European Respiratory Society's task force
//! (H. Pasterkamp et al., "Towards the standardisation of lung sound nomenclature", European
//! Respiratory Journal 47, 2016), Japanese ones the classification that is usual in Japan:
//! continuous sounds are whistling or snoring sounds, discontinuous ones fine or coarse
//! crackles (R. Mikami et al., "International symposium on lung sounds", Chest 92, 1987). The
//! synonyms are what clinicians write.

use Finding::{Adventitious, Bronchial, CoarseCrackle, Continuous, Diminished, Discontinuous, FineCrackle, PleuralRub, Rhonchi, Squawk, Stridor, Wheeze};

use super::{Concept, concept_of};
use crate::finding::Finding;

pub(super) const ADVENTITIOUS: Concept = concept_of(Adventitious, None, "adventitious lung sound", &["adventitious sound", "adventitious breath sound", "adventitious respiratory sound", "abnormal lung sound", "lung sound abnormal", "abnormal breath sound", "breath sound abnormal", "added lung sound", "added breath sound", "adventitious pulmonary sound", "abnormal respiratory sound", "respiratory sound abnormal", "abnormal pulmonary sound", "added respiratory sound", "extra lung sound", "extra breath sound", "additional lung sound", "additional breath sound", "added noise", "added lung noise", "superimposed sound", "adventitious noise", "superadded sound"], "副雑音", &["肺副雑音", "肺雑音", "ラ音", "異常呼吸音", "異常肺音", "呼吸副雑音", "副呼吸音", "肺音異常", "呼吸音異常", "呼吸音の異常", "肺音の異常"]);

pub(super) const CONTINUOUS: Concept = concept_of(Continuous, Some(Adventitious), "continuous adventitious sound", &["continuous adventitious lung sound", "continuous adventitious breath sound", "cas", "continuous adventitious respiratory sound", "continuous added sound", "musical adventitious sound"], "連続性副雑音", &["連続性ラ音", "乾性ラ音", "連続音", "連続性の副雑音", "連続性のラ音"]);

pub(super) const WHEEZE: Concept = concept_of(Wheeze, Some(Continuous), "wheeze", &["wheezing", "wheezy", "sibilant rhonchus", "sibilant rale", "sibilant wheeze", "sibilance", "whistling sound", "whistling", "whistle", "high pitched wheeze", "high pitched rhonchus"], "喘鳴", &["笛音", "笛声音", "笛様音", "高調性連続性ラ音", "高音性連続性ラ音", "高調な連続性ラ音", "呼気性喘鳴", "呼気時喘鳴", "喘鳴音", "喘音", "ウィーズ", "ウイーズ", "ウィージング", "ゼーゼー", "ヒューヒュー", "ゼイゼイ", "ぜいぜい", "ぜーぜー", "笛音（喘鳴）", "笛のような音"]);

pub(super) const RHONCHI: Concept = concept_of(Rhonchi, Some(Continuous), "rhonchi", &["rhonchus", "ronchi", "ronchus", "low pitched wheeze", "sonorous rhonchus", "sonorous wheeze", "sonorous rale", "rhonchorous", "rhonchial sound", "snoring sound", "low pitched rhonchus", "low pitched rhonchi", "sonorous rhonchi"], "いびき音", &["いびき様音", "いびき様連続性ラ音", "類鼾音", "鼾音", "ロンカイ", "ロンカス", "低調性連続性ラ音", "低音性連続性ラ音", "低調な連続性ラ音", "いびき様の音", "いびき様ラ音", "ロンキ"]);

pub(super) const STRIDOR: Concept = concept_of(Stridor, Some(Continuous), "stridor", &["stridulous sound", "stridorous", "stridulous", "stridulous breathing"], "ストライダー", &["吸気性喘鳴", "吸気時喘鳴", "ストライドール", "上気道狭窄音", "喉頭喘鳴", "ストライダ"]);

pub(super) const SQUAWK: Concept = concept_of(Squawk, Some(Continuous), "squawk", &["squeak", "short wheeze", "short inspiratory wheeze", "inspiratory squeak"], "スクウォーク", &["スクウォーク音", "スクウォーク様音", "スクウォークス", "スクォーク", "スクオーク", "吸気性短音笛音"]);

pub(super) const DISCONTINUOUS: Concept = concept_of(Discontinuous, Some(Adventitious), "crackle", &["discontinuous adventitious sound", "discontinuous adventitious lung sound", "discontinuous adventitious breath sound", "das", "rale", "crepitation", "crep", "crepitus", "crackling", "discontinuous adventitious respiratory sound", "discontinuous added sound", "crackly", "moist rale", "crepitant rale", "wet rale", "crepitant", "moist sound", "wet crackle", "moist crackle"], "断続性副雑音", &["断続性ラ音", "湿性ラ音", "クラックル", "クラックルズ", "断続音", "断続性の副雑音", "断続性のラ音", "クラックル音", "湿性ラッセル音", "湿性ラ音音"]);

pub(super) const FINE_CRACKLE: Concept = concept_of(FineCrackle, Some(Discontinuous), "fine crackle", &["fine rale", "fine crepitation", "fine crep", "velcro crackle", "velcro rale", "velcro like crackle", "velcro type crackle", "velcro"], "捻髪音", &["細かい断続性ラ音", "細かい断続性副雑音", "細かいクラックル", "ファインクラックル", "ファイン・クラックル", "細かい水泡音", "ベルクロラ音", "ベルクロ・ラ音", "微細断続性ラ音", "小水泡音", "細かい湿性ラ音", "細かなクラックル", "細かな断続性ラ音", "高調な断続性ラ音"]);

pub(super) const COARSE_CRACKLE: Concept = concept_of(CoarseCrackle, Some(Discontinuous), "coarse crackle", &["coarse rale", "coarse crepitation", "coarse crep"], "水泡音", &["粗い断続性ラ音", "粗い断続性副雑音", "粗いクラックル", "コースクラックル", "コース・クラックル", "粗い水泡音", "大水泡音", "中水泡音", "粗い湿性ラ音", "粗大水泡音", "粗大断続性ラ音"]);

pub(super) const PLEURAL_RUB: Concept = concept_of(PleuralRub, Some(Adventitious), "pleural friction rub", &["pleural rub", "pleuritic rub", "pleuritic friction rub", "pleural friction sound", "pleural friction"], "胸膜摩擦音", &["胸膜の摩擦音", "胸膜擦過音", "胸膜摩擦"]);

pub(super) const DIMINISHED: Concept = concept_of(Diminished, None, "diminished breath sound", &["decreased breath sound", "reduced breath sound", "absent breath sound", "breath sound diminished", "breath sound decreased", "breath sound reduced", "breath sound absent", "decreased bs", "diminished bs", "reduced bs", "bs decreased", "bs diminished", "bs reduced", "reduced air entry", "decreased air entry", "diminished air entry", "poor air entry", "air entry reduced", "air entry decreased", "air entry diminished", "air entry poor", "quiet breath sound", "silent chest"], "呼吸音減弱", &["呼吸音低下", "呼吸音消失", "肺胞呼吸音減弱", "肺胞呼吸音低下", "エア入り不良", "エアエントリー低下", "換気音低下"]);

pub(super) const BRONCHIAL: Concept = concept_of(Bronchial, None, "bronchial breath sound", &["bronchial breathing", "bronchial sound", "tubular breathing", "tubular breath sound", "bronchial breath", "tubular sound", "amphoric breathing", "amphoric breath sound", "cavernous breathing", "breath sound bronchial", "breath sound tubular", "breathing bronchial"], "気管支呼吸音", &["気管支呼吸音化", "気管支様呼吸音", "気管支性呼吸音", "気管支音", "管状呼吸音", "気管支呼吸"]);
