//! Frames of samples to power spectra, and the windows for it. Nothing is allocated per frame.

use std::f64::consts::TAU;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{FftNum, RealFftPlanner, RealToComplex};

/// The power spectrum of one windowed frame, with its plan and buffers.
pub(crate) struct PowerSpectrum<T: FftNum> {
    plan: Arc<dyn RealToComplex<T>>,
    window: Vec<T>,
    /// Where the window starts inside the transform.
    offset: usize,
    frame: Vec<T>,
    spectrum: Vec<Complex<T>>,
    scratch: Vec<Complex<T>>,
}

impl<T: FftNum> PowerSpectrum<T> {
    /// A transform of `n_fft` samples; a shorter window starts at `offset` with zeros around it.
    pub(crate) fn new(n_fft: usize, window: &[f64], offset: usize) -> Self {
        let plan = RealFftPlanner::<T>::new().plan_fft_forward(n_fft);
        Self {
            window: window
                .iter()
                .map(|&w| T::from_f64(w).expect("floating point numbers convert"))
                .collect(),
            offset,
            frame: plan.make_input_vec(),
            spectrum: plan.make_output_vec(),
            scratch: plan.make_scratch_vec(),
            plan,
        }
    }

    /// Power of the frame `samples`, of at least `n_fft` samples, into every `step`-th place of
    /// `power`, as many bins as there are places. `convert` turns a sample into `T`.
    pub(crate) fn compute<S: Copy>(
        &mut self,
        samples: &[S],
        convert: impl Fn(S) -> T,
        power: &mut [T],
        step: usize,
    ) {
        let end = self.offset + self.window.len();
        // The transform leaves rubbish in its input, so the zeros are laid down each time.
        self.frame[..self.offset].fill(T::zero());
        self.frame[end..].fill(T::zero());
        let inside = self.frame[self.offset..end].iter_mut();
        for ((out, &weight), &sample) in inside.zip(&self.window).zip(&samples[self.offset..end]) {
            *out = convert(sample) * weight;
        }
        self.plan
            .process_with_scratch(&mut self.frame, &mut self.spectrum, &mut self.scratch)
            .expect("buffers come from the plan");
        for (power, bin) in power.iter_mut().step_by(step).zip(&self.spectrum) {
            *power = bin.re * bin.re + bin.im * bin.im;
        }
    }
}

/// Hann window of `length` samples: `periodic` (librosa's) or symmetric.
pub(crate) fn hann(length: usize, periodic: bool) -> Vec<f64> {
    let period = if periodic { length } else { length - 1 } as f64;
    (0..length)
        .map(|n| 0.5 - 0.5 * (TAU * n as f64 / period).cos())
        .collect()
}
