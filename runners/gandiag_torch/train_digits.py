"""Trains the digit classifier that gandiag ships: ``python -m gandiag_torch.train_digits``.

It reads the four files of MNIST, takes about a minute on one core, and writes the weights in
half precision with all that was measured of them. The same machine and the same PyTorch make the
same file, byte by byte.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from gandiag.data.digit_files import DATA_VARIABLE, load_digits
from gandiag.digits import CLASSES, Network, archive, class_variances, read
from gandiag.digits.network import KERNEL, SIDE, STRIDE

VERSION = 1
"""Of the classifier: increase it when a change here changes the result."""

TRAINING = 60_000
"""How many of the images are training images; the other 10,000 are the test images."""

HELD_OUT = 5000
"""The first images of the training file: the epoch is chosen on them."""

EVERY = 4
"""Of the test images one in so many has its features shipped."""

Images = NDArray[np.float32]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Recipe:
    """How it is trained: by Adam, with a learning rate that falls to 0 as half a cosine.

    Attributes:
        seed: Of weights, order and variations.
        epochs: The number of passes over the images.
        batch: Images an update.
        learning_rate: At the start.
        turn: By how much an image is turned at most, in radians.
        shear: The same of a shear.
        scale: The same of its size, as a share.
        shift: The same of its place, in pixels, either way.
        binarised: The share of the images that are made black and white, each pixel drawn
            with its grey as the probability: the data of some presets are like that.
    """

    seed: int = 0
    epochs: int = 15
    batch: int = 128
    learning_rate: float = 2e-3
    turn: float = 0.2
    shear: float = 0.15
    scale: float = 0.12
    shift: float = 2.0
    binarised: float = 0.25


def main() -> None:
    """Trains, measures, writes, and prints the result."""
    parser = argparse.ArgumentParser(prog="train_digits", description=__doc__)
    parser.add_argument("--data", required=True, help="where the four files of MNIST are")
    parser.add_argument("--out", type=Path, required=True, help="the .npz to write")
    asked = parser.parse_args()
    os.environ[DATA_VARIABLE] = asked.data
    images, labels = digits_of()
    network, story = trained(Recipe(), images[:TRAINING], labels[:TRAINING])
    arrays = measurements(network, images[TRAINING:], labels[TRAINING:])
    counts = np.bincount(labels[:TRAINING], minlength=CLASSES)
    arrays |= {name: weight.astype(np.float16) for name, weight in vars(network).items()}
    arrays |= {"frequencies": counts / counts.sum(), "recipe": np.array(json.dumps(story))}
    archive.write(asked.out, arrays)
    made = read(asked.out)
    print(f"accuracy {made.reference.accuracy:.4f}, score {made.reference.score:.3f}")
    print(f"{story}\n{asked.out}: {asked.out.stat().st_size} bytes, sha256 {made.hash}")


def digits_of() -> tuple[Images, Labels]:
    """All images [70000, 28, 28] from 0 to 1, and their labels; the test images last."""
    digits = load_digits("mnist")
    images = (digits.images / 255).astype(np.float32)
    return images.reshape(-1, SIDE, SIDE), digits.labels.astype(np.int64)


def trained(recipe: Recipe, images: Images, labels: Labels) -> tuple[Network, dict[str, Any]]:
    """The network of the best epoch, as it is shipped, and how it came about."""
    torch.set_num_threads(1)  # sums differ with the number of threads
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(recipe.seed)
    pixels, truth = torch.from_numpy(images)[:, None], torch.from_numpy(labels)
    net = modules()
    by_score: dict[float, tuple[Network, int]] = {}
    for epoch in epochs(recipe, net, pixels[HELD_OUT:], truth[HELD_OUT:]):
        network = shipped(net, images[:HELD_OUT])
        score = accuracy(network, images[:HELD_OUT], labels[:HELD_OUT])
        print(f"epoch {epoch}: {score:.4f} of the {HELD_OUT} held out", flush=True)
        by_score[score] = network, epoch
    network, epoch = by_score[max(by_score)]
    facts = {"version": VERSION, "script": "gandiag_torch.train_digits", "epoch": epoch}
    return network, facts | asdict(recipe) | {"torch": torch.__version__}


def modules() -> nn.Sequential:
    """The classifier as PyTorch's modules, with the weights that the seed begins with."""
    return nn.Sequential(
        nn.Conv2d(1, 12, KERNEL, STRIDE),
        nn.ReLU(),
        nn.Conv2d(12, 32, KERNEL, STRIDE),
        nn.ReLU(),
        ChannelsLast(),
        nn.Linear(4 * 4 * 32, 64),
        nn.ReLU(),
        nn.Linear(64, CLASSES),
    )


