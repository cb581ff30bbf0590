"""Probe, patch and hyper-patch in PyTorch, as docs/method.md describes them: every operation of a cell is a module."""

import math

import torch
from torch import nn
from torch.nn import functional as F

OPERATIONS = ("conv1x1", "conv3x3", "sepconv1x1", "sepconv3x3", "maxpool3x3", "avgpool3x3", "identity")


class Probe(nn.Module):
    def __init__(self, inputs, channels, classes):
        super().__init__()
        self.conv = nn.Conv2d(inputs, channels, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        self.classifier = nn.Linear(channels, classes)

    def features(self, x):
        return F.relu(self.norm(self.conv(x))).mean((2, 3))

    def forward(self, x):
        return self.classifier(self.features(x))


def operation(name, channels):
    size = int(name[-1]) if name != "identity" else 0
    if name == "identity":
        return nn.Identity()
    if name == "maxpool3x3":
        return nn.MaxPool2d(3, 1, 1)
    if name == "avgpool3x3":
        return nn.AvgPool2d(3, 1, 1, count_include_pad=False)
    pad = size // 2
    if name.startswith("sep"):
        return nn.Sequential(
            nn.ReLU(),
            nn.Conv2d(channels, channels, size, padding=pad, groups=channels, bias=False),
            nn.Conv2d(channels, channels, 1, bias=False),
        )
    return nn.Sequential(nn.ReLU(), nn.Conv2d(channels, channels, size, padding=pad, bias=False))


class Norms(nn.ModuleList):
    """Norms without scale or shift; with `stages`, running statistics for each stage of the network."""

    def __init__(self, channels, stages):
        kept = stages > 0
        super().__init__(
            [nn.BatchNorm2d(channels, affine=False, track_running_stats=kept) for _ in range(max(1, stages))]
        )

    def forward(self, x, stage):
        return self[stage if len(self) > 1 else 0](x)


class Edge(nn.Module):
    """The normed sum of the normed operations."""

    def __init__(self, names, channels, stages):
        super().__init__()
        self.operations = nn.ModuleDict({name: operation(name, channels) for name in names})
        self.norms = nn.ModuleDict({name: Norms(channels, stages) for name in names})
        self.norm = Norms(channels, stages)

    def forward(self, x, names, stage):
        return self.norm(sum(self.norms[name](self.operations[name](x), stage) for name in names), stage)


class Body(nn.Module):
    """Cells in a row; `available` is the structure that it has modules for."""

    def __init__(self, available, channels, stages):
        super().__init__()
        self.nodes = available["nodes"]
        self.width = (self.nodes - 1) * channels
        self.cells = nn.ModuleList(
            nn.ModuleDict(
                {self.key(edge): Edge(edge["operations"], channels, stages) for edge in cell if edge["operations"]}
            )
            for cell in available["cells"]
        )
        between = [nn.Conv2d(self.width, channels, 1, bias=False) for _ in available["cells"][1:]]
        self.between = nn.ModuleList(between)

    @staticmethod
    def key(edge):
        return f"{edge['from']}-{edge['to']}"

    def forward(self, x, structure, stage=0):
        for i, cell in enumerate(structure["cells"]):
            nodes = [self.between[i - 1](x) if i > 0 else x]
            for to in range(2, self.nodes + 1):
                incoming = [edge for edge in cell if edge["to"] == to and edge["operations"]]
                parts = [
                    self.cells[i][self.key(edge)](nodes[edge["from"] - 1], edge["operations"], stage)
                    for edge in incoming
                ]
                nodes.append(sum(parts))
            x = torch.cat(nodes[1:], 1)
        return x


def everything(nodes, cells):
    pairs = [(start, end) for end in range(2, nodes + 1) for start in range(1, end)]
    cell = [{"from": start, "to": end, "operations": OPERATIONS} for start, end in pairs]
    return {"nodes": nodes, "cells": [cell] * cells}


class Patch(nn.Module):
    """Added to a stage's output; `shapes` are those of the stages' inputs and outputs, [channels, height, width]."""

    def __init__(self, structure, channels, shapes):
        super().__init__()
        self.structure = structure
        self.body = Body(structure, channels, len(shapes))
        self.inputs = nn.ModuleList(nn.Conv2d(before[0], channels, 1, bias=False) for before, _ in shapes)
        aligns, self.pads = [], []
        for before, after in shapes:
            stride = max(1, math.ceil(before[1] / after[1]))
            missing = after[1] - math.ceil(before[1] / stride)
            aligns.append(nn.Conv2d(self.body.width, after[0], 1, stride, bias=False))
            self.pads.append((missing // 2, missing - missing // 2) * 2)
        self.aligns = nn.ModuleList(aligns)

    def forward(self, x, stage):
        correction = self.aligns[stage](self.body(self.inputs[stage](x), self.structure, stage))
        pad = self.pads[stage]
        return F.pad(correction, pad) if any(pad) else correction


class HyperPatch(nn.Module):
    def __init__(self, nodes, cells, channels, input_channels, classes):
        super().__init__()
        self.body = Body(everything(nodes, cells), channels, 0)
        self.inputs = nn.ModuleList(nn.Conv2d(inputs, channels, 1, bias=False) for inputs in input_channels)
        self.classifiers = nn.ModuleList(nn.Linear(self.body.width, classes) for _ in input_channels)

    def forward(self, inputs, active):
        return sum(
            classifier(self.body(conv(x), active).mean((2, 3)))
            for x, conv, classifier in zip(inputs, self.inputs, self.classifiers)
        )
