//! A small SVG writer: shapes and text in user units (pixels at 1:1) come in, an SVG document goes
//! out. Numbers are written with two decimals; text is escaped and measured with the widths of the
//! embedded font.

use std::fmt::Write;

use base64::Engine;

use super::font;
use crate::render::escape;

/// Where a text stands on its point.
#[derive(Clone, Copy)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(crate) struct TextStyle {
    pub(crate) size: f64,
    pub(crate) bold: bool,
    pub(crate) colour: &'static str,
    pub(crate) anchor: Anchor,
}

impl TextStyle {
    /// Regular text that starts at its point.
    pub(crate) const fn new(size: f64, colour: &'static str) -> Self {
        Self {
            size,
            bold: false,
            colour,
            anchor: Anchor::Start,
        }
    }

    /// The same in bold.
    pub(crate) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same, standing otherwise on its point.
    pub(crate) const fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

/// A rectangle by its left upper corner.
#[derive(Clone, Copy)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Rect {
    /// Right edge.
    pub(crate) const fn right(self) -> f64 {
        self.x + self.width
    }

    /// Lower edge.
    pub(crate) const fn bottom(self) -> f64 {
        self.y + self.height
    }
}

/// An SVG document that grows.
pub(crate) struct Svg {
    width: f64,
    body: String,
}

impl Svg {
    /// An empty drawing of that width.
    pub(crate) fn new(width: f64) -> Self {
        Self {
            width,
            body: String::new(),
        }
    }

    /// A filled rectangle with corners rounded by `radius`.
    pub(crate) fn rect(&mut self, area: Rect, radius: f64, fill: &str) {
        let Rect {
            x,
            y,
            width,
            height,
        } = area;
        let _ = writeln!(
            self.body,
            r#"<rect x="{x:.2}" y="{y:.2}" width="{width:.2}" height="{height:.2}" rx="{radius}" fill="{fill}"/>"#
        );
    }

    /// The outline of a rectangle.
    pub(crate) fn frame(&mut self, area: Rect, colour: &str) {
        let Rect {
            x,
            y,
            width,
            height,
        } = area;
        let _ = writeln!(
            self.body,
            r#"<rect x="{x:.2}" y="{y:.2}" width="{width:.2}" height="{height:.2}" fill="none" stroke="{colour}"/>"#
        );
    }

    /// A straight line.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64) {
        let _ = writeln!(
            self.body,
            r#"<line x1="{:.2}" y1="{:.2}" x2="{:.2}" y2="{:.2}" stroke="{colour}" stroke-width="{width}"/>"#,
            from.0, from.1, to.0, to.1
        );
    }

    /// A closed area through the points.
    pub(crate) fn area(&mut self, points: &[(f64, f64)], fill: &str, opacity: f64) {
        let _ = write!(
            self.body,
            r#"<polygon fill="{fill}" fill-opacity="{opacity}" points=""#
        );
        for (x, y) in points {
            let _ = write!(self.body, "{x:.2},{y:.2} ");
        }
        self.body.push_str("\"/>\n");
    }

    /// Text; `at` is the point on its base line.
    pub(crate) fn text(&mut self, at: (f64, f64), style: TextStyle, text: &str) {
        let anchor = match style.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let weight = if style.bold {
            " font-weight=\"bold\""
        } else {
            ""
        };
        let _ = writeln!(
            self.body,
            r#"<text x="{:.2}" y="{:.2}" font-size="{}"{weight} fill="{}" text-anchor="{anchor}">{}</text>"#,
            at.0,
            at.1,
            style.size,
            style.colour,
            escape(text)
        );
    }

    /// Text read from bottom to top, centred on `at`.
    pub(crate) fn vertical_text(&mut self, at: (f64, f64), style: TextStyle, text: &str) {
        let (x, y) = at;
        let _ = writeln!(
            self.body,
            r#"<text transform="translate({x:.2} {y:.2}) rotate(-90)" font-size="{}" fill="{}" text-anchor="middle">{}</text>"#,
            style.size,
            style.colour,
            escape(text)
        );
    }

    /// Text wrapped to `width`, lines `style.size * 1.4` apart; gives the y below the last line.
    pub(crate) fn paragraph(
        &mut self,
        at: (f64, f64),
        width: f64,
        style: TextStyle,
        text: &str,
    ) -> f64 {
        let mut y = at.1;
        for line in font::wrap(text, style.size, style.bold, width) {
            self.text((at.0, y), style, &line);
            y += style.size * 1.4;
        }
        y
    }

    /// A PNG image stretched over `area`.
    pub(crate) fn image(&mut self, area: Rect, png: &[u8]) {
        let Rect {
            x,
            y,
            width,
            height,
        } = area;
        let data = base64::engine::general_purpose::STANDARD.encode(png);
        let _ = writeln!(
            self.body,
            r#"<image x="{x:.2}" y="{y:.2}" width="{width:.2}" height="{height:.2}" preserveAspectRatio="none" href="data:image/png;base64,{data}"/>"#
        );
    }

    /// The document, `height` high, with the font inside, so that it looks the same everywhere.
    pub(crate) fn finish(self, height: f64, title: &str) -> String {
        let width = self.width;
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="{family}, sans-serif" role="img">
<title>{title}</title>
<style>{faces}</style>
{body}</svg>
"#,
            family = font::FAMILY,
            title = escape(title),
            faces = font::faces(),
            body = self.body
        )
    }
}
