//! The dictionary: a place in the text goes in, the longest word that begins there comes out.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::cues::{self, Says};
use super::nouns::{NOUNS, Noun, STATES};
use super::text::Text;
use crate::extract::word_list::Words;
use crate::finding::Finding::{
    self, AbnormalHeart, Adventitious, DiastolicMurmur, S3, S4, SystolicMurmur,
};
use crate::vocabulary::{Language, TABLE};

/// What a word does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Names a finding.
    Finding(Finding),
    /// Names S3 and S4 where denied, else an abnormal heart sound.
    Gallop,
    /// Names a murmur of the phase before it, a murmur, an added lung sound, or noise.
    Sound,
    /// Systole or diastole, for a murmur after it.
    Phase(Finding),
    /// Something whose state is said after it.
    Noun(Noun),
    /// Says what is the case with the findings before it.
    Cue(Says),
    /// Speaks of an earlier time.
    Past,
    /// Speaks of this examination again.
    Now,
    /// Makes what follows uncertain.
    Perhaps,
    /// Somebody else speaks, or is spoken of: the sentence states nothing.
    Told,
    /// Says that there is nothing of a finding: "正常呼吸音".
    Clear(Finding),
    /// Leaves out what stands before it.
    Except,
    /// Ends a statement: "が、".
    Break,
    /// A comma.
    Comma,
    /// Ends the sentence.
    End,
    /// "に" or "で", which make a site the place of something.
    Place,
    /// A word that would otherwise be read as another.
    Nothing,
}

/// People who are not examined.
const PEOPLE: Words = Words(
    "母|父|母親|父親|両親|祖母|祖父|兄|姉|弟|妹|兄弟|姉妹|家族|保護者|叔母|叔父|伯母|伯父|従兄|従弟|いとこ|\
     妻|夫|息子|娘|友人|保育士|担任|親戚|親|学生|研修医|受講生|生徒|おばあさん|おじいさん|お母さん|お父さん|近親者|同居人",
);

/// Diseases and ages of which something holds in general.
const GROUPS: Words = Words(
    "症では|炎では|喘息では|不全では|疾患では|病では|腫では|高齢者では|若年者では|健常者では|小児では|乳児では|\
     新生児では|妊婦では|健常者でも|高齢者でも|若年者でも|成人では|思春期では|症候群では|狭窄症において|患者においては",
);

const OTHERS: &[(Word, Words)] = &[
    (
        Word::Gallop,
        Words("奔馬調律|ギャロップ|ギャロップリズム|奔馬性調律|ギャロップ音"),
    ),
    (Word::Sound, Words("雑音|murmur|マーマー|摩擦音")),
    (
        Word::Phase(SystolicMurmur),
        Words("収縮期|収縮早期|収縮中期|収縮後期|全収縮期|汎収縮期"),
    ),
    (
        Word::Phase(DiastolicMurmur),
        Words("拡張期|拡張早期|拡張中期|拡張後期|全拡張期"),
    ),
    (
        Word::Past,
        Words(
            "以前|前回|過去|昨日|先週|先月|昨年|前日|当時|小児期|幼少期|幼少時|乳児期|前医|\
         数年前|入院前|治療前|かつて",
        ),
    ),
    (
        Word::Now,
        Words("今回|現在|本日|今日|今は|今のところ|現時点|今朝|治療後"),
    ),
    (
        Word::Perhaps,
        Words("おそらく|恐らく|多分|もしかすると|たぶん|ひょっとすると"),
    ),
    (
        Word::Except,
        Words(
            "を除いて|を除き|を除けば|以外には|以外に|以外は|以外の|以外|を除く|のほかには|\
         のほかに|のほか|の他に",
        ),
    ),
    (
        Word::Break,
        Words("が、|るが|だが|たが|ないが|ものの|けれど|けど|一方|しかし|ただし|のに対し|に対し"),
    ),
    (Word::Comma, Words("、")),
    (Word::End, Words("。|\n|;|!|；|. ")),
    (
        Word::Place,
        Words("に|で|において|にて|では|には|にも|でも"),
    ),
    (
        Word::Nothing,
        Words(
            "クリックし|クリックする|クリックで再生|をクリック|少ない|少なく|である|であった|であり|でない限り|少なからず|とともに|同時に|\
         吸気に|呼気に|吸気時に|呼気時に|吸気で|呼気で|右心不全|左心不全|環境雑音|\
         背景雑音|体動雑音|周囲雑音|外部雑音|周囲の雑音|外部の雑音|背景の雑音|環境の雑音|\
         雑音が多|雑音のため|雑音により|雑音が大き|雑音が強|雑音混入|雑音が混入|\
         雑音の混入|雑音に埋もれ|の有無|有無|左右差|心不全|心拍数|間もなく|やむなく|\
         はもちろん|それ以外|となく|ことなく|ではなく|特に|次第に|明らかに|比較的|\
         わずかに|軽度に|同様に|まれに|新たに|ともに|主に|さらに|常に|ほかに|他に|に伴う|\
         に伴い|に伴って|無呼吸|ならびに|その後|再診時|聴診上|聴診で|聴診では|徐々に|\
         翌日|聴診所見|安静時|深呼吸|努力呼気|腸雑音|血管雑音|腹部雑音|頸動脈雑音|頚動脈雑音|頸部雑音|頚部血管雑音|シャント雑音|回路雑音|電気的雑音|電気雑音|機械雑音|マウスのクリック音|マウスクリック|クリック操作|シャッター音|ボタンのクリック|話し声による雑音|会話による雑音|生活雑音|室内雑音|車内雑音|などの雑音|雑音を避け|雑音の少な|雑音を減|雑音を除|雑音除去|雑音が入|雑音の入|雑音レベル|衣擦れ|以前より|前回より|前回と|昨日より|以前と|前回に比べ|以前に比べ|昨日に比べ|先週より|前日より|前日と|昨日と|先週と|前回同様|前回から|血清|もたらす|もたらし|あたらし|母体|祖父江",
        ),
    ),
    (
        Word::Clear(Adventitious),
        Words("正常呼吸音|正常肺音|正常な呼吸音|正常な肺音|正常肺胞呼吸音|正常肺胞音"),
    ),
    (Word::Clear(AbnormalHeart), Words("正常心音|正常な心音")),
    (Word::Finding(S3), Words("s3音")),
    (Word::Finding(S4), Words("s4音")),
];

