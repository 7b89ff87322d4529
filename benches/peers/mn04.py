"""mn04 in PyTorch and ONNX Runtime, written from the names and shapes of the published tensors.

Layout: stem, 15 inverted residual blocks, last convolution, mean over the map, classifier. Kernel sizes,
channels and squeeze-excite follow from the tensors' shapes; strides and activations are MobileNetV3-Large's.
"""

import io
import os
import warnings
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

from common import mean_magnitude, noise, serve, timed
from efficientat import EFFICIENTAT, torch_log_mel

STRIDES = [1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1]
HARDSWISH_FROM = 7


def conv_norm(tensors, prefix, stride, activation):
    outputs, per_group, kernel, _ = tensors[prefix + ".0.weight"].shape
    # The stem too has one channel in each group: the spectrogram.
    groups = outputs if per_group == 1 and prefix != "features.0" else 1
    conv = nn.Conv2d(per_group * groups, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    norm = nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01)
    conv.weight.data.copy_(tensors[prefix + ".0.weight"])
    for name in ("weight", "bias", "running_mean", "running_var"):
        getattr(norm, name).data.copy_(tensors[f"{prefix}.1.{name}"])
    return nn.Sequential(conv, norm, activation)


def linear(tensors, prefix):
    layer = nn.Linear(*reversed(tensors[prefix + ".weight"].shape))
    layer.weight.data.copy_(tensors[prefix + ".weight"])
    layer.bias.data.copy_(tensors[prefix + ".bias"])
    return layer


class SqueezeExcite(nn.Module):
    def __init__(self, tensors, prefix):
        super().__init__()
        self.fc1, self.fc2 = linear(tensors, prefix + ".fc1"), linear(tensors, prefix + ".fc2")

    def forward(self, x):
        gate = torch.sigmoid(self.fc2(F.relu(self.fc1(x.mean((2, 3))))))
        return x * gate[:, :, None, None]


class Block(nn.Module):
    def __init__(self, tensors, index, stride):
        super().__init__()
        prefix = f"features.{index}.block"
        activation = nn.Hardswish() if index >= HARDSWISH_FROM else nn.ReLU()
        layers, number = [], 0
        while True:
            name = f"{prefix}.{number}"
            if name + ".conc_se_layers.0.fc1.weight" in tensors:
                layers.append(SqueezeExcite(tensors, name + ".conc_se_layers.0"))
            elif name + ".0.weight" in tensors:
                depthwise = tensors[name + ".0.weight"].shape[1] == 1
                last = f"{prefix}.{number + 1}.0.weight" not in tensors \
                    and f"{prefix}.{number + 1}.conc_se_layers.0.fc1.weight" not in tensors
                layers.append(conv_norm(tensors, name, stride if depthwise else 1,
                                        nn.Identity() if last else activation))
            else:
                break
            number += 1
        self.layers = nn.Sequential(*layers)
        inputs = tensors[f"{prefix}.0.0.weight"].shape
        inputs = inputs[0] if inputs[1] == 1 else inputs[1]
        self.residual = stride == 1 and inputs == tensors[f"{prefix}.{number - 1}.0.weight"].shape[0]

    def forward(self, x):
        out = self.layers(x)
        return out + x if self.residual else out


class Mn04(nn.Module):
    def __init__(self, tensors):
        super().__init__()
        self.features = nn.Sequential(
            conv_norm(tensors, "features.0", 2, nn.Hardswish()),
            *(Block(tensors, index, stride) for index, stride in enumerate(STRIDES, start=1)),
            conv_norm(tensors, "features.16", 1, nn.Hardswish()),
        )
        self.hidden, self.output = linear(tensors, "classifier.2"), linear(tensors, "classifier.5")

    def forward(self, mel):
        return self.output(F.hardswish(self.hidden(self.features(mel).mean((2, 3)))))


def network():
    torch.set_num_threads(1)
    return Mn04(load_file(Path(os.environ["LAENNEC_MODELS"]) / "mn04_as.safetensors"))


def mel(batch, frames):
    return torch.from_numpy(noise(batch * 128 * frames)).reshape(batch, 1, 128, frames)


def torch_inference(_):
    model, clip = network().eval(), mel(1, 1000)

    @torch.inference_mode()
    def work():
        return model(clip)

    return timed(work), mean_magnitude


def torch_embedding(_):
    model, log_mel = network().eval(), torch_log_mel("32k")
    samples = torch.from_numpy(noise(20 * 10 * EFFICIENTAT["32k"][0])).reshape(20, -1)

    @torch.inference_mode()
    def work():
        return model.features(log_mel(samples)[:, None]).mean((2, 3))

    return timed(work), mean_magnitude


def torch_recordings(file):
    words = np.fromfile(file, "<u4")
    count = int(words[0])
    ends = np.cumsum(words[1:1 + count].astype(np.int64))[:-1]
    samples = np.split(words[1 + count:].view("<f4"), ends)
    recordings = [torch.from_numpy(recording)[None] for recording in samples]
    model, log_mel = network().eval(), torch_log_mel("32k")

    @torch.inference_mode()
    def work():
        return torch.cat([model.features(log_mel(clip)[:, None]).mean((2, 3)) for clip in recordings])

    return timed(work), mean_magnitude


def torch_training(_):
    model, batch = network().train(), mel(24, 920)

    def work():
        model.zero_grad(set_to_none=True)
        loss = model.features(batch).square().mean()
        loss.backward()
        return loss.item()

    return timed(work), float


def onnx_inference(_):
    import onnxruntime

    # The exporter that is not deprecated needs a further package.
    warnings.simplefilter("ignore", DeprecationWarning)
    clip, file = mel(1, 1000), io.BytesIO()
    torch.onnx.export(network().eval(), (clip,), file, dynamo=False, opset_version=17, input_names=["mel"])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])
    inputs = {"mel": clip.numpy()}
    return timed(lambda: session.run(None, inputs)[0]), mean_magnitude


serve({"torch-inference": torch_inference, "torch-embedding": torch_embedding,
       "torch-recordings": torch_recordings, "torch-training": torch_training, "onnx-inference": onnx_inference})
