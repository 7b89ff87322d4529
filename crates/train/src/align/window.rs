//! The clip of a recording that the encoder hears: samples in, samples of a fixed length out.

/// `seconds` of `samples` at `rate` Hz, from `place` (0: the start, 1: the end) of what can be left
/// out. A shorter recording is repeated to length; an empty one becomes silence.
pub(super) fn window(samples: &[f32], rate: u32, seconds: f64, place: f64) -> Vec<f32> {
    let wanted = (seconds * f64::from(rate)).round() as usize;
    if samples.is_empty() {
        return vec![0.0; wanted];
    }
    let room = samples.len().saturating_sub(wanted);
    let start = (room as f64 * place).round() as usize;
    samples[start.min(room)..]
        .iter()
        .copied()
        .chain(samples.iter().copied().cycle())
        .take(wanted)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::window;

    #[test]
    fn long_recordings_are_cut_and_short_ones_repeated() {
        let samples: Vec<f32> = (0..10).map(|i| i as f32).collect();
        assert_eq!(window(&samples, 2, 2.0, 0.5), [3.0, 4.0, 5.0, 6.0]);
        assert_eq!(window(&samples, 2, 2.0, 1.0), [6.0, 7.0, 8.0, 9.0]);
        assert_eq!(
            window(&samples[..3], 1, 7.0, 0.3),
            [0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 0.0]
        );
        assert_eq!(window(&[], 4, 1.0, 0.0), [0.0; 4]);
    }
}
