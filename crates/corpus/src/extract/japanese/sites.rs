//! The words that name a listening point, in the orders in which they are written: "右下肺野背側",
//! "左の肺底部", "前胸部左上", "胸骨右縁第2肋間".

use std::collections::HashMap;
use std::sync::LazyLock;

use super::text::Text;
use crate::extract::word_list::Words;
use crate::site::Area::{
    self, Apex, ErbsPoint, LeftCostalMargin, LeftLowerSternalBorder, LeftUpperSternalBorder,
    RightCostalMargin, RightUpperSternalBorder, Trachea,
};
use crate::site::Face::{Anterior, Lateral, Posterior};
use crate::site::Level::{Lower, Middle, Upper};
use crate::site::Side::{Both, Left, Right};
use crate::site::{Face, Level, Side, Site};

/// Part of the name of a place.
#[derive(Clone, Copy)]
enum Part {
    Side(Side),
    Level(Level),
    /// "上" alone, which means a height only after a side or a face.
    Height(Level),
    Face(Face),
    FaceAndLevel(Face, Level),
    /// A noun that says nothing more: "肺野".
    Place,
    /// "の" between parts.
    Of,
    /// A named point; none if it is no listening point of ours.
    Area(Option<Area>),
}

const PARTS: &[(Part, Words)] = &[
    (
        Part::Side(Left),
        Words("左|左側|左肺|左肺野|左胸部|左側肺野|左胸郭"),
    ),
    (
        Part::Side(Right),
        Words("右|右側|右肺|右肺野|右胸部|右側肺野|右胸郭"),
    ),
    (
        Part::Side(Both),
        Words("両側|両|左右|両肺|両肺野|両側肺野|両側肺|全肺野|両側の肺野|左右両側|両胸部"),
    ),
    (
        Part::Level(Upper),
        Words("上肺野|上葉|上肺|上野|上部|肺尖部|肺尖|尖部|肺上部|上胸部|上肺部"),
    ),
    (
        Part::Level(Middle),
        Words("中肺野|中葉|中肺|中野|中部|肺中部|舌区|中肺部"),
    ),
    (
        Part::Level(Lower),
        Words(
            "下肺野|下葉|下肺|下野|下部|肺底部|肺底|肺基底部|基底部|底部|肺底区|肺下部|\
         下胸部|肺底野|肺低部|下肺部",
        ),
    ),
    (Part::Height(Upper), Words("上")),
    (Part::Height(Middle), Words("中")),
    (Part::Height(Lower), Words("下")),
    (
        Part::Face(Anterior),
        Words("前胸部|前面|前方|前側|前部|前胸壁|腹側"),
    ),
    (
        Part::Face(Posterior),
        Words("背側|背部|背面|後面|後方|後側|後胸部|後部|背中"),
    ),
    (
        Part::Face(Lateral),
        Words("側胸部|側面|側方|外側|腋窩|腋窩部|側部"),
    ),
    (
        Part::FaceAndLevel(Posterior, Lower),
        Words("後肺底部|背側肺底部|背下部"),
    ),
    (Part::Place, Words("肺野|肺|胸部|胸|領域|胸郭")),
    (Part::Of, Words("の")),
    (
        Part::Area(Some(Apex)),
        Words(
            "心尖部|心尖|心尖拍動部|僧帽弁領域|僧帽弁聴診領域|僧帽弁部|僧帽弁域|僧帽弁口部|\
         apex",
        ),
    ),
    (
        Part::Area(Some(ErbsPoint)),
        Words(
            "エルブ領域|エルプ領域|エルブ点|エルブの領域|エルブ|erb領域|erb点|erbの領域|erb|\
         胸骨左縁第3肋間|第3肋間胸骨左縁|左第3肋間|3lsb|胸骨左縁第三肋間|\
         第三肋間胸骨左縁|第3肋間左縁",
        ),
    ),
    (
        Part::Area(Some(RightUpperSternalBorder)),
        Words(
            "大動脈弁領域|大動脈領域|大動脈弁聴診領域|大動脈弁部|大動脈弁域|胸骨右縁第2肋間|\
         第2肋間胸骨右縁|右第2肋間|2rsb|胸骨右縁第二肋間|第二肋間胸骨右縁|胸骨右縁上部|\
         rusb|第2肋間右縁",
        ),
    ),
    (
        Part::Area(Some(LeftUpperSternalBorder)),
        Words(
            "肺動脈弁領域|肺動脈領域|肺動脈弁聴診領域|肺動脈弁部|肺動脈弁域|胸骨左縁第2肋間|\
         第2肋間胸骨左縁|左第2肋間|2lsb|胸骨左縁第二肋間|第二肋間胸骨左縁|胸骨左縁上部|\
         lusb|第2肋間左縁",
        ),
    ),
    (
        Part::Area(Some(LeftLowerSternalBorder)),
        Words(
            "三尖弁領域|三尖弁聴診領域|三尖弁部|三尖弁域|胸骨左縁第4肋間|第4肋間胸骨左縁|\
         左第4肋間|4lsb|胸骨左縁第四肋間|第四肋間胸骨左縁|胸骨左縁下部|胸骨下部左縁|llsb|\
         第4肋間左縁|胸骨左縁第5肋間",
        ),
    ),
    (
        Part::Area(Some(Trachea)),
        Words("頸部|頚部|気管|喉頭|喉頭部|咽頭|気管上|前頸部|前頚部|気管部|上気道"),
    ),
    (
        Part::Area(Some(RightCostalMargin)),
        Words("右肋骨弓|右季肋部|右肋骨縁"),
    ),
    (
        Part::Area(Some(LeftCostalMargin)),
        Words("左肋骨弓|左季肋部|左肋骨縁"),
    ),
    (
        Part::Area(None),
        Words(
            "胸骨左縁|胸骨右縁|左鎖骨|右鎖骨|左心|右心|左室|右室|左房|右房|左側臥位|右側臥位|\
         左半側臥位",
        ),
    ),
];

