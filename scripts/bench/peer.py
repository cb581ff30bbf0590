"""PyTorch's side of a row, which scripts/bench.mjs starts.

    python scripts/bench/peer.py SPEC

SPEC is a row's `spec` as JSON with `form`, `layout`, `threads` and what our side said of the network (`facts`). It
speaks as side.mjs describes. Each work does what ours does, in the way that PyTorch's documentation advises: frozen parts
without gradients, evaluation in inference mode, tensors in the one layout throughout. Networks are those of
pytorch-golden.py.
"""

import importlib.util
import json
import sys
import time
from pathlib import Path

import torch
from torch.func import functional_call, grad, vmap
from torch.nn import functional as F

from peer_parts import HyperPatch, Patch, Probe

path = Path(__file__).parent.parent / "pytorch-golden.py"
module_spec = importlib.util.spec_from_file_location("golden", path)
golden = importlib.util.module_from_spec(module_spec)
module_spec.loader.exec_module(golden)

NETWORKS = {
    "allconvnet": (golden.AllConvNet, 0.5, 32, 10),
    "wrn-40-2": (golden.WideResNet, 0, 32, 10),
    "densenet-bc-100-12": (golden.DenseNet, 0, 32, 10),
    "mobilenet-v2": (golden.MobileNetV2, 0.2, 64, 200),
}
LAYOUTS = {"nchw": torch.contiguous_format, "nhwc": torch.channels_last}


class Setting:
    """A network with fresh weights and images for it, all in the layout of the spec."""

    def __init__(self, spec):
        torch.manual_seed(1)
        build, dropout, self.size, self.classes = NETWORKS[spec["network"]]
        self.layout = LAYOUTS[spec["layout"]]
        self.model = self.laid_out(build(classes=self.classes)).train()
        for module in self.model.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = dropout

    def frozen(self):
        """The network in evaluation, with running statistics that fit its weights: maps keep their size."""
        with torch.no_grad():
            for _ in range(20):
                golden.run_stages(self.model, self.images(8))
        self.model.eval().requires_grad_(False)
        return self

    def laid_out(self, module):
        return module.to(memory_format=self.layout)

    def images(self, count):
        return golden.images_of(count, self.size).contiguous(memory_format=self.layout)

    def bytes(self, count):
        values = torch.randint(0, 256, (count, 3, self.size, self.size), dtype=torch.uint8)
        return values.contiguous(memory_format=self.layout)

    def normalised(self, images):
        return (images.float() / 255 - 0.5) / 0.5

    def labels(self, count):
        return torch.arange(count) % self.classes

    def maps(self, x):
        """The image and the outputs of all stages."""
        return [x, *golden.run_stages(self.model, x)[0]]

    def shapes(self):
        with torch.no_grad():
            maps = self.maps(self.images(1))
        return [(before.shape[1:], after.shape[1:]) for before, after in zip(maps, maps[1:])]

    def probes(self, channels):
        parts = [Probe(after[0], channels, self.classes) for _, after in self.shapes()]
        return self.laid_out(torch.nn.ModuleList(parts))

    def patch(self, spec):
        return self.laid_out(Patch(spec["structure"], spec["facts"]["patchChannels"], self.shapes()))

    def around(self, images, stage):
        """Input and output of a stage."""
        x = images
        stages = self.model.stages()
        with torch.no_grad():
            for before in stages[:stage]:
                x = before(x)
            return x, stages[stage](x)

    def patched(self, patch, stage, before, after):
        """The network's answer with the patch on a stage."""
        x = after + patch(before, stage)
        for behind in self.model.stages()[stage + 1 :]:
            x = behind(x)
        return self.model.head(x)


def stepper(optimizer, loss_of, parameters=None, clip=None):
    def step():
        optimizer.zero_grad()
        loss = loss_of()
        loss.backward()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(parameters, clip)
        optimizer.step()
        loss.item()

    return step


def repeated(step, count):
    def round():
        for _ in range(count):
            step()

    return round


def sgd(parameters, lr, weight_decay=5e-4):
    return torch.optim.SGD(parameters, lr=lr, momentum=0.9, weight_decay=weight_decay, nesterov=True)


def train(spec):
    setting = Setting(spec)
    x, labels = setting.images(spec["batch"]), setting.labels(spec["batch"])

    def loss():
        with torch.autocast("cpu", torch.bfloat16, enabled=spec["precision"] == "bfloat16"):
            logits = golden.run_stages(setting.model, x)[1]
        return F.cross_entropy(logits.float(), labels)

    step = stepper(sgd(setting.model.parameters(), 0.01), loss)
    return step, repeated(step, spec["steps"])


