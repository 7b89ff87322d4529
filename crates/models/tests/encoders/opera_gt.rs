//! OPERA-GT against a `PyTorch` implementation of its description, on generated weights in the
//! published layout.

use burn::tensor::{Device, Tensor};
use laennec_models::Error;
use laennec_models::encoder::{Encoder, Mode, OperaGt, PatchMask};

use crate::common::{gradient_norms, values};
use crate::weights::{Fixture, signal, uniform};

fn loaded(device: &Device) -> (Fixture, OperaGt) {
    let fixture = Fixture::open("encoder_opera_gt.safetensors");
    let folder = tempfile::tempdir().unwrap();
    let encoder = OperaGt::load(&fixture.weights_file(folder.path()), device).unwrap();
    (fixture, encoder)
}

/// Two clips of the fixture, `[2, 64, 128]`.
fn pair(device: &Device) -> Tensor<3> {
    signal("pair", [2, 128, 64], device).swap_dims(1, 2)
}

/// The fixture's mask, row-major `[2, 512]`, 1 for hidden patches.
fn hidden() -> Vec<f32> {
    let rows = ["first", "second"].map(|name| {
        let keys: Vec<f64> = uniform(name, 512).collect();
        let mut order: Vec<usize> = (0..512).collect();
        order.sort_by(|a, b| keys[*a].total_cmp(&keys[*b]));
        let mut row = vec![1.0; 512];
        for patch in &order[..153] {
            row[*patch] = 0.0;
        }
        row
    });
    rows.concat()
}

#[test]
fn features_equal_pytorch() {
    let device = Device::flex();
    let (fixture, encoder) = loaded(&device);
    assert_eq!((encoder.name(), encoder.dims()), ("opera-gt", 384));
    let clip = signal("clip", [1, 256, 64], &device).swap_dims(1, 2);
    let encoded = encoder.encode(clip, Mode::Infer);
    assert_eq!(encoded.tokens.dims(), [1, 1024, 384]);
    fixture.assert_close("embedding", encoded.embedding, 1e-4);
    let every = (0..16).map(|i| encoded.tokens.clone().narrow(1, 64 * i, 1));
    fixture.assert_close("tokens", Tensor::cat(every.collect(), 1), 1e-4);
    // Frames that fill no patch are left out.
    let short = pair(&device).narrow(2, 0, 67);
    fixture.assert_close(
        "embedding_short",
        encoder.embedding(short, Mode::Infer),
        1e-4,
    );
}

#[test]
fn reconstruction_and_its_gradients_equal_pytorch() {
    let device = Device::flex().autodiff();
    let (fixture, encoder) = loaded(&device);
    let mask = PatchMask::from_hidden(&hidden(), 2).unwrap();
    let predicted = encoder
        .reconstruct(pair(&device), &mask, Mode::Infer)
        .unwrap();
    let every = (0..32).map(|i| predicted.clone().narrow(1, 16 * i, 1));
    fixture.assert_close("predicted", Tensor::cat(every.collect(), 1).inner(), 1e-4);
    let errors = (predicted - OperaGt::patchify(pair(&device))).powi_scalar(2);
    let errors = errors.mean_dim(2).reshape([2, 512]);
    let hidden = mask.hidden(&device);
    let loss = (errors * hidden.clone()).sum() / hidden.sum();
    fixture.assert_close("loss", loss.clone().inner(), 1e-5);
    let norms = gradient_norms(&encoder, loss.backward());
    for (published, ours) in [
        ("cls_token", "class"),
        ("mask_token", "decoder.mask"),
        ("patch_embed.proj.weight", "patches.weight"),
        ("blocks.0.attn.qkv.weight", "blocks.0.projection.weight"),
        ("decoder_embed.weight", "decoder.input.weight"),
        (
            "decoder_blocks.0.attn.tau",
            "decoder.blocks.0.attention.temperature",
        ),
        ("decoder_pred.weight", "decoder.output.weight"),
        (
            "decoder_blocks.1.attn.meta_mlp.fc1.weight",
            "decoder.blocks.1.attention.bias_hidden.weight",
        ),
        (
            "decoder_blocks.15.attn.qkv.weight",
            "decoder.blocks.15.attention.projection.weight",
        ),
    ] {
        let (expected, _) = fixture.tensor(&format!("grad.{published}"));
        let found = norms[ours];
        assert!(
            (found / expected[0] - 1.0).abs() < 1e-3,
            "{ours}: {found} {}",
            expected[0]
        );
    }
    let constant: Vec<_> = norms.iter().filter(|(_, norm)| **norm == 0.0).collect();
    assert_eq!(constant.len(), 2, "{constant:?}");
    assert!(constant.iter().all(|(name, _)| name.ends_with("positions")));
}

#[test]
fn masks_hide_the_same_number_in_each_clip() {
    let mask = PatchMask::from_hidden(&hidden(), 2).unwrap();
    assert_eq!(mask.dims(), [2, 512]);
    assert_eq!(values(mask.hidden(&Device::flex())), hidden());
    for (mask, batch) in [
        (&[0.0, 1.0, 1.0, 1.0][..], 2),
        (&[1.0, 1.0], 1),
        (&[0.0, 1.0, 0.0], 2),
        (&[0.0], 0),
        (&[], 1),
    ] {
        assert!(PatchMask::from_hidden(mask, batch).is_none(), "{mask:?}");
    }
}

#[test]
fn features_that_do_not_fit_are_refused() {
    let device = Device::flex();
    let encoder = OperaGt::init(1, &device);
    let clip = |frames| Tensor::zeros([1, 64, frames], &device);
    assert!(encoder.check(&clip(257)).is_err());
    assert!(encoder.check(&clip(3)).is_err());
    let mask = |patches| {
        let mut hidden = vec![1.0; patches];
        hidden[7] = 0.0;
        PatchMask::from_hidden(&hidden, 1).unwrap()
    };
    let predicted = encoder.reconstruct(clip(64), &mask(256), Mode::Train);
    assert_eq!(predicted.unwrap().dims(), [1, 256, 16]);
    for (frames, mask) in [(128, mask(256)), (32, mask(128))] {
        let error = encoder
            .reconstruct(clip(frames), &mask, Mode::Train)
            .unwrap_err();
        assert!(matches!(error, Error::Features { .. }));
    }
}
