//! The gradients of the kernels in Burn's graph: each operation keeps what its gradient needs and
//! hands the output gradient to the kernels of [`Gradients`]. Nothing is recomputed, whatever
//! checkpointing strategy is set.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients as Grads;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, TensorMetadata};

use crate::Activation;
use crate::extension::{Gradients, Kernels, Normalised};

#[derive(Debug)]
struct PlaneConv2d;

impl<B: Gradients> Backward<B, 2> for PlaneConv2d {
    /// Input, weight, stride.
    type State = (FloatTensor<B>, FloatTensor<B>, usize);

    fn backward(
        self,
        ops: Ops<Self::State, 2>,
        grads: &mut Grads,
        _checkpointer: &mut Checkpointer,
    ) {
        let grad = grads.consume::<B>(&ops.node);
        let [x_node, weight_node] = ops.parents;
        let (x, weight, stride) = ops.state;
        let shape = x.shape().dims();
        if let Some(node) = weight_node {
            let [_, _, kernel, _] = weight.shape().dims();
            let value = B::plane_conv2d_weight(x, grad.clone(), kernel, stride);
            grads.register::<B>(node.id, value);
        }
        if let Some(node) = x_node {
            let value = B::plane_conv2d_input(grad, weight, shape, stride);
            grads.register::<B>(node.id, value);
        }
    }
}

#[derive(Debug)]
struct MixChannels;

impl<B: Gradients> Backward<B, 2> for MixChannels {
    /// Input, weight.
    type State = (FloatTensor<B>, FloatTensor<B>);

    fn backward(
        self,
        ops: Ops<Self::State, 2>,
        grads: &mut Grads,
        _checkpointer: &mut Checkpointer,
    ) {
        let grad = grads.consume::<B>(&ops.node);
        let [x_node, weight_node] = ops.parents;
        let (x, weight) = ops.state;
        if let Some(node) = weight_node {
            let value = B::mix_channels_weight(x, grad.clone());
            grads.register::<B>(node.id, value);
        }
        if let Some(node) = x_node {
            let value = B::mix_channels_input(grad, weight);
            grads.register::<B>(node.id, value);
        }
    }
}

#[derive(Debug)]
struct Normalise;

impl<B: Gradients> Backward<B, 3> for Normalise {
    type State = Normalised<B>;

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Grads,
        _checkpointer: &mut Checkpointer,
    ) {
        let grad = grads.consume::<B>(&ops.node);
        let values = B::normalise_gradient(ops.state, grad);
        for (node, value) in ops.parents.into_iter().zip(values) {
            if let Some(node) = node {
                grads.register::<B>(node.id, value);
            }
        }
    }
}

#[derive(Debug)]
struct PlaneMeans;

impl<B: Gradients> Backward<B, 1> for PlaneMeans {
    /// Shape of the input.
    type State = [usize; 4];

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Grads,
        _checkpointer: &mut Checkpointer,
    ) {
        let shape = ops.state;
        unary::<B, _>(ops.parents, ops.node, grads, |grad| {
            B::plane_means_input(grad, shape)
        });
    }
}

#[derive(Debug)]
struct ScalePlanes;

impl<B: Gradients> Backward<B, 2> for ScalePlanes {
    /// Input, factors.
    type State = (FloatTensor<B>, FloatTensor<B>);

    fn backward(
        self,
        ops: Ops<Self::State, 2>,
        grads: &mut Grads,
        _checkpointer: &mut Checkpointer,
    ) {
        let grad = grads.consume::<B>(&ops.node);
        let [x_node, gate_node] = ops.parents;
        let (x, gate) = ops.state;
        if let Some(node) = gate_node {
            let value = B::scale_planes_gate(x, grad.clone());
            grads.register::<B>(node.id, value);
        }
        if let Some(node) = x_node {
            grads.register::<B>(node.id, B::scale_planes(grad, gate));
        }
    }
}

impl<B: Gradients, C: CheckpointStrategy> Kernels for Autodiff<B, C> {
    fn plane_conv2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        stride: usize,
    ) -> FloatTensor<Self> {
        let prep = PlaneConv2d
            .prepare::<C>([x.node(), weight.node()])
            .compute_bound()
            .stateful();
        let (x, weight) = (x.into_primitive(), weight.into_primitive());
        let out = B::plane_conv2d(x.clone(), weight.clone(), stride);
        match prep {
            OpsKind::Tracked(prep) => prep.finish((x, weight, stride), out),
            OpsKind::UnTracked(prep) => prep.finish(out),
        }
    }

    fn mix_channels(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        let prep = MixChannels
            .prepare::<C>([x.node(), weight.node()])
            .compute_bound()
            .stateful();
        let (x, weight) = (x.into_primitive(), weight.into_primitive());
        let out = B::mix_channels(x.clone(), weight.clone());
        match prep {
            OpsKind::Tracked(prep) => prep.finish((x, weight), out),
            OpsKind::UnTracked(prep) => prep.finish(out),
        }
    }

    fn moments(x: FloatTensor<Self>) -> FloatTensor<Self> {
        <Self as AutodiffBackend>::from_inner(B::moments(x.into_primitive()))
    }

    fn normalise(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        epsilon: f32,
        activation: Activation,
        batch_statistics: bool,
    ) -> FloatTensor<Self> {
        let prep = Normalise
            .prepare::<C>([x.node(), gamma.node(), beta.node()])
            .compute_bound()
            .stateful();
        let saved = Normalised::<B> {
            x: x.into_primitive(),
            gamma: gamma.into_primitive(),
            beta: beta.into_primitive(),
            moments: moments.into_primitive(),
            epsilon,
            activation,
            batch_statistics,
        };
        let out = B::normalise(
            saved.x.clone(),
            saved.gamma.clone(),
            saved.beta.clone(),
            saved.moments.clone(),
            epsilon,
            activation,
            batch_statistics,
        );
        match prep {
            OpsKind::Tracked(prep) => prep.finish(saved, out),
            OpsKind::UnTracked(prep) => prep.finish(out),
        }
    }

    fn plane_means(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let prep = PlaneMeans
            .prepare::<C>([x.node()])
            .compute_bound()
            .stateful();
        let x = x.into_primitive();
        let shape = x.shape().dims();
        let out = B::plane_means(x);
        match prep {
            OpsKind::Tracked(prep) => prep.finish(shape, out),
            OpsKind::UnTracked(prep) => prep.finish(out),
        }
    }

    fn scale_planes(x: FloatTensor<Self>, gate: FloatTensor<Self>) -> FloatTensor<Self> {
        let prep = ScalePlanes
            .prepare::<C>([x.node(), gate.node()])
            .compute_bound()
            .stateful();
        let (x, gate) = (x.into_primitive(), gate.into_primitive());
        let out = B::scale_planes(x.clone(), gate.clone());
        match prep {
            OpsKind::Tracked(prep) => prep.finish((x, gate), out),
            OpsKind::UnTracked(prep) => prep.finish(out),
        }
    }
}
