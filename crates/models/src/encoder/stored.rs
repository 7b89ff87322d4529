//! Encoders as this program stores them after training: a module comes in, the bytes of a safetensors
//! file go out; and back. mn04 keeps its published layout, the others have Burn's parameter paths;
//! the header says which encoder it is, and its front end.

use std::collections::HashMap;
use std::path::Path;

use burn::tensor::Device;
use laennec_audio::LogMelConfig;
use safetensors::SafeTensors;

use super::{
    AnyEncoder, Encoder, FrontEnd, Kind, Mn04, OperaCe, OperaCt, OperaGt, Whisper, WhisperSize,
};
use crate::Error;
use crate::ear::{FRONT_END_KEY, header_value};
use crate::mobilenet::{MobileNetV3, Precision};
use crate::weights::{from_bytes, to_bytes};

/// Key of the encoder's name in the header.
const ENCODER_KEY: &str = "encoder";

impl AnyEncoder {
    /// The encoder as a safetensors file; `metadata` goes into the header with its name and front
    /// end.
    ///
    /// # Errors
    /// The format's limits are exceeded.
    pub fn to_bytes(
        &self,
        precision: Precision,
        metadata: &[(&str, &str)],
    ) -> Result<Vec<u8>, Error> {
        let front_end = serde_json::to_string(&self.front_end()).expect("plain data serialises");
        let mut pairs = vec![(ENCODER_KEY, self.name()), (FRONT_END_KEY, &front_end)];
        pairs.extend(metadata);
        let owned = pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        let header: HashMap<String, String> = owned.collect();
        match self {
            Self::Mn04(encoder) => encoder.network.to_safetensors(precision, &pairs),
            Self::OperaCe(encoder) => to_bytes(encoder, precision, header),
            Self::OperaCt(encoder) => to_bytes(encoder, precision, header),
            Self::OperaGt(encoder) => to_bytes(encoder, precision, header),
            Self::Whisper(encoder) => to_bytes(encoder, precision, header),
        }
    }

    /// The encoder that [`AnyEncoder::to_bytes`] wrote; none where the header names no encoder.
    /// `path` is named in errors.
    ///
    /// # Errors
    /// The file is damaged or lacks a tensor.
    pub(super) fn from_stored(
        bytes: &[u8],
        path: &Path,
        device: &Device,
    ) -> Result<Option<Self>, Error> {
        let origin = path.display().to_string();
        // Files of other formats have no such header.
        let Ok(Some(name)) = header_value(bytes, &origin, ENCODER_KEY) else {
            return Ok(None);
        };
        let wrong = |reason: String| Error::Header {
            path: path.to_owned(),
            reason,
        };
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
        let kind = kind.ok_or_else(|| wrong(format!("'{ENCODER_KEY}' is '{name}'")))?;
        Ok(Some(match kind {
            Kind::Mn04 => {
                let text = header_value(bytes, &origin, FRONT_END_KEY)?;
                let front_end: Option<FrontEnd> = text.and_then(|t| serde_json::from_str(&t).ok());
                let config = match front_end {
                    Some(FrontEnd::Efficientat(config)) => config,
                    None => LogMelConfig::efficientat_32k(),
                    Some(_) => return Err(wrong(format!("'{FRONT_END_KEY}' is not of mn04"))),
                };
                Mn04::new(MobileNetV3::from_safetensors(bytes, path, device)?, config).into()
            }
            Kind::OperaCe => from_bytes(OperaCe::init(0, device), bytes, &origin)?.into(),
            Kind::OperaCt => from_bytes(OperaCt::init(0, device), bytes, &origin)?.into(),
            Kind::OperaGt => from_bytes(OperaGt::init(0, device), bytes, &origin)?.into(),
            Kind::Whisper => {
                let size = whisper_size(bytes)
                    .ok_or_else(|| wrong("its tensors have no shapes of Whisper".to_owned()))?;
                from_bytes(Whisper::init(size, 0, device), bytes, &origin)?.into()
            }
        }))
    }
}

/// The size that the tensors have.
fn whisper_size(bytes: &[u8]) -> Option<WhisperSize> {
    let file = SafeTensors::deserialize(bytes).ok()?;
    let &[width, bands, _] = file.tensor("first.weight").ok()?.shape() else {
        return None;
    };
    let &[positions, _] = file.tensor("positions").ok()?.shape() else {
        return None;
    };
    let layer = |number: usize| format!("blocks.{number}.query.weight");
    let layers = (0..).take_while(|number| file.tensor(&layer(*number)).is_ok());
    Some(WhisperSize {
        bands,
        width,
        layers: layers.count(),
        positions,
    })
}
