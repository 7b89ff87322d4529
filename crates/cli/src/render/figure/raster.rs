//! SVG to PNG: the drawing and its spectrogram come in, the image goes out. resvg draws vectors and
//! text with the embedded font only; the spectrogram, a raster image, is laid under them.

use std::sync::Arc;

use resvg::tiny_skia::{Color, FilterQuality, Pixmap, PixmapPaint, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::font;
use super::svg::Rect;

/// Pixels of the image for one unit of the drawing.
const SCALE: f32 = 1.5;

/// Renders the drawing on white, with `image` (PNG) stretched over `area`.
pub(crate) fn png(svg: &str, area: Rect, image: Option<&[u8]>) -> Result<Vec<u8>, String> {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(font::REGULAR.to_vec());
    fonts.load_font_data(font::BOLD.to_vec());
    fonts.set_sans_serif_family(font::FAMILY);
    let options = Options {
        font_family: font::FAMILY.to_owned(),
        fontdb: Arc::new(fonts),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
    let size = tree.size();
    let (width, height) = (
        (size.width() * SCALE).ceil(),
        (size.height() * SCALE).ceil(),
    );
    let mut pixmap = Pixmap::new(width as u32, height as u32)
        .ok_or_else(|| format!("an image of {width} x {height} pixels cannot be made"))?;
    pixmap.fill(Color::WHITE);
    if let Some(image) = image {
        let picture = Pixmap::decode_png(image).map_err(|error| error.to_string())?;
        let stretch = Transform::from_row(
            area.width as f32 * SCALE / picture.width() as f32,
            0.0,
            0.0,
            area.height as f32 * SCALE / picture.height() as f32,
            area.x as f32 * SCALE,
            area.y as f32 * SCALE,
        );
        let paint = PixmapPaint {
            quality: FilterQuality::Bilinear,
            ..PixmapPaint::default()
        };
        pixmap.draw_pixmap(0, 0, picture.as_ref(), &paint, stretch, None);
    }
    resvg::render(
        &tree,
        Transform::from_scale(SCALE, SCALE),
        &mut pixmap.as_mut(),
    );
    pixmap.encode_png().map_err(|error| error.to_string())
}
