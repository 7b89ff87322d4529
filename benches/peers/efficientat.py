"""EfficientAT's log-mel front end: its settings, the filter bank, and the whole of it in PyTorch."""

import numpy as np


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


def torch_log_mel(which):
    """A function from samples [batch, length] to log-mel [batch, 128, frames]."""
    import torch

    rate, window, hop, low, high = EFFICIENTAT[which]
    bank = torch.from_numpy(kaldi_bank(128, 1024, rate, low, high))
    hann = torch.hann_window(window, periodic=False)
    kernel = torch.tensor([[[-0.97, 1.0]]])

    def log_mel(samples):
        emphasised = torch.nn.functional.conv1d(samples[:, None], kernel)[:, 0]
        spectrum = torch.stft(emphasised, 1024, hop, window, hann, center=True, pad_mode="reflect",
                              return_complex=True)
        power = torch.view_as_real(spectrum).square().sum(-1)
        return ((bank @ power + 1e-5).log() + 4.5) / 5.0

    return log_mel
