"""Writes test/golden/pytorch-files/: files of weights as PyTorch writes them, and what PyTorch reads from them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch numpy safetensors
    /tmp/venv/bin/python scripts/pytorch-files.py

Made with PyTorch 2.2.2. The weights of AllConvNet are those of test/golden/pytorch/narrow/before.safetensors.
"""

import argparse
import json
import pickle
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn

root = Path(__file__).parent.parent / "test/golden"
out = root / "pytorch-files"
out.mkdir(parents=True, exist_ok=True)
expected = {}


def save(name, state, **options):
    """Saves a state dict and keeps what it holds, as float32 in C order."""
    torch.save(state, out / name, **options)
    expected[name] = {
        key: {"shape": list(tensor.shape), "data": tensor.detach().float().flatten().tolist()}
        for key, tensor in state.items()
    }


def numbers(*shape):
    return torch.arange(torch.Size(shape).numel(), dtype=torch.float32).reshape(shape) / 4 - 2


formats = {
    "double": numbers(2, 3).double() / 3,
    "float": numbers(2, 3) / 3,
    "half": (numbers(7) / 3).half(),
    "bfloat16": (numbers(7) / 3).bfloat16(),
    "long": torch.tensor(-391),
    "int": torch.tensor([2**31 - 1, -(2**31)], dtype=torch.int32),
    "short": torch.tensor([-300, 300], dtype=torch.int16),
    "char": torch.tensor([-128, 127], dtype=torch.int8),
    "byte": torch.tensor([0, 255], dtype=torch.uint8),
    "bool": torch.tensor([True, False]),
    "empty": torch.zeros(0, 3),
}
for protocol in (2, 3, 4, 5):
    save(f"formats-protocol-{protocol}.pt", formats, pickle_protocol=protocol)

base = numbers(4, 3, 2)
save(
    "views.pt",
    {
        "base": base,
        "row": base[1],
        "turned": base.permute(2, 0, 1),
        "every third": base.flatten()[1::3],
        "repeated": base[0, 0, :1].expand(2, 3),
        "channels last": numbers(2, 3, 2, 2).contiguous(memory_format=torch.channels_last),
        "parameter": nn.Parameter(base[:, 1]),
    },
)

# As the training script of AugMix saves: names of DataParallel, and other things beside the weights.
weights = load_file(root / "pytorch/narrow/before.safetensors")
state = OrderedDict((f"module.{name}", tensor) for name, tensor in weights.items())
state._metadata = OrderedDict([("", {"version": 1}), ("module", {"version": 1})])  # as nn.Module's has
bias = nn.Parameter(weights["classifier.bias"].clone())
optimizer = torch.optim.SGD([bias], lr=0.1, momentum=0.9)
bias.sum().backward()
optimizer.step()
torch.save(
    {
        "epoch": 99,
        "model": "allconv",
        "args": argparse.Namespace(model="allconv", epochs=100),
        "state_dict": state,
        "best_acc": np.float64(0.93),
        "optimizer": optimizer.state_dict(),
    },
    out / "checkpoint.pth.tar",
)
save_file({name: t.half() if t.is_floating_point() else t for name, t in weights.items()}, out / "half.safetensors")

# What is not read.
torch.save({"weight": numbers(2)}, out / "old.pth", _use_new_zipfile_serialization=False)
torch.jit.save(torch.jit.script(nn.Linear(2, 1)), out / "script.pt")
torch.save(nn.Linear(2, 1), out / "whole-model.pt")


class RunsACommand:
    """Loaded by Python, this would leave a file behind."""

    def __reduce__(self):
        import os

        return os.system, ("touch patchnas-was-here",)


for protocol in (2, 4):
    torch.save({"weight": numbers(2), "x": RunsACommand()}, out / f"command-{protocol}.pt", pickle_protocol=protocol)

(out / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")

# One value in every protocol of pickle, for the reader of pickles alone.
value = {
    "none": None,
    "booleans": [True, False],
    "whole": [0, -1, 255, 256, 65535, 65536, -(2**31), 2**53 - 1, -(2**53), 2**70, -(2**2100)],
    "floats": [0.1, -2.5e300, float("inf"), float("-inf")],
    "texts": ["", "a'b\"c\\d\n", "é€😀", "x" * 300],
    "bytes": bytes(range(256)) + bytes(300),
    "bytearray": bytearray(b"ab"),
    "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
    "many": list(range(1100)),
    "set": {7},
    "frozen": frozenset([8]),
    3: {},
}
value["again"] = value["tuples"]
value["itself"] = value
pickles = root / "pickle"
pickles.mkdir(exist_ok=True)
for protocol in range(6):
    (pickles / f"protocol-{protocol}.pkl").write_bytes(pickle.dumps(value, protocol=protocol))
