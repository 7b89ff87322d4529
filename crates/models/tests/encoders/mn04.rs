//! mn04 through the trait: what the network itself gives, and gradients through [`AnyEncoder`].

use burn::tensor::{Device, Tensor, TensorData};
use laennec_audio::{LogMelConfig, Mel};
use laennec_models::Error;
use laennec_models::encoder::{AnyEncoder, Encoder, FrontEnd, Mn04, Mode, batch_of};
use laennec_models::mobilenet::MobileNetV3;

use crate::common::{reached, values};

fn features(device: &Device) -> Tensor<3> {
    let values: Vec<f32> = (0..2 * 128 * 90).map(|i| (i as f32 * 0.37).sin()).collect();
    Tensor::from_data(TensorData::new(values, [2, 128, 90]), device)
}

#[test]
fn gives_what_the_network_gives() {
    let device = Device::flex();
    let network = MobileNetV3::init(3, &device);
    let map = network.feature_map(features(&device).unsqueeze_dim(1), Mode::Infer);
    let (_, expected) = network.classify(map);
    let encoder: AnyEncoder = Mn04::new(network, LogMelConfig::lung_8k()).into();
    assert_eq!((encoder.name(), encoder.dims()), ("mn04", 384));
    assert!(matches!(encoder.front_end(), FrontEnd::Efficientat(c) if c.rate == 8000));
    let encoded = encoder.encode(features(&device), Mode::Infer);
    assert_eq!(values(encoded.embedding), values(expected.clone()));
    assert_eq!(encoded.tokens.dims(), [2, 3, 384]);
    let mean = values(encoded.tokens.mean_dim(1).reshape([2, 384]));
    for (token, embedding) in mean.iter().zip(values(expected)) {
        assert!((token - embedding).abs() < 1e-5, "{token} {embedding}");
    }
}

#[test]
fn gradients_reach_the_weights_through_any_encoder() {
    let device = Device::flex().autodiff();
    let encoder: AnyEncoder =
        Mn04::new(MobileNetV3::init(3, &device), LogMelConfig::lung_8k()).into();
    let loss = encoder
        .embedding(features(&device), Mode::Train)
        .powi_scalar(2)
        .mean();
    let (with, without) = reached(&encoder, loss.backward());
    assert!(with.len() > 100, "{with:?}");
    // The AudioSet classifier and the running statistics have no part in it.
    let trained = |name: &&String| !name.contains("running") && name.contains(".network.");
    let left: Vec<_> = without.iter().filter(trained).collect();
    assert!(
        left.iter()
            .all(|n| n.contains("network.hidden") || n.contains("network.output")),
        "{left:?}"
    );
}

#[test]
fn clips_of_different_length_are_no_batch() {
    let mel = |frames| Mel {
        values: vec![0.0; 4 * frames],
        bands: 4,
        frames,
    };
    let device = Device::flex();
    assert_eq!(
        batch_of(&[mel(3), mel(3)], &device).unwrap().dims(),
        [2, 4, 3]
    );
    let error = batch_of(&[mel(3), mel(2)], &device).unwrap_err();
    assert!(matches!(error, Error::Features { found, .. } if found == [4, 2]));
    assert!(batch_of(&[], &device).is_err());
}
