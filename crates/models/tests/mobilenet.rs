//! mn04 against EfficientAT's own outputs for three real recordings, and its training step against
//! `PyTorch`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

use std::path::{Path, PathBuf};

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Gradients, Tensor, TensorData};
use laennec_models::Error;
use laennec_models::mobilenet::{MobileNetV3, Mode, Precision};
use safetensors::SafeTensors;

/// Folder of the model files, or `None` (with a notice) where it is not set.
fn models() -> Option<PathBuf> {
    let folder = std::env::var_os("LAENNEC_MODELS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: LAENNEC_MODELS is not set");
    }
    folder
}

fn values_of(file: &SafeTensors, name: &str) -> (Vec<f32>, Vec<usize>) {
    let view = file.tensor(name).unwrap();
    let values = view
        .data()
        .chunks_exact(4)
        .map(|b| f32::from_le_bytes(b.try_into().unwrap()))
        .collect();
    (values, view.shape().to_vec())
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max)
}

fn assert_golden(model: &MobileNetV3, device: &Device, tolerance: f32) {
    let folder = models().unwrap();
    let bytes = std::fs::read(folder.join("mn04_golden.safetensors")).unwrap();
    let golden = SafeTensors::deserialize(&bytes).unwrap();
    for clip in ["cough", "lung", "heart"] {
        let (mel, shape) = values_of(&golden, &format!("{clip}.mel"));
        let mel = TensorData::new(mel, [1, 1, shape[0], shape[1]]);
        let map = model.feature_map(Tensor::from_data(mel, device), Mode::Infer);
        assert_eq!(map.dims()[..3], [1, 384, 4]);
        let (logits, embedding) = model.classify(map);
        for (name, found) in [("logits", logits), ("embedding", embedding)] {
            let (expected, _) = values_of(&golden, &format!("{clip}.{name}"));
            let found = found.into_data().try_into_vec::<f32>().unwrap();
            let difference = largest_difference(&found, &expected);
            assert!(difference < tolerance, "{clip} {name}: {difference}");
        }
    }
}

#[test]
fn equals_efficientat() {
    let Some(folder) = models() else { return };
    let device = Device::flex();
    let model = MobileNetV3::load(&folder.join("mn04_as.safetensors"), &device).unwrap();
    assert_golden(&model, &device, 1e-4);
}

#[test]
fn saved_weights_load_again() {
    let Some(folder) = models() else { return };
    let device = Device::flex();
    let path = folder.join("mn04_as.safetensors");
    let model = MobileNetV3::load(&path, &device).unwrap();
    for (precision, tolerance) in [(Precision::F32, 1e-4), (Precision::F16, 0.1)] {
        let bytes = model
            .to_safetensors(precision, &[("licence", "MIT")])
            .unwrap();
        let again = MobileNetV3::from_safetensors(&bytes, &path, &device).unwrap();
        assert_golden(&again, &device, tolerance);
    }
}

#[test]
fn number_of_parameters() {
    let Some(folder) = models() else { return };
    let device = Device::flex();
    let model = MobileNetV3::load(&folder.join("mn04_as.safetensors"), &device).unwrap();
    let bytes = std::fs::read(folder.join("mn04_as.safetensors")).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let expected: usize = file
        .iter()
        .filter(|(name, _)| !name.contains("running_") && !name.contains("num_batches"))
        .map(|(_, view)| view.shape().iter().product::<usize>())
        .sum();
    assert_eq!(model.parameters(), expected);
    assert_eq!(MobileNetV3::init(1, &device).parameters(), expected);
}

#[test]
fn wrong_files_are_named() {
    let device = Device::flex();
    let missing = MobileNetV3::load(Path::new("no/such/file"), &device);
    assert!(matches!(missing, Err(Error::Read { path, .. }) if path == Path::new("no/such/file")));
    let path = Path::new("short.safetensors");
    let broken = MobileNetV3::from_safetensors(b"nothing", path, &device);
    assert!(matches!(broken, Err(Error::Safetensors { .. })));
    let empty = safetensors::serialize(
        Vec::<(String, safetensors::tensor::TensorView)>::new(),
        None,
    );
    let empty = MobileNetV3::from_safetensors(&empty.unwrap(), path, &device);
    assert!(
        matches!(empty, Err(Error::MissingTensor { name, .. }) if name == "features.0.0.weight")
    );
    let bytes = vec![0u8; 4 * 8];
    let view = safetensors::tensor::TensorView::new(safetensors::Dtype::F32, vec![8], &bytes);
    let bytes = safetensors::serialize([("features.0.0.weight", view.unwrap())], None).unwrap();
    let flat = MobileNetV3::from_safetensors(&bytes, path, &device);
    assert!(matches!(flat, Err(Error::TensorShape { found, .. }) if found == [8]));
}

/// Puts the gradient of each parameter in its place, so that gradients can be exported by name.
struct Replace(Gradients);

