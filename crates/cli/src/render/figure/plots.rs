//! The left side of the figure: waveform, spectrogram and timeline lanes over one time axis.

use laennec_assistant::analysis::FindingAnswer;
use laennec_corpus::Presence;

use super::spectrogram::{RANGE_DB, Spectrogram, colour};
use super::svg::{Anchor, Rect, Svg, TextStyle};
use super::{GREY, INK, PALE};
use crate::render::{Scene, finding_colour};

const LEFT: f64 = 92.0;
const SPAN: f64 = 700.0;
const WAVEFORM: Rect = Rect {
    x: LEFT,
    y: 94.0,
    width: SPAN,
    height: 110.0,
};
/// Where the spectrogram lies in the drawing.
pub(super) const SPECTROGRAM: Rect = Rect {
    x: LEFT,
    y: 220.0,
    width: SPAN,
    height: 270.0,
};
/// Colour of what stands where the waveform is cut off.
const CUT: &str = "#C2410C";
const LANE_LABEL: f64 = 18.0;
const LANE_TRACK: f64 = 26.0;

/// Draws the plots; gives the y below them.
pub(super) fn draw(svg: &mut Svg, scene: &Scene, spectrogram: Option<&Spectrogram>) -> f64 {
    waveform(svg, scene);
    picture(svg, spectrogram);
    let bottom = lanes(svg, scene, SPECTROGRAM.bottom() + 14.0);
    time_axis(svg, scene, bottom)
}

fn label(size: f64) -> TextStyle {
    TextStyle::new(size, GREY)
}

fn seconds(scene: &Scene) -> f64 {
    scene
        .listened
        .analysis
        .recording
        .seconds
        .max(f64::MIN_POSITIVE)
}

fn waveform(svg: &mut Svg, scene: &Scene) {
    let samples = &scene.signal.samples;
    let peak = shown_amplitude(samples);
    svg.rect(WAVEFORM, 0.0, "#F5F7FA");
    let middle = WAVEFORM.y + WAVEFORM.height / 2.0;
    if peak > 0.0 {
        let scale = WAVEFORM.height / 2.0 / f64::from(peak);
        let columns = (SPAN as usize).min(samples.len());
        let (mut upper, mut lower) = (Vec::new(), Vec::new());
        let (mut cut, mut whole) = (Vec::new(), 0.0_f32);
        for column in 0..columns {
            let from = column * samples.len() / columns;
            let to = ((column + 1) * samples.len() / columns).max(from + 1);
            let part = &samples[from..to];
            let high = part.iter().copied().fold(f32::MIN, f32::max);
            let low = part.iter().copied().fold(f32::MAX, f32::min);
            let x = LEFT + (column as f64 + 0.5) * SPAN / columns as f64;
            if high > peak || low < -peak {
                cut.push(x);
                whole = whole.max(high).max(-low);
            }
            let (high, low) = (high.clamp(-peak, peak), low.clamp(-peak, peak));
            // At least half a pixel, so that a quiet part is still a line.
            upper.push((x, middle - f64::from(high) * scale - 0.25));
            lower.push((x, middle - f64::from(low) * scale + 0.25));
        }
        upper.extend(lower.into_iter().rev());
        svg.area(&upper, "#334E68", 1.0);
        if !cut.is_empty() {
            say_cut(svg, &cut, whole);
        }
        let style = label(11.0).anchored(Anchor::End);
        svg.text(
            (LEFT - 8.0, WAVEFORM.y + 10.0),
            style,
            &format!("{peak:.2}"),
        );
        svg.text((LEFT - 8.0, middle + 4.0), style, "0");
        svg.text(
            (LEFT - 8.0, WAVEFORM.bottom() - 2.0),
            style,
            &format!("-{peak:.2}"),
        );
    } else {
        let style = label(13.0).anchored(Anchor::Middle);
        svg.text((LEFT + SPAN / 2.0, middle + 4.0), style, "no sound");
    }
    svg.vertical_text((40.0, middle), label(12.0), "amplitude");
    svg.frame(WAVEFORM, PALE);
}

