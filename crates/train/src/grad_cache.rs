//! Gradient caching: the gradients of a loss that compares a whole batch, from small pieces.
//!
//! In: how to embed one piece, and the loss of all embeddings. Out: exactly the gradients that one
//! large forward and backward pass would give, with the memory of one piece (Gao et al. 2021, arXiv
//! 2101.06983, section 3.2). The alignment of 256 recordings is not the mean of that of 8 times 32,
//! so plain accumulation does not do.

use burn::{
    module::Module,
    optim::GradientsParams,
    tensor::{Device, Tensor},
};

use crate::{
    Error,
    fit::{Loss, Step},
    optimise::add_gradients,
};

/// Gradients of `loss` for all parameters of `net` that `embed` or `loss` use.
///
/// `embed` is called twice for each of the `pieces`, with the device's generator seeded by piece, so
/// that dropout is the same both times; it must not change the network (batch norms with running
/// statistics). It gives any number of matrices `[items, width]`. `loss` sees each of them for the
/// whole batch, in the order of the pieces. A batch of one piece is embedded once and the gradients
/// flow through.
pub fn grad_cache<N: Module>(
    net: &N,
    pieces: usize,
    device: &Device,
    seed: u64,
    embed: impl Fn(&N, usize) -> Result<Vec<Tensor<2>>, Error>,
    loss: impl Fn(&N, &[Tensor<2>]) -> Result<Loss, Error>,
) -> Result<Step, Error> {
    let seed_piece =
        |piece: usize| device.seed(seed ^ (piece as u64 + 1).wrapping_mul(0x2545_f491_4f6c_dd1d));
    if pieces == 1 {
        seed_piece(0);
        let embedded = embed(net, 0)?;
        device.seed(seed);
        return Ok(loss(net, &embedded)?.backward(net));
    }
    let mut columns: Vec<Vec<Tensor<2>>> = Vec::new();
    for piece in 0..pieces {
        seed_piece(piece);
        let embedded = embed(net, piece)?;
        columns.resize_with(embedded.len().max(columns.len()), Vec::new);
        for (column, tensor) in columns.iter_mut().zip(embedded) {
            column.push(tensor.detach());
        }
    }
    let sizes: Vec<usize> = columns
        .first()
        .map(|column| column.iter().map(|t| t.dims()[0]).collect())
        .unwrap_or_default();
    let leaves: Vec<Tensor<2>> = columns
        .into_iter()
        .map(|column| Tensor::cat(column, 0).require_grad())
        .collect();

    device.seed(seed);
    let Loss { total, terms } = loss(net, &leaves)?;
    let value = total.clone().into_scalar::<f32>();
    if !value.is_finite() {
        return Ok(Step {
            gradients: GradientsParams::new(),
            loss: value,
            terms,
        });
    }
    let mut grads = total.backward();
    let cached: Vec<Option<Tensor<2>>> = leaves.iter().map(|leaf| leaf.grad(&grads)).collect();
    let mut gradients = GradientsParams::from_module(&mut grads, net);

    let mut first = 0;
    for (piece, size) in sizes.into_iter().enumerate() {
        seed_piece(piece);
        let mut surrogate: Option<Tensor<1>> = None;
        for (tensor, cached) in embed(net, piece)?.into_iter().zip(&cached) {
            // A matrix that the loss does not use has no gradient.
            let Some(cached) = cached else { continue };
            let part = cached.clone().narrow(0, first, size);
            let part = Tensor::<2>::from_data(part.into_data(), device);
            let term = (tensor * part).sum();
            surrogate = Some(match surrogate {
                Some(sum) => sum + term,
                None => term,
            });
        }
        if let Some(surrogate) = surrogate {
            let piece = GradientsParams::from_module(&mut surrogate.backward(), net);
            gradients = add_gradients(net, gradients, piece);
        }
        first += size;
    }
    Ok(Step {
        gradients,
        loss: value,
        terms,
    })
}
