//! Centred kernel alignment between two sets of embeddings of the same samples.
//!
//! In: `x` `[samples, p]` and `y` `[samples, q]`, row `i` of both from sample `i`. Out: a similarity
//! `[1]`; training minimises `1 - similarity`. Both forms compare which samples are close to which,
//! so they see whether the rows are paired rightly, unlike [`covariance_cka`](super::covariance_cka).

use burn::tensor::Tensor;

use super::{EPSILON, centred, root};

/// Linear CKA in `[0, 1]` (Kornblith et al. 2019, arXiv 1905.00414, eq. 1 with linear kernels):
/// `⟨K, L⟩ / (‖K‖ ‖L‖)` with the Gram matrices `K = X Xᵀ` and `L = Y Yᵀ` of the centred samples.
///
/// It is biased upwards where there are few samples for the width; [`debiased_cka`] is not.
pub fn linear_cka(x: Tensor<2>, y: Tensor<2>) -> Tensor<1> {
    let gram = |x: Tensor<2>| {
        let x = centred(x);
        x.clone().matmul(x.transpose())
    };
    let (k, l) = (gram(x), gram(y));
    let norm = |m: Tensor<2>| root(m.square().sum());
    (k.clone() * l.clone()).sum() / (norm(k) * norm(l) + EPSILON)
}

/// Linear CKA from the unbiased estimator of HSIC (Song et al. 2012, JMLR 13, eq. 5; used for CKA by
/// Nguyen et al. 2021, arXiv 2010.15327, eq. 3). Its expectation is 0 for independent samples, and
/// single values may be below 0.
///
/// At least four samples are needed; with fewer the result is not a number.
pub fn debiased_cka(x: Tensor<2>, y: Tensor<2>) -> Tensor<1> {
    let [n, _] = x.dims();
    let device = x.device();
    let off_diagonal = Tensor::<2>::eye(n, &device).neg().add_scalar(1.0);
    // Centring changes no HSIC, but keeps the sums small against f32's precision.
    let gram = |x: Tensor<2>| {
        let x = centred(x);
        x.clone().matmul(x.transpose()) * off_diagonal.clone()
    };
    let (k, l) = (gram(x), gram(y));
    let cross = hsic(&k, &l);
    let norms = hsic(&k, &k) * hsic(&l, &l);
    cross / norms.clamp_min(EPSILON).sqrt()
}

/// Unbiased HSIC of two Gram matrices whose diagonals are zero.
fn hsic(k: &Tensor<2>, l: &Tensor<2>) -> Tensor<1> {
    let n = k.dims()[0] as f64;
    let trace = (k.clone() * l.clone()).sum();
    let sums = k.clone().sum() * l.clone().sum() / ((n - 1.0) * (n - 2.0));
    let rows = (k.clone().sum_dim(0) * l.clone().sum_dim(0)).sum() * (2.0 / (n - 2.0));
    (trace + sums - rows) / (n * (n - 3.0))
}