type Entry = (Vec<char>, Part);

static BY_FIRST: LazyLock<HashMap<char, Vec<Entry>>> = LazyLock::new(|| {
    let mut by_first: HashMap<char, Vec<Entry>> = HashMap::new();
    for &(part, words) in PARTS {
        for word in words.iter() {
            let characters: Vec<char> = word.chars().collect();
            let of_first = by_first.entry(characters[0]).or_default();
            of_first.push((characters, part));
        }
    }
    for parts in by_first.values_mut() {
        parts.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    }
    by_first
});

/// The longest part at a place, and one past its end.
fn part_at(text: &Text, at: usize) -> Option<(Part, usize)> {
    let parts = BY_FIRST.get(text.characters.get(at)?)?;
    // "左側胸部" is the left flank.
    let flank = text.is_at(at + 1, &['側', '胸', '部']);
    parts
        .iter()
        .find(|(word, _)| text.is_at(at, word) && !(flank && word.len() > 1))
        .map(|(word, part)| (*part, at + word.len()))
}

/// The site named from a place, and one past its end. The site is none where the words name a
/// place that is not a listening point of ours.
pub(super) fn site_at(text: &Text, start: usize) -> Option<(Option<Site>, usize)> {
    let (mut side, mut level, mut face): (Option<Side>, Option<Level>, Option<Face>) =
        (None, None, None);
    let mut at = start;
    let mut end = start;
    while let Some((part, next)) = part_at(text, at) {
        match part {
            Part::Area(area) if at == start => return Some((area.map(Site::Area), next)),
            Part::Side(value) if side.is_none() => side = Some(value),
            Part::Level(value) if level.is_none() => level = Some(value),
            Part::Height(value) if level.is_none() && (side.is_some() || face.is_some()) => {
                level = Some(value);
            }
            Part::Face(value) if face.is_none() => face = Some(value),
            Part::FaceAndLevel(of_face, of_level) if face.is_none() && level.is_none() => {
                face = Some(of_face);
                level = Some(of_level);
            }
            Part::Place if at > start => {}
            Part::Of if at > start => {
                at = next;
                continue;
            }
            _ => break,
        }
        at = next;
        end = next;
    }
    let known = side.is_some() || level.is_some() || face.is_some();
    known.then_some((Some(Site::Lung { side, level, face }), end))
}
