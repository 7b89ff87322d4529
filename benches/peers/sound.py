"""Decoding with soundfile (libsndfile) and log-mel spectrograms with librosa and PyTorch."""

import numpy as np

from common import mean_magnitude, noise, serve, timed

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


def kaldi_bank(bands, n_fft, rate, low, high):
    """Triangles that are straight on Kaldi's mel scale, [bands, n_fft / 2 + 1]."""
    mel = lambda hz: 1127 * np.log(1 + hz / 700)
    position = (mel(np.arange(n_fft // 2 + 1) * rate / n_fft) - mel(low)) / (mel(high) - mel(low)) * (bands + 1)
    position = position[None, :] - np.arange(bands)[:, None]
    bank = np.maximum(np.minimum(position, 2 - position), 0)
    bank[:, -1] = 0  # Kaldi leaves the Nyquist bin out
    return bank.astype(np.float32)


# Rate, window, hop, low and high edge in Hz.
EFFICIENTAT = {"32k": (32000, 800, 320, 0, 15000), "8k": (8000, 256, 80, 20, 3900)}


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
    rate, window, hop, low, high = EFFICIENTAT[which]
    samples = torch.from_numpy(noise(SECONDS * rate))[None]
    bank = torch.from_numpy(kaldi_bank(128, 1024, rate, low, high))
    hann = torch.hann_window(window, periodic=False)
    kernel = torch.tensor([[[-0.97, 1.0]]])

    @torch.inference_mode()
    def work():
        emphasised = torch.nn.functional.conv1d(samples[:, None], kernel)[:, 0]
        spectrum = torch.stft(emphasised, 1024, hop, window, hann, center=True, pad_mode="reflect",
                              return_complex=True)
        power = torch.view_as_real(spectrum).square().sum(-1)
        return ((bank @ power + 1e-5).log() + 4.5) / 5.0

    return timed(work), mean_magnitude


serve({
    "decode": decode,
    "librosa-opera": librosa_opera,
    "librosa-32k": lambda _: librosa_efficientat("32k"),
    "librosa-8k": lambda _: librosa_efficientat("8k"),
    "torch-32k": lambda _: torch_efficientat("32k"),
    "torch-8k": lambda _: torch_efficientat("8k"),
})
