//! What the encoder tests share: tensors to values, and which parameters a gradient reached.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Gradients, Tensor};

/// The values in row-major order.
pub fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

/// Names of the parameters of `module` that have a gradient which is not zero throughout, and of
/// those that have none.
pub fn reached<M: Module>(module: &M, gradients: Gradients) -> (Vec<String>, Vec<String>) {
    let mut visitor = Visitor {
        gradients,
        path: Vec::new(),
        with: Vec::new(),
        without: Vec::new(),
    };
    module.visit(&mut visitor);
    (visitor.with, visitor.without)
}

struct Visitor {
    gradients: Gradients,
    path: Vec<String>,
    with: Vec<String>,
    without: Vec<String>,
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
        let gradient = param.val().grad(&self.gradients);
        let flows = gradient.is_some_and(|gradient| {
            let values: Vec<f32> = gradient.into_data().try_into_vec().unwrap();
            assert!(values.iter().all(|v| v.is_finite()), "{name}");
            values.iter().any(|v| *v != 0.0)
        });
        if flows {
            self.with.push(name);
        } else {
            self.without.push(name);
        }
    }
}
