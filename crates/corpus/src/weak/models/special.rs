//! A positive number comes in; the logarithm of the gamma function and its derivative go out, in
//! double precision. Both shift the argument above 15 and use Stirling's series there (Abramowitz &
//! Stegun 6.1.41 and 6.3.18).

/// Where the series are good to 1e-15.
const LARGE: f64 = 15.0;

/// `ln Γ(x)` for x > 0.
pub(super) fn ln_gamma(mut x: f64) -> f64 {
    let mut product = 1.0;
    let mut shift = 0.0;
    while x < LARGE {
        product *= x;
        // The product of fifteen factors from 1e-300 would underflow.
        if product < 1e-200 {
            shift += product.ln();
            product = 1.0;
        }
        x += 1.0;
    }
    shift += product.ln();
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series = inverse
        * (1.0 / 12.0
            - square
                * (1.0 / 360.0
                    - square * (1.0 / 1260.0 - square * (1.0 / 1680.0 - square / 1188.0))));
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - shift
}

/// `ψ(x) = d ln Γ(x) / dx` for x > 0.
pub(super) fn digamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < LARGE {
        shift += 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = square
        * (1.0 / 12.0
            - square
                * (1.0 / 120.0 - square * (1.0 / 252.0 - square * (1.0 / 240.0 - square / 132.0))));
    x.ln() - 0.5 / x - series - shift
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `math.lgamma` of Python and `scipy.special.digamma`.
    const KNOWN: [(f64, f64, f64); 6] = [
        (1e-3, 6.907_178_885_383_854, -1_000.575_571_931_810_3),
        (0.5, 0.572_364_942_924_700_1, -1.963_510_026_021_423_5),
        (1.0, 0.0, -0.577_215_664_901_532_9),
        (3.7, 1.428_072_326_665_388, 1.167_153_539_361_511_3),
        (14.999, 25.188_546_870_546_93, 2.674_277_721_057_536),
        (1234.5, 7_550.550_901_077_896, 7.118_016_231_827_998_5),
    ];

    #[test]
    fn both_agree_with_python() {
        for (x, log, derivative) in KNOWN {
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-13 * (1.0 + b.abs());
            assert!(close(ln_gamma(x), log), "{x}: {} {log}", ln_gamma(x));
            assert!(
                close(digamma(x), derivative),
                "{x}: {} {derivative}",
                digamma(x)
            );
        }
    }
}
