//! The activation functions on vectors: values in, values or gradients out.

use pulp::Simd;

use crate::Activation;

/// An activation function on vectors.
pub(super) trait Function: Copy + Send + Sync {
    fn value<S: Simd>(simd: S, z: S::f32s) -> S::f32s;
    /// The gradient before the function from the one after it.
    fn backward<S: Simd>(simd: S, z: S::f32s, grad: S::f32s) -> S::f32s;
}

#[derive(Clone, Copy)]
pub(super) struct Identity;
#[derive(Clone, Copy)]
pub(super) struct Relu;
#[derive(Clone, Copy)]
pub(super) struct Hardswish;

impl Function for Identity {
    #[inline(always)]
    fn value<S: Simd>(_: S, z: S::f32s) -> S::f32s {
        z
    }

    #[inline(always)]
    fn backward<S: Simd>(_: S, _: S::f32s, grad: S::f32s) -> S::f32s {
        grad
    }
}

impl Function for Relu {
    #[inline(always)]
    fn value<S: Simd>(simd: S, z: S::f32s) -> S::f32s {
        simd.max_f32s(z, simd.splat_f32s(0.0))
    }

    #[inline(always)]
    fn backward<S: Simd>(simd: S, z: S::f32s, grad: S::f32s) -> S::f32s {
        let zero = simd.splat_f32s(0.0);
        simd.select_f32s(simd.greater_than_f32s(z, zero), grad, zero)
    }
}

impl Function for Hardswish {
    #[inline(always)]
    fn value<S: Simd>(simd: S, z: S::f32s) -> S::f32s {
        let sixth = simd.splat_f32s(1.0 / 6.0);
        let open = simd.mul_add_e_f32s(z, sixth, simd.splat_f32s(0.5));
        let gate = simd.min_f32s(
            simd.max_f32s(open, simd.splat_f32s(0.0)),
            simd.splat_f32s(1.0),
        );
        simd.mul_f32s(z, gate)
    }

    #[inline(always)]
    fn backward<S: Simd>(simd: S, z: S::f32s, grad: S::f32s) -> S::f32s {
        let third = simd.splat_f32s(1.0 / 3.0);
        let slope = simd.mul_add_e_f32s(z, third, simd.splat_f32s(0.5));
        let above = simd.greater_than_f32s(z, simd.splat_f32s(3.0));
        let slope = simd.select_f32s(above, simd.splat_f32s(1.0), slope);
        let below = simd.less_than_f32s(z, simd.splat_f32s(-3.0));
        let slope = simd.select_f32s(below, simd.splat_f32s(0.0), slope);
        simd.mul_f32s(grad, slope)
    }
}

/// What happens to the sums of a convolution: `shift` `[channels]` is added (nothing where it is
/// empty), then the activation applied.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Finish<'a> {
    pub(crate) shift: &'a [f32],
    pub(crate) activation: Activation,
}

impl Finish<'_> {
    /// The sums as they are.
    pub(crate) const NONE: Self = Self {
        shift: &[],
        activation: Activation::Identity,
    };
}
