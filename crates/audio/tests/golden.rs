//! The EfficientAT front end against the published one in PyTorch (golden tensors).

mod common;

use laennec_audio::{LogMel, LogMelConfig};
use safetensors::SafeTensors;

fn floats(tensors: &SafeTensors<'_>, name: &str) -> Vec<f32> {
    let tensor = tensors.tensor(name).expect("the golden file has it");
    let (words, _) = tensor.data().as_chunks::<4>();
    words.iter().map(|&word| f32::from_le_bytes(word)).collect()
}

#[test]
fn efficientat_mel_equals_the_published_front_end() {
    let Some(folder) = common::models() else {
        return;
    };
    let bytes = std::fs::read(folder.join("mn04_golden.safetensors")).unwrap();
    let golden = SafeTensors::deserialize(&bytes).unwrap();
    let mut front = LogMel::new(&LogMelConfig::efficientat_32k()).unwrap();
    for clip in ["cough", "heart", "lung"] {
        let wave = floats(&golden, &format!("{clip}.wave"));
        let expected = floats(&golden, &format!("{clip}.mel"));
        let mel = front.compute(&wave);
        assert_eq!(mel.values.len(), expected.len());
        let worst = mel
            .values
            .iter()
            .zip(&expected)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max);
        println!(
            "{clip}: {} frames, largest difference {worst:e}",
            mel.frames
        );
        assert!(worst < 1e-3, "{clip}: {worst}");
    }
}
