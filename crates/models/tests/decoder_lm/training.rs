//! The decoder learns: all its weights have gradients, and a short text is soon known by heart.

use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor, TensorData};
use laennec_models::llama::Llama;

use crate::tiny;

/// The embedding, the last norm, and per block two norms and seven matrices.
const PARAMETERS: usize = 2 + tiny::LAYERS * 9;

#[test]
fn a_text_is_learnt_by_heart() {
    let device = Device::flex().autodiff();
    let mut model = Llama::from_gguf(&mut tiny::open(tiny::bytes(3)), &device).unwrap();
    let ids: Vec<i64> = (0..16).map(|i| (i * i * 7 + 3) % 200).collect();
    let tokens = |ids: &[i64]| {
        Tensor::<2, Int>::from_data(TensorData::new(ids.to_vec(), [1, ids.len()]), &device)
    };
    let (seen, next) = (tokens(&ids[..15]), tokens(&ids[1..]));
    let mut optimiser = AdamWConfig::new().init();
    let mut losses = Vec::new();
    for _ in 0..40 {
        let hidden = model
            .forward_embeddings(model.embed(seen.clone()), None)
            .unwrap();
        let targets = next.clone().reshape([1, 15, 1]);
        let loss = -log_softmax(model.logits(hidden), 2)
            .gather(2, targets)
            .mean();
        losses.push(loss.clone().into_scalar::<f32>());
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        assert_eq!(gradients.len(), PARAMETERS);
        model = optimiser.step(0.02, model, gradients);
    }
    assert!(losses[0] > 3.0 && losses[39] < 0.05, "{losses:?}");
}
