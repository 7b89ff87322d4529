//! The words around a murmur go in; its timing, shape, grade, pitch and quality go out.

use std::ops::Range;

use super::text::Text;
use crate::extract::grade::grade;
use crate::extract::word_list::Words;
use crate::finding::Finding;
use crate::recording::{Murmur, MurmurPitch, MurmurQuality, MurmurShape, MurmurTiming};
use crate::site::{Area, Site};

/// The murmur that the characters of a range describe; none where the finding is no murmur of a
/// phase.
pub(super) fn murmur(
    text: &Text,
    described: Range<usize>,
    finding: Finding,
    site: Option<Site>,
) -> Option<Murmur> {
    let said: String = text.characters[described].iter().collect();
    let timing = timing(&said, finding)?;
    let mut murmur = Murmur::of(timing);
    murmur.shape = first(&said, SHAPES);
    murmur.pitch = first(&said, PITCHES);
    murmur.quality = first(&said, QUALITIES);
    let words = words(&said);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    murmur.grade = grade(&words, timing);
    if let Some(Site::Area(area)) = site {
        murmur.heard_at = vec![area];
        let loudest = ["最強", "最もよく", "最も強", "最大"];
        let best = loudest.iter().any(|word| said.contains(word));
        murmur.loudest_at = best.then_some::<Area>(area);
    }
    Some(murmur)
}

fn timing(said: &str, finding: Finding) -> Option<MurmurTiming> {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    Some(match finding {
        Finding::SystolicMurmur
            if has(&["全収縮期", "汎収縮期", "holosystolic", "pansystolic"]) =>
        {
            MurmurTiming::Holosystolic
        }
        Finding::SystolicMurmur if has(&["収縮早期", "収縮期早期"]) => {
            MurmurTiming::EarlySystolic
        }
        Finding::SystolicMurmur if has(&["収縮中期雑音", "収縮期中期", "収縮中期の"]) => {
            MurmurTiming::MidSystolic
        }
        Finding::SystolicMurmur if has(&["収縮後期", "収縮期後期"]) => {
            MurmurTiming::LateSystolic
        }
        Finding::SystolicMurmur => MurmurTiming::Systolic,
        Finding::DiastolicMurmur if has(&["全拡張期"]) => MurmurTiming::Holodiastolic,
        Finding::DiastolicMurmur if has(&["拡張早期", "拡張期早期"]) => {
            MurmurTiming::EarlyDiastolic
        }
        Finding::DiastolicMurmur if has(&["拡張中期", "拡張期中期"]) => {
            MurmurTiming::MidDiastolic
        }
        Finding::DiastolicMurmur if has(&["拡張後期", "拡張期後期", "前収縮期"]) => {
            MurmurTiming::LateDiastolic
        }
        Finding::DiastolicMurmur => MurmurTiming::Diastolic,
        Finding::ContinuousMurmur => MurmurTiming::Continuous,
        _ => return None,
    })
}

type Wordings<T> = &'static [(T, Words)];

const SHAPES: Wordings<MurmurShape> = &[
    (
        MurmurShape::Diamond,
        Words("漸増漸減|漸増・漸減|漸増-漸減|ダイヤモンド|ダイアモンド|菱形"),
    ),
    (MurmurShape::Crescendo, Words("漸増")),
    (MurmurShape::Decrescendo, Words("漸減")),
    (MurmurShape::Plateau, Words("プラトー|平坦|台形")),
];

const PITCHES: Wordings<MurmurPitch> = &[
    (MurmurPitch::High, Words("高調|高音|高ピッチ|高周波")),
    (MurmurPitch::Low, Words("低調|低音|低ピッチ|低周波")),
    (
        MurmurPitch::Medium,
        Words("中調|中音|中等度の高さ|中ピッチ"),
    ),
];

const QUALITIES: Wordings<MurmurQuality> = &[
    (MurmurQuality::Blowing, Words("吹鳴|灌水様|吹くような")),
    (MurmurQuality::Harsh, Words("粗い|荒い|粗雑|粗な|粗造")),
    (MurmurQuality::Musical, Words("楽音|音楽様")),
    (
        MurmurQuality::Rumbling,
        Words("輪転様|ランブル|遠雷様|ゴロゴロ"),
    ),
];

fn first<T: Copy>(said: &str, wordings: Wordings<T>) -> Option<T> {
    let named = |(_, words): &&(T, Words)| words.iter().any(|word| said.contains(word));
    wordings.iter().find(named).map(|(value, _)| *value)
}

/// The words and numbers in Latin letters, and "/", for the grade.
fn words(said: &str) -> Vec<String> {
    let plain = said
        .replace("レバイン", " levine ")
        .replace("レヴァイン", " levine ")
        .replace("グレード", " grade ")
        .replace('/', " / ");
    let latin: String = plain
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '/' {
                c
            } else {
                ' '
            }
        })
        .collect();
    latin.split_whitespace().map(str::to_owned).collect()
}