def probe(spec):
    setting = Setting(spec).frozen()
    probes = setting.probes(spec["facts"]["probeChannels"])
    x, labels = setting.images(spec["batch"]), setting.labels(spec["batch"])

    def loss():
        with torch.no_grad():
            maps = setting.maps(x)[1:]
        return sum(F.cross_entropy(part(map), labels) for part, map in zip(probes, maps))

    step = stepper(sgd(probes.parameters(), 0.01), loss)
    return step, repeated(step, spec["steps"])


def fisher(spec):
    setting = Setting(spec).frozen()
    probes = setting.probes(spec["facts"]["probeChannels"]).eval().requires_grad_(False)
    stages = setting.model.stages()
    for stage in stages:
        stage.requires_grad_(True)
    counts = [sum(p.numel() for p in stage.parameters()) for stage in stages]

    def loop(x, labels):
        rows = []
        for k in range(len(x)):
            with torch.no_grad():
                inputs = setting.maps(x[k : k + 1])[:-1]
            row = []
            for stage, part, before, count in zip(stages, probes, inputs, counts):
                loss = F.cross_entropy(part(stage(before)), labels[k : k + 1])
                gradients = torch.autograd.grad(loss, tuple(stage.parameters()))
                row.append(sum(g.square().sum() for g in gradients) / count)
            rows.append(torch.stack(row))
        return torch.stack(rows)

    def vectorised(x, labels):
        columns = []
        with torch.no_grad():
            inputs = setting.maps(x)[:-1]
        for stage, part, before, count in zip(stages, probes, inputs, counts):

            def loss(parameters, image, label):
                map = functional_call(stage, parameters, (image[None],))
                return F.cross_entropy(part(map), label[None])

            parameters = {name: value.detach() for name, value in stage.named_parameters()}
            gradients = vmap(grad(loss), in_dims=(None, 0, 0))(parameters, before, labels)
            squares = sum(g.square().flatten(1).sum(1) for g in gradients.values())
            columns.append(squares / count)
        return torch.stack(columns, 1)

    def measure(count):
        x, labels = setting.images(count), setting.labels(count)
        if spec["form"] == "loop":
            return loop(x, labels)
        pieces = zip(x.split(25), labels.split(25))  # as many at once as ours
        return torch.cat([vectorised(*piece) for piece in pieces])

    return lambda: measure(min(25, spec["samples"])), lambda: measure(spec["samples"])


def hyper_patch(spec):
    setting = Setting(spec).frozen()
    space, facts = spec["space"], spec["facts"]
    with torch.no_grad():
        inputs = setting.maps(setting.images(spec["batch"]))[:-1]
    model = HyperPatch(
        space["nodes"], space["cells"], facts["patchChannels"], [x.shape[1] for x in inputs], facts["classes"]
    )
    model = setting.laid_out(model)
    labels = torch.arange(spec["batch"]) % facts["classes"]
    step = stepper(
        sgd(model.parameters(), 0.025, 0),
        lambda: F.cross_entropy(model(inputs, spec["active"]), labels),
        list(model.parameters()),
        5,
    )
    return step, repeated(step, spec["steps"])


def patch_step(spec):
    setting = Setting(spec).frozen()
    patch = setting.patch(spec)
    optimizer = torch.optim.Adam(patch.parameters(), lr=1e-3)
    x, labels = setting.images(spec["batch"]), setting.labels(spec["batch"])
    kept = [setting.around(x, stage) if count > 0 else None for stage, count in enumerate(spec["counts"])]
    order = [stage for stage, count in enumerate(spec["counts"]) for _ in range(count)]

    def round():
        for stage in order:
            before, after = kept[stage]
            loss = lambda: F.cross_entropy(setting.patched(patch, stage, before, after), labels)
            stepper(optimizer, loss)()

    return round, round


