//! Frames of samples to power spectra, and the windows for it. Nothing is allocated per frame.

#![expect(
    clippy::inline_always,
    reason = "what is inlined into `dispatch` is compiled for the processor's vector instructions"
)]

use std::f64::consts::TAU;
use std::sync::Arc;

use pulp::{Arch, Simd, WithSimd};
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftNum, FftPlanner};

/// The power spectrum of one windowed frame, with its plan and buffers.
///
/// Even samples become the real, odd ones the imaginary parts of a complex transform of half the
/// length, whose bins `k` and `n_fft / 2 - k` hold the wanted bins `k` and `n_fft / 2 - k`
/// (W. H. Press et al., Numerical Recipes, section 12.3.2). Their powers are taken at once.
pub(crate) struct PowerSpectrum<T: FftNum> {
    arch: Arch,
    plan: Arc<dyn Fft<T>>,
    /// Half the window, because the separation of the bins doubles; zeros around it.
    window: Vec<T>,
    /// `exp(-2 pi i k / n_fft)`.
    twiddles: Vec<Complex<T>>,
    /// The frame, then its half transform and once more the first bin.
    bins: Vec<Complex<T>>,
    scratch: Vec<Complex<T>>,
}

impl<T: FftNum> PowerSpectrum<T> {
    /// A transform of `n_fft` (even) samples; a shorter window starts at `offset` with zeros
    /// around it.
    pub(crate) fn new(n_fft: usize, window: &[f64], offset: usize) -> Self {
        let half = n_fft / 2;
        let number = |x: f64| T::from_f64(x).expect("floating point numbers convert");
        let plan = FftPlanner::<T>::new().plan_fft_forward(half);
        let mut whole = vec![T::zero(); n_fft];
        for (out, &weight) in whole[offset..].iter_mut().zip(window) {
            *out = number(0.5 * weight);
        }
        let twiddle = |k: usize| {
            let (sine, cosine) = (TAU * k as f64 / n_fft as f64).sin_cos();
            Complex::new(number(cosine), number(-sine))
        };
        Self {
            arch: Arch::new(),
            window: whole,
            twiddles: (0..=half / 2).map(twiddle).collect(),
            bins: vec![Complex::new(T::zero(), T::zero()); half + 1],
            scratch: vec![Complex::new(T::zero(), T::zero()); plan.get_inplace_scratch_len()],
            plan,
        }
    }

    /// Number of bins, `n_fft / 2 + 1`.
    pub(crate) fn bins(&self) -> usize {
        self.bins.len()
    }

    /// Power `[bins]` of the frame `samples`, of at least `n_fft` samples. `convert` turns a sample
    /// into `T`.
    pub(crate) fn compute<S: Copy>(
        &mut self,
        samples: &[S],
        convert: impl Fn(S) -> T,
        power: &mut [T],
    ) {
        let half = self.window.len() / 2;
        self.arch.dispatch(Windowed {
            samples,
            window: &self.window,
            convert,
            out: &mut self.bins[..half],
        });
        self.plan
            .process_with_scratch(&mut self.bins[..half], &mut self.scratch);
        self.bins[half] = self.bins[0];
        self.arch.dispatch(Powers {
            bins: &self.bins,
            twiddles: &self.twiddles,
            power,
        });
    }
}

/// Pairs of windowed samples as complex numbers.
struct Windowed<'a, S, T, F> {
    samples: &'a [S],
    window: &'a [T],
    convert: F,
    out: &'a mut [Complex<T>],
}

impl<S: Copy, T: FftNum, F: Fn(S) -> T> WithSimd for Windowed<'_, S, T, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<V: Simd>(self, _: V) {
        let (samples, _) = self.samples.as_chunks::<2>();
        let (window, _) = self.window.as_chunks::<2>();
        for ((out, sample), weight) in self.out.iter_mut().zip(samples).zip(window) {
            out.re = (self.convert)(sample[0]) * weight[0];
            out.im = (self.convert)(sample[1]) * weight[1];
        }
    }
}

/// Powers of the real signal's bins from the half transform `bins`, from both ends to the middle.
struct Powers<'a, T> {
    bins: &'a [Complex<T>],
    twiddles: &'a [Complex<T>],
    power: &'a mut [T],
}

impl<T: FftNum> WithSimd for Powers<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<V: Simd>(self, _: V) {
        // Slices of one length, so that the loop has no checks and becomes vector instructions.
        let half = self.bins.len() - 1;
        let pairs = half.div_ceil(2);
        let (front, back) = (&self.bins[..pairs], &self.bins[half + 1 - pairs..]);
        let twiddles = &self.twiddles[..pairs];
        let (low, rest) = self.power.split_at_mut(pairs);
        let (middle, high) = rest.split_at_mut(half + 1 - 2 * pairs);
        for k in 0..pairs {
            (low[k], high[pairs - 1 - k]) = pair(front[k], back[pairs - 1 - k], twiddles[k]);
        }
        if let [middle] = middle {
            let bin = self.bins[pairs];
            (*middle, _) = pair(bin, bin, self.twiddles[pairs]);
        }
    }
}

/// Powers of bins `k` and `half - k` from the half transform's bins `a = k` and `b = half - k`.
#[inline(always)]
fn pair<T: FftNum>(a: Complex<T>, b: Complex<T>, twiddle: Complex<T>) -> (T, T) {
    // Transforms of the even and the odd samples, twice each; the odd ones turned into place.
    let even = Complex::new(a.re + b.re, a.im - b.im);
    let odd = Complex::new(a.im + b.im, b.re - a.re);
    let re = twiddle.re * odd.re - twiddle.im * odd.im;
    let im = twiddle.re * odd.im + twiddle.im * odd.re;
    let (low_re, low_im) = (even.re + re, even.im + im);
    let (high_re, high_im) = (even.re - re, even.im - im);
    (
        low_re * low_re + low_im * low_im,
        high_re * high_re + high_im * high_im,
    )
}

/// Hann window of `length` samples: `periodic` (librosa's) or symmetric.
pub(crate) fn hann(length: usize, periodic: bool) -> Vec<f64> {
    let period = if periodic { length } else { length - 1 } as f64;
    (0..length)
        .map(|n| 0.5 - 0.5 * (TAU * n as f64 / period).cos())
        .collect()
}