/// Marks where the waveform is cut off, and says how far it goes.
fn say_cut(svg: &mut Svg, at: &[f64], peak: f32) {
    for &x in at {
        let mark = Rect {
            x: x - 1.0,
            y: WAVEFORM.y,
            width: 2.0,
            height: 4.0,
        };
        svg.rect(mark, 0.0, CUT);
    }
    let style = label(10.0).anchored(Anchor::End);
    let corner = (LEFT + SPAN - 6.0, WAVEFORM.bottom() - 5.0);
    svg.text(
        corner,
        style,
        &format!("cut off where marked, peak {peak:.2}"),
    );
}

/// The amplitude at the edge of the plot: the peak, or less where a short click stands high above
/// everything else, which is then cut off.
fn shown_amplitude(samples: &[f32]) -> f32 {
    let mut sizes: Vec<f32> = samples.iter().map(|sample| sample.abs()).collect();
    let Some(last) = sizes.len().checked_sub(1) else {
        return 0.0;
    };
    let peak = sizes.iter().copied().fold(0.0, f32::max);
    let usual = *sizes
        .select_nth_unstable_by(last - last / 500, f32::total_cmp)
        .1;
    if usual > 0.0 {
        peak.min(usual * 2.0)
    } else {
        peak
    }
}

fn picture(svg: &mut Svg, spectrogram: Option<&Spectrogram>) {
    let area = SPECTROGRAM;
    svg.vertical_text(
        (40.0, area.y + area.height / 2.0),
        label(12.0),
        "frequency (Hz, mel scale)",
    );
    let Some(spectrogram) = spectrogram else {
        svg.rect(area, 0.0, "#F5F7FA");
        let style = label(13.0).anchored(Anchor::Middle);
        svg.text(
            (LEFT + SPAN / 2.0, area.y + area.height / 2.0),
            style,
            "no spectrogram",
        );
        return;
    };
    svg.image(area, &spectrogram.png);
    for hz in [
        100.0, 200.0, 400.0, 600.0, 800.0, 1000.0, 1500.0, 2000.0, 2500.0,
    ] {
        let Some(height) = spectrogram.height_of(hz) else {
            continue;
        };
        let y = area.bottom() - height * area.height;
        svg.line((LEFT - 4.0, y), (LEFT, y), GREY, 1.0);
        svg.text(
            (LEFT - 8.0, y + 4.0),
            label(11.0).anchored(Anchor::End),
            &format!("{hz:.0}"),
        );
    }
    // The colour bar.
    let strip = Rect {
        x: area.right() + 8.0,
        y: area.y,
        width: 10.0,
        height: area.height,
    };
    let steps = 45;
    for step in 0..steps {
        let at = (f64::from(step) + 0.5) / f64::from(steps);
        let [red, green, blue] = colour(at as f32);
        let height = strip.height / f64::from(steps);
        let y = strip.bottom() - f64::from(step + 1) * height;
        let fill = format!("#{red:02X}{green:02X}{blue:02X}");
        svg.rect(
            Rect {
                y,
                height: height + 0.5,
                ..strip
            },
            0.0,
            &fill,
        );
    }
    svg.text((strip.right() + 4.0, strip.y + 10.0), label(11.0), "0 dB");
    svg.text(
        (strip.right() + 4.0, strip.bottom()),
        label(11.0),
        &format!("-{RANGE_DB:.0}"),
    );
}

/// One lane for each finding with a curve or events; gives the y below the last one.
fn lanes(svg: &mut Svg, scene: &Scene, top: f64) -> f64 {
    let listened = scene.listened;
    let shown: Vec<&FindingAnswer> = listened
        .analysis
        .findings
        .iter()
        .filter(|found| {
            let has_curve = listened
                .curves
                .iter()
                .any(|(finding, _)| *finding == found.finding);
            let has_event = listened
                .analysis
                .events
                .iter()
                .any(|event| event.finding == found.finding);
            found.answer != Presence::NotAssessed && (has_curve || has_event)
        })
        .collect();
    let mut y = top;
    for found in shown {
        lane(svg, scene, found, y);
        y += LANE_LABEL + LANE_TRACK + 6.0;
    }
    y
}

