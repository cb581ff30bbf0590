"""Writes test/golden/pytorch/: what PyTorch makes of our networks, as the tests compare it with ours.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch numpy safetensors
    /tmp/venv/bin/python scripts/pytorch-golden.py

Made with PyTorch 2.2.2 on a CPU. The networks are written here from their descriptions, with the names of tensors that
the reference implementations have: AugMix's allconv and WideResNet, bamos/densenet.pytorch, torchvision's mobilenet_v2.
Dropout is left out, since its masks would differ.

For each network at full width, weights, images and labels come from a formula (`drawn`) that the tests compute as
well, so only results are kept, as samples with the sum and the norm of the whole: logits and every stage's output of
four images in evaluation, then, of a training step on eight, the loss and all arrays after it. `narrow/` holds
AllConvNet at width 0.05 with all of its weights, as PyTorch draws and writes them, before and after three steps.
"""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

OUT = Path(__file__).parent.parent / "test/golden/pytorch"
torch.set_num_threads(1)


# AllConvNet: every convolution has a bias, then batch norm, then x * sigmoid(1.702 x); the two last convolutions are
# 1x1 with padding 1, and the pool of the head is 8x8 on a map of 10x10.


class QuickGelu(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class AllConvNet(nn.Module):
    def __init__(self, narrow=96, wide=192, classes=10):
        super().__init__()

        def block(inputs, outputs, size, padding):
            return [nn.Conv2d(inputs, outputs, size, padding=padding), nn.BatchNorm2d(outputs), QuickGelu()]

        def shrink():
            return [nn.MaxPool2d(2, 2), nn.Dropout(0.0)]

        self.features = nn.Sequential(
            *block(3, narrow, 3, 1),
            *block(narrow, narrow, 3, 1),
            *block(narrow, narrow, 3, 1),
            *shrink(),
            *block(narrow, wide, 3, 1),
            *block(wide, wide, 3, 1),
            *block(wide, wide, 3, 1),
            *shrink(),
            *block(wide, wide, 3, 0),
            *block(wide, wide, 1, 1),
            *block(wide, wide, 1, 1),
            nn.AvgPool2d(8),
        )
        self.classifier = nn.Linear(wide, classes)

    def stages(self):
        return self.features[:9], self.features[9:20], self.features[20:31]

    def head(self, x):
        return self.classifier(self.features[31](x).flatten(1))


# Wide residual network: norm and ReLU in front of each convolution; the first block of each stage has a convolution
# as its shortcut, and both of its branches see the activated input.


class WideBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        if inputs != outputs:
            self.conv_shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(self.bn1(x))
        straight = self.conv_shortcut(a) if hasattr(self, "conv_shortcut") else x
        return straight + self.conv2(F.relu(self.bn2(self.conv1(a))))


class WideStage(nn.Module):
    def __init__(self, inputs, outputs, stride, blocks=6):
        super().__init__()
        rest = [WideBlock(outputs, outputs, 1) for _ in range(blocks - 1)]
        self.layer = nn.Sequential(WideBlock(inputs, outputs, stride), *rest)

    def forward(self, x):
        return self.layer(x)


class WideResNet(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.block1 = WideStage(16, 32, 1)
        self.block2 = WideStage(32, 64, 2)
        self.block3 = WideStage(64, 128, 2)
        self.bn1 = nn.BatchNorm2d(128)
        self.fc = nn.Linear(128, classes)

    def stages(self):
        return nn.Sequential(self.conv1, self.block1), self.block2, self.block3

    def head(self, x):
        return self.fc(F.avg_pool2d(F.relu(self.bn1(x)), 8).flatten(1))


# DenseNet-BC: layers add 12 channels to what they see, by way of 48; transitions halve channels and size.


class DenseLayer(nn.Module):
    def __init__(self, inputs, growth=12):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, 4 * growth, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(4 * growth)
        self.conv2 = nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False)

    def forward(self, x):
        return torch.cat([x, self.conv2(F.relu(self.bn2(self.conv1(F.relu(self.bn1(x))))))], 1)


class Transition(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, inputs // 2, 1, bias=False)

    def forward(self, x):
        return F.avg_pool2d(self.conv1(F.relu(self.bn1(x))), 2)


class DenseNet(nn.Module):
    def __init__(self, classes=10):
        super().__init__()

        def layers(inputs):
            return nn.Sequential(*[DenseLayer(inputs + 12 * k) for k in range(16)])

        self.conv1 = nn.Conv2d(3, 24, 3, padding=1, bias=False)
        self.dense1, self.trans1 = layers(24), Transition(216)
        self.dense2, self.trans2 = layers(108), Transition(300)
        self.dense3 = layers(150)
        self.bn1 = nn.BatchNorm2d(342)
        self.fc = nn.Linear(342, classes)

    def stages(self):
        return (
            nn.Sequential(self.conv1, self.dense1),
            nn.Sequential(self.trans1, self.dense2),
            nn.Sequential(self.trans2, self.dense3),
        )

    def head(self, x):
        return self.fc(F.avg_pool2d(F.relu(self.bn1(x)), 8).flatten(1))


# MobileNet-V2: 1x1 to more channels, depthwise 3x3, 1x1 without activation.


def conv_norm_relu6(inputs, outputs, size, stride=1, groups=1):
    padding = (size - 1) // 2
    conv = nn.Conv2d(inputs, outputs, size, stride, padding, groups=groups, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.ReLU6())


class Inverted(nn.Module):
    def __init__(self, inputs, outputs, expansion, stride):
        super().__init__()
        inner = inputs * expansion
        self.isResidual = stride == 1 and inputs == outputs
        self.conv = nn.Sequential(
            *([conv_norm_relu6(inputs, inner, 1)] if expansion > 1 else []),
            conv_norm_relu6(inner, inner, 3, stride, inner),
            nn.Conv2d(inner, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )

    def forward(self, x):
        return x + self.conv(x) if self.isResidual else self.conv(x)


class MobileNetV2(nn.Module):
    TABLE = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]

    def __init__(self, classes=200):
        super().__init__()
        parts, inputs = [conv_norm_relu6(3, 32, 3, 2)], 32
        for expansion, outputs, blocks, stride in self.TABLE:
            for k in range(blocks):
                parts.append(Inverted(inputs, outputs, expansion, stride if k == 0 else 1))
                inputs = outputs
        self.features = nn.Sequential(*parts, conv_norm_relu6(320, 1280, 1))
        self.classifier = nn.Sequential(nn.Dropout(0.0), nn.Linear(1280, classes))

    def stages(self):
        cuts = [0, 2, 4, 7, 14, 18]
        return [self.features[a:b] for a, b in zip(cuts, cuts[1:])]

    def head(self, x):
        return self.classifier(self.features[18](x).mean([2, 3]))


# The formula. Whole numbers of 32 bits: FNV-1a of the array's name, then the finaliser of MurmurHash3.


def words(name, count):
    hashed = 0x811C9DC5
    for byte in name.encode():
        hashed = (hashed ^ byte) * 0x01000193 & 0xFFFFFFFF
    x = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B1) + np.uint32(hashed)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
    return x ^ (x >> np.uint32(16))


def drawn(name, shape, low):
    """
    Filters are even in +-sqrt(6 / fan-in), scales and variances around 1, means around 0 and biases around `low` and 3.
    So most units stand clear of the kinks of their ReLU: where one is on in one implementation and off in the other,
    for the last digit of a sum, gradients differ and say nothing of either. `low` is -3, but 3 for MobileNet-V2, whose
    depthwise convolutions see each channel alone: the norm behind one that is off divides by next to nothing.
    """
    even = words(name, int(np.prod(shape))).astype(np.float64) / 2**31 - 1
    if len(shape) > 1:
        values = even * np.sqrt(6 / np.prod(shape[1:]))
    else:
        center = 0 if name.endswith("running_mean") else np.where(even < 0, low, 3) if name.endswith("bias") else 1
        values = center + 0.25 * even
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def images_of(count, size):
    values = (words("images", count * size * size * 3) >> np.uint32(24)).reshape(count, size, size, 3)
    return ((torch.from_numpy(values.astype(np.float32)) / 255 - 0.5) / 0.5).permute(0, 3, 1, 2)


def summary(tensor, samples):
    """Values at drawn places of the array in PyTorch's order, then the sum and the norm of all of them."""
    flat = tensor.detach().contiguous().flatten().double()
    places = torch.from_numpy((words("places", samples) % flat.numel()).astype(np.int64))
    return torch.cat([flat[places], flat.sum()[None], flat.norm()[None]]).float()


def run_stages(model, x):
    maps = []
    for stage in model.stages():
        x = stage(x)
        maps.append(x)
    return maps, model.head(x)


def step(model, optimizer, x, labels):
    optimizer.zero_grad()
    loss = F.cross_entropy(run_stages(model, x)[1], labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def sgd(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9, weight_decay=5e-4, nesterov=True)


def arrays_of(model):
    return {name: value for name, value in model.state_dict().items() if not name.endswith("num_batches_tracked")}


def whole_network(name, model, size, classes, low=-3):
    model.load_state_dict({key: drawn(key, value.shape, low) for key, value in arrays_of(model).items()}, strict=False)
    x = images_of(8, size)
    labels = torch.from_numpy((words("labels", 8) % classes).astype(np.int64))
    model.eval()
    with torch.no_grad():
        maps, logits = run_stages(model, x[:4])
    results = {f"stage{i + 1}": summary(map, 1000) for i, map in enumerate(maps)}
    results["logits"] = logits
    model.train()
    results["loss"] = torch.tensor([step(model, sgd(model, 1), x, labels)])
    for key, value in arrays_of(model).items():
        results[f"after.{key}"] = summary(value, 20)
    save_file({key: value.contiguous() for key, value in results.items()}, OUT / f"{name}.safetensors")
    norms = " ".join(f"{results[f'stage{i + 1}'][:1000].std().item():.3g}" for i in range(len(maps)))
    print(f"{name}: stages {norms}, logits {logits.std().item():.3g}, loss {results['loss'].item():.4f}")


def narrow_network(steps=3):
    out = OUT / "narrow"
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    model = AllConvNet(5, 10)
    for module in model.modules():  # norms and statistics as after some training
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.6, 1.5)
            nn.init.uniform_(module.bias, -0.4, 0.4)
            nn.init.uniform_(module.running_mean, -0.4, 0.4)
            nn.init.uniform_(module.running_var, 0.6, 1.5)
    images = torch.randint(0, 256, (8, 32, 32, 3), dtype=torch.uint8)
    labels = torch.randint(0, 10, (8,))
    x = ((images.float() / 255 - 0.5) / 0.5).permute(0, 3, 1, 2)
    np.save(out / "images.npy", images.numpy())
    np.save(out / "labels.npy", labels.numpy().astype(np.uint8))

    def save(file):
        save_file({name: value.clone().contiguous() for name, value in model.state_dict().items()}, out / file)

    save("before.safetensors")
    model.eval()
    with torch.no_grad():
        np.save(out / "logits.npy", run_stages(model, x)[1].numpy())
    model.train()
    optimizer = sgd(model, 0.1)
    losses = [step(model, optimizer, x, labels) for _ in range(steps)]
    save("after.safetensors")
    (out / "losses.json").write_text(json.dumps(losses) + "\n")


if __name__ == "__main__":
    narrow_network()
    whole_network("allconvnet", AllConvNet(), 32, 10)
    whole_network("wrn-40-2", WideResNet(), 32, 10)
    whole_network("densenet-bc-100-12", DenseNet(), 32, 10)
    whole_network("mobilenet-v2", MobileNetV2(), 64, 200, low=3)
