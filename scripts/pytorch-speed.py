"""PyTorch's side of scripts/network-speed.mjs, which starts it: a training step of a network in both memory layouts.

    python scripts/pytorch-speed.py NETWORK BATCH THREADS

For each line on its input ("contiguous" or "channels_last") it takes one step (forward, cross entropy, backward, SGD
with Nesterov's momentum and weight decay) and prints its seconds. The networks are those of pytorch-golden.py, with
the dropout that they are trained with.
"""

import importlib.util
import sys
import time
from pathlib import Path

import torch
from torch.nn import functional as F

spec = importlib.util.spec_from_file_location("golden", Path(__file__).with_name("pytorch-golden.py"))
golden = importlib.util.module_from_spec(spec)
spec.loader.exec_module(golden)

NETWORKS = {
    "allconvnet": (golden.AllConvNet, 0.5, 32, 10),
    "wrn-40-2": (golden.WideResNet, 0, 32, 10),
    "densenet-bc-100-12": (golden.DenseNet, 0, 32, 10),
    "mobilenet-v2": (golden.MobileNetV2, 0.2, 64, 200),
}
FORMATS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


def trainer(name, batch, layout):
    build, dropout, size, classes = NETWORKS[name]
    model = build(classes=classes).to(memory_format=layout).train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = dropout
    x = golden.images_of(batch, size).contiguous(memory_format=layout)
    labels = torch.arange(batch) % classes
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4, nesterov=True)

    def step():
        started = time.perf_counter()
        optimizer.zero_grad()
        loss = F.cross_entropy(golden.run_stages(model, x)[1], labels)
        loss.backward()
        optimizer.step()
        loss.item()
        return time.perf_counter() - started

    return step


if __name__ == "__main__":
    name, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    steps = {layout: trainer(name, batch, form) for layout, form in FORMATS.items()}
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        print(steps[line.strip()](), flush=True)
