//! Label files: what is written is read back, and no text makes the readers panic or lose events.
use laennec_corpus::labels::{LabelError, LabelFormat, sort};
use laennec_corpus::{Event, EventKind};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Events in any order, overlapping too; times in whole microseconds, some of them points.
fn events() -> impl Strategy<Value = Vec<Event>> {
    let one = (
        0_u32..60_000_000,
        0_u32..4_000_000,
        any::<bool>(),
        select(EventKind::ALL),
    );
    let event = one.prop_map(|(start, length, point, kind)| {
        let end = if point { start } else { start + length };
        Event {
            start_s: f64::from(start) / 1e6,
            end_s: f64::from(end) / 1e6,
            kind,
        }
    });
    vec(event, 0..25)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read_back(mut events in events(), seconds in 0.0..70.0) {
        sort(&mut events);
        for &format in LabelFormat::ALL {
            let text = format.write("0123456789abcdef", seconds, &events);
            let back = format.read(text.as_bytes());
            prop_assert_eq!(back.as_ref(), Ok(&events), "{}", format);
            let wide: Vec<u8> = [0xfe, 0xff]
                .into_iter()
                .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
                .collect();
            let back = format.read(&wide);
            prop_assert_eq!(back.as_ref(), Ok(&events));
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(bytes in vec(any::<u8>(), 0..200), text in "[-0-9.\\t\\n\"<>a-z\\\\ {}\\[\\],:]{0,120}") {
        for &format in LabelFormat::ALL {
            let _ = format.read(&bytes);
            let _ = format.read(text.as_bytes());
        }
    }

    #[test]
    fn a_damaged_file_gives_other_events_only_with_other_text(events in events(), cut in 0_usize..400) {
        for &format in LabelFormat::ALL {
            let text = format.write("0123456789abcdef", 70.0, &events);
            let cut = cut.min(text.len());
            if let Ok(read) = format.read(&text.as_bytes()[..cut]) {
                // Only whole lines of Audacity are a shorter list; the others end with a bracket
                // or announce how many labels they have.
                prop_assert!(read.len() <= events.len());
                prop_assert!(format == LabelFormat::Audacity || read.len() == events.len());
            }
        }
    }
}

#[test]
fn files_as_the_programs_write_them_are_read() {
    let audacity =
        "0.250000\t1.500000\twheeze\n\\\t200.000000\t400.000000\n2.000000\t2.000000\ts1\n";
    let short = "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n0\n3\n<exists>\n1\n\
                 \"IntervalTier\"\n\"breath sounds\"\n0\n3\n3\n0\n0.25\n\"\"\n0.25\n1.5\n\"wheeze\"\n\
                 1.5\n3\n\"\"\n";
    let studio = r#"[{"id": 1, "data": {"audio": "x"}, "annotations": [{"id": 3, "result": [
        {"id": "a", "type": "labels", "from_name": "label", "to_name": "audio", "original_length": 3.0,
         "value": {"start": 0.25, "end": 1.5, "channel": 0, "labels": ["wheeze"]}},
        {"id": "a", "type": "textarea", "from_name": "t", "to_name": "audio", "value": {"text": ["x"]}}]}]}]"#;
    let wheeze = Event {
        start_s: 0.25,
        end_s: 1.5,
        kind: EventKind::Wheeze,
    };
    assert_eq!(
        LabelFormat::Audacity
            .read(audacity.as_bytes())
            .unwrap()
            .len(),
        2
    );
    for (format, text) in [
        (LabelFormat::Audacity, audacity),
        (LabelFormat::TextGrid, short),
        (LabelFormat::LabelStudio, studio),
    ] {
        assert_eq!(format.read(text.as_bytes()).unwrap()[0], wheeze, "{format}");
    }
}

#[test]
fn what_is_not_understood_is_told_with_its_place() {
    let wrong = |text: &str| LabelFormat::Audacity.read(text.as_bytes()).unwrap_err();
    assert_eq!(wrong("0\t1\twheeze\n1\t2\tWheezing\n").place, 2);
    for text in [
        "0\t1",
        "1\t0\twheeze",
        "-1\t0\twheeze",
        "NaN\t1\twheeze",
        "0\tinf\twheeze",
    ] {
        assert_eq!(wrong(text).place, 1, "{text}");
    }
    let told = wrong("0\t1\tx\n").to_string();
    assert!(
        told.starts_with("place 1: expected one of normal, wheeze"),
        "{told}"
    );
    for kind in EventKind::ALL {
        assert!(told.contains(kind.word()), "{told}");
    }
    let huge = "\"ooTextFile\" \"TextGrid\" 0 1 <exists> 99999999999";
    assert!(matches!(
        LabelFormat::TextGrid.read(huge.as_bytes()),
        Err(LabelError { .. })
    ));
}