fn lane(svg: &mut Svg, scene: &Scene, found: &FindingAnswer, top: f64) {
    let listened = scene.listened;
    let colour = finding_colour(found.finding);
    let track = Rect {
        x: LEFT,
        y: top + LANE_LABEL,
        width: SPAN,
        height: LANE_TRACK,
    };
    svg.text((LEFT, top + 13.0), TextStyle::new(12.0, INK), &found.name);
    let events: Vec<_> = listened
        .analysis
        .events
        .iter()
        .filter(|event| event.finding == found.finding)
        .collect();
    let remark = match events.len() {
        0 => "no event asserted; curve: probability over time".to_owned(),
        1 => "1 event".to_owned(),
        more => format!("{more} events"),
    };
    svg.text(
        (track.right(), top + 13.0),
        label(11.0).anchored(Anchor::End),
        &remark,
    );
    svg.rect(track, 0.0, "#F5F7FA");
    let place = |time_s: f64| LEFT + (time_s / seconds(scene)).clamp(0.0, 1.0) * SPAN;
    for event in events {
        let x = place(f64::from(event.start_s));
        let width = (place(f64::from(event.end_s)) - x).max(2.0);
        svg.area(
            &[
                (x, track.y),
                (x + width, track.y),
                (x + width, track.bottom()),
                (x, track.bottom()),
            ],
            colour,
            0.55,
        );
    }
    let curve = listened
        .curves
        .iter()
        .find(|(finding, _)| *finding == found.finding);
    if let Some((_, values)) = curve.filter(|(_, values)| !values.is_empty()) {
        let mut points = vec![(LEFT, track.bottom())];
        for (step, &value) in values.iter().enumerate() {
            let y = track.bottom() - f64::from(value) * track.height;
            for edge in [step, step + 1] {
                points.push((place(edge as f64 * f64::from(listened.step_s)), y));
            }
        }
        let end = points[points.len() - 1].0;
        points.push((end, track.bottom()));
        svg.area(&points, colour, 0.45);
    }
    svg.frame(track, PALE);
    let style = label(10.0).anchored(Anchor::End);
    svg.text((LEFT - 6.0, track.y + 8.0), style, "1");
    svg.text((LEFT - 6.0, track.bottom()), style, "0");
}

/// Ticks and label of the time axis; gives the y below it.
fn time_axis(svg: &mut Svg, scene: &Scene, top: f64) -> f64 {
    let seconds = seconds(scene);
    svg.line((LEFT, top), (LEFT + SPAN, top), GREY, 1.0);
    let step = tick_step(seconds);
    let mut tick = 0.0;
    while tick <= seconds * 1.0001 {
        let x = LEFT + tick / seconds * SPAN;
        svg.line((x, top), (x, top + 5.0), GREY, 1.0);
        let text = if step < 1.0 {
            format!("{tick:.1}")
        } else {
            format!("{tick:.0}")
        };
        svg.text((x, top + 19.0), label(11.0).anchored(Anchor::Middle), &text);
        tick += step;
    }
    svg.text(
        (LEFT + SPAN / 2.0, top + 37.0),
        label(12.0).anchored(Anchor::Middle),
        "time (s)",
    );
    top + 42.0
}

/// The smallest round step that gives at most ten ticks.
fn tick_step(seconds: f64) -> f64 {
    let steps = [
        0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0,
    ];
    steps
        .into_iter()
        .find(|step| seconds / step <= 10.0)
        .unwrap_or_else(|| (seconds / 10.0).ceil())
}

#[cfg(test)]
mod tests {
    use super::tick_step;

    #[test]
    fn ticks_are_round_and_few() {
        for (seconds, expected) in [
            (0.9, 0.1),
            (8.2, 1.0),
            (15.0, 2.0),
            (600.0, 60.0),
            (40_000.0, 4000.0),
        ] {
            assert_eq!(tick_step(seconds), expected);
        }
    }
}
