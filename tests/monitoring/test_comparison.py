"""What samples are compared with: evaluators, and no change half-way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import gandiag
from gandiag.monitoring.comparison import make_comparison

from .loops import REAL

RNG = np.random.default_rng(0)


def test_metrics_are_computed_on_the_features_of_an_evaluator(home: Path) -> None:
    class Halves:
        name = "halves-1"

        def features(self, samples: np.ndarray) -> np.ndarray:
            assert samples.shape[1:] == (4, 4)
            return samples.reshape(len(samples), -1)[:, :1]

    with gandiag.Monitor(home, real=RNG.random((80, 4, 4)), evaluator=Halves()) as monitor:
        monitor.log_samples(0, fake=RNG.random((60, 4, 4)))
    results = gandiag.load(home)
    assert "wasserstein" in results.series
    assert results.provenance["notes"]["evaluator"] == "halves-1"


def test_compare_is_refused_after_the_first_log() -> None:
    monitor = gandiag.Monitor(None)
    monitor.log(0, d_loss=1.0)
    with pytest.raises(gandiag.UsageError, match="compare comes before the first log"):
        monitor.compare(real=REAL)


def test_an_evaluator_needs_a_name_and_features() -> None:
    class Nameless:
        def features(self, samples: np.ndarray) -> np.ndarray:
            return samples

    with pytest.raises(gandiag.UsageError, match="an evaluator has a name and features"):
        make_comparison(None, 100, None, Nameless())  # type: ignore[arg-type]
    plain = make_comparison(REAL, 100, None, None)
    assert (plain.every, plain.evaluator) == (100, None)
    assert plain.real is not None
    assert len(plain.real.values) == len(REAL)
