//! A folder with all that a small alignment needs: invented recordings in the layout of `SPRSound`,
//! an encoder with random weights, a recipe.

use std::f32::consts::TAU;
use std::fs;
use std::path::Path;

use burn::tensor::Device;
use laennec_models::mobilenet::{MobileNetV3, Precision};
use tempfile::TempDir;

/// Rate of the recordings in Hz, as `SPRSound` has it.
const RATE: u32 = 8000;
const PATIENTS: u32 = 24;
/// Recordings a patient.
const EACH: u32 = 4;

const RECIPE: &str = r#"
stage = "align"
seed = 5
epochs = 6
batch = 8
micro_batch = 4
checkpoint_every = 3
data_sets = ["sprsound"]
window_s = 0.5
views = 2
unfrozen_blocks = 1
encoder = "mn04"
text = "random-teacher"

[teacher]
model = "all-minilm-l6-v2"
pooling = "mean"

[weights]
cka = 1.0
info_nce = 0.1
preservation = 1.0
supervised = 0.5

[optimiser]
learning_rate = 1e-3
head_learning_rate = 1e-3
weight_decay = 0.01
clip_norm = 1.0
average_decay = 0.9

[schedule]
kind = "linear"
warm_up = 0.1

[early_stopping]
figure = "probe_auroc"
patience = 6

[augment]
gain_db = [-6.0, 6.0]
filter_share = 0.0
filter_db = 6.0
band_share = 0.0
low_hz = [20.0, 100.0]
high_part = [0.4, 1.0]
noise_share = 0.5
snr_db = [10.0, 35.0]
shift_share = 0.5
masks = 1
mask_bands = 14
"#;

/// The folder; removed with the value.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// Fills a new folder.
    pub(crate) fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        let path = folder.path();
        fs::write(path.join("recipe.toml"), RECIPE).unwrap();
        fs::create_dir(path.join("models")).unwrap();
        let network = MobileNetV3::init(3, &Device::flex());
        let weights = network.to_safetensors(Precision::F32, &[]).unwrap();
        fs::write(path.join("models/mn04_as.safetensors"), weights).unwrap();
        let sprsound = path.join("data/sprsound");
        for part in ["train_wav", "train_json"] {
            fs::create_dir_all(sprsound.join(part)).unwrap();
        }
        for number in 0..PATIENTS * EACH {
            recording(&sprsound, number);
        }
        folder
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

/// An invented recording: a tone for CAS, clicks for DAS, faint breath for Normal.
fn recording(sprsound: &Path, number: u32) {
    let (patient, place) = (number / EACH, number % EACH);
    let class = (patient + place) % 3;
    let name = format!(
        "{}_5.0_{}_p{}_{number}",
        10_000_000 + patient,
        patient % 2,
        place + 1
    );
    let (label, event) = [
        ("Normal", "Normal"),
        ("CAS", "Wheeze"),
        ("DAS", "Fine Crackle"),
    ][class as usize];
    let json = format!(
        r#"{{"record_annotation": "{label}", "event_annotation": [{{"start": "100", "end": "500", "type": "{event}"}}]}}"#
    );
    fs::write(sprsound.join(format!("train_json/{name}.json")), json).unwrap();
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let path = sprsound.join(format!("train_wav/{name}.wav"));
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    let mut noise = number + 1;
    for n in 0..RATE * 6 / 10 {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let breath = (noise >> 16) as f32 / 65_536.0 - 0.5;
        let time = n as f32 / RATE as f32;
        let sound = match class {
            1 => (TAU * (300.0 + number as f32) * time).sin(),
            2 if n % 400 < 8 => 3.0,
            _ => 0.0,
        };
        writer
            .write_sample(((breath + sound) * 4000.0) as i16)
            .unwrap();
    }
    writer.finalize().unwrap();
}
