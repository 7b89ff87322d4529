//! The figure: a signal and its analysis come in, one drawing goes out as SVG or PNG. Waveform,
//! spectrogram and timeline share the time axis on the left; domain, quality and findings stand on
//! the right; report and notices below.

pub(crate) mod font;
mod panel;
mod plots;
pub(crate) mod raster;
mod spectrogram;
pub(crate) mod svg;
#[cfg(test)]
mod tests;

use laennec_assistant::Quality;
use laennec_corpus::Domain;

use self::svg::{Rect, Svg, TextStyle};
use super::{Scene, hertz, quality_label};
use crate::exit::{Exit, Failure};

/// Width of the drawing in pixels.
const WIDTH: f64 = 1200.0;
/// Free space at its edges.
const MARGIN: f64 = 28.0;
/// Nearly black, for text.
const INK: &str = "#1F2933";
/// Grey, for axes and remarks.
const GREY: &str = "#52606D";
/// Light grey, for frames and empty bars.
const PALE: &str = "#D9E0E6";

/// The figure as an SVG document.
pub(crate) fn svg(scene: &Scene) -> Result<String, Failure> {
    let spectrogram = spectrogram::draw(scene.signal)
        .map_err(|error| Failure::new(Exit::Internal, format!("the spectrogram: {error}")))?;
    Ok(drawing(scene, spectrogram.as_ref()))
}

/// The figure as a PNG image, drawn with the embedded font.
pub(crate) fn png(scene: &Scene) -> Result<Vec<u8>, Failure> {
    let spectrogram = spectrogram::draw(scene.signal)
        .map_err(|error| Failure::new(Exit::Internal, format!("the spectrogram: {error}")))?;
    let png = spectrogram.as_ref().map(|drawn| drawn.png.as_slice());
    raster::png(
        &drawing(scene, spectrogram.as_ref()),
        plots::SPECTROGRAM,
        png,
    )
    .map_err(|reason| Failure::new(Exit::Internal, format!("the figure: {reason}")))
}

fn drawing(scene: &Scene, spectrogram: Option<&spectrogram::Spectrogram>) -> String {
    let mut svg = Svg::new(WIDTH);
    header(&mut svg, scene);
    let left = plots::draw(&mut svg, scene, spectrogram);
    let right = panel::draw(&mut svg, scene);
    let height = footer(&mut svg, scene, left.max(right) + 26.0);
    svg.finish(height, &format!("Laennec: {}", scene.listened.analysis.id))
}

fn header(svg: &mut Svg, scene: &Scene) {
    let analysis = &scene.listened.analysis;
    let title = match (analysis.quality.quality, analysis.domain.domain) {
        (Quality::Poor, _) => "Poor signal",
        (_, Some(Domain::Heart)) => "Heart sounds",
        (_, Some(Domain::Lung)) => "Lung sounds",
        (_, Some(Domain::Other)) => "Neither heart nor lung sounds",
        (_, None) => "Heart or lung sounds: uncertain",
    };
    svg.text((MARGIN, 46.0), TextStyle::new(24.0, INK).bold(), title);
    let facts = &analysis.recording;
    let level = facts.level_dbfs;
    let line = format!(
        "{}  ·  {:.1} s  ·  {}  ·  sound up to {}  ·  level {level:.0} dBFS  ·  signal {}",
        analysis.id,
        facts.seconds,
        hertz(f64::from(facts.rate_hz)),
        hertz(f64::from(facts.bandwidth_hz)),
        quality_label(analysis.quality.quality),
    );
    svg.text((MARGIN, 70.0), TextStyle::new(13.0, GREY), &line);
    let bundle = format!(
        "Laennec {}  ·  bundle {} {}",
        env!("CARGO_PKG_VERSION"),
        analysis.bundle.name,
        analysis.bundle.version
    );
    svg.text(
        (WIDTH - MARGIN, 46.0),
        TextStyle::new(13.0, GREY).anchored(svg::Anchor::End),
        &bundle,
    );
}

/// Report, notices, training population and research-use notice; gives the height of the drawing.
fn footer(svg: &mut Svg, scene: &Scene, top: f64) -> f64 {
    let analysis = &scene.listened.analysis;
    let width = WIDTH - 2.0 * MARGIN;
    svg.line((MARGIN, top), (WIDTH - MARGIN, top), PALE, 1.0);
    svg.text(
        (MARGIN, top + 26.0),
        TextStyle::new(15.0, INK).bold(),
        "Report",
    );
    let report = TextStyle::new(14.0, INK);
    let mut y = svg.paragraph((MARGIN, top + 50.0), width, report, &analysis.report.text);
    for notice in &analysis.notices {
        y = svg.paragraph(
            (MARGIN, y + 2.0),
            width,
            TextStyle::new(12.0, GREY),
            &format!("Note: {notice}."),
        );
    }
    let population = TextStyle::new(11.5, GREY);
    y = svg.paragraph((MARGIN, y + 8.0), width, population, &analysis.population());
    let bar = Rect {
        x: 0.0,
        y: y + 2.0,
        width: WIDTH,
        height: 36.0,
    };
    svg.rect(bar, 0.0, "#FFF4E0");
    svg.text(
        (MARGIN, bar.y + 23.0),
        TextStyle::new(12.0, "#6B4A00").bold(),
        &analysis.research_use,
    );
    bar.bottom()
}
