//! What the encoder tests share: tensors to values, and which parameters a gradient reached.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Gradients, Tensor};

/// The values in row-major order.
pub(crate) fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

/// Names of the parameters of `module` that have a gradient which is not zero throughout, and of
/// those that have none.
pub(crate) fn reached<M: Module>(module: &M, gradients: Gradients) -> (Vec<String>, Vec<String>) {
    let norms = gradient_norms(module, gradients).into_iter();
    let (with, without): (Vec<_>, Vec<_>) = norms.partition(|(_, norm)| *norm > 0.0);
    let names = |list: Vec<(String, f32)>| list.into_iter().map(|(name, _)| name).collect();
    (names(with), names(without))
}

/// The Euclidean norm of each parameter's gradient; 0 for those that have none.
pub(crate) fn gradient_norms<M: Module>(module: &M, gradients: Gradients) -> BTreeMap<String, f32> {
    let mut visitor = Visitor {
        gradients,
        path: Vec::new(),
        norms: BTreeMap::new(),
    };
    module.visit(&mut visitor);
    visitor.norms
}

struct Visitor {
    gradients: Gradients,
    path: Vec<String>,
    norms: BTreeMap<String, f32>,
}

impl ModuleVisitor for Visitor {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let name = self.path.join(".");
        let norm = param.val().grad(&self.gradients).map_or(0.0, |gradient| {
            let values: Vec<f32> = gradient.into_data().try_into_vec().unwrap();
            values.iter().map(|v| v * v).sum::<f32>().sqrt()
        });
        assert!(norm.is_finite(), "{name}");
        self.norms.insert(name, norm);
    }
}
