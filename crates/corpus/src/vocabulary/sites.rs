//! What a listening point is called in reports: a site and a language go in, words come out.

use super::Language::{self, English, Japanese};
use crate::site::{Area, Face, Level, Side, Site};

/// The name of a site, to stand after "at the" in English and before "で" in Japanese.
///
/// ```
/// use laennec_corpus::vocabulary::{Language, site_name};
///
/// let site = "left_lower_posterior".parse().unwrap();
/// assert_eq!(site_name(site, Language::English), "left lower posterior lung field");
/// assert_eq!(site_name(site, Language::Japanese), "左下肺野背側");
/// ```
pub fn site_name(site: Site, language: Language) -> String {
    match site {
        Site::Area(area) => area_name(area, language).to_owned(),
        Site::Lung { side, level, face } => match language {
            English => {
                let parts = [
                    side.map(Side::word),
                    level.map(Level::word),
                    face.map(Face::word),
                ];
                let known: Vec<_> = parts.into_iter().flatten().collect();
                let noun = if side == Some(Side::Both) {
                    "lung fields"
                } else {
                    "lung field"
                };
                format!("{} {noun}", known.join(" "))
            }
            Japanese => {
                let side = side.map_or("", |side| match side {
                    Side::Left => "左",
                    Side::Right => "右",
                    Side::Both => "両側",
                });
                let level = level.map_or("肺野", |level| match level {
                    Level::Upper => "上肺野",
                    Level::Middle => "中肺野",
                    Level::Lower => "下肺野",
                });
                let face = face.map_or("", |face| match face {
                    Face::Anterior => "前面",
                    Face::Posterior => "背側",
                    Face::Lateral => "側面",
                });
                format!("{side}{level}{face}")
            }
        },
    }
}

/// The name of a named point.
const fn area_name(area: Area, language: Language) -> &'static str {
    match (area, language) {
        (Area::RightUpperSternalBorder, English) => "right upper sternal border",
        (Area::RightUpperSternalBorder, Japanese) => "胸骨右縁第2肋間",
        (Area::LeftUpperSternalBorder, English) => "left upper sternal border",
        (Area::LeftUpperSternalBorder, Japanese) => "胸骨左縁第2肋間",
        (Area::ErbsPoint, English) => "Erb's point",
        (Area::ErbsPoint, Japanese) => "胸骨左縁第3肋間",
        (Area::LeftLowerSternalBorder, English) => "left lower sternal border",
        (Area::LeftLowerSternalBorder, Japanese) => "胸骨左縁第4肋間",
        (Area::Apex, English) => "apex",
        (Area::Apex, Japanese) => "心尖部",
        (Area::RightCostalMargin, English) => "right costal margin",
        (Area::RightCostalMargin, Japanese) => "右肋骨弓",
        (Area::LeftCostalMargin, English) => "left costal margin",
        (Area::LeftCostalMargin, Japanese) => "左肋骨弓",
        (Area::Trachea, English) => "trachea",
        (Area::Trachea, Japanese) => "気管",
    }
}
