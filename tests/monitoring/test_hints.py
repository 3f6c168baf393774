"""Planted bugs in a small training are told once; healthy starts are left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

import gandiag
from gandiag.data.samples import Samples
from gandiag.monitoring.hints import collector
from gandiag.monitoring.hints.collector import Hints
from gandiag.monitoring.never_raises import MonitorWarning

from .loops import Expect, notes
from .tiny_gan import LATENT, Loop, warnings_of

RNG = np.random.default_rng(0)
DIGITS = load_digits().images.reshape(-1, 64) / 16.0
BORDERED = np.pad(DIGITS.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1))).reshape(-1, 100)
TABLE = RNG.normal(size=(2000, 5))
LINE = RNG.normal(1.0, 0.5, (2000, 1))
ANGLE = RNG.integers(8, size=2000) * np.pi / 4
RING = 2 * np.stack([np.cos(ANGLE), np.sin(ANGLE)], 1) + 0.05 * RNG.normal(size=(2000, 2))
COLUMN = np.c_[TABLE, RNG.normal(40.0, 1.0, 2000)]
MIXED = np.c_[TABLE[:, :2], RNG.random((2000, 2)) < 0.3, np.full(2000, 7.0), RNG.poisson(3, 2000)]
SKEWED = np.c_[RNG.lognormal(0, 1, 2000), RNG.lognormal(1, 1.5, 2000), TABLE[:, 0]]
SCALED = TABLE * [100, 1, 1, 10, 0.01] + [50, 0, 0, 5, 0]
FIXED = RNG.normal(size=(200, LATENT))

BUGS: dict[str, tuple[Loop, str]] = {
    "digits in [0, 1], tanh": (Loop(DIGITS, output="tanh"), "real has values from 0 to 1 and fake"),
    "digits in [-1, 1], sigmoid": (Loop(2 * DIGITS - 1, output="sigmoid"), "from -1 to 1 and fake"),
    "bytes, tanh": (Loop(np.round(255 * DIGITS), output="tanh"), "from 0 to 255 and fake from -"),
    "a wide table, tanh": (Loop(2 * TABLE, output="tanh"), "and fake from -1 to 1, which"),
    "a mean of 4, tanh": (Loop(LINE + 3, output="tanh"), "real has values from 2"),
    "data of the monitor in another range": (
        Loop(2 * DIGITS - 1, output="tanh", monitored=DIGITS), "real has values from 0 to 1",
    ),
    "samples as bytes": (
        Loop(2 * DIGITS - 1, output="tanh", logged=lambda x: (x + 1) * 127.5), "from -1 to 1",
    ),
    "rounded": (Loop(TABLE, logged=lambda x: np.round(255 * x) / 255), "all columns of fake"),
    "one rounded column": (
        Loop(TABLE, logged=lambda x: np.c_[x[:, :3], np.round(255 * x[:, 3:4]) / 255, x[:, 4:]]),
        "column 3 (of 0 to 4) of fake",
    ),
    "a ReLU at the end": (Loop(RNG.gamma(9, size=(2000, 5)), output="relu", seed=1,
        logged=lambda x: np.where(np.arange(5) < 1, 0, x)), "are exactly 0"),
    "a column that is not made": (
        Loop(COLUMN, logged=lambda x: np.c_[x[:, :5], 0.1 * x[:, :1]]),
        "column 5 (of 0 to 5) alone tells real from fake",
    ),
    "swapped labels": (Loop(TABLE, g_label=0), "d_loss and g_loss are both almost 0"),
    "losses of 0": (Loop(TABLE, losses=lambda d, g: (0.0, 0.0)), "have been exactly 0"),
    "a loss that never changes": (Loop(TABLE, losses=lambda d, g: (d, 0.7)), "g_loss has been 0.7"),
    "G without updates": (Loop(TABLE, count="no G"), "G had no update in 450 steps while D had"),
    "G frozen": (
        Loop(TABLE, g_frozen=True, latents=lambda rng: FIXED), "the same to the last bit",
    ),
    "one latent for all": (
        Loop(TABLE, latents=lambda rng: np.repeat(rng.normal(size=(1, LATENT)), 200, axis=0)),
        "are equal, at every log point",
    ),
    "latents repeated": (
        Loop(TABLE, latents=lambda rng: np.tile(rng.normal(size=(50, LATENT)), (4, 1))),
        "only 50 of 200 samples of fake are different",
    ),
}  # fmt: skip

HEALTHY: dict[str, Callable[[int], Loop]] = {
    "a normal": lambda seed: Loop(LINE, seed=seed),
    "a ring": lambda seed: Loop(RING, seed=seed),
    "a uniform": lambda seed: Loop(RNG.random((2000, 1)), seed=seed, output="sigmoid"),
    "a table": lambda seed: Loop(TABLE, seed=seed, every=10),
    "binary, constant and count columns": lambda seed: Loop(MIXED, seed=seed),
    "lognormal columns": lambda seed: Loop(SKEWED, seed=seed),
    "columns of other scales": lambda seed: Loop(SCALED, seed=seed),
    "digits": lambda seed: Loop(2 * DIGITS - 1, seed=seed, output="tanh"),
    "digits with borders": lambda seed: Loop(BORDERED, seed=seed, output="sigmoid"),
    "digits, no output function": lambda seed: Loop(DIGITS, seed=seed),
    "D alone at first": lambda seed: Loop(
        TABLE, seed=seed, warm_up=100, latents=lambda rng: FIXED, every=20
    ),
    "a slow start": lambda seed: Loop(TABLE + 3, seed=seed, rate=1e-5),
}


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_told_once(bug: str) -> None:
    loop, sentence = BUGS[bug]
    said = warnings_of(loop)
    assert sum(sentence in message for message in said) == 1
    assert len(said) == 1


@pytest.mark.parametrize(
    "seed", [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("start", HEALTHY)
def test_nothing_is_said_of_a_healthy_start(start: str, seed: int) -> None:
    assert warnings_of(HEALTHY[start](seed), 401) == []


def test_a_hint_is_noted_with_the_run(home: Path, expect_warning: Expect) -> None:
    expect_warning("g_loss has been 0.7 at every step")
    loop = Loop(TABLE, losses=lambda d, g: (d, 0.7))
    with gandiag.Monitor(home, real=TABLE, every=50) as monitor:
        loop.run(monitor, 501)
    assert "is logged again and again" in notes(home)["monitor: g_loss"]


def test_the_training_is_the_same_with_a_monitor() -> None:
    watched, alone = (Loop(TABLE, g_label=0) for _ in range(2))
    with pytest.warns(MonitorWarning), gandiag.Monitor(None, real=TABLE, every=50) as monitor:
        watched.run(monitor, 501)
    for step in range(501):
        alone.step(step)
    for one, other in zip(watched.g.weights, alone.g.weights, strict=True):
        np.testing.assert_array_equal(one, other)


def feed(hints: Hints, fake: Any, points: int, first: int = 0) -> None:
    samples = Samples(np.asarray(fake, np.float32))
    for point in range(first, first + points):
        hints.see_samples(100 * point, samples, {})
        hints.see_row({"iteration": 100 * point})


def test_what_begins_after_the_first_log_points_is_left_to_the_verdict() -> None:
    said: list[str] = []
    hints = Hints(Samples(TABLE.astype(np.float32)), lambda kind, sentence: said.append(kind))
    for point in range(10):
        feed(hints, RNG.normal(size=(100, 5)), 1, point)
    feed(hints, np.zeros((100, 5)), 20, 10)
    assert said == []
    assert (hints._looks, hints._rows) == ([], [])


def test_a_run_that_is_continued_is_not_at_its_start() -> None:
    said: list[str] = []
    hints = Hints(None, lambda kind, sentence: said.append(kind))
    hints.stop()
    feed(hints, np.ones((100, 5)), 12)
    assert said == []


def test_a_run_too_short_is_looked_at_when_it_ends() -> None:
    said: list[str] = []
    hints = Hints(None, lambda kind, sentence: said.append(kind))
    for step in range(0, 80, 10):
        losses = dict.fromkeys(("d_loss_min", "d_loss_max", "g_loss_min", "g_loss_max"), 0.0)
        hints.see_row({"iteration": step, "d_loss": 0.0, "g_loss": 0.0} | losses)
    hints.conclude()
    assert said == ["losses"]


def test_an_error_in_a_hint_ends_the_hints_and_not_the_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(collector, "equal_samples", fails)
    with gandiag.Monitor(None, real=LINE, every=1) as monitor:
        for step in range(5):
            monitor.log_samples(step, fake=LINE[:50])
        assert len(monitor.series()) == 5


def test_samples_without_real_ones_are_looked_at_too() -> None:
    said: list[str] = []
    feed(Hints(None, lambda kind, sentence: said.append(kind)), np.ones((100, 5)), 5)
    assert said == ["latents"]
