//! Mel filter banks: triangles over the bins of a power spectrum, kept sparse.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};
use rustfft::FftNum;

/// A mel filter bank that stores only the bins under each triangle.
#[derive(Debug, Clone)]
pub(crate) struct MelBank<T> {
    arch: Arch,
    /// For each band the bins it covers and where its weights start.
    bands: Vec<(Range<usize>, usize)>,
    weights: Vec<T>,
    /// Powers `[bins, frames]` while they are summed.
    side_by_side: Vec<T>,
}

impl<T: FftNum> MelBank<T> {
    /// From `weight(band, bin)` for all bands and `bins` bins.
    fn new(bands: usize, bins: usize, weight: impl Fn(usize, usize) -> f64) -> Self {
        let mut bank = MelBank {
            arch: Arch::new(),
            bands: Vec::with_capacity(bands),
            weights: Vec::new(),
            side_by_side: Vec::new(),
        };
        for band in 0..bands {
            let first = (0..bins).find(|&bin| weight(band, bin) > 0.0).unwrap_or(0);
            let end = (0..bins)
                .rfind(|&bin| weight(band, bin) > 0.0)
                .map_or(first, |bin| bin + 1);
            bank.bands.push((first..end, bank.weights.len()));
            bank.weights.extend((first..end).map(|bin| {
                T::from_f64(weight(band, bin)).expect("floating point numbers convert")
            }));
        }
        bank
    }

    /// Kaldi's bank: triangles of height 1 that are straight on the mel scale
    /// `1127 ln(1 + f / 700)`, over bins below the Nyquist frequency.
    /// Source: `get_mel_banks` of `torchaudio.compliance.kaldi`, Kaldi's `mel-computations.cc`.
    pub(crate) fn kaldi(bands: usize, n_fft: usize, rate: u32, low_hz: f64, high_hz: f64) -> Self {
        let mel = |hz: f64| 1127.0 * (1.0 + hz / 700.0).ln();
        let (low, high) = (mel(low_hz), mel(high_hz));
        let step = (high - low) / (bands + 1) as f64;
        let bin_hz = f64::from(rate) / n_fft as f64;
        let positions: Vec<f64> = (0..n_fft / 2)
            .map(|bin| (mel(bin_hz * bin as f64) - low) / step)
            .collect();
        Self::new(bands, n_fft / 2, |band, bin| {
            let position = positions[bin] - band as f64;
            position.min(2.0 - position).max(0.0)
        })
    }

    /// librosa's default bank: triangles that are straight in Hz with edges even on Slaney's
    /// scale (linear below 1 kHz, logarithmic above) and unit area.
    /// Source: `librosa.filters.mel(htk=False, norm="slaney")`, whose weights are f32.
    pub(crate) fn slaney(bands: usize, n_fft: usize, rate: u32, low_hz: f64, high_hz: f64) -> Self {
        let (low, high) = (slaney_mel(low_hz), slaney_mel(high_hz));
        let edges: Vec<f64> = (0..bands + 2)
            .map(|index| slaney_hz(low + (high - low) * index as f64 / (bands + 1) as f64))
            .collect();
        let bin_hz = f64::from(rate) / n_fft as f64;
        Self::new(bands, n_fft / 2 + 1, |band, bin| {
            let (left, centre, right) = (edges[band], edges[band + 1], edges[band + 2]);
            let hz = bin_hz * bin as f64;
            let triangle = ((hz - left) / (centre - left)).min((right - hz) / (right - centre));
            let triangle = f64::from(triangle.max(0.0) as f32);
            f64::from((triangle * (2.0 / (right - left))) as f32)
        })
    }

    /// One more than the highest bin that any band uses: what lies above need not be computed.
    pub(crate) fn bins(&self) -> usize {
        self.bands
            .iter()
            .map(|(bins, _)| bins.end)
            .max()
            .unwrap_or(0)
    }

    /// Weighted sums under each triangle of `K` frames: `power` `[K, bins]`, with as many bins as
    /// the transform has, `out` `[K, bands]`.
    pub(crate) fn apply<const K: usize>(&mut self, power: &[T], out: &mut [T]) {
        self.side_by_side.resize(K * self.bins(), T::zero());
        self.arch.dispatch(Sums::<T, K> {
            bands: &self.bands,
            weights: &self.weights,
            side_by_side: &mut self.side_by_side,
            power,
            out,
        });
    }
}

/// The work of [`MelBank::apply`].
struct Sums<'a, T, const K: usize> {
    bands: &'a [(Range<usize>, usize)],
    weights: &'a [T],
    side_by_side: &'a mut [T],
    power: &'a [T],
    out: &'a mut [T],
}

impl<T: FftNum, const K: usize> WithSimd for Sums<'_, T, K> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "inside `dispatch` it is compiled for the processor's vector instructions"
    )]
    #[inline(always)]
    fn with_simd<V: Simd>(self, _: V) {
        // The frames of each bin together, so that the sums do not wait for each other.
        let (side_by_side, _) = self.side_by_side.as_chunks_mut::<K>();
        let stride = self.power.len() / K;
        let rows: [&[T]; K] =
            std::array::from_fn(|frame| &self.power[frame * stride..][..side_by_side.len()]);
        for (bin, out) in side_by_side.iter_mut().enumerate() {
            for frame in 0..K {
                out[frame] = rows[frame][bin];
            }
        }
        for (band, (bins, start)) in self.bands.iter().enumerate() {
            let weights = &self.weights[*start..*start + bins.len()];
            let mut sums = [T::zero(); K];
            for (&weight, power) in weights.iter().zip(&side_by_side[bins.clone()]) {
                for (sum, &power) in sums.iter_mut().zip(power) {
                    *sum = *sum + weight * power;
                }
            }
            for (frame, sum) in sums.into_iter().enumerate() {
                self.out[frame * self.bands.len() + band] = sum;
            }
        }
    }
}

const SLANEY_HZ_PER_MEL: f64 = 200.0 / 3.0;
const SLANEY_BREAK_HZ: f64 = 1000.0;

/// Mels per factor e above 1 kHz.
fn slaney_log_step() -> f64 {
    6.4_f64.ln() / 27.0
}

fn slaney_mel(hz: f64) -> f64 {
    if hz < SLANEY_BREAK_HZ {
        hz / SLANEY_HZ_PER_MEL
    } else {
        SLANEY_BREAK_HZ / SLANEY_HZ_PER_MEL + (hz / SLANEY_BREAK_HZ).ln() / slaney_log_step()
    }
}

fn slaney_hz(mel: f64) -> f64 {
    let break_mel = SLANEY_BREAK_HZ / SLANEY_HZ_PER_MEL;
    if mel < break_mel {
        mel * SLANEY_HZ_PER_MEL
    } else {
        SLANEY_BREAK_HZ * (slaney_log_step() * (mel - break_mel)).exp()
    }
}