def patch_epoch(spec):
    setting = Setting(spec).frozen()
    batch = spec["batch"]

    def run(count):
        patch = setting.patch(spec)
        optimizer = torch.optim.Adam(patch.parameters(), lr=1e-3)
        labels = setting.labels(count)
        stage_of = torch.multinomial(torch.tensor(spec["spread"]), count, replacement=True)
        images = setting.bytes(count)
        both = torch.cat([images, images.flip(3)])
        clock = Clock()
        groups = [(stage_of == stage).nonzero()[:, 0] for stage in range(len(spec["spread"]))]
        kept = None
        if spec["form"] == "cached":
            kept = [keep(setting, both, torch.cat([g, g + count]), stage) for stage, g in enumerate(groups)]
        features = clock.read()
        clock = Clock()
        for stage in order_of(groups, -(-count // batch)):
            group = groups[stage]
            members = torch.randint(len(group), (batch,))
            mirrored = torch.randint(2, (batch,))
            if kept is not None:
                places = members + mirrored * len(group)
                before, after = (maps[places] for maps in kept[stage])
            else:
                x = both[group[members] + mirrored * count].contiguous(memory_format=setting.layout)
                before, after = setting.around(setting.normalised(x), stage)
            target = labels[group[members]]
            loss = lambda: F.cross_entropy(setting.patched(patch, stage, before, after), target)
            stepper(optimizer, loss)()
        epoch = clock.read()
        return {
            **{key: epoch[key] + features[key] / spec["passes"] for key in epoch},
            "parts": {"featureSeconds": features["seconds"], "epochSeconds": epoch["seconds"]},
        }

    return lambda: run(min(spec["samples"], 3 * batch)), lambda: run(spec["samples"])


def order_of(groups, steps):
    """The stage of each step, in proportion to its samples, every stage that has some at least once."""
    sizes = [len(group) for group in groups]
    counts = [max(1, steps * size // sum(sizes)) if size else 0 for size in sizes]
    while sum(counts) < steps:
        counts[max(range(len(sizes)), key=lambda i: sizes[i] / (counts[i] + 1))] += 1
    order = [stage for stage, count in enumerate(counts) for _ in range(count)]
    return [order[k] for k in torch.randperm(len(order)).tolist()]


def keep(setting, images, places, stage):
    """The maps around a stage of these images."""
    parts = [setting.around(setting.normalised(images[piece]), stage) for piece in places.split(250)]
    return [torch.cat(side).contiguous(memory_format=setting.layout) for side in zip(*parts)]


def evaluate(spec):
    setting = Setting(spec).frozen()
    facts, tile, batch = spec["facts"], spec["tile"], spec["facts"]["batch"]
    images = setting.bytes(tile).repeat(spec["images"] // tile, 1, 1, 1)
    images = images.contiguous(memory_format=setting.layout)
    flagged = torch.tensor(facts["flagged"]).repeat(spec["images"] // tile)
    stage_of = torch.tensor(facts["stage"]).repeat(spec["images"] // tile)
    probes = setting.probes(facts["probeChannels"]).eval()
    patch = setting.patch(spec).eval()
    gates = [torch.nn.Linear(facts["probeChannels"], 1) for _ in probes]

    def original(x, first):
        return golden.run_stages(setting.model, x)[1].argmax(1)

    def repaired(x, first):
        maps, logits = golden.run_stages(setting.model, x)
        classes = logits.argmax(1)
        features = [part.features(map) for part, map in zip(probes, maps)]
        scores = torch.cat([F.relu(gate(values)) for gate, values in zip(gates, features)], 1)
        # The gate's own answers are worked out and looked at; which images go on is what ours decided.
        _ = ((scores.sum(1) > 1).tolist(), scores.argmax(1).tolist())
        flags, stages = flagged[first : first + len(x)], stage_of[first : first + len(x)]
        for stage in range(len(maps)):
            chosen = ((flags == 1) & (stages == stage)).nonzero()[:, 0]
            if len(chosen):
                before = (x if stage == 0 else maps[stage - 1])[chosen]
                classes[chosen] = setting.patched(patch, stage, before, maps[stage][chosen]).argmax(1)
        return classes

    classify = repaired if spec["isRepaired"] else original

    def run(count):
        with torch.inference_mode():
            for first in range(0, count, batch):
                x = setting.normalised(images[first : first + batch])
                classify(x, first).tolist()

    return lambda: run(tile), lambda: run(spec["images"])


WORKS = {
    "train": train,
    "probe": probe,
    "fisher": fisher,
    "hyper-patch": hyper_patch,
    "patch-step": patch_step,
    "patch-epoch": patch_epoch,
    "evaluate": evaluate,
}


class Clock:
    def __init__(self):
        self.seconds, self.processor = time.perf_counter(), time.process_time()

    def read(self):
        return {
            "seconds": time.perf_counter() - self.seconds,
            "cpuSeconds": time.process_time() - self.processor,
        }


def reset_peak_memory():
    Path("/proc/self/clear_refs").write_text("5")


def peak_memory():
    """The largest resident memory since then, in bytes."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def main():
    spec = json.loads(sys.argv[1])
    torch.set_num_threads(spec["threads"])
    warm, round = WORKS[spec["work"]](spec)
    say = lambda value: print(json.dumps(value), flush=True)
    reset_peak_memory()
    say({"version": torch.__version__, "threads": torch.get_num_threads()})
    for line in sys.stdin:
        clock = Clock()
        own = (warm if line.strip() == "warm" else round)()
        measured = clock.read()
        say({**measured, "peakBytes": peak_memory(), **(own if isinstance(own, dict) else {})})


if __name__ == "__main__":
    main()
