#!/usr/bin/env python3
"""The yardstick: the work of `tomoloupe-cli bench train` written the usual way in eager PyTorch, on the CPU.

Prints JSON with the keys of `tomoloupe-cli bench train --json`:
  augmentation  one view each of a batch: per-slice crop by area and affine map, one volume after the other as
                torchvision does it (torchvision itself is not in Debian)
  step          a whole MoCo step: two augmented views, both encoders, loss, backward, Adam, momentum update, queue
  inference     class probabilities of a batch of 64
Debian: apt install python3-torch; run with /usr/bin/python3.
"""
import argparse
import copy
import json
import math
import random
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F

SIDE = 32
BATCH = 16
INFERENCE_BATCH = 64
QUEUE = 128
PROJECTION = 128
TEMPERATURE = 0.2
MOMENTUM = 0.999
DROPOUT = 0.0  # the program's default; anything else would compare different work


class Block(nn.Module):
    def __init__(self, width=64, dropout=DROPOUT):
        super().__init__()
        half = width // 2
        self.left = nn.Sequential(nn.Conv3d(width, half, 1), nn.ReLU(), nn.Conv3d(half, width, 3, padding=1), nn.ReLU(),
                                  nn.Conv3d(width, half, 1), nn.Dropout(dropout))
        self.right = nn.Sequential(nn.Conv3d(width, half, 3, padding=1), nn.ReLU())

    def forward(self, x):
        return F.relu(torch.cat((self.left(x), self.right(x)), 1))


def rb3d(outputs):
    """RB3D of the paper (docs/method.md): 35,130,954 parameters with ten outputs."""
    flat = 64 * (SIDE // 4) ** 3
    return nn.Sequential(
        nn.Conv3d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool3d(2),
        nn.Conv3d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool3d(2),
        Block(), Block(), Block(), Block(), nn.Flatten(),
        nn.Linear(flat, 1024), nn.ReLU(), nn.Dropout(DROPOUT),
        nn.Linear(1024, 1024), nn.ReLU(), nn.Dropout(DROPOUT), nn.Linear(1024, outputs))


def resized_crop(volume):
    """RandomResizedCrop(SIDE, scale=(0.5, 1), ratio=(1, 1)); the slices of [D, H, W] are the channels of one picture."""
    side = round(math.sqrt(random.uniform(0.5, 1)) * SIDE)
    y, x = random.randint(0, SIDE - side), random.randint(0, SIDE - side)
    part = volume[None, :, y:y + side, x:x + side]
    return F.interpolate(part, size=(SIDE, SIDE), mode="bilinear", align_corners=False)[0]


def affine(volume):
    """RandomAffine(degrees=45, translate=(0.1, 0.1), scale=(0.9, 1.1))."""
    angle = math.radians(random.uniform(-45, 45))
    tx, ty = (round(random.uniform(-0.1 * SIDE, 0.1 * SIDE)) for _ in range(2))
    scale = random.uniform(0.9, 1.1)
    c, s = math.cos(angle) / scale, math.sin(angle) / scale
    shift_x, shift_y = 2 * tx / SIDE, 2 * ty / SIDE
    theta = torch.tensor([[[c, s, -(c * shift_x + s * shift_y)], [-s, c, s * shift_x - c * shift_y]]])
    grid = F.affine_grid(theta, (1, SIDE, SIDE, SIDE), align_corners=False)
    return F.grid_sample(volume[None], grid, mode="bilinear", padding_mode="zeros", align_corners=False)[0]


def augment(volumes):
    views = []
    for volume in volumes[:, 0]:
        if random.random() < 0.5:
            volume = resized_crop(volume)
        if random.random() < 0.5:
            volume = affine(volume)
        views.append(volume)
    return torch.stack(views)[:, None]


class Moco:
    def __init__(self, autocast):
        self.autocast = autocast
        self.query = rb3d(PROJECTION)
        self.key = copy.deepcopy(self.query)
        for parameter in self.key.parameters():
            parameter.requires_grad = False
        self.queue = F.normalize(torch.randn(PROJECTION, QUEUE), dim=0)
        self.position = 0
        self.optimiser = torch.optim.Adam(self.query.parameters(), lr=1e-4, weight_decay=1e-4)

    def encoded(self, network, view):
        with self.autocast():
            return network(view).float()

    def step(self, query_view, key_view):
        with torch.no_grad():
            for mine, slow in zip(self.query.parameters(), self.key.parameters()):
                slow.mul_(MOMENTUM).add_(mine, alpha=1 - MOMENTUM)
            keys = F.normalize(self.encoded(self.key, key_view), dim=1)
        q = F.normalize(self.encoded(self.query, query_view), dim=1)
        logits = torch.cat(((q * keys).sum(1, keepdim=True), q @ self.queue), 1) / TEMPERATURE
        loss = F.cross_entropy(logits, torch.zeros(len(q), dtype=torch.long))
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        self.queue[:, self.position:self.position + len(keys)] = keys.t()
        self.position = (self.position + len(keys)) % QUEUE


def median_ms(work, warm_up, repeats):
    for _ in range(warm_up):
        work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    random.seed(1)

    assert sum(p.numel() for p in rb3d(10).parameters()) == 35130954
    volumes = torch.randn(BATCH, 1, SIDE, SIDE, SIDE)

    def autocast():
        return torch.autocast("cpu", dtype=torch.bfloat16, enabled=arguments.precision == "bfloat16")

    moco = Moco(autocast)
    classifier = rb3d(10).eval()
    many = torch.randn(INFERENCE_BATCH, 1, SIDE, SIDE, SIDE)

    def infer():
        with torch.no_grad(), autocast():
            classifier(many).softmax(1)

    with torch.no_grad():
        augmentation = median_ms(lambda: augment(volumes), 3, 3 * arguments.repeats)
    step = median_ms(lambda: moco.step(augment(volumes), augment(volumes)), 3, arguments.repeats)
    inference = median_ms(infer, 2, max(3, arguments.repeats // 2))
    print(json.dumps({
        "augmentation_ms": augmentation, "augmentation_volumes_per_s": 1000 * BATCH / augmentation,
        "step_ms": step, "step_volumes_per_s": 1000 * BATCH / step,
        "inference_ms": inference, "inference_volumes_per_s": 1000 * INFERENCE_BATCH / inference,
        "precision": arguments.precision, "threads": arguments.threads, "libtorch": torch.__version__}, indent=2))


if __name__ == "__main__":
    main()
