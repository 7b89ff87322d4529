//! Samples at one rate to samples at another: FFT resampling with the delay taken out.

use rubato::audioadapter_buffers::direct::SequentialSlice;
use rubato::{Fft, FixedSync, Resampler, WindowFunction};

use crate::{Error, MAX_RATE, MIN_RATE};

/// Length of the anti-aliasing filter at the lower of the two rates, in samples: the pass band
/// reaches 98 % of that rate's Nyquist frequency.
const FILTER: usize = 1024;

/// Resamples `samples` from rate `from` to rate `to` (Hz).
///
/// The output starts at the same instant as the input and has exactly `round(len * to / from)`
/// samples. Equal rates give a copy. Beyond both ends the signal is taken as zero.
///
/// # Errors
/// [`Error::Rate`] if a rate is outside 500 Hz to 192 kHz.
pub fn resample(samples: &[f32], from: u32, to: u32) -> Result<Vec<f32>, Error> {
    for rate in [from, to] {
        if !(MIN_RATE..=MAX_RATE).contains(&rate) {
            return Err(Error::Rate { rate });
        }
    }
    if from == to || samples.is_empty() {
        return Ok(samples.to_vec());
    }
    let refuse = |reason: String| Error::Resample { from, to, reason };
    let length = (samples.len() as u128 * u128::from(to) + u128::from(from / 2)) / u128::from(from);
    let length = usize::try_from(length).map_err(|error| refuse(error.to_string()))?;

    // An even filter length has its centre on a sample, so the delay is a whole number of samples.
    let unit = (from / gcd(from, to)) as usize;
    let wanted = FILTER * from.max(to) as usize / to as usize;
    let chunk = unit * wanted.div_ceil(unit).next_multiple_of(2);
    let mut resampler = Fft::<f32>::new_custom(
        from as usize,
        to as usize,
        chunk,
        1,
        1,
        WindowFunction::BlackmanHarris2,
        FixedSync::Both,
    )
    .map_err(|error| refuse(error.to_string()))?;
    let input = SequentialSlice::new(samples, 1, samples.len())
        .map_err(|error| refuse(error.to_string()))?;
    let output = resampler
        .process_all(&input, samples.len(), None)
        .map_err(|error| refuse(error.to_string()))?;
    let mut output = output.take_data();
    output.resize(length, 0.0);
    Ok(output)
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
