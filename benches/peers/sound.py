"""Decoding with soundfile (libsndfile) and log-mel spectrograms with librosa and PyTorch."""

import numpy as np

from common import mean_magnitude, noise, serve, timed
from efficientat import EFFICIENTAT, kaldi_bank, torch_log_mel

SECONDS = 10


def decode(file):
    import soundfile

    def work():
        samples, _ = soundfile.read(file, dtype="float32")
        return samples if samples.ndim == 1 else samples.mean(axis=1)

    return timed(work), mean_magnitude


def librosa_opera(_):
    import librosa

    samples = noise(SECONDS * 16000)

    def work():
        power = librosa.feature.melspectrogram(y=samples, sr=16000, n_fft=1024, hop_length=512, n_mels=64,
                                               fmin=50, fmax=8000)
        mel = librosa.power_to_db(power, ref=np.max)
        return (mel - mel.min()) / (mel.max() - mel.min())

    return timed(work), mean_magnitude


def librosa_efficientat(which):
    import librosa

    rate, window, hop, low, high = EFFICIENTAT[which]
    samples = noise(SECONDS * rate)
    bank = kaldi_bank(128, 1024, rate, low, high)
    hann = np.hanning(window).astype(np.float32)

    def work():
        emphasised = samples[1:] - np.float32(0.97) * samples[:-1]
        spectrum = librosa.stft(emphasised, n_fft=1024, hop_length=hop, win_length=window, window=hann,
                                pad_mode="reflect")
        power = spectrum.real**2 + spectrum.imag**2
        return (np.log(bank @ power + np.float32(1e-5)) + np.float32(4.5)) / np.float32(5)

    return timed(work), mean_magnitude


def torch_efficientat(which):
    import torch

    torch.set_num_threads(1)
    rate = EFFICIENTAT[which][0]
    samples, log_mel = torch.from_numpy(noise(SECONDS * rate))[None], torch_log_mel(which)

    @torch.inference_mode()
    def work():
        return log_mel(samples)

    return timed(work), mean_magnitude


serve({
    "decode": decode,
    "librosa-opera": librosa_opera,
    "librosa-32k": lambda _: librosa_efficientat("32k"),
    "librosa-8k": lambda _: librosa_efficientat("8k"),
    "torch-32k": lambda _: torch_efficientat("32k"),
    "torch-8k": lambda _: torch_efficientat("8k"),
})
