"""Training loops of a user: each writes a store with one thing to see in its report."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import gandiag
from gandiag.monitoring.never_raises import MonitorWarning
from gandiag.store.results import Results

from .recorded import MonitorStores

Floats = NDArray[np.float64]

ANGLES = 2 * np.pi * np.arange(8) / 8
RING = 2 * np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)


def ring(rng: np.random.Generator, n: int, modes: int = 8) -> Floats:
    """Points of some of eight narrow modes in a circle, shape [n, 2]."""
    return np.asarray(RING[rng.integers(modes, size=n)] + 0.05 * rng.normal(size=(n, 2)))


def modes(*, fake: Floats) -> Any:
    """How much of the circle is there."""
    return gandiag.metrics.mode_coverage(fake=fake, centres=RING, std=0.05)


def on_the_line(monitor_stores: MonitorStores) -> Results:
    """Seed 1 collapses at two thirds of its way."""

    def made(seed: int, part: float, rng: np.random.Generator) -> Floats:
        wide = 0.04 if seed == 1 and part > 0.66 else 0.5
        return 4 - 3 * np.exp(-8 * part) + wide * rng.normal(size=1000)

    real = np.random.default_rng(1).normal(4, 0.5, 3000)
    rule = {"mean": (3.75, 4.25), "std": (0.4, 0.6)}
    return monitor_stores.store("line", made, real=real, seeds=3, success=rule, iterations=1000)


def two_modes(monitor_stores: MonitorStores) -> Results:
    """Real samples of two narrow modes; the seeds have one of them."""
    rng = np.random.default_rng(2)
    real = np.concatenate([rng.normal(-2, 0.1, 900), rng.normal(3, 0.3, 1100)])

    def made(seed: int, part: float, rng: np.random.Generator) -> Floats:
        return rng.normal(-2 if seed else 3, 0.2, (1000, 1))

    return monitor_stores.store("two-modes", made, real=real)


def in_the_plane(monitor_stores: MonitorStores) -> Results:
    """Of eight modes seed 1 keeps one."""

    def made(seed: int, part: float, rng: np.random.Generator) -> Floats:
        return ring(rng, 1000, 1 if seed == 1 and part > 0.5 else 8) * min(1, 0.2 + 2 * part)

    def logged(seed: int, part: float) -> Mapping[str, float]:
        return {"d_loss": 1.3, "g_loss": 0.7, "lr": 2e-4, "grad norm": 1 / (0.1 + part)}

    real = ring(np.random.default_rng(3), 3000)
    return monitor_stores.store(
        "ring", made, real=real, metrics={"modes": modes}, logged=logged, seeds=3
    )


def vectors(monitor_stores: MonitorStores) -> Results:
    """Five coordinates, with options."""
    mixing = np.random.default_rng(4).normal(size=(5, 5))

    def made(seed: int, part: float, rng: np.random.Generator) -> Floats:
        return np.asarray((0.2 + 0.8 * part) * rng.normal(size=(800, 5)) @ mixing)

    real = np.random.default_rng(5).normal(size=(2000, 5)) @ mixing
    options = {"lr": 2e-4, "betas": (0.5, 0.999), "where": "/home/ada/data", "note": 'a "b"'}
    return monitor_stores.store("vectors", made, real=real, options=options)


def blobs(rng: np.random.Generator, n: int, size: int, few: int | None = None) -> Floats:
    """Images [n, size, size] of a bright spot; of a few places only, if so."""
    places = rng.uniform(0.2, 0.8, size=(n, 2)) if few is None else np.full((n, 2), 0.35)
    y, x = np.mgrid[:size, :size] / size
    away = (x - places[:, :1, None]) ** 2 + (y - places[:, 1:, None]) ** 2
    return np.asarray(np.exp(-away / 0.02))


def digits(monitor_stores: MonitorStores) -> Results:
    """Images [28, 28] from 0 to 1; seed 1 makes always the same."""

    def made(seed: int, part: float, rng: np.random.Generator) -> Floats:
        noise = 0.3 * (1 - part) * rng.random((60, 28, 28))
        return blobs(rng, 60, 28, 1 if seed == 1 and part > 0.4 else None) * 0.9 + noise

    real = blobs(np.random.default_rng(6), 400, 28)
    return monitor_stores.store("digits", made, real=real, seeds=3)


def colours(monitor_stores: MonitorStores) -> Results:
    """Images [3, 16, 16] from -1 to 1."""

    def coloured(rng: np.random.Generator, n: int) -> Floats:
        return np.asarray(2 * blobs(rng, n, 16)[:, None] * rng.random((n, 3, 1, 1)) - 1)

    def made(seed: int, part: float, rng: np.random.Generator) -> Floats:
        return coloured(rng, 60)

    return monitor_stores.store("colours", made, real=coloured(np.random.default_rng(7), 300))


def alone(monitor_stores: MonitorStores) -> Results:
    """The data are unknown."""
    return monitor_stores.store("alone", lambda seed, part, rng: rng.normal(size=(500, 2)))


def without_samples(monitor_stores: MonitorStores) -> Results:
    """Losses and other numbers alone."""

    def logged(seed: int, part: float) -> Mapping[str, float]:
        parts = {"d_loss_real": 0.6, "d_loss_fake": 0.5 + part}
        return {"d_loss": 1.0 + part, "g_loss": 2.0, "fid": 300 * np.exp(-part)} | parts

    return monitor_stores.store("scalars", None, logged=logged)


def diverged(monitor_stores: MonitorStores) -> Results:
    """Seed 1 is not finite from two fifths of the way on."""

    def made(seed: int, part: float, rng: np.random.Generator) -> Floats:
        return rng.normal(size=600) * (np.nan if seed == 1 and part > 0.4 else 1.0)

    def logged(seed: int, part: float) -> Mapping[str, float]:
        return {"d_loss": np.inf if seed == 1 and part > 0.4 else 1.3, "g_loss": 0.7}

    real = np.random.default_rng(8).normal(size=1000)
    return monitor_stores.store(
        "diverged", made, real=real, logged=logged, success={"std": (0.8, None)}
    )


def quiet(monitor_stores: MonitorStores) -> Results:
    """Nothing but messages: a metric fails, a scalar is none, and then the disk is full."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MonitorWarning)
        _complain(monitor_stores.directory / "quiet")
    return gandiag.load(monitor_stores.directory / "quiet")


def _complain(directory: Path) -> None:
    def broken(*, fake: Floats) -> float:
        raise OSError("no such file: /home/ada/classifier.pt")

    def full(row: Any) -> None:
        raise OSError("no space left on device")

    monitor = gandiag.Monitor(directory, real=np.eye(50, 2), metrics={"fid": broken})
    for step in range(300):
        monitor.log(step, d_loss=0.5, g_loss=np.zeros(3))
        if monitor.wants_samples(step):
            monitor.log_samples(step, fake=np.random.default_rng(step).normal(size=(60, 2)))
    monitor._sink.append = full  # type: ignore[method-assign]
    monitor.log_samples(301, fake=np.zeros((60, 2)))


LOOPS: Mapping[str, Callable[[MonitorStores], Results]] = {
    made.__name__: made
    for made in (
        *(on_the_line, two_modes, in_the_plane, vectors, digits, colours, alone),
        *(without_samples, diverged, quiet),
    )
}
