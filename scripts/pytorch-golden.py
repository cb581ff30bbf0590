"""Writes test/golden/pytorch/: what PyTorch makes of AllConvNet at width 0.05, as the tests compare it with ours.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch numpy safetensors
    /tmp/venv/bin/python scripts/pytorch-golden.py

Made with PyTorch 2.2.2 on a CPU. The network is written from the description of AugMix's allconv: every convolution
has a bias, then batch norm, then x * sigmoid(1.702 x); the two last convolutions are 1x1 with padding 1, and the pool
of the head is 8x8 on a map of 10x10. Dropout is left out, since its masks would differ.
"""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

NARROW, WIDE, CLASSES, IMAGES, STEPS = 5, 10, 10, 8, 3
out = Path(__file__).parent.parent / "test/golden/pytorch"
torch.manual_seed(0)
torch.set_num_threads(1)


class QuickGelu(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


def block(inputs, outputs, size, padding):
    return [nn.Conv2d(inputs, outputs, size, padding=padding), nn.BatchNorm2d(outputs), QuickGelu()]


def shrink():
    return [nn.MaxPool2d(2, 2), nn.Dropout(0.0)]


class AllConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            *block(3, NARROW, 3, 1),
            *block(NARROW, NARROW, 3, 1),
            *block(NARROW, NARROW, 3, 1),
            *shrink(),
            *block(NARROW, WIDE, 3, 1),
            *block(WIDE, WIDE, 3, 1),
            *block(WIDE, WIDE, 3, 1),
            *shrink(),
            *block(WIDE, WIDE, 3, 0),
            *block(WIDE, WIDE, 1, 1),
            *block(WIDE, WIDE, 1, 1),
            nn.AvgPool2d(8),
        )
        self.classifier = nn.Linear(WIDE, CLASSES)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def arrays(model):
    return {name: tensor.clone().contiguous() for name, tensor in model.state_dict().items()}


model = AllConvNet()
for module in model.modules():  # norms and statistics as after some training
    if isinstance(module, nn.BatchNorm2d):
        nn.init.uniform_(module.weight, 0.6, 1.5)
        nn.init.uniform_(module.bias, -0.4, 0.4)
        nn.init.uniform_(module.running_mean, -0.4, 0.4)
        nn.init.uniform_(module.running_var, 0.6, 1.5)
images = torch.randint(0, 256, (IMAGES, 32, 32, 3), dtype=torch.uint8)
labels = torch.randint(0, CLASSES, (IMAGES,))
x = ((images.float() / 255 - 0.5) / 0.5).permute(0, 3, 1, 2)

out.mkdir(parents=True, exist_ok=True)
np.save(out / "images.npy", images.numpy())
np.save(out / "labels.npy", labels.numpy().astype(np.uint8))
save_file(arrays(model), out / "before.safetensors")
model.eval()
with torch.no_grad():
    np.save(out / "logits.npy", model(x).numpy())

model.train()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4, nesterov=True)
losses = []
for _ in range(STEPS):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
save_file(arrays(model), out / "after.safetensors")
(out / "losses.json").write_text(json.dumps(losses) + "\n")
