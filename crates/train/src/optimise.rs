//! One optimisation step: gradients clipped by their global norm, `AdamW`, moving average.
//!
//! In: a loss and a module. Out: the updated module and its exponential moving average.

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param, ParamGroup},
    optim::{AdamWConfig, GradientsParams, ModuleOptimizer},
    tensor::Tensor,
};
use serde::{Deserialize, Serialize};

/// `AdamW` (Loshchilov and Hutter 2019) and what surrounds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptimiserConfig {
    /// Peak learning rate of the encoder.
    pub learning_rate: f64,
    /// Peak learning rate of the heads.
    pub head_learning_rate: f64,
    /// Decoupled weight decay.
    pub weight_decay: f32,
    /// Largest global gradient norm; larger gradients are scaled down to it.
    pub clip_norm: f32,
    /// Decay of the exponential moving average of the weights.
    pub average_decay: f32,
}

impl OptimiserConfig {
    /// The optimiser, without state.
    pub fn init(&self) -> ModuleOptimizer {
        AdamWConfig::new()
            .with_epsilon(1e-8)
            .with_weight_decay(self.weight_decay)
            .init()
    }

    /// The parameters that learn at [`Self::head_learning_rate`]: all outside the encoder.
    pub fn heads() -> ParamGroup {
        ParamGroup::all().exclude(ParamGroup::from_predicate("backbone"))
    }
}

/// The sum of two sets of gradients for `module`; a parameter may have a gradient in one only.
pub fn add_gradients<M: Module>(
    module: &M,
    first: GradientsParams,
    second: GradientsParams,
) -> GradientsParams {
    let mut sum = Sum {
        first,
        second,
        to: GradientsParams::new(),
    };
    module.visit(&mut sum);
    sum.to
}

struct Sum {
    first: GradientsParams,
    second: GradientsParams,
    to: GradientsParams,
}

impl ModuleVisitor for Sum {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let pair = (
            self.first.remove::<D>(param.id),
            self.second.remove::<D>(param.id),
        );
        let sum = match pair {
            (Some(first), Some(second)) => first + second,
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => return,
        };
        self.to.register(param.id, sum);
    }
}

/// Scales all gradients so that their common L2 norm is at most `max_norm` (Pascanu et al. 2013);
/// returns the scaled gradients and the norm before. Burn's own clipping is per parameter.
pub fn clip_global_norm<M: Module>(
    module: &M,
    grads: GradientsParams,
    max_norm: f32,
) -> (GradientsParams, f32) {
    let mut norm = SquaredNorm {
        grads: &grads,
        sum: 0.0,
    };
    module.visit(&mut norm);
    let total = norm.sum.sqrt() as f32;
    if !total.is_finite() || total <= max_norm {
        return (grads, total);
    }
    let mut scaled = Scale {
        factor: max_norm / total,
        from: grads,
        to: GradientsParams::new(),
    };
    module.visit(&mut scaled);
    (scaled.to, total)
}

struct SquaredNorm<'a> {
    grads: &'a GradientsParams,
    sum: f64,
}

impl ModuleVisitor for SquaredNorm<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(grad) = self.grads.get::<D>(param.id) {
            self.sum += f64::from(grad.square().sum().into_scalar::<f32>());
        }
    }
}

struct Scale {
    factor: f32,
    from: GradientsParams,
    to: GradientsParams,
}

impl ModuleVisitor for Scale {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(grad) = self.from.remove::<D>(param.id) {
            self.to.register(param.id, grad.mul_scalar(self.factor));
        }
    }
}

/// `average = decay * average + (1 - decay) * current`, parameter by parameter in visiting order;
/// running statistics of normalisation layers are averaged too. Both must be copies of one module.
pub fn update_average<M: Module>(average: M, current: &M, decay: f32) -> M {
    let mut values = Values(Vec::new());
    current.visit(&mut values);
    average.map(&mut Blend {
        decay,
        values: values.0.into_iter(),
    })
}

struct Values(Vec<Tensor<1>>);

impl ModuleVisitor for Values {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = param.val();
        let count = value.shape().num_elements();
        self.0.push(value.without_autodiff().reshape([count]));
    }
}

struct Blend {
    decay: f32,
    values: std::vec::IntoIter<Tensor<1>>,
}

impl ModuleMapper for Blend {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let current = self
            .values
            .next()
            .expect("the average is a copy of the module, so it has as many parameters");
        param.map(|old| {
            let dims = old.dims();
            old.mul_scalar(self.decay) + current.reshape(dims).mul_scalar(1.0 - self.decay)
        })
    }
}
