//! The figure of a fixed analysis, as SVG and PNG.

use laennec_audio::Signal;
use laennec_corpus::Domain;
use resvg::tiny_skia::Pixmap;
use resvg::usvg::{Options, Tree};

use super::*;
use crate::render::fixture;

#[test]
fn the_svg_is_well_formed_and_loads_nothing() {
    let (signal, listened) = fixture::example(Domain::Lung);
    let drawn = svg(&Scene {
        signal: &signal,
        listened: &listened,
    })
    .unwrap();
    Tree::from_str(&drawn, &Options::default()).unwrap();
    let body = drawn.replace("http://www.w3.org/2000/svg", "");
    assert!(!body.contains("http") && drawn.contains("Lungs &lt;1&gt;"));
    for said in [
        "Lung sounds",
        "wheeze",
        "uncertain",
        "not assessed",
        "time (s)",
        "research use",
    ] {
        assert!(drawn.contains(said), "{said}");
    }
}

#[test]
fn the_png_shows_text_and_spectrogram() {
    let (signal, listened) = fixture::example(Domain::Lung);
    let image = png(&Scene {
        signal: &signal,
        listened: &listened,
    })
    .unwrap();
    let image = Pixmap::decode_png(&image).unwrap();
    assert_eq!(image.width(), 1800);
    let pixel = |x: f64, y: f64| {
        let pixel = image.pixel((x * 1.5) as u32, (y * 1.5) as u32).unwrap();
        [pixel.red(), pixel.green(), pixel.blue()]
    };
    let area = plots::SPECTROGRAM;
    let dark = pixel(area.x + 350.0, area.y + 20.0);
    assert!(dark[0] < 120 && dark[1] < 60, "{dark:?}");
    // The bold title: there is ink between its corners.
    let ink = (28..200).flat_map(|x| (28..48).map(move |y| (f64::from(x), f64::from(y))));
    assert!(ink.filter(|&(x, y)| pixel(x, y)[0] < 100).count() > 200);
}

#[test]
fn any_signal_can_be_drawn() {
    let noise = |seconds: usize, rate: u32| Signal {
        samples: (0..seconds * rate as usize)
            .map(|n| ((n * 7919) % 101) as f32 / 200.0 - 0.25)
            .collect(),
        rate,
    };
    let signals = [
        Signal {
            samples: Vec::new(),
            rate: 0,
        },
        Signal {
            samples: vec![0.5; 4000],
            rate: 4000,
        },
        Signal {
            samples: vec![0.1, -0.1, 0.3],
            rate: 500,
        },
        noise(3, 500),
        noise(2, 192_000),
        noise(130, 2000),
    ];
    for signal in signals {
        let listened = fixture::listen(&signal, Domain::Heart);
        let image = png(&Scene {
            signal: &signal,
            listened: &listened,
        })
        .unwrap();
        assert!(Pixmap::decode_png(&image).is_ok());
    }
}