impl ModuleMapper for Replace {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, value, mapper) = param.consume();
        let value = match value.grad(&self.0) {
            Some(grad) => Tensor::from_inner(grad),
            None => value,
        };
        Param::from_mapped_value(id, value, mapper)
    }
}

/// One forward and backward pass in training mode of the loss mean(map²): the loss, safetensors of
/// the gradients, safetensors of the model afterwards.
fn training_step(model: &MobileNetV3, mel: Tensor<4>) -> (f32, Vec<u8>, Vec<u8>) {
    let loss = model.feature_map(mel, Mode::Train).powi_scalar(2).mean();
    let value = loss.clone().into_scalar::<f32>();
    let grads = loss.backward();
    let after = model.to_safetensors(Precision::F32, &[]).unwrap();
    let grads = model.clone().map(&mut Replace(grads));
    (
        value,
        grads.to_safetensors(Precision::F32, &[]).unwrap(),
        after,
    )
}

#[test]
fn training_step_equals_pytorch() {
    let Some(folder) = models() else { return };
    let device = Device::flex().autodiff();
    let path = folder.join("mn04_as.safetensors");
    let model = MobileNetV3::load(&path, &device).unwrap();
    let bytes = include_bytes!("fixtures/mobilenet_step.safetensors");
    let expected = SafeTensors::deserialize(bytes).unwrap();
    let mel = expected.tensor("mel").unwrap();
    let halves = mel.data().chunks_exact(2);
    let values: Vec<f32> = halves
        .map(|b| half::f16::from_le_bytes(b.try_into().unwrap()).to_f32())
        .collect();
    let mel = Tensor::from_data(TensorData::new(values, mel.shape().to_vec()), &device);
    let (loss, grads, after) = training_step(&model, mel);
    let loss_bytes = expected.tensor("loss").unwrap().data().try_into().unwrap();
    let wanted = f64::from_le_bytes(loss_bytes);
    assert!(
        (f64::from(loss) / wanted - 1.0).abs() < 1e-4,
        "{loss} {wanted}"
    );
    let grads = SafeTensors::deserialize(&grads).unwrap();
    let after = SafeTensors::deserialize(&after).unwrap();
    let mut compared = [0; 3];
    for name in expected.names() {
        if let Some(parameter) = name.strip_prefix("sum.") {
            let (found, _) = values_of(&grads, parameter);
            let norm = found.iter().map(|x| x * x).sum::<f32>().sqrt();
            let (wanted, _) = values_of(&expected, name);
            // Biases before a batch norm have no gradient but rounding errors.
            let allowed = 2e-3 * wanted[1] + 1e-6;
            assert!(
                (norm - wanted[1]).abs() < allowed,
                "norm of {parameter}: {norm}, {}",
                wanted[1]
            );
            let sum: f32 = found.iter().sum();
            let allowed = allowed * (found.len() as f32).sqrt();
            assert!((sum - wanted[0]).abs() < allowed, "sum of {parameter}");
            compared[0] += 1;
        } else if let Some(parameter) = name.strip_prefix("grad.") {
            let (found, wanted) = (values_of(&grads, parameter).0, values_of(&expected, name).0);
            let scale = wanted.iter().fold(0.0f32, |max, x| max.max(x.abs()));
            let difference = largest_difference(&found, &wanted);
            assert!(
                difference < 2e-3 * scale,
                "{parameter}: {difference} of {scale}"
            );
            compared[1] += 1;
        } else if let Some(statistic) = name.strip_prefix("after.") {
            let (found, wanted) = (values_of(&after, statistic).0, values_of(&expected, name).0);
            let scale = wanted.iter().fold(1.0f32, |max, x| max.max(x.abs()));
            let difference = largest_difference(&found, &wanted);
            assert!(
                difference < 1e-5 * scale,
                "{statistic}: {difference} of {scale}"
            );
            compared[2] += 1;
        }
    }
    assert_eq!(compared, [170, 4, 92]);
}

#[test]
fn threads_do_not_change_a_bit() {
    let device = Device::flex().autodiff();
    let model = MobileNetV3::init(5, &device);
    let start = model.to_safetensors(Precision::F32, &[]).unwrap();
    let mel: Vec<f32> = (0..5 * 128 * 90).map(|i| (i as f32 * 0.37).sin()).collect();
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| {
            let model =
                MobileNetV3::from_safetensors(&start, Path::new("memory"), &device).unwrap();
            let mel = Tensor::from_data(TensorData::new(mel.clone(), [5, 1, 128, 90]), &device);
            training_step(&model, mel)
        })
    };
    let (one, two) = (run(1), run(2));
    assert_eq!(one.0.to_bits(), two.0.to_bits());
    assert!(one.1 == two.1, "gradients");
    assert!(one.2 == two.2, "running statistics");
    assert!(one.2 != start, "the running statistics were updated");
}
