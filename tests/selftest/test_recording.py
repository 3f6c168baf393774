"""The recorded columns agree with the true state of the run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gandiag.selftest.cases import Case
from gandiag.selftest.healthy import healthy_run
from gandiag.selftest.noise import Noise
from gandiag.selftest.recording import record_run
from gandiag.selftest.simulated_run import SimulatedRun


def a_run(kind: str) -> SimulatedRun:
    return healthy_run(np.random.default_rng(0), kind, Noise(0.5, heavy_tailed=False), 200)  # type: ignore[arg-type]


def test_the_mode_columns_agree_with_the_shares() -> None:
    record, _ = Case("healthy-modes", 0, "calibrating").draw()
    shares, k = record.shares, len(record.expected.modes)
    assert shares is not None
    finite = np.isfinite(shares).all(axis=1)
    assert shares[finite].sum(axis=1) == pytest.approx(np.ones(finite.sum()))
    logs = np.log(np.where(shares > 0, shares * k, 1.0))
    assert record.columns["reverse_kl"][finite] == pytest.approx(
        (shares * logs).sum(axis=1)[finite]
    )
    assert (record.columns["modes"] == (shares > 0).sum(axis=1)).all()
    on = record.columns["high_quality"] * 2500
    assert record.columns["reverse_kl_floor"] == pytest.approx((k - 1) / (2 * on))


def test_mean_and_std_of_a_line_are_the_true_ones_to_within_their_standard_errors() -> None:
    run = a_run("line")
    columns = record_run(np.random.default_rng(1), run).columns
    mean = run.target.centre + run.target.scale * run.offset
    std = run.target.scale * run.ratio
    for name, truth in (("mean", mean), ("std", std)):
        assert (np.abs(columns[name] - truth) < 5 * columns[f"{name}_se"]).all()


@pytest.mark.parametrize("kind", ["line", "modes", "features"])
def test_frozen_and_nan_samples_and_an_early_end_are_recorded(kind: str) -> None:
    run = replace(a_run(kind), frozen_from=50, nan_from=90, ends_at=120, diverged_at=120)
    record = record_run(np.random.default_rng(1), run)
    assert (len(record), record.diverged_at) == (121, run.iteration[120])
    assert record.planned == run.iteration[-1]
    for name in record.columns.keys() - run.players.keys() - {"n_samples"}:
        values = record.columns[name]
        assert len(set(values[50:90].tolist())) == 1
        assert np.isnan(values[90:]).all()
