//! The words for a listening point, each of which is read back as that site.

use crate::site::{Area, Face, Level, Side, Site};

/// The phrases for a site, without "the" and without a preposition.
pub fn phrases(site: Site) -> Vec<String> {
    let fixed = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    let (side, level, face) = match site {
        Site::Lung { side, level, face } => (side, level, face),
        Site::Area(area) => {
            return fixed(match area {
                Area::RightUpperSternalBorder => &["right upper sternal border", "aortic area"],
                Area::LeftUpperSternalBorder => &["left upper sternal border", "pulmonary area"],
                Area::ErbsPoint => &["Erb's point"],
                Area::LeftLowerSternalBorder => &["left lower sternal border", "tricuspid area"],
                Area::Apex => &["apex", "mitral area"],
                Area::RightCostalMargin => &["right costal margin"],
                Area::LeftCostalMargin => &["left costal margin"],
                Area::Trachea => &["trachea"],
            });
        }
    };
    let side = side.map(|side| match side {
        Side::Both => "bilateral",
        one => one.word(),
    });
    let words = [side, level.map(Level::word), face.map(Face::word)];
    let known: Vec<&str> = words.into_iter().flatten().collect();
    let mut phrases = vec![format!("{} chest", known.join(" "))];
    if let [Some(side), Some(level), Some(face)] = words {
        phrases.push(format!("{side} {level} {face} lung field"));
        phrases.push(format!("{face} {side} {level} chest"));
    } else if let [Some(side), None, Some(face)] = words {
        phrases.push(format!("{side} {face} chest wall"));
        phrases.push(format!("{face} {side} chest"));
    }
    phrases
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sites_named;

    #[test]
    fn every_phrase_is_read_as_its_site() {
        let mut sites: Vec<Site> = Area::ALL.iter().map(|&area| Site::Area(area)).collect();
        for side in [Side::Left, Side::Right] {
            for &face in Face::ALL {
                sites.push(Site::lung(side, None, face));
                for &level in Level::ALL {
                    sites.push(Site::lung(side, Some(level), face));
                }
            }
        }
        for site in sites {
            for phrase in phrases(site) {
                let text = format!("Fine crackles over the {phrase}.");
                assert_eq!(sites_named(&text), [site], "{phrase}");
            }
        }
    }
}
