//! What lies beneath a listening point: a site comes in, a few words go out (L. Bickley et al.,
//! "Bates' Guide to Physical Examination and History Taking", 13th edition, 2021, chapter
//! "Cardiovascular System").

use crate::site::{Area, Site};

/// What is mainly heard at a site, to stand after "over"; none where it is not one thing.
pub(super) fn beneath(site: Site) -> Option<&'static str> {
    match site {
        Site::Area(area) => match area {
            Area::RightUpperSternalBorder => Some("the aortic valve"),
            Area::LeftUpperSternalBorder => Some("the pulmonic valve"),
            Area::ErbsPoint => Some("the aortic and the pulmonic valve"),
            Area::LeftLowerSternalBorder => Some("the tricuspid valve"),
            Area::Apex => Some("the mitral valve"),
            Area::Trachea => Some("the large airways"),
            Area::RightCostalMargin | Area::LeftCostalMargin => None,
        },
        // A lung field is not one lobe.
        Site::Lung { .. } => None,
    }
}
