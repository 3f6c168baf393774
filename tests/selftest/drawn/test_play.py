"""Every path of recording measures the samples and judges them live."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.selftest.drawn.cases import POPULATIONS
from gandiag.selftest.drawn.play import Played, Script, by_monitor, by_sweep, of_file, of_formula

POINTS = 30


def script(mean: float) -> Script:
    rng = np.random.default_rng(1)

    def samples(k: int) -> np.ndarray:  # type: ignore[type-arg]
        return 4 + mean + 1.25 * rng.standard_normal((300, 1))

    return Script(POINTS, 10, list(range(1, POINTS + 1)), samples)


def played(path: str, mean: float) -> Played:
    rng, data, run = np.random.default_rng(2), POPULATIONS["normal by formula"], script(mean)
    if path == "formula":
        return by_sweep(rng, run, of_formula(data, run))
    real = data.draw(rng, 1000)
    if path == "monitor":
        return by_monitor(rng, run, real)
    with of_file(real, run) as experiment:
        return by_sweep(rng, run, experiment)


@pytest.mark.parametrize("path", ["formula", "monitor", "file"])
def test_a_path_tells_good_from_bad(path: str) -> None:
    good, bad = played(path, 0.0), played(path, 2.0)
    assert (good.final, bad.final) == ("healthy", "off-target")
    assert len(good.verdicts) == len(good.record) == POINTS
    assert good.verdicts[0][1] == "undecided"
    assert "healthy" not in {name for _, name in bad.verdicts}