/// Findings that several words of which only the last is written out name together.
pub(super) const PAIRS: &[(&str, &[Finding])] = &[
    ("iii・iv音", &[S3, S4]),
    ("iii、iv音", &[S3, S4]),
    ("3・4音", &[S3, S4]),
    ("iii音iv音", &[S3, S4]),
    ("s3・s4", &[S3, S4]),
    ("s3/s4", &[S3, S4]),
    ("iii/iv音", &[S3, S4]),
];

/// An entry: the characters of a word and what it does. A word may do several things.
struct Entry {
    characters: Vec<char>,
    words: Vec<Word>,
}

static BY_FIRST: LazyLock<HashMap<char, Vec<Entry>>> = LazyLock::new(|| {
    let mut all: HashMap<String, Vec<Word>> = HashMap::new();
    let mut add = |text: &str, word: Word| {
        let words = all.entry(text.to_lowercase()).or_default();
        if !words.contains(&word) {
            words.push(word);
        }
    };
    for concept in TABLE {
        for language in [Language::Japanese, Language::English] {
            for term in concept.terms(language) {
                if term != "murmur" {
                    add(term, Word::Finding(concept.finding));
                }
            }
        }
    }
    for &(text, findings) in PAIRS {
        for &finding in findings {
            add(text, Word::Finding(finding));
        }
    }
    for &(word, texts) in OTHERS {
        for text in texts.iter() {
            add(text, word);
        }
    }
    for &(noun, texts) in NOUNS {
        for text in texts.iter() {
            add(text, Word::Noun(noun));
        }
    }
    for group in GROUPS.iter() {
        add(group, Word::Told);
    }
    for person in PEOPLE.iter() {
        for particle in ["が", "は", "も", "に", "の", "より", "から", "、"] {
            add(&format!("{person}{particle}"), Word::Told);
        }
    }
    for (text, says) in cues::all() {
        add(&text, Word::Cue(says));
    }
    for &(.., texts) in STATES {
        // What a state says depends on its noun, which is looked up where one stands before it.
        for text in texts.iter() {
            all.entry(text.to_owned()).or_default();
        }
    }
    let mut by_first: HashMap<char, Vec<Entry>> = HashMap::new();
    for (text, words) in all {
        let characters: Vec<char> = text.chars().collect();
        let of_first = by_first.entry(characters[0]).or_default();
        of_first.push(Entry { characters, words });
    }
    for entries in by_first.values_mut() {
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.characters.len()));
    }
    by_first
});

/// The longest word at a place: what it does, and one past its end. A word of Latin letters ends
/// where they end, but for the plural.
pub(super) fn word_at(text: &Text, at: usize) -> Option<(&'static [Word], usize)> {
    let entries = BY_FIRST.get(text.characters.get(at)?)?;
    entries.iter().find_map(|entry| {
        let end = at + entry.characters.len();
        if !text.is_at(at, &entry.characters) {
            return None;
        }
        let last = *entry.characters.last()?;
        let end = if last.is_ascii_alphanumeric() {
            latin_end(text, end)?
        } else {
            end
        };
        Some((entry.words.as_slice(), end))
    })
}

/// One past a plural ending, or none where the Latin word goes on.
fn latin_end(text: &Text, end: usize) -> Option<usize> {
    let latin = |at: usize| {
        let character = text.characters.get(at);
        character.is_some_and(char::is_ascii_alphanumeric)
    };
    let plural = text.characters.get(end) == Some(&'s');
    if !latin(end) {
        Some(end)
    } else if plural && !latin(end + 1) {
        Some(end + 1)
    } else {
        None
    }
}