class ChannelsLast(nn.Module):
    """Lays [n, channel, row, column] out flat as row, column, channel."""

    def forward(self, x: Tensor) -> Tensor:
        """[n, row · column · channel]."""
        return x.permute(0, 2, 3, 1).flatten(1)


def epochs(recipe: Recipe, net: nn.Module, images: Tensor, labels: Tensor) -> Iterator[int]:
    """Trains; yields after each epoch."""
    steps = len(images) // recipe.batch
    optimizer = torch.optim.Adam(net.parameters(), recipe.learning_rate)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, recipe.epochs * steps)
    for epoch in range(1, recipe.epochs + 1):
        order = torch.randperm(len(images))[: steps * recipe.batch]
        for chosen in order.view(steps, recipe.batch):
            optimizer.zero_grad()
            answers = net(varied(recipe, images[chosen]))
            functional.cross_entropy(answers, labels[chosen]).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            falling.step()
        yield epoch


def varied(recipe: Recipe, images: Tensor) -> Tensor:
    """The images [n, 1, 28, 28] turned, sheared, scaled and shifted, some black and white."""
    n = len(images)

    def within(limit: float) -> Tensor:
        return (2 * torch.rand(n) - 1) * limit

    turn, size = within(recipe.turn), 1 + within(recipe.scale)
    cos, sin, shear = turn.cos() / size, turn.sin() / size, within(recipe.shear)
    x, y = (within(recipe.shift / 14) for _ in range(2))  # where the image is 2 wide
    maps = torch.stack([torch.stack([cos, shear - sin, x], 1), torch.stack([sin, cos, y], 1)], 1)
    where = functional.affine_grid(maps, list(images.shape), align_corners=False)
    moved = functional.grid_sample(images, where, align_corners=False).clamp(0, 1)
    chosen = torch.rand(n, 1, 1, 1) < recipe.binarised
    return torch.where(chosen, torch.bernoulli(moved), moved)


def shipped(net: nn.Sequential, images: Images) -> Network:
    """The weights in half precision, with features of a mean variance of 1 on the images.

    A ReLU carries a factor through: the features' layer is divided by it, the last multiplied.
    """
    own = {name: weight.detach().numpy() for name, weight in net.state_dict().items()}
    network = Network(
        first=own["0.weight"][:, 0].transpose(1, 2, 0),
        first_bias=own["0.bias"],
        second=own["2.weight"].transpose(2, 3, 1, 0),
        second_bias=own["2.bias"],
        dense=own["5.weight"].T,
        dense_bias=own["5.bias"],
        last=own["7.weight"].T,
        last_bias=own["7.bias"],
    )
    wide = np.sqrt(network.predict(images).features.var(axis=0).mean())
    network = replace(
        network,
        dense=network.dense / wide,
        dense_bias=network.dense_bias / wide,
        last=network.last * wide,
    )
    halves = {name: np.asarray(w, np.float16, copy=True) for name, w in vars(network).items()}
    return Network(**{name: weight.astype(np.float32) for name, weight in halves.items()})


def accuracy(network: Network, images: Images, labels: Labels) -> float:
    """The share of the images that are classified correctly."""
    return float((network.predict(images).probabilities.argmax(axis=1) == labels).mean())


def measurements(network: Network, images: Images, labels: Labels) -> dict[str, NDArray[Any]]:
    """What the test images read."""
    prediction = network.predict(images)
    taken = prediction.probabilities.argmax(axis=1)
    confusion = np.zeros((CLASSES, CLASSES), np.int64)
    np.add.at(confusion, (labels, taken), 1)
    return {
        "confusion": confusion,
        "accuracy_binarised": np.array(accuracy(network, drawn(images), labels)),
        "score": np.array(score(prediction.probabilities)),
        "variances": class_variances(prediction.features, taken, CLASSES)[0],
        "features": prediction.features[::EVERY].astype(np.float16),
    }


def drawn(images: Images) -> Images:
    """The images black and white, each pixel drawn with its grey as the probability."""
    return (np.random.default_rng(0).random(images.shape) < images).astype(np.float32)


def score(probabilities: NDArray[np.float64]) -> float:
    """The classifier score exp(E KL(p(y|x) || p(y))) of probabilities [n, class]."""
    sure = np.maximum(probabilities, np.finfo(np.float64).tiny)
    each = (sure * np.log(sure / sure.mean(axis=0))).sum(axis=1)
    return float(np.exp(each.mean()))


if __name__ == "__main__":
    main()
