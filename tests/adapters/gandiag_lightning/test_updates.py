"""The updates of D and G, by the steps of Lightning's optimizers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import gandiag

from ..conftest import seen  # noqa: TID252

pytestmark = pytest.mark.framework


@pytest.fixture(scope="module")
def folder(trained: Callable[[str], Path]) -> Path:
    return trained("lightning")


def series(folder: Path, name: str) -> pd.DataFrame:
    return gandiag.load(folder / name).series


def run(folder: Path, name: str) -> Any:
    return gandiag.load(folder / name).runs.iloc[0]


def test_updates_are_the_steps_of_each_optimizer(folder: Path) -> None:
    found = series(folder, "plain")
    assert found["d_updates"].tolist() == [2 * k for k in (1, 10, 20, 30, 40, 50)]
    in_an_epoch = [1 + (k - 1) // 3 for k in range(1, 26)]
    per_step = [0, *in_an_epoch, *(in_an_epoch[-1] + n for n in in_an_epoch)]
    assert found["g_updates"].tolist() == [per_step[k] for k in (1, 10, 20, 30, 40, 50)]


@pytest.mark.parametrize(
    ("d", "g"),
    [
        ("discriminator", "generator"),
        ("D", "G"),
        ("netD", "netG"),
        ("disc", "gen"),
        ("critic_2", "net_g"),
        ("d_net", "g_net"),
    ],
)
def test_the_player_of_an_optimizer_is_recognised_by_the_module(
    d: str, g: str, folder: Path
) -> None:
    assert seen(folder)["players"][f"{d} {g}"] == ["d", "g", None]


@pytest.mark.parametrize(("a", "b"), [("painter", "judge"), ("encoder", "decoder"), ("dg", "gd")])
def test_other_names_of_modules_are_not_recognised(a: str, b: str, folder: Path) -> None:
    assert seen(folder)["players"][f"{a} {b}"] == [None, None, None]
