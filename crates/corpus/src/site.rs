//! Where on the body a recording was taken: a lung field or a heart area, stored as a word such
//! as `left_lower_posterior` or `apex`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::recording::words;

words! {
    /// Side of the chest.
    Side {
        /// Left.
        Left = "left",
        /// Right.
        Right = "right",
        /// Both.
        Both = "both",
    }
}

words! {
    /// Height on the chest.
    Level {
        /// Upper field or apex of the lung.
        Upper = "upper",
        /// Middle field.
        Middle = "middle",
        /// Lower field or base of the lung.
        Lower = "lower",
    }
}

words! {
    /// Face of the chest.
    Face {
        /// Front.
        Anterior = "anterior",
        /// Back.
        Posterior = "posterior",
        /// Flank.
        Lateral = "lateral",
    }
}

words! {
    /// A named listening point that is not a lung field.
    Area {
        /// Aortic area: right upper sternal border.
        RightUpperSternalBorder = "right_upper_sternal_border",
        /// Pulmonary area: left upper sternal border.
        LeftUpperSternalBorder = "left_upper_sternal_border",
        /// Erb's point: left third intercostal space.
        ErbsPoint = "erbs_point",
        /// Tricuspid area: left lower sternal border.
        LeftLowerSternalBorder = "left_lower_sternal_border",
        /// Mitral area: apex of the heart.
        Apex = "apex",
        /// Right costal margin.
        RightCostalMargin = "right_costal_margin",
        /// Left costal margin.
        LeftCostalMargin = "left_costal_margin",
        /// Over the trachea or neck.
        Trachea = "trachea",
    }
}

/// A listening point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Site {
    /// A lung field; what is not known is none, and at least one part is known.
    Lung {
        /// Side of the chest.
        side: Option<Side>,
        /// Height.
        level: Option<Level>,
        /// Face.
        face: Option<Face>,
    },
    /// A named point.
    Area(Area),
}

impl Site {
    /// A lung field with side and face.
    pub const fn lung(side: Side, level: Option<Level>, face: Face) -> Self {
        Self::Lung {
            side: Some(side),
            level,
            face: Some(face),
        }
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Area(area) => f.write_str(area.word()),
            Self::Lung { side, level, face } => {
                let parts = [
                    side.map(Side::word),
                    level.map(Level::word),
                    face.map(Face::word),
                ];
                let known: Vec<_> = parts.into_iter().flatten().collect();
                f.write_str(&known.join("_"))
            }
        }
    }
}

/// The text names no site.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no site; expected side_level_face with at least one of left, right, both, upper, middle, \
     lower, anterior, posterior, lateral, or one of {}", Area::ALL.iter().map(|a| a.word()).collect::<Vec<_>>().join(", ")
)]
pub struct UnknownSite;

impl FromStr for Site {
    type Err = UnknownSite;

    fn from_str(text: &str) -> Result<Self, UnknownSite> {
        if let Some(area) = Area::from_word(text) {
            return Ok(Self::Area(area));
        }
        let mut parts = text.split('_').peekable();
        let side = parts
            .next_if(|part| Side::from_word(part).is_some())
            .and_then(Side::from_word);
        let level = parts
            .next_if(|part| Level::from_word(part).is_some())
            .and_then(Level::from_word);
        let face = parts
            .next_if(|part| Face::from_word(part).is_some())
            .and_then(Face::from_word);
        if parts.next().is_some() || (side.is_none() && level.is_none() && face.is_none()) {
            return Err(UnknownSite);
        }
        Ok(Self::Lung { side, level, face })
    }
}

impl From<Site> for String {
    fn from(site: Site) -> Self {
        site.to_string()
    }
}

impl TryFrom<String> for Site {
    type Error = UnknownSite;

    fn try_from(text: String) -> Result<Self, UnknownSite> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_site_survives_its_text() {
        let mut sites: Vec<Site> = Area::ALL.iter().map(|&area| Site::Area(area)).collect();
        let with_none = |all: &[Side]| -> Vec<Option<Side>> {
            all.iter().copied().map(Some).chain([None]).collect()
        };
        for side in with_none(Side::ALL) {
            for level in Level::ALL.iter().copied().map(Some).chain([None]) {
                for face in Face::ALL.iter().copied().map(Some).chain([None]) {
                    if side.is_some() || level.is_some() || face.is_some() {
                        sites.push(Site::Lung { side, level, face });
                    }
                }
            }
        }
        assert_eq!(sites.len(), Area::ALL.len() + 63);
        for site in sites {
            assert_eq!(site.to_string().parse(), Ok(site));
        }
    }

    #[test]
    fn what_is_no_site_is_refused() {
        for text in [
            "",
            "left_left",
            "posterior_left",
            "knee",
            "left_lower_posterior_x",
        ] {
            assert_eq!(text.parse::<Site>(), Err(UnknownSite), "{text}");
        }
    }
}
