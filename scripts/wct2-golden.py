"""Writes test/golden/pytorch/wct2.safetensors: what PyTorch makes of WCT2, as the tests compare it with ours.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch numpy safetensors
    /tmp/venv/bin/python scripts/wct2-golden.py

Made with PyTorch 2.2.2 on a CPU, in float64. The network is written here from its description, with the names of tensors
of the published weights (clovaai/WCT2, option cat5, level 4), at its published width. Weights and images come from the
formula of pytorch-golden.py, which the tests compute as well, so only results are kept, as samples with the sum and the
norm of the whole: the encoder's outputs and bands, the decoder's outputs, and one image in the style of another. `large`
are results with the image made 255 times as strong, as the published weights make it: there whitening has work to do.
"""

from importlib import import_module

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

golden = import_module("pytorch-golden")
LEVELS = (1, 2, 3, 4)
# Two images of the formula are alike; of the second the channels are weakened by so much.
STYLE = (0.75, 0.25, 0.125)


class Haar(nn.Module):
    """The four filters: sums (L) or differences (H) along columns, then along rows."""

    def __init__(self, channels, layer):
        super().__init__()
        low, high = torch.tensor([1.0, 1.0]) / 2**0.5, torch.tensor([-1.0, 1.0]) / 2**0.5
        for name, down, along in (("LL", low, low), ("LH", low, high), ("HL", high, low), ("HH", high, high)):
            filter = layer(channels, channels, 2, stride=2, groups=channels, bias=False)
            filter.weight.data = torch.outer(down, along).expand(channels, 1, 2, 2).clone()
            self.add_module(name, filter)

    def each(self, maps):
        return [filter(x) for filter, x in zip((self.LL, self.LH, self.HL, self.HH), maps)]


class Net(nn.Module):
    def mirrored(self, name, x):
        return getattr(self, name)(F.pad(x, (1, 1, 1, 1), mode="reflect"))

    def run(self, names, x):
        for name in names:
            x = F.relu(self.mirrored(name, x))
        return x


class Encoder(Net):
    STEPS = {
        2: (("conv1_2",), "conv2_1"),
        3: (("conv2_2",), "conv3_1"),
        4: (("conv3_2", "conv3_3", "conv3_4"), "conv4_1"),
    }

    def __init__(self):
        super().__init__()
        self.conv0 = nn.Conv2d(3, 3, 1)
        widths = {"conv1_1": (3, 64), "conv1_2": (64, 64), "conv2_1": (64, 128), "conv2_2": (128, 128)}
        widths |= {"conv3_1": (128, 256), "conv3_2": (256, 256), "conv3_3": (256, 256), "conv3_4": (256, 256)}
        for name, (inputs, outputs) in (widths | {"conv4_1": (256, 512)}).items():
            self.add_module(name, nn.Conv2d(inputs, outputs, 3))
        self.pool1, self.pool2, self.pool3 = (Haar(channels, nn.Conv2d) for channels in (64, 128, 256))

    def encode(self, x, level):
        """The level's output, and what skips the deeper ones: the map in front of the pool, and its bands but LL."""
        if level == 1:
            return self.run(("conv1_1",), self.conv0(x)), None
        before, after = self.STEPS[level]
        map = self.run(before, x)
        low, *high = getattr(self, f"pool{level - 1}").each([map] * 4)
        return self.run((after,), low), (high, map)


class Decoder(Net):
    STEPS = {
        4: ("conv4_1", 3, ("conv3_4_2", "conv3_3", "conv3_2")),
        3: ("conv3_1", 2, ("conv2_2_2",)),
        2: ("conv2_1", 1, ("conv1_2_2",)),
    }

    def __init__(self):
        super().__init__()
        widths = {"conv4_1": (512, 256), "conv3_4_2": (1280, 256), "conv3_3": (256, 256), "conv3_2": (256, 256)}
        widths |= {"conv3_1": (256, 128), "conv2_2_2": (640, 128), "conv2_1": (128, 64), "conv1_2_2": (320, 64)}
        for name, (inputs, outputs) in (widths | {"conv1_1": (64, 3)}).items():
            self.add_module(name, nn.Conv2d(inputs, outputs, 3))
        for level, channels in ((3, 256), (2, 128), (1, 64)):
            self.add_module(f"recon_block{level}", Haar(channels, nn.ConvTranspose2d))

    def decode(self, x, level, skip):
        if level == 1:
            return self.mirrored("conv1_1", x)
        before, block, after = self.STEPS[level]
        high, map = skip
        bands = getattr(self, f"recon_block{block}").each([self.run((before,), x), *high])
        return self.run(after, torch.cat([*bands, map], 1))


def whitened_and_coloured(content, style):
    """Features [1, c, h, w]: mean and covariance of the style's; 1 is added to the diagonals of both covariances."""
    x, y = content.flatten(2)[0], style.flatten(2)[0]

    def root(features, power):
        centred = features - features.mean(1, keepdim=True)
        covariance = centred @ centred.T / (features.shape[1] - 1) + torch.eye(len(features))
        values, vectors = torch.linalg.eigh(covariance)
        return vectors @ torch.diag(values**power) @ vectors.T

    result = root(y, 0.5) @ root(x, -0.5) @ (x - x.mean(1, keepdim=True)) + y.mean(1, keepdim=True)
    return result.clamp(x.min(), x.max()).view_as(content)


def through(encoder, decoder, x, encoded=lambda x, level: x, decoded=lambda x, level: x):
    skips = {}
    for level in LEVELS:
        x, skips[level] = encoder.encode(x, level)
        x = encoded(x, level)
    for level in reversed(LEVELS):
        x = decoder.decode(x if level == 4 else decoded(x, level), level, skips[level])
    return x, skips


def noted(at, key):
    def note(x, level):
        at[f"{key}{level}"] = x
        return x

    return note


def main():
    torch.set_default_dtype(torch.float64)
    encoder, decoder = Encoder(), Decoder()
    for prefix, net in (("encoder.", encoder), ("decoder.", decoder)):
        net.load_state_dict(
            {
                name: value if value.shape[1:] == (1, 2, 2) else golden.drawn(prefix + name, value.shape, -3).double()
                for name, value in net.state_dict().items()
            }
        )
    content, style = (((image + 1) / 2)[None].double() for image in golden.images_of(2, 32))
    style = style * torch.tensor(STYLE).view(3, 1, 1)
    results = {}
    for name, factor in (("", 1), ("large.", 255)):
        found, of_style = {}, {}
        plain, skips = through(encoder, decoder, factor * content, noted(found, "encoded"), noted(found, "decoded"))
        through(encoder, decoder, factor * style, noted(of_style, "encoded"), noted(of_style, "decoded"))
        styled, _ = through(
            encoder,
            decoder,
            factor * content,
            lambda x, level: whitened_and_coloured(x, of_style[f"encoded{level}"]),
            lambda x, level: whitened_and_coloured(x, of_style[f"decoded{level}"]),
        )
        for level in LEVELS[1:]:
            for band, x in zip(("LH", "HL", "HH"), skips[level][0]):
                found[f"{band}{level}"] = x
        found |= {"plain": plain, "styled": styled}
        results |= {f"{name}{key}": golden.summary(x, 200) for key, x in found.items()}
    save_file({key: value.contiguous() for key, value in results.items()}, golden.OUT / "wct2.safetensors")
    for key, value in results.items():
        print(f"{key}: deviation {value[:200].std().item():.3g}, mean {value[:200].mean().item():.3g}")


if __name__ == "__main__":
    with torch.no_grad():
        main()
